/**
 * Random interleavings at full speed: a plain loop over a generator of pseudo-random numbers, with every judge and
 * without what only a search needs (labels, a tape to shrink). For measuring, and for millions of steps overnight.
 */
import type { Violation } from "../judges/properties.ts";
import type { Worlds } from "../subjects.ts";
import { isNothing, Schedule, type Choose } from "./schedule.ts";
import type { Scope } from "./scopes.ts";
import type { World } from "./world.ts";

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
}

/**
 * One run from the start of a scope, then healed.
 * @param steps how many at most
 * @param after told of every drawn step that was judged right
 */
export function drive(
  worlds: Worlds,
  scope: Scope,
  choose: Choose,
  steps: number,
  after?: (world: World) => void,
): Driven {
  const world = worlds.enter(scope);
  const schedule = new Schedule(world, world.traits);
  schedule.swarm(choose);
  for (let taken = 0; taken < steps;) {
    const step = schedule.next(choose);
    if (isNothing(step)) continue;
    const violation = world.perform(step, taken++);
    if (violation !== undefined || world.cut) return { steps: taken, violation };
    after?.(world);
  }
  const healed = world.heal(steps);
  return { steps: steps + world.healing.length, violation: typeof healed === "string" ? undefined : healed };
}
