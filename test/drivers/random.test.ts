/** Random interleavings of every design: model and implementation side by side, all judges, fixed seed. */
import { describe, expect, test } from "vitest";
import { DESIGNS } from "../../model/designs/index.ts";
import { sample, type Sampled } from "../../properties/drivers/random.ts";
import { SCOPES } from "../../properties/drivers/scopes.ts";
import { tell } from "../../properties/drivers/story.ts";
import { enter, type Subject } from "../../properties/subjects.ts";

const SEED = 1;
const RUNS = 1000;

/** Throws the story of what was found, with the command that finds it again. */
function mustHold(subject: Subject, { found }: Sampled): void {
  if (found === undefined) return;
  const { scope, steps } = found.shrunk;
  const story = tell(() => enter(scope, subject, true), steps).text;
  throw new Error(`${story}\n\nAgain: npx fpr check --design ${subject.design} --runs ${RUNS} --seed ${SEED}`);
}

describe.each([...DESIGNS.keys()])("%s", (design) => {
  const subject: Subject = { design, system: "impl" };

  test(`holds in ${RUNS} runs beside the model, and meets every label`, () => {
    const sampled = sample({ subject, scopes: SCOPES, runs: RUNS, seed: SEED, lockstep: true });
    mustHold(subject, sampled);
    expect(sampled.runs).toBe(RUNS);
    expect(sampled.labels.missing).toEqual([]);
  });

  test("the same seed gives the same campaign, another seed another", () => {
    const campaign = { subject, scopes: SCOPES, runs: 20, lockstep: false };
    const first = sample({ ...campaign, seed: SEED });
    expect(sample({ ...campaign, seed: SEED })).toEqual(first);
    expect(sample({ ...campaign, seed: SEED + 1 }).steps).not.toBe(first.steps);
  });
});
