/** When is a rule put to the test? A verdict says something about a rule only where an event came that could have broken it. */
import type { Event, Geometry } from "../model/alphabet/index.ts";
import type { Knowledge } from "../properties/judges/contract.ts";
import type { PropertyId } from "../properties/judges/properties.ts";
import { count } from "./conform/words.ts";

/** What puts each rule of the contract to the test. */
export const TESTED_BY = {
  exclusion: "alloc, submit, release, write or offline while a request was open",
  ownership: "an event took pages from an owner",
  "well-formed": "a submit",
  "host-window": "a discard or an ack",
  "truthful-mark": "a block was released as reported",
  "fake-oom": "a caller was told no-memory while pages were held",
  stranded: "the reporter was idle, after pages had been held or a caller had slept",
  completeness: "the registered reporter was idle, no request was open, in a zone without watermarks",
  quiet: "something was freed, or the reporter went on, while no device was registered",
} as const satisfies { readonly [Id in PropertyId]?: string };

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
  readonly #times = new Map<PropertyId, number>();
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

  /** How often each rule was put to the test; those that never were are missing. */
  get times(): ReadonlyMap<PropertyId, number> {
    return this.#times;
  }

  test(rule: PropertyId): void {
    this.#times.set(rule, (this.#times.get(rule) ?? 0) + 1);
  }

  /**
   * @param event what is judged next
   * @param knows what the contract knows before it
   * @param isClaimed true where completeness is claimed and may be judged
   */
  event(event: Event, knows: Knowledge, isClaimed: boolean): void {
    const isOpen = knows.openRequests > 0;
    switch (event.event) {
      case "alloc":
      case "write":
      case "offline":
        if (isOpen) this.test("exclusion");
        return this.test("ownership");
      case "submit":
        this.#stirred = true;
        if (isOpen) this.test("exclusion");
        this.test("ownership");
        return this.test("well-formed");
      case "release":
        if (isOpen) this.test("exclusion");
        if (event.reported) this.test("truthful-mark");
        return this.test("ownership");
      case "isolate":
        this.#stirred = true;
        return this.test("ownership");
      case "free":
      case "online":
        return this.test("ownership");
      case "discard":
      case "ack":
        return this.test("host-window");
      case "alloc-waits":
        this.#stirred = true;
        return;
      case "alloc-failed":
        if (event.reason !== "would-block" && knows.heldPages > 0) this.test("fake-oom");
        return;
      case "idle":
        this.rests(knows);
        if (isClaimed && !isOpen && knows.registered) this.test("completeness");
        return;
      default:
    }
  }

  /** The reporter rests, or the events end. */
  rests(knows: Knowledge): void {
    if (this.#stirred && knows.openRequests === 0) this.test("stranded");
  }
}
