/** What is asked of every design: random interleavings, model and implementation side by side, all judges, fixed seed. */
import { describe, expect, test } from "vitest";
import { DESIGNS } from "../../model/designs/index.ts";
import { sample, type Sampled } from "../../properties/drivers/random.ts";
import { scopesFor } from "../../properties/drivers/scopes.ts";
import { tell } from "../../properties/drivers/story.ts";
import { recordOf } from "../../properties/findings/refind.ts";
import { enter, type Subject } from "../../properties/subjects.ts";

export const SEED = 1;
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

/** The ids of all designs, in parts of about the same length: a file a part, as one file keeps only one processor busy. */
export const PARTS = {
  hostDriven: ["none", "balloon", "free-page-hint", "incremental-array", "get-put-hints"],
  nitesh: ["array-seqlock", "array-percpu", "bitmap"],
  duyck: ["sync-hypercall", "treated-buddy", "bubble", "reported-boundary", "page-reporting"],
} as const satisfies Record<string, readonly string[]>;

export function tried(designs: readonly string[]): void {
  const forms = FORMS.filter(({ id }) => designs.includes(id));
  describe.each(forms)("$form", ({ id, variant, form }) => {
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
}
