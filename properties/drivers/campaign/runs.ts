/**
 * The runs of a campaign, each by its number alone: any of them can be taken again, and any part by anyone. So it does
 * not matter how they are divided among threads.
 */
import { InputError, type Step } from "../../../model/alphabet/index.ts";
import { recordOf } from "../../findings/refind.ts";
import { Worlds, type Subject } from "../../subjects.ts";
import { drive, type Driven } from "../campaign.ts";
import { execute } from "../run.ts";
import { scopesFor, type Scope } from "../scopes.ts";
import { shrink, type Finding } from "../shrink.ts";
import type { World } from "../world.ts";
import { numbersOf } from "./numbers.ts";

/** Steps of a run before it is healed. Another number makes other runs: state files of before must be refused then. */
const STEPS = 400;

/** Whose runs, and which: plain data, so that it can be sent to a thread. */
export interface Job {
  readonly subject: Subject;
  readonly variant: string;
  readonly seed: number;
}

/** What some runs came to. */
export interface Tally {
  /** Up to and with the one that broke something. */
  readonly runs: number;
  readonly steps: number;
  /** Runs that ended at a violation on record. */
  readonly cutShort: number;
  /** Runs whose end could not be judged, because the host had lost a request. */
  readonly unjudgedEnds: number;
  /** True where the last of them broke a property in a way that is not on record. */
  readonly broken: boolean;
}

export const NO_RUNS: Tally = { runs: 0, steps: 0, cutShort: 0, unjudgedEnds: 0, broken: false };

/** The runs of both, those of `one` first. */
export function together(one: Tally, other: Tally): Tally {
  return {
    runs: one.runs + other.runs,
    steps: one.steps + other.steps,
    cutShort: one.cutShort + other.cutShort,
    unjudgedEnds: one.unjudgedEnds + other.unjudgedEnds,
    broken: other.broken,
  };
}

export class Runs {
  readonly #job: Job;
  readonly #scopes: readonly Scope[];
  readonly #worlds: Worlds;

  /** @throws InputError where there is no such design, variant or fault */
  constructor(job: Job) {
    const { design } = job.subject;
    this.#job = job;
    this.#scopes = scopesFor(design, job.variant);
    this.#worlds = new Worlds(job.subject, false, {
      known: (violation) => recordOf(design, job.variant, violation) !== undefined,
    });
  }

  /**
   * Takes so many runs, or as many as there are up to the first that breaks something.
   * @param first the number of the first; numbers begin at 1
   */
  take(first: number, count: number): Tally {
    let steps = 0;
    let cutShort = 0;
    let unjudgedEnds = 0;
    let broken = false;
    let run = first;
    for (; run < first + count && !broken; run++) {
      const driven = this.#drive(run);
      steps += driven.steps;
      if (driven.ended === "cut short") cutShort++;
      else if (driven.ended === "a request was lost") unjudgedEnds++;
      broken = driven.ended === "broken";
    }
    return { runs: run - first, steps, cutShort, unjudgedEnds, broken };
  }

  /**
   * Takes a run that breaks something once more, and shrinks it.
   * @throws InputError where it breaks nothing: it was another program that said so
   */
  finding(run: number): Finding {
    const scope = this.#scopeOf(run);
    const steps: Step[] = [];
    this.#drive(run, (_, step) => steps.push(step));
    const { violation, at } = execute(this.#worlds.enter(scope), steps);
    if (violation === undefined) {
      const problem = `run ${run} is said to break a property, but taken again by itself it does not`;
      throw new InputError({}, `${problem}; if the program was changed since, begin anew with another state file`);
    }
    return shrink({ scope, steps, violation, at }, (scope, steps) => execute(this.#worlds.enter(scope), steps));
  }

  #drive(run: number, after?: (world: World, step: Step) => void): Driven {
    return drive(this.#worlds, this.#scopeOf(run), numbersOf(this.#job.seed, run), STEPS, after);
  }

  #scopeOf(run: number): Scope {
    return this.#scopes[run % this.#scopes.length];
  }
}
