/**
 * The oracle for an allocator in this process, whoever wrote it: implement `System`, and `conform` judges it; or feed a
 * `Monitor` with what happens in a system that runs anyway. `docs/in-process.md` tells it by example.
 */
export { assertConforms, ConformanceError } from "./assert.ts";
export {
  conform,
  conformProgram,
  type CampaignOptions,
  type ConformOptions,
  type ConformProgramOptions,
} from "./conform.ts";
export type { WrittenGeometry, WrittenZone } from "./geometry.ts";
export { Monitor, type MonitorCounts, type MonitorOptions } from "./monitor.ts";

export { AdapterFault, type Fault, type FaultyRun } from "../oracle/conform/adapter-fault.ts";
export type {
  Conformance,
  Coverage,
  Found,
  Heard,
  Replayed,
  RuleCoverage,
  Story,
} from "../oracle/conform/conformance.ts";
export { replay } from "../oracle/conform/conform.ts";
export { GEOMETRIES, type NamedGeometry } from "../oracle/conform/geometries.ts";
export type { Ready, System } from "../oracle/conform/system.ts";
export type { ProgramConformance } from "../oracle/process/conform-program.ts";
export { rejectionOf, tellConformance, tellFault } from "../oracle/conform/tell.ts";

export { InputError, REQUIRED_ACTIONS, WIRE_ACTIONS, type Place } from "../model/alphabet/index.ts";
export type * from "../model/alphabet/event.ts";
export type * from "../model/alphabet/wire.ts";
export type { Geometry, PageRange, Watermarks, ZoneGeometry } from "../model/alphabet/geometry.ts";
export type { Block, Migratetype, Order, Pages, Pfn } from "../model/alphabet/units.ts";
export type {
  AckAction,
  AllocAction,
  BalloonAction,
  FreeAction,
  HintAction,
  OfflineAction,
  OnlineAction,
  PressureAction,
  Step,
  WorkAction,
} from "../model/alphabet/action.ts";
export { parseEvent, parseGeometry } from "../model/alphabet/schema.ts";

export type { KnownOwner } from "../properties/judges/contract.ts";
export { PROPERTIES, type Property, type PropertyId, type Violation } from "../properties/judges/properties.ts";
export {
  tellRejection,
  type Change,
  type Link,
  type PageRun,
  type Reach,
  type Rejection,
  type Repair,
  type Unknowns,
} from "../properties/rejection/index.ts";
