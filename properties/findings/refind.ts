/** Finds a recorded failure again, unaided: random runs, nothing known but where to look and for what. */
import { sample, type Campaign, type Sampled } from "../drivers/random.ts";
import type { Violation } from "../judges/properties.ts";
import type { Subject } from "../subjects.ts";
import { scopesOf, type Failure } from "./failure.ts";
import { FAILURES } from "./index.ts";

/** The most actions that the story of a failure may take. */
export const MOST_ACTIONS = 15;

/** Whom a failure is about. */
export function subjectOf({ design, ignored, only }: Failure): Subject {
  return {
    design,
    system: "impl",
    ...(only?.claims === undefined ? {} : { claims: only.claims }),
    ...(ignored === undefined ? {} : { ignored }),
  };
}

/** What is said of a violation, in a file as well as in memory. */
type Said = { readonly property: string; readonly explanation: string };

/** True for the violation that is on record, told by its property and its words. */
export function isOf(failure: Pick<Failure, "property" | "matches">, { property, explanation }: Said): boolean {
  return property === failure.property && explanation.includes(failure.matches ?? "");
}

/** The failures that ordinary campaigns of a design come to: a run that gets there says nothing more. */
export function knownOf(design: string, variant: string): readonly Failure[] {
  return FAILURES.filter((one) => one.design === design && one.variant === variant && one.only === undefined);
}

/** The record of a violation that an ordinary campaign came to. */
export function recordOf(design: string, variant: string, violation: Violation): Failure | undefined {
  return knownOf(design, variant).find((one) => isOf(one, violation));
}

/**
 * True where it is looked for on a machine that is not among the ordinary ones, or beyond what ends an ordinary run: no other
 * campaign runs the model there. Elsewhere `fpr check` does, and the model beside a search makes it seven times as long.
 */
function isElsewhere({ scope, only, ignored }: Failure): boolean {
  return typeof scope === "object" || only?.settings !== undefined || ignored !== undefined;
}

/** Runs that break something else on the way end there. Beside the model where no other campaign runs it. */
export function refind(failure: Failure, runs: number, seed: number, progress?: Campaign["progress"]): Sampled {
  return sample({
    subject: subjectOf(failure),
    scopes: scopesOf(failure),
    runs,
    seed,
    lockstep: isElsewhere(failure),
    wanted: (violation) => isOf(failure, violation),
    ...(progress === undefined ? {} : { progress }),
  });
}
