/** `slip`: from its tail to the boundary every block of a list is reported. Seed 001, `duyck-line.md` D.5 I1, I2. */
import {
  MIGRATETYPES,
  ORDER_SHIFT,
  REPORTED_BIT,
  pagesOf,
  type Geometry,
  type Layout,
  type Words,
  type ZoneIndex,
} from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import { broken, range } from "./explain.ts";
import { listText } from "./lists.ts";

/** @param boundaries of this zone, by list number: the first page behind it, or -1 where there is none */
export function slipped(
  { reportOrder, maxOrder }: Geometry,
  layout: Layout,
  words: Words,
  zone: ZoneIndex,
  boundaries: Float64Array,
): Violation | undefined {
  for (let order = reportOrder; order <= maxOrder; order++) {
    for (let type = 0; type < MIGRATETYPES.length; type++) {
      const list = (order << ORDER_SHIFT) | type;
      const violation = boundaries[list] < 0 ? undefined : behind(layout, words, zone, list, boundaries[list]);
      if (violation !== undefined) return violation;
    }
  }
  return undefined;
}

function behind(
  layout: Layout,
  { tags, previous }: Words,
  zone: ZoneIndex,
  list: number,
  boundary: number,
): Violation | undefined {
  const order = list >> ORDER_SHIFT;
  // A broken ring may never come back to its head: no list is longer than all pages.
  let node = previous[layout.listsOf(zone) + list];
  for (let steps = 0; steps < layout.pages && node < layout.pages; steps++) {
    if ((tags[node] & REPORTED_BIT) === 0) {
      const pfn = layout.pfnOf(node);
      const where = listText(zone, list);
      return broken(
        "slip",
        `block ${range(pfn, order)} stands behind the boundary of ${where} and is not reported: no pass will find it there`,
        pfn,
        pagesOf(order),
      );
    }
    if (node === boundary) return undefined;
    node = previous[node];
  }
  const pfn = layout.pfnOf(boundary);
  return broken("slip", `the boundary of ${listText(zone, list)} points at ${pfn}, which is not on that list`, pfn, 1);
}
