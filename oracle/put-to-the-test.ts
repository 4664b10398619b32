/** When is a rule put to the test? A verdict says something about a rule only where an event came that could have broken it. */
import type { Event, Geometry } from "../model/alphabet/index.ts";
import type { Knowledge } from "../properties/judges/contract.ts";
import type { PropertyId } from "../properties/judges/properties.ts";
import { count } from "../properties/numbers.ts";

/** What puts each rule of the contract to the test. */
export const TESTED_BY = {
  exclusion: "alloc, submit, release, write or offline while a request was open",
  ownership: "an event took pages from an owner",
  "well-formed": "a submit",
  "host-window": "a discard or an ack",
  "truthful-mark": "a block was released as reported",
  "fake-oom": "a caller was told no-memory while pages were held",
  stranded:
    "the reporter was idle, or the events ended, and no request was open, after pages had been held or a caller had slept",
  completeness: "the registered reporter was idle, no request was open, in a zone without watermarks",
  quiet: "something was freed, or the reporter went on, while no device was registered",
} as const satisfies { readonly [Id in PropertyId]?: string };

/** What is counted here: each rule of the contract, and that everything comes to rest. */
type Tested = keyof typeof TESTED_BY | "rest";

/** How often a rule was put to the test: an event came that could have broken it. */
export interface RuleCoverage {
  readonly property: PropertyId;
  /** False where it can't be checked, or is not claimed. */
  readonly checked: boolean;
  /** 0: never; the verdict says nothing about this rule. */
  readonly tested: number;
  /** What puts it to the test, or why it is not checked. */
  readonly by: string;
}

/** Which rules were put to the test, for people: what stands behind the title "rules", line by line. */
export function tellRules(rules: readonly RuleCoverage[]): string[] {
  const tested = rules.filter((rule) => rule.tested > 0);
  const never = rules.filter((rule) => rule.checked && rule.tested === 0);
  return [
    tested.map((rule) => `${rule.property} ${count(rule.tested)}`).join(", ") || "none was put to the test",
    ...never.map(({ property, by }) => `NEVER PUT TO THE TEST: ${property} (${by})`),
  ];
}

/** True where a zone has no watermarks: only there is completeness judged, where it is claimed. */
export function mayBeComplete({ zones }: Geometry, claims: readonly string[]): boolean {
  return claims.includes("completeness") && zones.some(({ watermarks: { min, low, high } }) => min + low + high === 0);
}

/** Counts, rule by rule, the events that could have broken it. */
export class RuleTests {
  /** How often each rule was put to the test; `quiet` and `rest` are counted by who knows when that is. */
  readonly times: Record<Tested, number> = {
    exclusion: 0,
    ownership: 0,
    "well-formed": 0,
    "host-window": 0,
    "truthful-mark": 0,
    "fake-oom": 0,
    stranded: 0,
    completeness: 0,
    quiet: 0,
    rest: 0,
  };
  /** True once pages were held, or somebody slept, in this run. */
  #stirred = false;

  /** A new run begins; what was counted stays. */
  begins(): void {
    this.#stirred = false;
  }

  /** True once pages were held, or somebody slept, in this run. */
  get stirred(): boolean {
    return this.#stirred;
  }

  /**
   * @param event what is judged next
   * @param knows what the contract knows before it
   * @param isClaimed true where completeness is claimed and may be judged
   */
  event(event: Event, knows: Knowledge, isClaimed: boolean): void {
    // Named one by one: with the name in a variable, judging 400,000 lines took 9 % longer than without counting, so 6 %.
    const { times } = this;
    const isOpen = knows.openRequests > 0;
    switch (event.event) {
      case "alloc":
      case "write":
      case "offline":
        if (isOpen) times.exclusion += 1;
        times.ownership += 1;
        return;
      case "submit":
        this.#stirred = true;
        if (isOpen) times.exclusion += 1;
        times.ownership += 1;
        times["well-formed"] += 1;
        return;
      case "release":
        if (isOpen) times.exclusion += 1;
        if (event.reported) times["truthful-mark"] += 1;
        times.ownership += 1;
        return;
      case "isolate":
        this.#stirred = true;
        times.ownership += 1;
        return;
      case "free":
      case "online":
        times.ownership += 1;
        return;
      case "discard":
      case "ack":
        times["host-window"] += 1;
        return;
      case "alloc-waits":
        this.#stirred = true;
        return;
      case "alloc-failed":
        if (event.reason !== "would-block" && knows.heldPages > 0) times["fake-oom"] += 1;
        return;
      case "idle":
        this.rests(knows);
        if (isClaimed && !isOpen && knows.registered) times.completeness += 1;
        return;
      default:
    }
  }

  /** The reporter rests, or the events end. */
  rests(knows: Knowledge): void {
    if (this.#stirred && knows.openRequests === 0) this.times.stranded += 1;
  }
}
