/** Watermarks: how far a zone may be emptied, and by whom. Source: `duyck-line.md` A.4. */
import type { Migratetype, Order, Pages, ZoneIndex } from "./alphabet/units.ts";
import { pagesOf } from "./alphabet/units.ts";
import type { Turn } from "./state.ts";

/** Whose free blocks an allocator looks at. */
const ORDINARY: readonly Migratetype[] = ["unmovable", "movable", "reclaimable"];

/** `zone_watermark_ok`: may an allocator that respects `mark` take a block of this order? Strict: equality fails. */
export function allocMayTake(turn: Turn, z: ZoneIndex, order: Order, mark: Pages, migratetype: Migratetype): boolean {
  const zone = turn.zones[z];
  const reserve = migratetype === "highatomic" ? 0 : zone.reservedHighatomic;
  if (zone.free - (pagesOf(order) - 1) - reserve <= mark) {
    return false;
  }
  const types = migratetype === "highatomic" ? [...ORDINARY, migratetype] : ORDINARY;
  const fits = zone.lists.slice(order);
  return order === 0 || fits.some((area) => types.some((type) => area[type].length > 0));
}

/** May the reporter work on the zone? The reserve does not count as free. Strict. */
export function reporterMayWork(turn: Turn, z: ZoneIndex, mark: Pages): boolean {
  const zone = turn.zones[z];
  return zone.free - zone.reservedHighatomic > mark;
}

/** May a worker take a block of this order? The zone must stay above its minimum. Source: `duyck-line.md` A.5. */
export function isolationKeepsReserve(turn: Turn, z: ZoneIndex, order: Order): boolean {
  return reporterMayWork(turn, z, turn.geometry.zones[z].watermarks.min + pagesOf(order));
}
