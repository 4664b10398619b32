/** How strong the verdict on a trace is that breaks no rule. */
import type { Event } from "../model/alphabet/index.ts";
import type { TraceHeader } from "../model/alphabet/schema.ts";
import type { Knowledge } from "../properties/judges/contract.ts";
import { CONTRACT_PROPERTIES } from "../properties/judges/properties.ts";
import { mayBeComplete, RuleTests, TESTED_BY, type RuleCoverage } from "./put-to-the-test.ts";

/** What was seen of reporting, and how often each rule of the contract could have been broken. */
export interface Strength {
  /** Requests that were submitted. */
  readonly requests: number;
  /** Ranges that the host acked with `ok`, of requests whose submit is in the trace. */
  readonly reported: number;
  /** Releases as reported. */
  readonly releasedAsReported: number;
  readonly rules: readonly RuleCoverage[];
}

/** Counts what is heard. */
export class StrengthWatch {
  readonly #tests = new RuleTests();
  readonly #claims: TraceHeader["claims"];
  readonly #isComplete: boolean;
  #requests = 0;
  #reported = 0;
  #releasedAsReported = 0;
  #idles = 0;

  constructor({ geometry, claims }: Pick<TraceHeader, "geometry" | "claims">) {
    this.#claims = claims;
    this.#isComplete = mayBeComplete(geometry, claims);
  }

  /** The next event. @param knows what the contract knows before it */
  hear(event: Event, knows: Knowledge): void {
    this.#tests.event(event, knows, this.#isComplete);
    if (!knows.registered && couldBecomeSubmit(event)) this.#tests.times.quiet += 1;
    if (event.event === "submit") this.#requests++;
    else if (event.event === "ack" && event.ok) this.#reported += knows.request(event.request)?.ranges.length ?? 0;
    else if (event.event === "release" && event.reported) this.#releasedAsReported++;
    else if (event.event === "idle") this.#idles++;
  }

  /** The events end. */
  end(knows: Knowledge): void {
    this.#tests.rests(knows);
  }

  /** How often the reporter said that it is idle. */
  get idles(): number {
    return this.#idles;
  }

  get strength(): Strength {
    return {
      requests: this.#requests,
      reported: this.#reported,
      releasedAsReported: this.#releasedAsReported,
      rules: CONTRACT_PROPERTIES.map(({ id }) => this.#rule(id)),
    };
  }

  #rule(property: (typeof CONTRACT_PROPERTIES)[number]["id"]): RuleCoverage {
    const unchecked = (by: string): RuleCoverage => ({ property, checked: false, tested: 0, by });
    if (property === "lost-write") return unchecked("what pages hold is not in a trace");
    if (property === "completeness" && !this.#claims.includes(property))
      return unchecked("the trace does not claim it");
    return { property, checked: true, tested: this.#tests.times[property], by: TESTED_BY[property] };
  }
}

/** After these a reporter that goes on though its device is away would submit. */
function couldBecomeSubmit({ event }: Event): boolean {
  return event === "free" || event === "isolate" || event === "release" || event === "ack" || event === "idle";
}
