/** Memory failure: one bad page is taken out of the free block that it lies in, for ever. `duyck-line.md` A.8. */
import { NONE } from "../model/alphabet/index.ts";
import type { Allocator } from "./alloc.ts";
import type { Buddy } from "./buddy.ts";
import type { Log } from "./log.ts";
import type { Shape } from "./shape.ts";
import { ISOLATE, TYPE_BITS, UNMOVABLE } from "./state.ts";
import type { State } from "./state.ts";

export class MemoryFailure {
  readonly #shape: Shape;
  readonly #tag: Uint16Array;
  readonly #buddy: Buddy;
  readonly #allocator: Allocator;
  readonly #log: Log;

  constructor(shape: Shape, state: State, buddy: Buddy, allocator: Allocator, log: Log) {
    this.#shape = shape;
    this.#tag = state.tag;
    this.#buddy = buddy;
    this.#allocator = allocator;
    this.#log = log;
  }

  /** @param page its index; where it is not free, or about to be offlined, nothing happens */
  strike(page: number): void {
    const block = this.#buddy.blockAround(page);
    if (block === NONE || !this.#buddy.isFree(block) || (this.#tag[block] & TYPE_BITS) === ISOLATE) return;
    this.takeOff(block, page);
    this.#allocator.own(page, 0, UNMOVABLE);
    this.#log.alloc(page, 0, UNMOVABLE, 0);
  }

  /** Takes the block off its list and puts all of it back but this page. Source: `take_page_off_buddy`. */
  takeOff(block: number, page: number): void {
    const zone = this.#shape.zoneOf(block);
    const type = this.#tag[block] & TYPE_BITS;
    const order = this.#buddy.orderOf(block);
    this.#buddy.remove(zone, block);
    let base = block;
    for (let k = order - 1; k >= 0; k--) {
      const upper = base + (1 << k);
      const spared = page >= upper ? base : upper;
      if (page >= upper) base = upper;
      this.#buddy.insert(zone, spared, k, type, false);
    }
  }
}
