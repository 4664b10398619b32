/**
 * What both aerators do with lists: treated buddies (`duyck-line.md` C.1) and bubble hinting (C.2).
 *
 * An aerator pulls a block off its list whatever the watermark says, and remembers the list. Duyck kept that in fields
 * of the page that are unused while nobody owns it; here it stands in the tag's migratetype, which says nothing
 * on a held block (`state.ts`).
 */
import type { Order, ZoneIndex } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import type { Buddy } from "../buddy.ts";
import type { State } from "../state.ts";
import { FREE, ORDER_SHIFT, REPORTED, TYPE_BITS } from "../state.ts";

export class Aeration {
  readonly #costs: { visited: number };
  readonly #buddy: Buddy;
  readonly #prev: Int32Array;
  readonly #tag: Uint16Array;
  readonly #heads: number;
  readonly #isolatedPageblocks: Int32Array;

  /** @param costs whose `visited` counts the entries that are looked at */
  constructor(costs: { visited: number }, buddy: Buddy, state: State) {
    this.#costs = costs;
    this.#buddy = buddy;
    this.#prev = state.prev;
    this.#tag = state.tag;
    this.#heads = state.heads;
    this.#isolatedPageblocks = state.isolatedPageblocks;
  }

  /**
   * The block of a list to take next, or NONE: the one right above the border, unless that was reported before;
   * then what was freed since stands at the head. Source: `get_aeration_page`.
   *
   * @param border the first block that is known to be reported up to the tail, or NONE for the list's end
   */
  next(zone: ZoneIndex, order: Order, type: number, border: number): number {
    const lowest = this.#prev[border === NONE ? this.#buddy.head(zone, order, type) : border];
    if (lowest >= this.#heads) return NONE;
    this.#costs.visited++;
    if (!this.#buddy.isMarked(lowest)) return lowest;
    const first = this.#buddy.firstOf(zone, order, type);
    this.#costs.visited++;
    return this.#buddy.isMarked(first) ? NONE : first;
  }

  /**
   * The first block behind a border, or NONE where it is not on its list any more. Compaction and insertions at the
   * absolute tail may bring raw blocks behind the border, and a raw block leaves without a word.
   */
  standing(border: number, order: Order, type: number): number {
    if (border === NONE) return NONE;
    return (this.#tag[border] & ~REPORTED) === (FREE | (order << ORDER_SHIFT) | type) ? border : NONE;
  }

  /** The type of the list that a free block is on, or that a held one was taken from. */
  listOf(block: number): number {
    return this.#tag[block] & TYPE_BITS;
  }

  /** A held block came from the list of this type. */
  remember(block: number, type: number): void {
    this.#tag[block] |= type;
  }

  /** The list that a held block comes back to: only while pageblocks are isolated, its own is asked again. */
  listFor(zone: ZoneIndex, block: number): number {
    return this.#isolatedPageblocks[zone] > 0 ? this.#buddy.typeAt(block) : this.listOf(block);
  }
}
