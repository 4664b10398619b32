/**
 * The campaign: random runs against a system, each judged by the contract alone, healed at its end; what breaks is repeated
 * and shrunk. Synchronous and in this process, whatever the system is (system.ts).
 */
import type { Geometry, Step } from "../../model/alphabet/index.ts";
import { numbersOf } from "../../properties/drivers/campaign/numbers.ts";
import { SMALL, type Scope } from "../../properties/drivers/scopes.ts";
import type { Finding } from "../../properties/drivers/shrink.ts";
import { attempts, during, take } from "./attempt.ts";
import { confirm, type Broken } from "./confirm.ts";
import type { Conformance, Replayed } from "./conformance.ts";
import { coveredByBoth } from "./coverage.ts";
import { GEOMETRIES, type NamedGeometry } from "./geometries.ts";
import { Schedule } from "./schedule.ts";
import { tellRun } from "./story.ts";
import type { Ready, System } from "./system.ts";
import type { Trial } from "./trial.ts";
import { Trials } from "./trials.ts";
import { Watch } from "./watch.ts";

/** Most actions of a run, without those of healing: short runs begin afresh often, and are soon shrunk. */
const LONGEST = 120;
/** One run in so many may be so much longer: for what only many requests lead to, as an index that wraps round. */
const LONG_RUNS = { oneIn: 32, times: 8 };

export interface ConformOptions {
  /** Runs in all, whoever takes them: numbered from 0. A run has up to 120 actions (one in 32: up to 960), and then as many as healing needs. */
  readonly runs: number;
  /** A whole number from 0 to 2^32 - 1. Run N of a seed is the same everywhere. */
  readonly seed: number;
  /** Absent: `GEOMETRIES`. Run N has geometry N modulo their number. */
  readonly geometries?: readonly NamedGeometry[];
  /** Which of the runs are taken here: `first`, `first + every`, ... Absent: all. */
  readonly share?: { readonly first: number; readonly every: number };
  /**
   * Another instance of the same system, that has seen nothing: a new process, a new object. The one before is not used any
   * more. Absent: it is started again, and what does not repeat may be due to a `start` that does not begin afresh.
   */
  readonly fresh?: () => System;
  /** Asked before each run; true ends the campaign there. */
  readonly stop?: (run: number) => boolean;
  /** Told of a run that breaks something, before it is repeated and shrunk. */
  readonly broke?: (run: number) => void;
  /** Told after each run. */
  readonly progress?: (taken: Progress) => void;
}

export interface Progress {
  /** Runs and actions taken here so far. */
  readonly runs: number;
  readonly actions: number;
}

/** All runs are taken here. */
const ALL = { first: 0, every: 1 };
/** Among so many runs another one is looked for that breaks the same. */
const FURTHER_RUNS = 100;

/** Settings mean nothing to a system that is not ours: these are the plainest, and nothing is simpler. */
const SETTINGS = { ...SMALL, retries: 0 };

/** A machine as a scope, for whoever shrinks. */
function scopeOf({ name, geometry }: NamedGeometry): Scope {
  return { name, geometry, settings: SETTINGS };
}

/**
 * Judges a system by random runs, up to the first that breaks something.
 * @throws AdapterFault where the system does not keep to the protocol: no verdict. Its `run` tells how to see it again
 */
export function conform(system: System, options: ConformOptions): Conformance {
  const campaign = new Campaign(system, options);
  const broken = campaign.search();
  if (broken === undefined) return campaign.conformance("holds");
  options.broke?.(broken.run);
  const { seed, geometries = GEOMETRIES, share = ALL } = options;
  const found = confirm(broken, {
    fresh: options.fresh ?? (() => system),
    again: (same) => new Campaign(same, { runs: broken.run + 1, seed, geometries, share }).search(),
    other: (same, number) => new Campaign(same, { runs: FURTHER_RUNS, seed: seed + number, geometries }).search(),
  });
  return { ...campaign.conformance("violates"), found };
}

/** Random runs, one after the other. */
class Campaign {
  readonly #options: ConformOptions;
  readonly #scopes: readonly Scope[];
  readonly #watch = new Watch();
  readonly #trials: Trials;
  readonly #tried = new Set<Scope>();
  #ready: Ready | undefined;
  #runs = 0;
  #actions = 0;

  constructor(system: System, options: ConformOptions) {
    this.#options = options;
    this.#scopes = (options.geometries ?? GEOMETRIES).map(scopeOf);
    this.#trials = new Trials(system, this.#watch);
  }

  /** Takes runs, up to the first that breaks something. */
  search(): Broken | undefined {
    const { runs, share = ALL, stop, progress } = this.#options;
    for (let run = share.first; run < runs; run += share.every) {
      if (stop?.(run) === true) break;
      const broken = this.#drive(run);
      if (broken !== undefined) return broken;
      progress?.({ runs: this.#runs, actions: this.#actions });
    }
    return undefined;
  }

  conformance(verdict: Conformance["verdict"]): Conformance {
    const { name = "", does = [], claims = [] } = this.#ready ?? {};
    return {
      verdict,
      name,
      does,
      claims,
      runs: this.#runs,
      actions: this.#actions,
      geometries: this.#scopes.filter((scope) => this.#tried.has(scope)).map((scope) => scope.name),
      coverage: this.#watch.coverage(does, claims),
    };
  }

  #drive(run: number): Broken | undefined {
    const scope = this.#scopes[run % this.#scopes.length];
    const steps: Step[] = [];
    const trial = during({ scope, steps, run }, () => this.#trials.enter(scope));
    this.#ready = trial.ready;
    this.#tried.add(scope);
    const broken = during({ scope, steps, run, trial }, () => this.#run(trial, run, steps));
    this.#runs++;
    this.#actions += trial.sent;
    if (broken === undefined) return undefined;
    return {
      finding: { scope, steps, ...broken },
      run,
      name: trial.ready.name,
      heard: trial.heard(),
      healing: [...trial.healing],
    };
  }

  /** @param steps those that were taken */
  #run(trial: Trial, run: number, steps: Step[]): Pick<Finding, "violation" | "at"> | undefined {
    const choose = numbersOf(this.#options.seed, run);
    const schedule = new Schedule(trial.everyone, trial.ready.does, choose);
    const length = 1 + choose(choose(LONG_RUNS.oneIn) === 0 ? LONG_RUNS.times * LONGEST : LONGEST);
    while (steps.length < length) {
      if (steps.length > 0 && steps.length % LONGEST === 0) schedule.change();
      const step = schedule.next();
      steps.push(step);
      const violation = trial.perform(step, steps.length - 1);
      if (violation !== undefined) return { violation, at: steps.length - 1 };
    }
    const healed = trial.heal(steps.length);
    return healed === "at rest" ? undefined : { violation: healed, at: steps.length };
  }
}

/**
 * Takes these steps once, then heals, and tells what came of it (a counterexample file, replayed).
 * @throws AdapterFault where the system does not keep to the protocol
 */
export function replay(system: System, geometry: Geometry, steps: readonly Step[]): Replayed {
  const scope = scopeOf({ name: "replayed", geometry });
  const trials = new Trials(system);
  const { trial, outcome } = take(trials, scope, steps);
  const { name, claims = [] } = trial.ready;
  const heard = trial.heard();
  const attempt = attempts(trials);
  const story = tellRun({ name, scope, steps, outcome, heard }, (prefix) => attempt(scope, prefix));
  const { violation, at } = outcome;
  return { name, claims, at, heard, story, ...(violation === undefined ? {} : { violation }) };
}

/** Two shares of one campaign as one: of two findings that of the smaller run number stays. */
export function together(one: Conformance, other: Conformance): Conformance {
  const found = [one.found, other.found]
    .filter((each) => each !== undefined)
    .toSorted((a, b) => a.run - b.run)
    .at(0);
  const { found: _, ...rest } = one;
  return {
    ...rest,
    verdict: found === undefined ? "holds" : "violates",
    runs: one.runs + other.runs,
    actions: one.actions + other.actions,
    geometries: [...new Set([...one.geometries, ...other.geometries])],
    coverage: coveredByBoth(one.coverage, other.coverage, one.claims),
    ...(found === undefined ? {} : { found }),
  };
}
