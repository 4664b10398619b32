/**
 * The buddy allocator on the free lists: split, merge, isolate, put back. `duyck-line.md` A.2, A.3, A.5.
 */
import type { Order, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import { FreeLists } from "./free-lists.ts";
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

  constructor(shape: Shape, state: State, watermark: Watermark, runs: Runs, putback: "split" | "whole") {
    super(shape, state, runs);
    this.#watermark = watermark;
    this.#hot = createHotPaths(shape, state);
    this.#splits = putback === "split";
  }

  // ---- splitting ----

  /** Takes the head of the smallest sufficient list of a type, and splits it. NONE if there is none. */
  smallest(zone: ZoneIndex, order: Order, type: number): number {
    const block = this.#hot.takeSmallest(zone, order, type);
    return block === MARKED ? this.smallestMarked(zone, order, type) : block;
  }

  /** The same where the block is marked. The halves are not: what was reported is not a block any more. */
  smallestMarked(zone: ZoneIndex, order: Order, type: number): number {
    let found = order;
    while (this.firstOf(zone, found, type) === NONE) found++;
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
    if (notify && k >= this.reportOrder) this.notify(zone, k);
  }

  /** Goes on where buddies are marked, of pageblock size, or a tail is guarded. @returns the order that is reached */
  mergeFurther(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean): Order {
    let merged = block;
    let k = order;
    while (k < this.maxOrder) {
      const buddy = merged ^ (1 << k);
      if (!this.isFreeHead(buddy, k)) break;
      const other = this.typeAt(buddy);
      if (k >= this.pageblockOrder && !this.mayMerge(type, other)) break;
      this.remove(zone, buddy);
      if (k >= this.pageblockOrder && other !== type) this.retag(buddy, k, type);
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
    if (order >= this.maxOrder - 1) return false;
    const buddy = (block & (-2 << order)) ^ (2 << order);
    return this.isFreeHead(buddy, order + 1);
  }

  notify(zone: ZoneIndex, order: Order): void {
    this.hooks.notify(zone, order);
  }

  /** Frees a block; one that spans pageblocks goes in their pieces. Source: `split_large_buddy`. */
  freeBlock(zone: ZoneIndex, block: number, order: Order, toTail: boolean, notify: boolean): void {
    if (order <= this.pageblockOrder) this.freeOne(zone, block, order, this.typeAt(block), toTail, notify);
    else this.freeInPieces(zone, block, order, toTail, notify);
  }

  freeInPieces(zone: ZoneIndex, block: number, order: Order, toTail: boolean, notify: boolean): void {
    const pageblockOrder = this.pageblockOrder;
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
