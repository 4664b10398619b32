/** The contract alone, fed by a running system with what happens in it. `wire.md`, "Events" and "The contract". */
import { InputError, spannedPages, type Event, type Pfn } from "../model/alphabet/index.ts";
import { parseEvent, parseTraceHeader, type TraceHeader } from "../model/alphabet/schema.ts";
import { Contract, type ContractCounts, type KnownOwner } from "../properties/judges/contract.ts";
import type { Violation } from "../properties/judges/properties.ts";
import { explainRejection, type Rejection } from "../properties/rejection/index.ts";
import type { WrittenGeometry } from "./geometry.ts";

/** What a monitor is told about the system; everything has a default. */
export interface MonitorOptions {
  /** `free` (the default): every present page is free and not reported; `unknown`: the system runs already. */
  readonly start?: TraceHeader["start"];
  /** Events that nobody will feed: `isolate`, `release`, `discard`, `write` and `idle` may be. Default: none. */
  readonly unseen?: TraceHeader["unseen"];
  /** What the system claims beyond what is always judged: `completeness`. Default: nothing. */
  readonly claims?: TraceHeader["claims"];
  /**
   * So many of the last events a rejection can tell of, at least; twice as many at most. Judging needs none. Default:
   * 16,384, or one for each 16 pages where that is more.
   */
  readonly memory?: number;
}

/** What was seen since the monitor was made, or reset. */
export interface MonitorCounts extends ContractCounts {
  /** Events that came after the violation: nobody judged them. */
  readonly unjudged: number;
  /** Events before the first that a rejection can tell of. */
  readonly forgotten: number;
}

/**
 * A story begins where its pages were isolated, and Linux isolates 32 blocks for each request (`duyck-line.md` E.3), of
 * which it has one open: so many events hold the last hundreds of requests, with some allocations between them.
 */
const MEMORY = 16_384;
/** What is remembered begins with a copy of all pages: one in so many events costs little, whatever the machine's size. */
const PAGES_AN_EVENT = 16;

/** Neighbouring events. */
interface Stretch {
  /** What was known before the first of them; undefined: what is known at the start. */
  readonly from: Contract | undefined;
  /** The number of the first. */
  readonly first: number;
  readonly events: Event[];
}

/**
 * Watches a system that runs anyway: feed it every event, in order, and it answers with a rejection when one breaks the
 * contract. It needs 24 bytes for each page of the geometry (8 until it has seen more than it remembers), and keeps the
 * event objects that it is given for a while: give it a new object each time.
 */
export class Monitor {
  readonly #header: TraceHeader;
  readonly #memory: number;
  /** The last events in two stretches: the older is full, the newer is filled. */
  #older: Stretch | undefined;
  #newer: Stretch = { from: undefined, first: 1, events: [] };
  #contract: Contract;
  #start: TraceHeader["start"];
  #seen = 0;
  #unjudged = 0;
  #rejection: Rejection | undefined;

  /** @throws InputError where geometry or options are not usable, or the pages do not fit in memory */
  constructor(geometry: WrittenGeometry, options: MonitorOptions = {}) {
    const { memory, ...rest } = options;
    if (memory !== undefined && !(Number.isSafeInteger(memory) && memory >= 1)) {
      throw new InputError({ key: "memory" }, `found ${String(memory)}, expected a whole number of events from 1`);
    }
    this.#header = parseTraceHeader({ format: "free-page-trace", version: 1, geometry, ...rest });
    this.#memory = memory ?? Math.max(MEMORY, spannedPages(this.#header.geometry) / PAGES_AN_EVENT);
    this.#start = this.#header.start;
    this.#contract = this.#contractFrom(this.#start);
  }

  /**
   * Judges the next event. From the first violation on, nothing more is known: later events are not judged, and the answer
   * stays that same rejection until `reset`.
   *
   * @throws InputError where it is no event, or has a ticket that nobody waits with: it does not count as seen
   */
  see(event: Event): Rejection | undefined {
    if (this.#rejection !== undefined) {
      this.#unjudged += 1;
      return this.#rejection;
    }
    if (this.#newer.events.length >= this.#memory) this.#turnOver();
    const violation = this.#judge(event);
    this.#newer.events.push(event);
    this.#seen += 1;
    return violation === undefined ? undefined : this.#reject(violation, false);
  }

  /** Judges the end, or a moment of rest: nothing may be held, and nobody sleep, where no request is open. */
  end(): Rejection | undefined {
    if (this.#rejection !== undefined) return this.#rejection;
    const violation = this.#contract.end();
    return violation === undefined ? undefined : this.#reject(violation, true);
  }

  /**
   * Begins anew. A system that goes on where it was has pages in any state: `reset("unknown")`.
   * @param start default: as the monitor was made
   * @throws InputError where it is neither `free` nor `unknown`
   */
  reset(start: TraceHeader["start"] = this.#header.start): void {
    if (start !== "free" && start !== "unknown") {
      throw new InputError({ key: "start" }, `found ${String(start)}, expected one of free, unknown`);
    }
    if (start === this.#start) this.#contract.reset();
    else this.#contract = this.#contractFrom(start);
    this.#start = start;
    this.#older = undefined;
    this.#newer = { from: undefined, first: 1, events: [] };
    this.#seen = 0;
    this.#unjudged = 0;
    this.#rejection = undefined;
  }

  /** The rejection, from the violation on. */
  get rejection(): Rejection | undefined {
    return this.#rejection;
  }

  /** What was seen, and failures that no rule forbids. */
  get counts(): MonitorCounts {
    const forgotten = (this.#older ?? this.#newer).first - 1;
    return { ...this.#contract.counts, events: this.#seen, unjudged: this.#unjudged, forgotten };
  }

  /** Who has a page, as far as events tell. Pages outside all zones are absent. */
  owner(pfn: Pfn): KnownOwner {
    return this.#contract.owner(pfn);
  }

  #contractFrom(start: TraceHeader["start"]): Contract {
    const { geometry, unseen, claims } = this.#header;
    return new Contract(geometry, { start, unseen, claims });
  }

  #judge(event: Event): Violation | undefined {
    const number = this.#seen + 1;
    try {
      return this.#contract.event(parseEvent(event), number);
    } catch (error) {
      if (error instanceof InputError) throw error.at({ file: `event ${number}` });
      throw error;
    }
  }

  /** The newer stretch is full: what came before it is forgotten. */
  #turnOver(): void {
    this.#older = this.#newer;
    this.#newer = { from: this.#contract.fork(), first: this.#seen + 1, events: [] };
  }

  #reject(violation: Violation, ended: boolean): Rejection {
    const { geometry, unseen, claims } = this.#header;
    const stretches = this.#older === undefined ? [this.#newer] : [this.#older, this.#newer];
    const heard = stretches.flatMap(({ first, events }) =>
      events.map((event, index) => ({ at: first + index, event })),
    );
    const [{ from }] = stretches;
    this.#rejection = explainRejection({
      geometry,
      options: { start: this.#start, unseen, claims },
      heard,
      violation,
      unit: "event",
      ended,
      ...(from === undefined ? {} : { from }),
    });
    return this.#rejection;
  }
}
