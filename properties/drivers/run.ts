/**
 * One run: a list of steps, taken once, then healed. The unit that shrinking tries and replay tells.
 */
import type { Step } from "../../model/alphabet/index.ts";
import type { Violation } from "../judges/properties.ts";
import type { World } from "./world.ts";

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

/** Takes every step once, then heals. Stops at the first broken property, or where the world is cut short. */
export function execute(world: World, steps: readonly Step[], observe?: (index: number) => void): Outcome {
  const at = steps.length;
  for (let index = 0; index < steps.length; index++) {
    const violation = world.perform(steps[index], index);
    observe?.(index);
    if (violation !== undefined || world.cut)
      return { violation, at: index, unjudgedEnd: false, cutShort: world.cut, healing: [] };
  }
  const healed = world.heal(steps.length);
  const { healing } = world;
  if (typeof healed !== "string") return { violation: healed, at, unjudgedEnd: false, cutShort: false, healing };
  const cutShort = healed === "cut short";
  return { violation: undefined, at, unjudgedEnd: healed === "a request was lost", cutShort, healing };
}
