/** Short ways to write geometries and events in tests. */
import type { Event, FailureReason, Geometry, ZoneGeometry } from "../../model/alphabet/index.ts";
import { Contract, type ContractOptions } from "../../properties/judges/contract.ts";
import type { PropertyId, Violation } from "../../properties/judges/properties.ts";

export function zone(start: number, pages: number, more: Partial<ZoneGeometry> = {}): ZoneGeometry {
  return {
    name: `zone at ${start}`,
    node: 0,
    start,
    pages,
    holes: [],
    watermarks: { min: 0, low: 0, high: 0 },
    ...more,
  };
}

/** Blocks of up to 8 pages, of which those of 4 and 8 are reported, two at a time; sections of 16 pages. */
export function machine(zones: readonly ZoneGeometry[], more: Partial<Geometry> = {}): Geometry {
  return {
    pageSize: 4096,
    maxOrder: 3,
    pageblockOrder: 2,
    reportOrder: 2,
    capacity: 2,
    sectionPages: 16,
    zones,
    ...more,
  };
}

export const alloc = (pfn: number, order: number, ticket?: number): Event =>
  ticket === undefined ? { event: "alloc", pfn, order } : { event: "alloc", pfn, order, ticket };
export const free = (pfn: number, order: number): Event => ({ event: "free", pfn, order });
export const write = (pfn: number, order: number): Event => ({ event: "write", pfn, order });
export const isolate = (pfn: number, order: number): Event => ({ event: "isolate", pfn, order });
export const release = (pfn: number, order: number, reported = true): Event => ({
  event: "release",
  pfn,
  order,
  reported,
});
export const ack = (request: number, ok = true): Event => ({ event: "ack", request, ok });
export const discard = (request: number, pfn: number, order: number): Event => ({
  event: "discard",
  request,
  pfn,
  order,
});
export const offline = (start: number, pages: number): Event => ({ event: "offline", start, pages });
export const online = (start: number, pages: number): Event => ({ event: "online", start, pages });
export const waits = (order: number, ticket: number): Event => ({ event: "alloc-waits", order, ticket });
export const plain = (event: "idle" | "unregistered" | "registered"): Event => ({ event });
export const submit = (request: number, ...ranges: readonly (readonly [pfn: number, order: number])[]): Event => ({
  event: "submit",
  request,
  ranges: ranges.map(([pfn, order]) => ({ pfn, order })),
});
export const failed = (
  order: number,
  more: { node?: number; reason?: FailureReason; ticket?: number } = {},
): Event => ({
  event: "alloc-failed",
  order,
  ...more,
});

/** A block taken, handed to the host, acked and put back. */
export const reportBlock = (pfn: number, order: number, ok = true): Event[] => [
  isolate(pfn, order),
  submit(99, [pfn, order]),
  ack(99, ok),
  release(pfn, order, ok),
];

export interface Judged {
  readonly property: PropertyId | undefined;
  /** The number of the event that broke it, from 0; as many as there are events: the end. */
  readonly at?: number;
  readonly violation?: Violation;
}

/** Judges a list of events and their end. */
export function judge(contract: Contract, events: readonly Event[]): Judged {
  for (const [at, event] of events.entries()) {
    const violation = contract.event(event);
    if (violation !== undefined) return { property: violation.property, at, violation };
  }
  const violation = contract.end();
  return violation === undefined
    ? { property: undefined }
    : { property: violation.property, at: events.length, violation };
}

export function judgeAll(geometry: Geometry, events: readonly Event[], options: ContractOptions = {}): Judged {
  return judge(new Contract(geometry, options), events);
}
