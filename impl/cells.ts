/**
 * The words of a guest that count, as one row of whole numbers: its cells. Two guests with equal cells behave the same
 * from here on, so that the cells are what an explorer tells states apart by.
 *
 * Left out is what decides nothing: the links of blocks on no list, which are stale, the runs (runs.ts), which only save
 * steps, and the zeroes behind the last waiter. Everything else is there, also what the rest determines (links back,
 * counters): a guest in which they disagree is another state.
 */
import type { ImplGuest } from "./guest.ts";
import { ALLOCATED, ORDERS_SHIFT, OWNER_BITS, TYPES_SHIFT, TYPES, WAITER_WORDS } from "./state.ts";
import type { State } from "./state.ts";

/** A stretch of cells that mean the same. */
export interface CellRow {
  readonly name: string;
  /** Where it begins, and how many there are. */
  readonly at: number;
  readonly length: number;
}

/** Numbers in a typed array that are cells as they are: from where, how many. */
interface Stretch {
  readonly words: Int32Array | Float64Array | Uint8Array;
  readonly from: number;
  readonly length: number;
}

export class GuestCells {
  readonly rows: readonly CellRow[];
  readonly length: number;
  readonly #state: State;
  readonly #callers: number;
  readonly #stretches: readonly Stretch[];

  /** @param callers that wait at a time at most; more can't be told */
  constructor(guest: ImplGuest, callers: number) {
    const { state, shape } = guest;
    this.#state = state;
    this.#callers = callers;
    const named: [string, Stretch][] = [
      ["heads next", { words: state.next, from: state.heads, length: state.next.length - state.heads }],
      ["heads prev", { words: state.prev, from: state.heads, length: state.prev.length - state.heads }],
      ["types", { words: state.types, from: 0, length: state.types.length }],
      ["free", { words: state.free, from: 0, length: shape.zones }],
      ["present", { words: state.present, from: 0, length: shape.zones }],
      ["isolated pageblocks", { words: state.isolatedPageblocks, from: 0, length: shape.zones }],
      ["reserved highatomic", { words: state.reservedHighatomic, from: 0, length: shape.zones }],
      ["cached", { words: state.pcpCount, from: 0, length: state.pcpCount.length }],
      ["waiters", { words: state.waiters, from: 0, length: 1 + callers * WAITER_WORDS }],
      ["hotplug", { words: state.hotplug, from: 0, length: state.hotplug.length }],
      ["reporter", { words: state.reporter, from: 0, length: state.reporter.length }],
    ];
    for (let zone = 0; zone < shape.zones; zone++) {
      const blocks = { words: state.nrFree, from: zone << ORDERS_SHIFT, length: shape.maxOrder + 1 };
      named.push([`blocks of zone ${zone}`, blocks]);
      named.push([`orders of zone ${zone}`, { words: state.available, from: zone << TYPES_SHIFT, length: TYPES }]);
    }
    const { pages } = shape;
    const rows: CellRow[] = ["tags", "next", "prev"].map((name, at) => ({ name, at: at * pages, length: pages }));
    let at = 3 * pages;
    for (const [name, { length }] of named) {
      rows.push({ name, at, length });
      at += length;
    }
    this.rows = rows;
    this.length = at;
    this.#stretches = named.map(([, stretch]) => stretch);
  }

  /**
   * Reads the guest.
   * @param into the first `length` of it are written
   * @throws RangeError where more callers wait than was said
   */
  gather(into: Int32Array): void {
    const { tag, next, prev, waiters } = this.#state;
    const pages = tag.length;
    if (waiters[0] > this.#callers) throw new RangeError(`${waiters[0]} callers wait, more than ${this.#callers}`);
    for (let page = 0; page < pages; page++) {
      into[page] = tag[page];
      const linked = isLinked(tag[page]);
      into[pages + page] = linked ? next[page] : 0;
      into[2 * pages + page] = linked ? prev[page] : 0;
    }
    let at = 3 * pages;
    for (const { words, from, length } of this.#stretches) {
      for (let word = from; word < from + length; word++) into[at++] = words[word];
    }
  }

  /** Makes the guest the one that these cells were read from. */
  scatter(cells: Int32Array): void {
    const { tag, next, prev, waiters, runs } = this.#state;
    const pages = tag.length;
    for (let page = 0; page < pages; page++) {
      tag[page] = cells[page];
      next[page] = cells[pages + page];
      prev[page] = cells[2 * pages + page];
    }
    waiters.fill(0);
    runs.fill(-1);
    let at = 3 * pages;
    for (const { words, from, length } of this.#stretches) {
      for (let word = from; word < from + length; word++) words[word] = cells[at++];
    }
  }
}

/** Blocks that are free, cached or held stand in a ring; on all others, and inside blocks, links say nothing. */
function isLinked(tag: number): boolean {
  return tag !== 0 && (tag & OWNER_BITS) !== ALLOCATED;
}
