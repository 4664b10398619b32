/**
 * The two loops in which an allocator spends its time: splitting a block, and merging one.
 *
 * They do what `Buddy.remove` and `Buddy.insert` do, for plain blocks: unmarked, of one migratetype, not at a tail that may be guarded.
 * Where anything else comes up they stop and say so, and Buddy goes on with its own methods, each of which is one decision.
 * So a reporting design costs plain blocks one test of a bit that is loaded anyway.
 *
 * They are closures over the arrays, not methods: the compiler then knows the arrays as constants, and neither loads nor checks
 * them in each turn (`perf.md`, Design advice 4). `| 0` keeps loop variables machine integers; the constants of state.ts are
 * copied because an imported binding is read anew at each use.
 */
import type { Order, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import {
  FREE,
  ISOLATE,
  LIST_BITS,
  ORDERS_SHIFT,
  ORDER_SHIFT,
  OWNER_ORDER_BITS,
  REPORTED,
  TYPES_SHIFT,
} from "./state.ts";

/** What `takeSmallest` says where the block is marked: nothing has been changed. */
export const MARKED = -2;

export interface HotPaths {
  /**
   * Takes the head of the smallest sufficient list of a type; its upper halves go to the heads of their lists.
   *
   * @returns the block, with no owner; NONE where there is none; MARKED where it is marked
   */
  takeSmallest(zone: ZoneIndex, order: Order, type: number): number;
  /**
   * Merges a block with its free buddies as long as they are plain, and puts the result on a list.
   *
   * @returns the order k of the result; or ~k where the plain rules end: it is on no list yet. Either way its first page
   * is that of the block with the lowest k bits cleared
   */
  mergeAndInsert(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean): number;
}

/** @param listensFrom the smallest order whose tails may be guarded */
export function createHotPaths(shape: Shape, state: State, listensFrom: Order): HotPaths {
  const { next, prev, tag, types, nrFree, available, free, heads, listsPerZone } = state;
  const { maxOrder, pageblockOrder } = shape;
  const freeHead = FREE;
  const ownerAndOrder = OWNER_ORDER_BITS;
  const marked = REPORTED;
  const listBits = LIST_BITS;
  const isolate = ISOLATE;
  const orderShift = ORDER_SHIFT;
  const ordersShift = ORDERS_SHIFT;
  const typesShift = TYPES_SHIFT;
  const oneOrder = 1 << ORDER_SHIFT;
  const none = NONE;
  const isMarked = MARKED;

  function takeSmallest(zone: ZoneIndex, order: Order, type: number): number {
    const lists = (zone << typesShift) | type;
    const nonEmpty = available[lists];
    const sufficient = nonEmpty & (-1 << order);
    if (sufficient === 0) return none;
    const found = (31 - Math.clz32(sufficient & -sufficient)) | 0;
    const counters = zone << ordersShift;
    let list = (found << orderShift) | type;
    let head = (heads + zone * listsPerZone + list) | 0;
    const block = next[head];
    if ((tag[block] & marked) !== 0) return isMarked;
    const below = next[block];
    next[head] = below;
    prev[below] = head;
    tag[block] = 0;
    nrFree[counters | found]--;
    const left = below === head ? nonEmpty & ~(1 << found) : nonEmpty;
    // The lists of the halves are empty: else a smaller block would have been found.
    for (let k = (found - 1) | 0; k >= order; k = (k - 1) | 0) {
      list = (list - oneOrder) | 0;
      head = (head - oneOrder) | 0;
      const half = (block + (1 << k)) | 0;
      next[half] = head;
      prev[half] = head;
      next[head] = half;
      prev[head] = half;
      tag[half] = freeHead | list;
      nrFree[counters | k]++;
    }
    available[lists] = left | ((1 << found) - (1 << order));
    if (type !== isolate) free[zone] -= 1 << order;
    return block;
  }

  function mergeAndInsert(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean): number {
    const lists = (zone << typesShift) | type;
    const counters = zone << ordersShift;
    let nonEmpty = available[lists];
    let merged = block | 0;
    let k = order | 0;
    let plain = freeHead | (k << orderShift) | type;
    tag[merged] = 0;
    while (k < maxOrder) {
      const buddy = merged ^ (1 << k);
      if (tag[buddy] !== plain || (k >= pageblockOrder && types[buddy >> pageblockOrder] !== type)) break;
      const below = next[buddy];
      const above = prev[buddy];
      next[above] = below;
      prev[below] = above;
      tag[buddy] = 0;
      nrFree[counters | k]--;
      if (above === below) nonEmpty &= ~(1 << k);
      merged &= buddy;
      plain = (plain + oneOrder) | 0;
      k = (k + 1) | 0;
    }
    const stops = k >= maxOrder || (tag[merged ^ (1 << k)] & ownerAndOrder) !== (plain & ownerAndOrder);
    let tail = toTail;
    if (!tail && k < maxOrder - 1) {
      // The buddy of the next larger block is free: this one waits at the tail, because it will soon merge once more.
      const beside = (merged & (-2 << k)) ^ (2 << k);
      tail = (tag[beside] & ownerAndOrder) === ((plain + oneOrder) & ownerAndOrder);
    }
    if (!stops || (tail && k >= listensFrom)) {
      available[lists] = nonEmpty;
      if (type !== isolate) free[zone] -= (1 << k) - (1 << order);
      return ~k;
    }
    const head = (heads + zone * listsPerZone + (plain & listBits)) | 0;
    const below = tail ? head : next[head];
    const above = prev[below];
    next[above] = merged;
    prev[merged] = above;
    next[merged] = below;
    prev[below] = merged;
    tag[merged] = plain;
    available[lists] = nonEmpty | (1 << k);
    nrFree[counters | k]++;
    if (type !== isolate) free[zone] += 1 << order;
    return k;
  }

  return { takeSmallest, mergeAndInsert };
}
