/**
 * One run: a list of steps, taken once, then healed. The unit that shrinking tries and replay tells.
 */
import type { Step } from "../../model/alphabet/index.ts";
import type { Violation } from "../judges/properties.ts";
import type { Healed } from "./world.ts";

/** Whatever steps are taken in: a world with a guest of ours in it, or a trial of somebody else's system. */
export interface StepTaker {
  /** True once a violation that is known already was met: the run is to end here. */
  readonly cut: boolean;
  /** The steps that the latest healing took. */
  readonly healing: readonly Step[];
  /**
   * Takes one step and judges it. A step that is not possible now changes nothing.
   * @param index the number of the step in its run, from 0
   */
  perform(step: Step, index: number): Violation | undefined;
  /** Lets users rest and everyone else finish. @param index the number of steps taken so far */
  heal(index: number): Healed;
}

export interface Outcome {
  readonly violation: Violation | undefined;
  /** The number of the step that broke it; the number of all steps where healing did. */
  readonly at: number;
  /** True where the end could not be judged, because the host lost a request. */
  readonly unjudgedEnd: boolean;
  /** True where it met a violation that is known already, and ended there. */
  readonly cutShort: boolean;
  /** The steps that healing took. */
  readonly healing: readonly Step[];
}

/** Takes every step once, then heals. Stops at the first broken property, or where it is cut short. */
export function execute(taker: StepTaker, steps: readonly Step[], observe?: (index: number) => void): Outcome {
  const at = steps.length;
  for (let index = 0; index < steps.length; index++) {
    const violation = taker.perform(steps[index], index);
    observe?.(index);
    if (violation !== undefined || taker.cut)
      return { violation, at: index, unjudgedEnd: false, cutShort: taker.cut, healing: [] };
  }
  const healed = taker.heal(steps.length);
  const { healing } = taker;
  if (typeof healed !== "string") return { violation: healed, at, unjudgedEnd: false, cutShort: false, healing };
  const cutShort = healed === "cut short";
  return { violation: undefined, at, unjudgedEnd: healed === "a request was lost", cutShort, healing };
}
