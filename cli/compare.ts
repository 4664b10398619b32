/** `fpr compare`: the designs side by side: which holds what, the shortest known story where one fails, and what each costs. */
import { existsSync } from "node:fs";
import { count } from "../properties/numbers.ts";
import { traitsOf, enter, type Subject } from "../properties/subjects.ts";
import { readCounterexample } from "../properties/drivers/counterexample.ts";
import { sample } from "../properties/drivers/random.ts";
import { execute } from "../properties/drivers/run.ts";
import { scopesFor } from "../properties/drivers/scopes.ts";
import { tell } from "../properties/drivers/story.ts";
import { priceOf } from "../properties/drivers/workload.ts";
import { FAILURES } from "../properties/findings/index.ts";
import { fileOf, type Failure } from "../properties/findings/failure.ts";
import { isOf, recordOf } from "../properties/findings/refind.ts";
import { PROPERTIES } from "../properties/judges/properties.ts";
import { asDocument } from "./compare-tables.ts";
import { broke, type Compared, type CompareOptions, type Replayed } from "./compared.ts";
import { labelOf, variantsOf, type Form } from "./designs.ts";
import { Progress, type Verdict } from "./output.ts";

export function compare(options: CompareOptions): Verdict {
  const forms = variantsOf(options.design);
  const progress = new Progress();
  const compared = forms.map((form, at) => {
    progress.show(labelOf(form), at, "designs");
    return compareOne(form, options);
  });
  progress.clear();
  console.log(asDocument(compared, options));
  return conclude(compared, options);
}

function compareOne(form: Form, { runs, seed }: CompareOptions): Compared {
  const subject: Subject = { design: form.design, system: "impl" };
  const sampled = sample({
    subject,
    scopes: scopesFor(form.design, form.variant),
    runs,
    seed,
    lockstep: true,
    wanted: (violation) => recordOf(form.design, form.variant, violation) === undefined,
  });
  const records = FAILURES.filter((one) => one.design === form.design && one.variant === form.variant).map(replayed);
  records.sort((one, other) => (one.actions ?? Infinity) - (other.actions ?? Infinity));
  return { form, sampled, records, judged: judgedFor(form), price: priceOf(form.design, form.variant) };
}

/** Runs the file of a recorded failure once. */
function replayed(failure: Failure): Replayed {
  const file = fileOf(failure);
  if (!existsSync(file)) return { failure, actions: undefined, trouble: `there is no file ${file}` };
  const { subject, scope, steps } = readCounterexample(file);
  const { violation } = execute(enter(scope, subject, failure.property === "lockstep"), steps);
  if (violation !== undefined && isOf(failure, violation)) return { failure, actions: steps.length };
  const instead = violation === undefined ? "breaks nothing any more" : `breaks ${violation.property} instead`;
  return { failure, actions: undefined, trouble: `${file} ${instead}` };
}

/** Which properties are asked of a design: most of all, some only where it claims them or can break them. */
function judgedFor({ design, variant }: Form): (property: string) => boolean {
  const traits = traitsOf(design, variant);
  const claims: readonly string[] = traits.claims;
  return (property) => {
    if (property === "flag") return traits.marks !== "never";
    if (property === "migrated") return traits.hears.includes("hint");
    // What stays on the free lists is not out of anybody's reach.
    if (property === "fake-oom") return traits.takes !== "in-place";
    return !CLAIMABLE.has(property) || claims.includes(property);
  };
}

/** Asked only of designs that claim them. */
const CLAIMABLE: ReadonlySet<string> = new Set([
  "completeness",
  "slip",
  "watermark",
  "bounded-hold",
  "migratetype",
  "progress",
  "missed",
]);

function conclude(compared: readonly Compared[], { runs, seed }: CompareOptions): Verdict {
  const details = { runs, seed, designs: compared.map(forPrograms) };
  const records = compared.flatMap((one) => one.records);
  const lost = records.filter(({ actions }) => actions === undefined);
  for (const { trouble } of lost) console.log(`Not as recorded: ${trouble ?? ""}`);
  const news = compared.filter(({ sampled }) => sampled.found !== undefined);
  for (const one of news) tellNews(one);
  const [first] = news;
  if (first?.sampled.found !== undefined) {
    const { violation, steps } = first.sampled.found.shrunk;
    const names = news.map(({ form }) => labelOf(form)).join(", ");
    console.log(`\nNot as recorded: ${names} broke a property of which there is no record.`);
    return { verdict: "violates", ...violation, step: Math.max(0, steps.length - 1), ...details };
  }
  if (lost.length > 0) {
    const explanation = `${lost.length} records can't be replayed: npm run findings makes them anew`;
    console.log(explanation);
    return { verdict: "unjudged", explanation, ...details };
  }
  console.log(`All as recorded: ${count(records.length)} failures on record, and nothing else was broken.`);
  return { verdict: "holds", ...details };
}

function tellNews({ form, sampled }: Compared): void {
  if (sampled.found === undefined) return;
  const { scope, steps, violation } = sampled.found.shrunk;
  const subject: Subject = { design: form.design, system: "impl" };
  console.log(`\n${labelOf(form)}: violates ${violation.property}, which is not on record\n`);
  console.log(tell(() => enter(scope, subject, true), steps).text);
}

/** One design for programs. */
function forPrograms(one: Compared): unknown {
  const { form, sampled, records, judged, price } = one;
  const properties = PROPERTIES.map(({ id }) => {
    if (broke(one, id)) return [id, "violates"];
    const record = records.find(({ failure }) => failure.property === id);
    if (record === undefined) return [id, judged(id) ? "holds" : "not claimed"];
    const { failure, actions } = record;
    const only = failure.only === undefined ? {} : { only: failure.only.words };
    return [id, { actions: actions ?? null, file: fileOf(failure), ...only }];
  });
  const tried = { runs: sampled.runs, steps: sampled.steps, cutShort: sampled.cutShort };
  return { ...form, ...tried, properties: Object.fromEntries(properties), costs: price };
}
