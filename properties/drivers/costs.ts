/**
 * What a design costs: counted, not timed, so that it is the same on every machine. A meter is told of every step of a
 * world and keeps its own books from the events; it never asks for the design's marks.
 *
 * The questions are those of the mailing lists: how much is held back and for how long (seed 001), what frees and
 * allocations pay for it, what a walk visits, what is told to the host again and again, what is never told.
 */
import {
  FREE_TAG,
  Layout,
  LIST_BITS,
  MIGRATETYPES,
  OWNER_BITS,
  TYPE_BITS,
  orderOfTag,
  pagesOf,
  type Block,
  type Event,
  type Pages,
  type View,
} from "../../model/alphabet/index.ts";
import type { World } from "./world.ts";

/** Work that an implementation counts itself, since it was made. */
export interface Counted {
  /** List entries, array entries or bits that the worker has looked at. */
  readonly visited: number;
  /** Units of work inside free and alloc: an append, an entry compared, a bit set, a page looked at. */
  readonly inFreePath: number;
}

/** What one workload cost. All of it adds up over several, but for the two maxima. */
export interface Costs {
  readonly steps: number;
  readonly frees: number;
  /** Requests to the host, notices that memory is wanted back included. */
  readonly requests: number;
  /** Blocks and pages that the host was told of and acknowledged; a notice is none. */
  readonly blocksReported: number;
  readonly pagesReported: Pages;
  /** Pages that the host was told of though it had dropped them and nobody was given them since. */
  readonly pagesReportedAgain: Pages;
  /** At rest: pages in free blocks that are large enough to be reported, and how many of them the host still backs. */
  readonly pagesFree: Pages;
  readonly pagesMissed: Pages;
  readonly mostPagesHeld: Pages;
  /** Steps from taking a block to giving it back, the longest time. */
  readonly longestHold: number;
  readonly visited: number;
  readonly inFreePath: number;
  /** Sum over steps of the CPUs that could not go on because of the reporter. */
  readonly stalledSteps: number;
}

export const NO_COSTS: Costs = {
  steps: 0,
  frees: 0,
  requests: 0,
  blocksReported: 0,
  pagesReported: 0,
  pagesReportedAgain: 0,
  pagesFree: 0,
  pagesMissed: 0,
  mostPagesHeld: 0,
  longestHold: 0,
  visited: 0,
  inFreePath: 0,
  stalledSteps: 0,
};

/** The costs of two workloads together. */
export function plus(one: Costs, other: Costs): Costs {
  return {
    steps: one.steps + other.steps,
    frees: one.frees + other.frees,
    requests: one.requests + other.requests,
    blocksReported: one.blocksReported + other.blocksReported,
    pagesReported: one.pagesReported + other.pagesReported,
    pagesReportedAgain: one.pagesReportedAgain + other.pagesReportedAgain,
    pagesFree: one.pagesFree + other.pagesFree,
    pagesMissed: one.pagesMissed + other.pagesMissed,
    mostPagesHeld: Math.max(one.mostPagesHeld, other.mostPagesHeld),
    longestHold: Math.max(one.longestHold, other.longestHold),
    visited: one.visited + other.visited,
    inFreePath: one.inFreePath + other.inFreePath,
    stalledSteps: one.stalledSteps + other.stalledSteps,
  };
}

// What the meter knows of a page.
/** The host has dropped it, and nobody was given it since. */
const DROPPED = 1;
/** The reporter holds it. */
const HELD = 2;
/** It was submitted since the reporter took it. */
const SENT = 4;

const ISOLATE = MIGRATETYPES.indexOf("isolate");

/** What a request will have reported once it is acknowledged. */
interface Told {
  readonly blocks: number;
  readonly pages: Pages;
}

export class Meter {
  readonly #view: View;
  readonly #layout: Layout;
  readonly #pages: Uint8Array;
  /** By first page of a held block: the step that took it. */
  readonly #since = new Map<number, number>();
  readonly #told = new Map<number, Told>();
  readonly #counted: Counted;
  #held = 0;
  #costs = { ...NO_COSTS };

  /** @param counted what the implementation counts itself, from the start of the world on */
  constructor(world: World, counted: Counted) {
    this.#view = world.view();
    this.#layout = new Layout(world.scope.geometry);
    this.#pages = new Uint8Array(this.#layout.pages);
    this.#counted = counted;
  }

  /** A step was taken: counts what happened in it. */
  step(events: readonly Event[]): void {
    this.#costs.steps++;
    for (const event of events) this.#observe(event);
    this.#costs.stalledSteps += this.#view.stalled();
  }

  /** What it cost until now; what is missed is counted as if the guest were at rest. */
  costs(): Costs {
    const { visited, inFreePath } = this.#counted;
    return { ...this.#costs, ...this.#atRest(), visited, inFreePath };
  }

  #observe(event: Event): void {
    switch (event.event) {
      case "alloc":
        return this.#forget(event, DROPPED);
      case "free":
        this.#costs.frees++;
        return;
      case "isolate":
        return this.#taken(event);
      case "release":
        return this.#returned(event);
      case "submit":
        return this.#submitted(event.request, event.ranges);
      case "discard":
        return this.#note(event, DROPPED);
      case "ack":
        return this.#acked(event.request, event.ok);
      case "online":
      case "offline":
        // Sections are no blocks: page by page.
        for (let page = 0; page < event.pages; page++) this.#forget({ pfn: event.start + page, order: 0 }, DROPPED);
        return;
      default:
        return;
    }
  }

  #taken(block: Block): void {
    this.#note(block, HELD);
    this.#since.set(this.#layout.pageOf(block.pfn), this.#costs.steps);
    this.#held += pagesOf(block.order);
    this.#costs.mostPagesHeld = Math.max(this.#costs.mostPagesHeld, this.#held);
  }

  #returned(block: Block): void {
    const first = this.#layout.pageOf(block.pfn);
    const since = this.#since.get(first) ?? this.#costs.steps;
    this.#since.delete(first);
    this.#forget(block, HELD | SENT);
    this.#held -= pagesOf(block.order);
    this.#costs.longestHold = Math.max(this.#costs.longestHold, this.#costs.steps - since);
  }

  /** A block that is sent again while it is held, as when a balloon deflates, is a notice and no report. */
  #submitted(request: number, ranges: readonly Block[]): void {
    const reports = ranges.filter((range) => !this.#has(range.pfn, HELD | SENT));
    const pages = reports.reduce((sum, range) => sum + pagesOf(range.order), 0);
    this.#costs.requests++;
    for (const range of reports) {
      this.#costs.pagesReportedAgain += this.#count(range, DROPPED);
      if (this.#has(range.pfn, HELD)) this.#note(range, SENT);
    }
    this.#told.set(request, { blocks: reports.length, pages });
  }

  #acked(request: number, ok: boolean): void {
    const told = this.#told.get(request);
    this.#told.delete(request);
    if (told === undefined || !ok) return;
    this.#costs.blocksReported += told.blocks;
    this.#costs.pagesReported += told.pages;
  }

  #atRest(): Pick<Costs, "pagesFree" | "pagesMissed"> {
    const { tags } = this.#view.words();
    const least = this.#view.reportOrder();
    let pagesFree = 0;
    let pagesMissed = 0;
    for (let head = 0; head < this.#layout.pages; head++) {
      const tag = tags[head];
      const order = orderOfTag(tag);
      if ((tag & OWNER_BITS) !== FREE_TAG || order < least || (tag & LIST_BITS & TYPE_BITS) === ISOLATE) continue;
      const block = { pfn: this.#layout.pfnOf(head), order };
      pagesFree += pagesOf(order);
      pagesMissed += pagesOf(order) - this.#count(block, DROPPED);
    }
    return { pagesFree, pagesMissed };
  }

  #has(pfn: number, bits: number): boolean {
    return (this.#pages[this.#layout.pageOf(pfn)] & bits) === bits;
  }

  #count({ pfn, order }: Block, bit: number): Pages {
    const first = this.#layout.pageOf(pfn);
    let found = 0;
    for (let page = first; page < first + pagesOf(order); page++) if ((this.#pages[page] & bit) !== 0) found++;
    return found;
  }

  #note({ pfn, order }: Block, bits: number): void {
    const first = this.#layout.pageOf(pfn);
    for (let page = first; page < first + pagesOf(order); page++) this.#pages[page] |= bits;
  }

  #forget({ pfn, order }: Block, bits: number): void {
    const first = this.#layout.pageOf(pfn);
    for (let page = first; page < first + pagesOf(order); page++) this.#pages[page] &= ~bits;
  }
}
