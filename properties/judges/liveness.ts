/**
 * Liveness, by healing: after any prefix let the users rest and the host answer; then the worker must fall idle and
 * what the design promises must have happened (DESIGN.md, "What must hold").
 */
import {
  MIGRATETYPES,
  NONE,
  pagesOf,
  zoneOf,
  type Event,
  type Geometry,
  type Order,
  type Pfn,
  type View,
  type ZoneIndex,
} from "../../model/alphabet/index.ts";
import { range } from "./invariants.ts";
import type { Violation } from "./properties.ts";

/**
 * Steps within which a healed guest must be at rest. A pass takes a few steps a batch and a list, a budget makes at
 * most one more pass a block; four times that product is far beyond what any correct worker needs.
 */
export function restBound(geometry: Geometry): number {
  const pages = geometry.zones.reduce((sum, zone) => sum + zone.pages, 0);
  const lists = geometry.zones.length * (geometry.maxOrder + 1) * MIGRATETYPES.length;
  return 4 * (pages + lists) * (2 + Math.ceil(pages / pagesOf(geometry.reportOrder) / geometry.capacity));
}

/**
 * `wakeup`: after a free that leaves a block of the report order or more, the reporter is not at rest: a pass runs or
 * is scheduled. A boundary design asks for a pass only when enough unreported blocks stand on the lists (D.3).
 */
export function sleptThrough(view: View, events: readonly Event[]): Violation | undefined {
  for (const event of events) {
    if (event.event !== "free" || !view.registered()) continue;
    const head = freeBlockAround(view, event.pfn);
    if (head === NONE) continue;
    const order = view.orderAt(head);
    if (order < view.reportOrder() || !view.resting() || !isDue(view, zoneOf(view.geometry, head), order)) continue;
    return {
      property: "wakeup",
      pages: { start: head, pages: pagesOf(order) },
      explanation: `the free of ${range(event.pfn, event.order)} left block ${range(head, order)}, which may be reported, but the reporter rests: no pass runs and none is scheduled`,
    };
  }
  return undefined;
}

function isDue(view: View, zone: ZoneIndex, order: Order): boolean {
  if (view.reportedBlocks === undefined) return true;
  return view.freeBlocks(zone, order) >= view.reportedBlocks(zone, order) + view.settings.highWater;
}

function freeBlockAround(view: View, pfn: Pfn): Pfn {
  for (let order = 0; order <= view.geometry.maxOrder; order++) {
    const head = pfn - (pfn % pagesOf(order));
    if (view.orderAt(head) >= order) return view.owner(head) === "free" ? head : NONE;
  }
  return NONE;
}

/**
 * `progress`: what a full pass over a quiet guest must leave reported. Excused is what the watermark may have refused
 * while a batch was held (L4 of `duyck-line.md` E.5), and pageblocks that are isolated.
 */
export function leftBehind(view: View): Violation | undefined {
  const { geometry } = view;
  for (let zone = 0; zone < geometry.zones.length; zone++) {
    const { min, low } = geometry.zones[zone].watermarks;
    const usable = view.freePages(zone) - view.reservedHighatomic(zone);
    if (usable <= low + geometry.capacity * pagesOf(view.reportOrder())) continue;
    for (let order = view.reportOrder(); order <= geometry.maxOrder; order++) {
      const heldAtMost = geometry.capacity * pagesOf(geometry.maxOrder);
      if (usable - heldAtMost <= min + pagesOf(order)) continue;
      for (const type of MIGRATETYPES) {
        if (type === "isolate") continue;
        for (let at = view.firstFree(zone, order, type); at !== NONE; at = view.nextFree(at)) {
          if (view.reported(at)) continue;
          return {
            property: "progress",
            pages: { start: at, pages: pagesOf(order) },
            explanation: `a device was registered and every pass ran to its end in a quiet guest, but free block ${range(at, order)} was never reported`,
          };
        }
      }
    }
  }
  return undefined;
}
