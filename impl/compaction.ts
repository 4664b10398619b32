/** Compaction: it cuts and rotates free lists, and takes free blocks as targets to migrate to. `duyck-line.md` A.7. */
import type { Order, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Allocator } from "./alloc.ts";
import type { Buddy } from "./buddy.ts";
import type { ListHooks } from "./free-lists.ts";
import type { Log } from "./log.ts";
import type { Shape } from "./shape.ts";
import { MOVABLE } from "./state.ts";

export class Compaction {
  readonly #shape: Shape;
  readonly #buddy: Buddy;
  readonly #allocator: Allocator;
  readonly #hooks: ListHooks;
  readonly #log: Log;

  constructor(shape: Shape, buddy: Buddy, allocator: Allocator, hooks: ListHooks, log: Log) {
    this.#shape = shape;
    this.#buddy = buddy;
    this.#allocator = allocator;
    this.#hooks = hooks;
    this.#log = log;
  }

  /** Rotates the movable list of an order so that its entry `at` comes to stand at that end. */
  compact(zone: ZoneIndex, order: Order, at: number, end: "head" | "tail"): void {
    if (order > this.#shape.maxOrder) return;
    // An entry comes last when the one behind it comes first. Either way something must stand before the cut.
    const first = end === "head" ? at : at + 1;
    const block = first < 1 ? NONE : this.entry(zone, order, first);
    if (block === NONE) return;
    this.reworking(zone, order);
    this.#buddy.rotate(zone, order, MOVABLE, block);
  }

  /** Whoever relies on a list's order must hear of it before (G-9). */
  reworking(zone: ZoneIndex, order: Order): void {
    this.#hooks.reworking(zone, order, MOVABLE);
  }

  /** The entry of a movable list with that number, counted from the head, or NONE. */
  entry(zone: ZoneIndex, order: Order, at: number): number {
    let block = this.#buddy.firstOf(zone, order, MOVABLE);
    for (let passed = 0; block !== NONE && passed < at; passed++) block = this.#buddy.after(block);
    return block;
  }

  /** The free scanner, from the zone's end: takes the lowest free block of the highest movable pageblock that has one. */
  scan(zone: ZoneIndex): void {
    const { first, pageblockOrder } = this.#shape;
    const pages = 1 << pageblockOrder;
    for (let pageblock = first[zone + 1] - pages; pageblock >= first[zone]; pageblock -= pages) {
      const block = this.target(pageblock);
      if (block === NONE) continue;
      this.take(zone, block);
      return;
    }
  }

  /** The lowest free block that begins in a movable pageblock, unless that is free as a whole: then NONE. */
  target(pageblock: number): number {
    if (this.#buddy.typeAt(pageblock) !== MOVABLE || this.isFreeAsWhole(pageblock)) return NONE;
    const end = pageblock + (1 << this.#shape.pageblockOrder);
    for (let at = pageblock; at < end; at += this.#buddy.stride(at)) {
      if (this.#buddy.isFree(at)) return at;
    }
    return NONE;
  }

  isFreeAsWhole(pageblock: number): boolean {
    const block = this.#buddy.blockAround(pageblock);
    return block !== NONE && this.#buddy.isFree(block) && this.#buddy.orderOf(block) >= this.#shape.pageblockOrder;
  }

  take(zone: ZoneIndex, block: number): void {
    const order = this.#buddy.orderOf(block);
    if (!this.#buddy.isolateFree(zone, block, order)) return;
    this.#allocator.own(block, order, MOVABLE);
    this.#log.alloc(block, order, MOVABLE, 0);
  }
}
