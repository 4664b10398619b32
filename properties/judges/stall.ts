/**
 * `stall`: nobody is kept waiting by the reporter while what he asks for is free. Judged where the slow path waits: there
 * a caller is put to sleep only because held memory will come back, or because the reporter's lock keeps him away.
 */
import {
  NONE,
  pagesOf,
  type AllocWaitsEvent,
  type Event,
  type Migratetype,
  type Pfn,
  type View,
  type ZoneIndex,
} from "../../model/alphabet/index.ts";
import { broken, range } from "./invariants/explain.ts";
import type { Violation } from "./properties.ts";

/** Every caller may have blocks of these types. */
const ORDINARY: readonly Migratetype[] = ["unmovable", "movable", "reclaimable"];

/** The violation where a step has put a caller to sleep who could have had his block. */
export function stalledCaller(view: View, events: readonly Event[]): Violation | undefined {
  if (view.settings.slowPath !== "waits") return undefined;
  for (const event of events) {
    const violation = event.event === "alloc-waits" ? needlessly(view, event) : undefined;
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function needlessly(view: View, { order, ticket }: AllocWaitsEvent): Violation | undefined {
  for (let zone = 0; zone < view.geometry.zones.length; zone++) {
    const free = freeBlock(view, zone, order);
    if (free === undefined) continue;
    return broken(
      "stall",
      `the caller of order ${order} is put to sleep with ticket ${ticket}, although block ${range(free.pfn, free.order)} is free and zone ${zone} is above its minimum: what he asks for is there, and the reporter keeps him from it`,
      free.pfn,
      pagesOf(free.order),
    );
  }
  return undefined;
}

/** The first block of a zone that the caller could have been given, with the zone above its minimum. Strict, as A.4. */
function freeBlock(view: View, zone: ZoneIndex, order: number): { pfn: Pfn; order: number } | undefined {
  const usable = view.freePages(zone) - view.reservedHighatomic(zone) - (pagesOf(order) - 1);
  if (usable <= view.geometry.zones[zone].watermarks.min) return undefined;
  for (let larger = order; larger <= view.geometry.maxOrder; larger++) {
    for (const type of ORDINARY) {
      const pfn = view.firstFree(zone, larger, type);
      if (pfn !== NONE) return { pfn, order: larger };
    }
  }
  return undefined;
}
