/**
 * The states of all pages, as a forest of binary trees: one tree for each block of 2^maxOrder pages, one node for each
 * aligned block in it. A node tells which states occur in its block, so a block of any order is checked and changed in
 * at most maxOrder steps. Below a node with one single state nothing is up to date: it is pushed down when needed.
 *
 *     order 2         {free, held}                a block that is mixed: look below
 *     order 1     {free}        {held}            blocks of one state: look no further
 *     order 0   ....   ....   ....   ....
 *
 * Blocks that merge again become one node again, so the walk through a mixed block is paid for by the events that
 * mixed it. Each node also knows the largest free block in it (`fake-oom`) and whether a block of the report order is
 * free and not reported (`completeness`); the sums over each zone's roots answer both in constant time.
 *
 * Pages have a dense index here, zone after zone in ascending order, as page frame numbers reach 2^53.
 */
import type { Geometry, Order, Pfn } from "../../../model/alphabet/index.ts";
import { InputError, pagesOf, spannedPages } from "../../../model/alphabet/index.ts";
import type { Span } from "./spans.ts";
import { spansOf } from "./spans.ts";
import type { Change, States } from "./states.ts";
import {
  ABSENT,
  ALL_STATES,
  ANY_FREE,
  ANY_HELD,
  FREE,
  STATE_COUNT,
  UNKNOWN,
  change,
  isUniform,
  stateNumber,
} from "./states.ts";

/** Which blocks count as usable: free ones (perhaps unknown ones), or those that giving back the held pages frees. */
export type Usable = "now" | "after-release";

// A node: the states that occur in the block; two sizes of a largest usable block (now, and once all is given back),
// each 1 + its order, or 0 for none; and whether it has a block that completeness forbids.
const NOW_SHIFT = STATE_COUNT;
const RELEASE_SHIFT = STATE_COUNT + 5;
const NOW_FIELD = 31 << NOW_SHIFT;
const RELEASE_FIELD = 31 << RELEASE_SHIFT;
const UNREPORTED = 1 << (STATE_COUNT + 10);

const NOT_USABLE_NOW = ALL_STATES & ~(ANY_FREE | UNKNOWN);
const NOT_USABLE_AFTER_RELEASE = ALL_STATES & ~(ANY_FREE | ANY_HELD);
const NOT_FREE = ALL_STATES & ~ANY_FREE;
const TO_ABSENT = change([ALL_STATES, ABSENT]);

export class PageStates {
  readonly spans: readonly Span[];
  /** Pages in each state, zone by zone: `slot * STATE_COUNT + number of the state`. */
  private readonly counts: Float64Array;
  /** Roots whose largest usable block has this size: `slot * sizes + size`. */
  private readonly usableNow: Float64Array;
  private readonly usableAfterRelease: Float64Array;
  /** Roots with a free block of the report order that is not reported, zone by zone. */
  private readonly unreportedRoots: Float64Array;

  private readonly geometry: Geometry;
  private readonly maxOrder: Order;
  /** Sizes of a largest usable block: none, and each order. */
  private readonly sizes: number;
  private readonly reportOrder: Order;
  private readonly initial: States;
  private readonly nodes: Uint32Array;
  /** The four arrays of sums above, one behind the other. */
  private readonly sums: Float64Array;
  /** Sums and nodes, as they were kept. */
  private keptSums: Float64Array | undefined;
  private keptNodes: Uint32Array | undefined;
  /** Where the nodes of each order begin; the roots come first. */
  private readonly levels: number[] = [];
  /** What a node of one single state says: `order * STATE_COUNT + number of the state`. */
  private readonly uniform: Uint32Array;
  private last = 0;

  /**
   * @param initial the state of every present page at the start
   * @throws InputError where the pages don't fit in memory (8 bytes each)
   */
  constructor(geometry: Geometry, initial: States) {
    this.geometry = geometry;
    this.maxOrder = geometry.maxOrder;
    this.sizes = this.maxOrder + 2;
    this.reportOrder = geometry.reportOrder;
    this.initial = initial;
    this.spans = spansOf(geometry);
    const pages = spannedPages(geometry);
    let nodes = 0;
    for (let order = this.maxOrder; order >= 0; order--) {
      this.levels[order] = nodes;
      nodes += pages / 2 ** order;
    }
    const slots = this.spans.length;
    const sums = slots * (STATE_COUNT + 2 * this.sizes + 1);
    const buffer = reserve(8 * sums + 4 * nodes, pages);
    let at = 0;
    const float64 = (length: number): Float64Array => {
      at += 8 * length;
      return new Float64Array(buffer, at - 8 * length, length);
    };
    this.counts = float64(slots * STATE_COUNT);
    this.usableNow = float64(slots * this.sizes);
    this.usableAfterRelease = float64(slots * this.sizes);
    this.unreportedRoots = float64(slots);
    this.nodes = new Uint32Array(buffer, at, nodes);
    this.sums = new Float64Array(buffer, 0, sums);
    this.uniform = new Uint32Array((this.maxOrder + 1) * STATE_COUNT);
    for (let order = 0; order <= this.maxOrder; order++) {
      for (let index = 0; index < STATE_COUNT; index++) {
        const half = order === 0 ? 1 << index : this.uniform[(order - 1) * STATE_COUNT + index];
        this.uniform[order * STATE_COUNT + index] = this.join(order, half, half);
      }
    }
    this.reset();
  }

  /** Every present page is in its initial state again. Costs a step for each root and hole. */
  reset(): void {
    const root = this.uniform[this.maxOrder * STATE_COUNT + stateNumber(this.initial)];
    this.nodes.fill(root, 0, spannedPages(this.geometry) / 2 ** this.maxOrder);
    this.counts.fill(0);
    this.usableNow.fill(0);
    this.usableAfterRelease.fill(0);
    this.unreportedRoots.fill(0);
    for (const span of this.spans) {
      const pages = span.end - span.start;
      this.counts[span.slot * STATE_COUNT + stateNumber(this.initial)] = pages;
      this.countRoot(span.slot, root, pages / 2 ** this.maxOrder);
      for (const hole of this.geometry.zones[span.zone].holes) {
        this.changeRange(span, hole.start, hole.start + hole.pages, TO_ABSENT);
      }
    }
  }

  /** Every page is in the state that it has there; both have the same geometry. */
  copy(other: PageStates): void {
    this.nodes.set(other.nodes);
    this.sums.set(other.sums);
  }

  /** Pages of all zones. */
  get length(): number {
    return this.nodes.length - this.levels[0];
  }

  /** Writes the state's number of each page. @returns the first cell behind them */
  save(cells: Int32Array, at: number): number {
    const { nodes, levels, maxOrder } = this;
    const root = 1 << maxOrder;
    const pages = this.length;
    for (let first = 0; first < pages; first += root) {
      for (let page = 0; page < root; page++) {
        let level = maxOrder;
        let states = nodes[levels[level] + ((first + page) >>> level)] & ALL_STATES;
        while (!isUniform(states)) states = nodes[levels[--level] + ((first + page) >>> level)] & ALL_STATES;
        // A node of one state speaks for all its pages.
        const end = page + (1 << level) - (page & ((1 << level) - 1));
        for (; page < end; page++) cells[at + first + page] = stateNumber(states);
        page--;
      }
    }
    return at + pages;
  }

  /** Takes every page to the state that was written. @returns the first cell behind them */
  load(cells: Int32Array, at: number): number {
    const { nodes, levels, maxOrder, uniform } = this;
    const pages = this.length;
    this.counts.fill(0);
    this.usableNow.fill(0);
    this.usableAfterRelease.fill(0);
    this.unreportedRoots.fill(0);
    for (const { slot, base, end, start } of this.spans) {
      for (let page = base; page < base + (end - start); page++) {
        this.counts[slot * STATE_COUNT + cells[at + page]]++;
        nodes[levels[0] + page] = uniform[cells[at + page]];
      }
    }
    for (let level = 1; level <= maxOrder; level++) {
      for (let node = 0; node < pages >>> level; node++) {
        const below = levels[level - 1] + 2 * node;
        nodes[levels[level] + node] = this.join(level, nodes[below], nodes[below + 1]);
      }
    }
    for (const { slot, base, end, start } of this.spans) {
      for (let page = base; page < base + (end - start); page += 1 << maxOrder) {
        this.countRoot(slot, nodes[levels[maxOrder] + (page >>> maxOrder)], 1);
      }
    }
    return at + pages;
  }

  /** Remembers all states, to come back to them. */
  keep(): void {
    this.keptSums ??= this.sums.slice();
    this.keptNodes ??= this.nodes.slice();
    // There are a few words: a loop is done with them before `set` begins.
    for (let at = 0; at < this.sums.length; at++) this.keptSums[at] = this.sums[at];
    for (let at = 0; at < this.nodes.length; at++) this.keptNodes[at] = this.nodes[at];
  }

  /** Back to what was kept last. */
  undo(): void {
    const { keptSums, keptNodes } = this;
    if (keptSums === undefined || keptNodes === undefined) return;
    for (let at = 0; at < this.sums.length; at++) this.sums[at] = keptSums[at];
    for (let at = 0; at < this.nodes.length; at++) this.nodes[at] = keptNodes[at];
  }

  /** The zone around a page, or undefined outside all zones. */
  spanOf(pfn: Pfn): Span | undefined {
    const recent = this.spans[this.last];
    if (recent !== undefined && pfn >= recent.start && pfn < recent.end) return recent;
    let low = 0;
    let high = this.spans.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const span = this.spans[middle];
      if (pfn < span.start) high = middle - 1;
      else if (pfn >= span.end) low = middle + 1;
      else {
        this.last = middle;
        return span;
      }
    }
    return undefined;
  }

  /** Pages of a zone in any of these states. */
  count(span: Span, states: States): number {
    let sum = 0;
    for (let index = 0; index < STATE_COUNT; index++) {
      if ((states & (1 << index)) !== 0) sum += this.counts[span.slot * STATE_COUNT + index];
    }
    return sum;
  }

  /** True where the zone has an aligned block of this order that is wholly usable. */
  hasUsable(span: Span, order: Order, usable: Usable): boolean {
    const roots = usable === "now" ? this.usableNow : this.usableAfterRelease;
    for (let size = order + 1; size <= this.maxOrder + 1; size++) {
      if (roots[span.slot * this.sizes + size] > 0) return true;
    }
    return false;
  }

  /** True where an aligned block of the report order is wholly free and not wholly marked. */
  hasUnreported(span: Span): boolean {
    return this.unreportedRoots[span.slot] > 0;
  }

  /** The states in an aligned block that lies inside a zone. */
  statesOf(span: Span, pfn: Pfn, order: Order): States {
    const at = span.base + (pfn - span.start);
    for (let level = this.maxOrder; level > order; level--) {
      const states = this.nodes[this.levels[level] + (at >>> level)] & ALL_STATES;
      if (isUniform(states)) return states;
    }
    return this.nodes[this.levels[order] + (at >>> order)] & ALL_STATES;
  }

  /** Changes an aligned block that lies inside a zone. */
  changeBlock(span: Span, pfn: Pfn, order: Order, to: Change): void {
    const { nodes, levels, maxOrder } = this;
    const at = span.base + (pfn - span.start);
    const root = levels[maxOrder] + (at >>> maxOrder);
    const before = nodes[root];
    for (let level = maxOrder; level > order; level--) {
      const states = nodes[levels[level] + (at >>> level)] & ALL_STATES;
      if (!isUniform(states)) continue;
      const number = stateNumber(states);
      if (to[number] === states) return;
      const below = levels[level - 1] + (at >>> level) * 2;
      nodes[below] = nodes[below + 1] = this.uniform[(level - 1) * STATE_COUNT + number];
    }
    this.recolor(span.slot, order, at >>> order, to);
    for (let level = order + 1; level <= maxOrder; level++) {
      const node = levels[level] + (at >>> level);
      const below = levels[level - 1] + (at >>> level) * 2;
      const joined = this.join(level, nodes[below], nodes[below + 1]);
      if (joined === nodes[node]) return;
      nodes[node] = joined;
    }
    const after = nodes[root];
    if (after === before) return;
    this.countRoot(span.slot, before, -1);
    this.countRoot(span.slot, after, 1);
  }

  /** The states in a range of any shape; pages outside its zone are left out. */
  statesIn(span: Span, start: Pfn, end: Pfn): States {
    let states = 0;
    for (let at = Math.max(start, span.start); at < Math.min(end, span.end);) {
      const order = this.largestAt(span, at, Math.min(end, span.end));
      states |= this.statesOf(span, at, order);
      at += pagesOf(order);
    }
    return states;
  }

  /** Changes a range of any shape inside a zone. */
  changeRange(span: Span, start: Pfn, end: Pfn, to: Change): void {
    for (let at = start; at < end;) {
      const order = this.largestAt(span, at, end);
      this.changeBlock(span, at, order, to);
      at += pagesOf(order);
    }
  }

  /** The first page from `start` on, before `end`, in one of these states, or `end`. For explanations. */
  firstIn(span: Span, start: Pfn, end: Pfn, states: States): Pfn {
    for (let at = Math.max(start, span.start); at < Math.min(end, span.end);) {
      let order = this.largestAt(span, at, Math.min(end, span.end));
      let found = this.statesOf(span, at, order) & states;
      while (found !== 0 && order > 0) {
        order -= 1;
        found = this.statesOf(span, at, order) & states;
      }
      if (found !== 0) return at;
      at += pagesOf(order);
    }
    return end;
  }

  /** The first aligned block of this order that has only these states and, of `some`, at least one; for explanations. */
  firstBlock(span: Span, order: Order, only: States, some: States): Pfn | undefined {
    for (let at = span.start; at < span.end; at += 2 ** order) {
      const states = this.statesOf(span, at, order);
      if ((states & ~only) === 0 && (states & some) !== 0) return at;
    }
    return undefined;
  }

  /** The order of the largest aligned block that begins here and ends at `end` at the latest. */
  private largestAt(span: Span, start: Pfn, end: Pfn): Order {
    let order = 0;
    while (
      order < this.maxOrder &&
      (start - span.start) % pagesOf(order + 1) === 0 &&
      start + pagesOf(order + 1) <= end
    ) {
      order += 1;
    }
    return order;
  }

  private recolor(slot: number, order: Order, at: number, to: Change): void {
    const node = this.levels[order] + at;
    const states = this.nodes[node] & ALL_STATES;
    if (isUniform(states)) {
      const number = stateNumber(states);
      const changed = to[number];
      if (changed === states) return;
      const pages = pagesOf(order);
      const changedNumber = stateNumber(changed);
      this.counts[slot * STATE_COUNT + number] -= pages;
      this.counts[slot * STATE_COUNT + changedNumber] += pages;
      this.nodes[node] = this.uniform[order * STATE_COUNT + changedNumber];
      return;
    }
    this.recolor(slot, order - 1, at * 2, to);
    this.recolor(slot, order - 1, at * 2 + 1, to);
    const below = this.levels[order - 1] + at * 2;
    this.nodes[node] = this.join(order, this.nodes[below], this.nodes[below + 1]);
  }

  /** The node of a block whose halves have these nodes. */
  private join(order: Order, left: number, right: number): number {
    const states = (left | right) & ALL_STATES;
    const now =
      (states & NOT_USABLE_NOW) === 0 ? (order + 1) << NOW_SHIFT : Math.max(left & NOW_FIELD, right & NOW_FIELD);
    const released =
      (states & NOT_USABLE_AFTER_RELEASE) === 0
        ? (order + 1) << RELEASE_SHIFT
        : Math.max(left & RELEASE_FIELD, right & RELEASE_FIELD);
    let unreported = 0;
    if (order > this.reportOrder) unreported = (left | right) & UNREPORTED;
    else if (order === this.reportOrder && (states & NOT_FREE) === 0 && (states & FREE) !== 0) unreported = UNREPORTED;
    return states | now | released | unreported;
  }

  private countRoot(slot: number, root: number, by: number): void {
    this.usableNow[slot * this.sizes + ((root & NOW_FIELD) >>> NOW_SHIFT)] += by;
    this.usableAfterRelease[slot * this.sizes + ((root & RELEASE_FIELD) >>> RELEASE_SHIFT)] += by;
    if ((root & UNREPORTED) !== 0) this.unreportedRoots[slot] += by;
  }
}

function reserve(bytes: number, pages: number): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError({ key: "zones" }, `found ${pages} pages, more than fit in this machine's memory: not judged`);
  }
}
