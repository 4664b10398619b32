/** Random interleavings of every design: model and implementation side by side, all judges, fixed seed. */
import { describe, expect, test } from "vitest";
import { DESIGNS } from "../../model/designs/index.ts";
import { sample, type Sampled } from "../../properties/drivers/random.ts";
import { scopesFor } from "../../properties/drivers/scopes.ts";
import { tell } from "../../properties/drivers/story.ts";
import { recordOf } from "../../properties/findings/refind.ts";
import { enter, type Subject } from "../../properties/subjects.ts";

const SEED = 1;
/** For designs that are known to break nothing, and for those whose runs end at a failure that is on record. */
const RUNS = 1000;
const RUNS_BESIDE = 500;
const SOUND: ReadonlySet<string> = new Set(["none", "reported-boundary", "page-reporting"]);

/** Throws the story of what was found, with the command that finds it again. */
function mustHold(subject: Subject, form: string, { runs, found }: Sampled): void {
  if (found === undefined) return;
  const { scope, steps } = found.shrunk;
  const story = tell(() => enter(scope, subject, true), steps).text;
  throw new Error(`${story}\n\nAgain: npx fpr check --design ${form} --runs ${runs} --seed ${SEED}`);
}

const FORMS = [...DESIGNS.values()].flatMap((variants) =>
  variants.map(({ id, variant }) => ({ id, variant, form: variant === "" ? id : `${id}:${variant}` })),
);

describe.each(FORMS)("$form", ({ id, variant, form }) => {
  const subject: Subject = { design: id, system: "impl" };
  const scopes = scopesFor(id, variant);
  const runs = SOUND.has(id) ? RUNS : RUNS_BESIDE;

  test(`breaks nothing that is not on record in ${runs} runs beside the model, and meets every label`, () => {
    const sampled = sample({
      subject,
      scopes,
      runs,
      seed: SEED,
      lockstep: true,
      wanted: (violation) => recordOf(id, variant, violation) === undefined,
    });
    mustHold(subject, form, sampled);
    expect(sampled.runs).toBe(runs);
    expect(sampled.labels.missing).toEqual([]);
  });
});

test("the same seed gives the same campaign, another seed another", () => {
  const subject: Subject = { design: "page-reporting", system: "impl" };
  const campaign = { subject, scopes: scopesFor("page-reporting"), runs: 20, lockstep: false };
  const first = sample({ ...campaign, seed: SEED });
  expect(sample({ ...campaign, seed: SEED })).toEqual(first);
  expect(sample({ ...campaign, seed: SEED + 1 }).steps).not.toBe(first.steps);
});
