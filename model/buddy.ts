/**
 * The buddy allocator: blocks on free lists, split and merged. Everything here happens under the zone lock.
 *
 * Source: `duyck-line.md` A.2 (free), A.3 (expand), A.5 (isolate and put back), with the list hygiene of Linux 6.12.
 */
import { zoneOf } from "./alphabet/geometry.ts";
import { NONE } from "./alphabet/guest.ts";
import type { Migratetype, Order, Pages, Pfn } from "./alphabet/units.ts";
import { pagesOf } from "./alphabet/units.ts";
import {
  alignDown,
  blockAt,
  blocksIn,
  dropBlock,
  freeListOf,
  isFreeBlock,
  isMergeable,
  orderOf,
  pageblocksOver,
  pageblockType,
  retag,
  setBlock,
} from "./blocks.ts";
import { Block } from "./state.ts";
import type { Turn } from "./state.ts";
import { isolationKeepsReserve } from "./watermark.ts";

/** How a block comes back. */
export interface FreeHow {
  /** At the tail of its list, wherever the head rule would put it. */
  readonly toTail: boolean;
  /** Whether the reporter is told. */
  readonly notify: boolean;
}
/** How a user's block comes back. */
export const FREED: FreeHow = { toTail: false, notify: true };
/** How a block comes back that was never anybody's. */
export const RETURNED: FreeHow = { toTail: true, notify: false };

/** A free block leaves its list and, with it, its mark. The caller says at once whose it is now. */
export function remove(turn: Turn, pfn: Pfn): void {
  const { list, order, reported } = freeBlockAt(turn, pfn);
  const z = zoneOf(turn.geometry, pfn);
  if (reported) {
    turn.design.removing?.(turn, turn.state.reporter, z, pfn, order, list);
  }
  const zone = turn.zones[z];
  zone.lists[order][list] = freeListOf(turn, z, order, list).without(pfn);
  zone.free -= countedPages(order, list);
  dropBlock(turn, pfn);
}

/** A block that nobody has goes on a list, without a mark. */
export function insert(turn: Turn, pfn: Pfn, order: Order, list: Migratetype, end: "head" | "tail"): void {
  const z = zoneOf(turn.geometry, pfn);
  const zone = turn.zones[z];
  const before = freeListOf(turn, z, order, list);
  if (end === "head") {
    zone.lists[order][list] = before.withHead(pfn);
  } else {
    const next = turn.design.tail?.(turn.state.reporter, z, order, list) ?? NONE;
    zone.lists[order][list] = before.withBefore(pfn, next);
  }
  zone.free += countedPages(order, list);
  setBlock(turn, pfn, new Block("free", order, list));
}

/** A free block changes its list and keeps its mark. */
export function move(turn: Turn, pfn: Pfn, to: Migratetype): void {
  const { list: from, order, reported } = freeBlockAt(turn, pfn);
  const z = zoneOf(turn.geometry, pfn);
  if (reported) {
    turn.design.moving?.(turn, turn.state.reporter, z, pfn, order, from);
  }
  const zone = turn.zones[z];
  zone.lists[order][from] = freeListOf(turn, z, order, from).without(pfn);
  const target = freeListOf(turn, z, order, to);
  zone.lists[order][to] = turn.design.movesTo === "head" ? target.withHead(pfn) : target.withBefore(pfn, NONE);
  zone.free += countedPages(order, to) - countedPages(order, from);
  setBlock(turn, pfn, new Block("free", order, to, reported));
}

/** The block of order `high` at `pfn` was taken, order `low` is wanted: its upper halves go to the heads of `list`. */
export function expand(turn: Turn, pfn: Pfn, low: Order, high: Order, list: Migratetype): void {
  for (let order = high - 1; order >= low; order--) {
    insert(turn, pfn + pagesOf(order), order, list, "head");
  }
}

/** A block that nobody has is merged with its free buddies as far as that goes, and the result goes on a list. */
export function freeOne(turn: Turn, pfn: Pfn, order: Order, list: Migratetype, how: FreeHow): void {
  let head = pfn;
  let merged = order;
  while (merged < turn.geometry.maxOrder && mayMerge(turn, buddyOf(head, merged), merged, list)) {
    const buddy = buddyOf(head, merged);
    remove(turn, buddy);
    if (pageblockType(turn, buddy) !== list) {
      retag(turn, buddy, merged, list);
    }
    head = alignDown(head, merged + 1);
    merged++;
  }
  const end = how.toTail || isMergeLikely(turn, head, merged) ? "tail" : "head";
  insert(turn, head, merged, list, end);
  if (how.notify) {
    turn.design.notify?.(turn, turn.state.reporter, zoneOf(turn.geometry, head), merged);
  }
}

/** A block that nobody has comes back: one larger than a pageblock in parts, each as its own pageblock says. */
export function freeBlock(turn: Turn, pfn: Pfn, order: Order, how: FreeHow): void {
  const part = Math.min(order, turn.geometry.pageblockOrder);
  for (let at = pfn; at < pfn + pagesOf(order); at += pagesOf(part)) {
    freeOne(turn, at, part, pageblockType(turn, at), how);
  }
}

/**
 * Takes a free block for a worker, unless the zone would fall to its minimum.
 * From order pageblockOrder - 1 on, the pageblocks become movable: whoever holds most of one, owns it.
 *
 * @returns whether it was taken; the caller says at once whose it is now
 */
export function isolateFree(turn: Turn, pfn: Pfn): boolean {
  const { order } = freeBlockAt(turn, pfn);
  if (pageblockType(turn, pfn) !== "isolate" && !isolationKeepsReserve(turn, zoneOf(turn.geometry, pfn), order)) {
    return false;
  }
  remove(turn, pfn);
  if (order >= turn.geometry.pageblockOrder - 1) {
    for (const pageblock of pageblocksOver(turn, pfn, pagesOf(order))) {
      const type = pageblockType(turn, pageblock);
      if (isMergeable(type) && type !== "movable") {
        movePageblock(turn, pageblock, "movable");
      }
    }
  }
  return true;
}

/**
 * A held block comes back, quietly and to the tail.
 *
 * @returns whether it stands on a list as it was, not merged and not split
 */
export function putback(turn: Turn, pfn: Pfn): boolean {
  const order = orderOf(turn, pfn);
  dropBlock(turn, pfn);
  const types = pageblocksOver(turn, pfn, pagesOf(order)).map((pageblock) => pageblockType(turn, pageblock));
  const differ = types.some((type) => type !== types[0]);
  if (differ && turn.settings.putback === "split") {
    freeBlock(turn, pfn, order, RETURNED);
    return false;
  }
  freeOne(turn, pfn, order, types[0], RETURNED);
  return isFreeBlock(turn, pfn, order);
}

/** A pageblock changes its type, and the free blocks that begin in it change their lists, ascending. */
export function movePageblock(turn: Turn, pageblock: Pfn, to: Migratetype): void {
  const { pageblockOrder } = turn.geometry;
  for (const pfn of blocksIn(turn, pageblock, pagesOf(pageblockOrder))) {
    if (blockAt(turn, pfn)?.owner === "free") {
      move(turn, pfn, to);
    }
  }
  retag(turn, pageblock, pageblockOrder, to);
}

/** Pages on a list of type isolate are not counted as free. */
function countedPages(order: Order, list: Migratetype): Pages {
  return list === "isolate" ? 0 : pagesOf(order);
}

/** The free block that begins at this page. */
function freeBlockAt(turn: Turn, pfn: Pfn): { order: Order; list: Migratetype; reported: boolean } {
  const block = blockAt(turn, pfn);
  if (block?.owner !== "free" || block.migratetype === undefined) {
    throw new Error(`the model is wrong: no free block begins at page ${pfn}`);
  }
  return { order: block.order, list: block.migratetype, reported: block.reported };
}

/** The other half of the block of the next order. */
function buddyOf(pfn: Pfn, order: Order): Pfn {
  const parent = alignDown(pfn, order + 1);
  return pfn === parent ? pfn + pagesOf(order) : parent;
}

/** At and above pageblockOrder, two halves of different types merge only where both types are mergeable. */
function mayMerge(turn: Turn, buddy: Pfn, order: Order, list: Migratetype): boolean {
  if (!isFreeBlock(turn, buddy, order)) {
    return false;
  }
  const type = pageblockType(turn, buddy);
  return order < turn.geometry.pageblockOrder || type === list || (isMergeable(type) && isMergeable(list));
}

/** `buddy_merge_likely`: were this block's buddy free, the two would merge at once with a free block. */
function isMergeLikely(turn: Turn, pfn: Pfn, order: Order): boolean {
  if (order >= turn.geometry.maxOrder - 1) {
    return false;
  }
  return isFreeBlock(turn, buddyOf(alignDown(pfn, order + 1), order + 1), order + 1);
}
