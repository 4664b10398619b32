/**
 * Runs of pages for one hypercall: what the host is to drop, as few ranges as possible. `nitesh-wei-host.md` 4.1, F3.
 *
 * The list has a fixed number of places. Pages join it one by one, so mostly the last run grows. A full list is sorted and merged
 * where it stands; a call then cuts the runs into aligned blocks, one request after the other, and only remembers how
 * far it has come.
 */
import type { Block, Order, Pages } from "../../model/alphabet/index.ts";
import type { Shape } from "../shape.ts";

const COUNT = 0;
/** How far a call has come: the run from which the next ranges are cut, and the page in it. */
const CUT_RUN = 1;
const CUT_PAGE = 2;
const RUNS = 3;
/** A run: its first page and how many. */
const RUN_WORDS = 2;

/** How many words a list of so many places has. */
export function runListWords(places: number): number {
  return RUNS + places * RUN_WORDS;
}

export class RunList {
  readonly #shape: Shape;
  readonly #places: number;
  readonly #words: Float64Array;

  /** @param words where it stands in the buffer: `runListWords(places)` of them */
  constructor(shape: Shape, places: number, words: Float64Array) {
    this.#shape = shape;
    this.#places = places;
    this.#words = words;
  }

  get count(): number {
    return this.#words[COUNT];
  }

  isFull(): boolean {
    return this.count === this.#places;
  }

  /** The first page of a run. */
  first(run: number): number {
    return this.#words[RUNS + run * RUN_WORDS];
  }

  pages(run: number): Pages {
    return this.#words[RUNS + run * RUN_WORDS + 1];
  }

  /** The page behind a run. */
  end(run: number): number {
    return this.first(run) + this.pages(run);
  }

  /** Has some run a page of a block? */
  meets(block: number, order: Order): boolean {
    for (let run = 0; run < this.count; run++) {
      if (this.first(run) < block + 2 ** order && this.end(run) > block) return true;
    }
    return false;
  }

  // ---- gathering ----

  /** A page joins the last run where that ends right before it; else it begins a run. There must be a place. */
  add(page: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.end(last) === page && this.isOneZone(this.first(last), page)) {
      this.#put(last, this.first(last), this.pages(last) + 1);
    } else {
      this.#put(this.count, page, 1);
      this.#words[COUNT]++;
    }
  }

  /** Runs never go beyond their zone. */
  isOneZone(page: number, other: number): boolean {
    return this.#shape.zoneOf(page) === this.#shape.zoneOf(other);
  }

  /** By insertion: all but the newest runs stand in order already, in general. */
  sort(): void {
    for (let from = 1; from < this.count; from++) {
      const first = this.first(from);
      const pages = this.pages(from);
      let at = from;
      for (; at > 0 && this.first(at - 1) > first; at--) this.#put(at, this.first(at - 1), this.pages(at - 1));
      this.#put(at, first, pages);
    }
  }

  /** Of sorted runs those become one that touch or overlap. */
  merge(): void {
    let last = 0;
    for (let run = 1; run < this.count; run++) {
      if (this.joins(last, run)) {
        this.#put(last, this.first(last), Math.max(this.end(last), this.end(run)) - this.first(last));
      } else {
        last++;
        this.#put(last, this.first(run), this.pages(run));
      }
    }
    this.#shorten(last + 1);
  }

  /** Does a run begin in another that stands before it, or right behind that? */
  joins(last: number, run: number): boolean {
    return this.first(run) <= this.end(last) && this.isOneZone(this.first(run), this.first(last));
  }

  /** Forgets the run that begins at a page. */
  drop(page: number): void {
    let kept = 0;
    for (let run = 0; run < this.count; run++) {
      if (this.first(run) !== page) this.#put(kept++, this.first(run), this.pages(run));
    }
    this.#shorten(kept);
  }

  clear(): void {
    this.#words.fill(0);
  }

  /** Keeps so many runs, the first. The places behind them are cleared: what stood there must not tell two states from each other. */
  #shorten(runs: number): void {
    this.#words.fill(0, RUNS + runs * RUN_WORDS, RUNS + this.count * RUN_WORDS);
    this.#words[COUNT] = runs;
  }

  #put(run: number, first: number, pages: Pages): void {
    this.#words[RUNS + run * RUN_WORDS] = first;
    this.#words[RUNS + run * RUN_WORDS + 1] = pages;
  }

  // ---- cutting ----

  /** A call begins: ranges are cut from the first run on. */
  beginCut(): void {
    this.#words[CUT_RUN] = 0;
    this.#words[CUT_PAGE] = this.first(0);
  }

  /** The next range of the call, ascending, of at least the report order; undefined where none is left. */
  cutNext(): Block | undefined {
    const words = this.#words;
    for (;;) {
      const run = words[CUT_RUN];
      if (run === this.count) return undefined;
      const page = words[CUT_PAGE];
      const order = this.orderOfCut(page, this.end(run));
      words[CUT_PAGE] += 2 ** order;
      if (words[CUT_PAGE] === this.end(run)) {
        words[CUT_RUN] = run + 1;
        words[CUT_PAGE] = run + 1 < this.count ? this.first(run + 1) : 0;
      }
      if (order >= this.#shape.reportOrder) return { pfn: this.#shape.pfnOf(page), order };
    }
  }

  /** Ranges that are still to be cut for the call. */
  get uncut(): number {
    let ranges = 0;
    for (let run = this.#words[CUT_RUN]; run < this.count; run++) {
      let page = run === this.#words[CUT_RUN] ? this.#words[CUT_PAGE] : this.first(run);
      while (page < this.end(run)) {
        const order = this.orderOfCut(page, this.end(run));
        if (order >= this.#shape.reportOrder) ranges++;
        page += 2 ** order;
      }
    }
    return ranges;
  }

  /** The order of the largest aligned block that begins at a page and ends at or before another. */
  orderOfCut(page: number, end: number): Order {
    let order = 0;
    while (order < this.#shape.maxOrder && page % (2 << order) === 0 && page + (2 << order) <= end) order++;
    return order;
  }
}
