/**
 * A rule of `wire.md`, "The contract": a story that breaks it with its last event, and the nearest story that does not. In a story
 * all events before the last are legal.
 */
import type { Event, Geometry } from "../../../model/alphabet/index.ts";
import type { ContractOptions } from "../../../properties/judges/contract.ts";
import type { PropertyId } from "../../../properties/judges/properties.ts";
import { ack, alloc, isolate, machine, release, submit, zone } from "../events.ts";

export const HOLE = { start: 100, pages: 4 };
/** Two zones side by side, one of another node with a hole, and one that is half a section. */
export const GEOMETRY = machine([
  zone(0, 32),
  zone(32, 16),
  zone(96, 16, { node: 1, holes: [HOLE] }),
  zone(2 ** 40, 8, { node: 1 }),
]);

export interface Story {
  readonly rule: string;
  readonly breaks: PropertyId;
  readonly story: readonly Event[];
  readonly legal: readonly Event[];
  readonly options?: ContractOptions;
  readonly geometry?: Geometry;
}

export const inFlight = [isolate(8, 3), submit(1, [8, 2])];
export const acked = [...inFlight, ack(1), release(8, 2)];
export const home = [release(8, 2), release(12, 2, false)];
export const bothHalves = (pfn: number): Event[] => [isolate(pfn, 3), submit(1, [pfn, 2], [pfn + 4, 2])];
export const closing = [ack(1), ...home];

export const full = [alloc(0, 3), alloc(8, 3), alloc(16, 3), alloc(24, 3)];
export const SMALL = machine([zone(0, 32), zone(32, 8, { node: 1 })]);
export const COMPLETE = machine([zone(0, 8), zone(8, 8, { watermarks: { min: 0, low: 1, high: 1 } })]);
export const claims = { claims: ["completeness"] };
export const UNKNOWN = { start: "unknown" } as const;
