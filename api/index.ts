/**
 * The oracle for an allocator in this process, whoever wrote it: implement `System`, and `conform` judges it; or feed a
 * `Monitor` with what happens in a system that runs anyway. `docs/in-process.md` and `docs/monitor.md` tell it by example.
 */
export { assertConforms, ConformanceError } from "./assert.ts";
export {
  conform,
  conformProgram,
  replay,
  type CampaignOptions,
  type ConformOptions,
  type ConformProgramOptions,
} from "./conform.ts";
export type { WrittenGeometry, WrittenZone } from "./geometry.ts";
export { Monitor, type MonitorCounts, type MonitorOptions } from "./monitor.ts";

export { AdapterFault, type Fault, type FaultyRun } from "../oracle/conform/adapter-fault.ts";
export type * from "../oracle/conform/conformance.ts";
export { GEOMETRIES, type NamedGeometry } from "../oracle/conform/geometries.ts";
export type { Ready, System } from "../oracle/conform/system.ts";
export { rejectionOf, tellConformance, tellFault } from "../oracle/conform/tell.ts";
export type { ProgramConformance } from "../oracle/process/conform-program.ts";
export type { RuleCoverage } from "../oracle/put-to-the-test.ts";

export { InputError, type Place } from "../model/alphabet/input-error.ts";
export { parseGeometry } from "../model/alphabet/schema.ts";
export type * from "../model/alphabet/action.ts";
export type * from "../model/alphabet/event.ts";
export type * from "../model/alphabet/wire.ts";
export type { Geometry, PageRange, Watermarks, ZoneGeometry } from "../model/alphabet/geometry.ts";
export type { Block, Migratetype, Order, Pages, Pfn } from "../model/alphabet/units.ts";

export type { ContractCounts, KnownOwner, PageKnowledge } from "../properties/judges/contract.ts";
export type { PropertyId, Violation } from "../properties/judges/properties.ts";
export { tellRejection } from "../properties/rejection/index.ts";
export type {
  Change,
  Link,
  PageRun,
  Reach,
  Rejection,
  Repair,
  StepRepair,
  StepRepairs,
  Unit,
  Unknowns,
} from "../properties/rejection/rejection.ts";
