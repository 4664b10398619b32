/**
 * A run broke something: does it again, and how short can it be told? Everything is tried on a system that has seen nothing, as
 * whoever replays the story will have it.
 */
import type { Step } from "../../model/alphabet/index.ts";
import { SHORT_STORY, shrink, type Finding, type Try } from "../../properties/drivers/shrink.ts";
import { AdapterFault } from "./adapter-fault.ts";
import { attempts, take, type Tried } from "./attempt.ts";
import type { Found, Heard } from "./conformance.ts";
import { machineOf } from "./geometries.ts";
import { tellRun } from "./story.ts";
import type { System } from "./system.ts";
import { Trials } from "./trials.ts";

/** A run of a campaign that broke something, as it was found. */
export interface Broken {
  readonly finding: Finding;
  readonly run: number;
  /** What the system calls itself. */
  readonly name: string;
  readonly heard: readonly Heard[];
  readonly healing: readonly Step[];
}

/** How to find out more. */
export interface Means {
  /** A system that has seen nothing; the one before is not used any more. */
  readonly fresh: () => System;
  /** Takes the runs of the campaign once more, up to and with the one that broke something. */
  readonly again: (system: System) => Broken | undefined;
  /** Looks for another run that breaks something; by its number from 1. */
  readonly other: (system: System, number: number) => Broken | undefined;
}

/** What did not repeat once is repeated so many times more before the runs before it are blamed. */
const MORE_REPEATS = 4;
/** Where a story stays long: how often another run is looked for. */
const FURTHER_SEARCHES = 8;

/**
 * Repeats a run on a fresh system, and shrinks it.
 * @throws AdapterFault where it repeats only after the runs before it: `start` does not begin afresh
 */
export function confirm(broken: Broken, means: Means): Found {
  const { finding, run } = broken;
  const system = means.fresh();
  if (!breaksAgain(take(new Trials(system), finding.scope, finding.steps, run), finding))
    return unrepeated(broken, means);
  const search = shortest(broken, system, means);
  const shrunk = search.best;
  // Shrinking started the system over and over: what it found must not come of that.
  const trials = new Trials(means.fresh());
  const tried = take(trials, shrunk.scope, shrunk.steps, run);
  if (breaksAgain(tried, shrunk)) return told(broken, shrunk, tried, trials);
  // The same search from the same beginning: where it goes the same way, trial by trial, the story needs what went before it.
  if (isSame(shortest(broken, means.fresh(), means), search)) throw notAfresh(shrunk, run);
  return asFound(broken);
}

function breaksAgain({ outcome }: Tried, { violation }: Finding): boolean {
  return outcome.violation?.property === violation.property;
}

function isSame(one: Search, other: Search): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Is it due to the runs before, or to chance? Chance strikes a fresh system too, sooner or later; and after the runs before it
 * may come to the same once, but hardly twice, event by event.
 */
function unrepeated(broken: Broken, { fresh, again }: Means): Found {
  const { finding, run } = broken;
  for (let more = 0; more < MORE_REPEATS; more++) {
    if (breaksAgain(take(new Trials(fresh()), finding.scope, finding.steps, run), finding)) return asFound(broken);
  }
  const isDueToRunsBefore = (): boolean => isSameRun(again(fresh()), broken);
  if (isDueToRunsBefore() && isDueToRunsBefore()) throw notAfresh(finding, run);
  return asFound(broken);
}

function isSameRun(one: Broken | undefined, other: Broken): boolean {
  return one?.run === other.run && JSON.stringify(one.heard) === JSON.stringify(other.heard);
}

function notAfresh({ scope, steps, violation }: Finding, run: number): AdapterFault {
  const problem =
    `"start" does not begin afresh: after other runs these actions break ${violation.property} (run ${run}), ` +
    "after the first start of all they do not";
  return new AdapterFault({ problem, rule: "a second start is a fresh, empty system" }, { scope, steps, run });
}

/** A search for the shortest story. */
interface Search {
  readonly best: Finding;
  /** What each trial broke, and where; null where it was not judged. */
  readonly trials: readonly (readonly [property: string, at: number] | null)[];
}

/** Shrinking ends where no small change helps; while the story is still long, another run may end at a shorter one. */
function shortest({ finding }: Broken, system: System, { other }: Means): Search {
  const tried = attempts(new Trials(system));
  const trials: (readonly [string, number] | null)[] = [];
  const attempt: Try = (scope, steps) => {
    const outcome = tried(scope, steps);
    trials.push(outcome === undefined ? null : [outcome.violation?.property ?? "", outcome.at]);
    return outcome;
  };
  let best = shrink(finding, attempt);
  for (let more = 1; more <= FURTHER_SEARCHES && best.steps.length > SHORT_STORY; more++) {
    const further = unlessAtFault(() => other(system, more));
    if (further?.finding.violation.property !== best.violation.property) continue;
    const shrunk = shrink(further.finding, attempt);
    if (shrunk.steps.length < best.steps.length) best = shrunk;
  }
  return { best, trials };
}

function unlessAtFault<Result>(search: () => Result): Result | undefined {
  try {
    return search();
  } catch (error) {
    if (error instanceof AdapterFault) return undefined;
    throw error;
  }
}

function told(broken: Broken, shrunk: Finding, { trial, outcome }: Tried, trials: Trials): Found {
  const attempt = attempts(trials);
  const run = { scope: shrunk.scope, steps: shrunk.steps, outcome, heard: trial.heard() };
  const story = tellRun({ name: broken.name, ...run }, (prefix) => attempt(shrunk.scope, prefix));
  return { ...asTaken(broken, { ...shrunk, at: outcome.at }), repeats: true, heard: run.heard, story };
}

/** It does not repeat every time: told as it was seen. */
function asFound(broken: Broken): Found {
  const { finding, name, heard, healing } = broken;
  const { scope, steps, violation, at } = finding;
  const outcome = { violation, at, unjudgedEnd: false, cutShort: false, healing };
  const story = tellRun({ name, scope, steps, outcome, heard });
  return { ...asTaken(broken, finding), repeats: false, heard, story };
}

/** What was found, and in which run: `told` is that run itself, or what it was shrunk to. */
function asTaken({ run, finding }: Broken, told: Finding): Omit<Found, "repeats" | "heard" | "story"> {
  const { scope, steps, violation, at } = told;
  return { scope: machineOf(scope), steps, violation, at, run, length: finding.steps.length };
}
