/** The contract alone, fed by a running system with what happens in it. `wire.md`, "Events" and "The contract". */
import { InputError, type Event, type Pfn } from "../model/alphabet/index.ts";
import { parseEvent, parseTraceHeader, type TraceHeader } from "../model/alphabet/schema.ts";
import { notChecked } from "../oracle/not-checked.ts";
import { Window } from "../oracle/window.ts";
import { Contract, type ContractCounts, type KnownOwner } from "../properties/judges/contract.ts";
import type { Violation } from "../properties/judges/properties.ts";
import { explainRejection, type Rejection } from "../properties/rejection/index.ts";
import type { WrittenGeometry } from "./geometry.ts";
import { givenOptions } from "./options.ts";

/** What a monitor is told about the system; everything has a default. */
export interface MonitorOptions {
  /** `free` (the default): every present page is free and not reported; `unknown`: the system runs already. */
  readonly start?: "free" | "unknown";
  /** Events that nobody will feed. Default: none. */
  readonly unseen?: readonly ("isolate" | "release" | "discard" | "write" | "idle")[];
  /** What the system claims beyond what is always judged. Default: nothing. */
  readonly claims?: readonly "completeness"[];
}

/** What was seen since the monitor was made, or reset. */
export interface MonitorCounts extends Readonly<ContractCounts> {
  /** Events that came after the violation: nobody judged them. */
  readonly unjudged: number;
  /** The oldest events, of which a rejection can't tell any more. Judging needs none of them. */
  readonly forgotten: number;
}

/**
 * Watches a system that runs anyway: feed it every event, in order, and it answers with a rejection when one breaks the
 * contract. It needs 16 bytes for each page of the geometry, and keeps the last 10,000 to 20,000 event objects that it
 * was given: give it a new object each time.
 */
export class Monitor {
  readonly #header: TraceHeader;
  #start: TraceHeader["start"];
  #contract: Contract;
  /** The last events, which a rejection tells of. */
  #window: Window;
  #seen = 0;
  #unjudged = 0;
  #rejection: Rejection | undefined;

  /** @throws InputError where geometry or options are not usable, or the pages do not fit in memory */
  constructor(geometry: WrittenGeometry, options: MonitorOptions = {}) {
    const given = givenOptions(options, ["start", "unseen", "claims"]);
    this.#header = parseTraceHeader({ format: "free-page-trace", version: 1, geometry, ...given });
    this.#start = this.#header.start;
    this.#contract = new Contract(this.#header.geometry, this.#options);
    this.#window = new Window(this.#header.geometry, this.#options);
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
    const at = this.#seen + 1;
    const violation = this.#judge(event, at);
    this.#window.hear({ at, event });
    this.#seen = at;
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
  reset(start: "free" | "unknown" = this.#header.start): void {
    if (start !== "free" && start !== "unknown") {
      throw new InputError({ key: "start" }, `found ${String(start)}, expected one of free, unknown`);
    }
    const isAsBefore = start === this.#start;
    this.#start = start;
    if (isAsBefore) this.#contract.reset();
    else this.#contract = new Contract(this.#header.geometry, this.#options);
    this.#window = new Window(this.#header.geometry, this.#options);
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
    const { forgotten } = this.#window;
    return { ...this.#contract.counts, events: this.#seen, unjudged: this.#unjudged, forgotten };
  }

  /** What the monitor's silence says nothing about, and why: a line each, as `fpr judge` prints them. */
  get notChecked(): readonly string[] {
    return notChecked(this.#options);
  }

  /** Who has a page, as far as events tell. Pages outside all zones are absent. */
  owner(pfn: Pfn): KnownOwner {
    return this.#contract.knows.owner(pfn);
  }

  get #options(): Pick<TraceHeader, "start" | "unseen" | "claims"> {
    const { unseen, claims } = this.#header;
    return { start: this.#start, unseen, claims };
  }

  #judge(event: Event, at: number): Violation | undefined {
    try {
      return this.#contract.event(parseEvent(event), at);
    } catch (error) {
      if (error instanceof InputError) throw error.at({ file: `event ${at}` });
      throw error;
    }
  }

  #reject(violation: Violation, ended: boolean): Rejection {
    const { heard, from, forgotten } = this.#window;
    const past = forgotten === 0 ? {} : { from, forgotten };
    const broke = { geometry: this.#header.geometry, options: this.#options, violation, unit: "event" } as const;
    this.#rejection = explainRejection({ ...broke, heard, ended, ...past });
    return this.#rejection;
  }
}
