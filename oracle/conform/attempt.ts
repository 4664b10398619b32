/** Taking a run of a system that may be at fault. */
import type { Step } from "../../model/alphabet/index.ts";
import { execute, type Outcome } from "../../properties/drivers/run.ts";
import type { Scope } from "../../properties/drivers/scopes.ts";
import type { Try } from "../../properties/drivers/shrink.ts";
import { AdapterFault } from "./adapter-fault.ts";
import { machineOf } from "./geometries.ts";
import type { Trial } from "./trial.ts";
import type { Trials } from "./trials.ts";

/** A run under way. */
export interface UnderWay {
  readonly scope: Scope;
  /** The steps that were taken, the one under way last; more may come while it goes on. */
  readonly steps: readonly Step[];
  /** Its number in a campaign. */
  readonly run?: number;
  /** Absent: it is just being started. */
  readonly trial?: Trial;
}

/** Takes a run, or a part of it. @throws AdapterFault that tells in which run it showed */
export function during<Result>({ scope, steps, run, trial }: UnderWay, take: () => Result): Result {
  try {
    return take();
  } catch (error) {
    if (!(error instanceof AdapterFault)) throw error;
    const all = [...steps, ...(trial?.healing ?? [])];
    throw error.during({ scope: machineOf(scope), steps: all, ...(run === undefined ? {} : { run }) });
  }
}

/** A run, and in what it was taken. */
export interface Tried {
  readonly trial: Trial;
  readonly outcome: Outcome;
}

/** Takes steps from the start, then heals. @throws AdapterFault that tells the steps up to where it showed */
export function take(trials: Trials, scope: Scope, steps: readonly Step[], run?: number): Tried {
  const numbered = run === undefined ? {} : { run };
  const trial = during({ scope, steps: [], ...numbered }, () => trials.enter(scope));
  const taken: Step[] = [];
  const outcome = during({ scope, steps: taken, trial, ...numbered }, () => {
    if (steps.length > 0) taken.push(steps[0]);
    return execute(trial, steps, (index) => {
      if (index + 1 < steps.length) taken.push(steps[index + 1]);
    });
  });
  return { trial, outcome };
}

/** Faults after which nothing more is tried: a program that hangs takes its whole time each time. */
const MOST_FAULTS = 3;

/** Actions after which nothing more is tried: a slow program takes about a minute for them. Most stories need 10,000. */
const MOST_ACTIONS = 300_000;

/** Takes candidates. Undefined: not judged, since the adapter is at fault in it, or enough was tried. */
export function attempts(trials: Trials): Try {
  let faults = 0;
  let actions = 0;
  return (scope, steps) => {
    if (faults >= MOST_FAULTS || actions >= MOST_ACTIONS) return undefined;
    try {
      const trial = trials.enter(scope);
      const outcome = execute(trial, steps);
      actions += trial.sent;
      return outcome;
    } catch (error) {
      if (!(error instanceof AdapterFault)) throw error;
      faults++;
      return undefined;
    }
  };
}
