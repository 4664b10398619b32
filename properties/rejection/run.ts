/** Rejections of runs of our own guests: by their events where those show it, and by their steps where they don't. */
import type { Step } from "../../model/alphabet/index.ts";
import type { Outcome } from "../drivers/run.ts";
import type { World } from "../drivers/world.ts";
import { explainRejection } from "./explain.ts";
import type { Heard, Rejection } from "./rejection.ts";
import { repairSteps } from "./steps.ts";

/**
 * Explains a run that breaks a property.
 * @param enter makes a fresh world
 * @param heard the events of the steps that were taken, healing left out
 * @returns undefined where nothing is broken
 */
export function explainRun(
  enter: () => World,
  steps: readonly Step[],
  outcome: Outcome,
  heard: readonly Heard[],
): Rejection | undefined {
  const { violation, at } = outcome;
  if (violation === undefined) return undefined;
  const world = enter();
  const rejection = explainRejection({
    geometry: world.scope.geometry,
    options: world.contractOptions,
    heard: at < steps.length ? heard : [...heard, ...healed(world, steps, outcome.healing)],
    violation,
    unit: "step",
  });
  return rejection.repair === undefined ? { ...rejection, bySteps: repairSteps(enter, steps, outcome) } : rejection;
}

/** The events of healing, and the rest in which it ends; all have the number of the steps before. */
function healed(world: World, steps: readonly Step[], healing: readonly Step[]): Heard[] {
  const events = [...steps, ...healing].flatMap((step, index) => {
    world.perform(step, Math.min(index, steps.length));
    return index < steps.length ? [] : [...world.events];
  });
  return [...events, { event: "idle" } as const].map((event) => ({ at: steps.length, event }));
}
