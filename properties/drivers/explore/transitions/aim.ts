/** Takes a shortest path to a transition, on purpose: model and implementation side by side, with all judges. */
import type { Step } from "../../../../model/alphabet/index.ts";
import { isOf } from "../../../findings/refind.ts";
import { enter, type Subject } from "../../../subjects.ts";
import type { Violation } from "../../../judges/properties.ts";
import type { World } from "../../world.ts";
import { onRecord } from "../on-record.ts";
import { stepsOf } from "../path.ts";
import { Transitions } from "../transitions.ts";
import type { Route } from "./survey.ts";

export interface Aimed {
  readonly steps: readonly Step[];
  /** True where the last step was the transition that was meant. */
  readonly reached: boolean;
  /** The first broken property that is not on record, and the step that broke it. */
  readonly broken?: { readonly violation: Violation; readonly at: number };
}

/** @param label what the path must end with */
export function aim(subject: Subject, { plan, moves }: Route, label: string): Aimed {
  const records = onRecord(subject.design, plan);
  const known = (violation: Violation): boolean => records.some((failure) => isOf(failure, violation));
  const start = (twin: boolean): World => enter(plan.scope, subject, twin, { known });
  const steps = stepsOf(start(false), moves);
  const world = start(true);
  const transitions = new Transitions(world.view(), world.environment);
  for (const [at, step] of steps.entries()) {
    transitions.before();
    const violation = world.perform(step, at);
    if (violation !== undefined) return { steps, reached: false, broken: { violation, at } };
  }
  return { steps, reached: transitions.tell(transitions.after(moves[moves.length - 1], world.events)) === label };
}
