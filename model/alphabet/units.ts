/**
 * The words of the page allocator, with their units.
 *
 * Source: `duyck-line.md` A.1; the names are Linux's.
 */

/** A page frame number: the physical address divided by the page size. 0 to 2^53 - 1. */
export type Pfn = number;

/** A block of order k is 2^k pages, aligned to its own size. 0 to 63 on the wire, at most 20 in a geometry. */
export type Order = number;

/** A count of pages. */
export type Pages = number;

/** The place of a zone in `Geometry.zones`, from 0. */
export type ZoneIndex = number;

/** Why pages are grouped: what they hold can, or cannot, be moved elsewhere. */
export type Migratetype = "unmovable" | "movable" | "reclaimable" | "highatomic" | "cma" | "isolate";

/** All migratetypes in the order of Linux's enum, which is the order in which a reporter walks the lists. */
export const MIGRATETYPES: readonly Migratetype[] = [
  "unmovable",
  "movable",
  "reclaimable",
  "highatomic",
  "cma",
  "isolate",
];

/** Who has a page. A `cached` page is free, but on a per-CPU list, out of the sight of the buddy allocator. */
export type Owner = "absent" | "free" | "held" | "cached" | "allocated";

/** A block: `2^order` pages from `pfn`. */
export interface Block {
  readonly pfn: Pfn;
  readonly order: Order;
}

/** By order: everyone asks for it all the time, and a power takes as long as ten of these. */
const PAGES: readonly Pages[] = Array.from({ length: 64 }, (_, order) => 2 ** order);

/** The number of pages in a block of this order, 0 to 63. */
export function pagesOf(order: Order): Pages {
  return PAGES[order] ?? 2 ** order;
}
