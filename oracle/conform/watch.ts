/** Watches a campaign: which labels it met, which moments it reached, how often it put each rule to the test. */
import { WIRE_ACTIONS, type Event, type WireAction, type WireActionName } from "../../model/alphabet/index.ts";
import { MOMENTS, tellMoment, type Moments } from "../../properties/drivers/explore/transitions/moments.ts";
import type { Contract } from "../../properties/judges/contract.ts";
import { RuleTests } from "../put-to-the-test.ts";
import { covered, type Seen } from "./coverage.ts";
import type { Coverage, Outcomes } from "./conformance.ts";
import type { Everyone } from "./everyone.ts";
import { ACTION_LABELS, EVENT_LABELS, type Before } from "./labels.ts";

/** A run, as far as it has come. */
interface Run {
  readonly contract: Contract;
  readonly everyone: Everyone;
  readonly moments: Moments;
  /** True where completeness is claimed and some zone has no watermarks. */
  readonly mayBeComplete: boolean;
}

interface Open<About> {
  readonly name: string;
  met(about: About, before: Before): boolean;
}

const NOTHING: Outcomes = {
  submitted: 0,
  offlined: 0,
  served: 0,
  failed: 0,
  whileFree: 0,
  whileAllFree: 0,
  forNothing: 0,
};

export class Watch {
  #run: Run | undefined;
  #refused = false;
  /** Failures of this run in which memory was free. */
  #whileFree = 0;
  readonly #outcomes = { ...NOTHING };
  readonly #met = new Set<string>();
  /** Labels that are not met yet: who has met all of an event pays nothing for them. */
  readonly #events = openOf<Event>(EVENT_LABELS);
  readonly #actions = openOf<WireAction>(ACTION_LABELS);
  readonly #moments = new Uint8Array(MOMENTS);
  readonly #sent = new Map<WireActionName, number>(WIRE_ACTIONS.map((name) => [name, 0]));
  readonly #tests = new RuleTests();

  begins(run: Run): void {
    this.#run = run;
    this.#tests.begins();
    this.#refused = false;
    this.#whileFree = 0;
    run.moments.at(0, 0);
  }

  /** This is sent next. */
  action(action: WireAction): void {
    this.#sent.set(action.do, (this.#sent.get(action.do) ?? 0) + 1);
    const run = this.#run;
    if (run === undefined) return;
    if (action.do === "work" && !run.everyone.registered) this.#tests.times.quiet += 1;
    const open = this.#actions.get(action.do);
    if (open !== undefined) this.#look(open, action, run);
  }

  /** This is judged next: contract and everyone have not heard it yet. */
  event(event: Event): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#moments[run.moments.follow(event)] = 1;
    // Discards are the driver's own.
    if (event.event !== "discard") this.#tests.event(event, run.contract.knows, run.mayBeComplete);
    this.#outcome(event, run);
    const open = this.#events.get(event.event);
    if (open !== undefined && open.length > 0) this.#look(open, event, run);
    if (event.event === "ack" && !event.ok) this.#refused = true;
  }

  /** The contract has judged it; everyone has not heard it yet. */
  judged(event: Event): void {
    const run = this.#run;
    if (event.event !== "alloc-failed" || run === undefined) return;
    const { failedWithFreeMemory } = run.contract.counts;
    if (failedWithFreeMemory === this.#whileFree) return;
    this.#whileFree = failedWithFreeMemory;
    this.#outcomes.whileFree++;
    if (run.everyone.allocated === 0 && run.everyone.held === 0) this.#outcomes.whileAllFree++;
  }

  /** The run came to rest. */
  rested(): void {
    if (this.#tests.stirred) this.#tests.times.rest += 1;
  }

  /** What it came to so far, for a system that does and claims this. */
  coverage(does: readonly WireActionName[], claims: readonly string[]): Coverage {
    const seen: Seen = {
      sent: this.#sent,
      labels: this.#met,
      moments: [...this.#moments.keys()].filter((moment) => this.#moments[moment] === 1).map(tellMoment),
      tested: this.#tests.times,
      outcomes: this.#outcomes,
    };
    return covered(seen, does, claims);
  }

  #look<About>(open: Open<About>[], about: About, { contract, everyone }: Run): void {
    const before = { contract, everyone, refused: this.#refused };
    for (let at = open.length - 1; at >= 0; at--) {
      if (!open[at].met(about, before)) continue;
      this.#met.add(open[at].name);
      open.splice(at, 1);
    }
  }

  #outcome(event: Event, { everyone }: Run): void {
    const outcomes = this.#outcomes;
    switch (event.event) {
      case "alloc":
        outcomes.served++;
        return;
      case "alloc-failed":
        outcomes.failed++;
        if (event.reason === "would-block" && everyone.held === 0) outcomes.forNothing++;
        return;
      case "submit":
        outcomes.submitted++;
        return;
      case "offline":
        outcomes.offlined++;
        return;
      default:
    }
  }
}

function openOf<About>(labels: { readonly [name: string]: readonly Open<About>[] }): Map<string, Open<About>[]> {
  return new Map(Object.entries(labels).map(([name, open]) => [name, [...open]]));
}
