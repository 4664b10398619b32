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
import type { FreedBlock } from "./reporter.ts";
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

/**
 * A free block leaves its list and, with it, its mark. The caller says at once whose it is now.
 *
 * @returns whether it had the mark
 */
export function remove(turn: Turn, pfn: Pfn): boolean {
  const { list, order, reported } = freeBlockAt(turn, pfn);
  const z = zoneOf(turn.geometry, pfn);
  if (reported) {
    turn.design.removing?.(turn, turn.state.reporter, z, pfn, order, list);
  }
  const zone = turn.zones[z];
  zone.lists[order][list] = freeListOf(turn, z, order, list).without(pfn);
  zone.free -= countedPages(order, list);
  dropBlock(turn, pfn);
  return reported;
}

/** An end of a free list. */
type End = "head" | "tail";

/** A block that nobody has goes on a list. Where the tail is for one without the mark, the design may say. */
export function insert(turn: Turn, pfn: Pfn, order: Order, list: Migratetype, end: End, mark = false): void {
  const z = zoneOf(turn.geometry, pfn);
  const tail = mark ? undefined : turn.design.tail?.(turn.state.reporter, z, order, list);
  const next = end === "head" ? freeListOf(turn, z, order, list).head : (tail ?? NONE);
  link(turn, pfn, order, list, next, mark);
}

/** A block that comes back as reported goes on a list: where, the design may say, and it is told. */
function insertMarked(turn: Turn, pfn: Pfn, order: Order, list: Migratetype, end: End): void {
  const { design, state } = turn;
  const z = zoneOf(turn.geometry, pfn);
  if (design.place === undefined) {
    insert(turn, pfn, order, list, end, true);
  } else {
    link(turn, pfn, order, list, design.place(turn, state.reporter, z, pfn, order, list), true);
  }
  design.placed?.(turn, state.reporter, z, pfn, order, list);
}

/** A block that nobody has is linked in front of that one, or, where that is NONE, at the tail. */
function link(turn: Turn, pfn: Pfn, order: Order, list: Migratetype, next: Pfn, mark: boolean): void {
  const z = zoneOf(turn.geometry, pfn);
  const zone = turn.zones[z];
  zone.lists[order][list] = freeListOf(turn, z, order, list).withBefore(pfn, next);
  zone.free += countedPages(order, list);
  setBlock(turn, pfn, new Block("free", order, list, mark));
}

/** A free block changes its list; whether it keeps its mark, the design says. */
export function move(turn: Turn, pfn: Pfn, to: Migratetype): void {
  const { design, state } = turn;
  const { list: from, order, reported } = freeBlockAt(turn, pfn);
  const z = zoneOf(turn.geometry, pfn);
  if (reported && design.movesKeepMark) {
    design.moving?.(turn, state.reporter, z, pfn, order, from);
  } else if (reported) {
    design.removing?.(turn, state.reporter, z, pfn, order, from);
  }
  const zone = turn.zones[z];
  zone.lists[order][from] = freeListOf(turn, z, order, from).without(pfn);
  const target = freeListOf(turn, z, order, to);
  zone.lists[order][to] = target.withBefore(pfn, design.movesTo === "head" ? target.head : NONE);
  zone.free += countedPages(order, to) - countedPages(order, from);
  setBlock(turn, pfn, new Block("free", order, to, reported && design.movesKeepMark));
}

/**
 * The block of order `high` at `pfn` was taken, order `low` is wanted: its upper halves go to the heads of `list`.
 *
 * @param mark whether the block had the mark: its parts that are large enough inherit one that is about pages
 */
export function expand(turn: Turn, pfn: Pfn, low: Order, high: Order, list: Migratetype, mark: boolean): void {
  const { reportOrder } = turn.state.reporter;
  for (let order = high - 1; order >= low; order--) {
    const inherits = mark && turn.design.marks === "all its pages" && order >= reportOrder;
    insert(turn, pfn + pagesOf(order), order, list, "head", inherits);
  }
}

/**
 * A block that nobody has is merged with its free buddies as far as that goes, and the result goes on a list.
 *
 * @param mark whether the block comes back as reported; with a merge, only a mark that is about pages survives
 */
export function freeOne(turn: Turn, pfn: Pfn, order: Order, list: Migratetype, how: FreeHow, mark = false): void {
  let head = pfn;
  let merged = order;
  let marked = mark;
  for (;;) {
    const buddyMarked = blockAt(turn, buddyOf(head, merged))?.reported === true;
    const parent = mergeOnce(turn, head, merged, list);
    if (parent === undefined) {
      break;
    }
    head = parent;
    merged++;
    marked = marked && buddyMarked && turn.design.marks === "all its pages";
  }
  enlist(turn, head, merged, list, how, marked);
}

/**
 * One turn of the merge loop: the free buddy of a block that nobody has leaves its list, if the two may merge. Whole
 * pageblocks become of type `list`.
 *
 * @returns where the merged block of the next order begins, or undefined: nothing was merged
 */
export function mergeOnce(turn: Turn, pfn: Pfn, order: Order, list: Migratetype): Pfn | undefined {
  const buddy = buddyOf(pfn, order);
  if (order >= turn.geometry.maxOrder || !mayMerge(turn, buddy, order, list)) {
    return undefined;
  }
  remove(turn, buddy);
  if (order >= turn.geometry.pageblockOrder && pageblockType(turn, buddy) !== list) {
    retag(turn, buddy, order, list);
  }
  return alignDown(pfn, order + 1);
}

/** The end of a free: a block that is merged as far as it goes is inserted by the head rule, and the design is told. */
export function enlist(turn: Turn, pfn: Pfn, order: Order, list: Migratetype, how: FreeHow, mark = false): void {
  const end = how.toTail || isMergeLikely(turn, pfn, order) ? "tail" : "head";
  if (mark) {
    insertMarked(turn, pfn, order, list, end);
  } else {
    insert(turn, pfn, order, list, end);
  }
  if (how.notify && !mark) {
    turn.design.notify?.(turn, turn.state.reporter, zoneOf(turn.geometry, pfn), order, pfn);
  }
}

/** A block that nobody has comes back: one larger than a pageblock in parts, each as its own pageblock says. */
export function freeBlock(turn: Turn, pfn: Pfn, order: Order, how: FreeHow, mark = false): void {
  const part = Math.min(order, turn.geometry.pageblockOrder);
  for (let at = pfn; at < pfn + pagesOf(order); at += pagesOf(part)) {
    freeOne(turn, at, part, pageblockType(turn, at), how, mark);
  }
}

/** Blocks that nobody has come back as users' blocks do, one after the other, unless the design sees to it. */
export function freeAll(turn: Turn, blocks: readonly FreedBlock[]): void {
  const { design, state } = turn;
  if (blocks.length > 0 && design.freeing?.(turn, state.reporter, blocks)) {
    return;
  }
  for (const { pfn, order } of blocks) {
    freeBlock(turn, pfn, order, FREED);
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
 * A held block comes back, usually quietly and to the tail.
 *
 * @param mark whether it comes back as reported; if it is split, so does each part
 * @returns whether it stands on a list as it was, not merged and not split
 */
export function putback(turn: Turn, pfn: Pfn, mark = false, how = RETURNED): boolean {
  const order = orderOf(turn, pfn);
  dropBlock(turn, pfn);
  const types = pageblocksOver(turn, pfn, pagesOf(order)).map((pageblock) => pageblockType(turn, pageblock));
  const differ = types.some((type) => type !== types[0]);
  if (differ && turn.settings.putback === "split") {
    freeBlock(turn, pfn, order, how, mark);
    return false;
  }
  freeOne(turn, pfn, order, types[0], how, mark);
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
export function buddyOf(pfn: Pfn, order: Order): Pfn {
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
