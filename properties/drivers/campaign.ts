/**
 * Random interleavings at full speed: a plain loop over a generator of pseudo-random numbers, with every judge and
 * without what only a search needs (labels, a tape to shrink). For measuring, and for campaigns of a billion steps
 * (campaign/).
 */
import type { Step } from "../../model/alphabet/index.ts";
import type { Violation } from "../judges/properties.ts";
import type { Worlds } from "../subjects.ts";
import { isNothing, Schedule, type Choose } from "./schedule.ts";
import type { Scope } from "./scopes.ts";
import type { Healed, World } from "./world.ts";

/** Xorshift by Marsaglia, 32 bits: the same numbers for the same seed, on every machine. */
export function xorshift(seed: number): Choose {
  let state = seed | 0 || 1;
  return (bound) => {
    if (bound === 1) return 0;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // 31 bits: a whole number that the machine can divide as such.
    return (state >>> 1) % bound;
  };
}

/** How a run at full speed ended, and what was wrong after its last step. */
export interface Driven {
  /** Those that were drawn and those that healing took: all are judged alike. */
  readonly steps: number;
  readonly violation: Violation | undefined;
  readonly ended: Exclude<Healed, Violation> | "broken";
}

/**
 * One run from the start of a scope, then healed.
 * @param steps how many at most
 * @param after told of every drawn step, once it is taken
 */
export function drive(
  worlds: Worlds,
  scope: Scope,
  choose: Choose,
  steps: number,
  after?: (world: World, step: Step) => void,
): Driven {
  const world = worlds.enter(scope);
  const schedule = new Schedule(world, world.traits);
  schedule.swarm(choose);
  for (let taken = 0; taken < steps;) {
    const step = schedule.next(choose);
    if (isNothing(step)) continue;
    const violation = world.perform(step, taken++);
    after?.(world, step);
    if (violation !== undefined) return { steps: taken, violation, ended: "broken" };
    if (world.cut) return { steps: taken, violation, ended: "cut short" };
  }
  const healed = world.heal(steps);
  const all = steps + world.healing.length;
  if (typeof healed === "string") return { steps: all, violation: undefined, ended: healed };
  return { steps: all, violation: healed, ended: "broken" };
}
