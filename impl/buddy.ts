/**
 * The buddy allocator on the free lists: split, merge, isolate, put back. `duyck-line.md` A.2, A.3, A.5.
 */
import type { Order, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import { FreeLists } from "./free-lists.ts";
import type { FreedBlock } from "./free-lists.ts";
import { MARKED, createHotPaths } from "./hot-paths.ts";
import type { HotPaths } from "./hot-paths.ts";
import type { Runs } from "./runs.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { ISOLATE, MERGEABLE_TYPES, MOVABLE } from "./state.ts";
import type { Watermark } from "./watermark.ts";

export class Buddy extends FreeLists {
  readonly #watermark: Watermark;
  readonly #hot: HotPaths;
  readonly #splits: boolean;

  /** @param listensFrom the smallest order whose frees and tail insertions the design is told of */
  constructor(
    shape: Shape,
    state: State,
    watermark: Watermark,
    runs: Runs,
    putback: "split" | "whole",
    listensFrom: Order,
  ) {
    super(shape, state, runs, listensFrom);
    this.#watermark = watermark;
    this.#hot = createHotPaths(shape, state, listensFrom);
    this.#splits = putback === "split";
  }

  // ---- splitting ----

  /** Takes the head of the smallest sufficient list of a type, and splits it. NONE if there is none. */
  smallest(zone: ZoneIndex, order: Order, type: number): number {
    const block = this.#hot.takeSmallest(zone, order, type);
    return block === MARKED ? this.smallestMarked(zone, order, type) : block;
  }

  /** The same where the block is marked. */
  smallestMarked(zone: ZoneIndex, order: Order, type: number): number {
    let found = order;
    while (this.firstOf(zone, found, type) === NONE) found++;
    const block = this.firstOf(zone, found, type);
    const wasMarked = this.remove(zone, block);
    this.expand(zone, block, order, found, type, wasMarked);
    return block;
  }

  /**
   * Splits a block that is on no list: the upper halves go to the heads of their lists, the lowest part stays out.
   * Of a marked block they are marked only where a mark means all its pages: else what was reported is no block any more.
   * What is too small to be reported has no mark either way.
   */
  expand(zone: ZoneIndex, block: number, low: Order, high: Order, type: number, wasMarked: boolean): void {
    const marked = wasMarked && this.hooks.inheritsMarks;
    for (let order = high - 1; order >= low; order--) {
      if (marked && order >= this.listensFrom) this.insertHalf(zone, block + (1 << order), order, type);
      else this.insert(zone, block + (1 << order), order, type, false);
    }
  }

  // ---- freeing ----

  /**
   * Merges a block as far as it goes and puts the result on a list. Source: `__free_one_page`, `duyck-line.md` A.2.
   *
   * @param mark the block comes back as reported; the result is marked if the mark still tells the truth, and then it is
   * not notified
   */
  freeOne(
    zone: ZoneIndex,
    block: number,
    order: Order,
    type: number,
    toTail: boolean,
    notify: boolean,
    mark = false,
  ): void {
    if (mark) this.tag[block] = 0;
    let k = mark ? ~order : this.#hot.mergeAndInsert(zone, block, order, type, toTail);
    if (k < 0) k = this.mergeFurther(zone, block & (-1 << ~k), ~k, type, toTail, mark);
    if (!notify || k < this.listensFrom) return;
    const merged = block & (-1 << k);
    if (!mark || !this.isMarked(merged)) this.notify(zone, k, merged);
  }

  /** Goes on where blocks are marked, of pageblock size, or a tail is guarded. @returns the order that is reached */
  mergeFurther(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean, mark: boolean): Order {
    let merged = block;
    let k = order;
    let marked = mark;
    for (let buddy = this.partner(merged, k, type); buddy !== NONE; buddy = this.partner(merged, k, type)) {
      marked = this.absorb(zone, buddy, k, type) && marked && this.hooks.inheritsMarks;
      merged &= buddy;
      k++;
    }
    this.insertMerged(zone, merged, k, type, toTail, marked);
    return k;
  }

  /** The free block with which a block on no list may merge now, or NONE. The result begins at `block & partner`. */
  partner(block: number, order: Order, type: number): number {
    if (order >= this.maxOrder) return NONE;
    const buddy = block ^ (1 << order);
    if (!this.isFreeHead(buddy, order)) return NONE;
    return order < this.pageblockOrder || this.mayMerge(type, this.typeAt(buddy)) ? buddy : NONE;
  }

  /** One merge: takes the partner off its list and gives its pageblocks the type. @returns true where it was marked */
  absorb(zone: ZoneIndex, partner: number, order: Order, type: number): boolean {
    const wasMarked = this.remove(zone, partner);
    if (order >= this.pageblockOrder && this.typeAt(partner) !== type) this.retag(partner, order, type);
    return wasMarked;
  }

  /** Puts a merged block on its list: at the tail where it is wanted there, or will soon merge once more; else at the head. */
  insertMerged(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean, mark: boolean): void {
    const atTail = toTail || this.mergeLikely(block, order);
    if (mark) this.insertMarked(zone, block, order, type, atTail);
    else this.insert(zone, block, order, type, atTail);
  }

  /** At or above the pageblock order: may blocks of these types become one? */
  mayMerge(type: number, other: number): boolean {
    return type === other || (type < MERGEABLE_TYPES && other < MERGEABLE_TYPES);
  }

  /** Will the block soon merge once more, because the buddy of the next larger block is free? Then it waits at the tail. */
  mergeLikely(block: number, order: Order): boolean {
    if (order >= this.maxOrder - 1) return false;
    const buddy = (block & (-2 << order)) ^ (2 << order);
    return this.isFreeHead(buddy, order + 1);
  }

  notify(zone: ZoneIndex, order: Order, block: number): void {
    this.hooks.notify(zone, order, block);
  }

  /** Frees blocks that have no owner any more, unless the design does that itself. */
  freeAll(blocks: readonly FreedBlock[]): void {
    if (blocks.length === 0 || this.hooks.freeing(blocks)) return;
    for (const { zone, block, order } of blocks) this.freeBlock(zone, block, order, false, true);
  }

  /** Frees what an owner gives back, or a CPU's list. An array is made only for a design that frees itself. */
  free(zone: ZoneIndex, block: number, order: Order): void {
    if (!this.hooks.freesItself) {
      this.freeBlock(zone, block, order, false, true);
      return;
    }
    this.tag[block] = 0;
    this.freeAll([{ zone, block, order, type: this.typeAt(block) }]);
  }

  /** Frees a block; one that spans pageblocks goes in their pieces. Source: `split_large_buddy`. */
  freeBlock(zone: ZoneIndex, block: number, order: Order, toTail: boolean, notify: boolean): void {
    if (order <= this.pageblockOrder) this.freeOne(zone, block, order, this.typeAt(block), toTail, notify);
    else this.freeInPieces(zone, block, order, toTail, notify);
  }

  freeInPieces(zone: ZoneIndex, block: number, order: Order, toTail: boolean, notify: boolean, mark = false): void {
    const pageblockOrder = this.pageblockOrder;
    for (let piece = block; piece < block + (1 << order); piece += 1 << pageblockOrder) {
      this.freeOne(zone, piece, pageblockOrder, this.typeAt(piece), toTail, notify, mark);
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
    if (order >= this.pageblockOrder - 1) this.retagIsolated(zone, block, order);
    return true;
  }

  /** A block of about a pageblock that was isolated makes its mergeable pageblocks movable. */
  retagIsolated(zone: ZoneIndex, block: number, order: Order): void {
    const shift = this.pageblockOrder;
    const last = (block + (1 << order) - 1) >> shift;
    for (let pageblock = block >> shift; pageblock <= last; pageblock++) {
      const type = this.types[pageblock];
      if (type < MERGEABLE_TYPES && type !== MOVABLE) this.movePageblock(zone, pageblock << shift, MOVABLE);
    }
  }

  /** Moves every free block that begins in a pageblock to the list of a type, and gives the pageblock that type. */
  movePageblock(zone: ZoneIndex, start: number, to: number): void {
    const end = start + (1 << this.pageblockOrder);
    for (let at = start; at < end; at += this.stride(at)) {
      if (this.isFree(at)) this.move(zone, at, to);
    }
    this.types[start >> this.pageblockOrder] = to;
  }

  /**
   * Puts an isolated block back without telling anybody. Source: `__putback_isolated_page`.
   *
   * @param toTail false: by the rule for every free block, which may be the head
   * @param mark it comes back as reported: for designs whose marks mean all pages
   * @returns true iff it stands there now as it was taken, not merged and not in parts
   */
  putback(zone: ZoneIndex, block: number, order: Order, mark = false, toTail = this.putsBackToTail()): boolean {
    if (this.putsBackInParts(block, order)) {
      this.freeInPieces(zone, block, order, toTail, false, mark);
      return false;
    }
    this.freeOne(zone, block, order, this.putbackType(block), toTail, false, mark);
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
    if (!this.#splits || order <= this.pageblockOrder) return false;
    const type = this.typeAt(block);
    for (let at = block; at < block + (1 << order); at += 1 << this.pageblockOrder) {
      if (this.typeAt(at) !== type) return true;
    }
    return false;
  }

  // ---- booting ----

  /** Puts present pages on the lists as the fewest aligned blocks, ascending, at the tails of the movable lists. */
  boot(zone: ZoneIndex, start: number, end: number): void {
    for (let at = start; at < end;) {
      let order = this.maxOrder;
      while ((at & ((1 << order) - 1)) !== 0 || at + (1 << order) > end) order--;
      this.insert(zone, at, order, MOVABLE, true);
      at += 1 << order;
    }
  }
}
