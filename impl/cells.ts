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
import type { Runs } from "./runs.ts";
import type { State } from "./state.ts";

/** A stretch of cells that mean the same. */
export interface CellRow {
  readonly name: string;
  /** Where it begins, and how many there are. */
  readonly at: number;
  readonly length: number;
}

/** Where a cell stands in the guest. */
export interface CellSource {
  readonly words: Int32Array | Float64Array | Uint16Array | Uint8Array;
  readonly at: number;
  /** Of a link: the page it starts from; where that page's block is on no list, the cell is 0. */
  readonly linkOf: number | undefined;
}

/** Words that are cells as they are: in which array, from where, how many. */
interface Stretch<Words> {
  readonly words: Words;
  readonly from: number;
  readonly length: number;
  /** The first cell. */
  readonly at: number;
}

export class GuestCells {
  readonly rows: readonly CellRow[];
  #end = 0;
  readonly #typesAt: number;
  readonly #state: State;
  readonly #runs: Runs;
  readonly #callers: number;
  // A loop over an array of one kind is several times as fast as one that meets all kinds.
  readonly #int32: Stretch<Int32Array>[] = [];
  readonly #float64: Stretch<Float64Array>[] = [];

  /** @param callers that wait at a time at most; more can't be told */
  constructor(guest: ImplGuest, callers: number) {
    const { state, shape } = guest;
    const { pages, zones } = shape;
    this.#state = state;
    this.#runs = guest.runs;
    this.#callers = callers;
    const rows: CellRow[] = [];
    const row = (name: string, length: number): number => {
      const at = this.#end;
      rows.push({ name, at, length });
      this.#end += length;
      return at;
    };
    const int32 = (name: string, words: Int32Array, from: number, length: number): void => {
      this.#int32.push({ words, from, length, at: row(name, length) });
    };
    const float64 = (name: string, words: Float64Array, length: number): void => {
      this.#float64.push({ words, from: 0, length, at: row(name, length) });
    };
    row("tags", pages);
    row("next", pages);
    row("prev", pages);
    this.#typesAt = row("types", state.types.length);
    int32("heads next", state.next, state.heads, state.next.length - state.heads);
    int32("heads prev", state.prev, state.heads, state.prev.length - state.heads);
    for (let zone = 0; zone < zones; zone++) {
      int32(`blocks of zone ${zone}`, state.nrFree, zone << ORDERS_SHIFT, shape.maxOrder + 1);
      int32(`orders of zone ${zone}`, state.available, zone << TYPES_SHIFT, TYPES);
    }
    int32("free", state.free, 0, zones);
    int32("present", state.present, 0, zones);
    int32("isolated pageblocks", state.isolatedPageblocks, 0, zones);
    int32("reserved highatomic", state.reservedHighatomic, 0, zones);
    int32("cached", state.pcpCount, 0, state.pcpCount.length);
    float64("waiters", state.waiters, 1 + callers * WAITER_WORDS);
    float64("hotplug", state.hotplug, state.hotplug.length);
    float64("reporter", state.reporter, state.reporter.length);
    this.rows = rows;
  }

  get length(): number {
    return this.#end;
  }

  /** By cell: where it stands. So whoever knows the cells that vary can read just these. */
  sources(): CellSource[] {
    const { tag, next, prev, types } = this.#state;
    const pages = tag.length;
    const sources: CellSource[] = [];
    const put = (words: CellSource["words"], from: number, length: number, at: number, links = false): void => {
      for (let word = 0; word < length; word++) {
        sources[at + word] = { words, at: from + word, linkOf: links ? word : undefined };
      }
    };
    put(tag, 0, pages, 0);
    put(next, 0, pages, pages, true);
    put(prev, 0, pages, 2 * pages, true);
    put(types, 0, types.length, this.#typesAt);
    for (const { words, from, length, at } of this.#int32) put(words, from, length, at);
    for (const { words, from, length, at } of this.#float64) put(words, from, length, at);
    return sources;
  }

  /**
   * Reads the guest.
   * @param into the first `length` of it are written
   * @throws RangeError where more callers wait than was said
   */
  gather(into: Int32Array): void {
    const { tag, next, prev, types, waiters } = this.#state;
    const pages = tag.length;
    if (waiters[0] > this.#callers) throw new RangeError(`${waiters[0]} callers wait, more than ${this.#callers}`);
    for (let page = 0; page < pages; page++) {
      into[page] = tag[page];
      const linked = isLinked(tag[page]);
      into[pages + page] = linked ? next[page] : 0;
      into[2 * pages + page] = linked ? prev[page] : 0;
    }
    for (let pageblock = 0; pageblock < types.length; pageblock++) into[this.#typesAt + pageblock] = types[pageblock];
    for (const { words, from, length, at } of this.#int32) {
      for (let word = 0; word < length; word++) into[at + word] = words[from + word];
    }
    for (const { words, length, at } of this.#float64) {
      for (let word = 0; word < length; word++) into[at + word] = words[word];
    }
  }

  /** Nothing is known of runs, as in a guest that was just made from cells. */
  forgetRuns(): void {
    this.#runs.forgetAll();
  }

  /** Makes the guest the one that these cells were read from. */
  scatter(cells: Int32Array): void {
    const { tag, next, prev, types, waiters } = this.#state;
    const pages = tag.length;
    for (let page = 0; page < pages; page++) {
      tag[page] = cells[page];
      next[page] = cells[pages + page];
      prev[page] = cells[2 * pages + page];
    }
    for (let pageblock = 0; pageblock < types.length; pageblock++) types[pageblock] = cells[this.#typesAt + pageblock];
    waiters.fill(0);
    this.forgetRuns();
    for (const { words, from, length, at } of this.#int32) {
      for (let word = 0; word < length; word++) words[from + word] = cells[at + word];
    }
    for (const { words, length, at } of this.#float64) {
      for (let word = 0; word < length; word++) words[word] = cells[at + word];
    }
  }
}

/** Blocks that are free, cached or held stand in a ring; on all others, and inside blocks, links say nothing. */
export function isLinked(tag: number): boolean {
  return tag !== 0 && (tag & OWNER_BITS) !== ALLOCATED;
}
