/**
 * The two loops in which an allocator spends its time: splitting a block, and merging one.
 *
 * They do what `Buddy.remove` and `Buddy.insert` do, for plain blocks: unmarked, below the pageblock order, not at a guarded tail.
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
  ORDERS_SHIFT,
  ORDER_SHIFT,
  OWNER_ORDER_BITS,
  REPORTED,
  TYPES_SHIFT,
  TYPE_BITS,
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

export function createHotPaths(shape: Shape, state: State): HotPaths {
  const { next, prev, tag, nrFree, available, free, heads, listsPerZone } = state;
  const { maxOrder, pageblockOrder, reportOrder } = shape;
  const freeHead = FREE;
  const ownerAndOrder = OWNER_ORDER_BITS;
  const marked = REPORTED;
  const typeBits = TYPE_BITS;
  const isolate = ISOLATE;
  const orderShift = ORDER_SHIFT;
  const ordersShift = ORDERS_SHIFT;
  const typesShift = TYPES_SHIFT;
  const oneOrder = 1 << ORDER_SHIFT;
  const none = NONE;
  const isMarked = MARKED;

  function takeSmallest(zone: ZoneIndex, order: Order, type: number): number {
    const lists = (zone << typesShift) | type;
    const counters = zone << ordersShift;
    let nonEmpty = available[lists];
    const sufficient = nonEmpty & (-1 << order);
    if (sufficient === 0) return none;
    let k = (31 - Math.clz32(sufficient & -sufficient)) | 0;
    let list = (k << orderShift) | type;
    let head = (heads + zone * listsPerZone + list) | 0;
    const block = next[head];
    if ((tag[block] & marked) !== 0) return isMarked;
    const below = next[block];
    next[head] = below;
    prev[below] = head;
    tag[block] = 0;
    nrFree[counters | k]--;
    if (below === head) nonEmpty &= ~(1 << k);
    while (k > order) {
      k = (k - 1) | 0;
      list = (list - oneOrder) | 0;
      head = (head - oneOrder) | 0;
      const half = (block + (1 << k)) | 0;
      const first = next[head];
      next[half] = first;
      prev[half] = head;
      next[head] = half;
      prev[first] = half;
      tag[half] = freeHead | list;
      nrFree[counters | k]++;
      nonEmpty |= 1 << k;
    }
    available[lists] = nonEmpty;
    if (type !== isolate) free[zone] -= 1 << order;
    return block;
  }

  function mergeAndInsert(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean): number {
    const lists = zone << typesShift;
    const counters = zone << ordersShift;
    let merged = block | 0;
    let k = order | 0;
    let taken = 0;
    tag[merged] = 0;
    while (k < maxOrder) {
      const buddy = merged ^ (1 << k);
      const label = tag[buddy];
      if ((label & ownerAndOrder) !== (freeHead | (k << orderShift))) break;
      if (k >= pageblockOrder || (label & marked) !== 0) {
        free[zone] -= taken;
        return ~k;
      }
      const below = next[buddy];
      const above = prev[buddy];
      next[above] = below;
      prev[below] = above;
      tag[buddy] = 0;
      nrFree[counters | k]--;
      if (above === below) available[lists | (label & typeBits)] &= ~(1 << k);
      if ((label & typeBits) !== isolate) taken = (taken + (1 << k)) | 0;
      merged &= buddy;
      k = (k + 1) | 0;
    }
    let tail = toTail;
    if (!tail && k < maxOrder - 1) {
      // The buddy of the next larger block is free: this one waits at the tail, because it will soon merge once more.
      const beside = (merged & (-2 << k)) ^ (2 << k);
      tail = (tag[beside] & ownerAndOrder) === (freeHead | ((k + 1) << orderShift));
    }
    if (tail && k >= reportOrder) {
      free[zone] -= taken;
      return ~k;
    }
    const list = (k << orderShift) | type;
    const head = (heads + zone * listsPerZone + list) | 0;
    const below = tail ? head : next[head];
    const above = prev[below];
    next[above] = merged;
    prev[merged] = above;
    next[merged] = below;
    prev[below] = merged;
    tag[merged] = freeHead | list;
    available[lists | type] |= 1 << k;
    nrFree[counters | k]++;
    free[zone] += type === isolate ? -taken : (1 << k) - taken;
    return k;
  }

  return { takeSmallest, mergeAndInsert };
}
