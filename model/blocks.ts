/**
 * Questions about pages, blocks and pageblocks, and the few ways to change what they say.
 *
 * A page is in one block or in none; a block is somebody's as a whole. Source: `duyck-line.md` A.1.
 */
import { zoneOf } from "./alphabet/geometry.ts";
import { NONE } from "./alphabet/guest.ts";
import { MIGRATETYPES, pagesOf } from "./alphabet/units.ts";
import type { Migratetype, Order, Pages, Pfn, ZoneIndex } from "./alphabet/units.ts";
import type { Block, FreeList, Sight, Turn, Zone } from "./state.ts";

/** The pfn at which the aligned block of this order around a page begins. */
export function alignDown(pfn: Pfn, order: Order): Pfn {
  return pfn - (pfn % pagesOf(order));
}

/** The block that begins at this page, whoever has it. */
export function blockAt(sight: Sight, pfn: Pfn): Block | undefined {
  return sight.zones[zoneOf(sight.geometry, pfn)]?.blocks[pfn];
}

/** The order of a block that is known to begin at this page. */
export function orderOf(sight: Sight, pfn: Pfn): Order {
  const block = blockAt(sight, pfn);
  if (block === undefined) {
    throw new Error(`the model is wrong: no block begins at page ${pfn}`);
  }
  return block.order;
}

/** True where a free block of exactly this order begins. */
export function isFreeBlock(sight: Sight, pfn: Pfn, order: Order): boolean {
  const block = blockAt(sight, pfn);
  return block?.owner === "free" && block.order === order;
}

/** Gives the block that begins at this page to somebody; it is not on any list. */
export function setBlock(turn: Turn, pfn: Pfn, block: Block): void {
  turn.zones[zoneOf(turn.geometry, pfn)].blocks[pfn] = block;
}

/** Nobody has the block any more: whoever calls this puts its pages elsewhere in the same step. */
export function dropBlock(turn: Turn, pfn: Pfn): void {
  delete turn.zones[zoneOf(turn.geometry, pfn)].blocks[pfn];
}

/** Where the block around this page begins, or NONE where the page is absent. */
export function blockAround(sight: Sight, pfn: Pfn): Pfn {
  const blocks = sight.zones[zoneOf(sight.geometry, pfn)]?.blocks ?? {};
  for (let order = 0; order <= sight.geometry.maxOrder; order++) {
    const head = alignDown(pfn, order);
    const block = blocks[head];
    if (block !== undefined) {
      return pfn < head + pagesOf(block.order) ? head : NONE;
    }
  }
  return NONE;
}

/** The blocks that begin in a range, ascending. */
export function blocksIn(sight: Sight, start: Pfn, pages: Pages): Pfn[] {
  const blocks = sight.zones[zoneOf(sight.geometry, start)].blocks;
  const heads: Pfn[] = [];
  for (let pfn = start; pfn < start + pages;) {
    const block = blocks[pfn];
    if (block !== undefined) {
      heads.push(pfn);
    }
    pfn += block === undefined ? 1 : pagesOf(block.order);
  }
  return heads;
}

/** The blocks with a page in a range, ascending: those that begin in it, and one that may reach into it. */
export function blocksOver(sight: Sight, start: Pfn, pages: Pages): Pfn[] {
  const around = blockAround(sight, start);
  const inside = blocksIn(sight, start, pages);
  return around === NONE || around === start ? inside : [around, ...inside];
}

export function freeListOf(sight: Sight, zone: ZoneIndex, order: Order, migratetype: Migratetype): FreeList {
  return sight.zones[zone].lists[order][migratetype];
}

/** nr_free: blocks of this order on the lists of all types. */
export function freeBlocksOf(zone: Zone, order: Order): number {
  const area = zone.lists[order];
  return MIGRATETYPES.reduce((sum, type) => sum + area[type].length, 0);
}

/** The first pages of the pageblocks with a page in a range, ascending. */
export function pageblocksOver(sight: Sight, start: Pfn, pages: Pages): Pfn[] {
  const { pageblockOrder } = sight.geometry;
  const first = alignDown(start, pageblockOrder);
  const count = Math.ceil((start + pages - first) / pagesOf(pageblockOrder));
  return Array.from({ length: count }, (_, index) => first + index * pagesOf(pageblockOrder));
}

/** The type of the pageblock around a page. */
export function pageblockType(sight: Sight, pfn: Pfn): Migratetype {
  const { pageblocks } = sight.zones[zoneOf(sight.geometry, pfn)];
  return pageblocks[alignDown(pfn, sight.geometry.pageblockOrder)];
}

/** Every pageblock with a page in the block gets this type. The lists are the caller's business. */
export function retag(turn: Turn, pfn: Pfn, order: Order, migratetype: Migratetype): void {
  const { pageblocks } = turn.zones[zoneOf(turn.geometry, pfn)];
  for (const pageblock of pageblocksOver(turn, pfn, pagesOf(order))) {
    pageblocks[pageblock] = migratetype;
  }
}

/** Types whose pageblocks may be merged, stolen and retagged. */
export function isMergeable(migratetype: Migratetype): boolean {
  return migratetype === "unmovable" || migratetype === "movable" || migratetype === "reclaimable";
}
