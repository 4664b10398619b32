/**
 * Listens to the events once more, now that it is known which one breaks a rule, and keeps what explains it: who has the
 * pages around it, how they came there, what is open, who sleeps, and what happens to the same pages and requests afterwards.
 * What it keeps does not grow with the number of events.
 */
import type { Block, Event, Geometry, PageRange, Pages } from "../../model/alphabet/index.ts";
import { pagesOf } from "../../model/alphabet/index.ts";
import type { Contract, ContractOptions } from "../judges/contract.ts";
import { rangeOf } from "../judges/contract/explain.ts";
import type { PropertyId, Violation } from "../judges/properties.ts";
import type { Heard, Placed, Unit } from "./rejection.ts";
import { Tenures } from "./tenures.ts";
import { overlap, rangesOf } from "./words.ts";

/** What is known of a break before anybody explains it. */
export interface Break {
  readonly geometry: Geometry;
  readonly options: ContractOptions;
  readonly violation: Violation;
  readonly unit: Unit;
  /** The place of the event that breaks the rule; the number of all events where the end does. */
  readonly index: number;
  /** Its number; of the end the last event's. */
  readonly at: number;
  /** Absent: what is wrong is wrong at the end. */
  readonly event?: Event;
  /** True where another judge than the contract found it: the events alone break nothing. */
  readonly isUnheard?: boolean;
  /** Pages that it is about beside those that the violation and the event name. Default: none. */
  readonly concern?: readonly PageRange[];
}

/** Pages whose histories are kept: so many from the first on. */
export const MOST_PAGES: Pages = 4096;
/** Later events on the same pages that are kept. */
const MOST_LATER = 8;
/** Later events after which nothing more is looked for, where they are not about the same pages. */
const FAR = 200_000;

interface OpenRequest {
  readonly ranges: readonly Block[];
  readonly submitted: Placed;
}

/** A request that is open no more; one from before the recording is known by its ack alone. */
interface Answered extends Partial<OpenRequest> {
  readonly ack: Placed;
}

export class Witness {
  readonly broke: Break;
  /** What the contract knew right before the break. */
  readonly contract: Contract;
  /** What it knew before the step that broke it, where no single event did. */
  beforeStep: Contract | undefined;
  /** An earlier violation that does not count here: from there on the contract knows nothing more. */
  blind: { readonly at: number; readonly property: PropertyId } | undefined;
  readonly tenures: Tenures;
  /** Requests that were open, by number. */
  readonly open = new Map<number, OpenRequest>();
  /** Blocks that the reporter held, and had not submitted since it took them. */
  readonly waiting = new Map<number, Block>();
  /** Blocks that the reporter held: as it took them. */
  readonly held = new Map<number, Block>();
  /** Who slept: ticket, and the event with which he began. */
  readonly sleepers = new Map<number, Placed>();
  /** The latest request of the number that the broken event names, where it was acked. */
  answered: Answered | undefined;
  /** Requests submitted so far. */
  requests = 0;
  /** When the device went away, where it did. */
  unregistered: Placed | undefined;
  /** What came right before. */
  previous: Placed | undefined;
  /** What comes later on the same pages and of the same requests. */
  readonly later: Placed[] = [];
  /** Acks of requests never seen, and callers woken of whom nobody had seen that they sleep. */
  requestsFromBefore = 0;
  callersFromBefore = 0;
  /** The number of events heard. */
  heard = 0;
  readonly #isolateIsUnseen: boolean;
  #highestRequest = 0;
  /** Requests submitted after the break, of pages that it is about. */
  readonly #laterRequests = new Set<number>();

  constructor(origin: Contract, broke: Break) {
    this.broke = broke;
    this.contract = origin;
    const { options } = broke;
    this.tenures = new Tenures(limited(concernOf(broke)), options.unseen ?? []);
    this.#isolateIsUnseen = options.unseen?.includes("isolate") ?? false;
  }

  /** The next event. @returns false where nothing that comes later can matter any more */
  hear({ at, event }: Heard): boolean {
    const placed = { index: this.heard++, at, event };
    if (placed.index < this.broke.index) this.#before(placed);
    else if (placed.index > this.broke.index) this.#after(placed);
    return this.later.length < MOST_LATER && placed.index < this.broke.index + FAR;
  }

  /** A number that no request had so far; where they came to the end of all numbers, one that no open request has. */
  get freshRequest(): number {
    if (this.#highestRequest < Number.MAX_SAFE_INTEGER) return this.#highestRequest + 1;
    let fresh = 0;
    while (this.open.has(fresh)) fresh++;
    return fresh;
  }

  /** The first later event of which this is true. */
  next(is: (event: Event) => boolean): Placed | undefined {
    return this.later.find(({ event }) => is(event));
  }

  #before(placed: Placed): void {
    const { event } = placed;
    if (this.broke.isUnheard === true && placed.at >= this.broke.at) this.beforeStep ??= this.contract.fork();
    const broken = this.contract.event(event, placed.at);
    if (broken !== undefined && event.event !== "idle") this.blind ??= { at: placed.at, property: broken.property };
    this.previous = placed;
    switch (event.event) {
      case "isolate":
        this.held.set(event.pfn, event);
        this.waiting.set(event.pfn, event);
        break;
      case "release":
        this.#back(event);
        break;
      case "submit":
        this.open.set(event.request, { ranges: event.ranges, submitted: placed });
        this.requests++;
        this.#highestRequest = Math.max(this.#highestRequest, event.request);
        for (const range of event.ranges) this.#isSubmitted(range);
        break;
      case "ack":
        this.#ack(placed, event.request);
        return;
      case "alloc":
      case "alloc-failed":
        if (event.ticket !== undefined && !this.sleepers.delete(event.ticket)) this.callersFromBefore++;
        break;
      case "alloc-waits":
        this.sleepers.set(event.ticket, placed);
        break;
      case "unregistered":
        this.unregistered ??= placed;
        break;
      case "registered":
        this.unregistered = undefined;
        break;
      default:
        break;
    }
    if (event.event !== "write" && event.event !== "discard") this.tenures.note(placed, rangesOf(event));
  }

  #ack(placed: Placed, request: number): void {
    const open = this.open.get(request);
    if (open === undefined) this.requestsFromBefore++;
    else {
      this.open.delete(request);
      this.tenures.note(placed, open.ranges.map(rangeOf));
      if (this.broke.options.unseen?.includes("release")) for (const range of open.ranges) this.#back(range);
    }
    const { event } = this.broke;
    if (event !== undefined && "request" in event && event.request === request)
      this.answered = { ...open, ack: placed };
  }

  /** A block, or a part of one, or several at once, are with the reporter no more. */
  #back(block: Block): void {
    for (const blocks of [this.held, this.waiting]) cutOut(blocks, block);
  }

  #isSubmitted(block: Block): void {
    cutOut(this.waiting, block);
    if (this.#isolateIsUnseen) this.held.set(block.pfn, block);
  }

  #after(placed: Placed): void {
    const { event } = placed;
    if (this.later.length >= MOST_LATER || !this.#matters(event)) return;
    this.later.push(placed);
    if (event.event === "submit") this.#laterRequests.add(event.request);
  }

  /** True where the later event is about the same pages, requests or callers, or about the device. */
  #matters(event: Event): boolean {
    if (event.event === "registered") return this.broke.violation.property === "quiet";
    if (event.event === "ack" || event.event === "submit") {
      const { event: broken } = this.broke;
      if (broken !== undefined && "request" in broken && broken.request === event.request) return true;
    }
    if (event.event === "ack") {
      if (this.#laterRequests.has(event.request)) return true;
      const ranges = this.open.get(event.request)?.ranges ?? [];
      return this.tenures.concerns(ranges.map(rangeOf));
    }
    if ((event.event === "alloc" || event.event === "alloc-failed") && event.ticket !== undefined) {
      if (this.sleepers.has(event.ticket)) return true;
    }
    return this.tenures.concerns(rangesOf(event));
  }
}

/** All pages that a break is about. */
export function concernOf({ violation, event, concern = [] }: Break): PageRange[] {
  const first = violation.pages === undefined ? [] : [violation.pages];
  return [...first, ...(event === undefined ? [] : rangesOf(event)), ...concern];
}

function limited(ranges: readonly PageRange[]): PageRange[] {
  let left = MOST_PAGES;
  return ranges.flatMap(({ start, pages }) => {
    const kept = Math.min(pages, left);
    left -= kept;
    return kept > 0 ? [{ start, pages: kept }] : [];
  });
}

/** Takes these pages out of the blocks; what is left of a block that was cut stays, as blocks. */
function cutOut(blocks: Map<number, Block>, gone: Block): void {
  if (blocks.get(gone.pfn)?.order === gone.order) {
    blocks.delete(gone.pfn);
    return;
  }
  const range = rangeOf(gone);
  for (const block of blocks.values()) {
    if (!overlap(rangeOf(block), range)) continue;
    blocks.delete(block.pfn);
    for (const half of block.order > gone.order ? halves(block) : []) {
      blocks.set(half.pfn, half);
    }
    if (block.order > gone.order) return cutOut(blocks, gone);
  }
}

function halves({ pfn, order }: Block): [Block, Block] {
  return [
    { pfn, order: order - 1 },
    { pfn: pfn + pagesOf(order - 1), order: order - 1 },
  ];
}
