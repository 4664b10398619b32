/**
 * Taking a block from the buddy lists: of the type asked for, or else of another. `duyck-line.md` A.3.
 *
 * A large block of another type is taken with its pageblocks. A small one takes its pageblock along if most of it would fit
 * the new type; otherwise it is taken alone. Source: `__rmqueue_fallback`, without NOFRAGMENT and without boost.
 */
import type { Order, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Buddy } from "./buddy.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { ALLOCATED, FREE, MOVABLE, OWNER_BITS, RECLAIMABLE, TYPES_SHIFT, TYPE_BITS, UNMOVABLE } from "./state.ts";

/** The types that each type falls back to, the best first. */
const FALLBACKS: readonly (readonly number[])[] = [
  [RECLAIMABLE, MOVABLE],
  [RECLAIMABLE, UNMOVABLE],
  [UNMOVABLE, MOVABLE],
  [],
  [],
  [],
];

export class Fallback {
  readonly #shape: Shape;
  readonly #buddy: Buddy;
  readonly #tag: Uint16Array;
  readonly #available: Int32Array;

  constructor(shape: Shape, state: State, buddy: Buddy) {
    this.#shape = shape;
    this.#buddy = buddy;
    this.#tag = state.tag;
    this.#available = state.available;
  }

  /** A block from the buddy lists, with no owner yet, or NONE. */
  rmqueueBuddy(zone: ZoneIndex, order: Order, type: number): number {
    const block = this.#buddy.smallest(zone, order, type);
    return block === NONE ? this.fallback(zone, order, type) : block;
  }

  /** A block of another type: from the largest list, so that types mix rarely, unless only a part may be taken. */
  fallback(zone: ZoneIndex, order: Order, start: number): number {
    for (let o = this.#shape.maxOrder; o >= order; o--) {
      const from = this.suitable(zone, o, start);
      if (from === NONE) continue;
      if (!this.canSteal(o, start) && start === MOVABLE && o > order) return this.stealSmallest(zone, order, start);
      return this.steal(zone, order, o, from, start);
    }
    return NONE;
  }

  stealSmallest(zone: ZoneIndex, order: Order, start: number): number {
    for (let o = order; o <= this.#shape.maxOrder; o++) {
      const from = this.suitable(zone, o, start);
      if (from !== NONE) return this.steal(zone, order, o, from, start);
    }
    return NONE;
  }

  /** The first of the fallback types that has a block of exactly this order, or NONE. */
  suitable(zone: ZoneIndex, order: Order, start: number): number {
    const types = FALLBACKS[start];
    for (let at = 0; at < types.length; at++) {
      if ((this.#available[(zone << TYPES_SHIFT) | types[at]] & (1 << order)) !== 0) return types[at];
    }
    return NONE;
  }

  /** Is a block of this order worth its whole pageblock? */
  canSteal(order: Order, start: number): boolean {
    const pageblockOrder = this.#shape.pageblockOrder;
    return order >= pageblockOrder >> 1 || start === UNMOVABLE || start === RECLAIMABLE;
  }

  /** Takes the first block of that order and type, with as much around it as the rules allow. */
  steal(zone: ZoneIndex, order: Order, found: Order, from: number, start: number): number {
    const buddy = this.#buddy;
    const block = buddy.firstOf(zone, found, from);
    if (found >= this.#shape.pageblockOrder) {
      const wasMarked = buddy.remove(zone, block);
      buddy.retag(block, found, start);
      buddy.expand(zone, block, order, found, start, wasMarked);
      return block;
    }
    const pageblock = block & (-1 << this.#shape.pageblockOrder);
    if (this.canSteal(found, start) && this.takesPageblock(pageblock, from, start)) {
      buddy.movePageblock(zone, pageblock, start);
      return buddy.smallest(zone, order, start);
    }
    const wasMarked = buddy.remove(zone, block);
    buddy.expand(zone, block, order, found, from, wasMarked);
    return block;
  }

  /** Is at least half of the pageblock free, or used by what is alike? */
  takesPageblock(pageblock: number, from: number, start: number): boolean {
    const pages = 1 << this.#shape.pageblockOrder;
    let free = 0;
    let movable = 0;
    for (let at = pageblock; at < pageblock + pages;) {
      const stride = this.#buddy.stride(at);
      const tag = this.#tag[at];
      if ((tag & OWNER_BITS) === FREE) free += stride;
      else if ((tag & (OWNER_BITS | TYPE_BITS)) === (ALLOCATED | MOVABLE)) movable += stride;
      at += stride;
    }
    const alike = start === MOVABLE ? movable : from === MOVABLE ? pages - (free + movable) : 0;
    return free + alike >= pages >> 1;
  }
}
