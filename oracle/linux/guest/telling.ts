/** Tells the contract of every event of a capture, counts them, and remembers the last one. */
import type { Event } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import type { MomentWatch } from "../../moments.ts";
import type { CaptureCounts } from "../verdict.ts";

/** Whoever is told the events: the contract, or who only wants to hear them. */
export interface Listener {
  event(event: Event, line: number): Violation | undefined;
  end(): Violation | undefined;
}

/** An event that was told, and its place among all of them, from 0. */
export interface Told {
  readonly index: number;
  readonly event: Event;
  /** The contract refused it. */
  readonly isRefused: boolean;
}

export class Telling {
  /** How many events were told. */
  told = 0;
  /** The event that was told last. */
  last: Told | undefined;
  private readonly listener: Listener;
  private readonly watch: MomentWatch;
  private readonly counts: CaptureCounts;

  constructor(listener: Listener, watch: MomentWatch, counts: CaptureCounts) {
    this.listener = listener;
    this.watch = watch;
    this.counts = counts;
  }

  /** Something happened in this line. */
  judge(event: Event, line: number): Violation | undefined {
    this.counts.events += 1;
    this.watch.see(event);
    return this.declare(event, line);
  }

  /** Something was so already: it is no event of the run. */
  declare(event: Event, line: number): Violation | undefined {
    const index = this.told++;
    const violation = this.listener.event(event, line);
    this.last = { index, event, isRefused: violation !== undefined };
    return violation;
  }

  end(): Violation | undefined {
    return this.listener.end();
  }
}
