/**
 * The buddy allocator's lists: take a block off, put one on, split, merge. `duyck-line.md` A.1, A.2, A.5, A.7.
 *
 * Blocks are page indices (shape.ts), migratetypes their numbers (state.ts). A reporting design hears of list surgery through
 * `hooks`, and only where it can matter: when a block is marked Reported, when one of an order that may be reported
 * goes to a tail, and when a free ends in such an order.
 */
import type { Order, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import { MARKED, createHotPaths } from "./hot-paths.ts";
import type { HotPaths } from "./hot-paths.ts";
import type { Runs } from "./runs.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import {
  FREE,
  OWNER_ORDER_BITS,
  ISOLATE,
  LIST_BITS,
  MERGEABLE_TYPES,
  MOVABLE,
  ORDERS_SHIFT,
  ORDER_BITS,
  ORDER_SHIFT,
  OWNER_BITS,
  REPORTED,
  TYPES_SHIFT,
  TYPE_BITS,
} from "./state.ts";
import type { Watermark } from "./watermark.ts";

/** What a reporting design wants to hear of the lists. */
export interface ListHooks {
  /** A marked block is about to leave the lists. */
  removing(zone: ZoneIndex, block: number, order: Order, type: number): void;
  /** A marked block is about to change its list; it keeps its mark. */
  moving(zone: ZoneIndex, block: number, order: Order, from: number, to: number): void;
  /** Does a moved block arrive at the tail of its new list, or at the head? */
  movesToTail(): boolean;
  /** The block before which a tail insertion goes, or NONE for the list's end. */
  tail(zone: ZoneIndex, order: Order, type: number): number;
  /** A free has ended in a block of this order. */
  notify(zone: ZoneIndex, order: Order): void;
  /** Compaction is about to cut and rotate a list. */
  reworking(zone: ZoneIndex, order: Order, type: number): void;
}

/** Nobody listens: while the guest boots. */
const NOBODY: ListHooks = {
  removing: () => undefined,
  moving: () => undefined,
  movesToTail: () => true,
  tail: () => NONE,
  notify: () => undefined,
  reworking: () => undefined,
};

export class Buddy {
  /** The design, once there is one: it needs the lists first. */
  hooks: ListHooks = NOBODY;
  readonly #watermark: Watermark;
  readonly #hot: HotPaths;
  readonly #runs: Runs;
  readonly #splits: boolean;
  readonly #next: Int32Array;
  readonly #prev: Int32Array;
  readonly #tag: Uint16Array;
  readonly #types: Uint8Array;
  readonly #nrFree: Int32Array;
  readonly #available: Int32Array;
  readonly #free: Int32Array;
  readonly #heads: number;
  readonly #listsPerZone: number;
  readonly #maxOrder: Order;
  readonly #pageblockOrder: Order;
  readonly #reportOrder: Order;

  constructor(shape: Shape, state: State, watermark: Watermark, runs: Runs, putback: "split" | "whole") {
    this.#watermark = watermark;
    this.#runs = runs;
    this.#hot = createHotPaths(shape, state);
    this.#splits = putback === "split";
    this.#next = state.next;
    this.#prev = state.prev;
    this.#tag = state.tag;
    this.#types = state.types;
    this.#nrFree = state.nrFree;
    this.#available = state.available;
    this.#free = state.free;
    this.#heads = state.heads;
    this.#listsPerZone = state.listsPerZone;
    this.#maxOrder = shape.maxOrder;
    this.#pageblockOrder = shape.pageblockOrder;
    this.#reportOrder = shape.reportOrder;
  }

  // ---- what stands where ----

  /** The head of a free list in the link arrays. */
  head(zone: ZoneIndex, order: Order, type: number): number {
    return this.#heads + zone * this.#listsPerZone + ((order << ORDER_SHIFT) | type);
  }

  /** The first block of a list, or NONE. */
  firstOf(zone: ZoneIndex, order: Order, type: number): number {
    const first = this.#next[this.head(zone, order, type)];
    return first < this.#heads ? first : NONE;
  }

  /** The block that follows toward the tail, or NONE. */
  after(block: number): number {
    const next = this.#next[block];
    return next < this.#heads ? next : NONE;
  }

  /** True where a free block of exactly this order begins. */
  isFreeHead(index: number, order: Order): boolean {
    return (this.#tag[index] & OWNER_ORDER_BITS) === (FREE | (order << ORDER_SHIFT));
  }

  isFree(block: number): boolean {
    return (this.#tag[block] & OWNER_BITS) === FREE;
  }

  isMarked(block: number): boolean {
    return (this.#tag[block] & REPORTED) !== 0;
  }

  orderOf(block: number): Order {
    return (this.#tag[block] & ORDER_BITS) >> ORDER_SHIFT;
  }

  /** The first page of the block that covers a page, whoever has it, or NONE where the page is absent. */
  blockAround(index: number): number {
    for (let order = 0; order <= this.#maxOrder; order++) {
      const block = index & (-1 << order);
      const tag = this.#tag[block];
      if (tag !== 0 && (tag & ORDER_BITS) >> ORDER_SHIFT >= order) return block;
    }
    return NONE;
  }

  /** The migratetype of the pageblock around a page. */
  typeAt(index: number): number {
    return this.#types[index >> this.#pageblockOrder];
  }

  /** Sets the type of every pageblock that a block touches. */
  retag(block: number, order: Order, type: number): void {
    const shift = this.#pageblockOrder;
    this.#types.fill(type, block >> shift, ((block + (1 << order) - 1) >> shift) + 1);
  }

  // ---- one block, one list ----

  /** Takes a free block off its list, whichever that is; its mark goes with it. */
  remove(zone: ZoneIndex, block: number): void {
    const next = this.#next;
    const prev = this.#prev;
    const tag = this.#tag[block];
    if ((tag & REPORTED) !== 0) this.clearMark(zone, block);
    const order = (tag & ORDER_BITS) >> ORDER_SHIFT;
    const type = tag & TYPE_BITS;
    const below = next[block];
    const above = prev[block];
    next[above] = below;
    prev[below] = above;
    // Alone on its list: both neighbours were the head.
    if (above === below) this.#available[(zone << TYPES_SHIFT) | type] &= ~(1 << order);
    this.#nrFree[(zone << ORDERS_SHIFT) | order]--;
    if (type !== ISOLATE) this.#free[zone] -= 1 << order;
    this.#tag[block] = 0;
  }

  /** A marked block loses its mark because it leaves the lists. */
  clearMark(zone: ZoneIndex, block: number): void {
    const tag = this.#tag[block];
    const order = (tag & ORDER_BITS) >> ORDER_SHIFT;
    const type = tag & TYPE_BITS;
    this.hooks.removing(zone, block, order, type);
    this.#runs.unlinking(this.head(zone, order, type), block);
    this.#tag[block] = tag & ~REPORTED;
  }

  /** The host has dropped what this free block held. */
  setMark(zone: ZoneIndex, block: number): void {
    const tag = this.#tag[block];
    this.#tag[block] = tag | REPORTED;
    this.#runs.marked(this.#heads + zone * this.#listsPerZone + (tag & LIST_BITS), block);
  }

  /** Puts a block on a list, unmarked. */
  insert(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean): void {
    const head = this.head(zone, order, type);
    const below = toTail ? this.tailOf(zone, head, order, type) : this.#next[head];
    this.#link(block, below);
    this.#tag[block] = FREE | (order << ORDER_SHIFT) | type;
    this.#available[(zone << TYPES_SHIFT) | type] |= 1 << order;
    this.#nrFree[(zone << ORDERS_SHIFT) | order]++;
    if (type !== ISOLATE) this.#free[zone] += 1 << order;
  }

  /** What a tail insertion goes before: the list's end, unless the design guards it. */
  tailOf(zone: ZoneIndex, head: number, order: Order, type: number): number {
    if (order < this.#reportOrder) return head;
    const guard = this.hooks.tail(zone, order, type);
    if (guard === NONE) return head;
    this.#runs.parting(head, guard);
    return guard;
  }

  /** Moves a free block to the list of another type. It keeps its mark, as Linux's `move_to_free_list`. */
  move(zone: ZoneIndex, block: number, to: number): void {
    const tag = this.#tag[block];
    const order = (tag & ORDER_BITS) >> ORDER_SHIFT;
    const from = tag & TYPE_BITS;
    if ((tag & REPORTED) !== 0) {
      this.hooks.moving(zone, block, order, from, to);
      this.#runs.unlinking(this.head(zone, order, from), block);
    }
    const below = this.#next[block];
    const above = this.#prev[block];
    this.#next[above] = below;
    this.#prev[below] = above;
    if (above === below) this.#available[(zone << TYPES_SHIFT) | from] &= ~(1 << order);
    const head = this.head(zone, order, to);
    this.#link(block, this.hooks.movesToTail() ? head : this.#next[head]);
    this.#available[(zone << TYPES_SHIFT) | to] |= 1 << order;
    this.#tag[block] = (tag & ~TYPE_BITS) | to;
    if (from !== ISOLATE && to === ISOLATE) this.#free[zone] -= 1 << order;
    if (from === ISOLATE && to !== ISOLATE) this.#free[zone] += 1 << order;
  }

  #link(block: number, below: number): void {
    const next = this.#next;
    const prev = this.#prev;
    const above = prev[below];
    next[above] = block;
    prev[block] = above;
    next[block] = below;
    prev[below] = block;
  }

  /** Cuts a list above a block and lets the parts change places, so that this block comes first. */
  rotate(zone: ZoneIndex, order: Order, type: number, first: number): void {
    const head = this.head(zone, order, type);
    const next = this.#next;
    const prev = this.#prev;
    if (next[head] === first) return;
    this.#runs.parting(head, first);
    next[prev[head]] = next[head];
    prev[next[head]] = prev[head];
    this.#link(head, first);
  }

  // ---- splitting ----

  /** Takes the head of the smallest sufficient list of a type, and splits it. NONE if there is none. */
  smallest(zone: ZoneIndex, order: Order, type: number): number {
    const block = this.#hot.takeSmallest(zone, order, type);
    return block === MARKED ? this.smallestMarked(zone, order, type) : block;
  }

  /** The same where the block is marked. The halves are not: what was reported is not a block any more. */
  smallestMarked(zone: ZoneIndex, order: Order, type: number): number {
    const orders = this.#available[(zone << TYPES_SHIFT) | type] & (-1 << order);
    const found = 31 - Math.clz32(orders & -orders);
    const block = this.firstOf(zone, found, type);
    this.remove(zone, block);
    this.expand(zone, block, order, found, type);
    return block;
  }

  /** Splits a block that is on no list: the upper halves go to the heads of their lists, the lowest part stays out. */
  expand(zone: ZoneIndex, block: number, low: Order, high: Order, type: number): void {
    for (let order = high - 1; order >= low; order--) this.insert(zone, block + (1 << order), order, type, false);
  }

  // ---- freeing ----

  /** Merges a block as far as it goes and puts the result on a list. Source: `__free_one_page`, `duyck-line.md` A.2. */
  freeOne(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean, notify: boolean): void {
    let k = this.#hot.mergeAndInsert(zone, block, order, type, toTail);
    if (k < 0) k = this.mergeFurther(zone, block & (-1 << ~k), ~k, type, toTail);
    if (notify && k >= this.#reportOrder) this.notify(zone, k);
  }

  /** Goes on where buddies are marked, of pageblock size, or a tail is guarded. @returns the order that is reached */
  mergeFurther(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean): Order {
    let merged = block;
    let k = order;
    while (k < this.#maxOrder) {
      const buddy = merged ^ (1 << k);
      if (!this.isFreeHead(buddy, k)) break;
      const other = this.typeAt(buddy);
      if (k >= this.#pageblockOrder && !this.mayMerge(type, other)) break;
      this.remove(zone, buddy);
      if (k >= this.#pageblockOrder && other !== type) this.retag(buddy, k, type);
      merged &= buddy;
      k++;
    }
    this.insert(zone, merged, k, type, toTail || this.mergeLikely(merged, k));
    return k;
  }

  /** At or above the pageblock order: may blocks of these types become one? */
  mayMerge(type: number, other: number): boolean {
    return type === other || (type < MERGEABLE_TYPES && other < MERGEABLE_TYPES);
  }

  /** Will the block soon merge once more, because the buddy of the next larger block is free? Then it waits at the tail. */
  mergeLikely(block: number, order: Order): boolean {
    if (order >= this.#maxOrder - 1) return false;
    const buddy = (block & (-2 << order)) ^ (2 << order);
    return (this.#tag[buddy] & OWNER_ORDER_BITS) === (FREE | ((order + 1) << ORDER_SHIFT));
  }

  notify(zone: ZoneIndex, order: Order): void {
    this.hooks.notify(zone, order);
  }

  /** Frees a block; one that spans pageblocks goes in their pieces. Source: `split_large_buddy`. */
  freeBlock(zone: ZoneIndex, block: number, order: Order, toTail: boolean, notify: boolean): void {
    if (order <= this.#pageblockOrder) this.freeOne(zone, block, order, this.typeAt(block), toTail, notify);
    else this.freeInPieces(zone, block, order, toTail, notify);
  }

  freeInPieces(zone: ZoneIndex, block: number, order: Order, toTail: boolean, notify: boolean): void {
    const pageblockOrder = this.#pageblockOrder;
    for (let piece = block; piece < block + (1 << order); piece += 1 << pageblockOrder) {
      this.freeOne(zone, piece, pageblockOrder, this.typeAt(piece), toTail, notify);
    }
  }

  // ---- isolating and putting back ----

  /**
   * Takes a free block off the lists for someone who is no allocation. Source: `__isolate_free_page`, `duyck-line.md` A.5.
   *
   * @returns false where the zone has too little left: nothing is changed
   */
  isolateFree(zone: ZoneIndex, block: number, order: Order): boolean {
    if (this.typeAt(block) !== ISOLATE && !this.#watermark.mayIsolate(zone, order)) return false;
    this.remove(zone, block);
    if (order >= this.#pageblockOrder - 1) this.retagIsolated(zone, block, order);
    return true;
  }

  /** A block of about a pageblock that was isolated makes its mergeable pageblocks movable. */
  retagIsolated(zone: ZoneIndex, block: number, order: Order): void {
    const shift = this.#pageblockOrder;
    const last = (block + (1 << order) - 1) >> shift;
    for (let pageblock = block >> shift; pageblock <= last; pageblock++) {
      const type = this.#types[pageblock];
      if (type < MERGEABLE_TYPES && type !== MOVABLE) this.movePageblock(zone, pageblock << shift, MOVABLE);
    }
  }

  /** Moves every free block that begins in a pageblock to the list of a type, and gives the pageblock that type. */
  movePageblock(zone: ZoneIndex, start: number, to: number): void {
    const tag = this.#tag;
    const end = start + (1 << this.#pageblockOrder);
    for (let at = start; at < end; at += this.stride(at)) {
      if ((tag[at] & OWNER_BITS) === FREE) this.move(zone, at, to);
    }
    this.#types[start >> this.#pageblockOrder] = to;
  }

  /** Pages from here to the next page where a block may begin. */
  stride(index: number): number {
    const tag = this.#tag[index];
    return tag === 0 ? 1 : 1 << ((tag & ORDER_BITS) >> ORDER_SHIFT);
  }

  /**
   * Puts an isolated block back, at the tail, without telling anybody. Source: `__putback_isolated_page`.
   *
   * @returns true iff it stands there now as it was taken, not merged and not in parts
   */
  putback(zone: ZoneIndex, block: number, order: Order): boolean {
    if (this.putsBackInParts(block, order)) {
      this.freeInPieces(zone, block, order, true, false);
      return false;
    }
    this.freeOne(zone, block, order, this.putbackType(block), this.putsBackToTail(), false);
    return this.isFreeHead(block, order);
  }

  /** The list that an isolated block comes back to: what its pageblock says now, not what it said then (G-19). */
  putbackType(block: number): number {
    return this.typeAt(block);
  }

  /** At the tail the allocator finds it last. Source: `duyck-line.md` G-15. */
  putsBackToTail(): boolean {
    return true;
  }

  /** A block whose pageblocks have become different comes back in pieces, unless it is to be as in Linux (G-18). */
  putsBackInParts(block: number, order: Order): boolean {
    if (!this.#splits || order <= this.#pageblockOrder) return false;
    const type = this.typeAt(block);
    for (let at = block; at < block + (1 << order); at += 1 << this.#pageblockOrder) {
      if (this.typeAt(at) !== type) return true;
    }
    return false;
  }

  // ---- booting ----

  /** Puts present pages on the lists as the fewest aligned blocks, ascending, at the tails of the movable lists. */
  boot(zone: ZoneIndex, start: number, end: number): void {
    for (let at = start; at < end; ) {
      let order = this.#maxOrder;
      while ((at & ((1 << order) - 1)) !== 0 || at + (1 << order) > end) order--;
      this.insert(zone, at, order, MOVABLE, true);
      at += 1 << order;
    }
  }
}
