/**
 * Taking a block off the free lists: from its own type, by stealing from another, or from the highatomic reserve.
 *
 * Source: `duyck-line.md` A.3. No NOFRAGMENT, no watermark boost.
 */
import { zonelist } from "./alphabet/geometry.ts";
import { NONE } from "./alphabet/guest.ts";
import { pagesOf } from "./alphabet/units.ts";
import type { Migratetype, Order, Pages, Pfn, ZoneIndex } from "./alphabet/units.ts";
import { expand, freeOne, movePageblock, remove, RETURNED } from "./buddy.ts";
import { alignDown, blockAt, blocksIn, freeListOf, isMergeable, orderOf, pageblockType, retag } from "./blocks.ts";
import type { Turn } from "./state.ts";

/** Which other types a caller may take from, best first. */
const FALLBACKS: Record<Migratetype, readonly Migratetype[]> = {
  unmovable: ["reclaimable", "movable"],
  movable: ["reclaimable", "unmovable"],
  reclaimable: ["unmovable", "movable"],
  highatomic: [],
  cma: [],
  isolate: [],
};

/** `__rmqueue`: a block of this order that nobody has, or NONE. */
export function rmqueueBuddy(turn: Turn, z: ZoneIndex, order: Order, migratetype: Migratetype): Pfn {
  const own = smallest(turn, z, order, migratetype);
  return own === NONE ? fallback(turn, z, order, migratetype) : own;
}

/** `__rmqueue_smallest`: the head of the first list of this type that is not empty; what is too much stays there. */
export function smallest(turn: Turn, z: ZoneIndex, order: Order, migratetype: Migratetype): Pfn {
  for (let found = order; found <= turn.geometry.maxOrder; found++) {
    const pfn = freeListOf(turn, z, found, migratetype).head;
    if (pfn !== NONE) {
      const mark = remove(turn, pfn);
      expand(turn, pfn, order, found, migratetype, mark);
      return pfn;
    }
  }
  return NONE;
}

/**
 * `__rmqueue_fallback`: steals from the largest block of another type. A movable caller that could not have the whole
 * pageblock takes from the smallest instead: movable pages do no harm there.
 */
function fallback(turn: Turn, z: ZoneIndex, order: Order, start: Migratetype): Pfn {
  for (let found = turn.geometry.maxOrder; found >= order; found--) {
    if (suitable(turn, z, found, start) !== undefined) {
      const fromSmallest = start === "movable" && found > order && !canSteal(turn, found, start);
      return steal(turn, z, order, fromSmallest ? smallestSuitable(turn, z, order, start) : found, start);
    }
  }
  return NONE;
}

/** The first type to fall back to that has a block of this order. */
function suitable(turn: Turn, z: ZoneIndex, order: Order, start: Migratetype): Migratetype | undefined {
  return FALLBACKS[start].find((type) => freeListOf(turn, z, order, type).length > 0);
}

function smallestSuitable(turn: Turn, z: ZoneIndex, order: Order, start: Migratetype): Order {
  let found = order;
  while (suitable(turn, z, found, start) === undefined) {
    found++;
  }
  return found;
}

/** May a caller of type `start` who takes from a block of this order have the rest of its pageblock? */
function canSteal(turn: Turn, order: Order, start: Migratetype): boolean {
  return order >= Math.floor(turn.geometry.pageblockOrder / 2) || start === "unmovable" || start === "reclaimable";
}

/** `steal_suitable_fallback`: takes the first block of order `found` to fall back to, with its pageblock if it may. */
function steal(turn: Turn, z: ZoneIndex, order: Order, found: Order, start: Migratetype): Pfn {
  const { pageblockOrder } = turn.geometry;
  const from = suitable(turn, z, found, start);
  if (from === undefined) {
    return NONE;
  }
  const pfn = freeListOf(turn, z, found, from).head;
  if (found >= pageblockOrder) {
    const mark = remove(turn, pfn);
    retag(turn, pfn, found, start);
    expand(turn, pfn, order, found, start, mark);
    return pfn;
  }
  const pageblock = alignDown(pfn, pageblockOrder);
  if (canSteal(turn, found, start) && alikePages(turn, pageblock, from, start) >= pagesOf(pageblockOrder) / 2) {
    movePageblock(turn, pageblock, start);
    return smallest(turn, z, order, start);
  }
  const mark = remove(turn, pfn);
  expand(turn, pfn, order, found, from, mark);
  return pfn;
}

/** Pages of a pageblock that would do well under type `start`: free, or allocated by callers like `start`. */
function alikePages(turn: Turn, pageblock: Pfn, from: Migratetype, start: Migratetype): Pages {
  const size = pagesOf(turn.geometry.pageblockOrder);
  let free = 0;
  let movable = 0;
  for (const pfn of blocksIn(turn, pageblock, size)) {
    const block = blockAt(turn, pfn);
    if (block?.owner === "free") {
      free += pagesOf(block.order);
    } else if (block?.owner === "allocated" && block.migratetype === "movable") {
      movable += pagesOf(block.order);
    }
  }
  if (start === "movable") {
    return free + movable;
  }
  // Coming from a movable pageblock, what is neither free nor movable is taken to be like us.
  return from === "movable" ? size - movable : free;
}

/**
 * The pageblocks of a block that was just taken for a highatomic caller are kept for such callers from now on, unless
 * enough are. Source: `reserve_highatomic_pageblock`.
 */
export function reserve(turn: Turn, z: ZoneIndex, pfn: Pfn, order: Order): void {
  const { pageblockOrder } = turn.geometry;
  const zone = turn.zones[z];
  const most = turn.settings.highatomicPageblocks * pagesOf(pageblockOrder);
  if (zone.reservedHighatomic >= most || !isMergeable(pageblockType(turn, pfn))) {
    return;
  }
  if (order < pageblockOrder) {
    movePageblock(turn, alignDown(pfn, pageblockOrder), "highatomic");
  } else {
    retag(turn, pfn, order, "highatomic");
  }
  zone.reservedHighatomic += pagesOf(Math.max(order, pageblockOrder));
}

/**
 * Gives up the pageblocks around the first free block of the reserve, for a caller who found nothing.
 * A block as large as a pageblock merges on its way out: the one departure from Linux, so that free buddies that may
 * merge never stand apart. Source: `unreserve_highatomic_pageblock`.
 *
 * @returns whether there was something to give up
 */
export function unreserve(turn: Turn, node: number, to: Migratetype): boolean {
  const { maxOrder, pageblockOrder } = turn.geometry;
  for (const z of zonelist(turn.geometry, node)) {
    for (let order = 0; order <= maxOrder; order++) {
      const pfn = freeListOf(turn, z, order, "highatomic").head;
      if (pfn !== NONE) {
        turn.zones[z].reservedHighatomic -= pagesOf(Math.max(order, pageblockOrder));
        release(turn, pfn, to);
        return true;
      }
    }
  }
  return false;
}

function release(turn: Turn, pfn: Pfn, to: Migratetype): void {
  const order = orderOf(turn, pfn);
  if (order < turn.geometry.pageblockOrder) {
    movePageblock(turn, alignDown(pfn, turn.geometry.pageblockOrder), to);
  } else {
    remove(turn, pfn);
    retag(turn, pfn, order, to);
    freeOne(turn, pfn, order, to, RETURNED);
  }
}
