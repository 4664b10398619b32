/**
 * No false alarm: our own designs behind the pipe, millions of actions, and nothing is broken that is not on record.
 *
 *     npm run campaign:conform                          10,000,000 actions in all
 *     npm run campaign:conform -- --actions 100000 page-reporting bitmap
 *
 * It goes in campaigns of some hundred runs, each with a seed of its own and a line in .bench/conform-own.jsonl. Stopped and
 * started again it goes on where it was; `--fresh` begins anew. Designs that break what is on record are not asked for more
 * than some campaigns, as each ends there; those that hold share the rest, one action of the model to nine.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { conformProgram } from "../oracle/process/conform-program.ts";
import { ProgramFault } from "../oracle/process/drive.ts";
import { FORMS, nameOf, type Form } from "../test/oracle/own/form.ts";
import { recordOnWire, stopOnRecord } from "../test/oracle/own/on-record.ts";

/** Runs of one campaign. */
const RUNS = 1500;
/** Campaigns of a design that breaks what is on record. */
const ENOUGH = 10;
/** The model is to be read, not to run: of ten actions the implementation gets nine. */
const SHARE = { impl: 1, model: 9 } as const;
const SERVE = join(import.meta.dirname, "../test/oracle/own/serve.ts");
const FOLDER = join(import.meta.dirname, "../.bench");
const JOURNAL = join(FOLDER, "conform-own.jsonl");

/** A campaign that is done: a line of the journal. */
interface Done {
  readonly name: string;
  readonly seed: number;
  readonly runs: number;
  readonly actions: number;
  /** Absent: it holds. */
  readonly broken?: { readonly property: string; readonly record?: string; readonly explanation: string };
  readonly labels: readonly string[];
  readonly missing: readonly string[];
  readonly moments: readonly string[];
  readonly knownMoments: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { actions: { type: "string", default: "10000000" }, fresh: { type: "boolean", default: false } },
});
const wanted = Number(values.actions);

/** Implementation and model of every design; the kernel's slow path is one that fails on purpose. */
const SLOW: Form = { design: "page-reporting", variant: "", system: "impl", settings: { slowPath: "kernel" } };
const forms: readonly Form[] = [
  ...(["impl", "model"] as const).flatMap((system) => FORMS.map((form): Form => ({ ...form, system }))),
  SLOW,
].filter(({ design }) => positionals.length === 0 || positionals.includes(design));

async function campaign(form: Form, seed: number): Promise<Done> {
  const command = [process.execPath, "--import", "tsx", SERVE, JSON.stringify(form)];
  const name = nameOf(form);
  try {
    const { conformance } = await conformProgram(command, { runs: RUNS, seed });
    const { runs, actions, found, coverage } = conformance;
    const { met, missing } = coverage.labels;
    const { reached } = coverage.moments;
    const knownMoments = reached.length + coverage.moments.missing.length;
    const done = { name, seed, runs, actions, labels: met, missing, moments: reached, knownMoments };
    if (found === undefined) return done;
    const { property, explanation } = found.violation;
    const record = found.repeats ? recordOnWire(form, found.violation)?.id : undefined;
    return { ...done, broken: { property, explanation, ...(record === undefined ? {} : { record }) } };
  } catch (fault) {
    if (!(fault instanceof ProgramFault)) throw fault;
    const explanation = `${fault.message} (sent ${fault.fault.sent ?? "nothing"}, came ${fault.fault.came ?? "nothing"})`;
    const record = stopOnRecord(form, explanation)?.id;
    const broken = { property: "adapter", explanation, ...(record === undefined ? {} : { record }) };
    const nothing = { runs: 0, actions: 0, labels: [], missing: [], moments: [], knownMoments: 0 };
    return { name, seed, ...nothing, broken };
  }
}

function journal(): Done[] {
  if (!existsSync(JOURNAL)) return [];
  const lines = readFileSync(JOURNAL, "utf8").trimEnd().split("\n");
  return lines.map((line): Done => JSON.parse(line));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

/** What is known of one form. */
function tell(name: string, done: readonly Done[]): string {
  const breaks = new Map<string, number>();
  for (const { broken } of done) {
    if (broken === undefined) continue;
    const said = `${broken.property} ${broken.record === undefined ? "NOT ON RECORD" : `(${broken.record})`}`;
    breaks.set(said, (breaks.get(said) ?? 0) + 1);
  }
  const verdict = [...breaks].map(([said, times]) => `${times} x ${said}`).join(", ");
  const labels = new Set(done.flatMap((one) => one.labels));
  const known = new Set(done.flatMap((one) => [...one.labels, ...one.missing]));
  const moments = new Set(done.flatMap((one) => one.moments));
  const knownMoments = Math.max(0, ...done.map((one) => one.knownMoments));
  const taken = `${sum(done.map(({ actions }) => actions))} actions, ${sum(done.map(({ runs }) => runs))} runs`;
  const seen = `${labels.size} of ${known.size} situations, ${moments.size} of ${knownMoments} kinds of moments`;
  return `${name}: ${taken}, ${done.length} campaigns: ${verdict === "" ? "holds" : verdict}; ${seen}`;
}

/** The form that is to be asked next: of those that hold the one with the fewest actions. */
function next(done: readonly Done[]): Form | undefined {
  if (sum(done.map(({ actions }) => actions)) >= wanted) return undefined;
  const open = forms.map((form) => ({ form, had: done.filter(({ name }) => name === nameOf(form)) }));
  const asked = open.filter(({ had }) => had.every(({ broken }) => broken === undefined) || had.length < ENOUGH);
  const had = (one: (typeof asked)[number]): number =>
    SHARE[one.form.system] * sum(one.had.map(({ actions }) => actions));
  return asked.toSorted((one, other) => had(one) - had(other))[0]?.form;
}

if (values.fresh) rmSync(JOURNAL, { force: true });
mkdirSync(FOLDER, { recursive: true });
const done = journal();
for (let form = next(done); form !== undefined; form = next(done)) {
  const name = nameOf(form);
  const one = await campaign(form, 1 + done.filter((other) => other.name === name).length);
  appendFileSync(JOURNAL, `${JSON.stringify(one)}\n`);
  done.push(one);
  if (one.broken !== undefined && one.broken.record === undefined) {
    console.error(`${name}, seed ${one.seed}: ${one.broken.property}: ${one.broken.explanation}`);
    process.exitCode = 1;
  }
}
for (const form of forms) {
  const name = nameOf(form);
  const had = done.filter((one) => one.name === name);
  if (had.length > 0) console.log(tell(name, had));
}
const of = `${done.length} campaigns of ${new Set(done.map(({ name }) => name)).size} systems`;
console.log(
  `in all: ${sum(done.map(({ actions }) => actions))} actions, ${sum(done.map(({ runs }) => runs))} runs, ${of}`,
);
const unknown = done.filter(({ broken }) => broken !== undefined && broken.record === undefined).length;
console.log(
  unknown === 0 ? "nothing is broken that is not on record" : `${unknown} campaigns broke what is not on record`,
);
