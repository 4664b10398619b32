/** Page isolation: a pageblock's free pages leave NR_FREE and its type forbids to hand them out. `duyck-line.md` A.6. */
import type { ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Buddy } from "./buddy.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { ALLOCATED, HIGHATOMIC, ISOLATE, MOVABLE, OWNER_BITS, TYPE_BITS } from "./state.ts";

export class Isolation {
  readonly #shape: Shape;
  readonly #buddy: Buddy;
  readonly #tag: Uint16Array;
  readonly #isolated: Int32Array;
  readonly #reserved: Int32Array;

  constructor(shape: Shape, state: State, buddy: Buddy) {
    this.#shape = shape;
    this.#buddy = buddy;
    this.#tag = state.tag;
    this.#isolated = state.isolatedPageblocks;
    this.#reserved = state.reservedHighatomic;
  }

  /** @param pageblock its first page. @returns false where it is isolated already, or used by what cannot move */
  setIsolate(zone: ZoneIndex, pageblock: number): boolean {
    const type = this.#buddy.typeAt(pageblock);
    if (type === ISOLATE || this.hasUnmovable(pageblock)) return false;
    if (type === HIGHATOMIC) this.#reserved[zone] -= 1 << this.#shape.pageblockOrder;
    this.#retype(zone, pageblock, ISOLATE);
    this.#isolated[zone]++;
    return true;
  }

  /** Does an allocated block reach into the pageblock that is not movable? Cached and held blocks are fine. */
  hasUnmovable(pageblock: number): boolean {
    const around = this.#buddy.blockAround(pageblock);
    const end = pageblock + (1 << this.#shape.pageblockOrder);
    for (let at = around === NONE ? pageblock : around; at < end; at += this.#buddy.stride(at)) {
      const tag = this.#tag[at];
      if ((tag & OWNER_BITS) === ALLOCATED && (tag & TYPE_BITS) !== MOVABLE) return true;
    }
    return false;
  }

  /** The pageblock becomes movable again. It may merge with its neighbour now; the reporter is not told. */
  unsetIsolate(zone: ZoneIndex, pageblock: number): void {
    if (this.mayMergeNow(pageblock)) this.mergeBack(zone, pageblock);
    else this.#retype(zone, pageblock, MOVABLE);
    this.#isolated[zone]--;
  }

  /** Is the pageblock one free block, beside one that is free and not isolated? */
  mayMergeNow(pageblock: number): boolean {
    const order = this.#shape.pageblockOrder;
    const beside = pageblock ^ (1 << order);
    return (
      order < this.#shape.maxOrder &&
      this.#buddy.isFreeHead(pageblock, order) &&
      this.#buddy.isFreeHead(beside, order) &&
      this.#buddy.typeAt(beside) !== ISOLATE
    );
  }

  mergeBack(zone: ZoneIndex, pageblock: number): void {
    const order = this.#shape.pageblockOrder;
    this.#buddy.isolateFree(zone, pageblock, order);
    this.#buddy.retag(pageblock, order, MOVABLE);
    this.#buddy.putback(zone, pageblock, order);
  }

  /** Gives a pageblock another type; a free block that reaches beyond it is freed anew, each part by its own type. */
  #retype(zone: ZoneIndex, pageblock: number, type: number): void {
    const buddy = this.#buddy;
    const block = buddy.blockAround(pageblock);
    if (block === NONE || !buddy.isFree(block) || buddy.orderOf(block) <= this.#shape.pageblockOrder) {
      buddy.movePageblock(zone, pageblock, type);
      return;
    }
    const order = buddy.orderOf(block);
    buddy.remove(zone, block);
    buddy.retag(pageblock, this.#shape.pageblockOrder, type);
    buddy.freeBlock(zone, block, order, false, true);
  }
}
