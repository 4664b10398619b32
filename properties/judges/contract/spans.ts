/** Zones side by side, so that every page has a small index: page frame numbers reach 2^53. */
import type { Geometry, Pfn } from "../../../model/alphabet/index.ts";

/** A zone as the pages see it: its bounds, and the index of its first page. */
export interface Span {
  /** The number of the zone in ascending order. */
  readonly slot: number;
  /** The number of the zone in the geometry. */
  readonly zone: number;
  readonly start: Pfn;
  readonly end: Pfn;
  readonly base: number;
}

/** The zones in ascending order. */
export function spansOf(geometry: Geometry): Span[] {
  const ascending = geometry.zones
    .map(({ start, pages }, zone) => ({ zone, start, end: start + pages }))
    .sort((a, b) => a.start - b.start);
  let base = 0;
  return ascending.map((zone, slot) => {
    const span = { ...zone, slot, base };
    base += zone.end - zone.start;
    return span;
  });
}
