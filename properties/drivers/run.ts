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
  /** The steps that healing took. */
  readonly healing: readonly Step[];
}

/** Takes every step once, then heals. Stops at the first broken property. */
export function execute(world: World, steps: readonly Step[], observe?: (index: number) => void): Outcome {
  for (let index = 0; index < steps.length; index++) {
    const violation = world.perform(steps[index], index);
    observe?.(index);
    if (violation !== undefined) return { violation, at: index, unjudgedEnd: false, healing: [] };
  }
  const healed = world.heal(steps.length);
  const { healing } = world;
  if (typeof healed !== "string") return { violation: healed, at: steps.length, unjudgedEnd: false, healing };
  return { violation: undefined, at: steps.length, unjudgedEnd: healed !== "at rest", healing };
}
