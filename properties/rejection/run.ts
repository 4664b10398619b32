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
 * @param heard the events of all steps that were taken, those of healing numbered on from the others
 * @returns undefined where nothing is broken
 */
export function explainRun(
  enter: () => World,
  steps: readonly Step[],
  outcome: Outcome,
  heard: readonly Heard[],
): Rejection | undefined {
  const { violation, at, healing } = outcome;
  if (violation === undefined) return undefined;
  const world = enter();
  const last = at + Math.max(0, healing.length - 1);
  const rejection = explainRejection({
    geometry: world.scope.geometry,
    options: world.contractOptions,
    // Who comes to rest says so.
    heard: at < steps.length ? heard : [...heard, { at: last, event: { event: "idle" } }],
    violation,
    unit: "step",
    at: last,
  });
  return rejection.repair === undefined ? { ...rejection, bySteps: repairSteps(enter, steps, outcome) } : rejection;
}
