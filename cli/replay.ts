/** `fpr replay FILE`: tells a counterexample again, runs it exactly once. */
import { readCounterexample, sameProperty } from "../properties/drivers/counterexample.ts";
import { tell } from "../properties/drivers/story.ts";
import { enter } from "../properties/subjects.ts";
import type { Verdict } from "./output.ts";

export function replay(file: string): Verdict {
  const counterexample = readCounterexample(file);
  const { subject, scope, steps, violation: recorded } = counterexample;
  const lockstep = recorded.property === "lockstep";
  const { text, outcome } = tell(() => enter(scope, subject, lockstep), steps);
  console.log(text);
  const { violation, at } = outcome;
  if (violation === undefined) {
    if (outcome.unjudgedEnd)
      return { verdict: "unjudged", explanation: "the host lost a request, so the end can't be judged" };
    console.log(`\nMended: ${recorded.property} is no longer broken by these ${steps.length} actions.`);
    return { verdict: "holds" };
  }
  const note = sameProperty(violation.property, counterexample)
    ? "Still fails, as recorded."
    : `Fails, but not as recorded: that was ${recorded.property}.`;
  console.log(`\n${note}`);
  const step = Math.max(0, Math.min(at, steps.length - 1));
  return { verdict: "violates", property: violation.property, step, explanation: violation.explanation };
}
