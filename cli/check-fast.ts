/**
 * `fpr check --fast`: the implementation with all judges, but without the model, on all cores: campaigns of a billion
 * steps, which may be interrupted and go on.
 */
import { count } from "../properties/numbers.ts";
import { campaign } from "../properties/drivers/campaign/crew.ts";
import { NO_RUNS, Runs, type Job, type Tally } from "../properties/drivers/campaign/runs.ts";
import { readState, writeState, type Whose } from "../properties/drivers/campaign/state-file.ts";
import { labelOf, variantsOf, type Form } from "./designs.ts";
import { tellFound } from "./found.ts";
import { Progress, worst, type Verdict } from "./output.ts";

export interface FastOptions {
  /** Designs by comma, `bitmap` or `bitmap:v10`; undefined: all. */
  readonly design: string | undefined;
  /** Of each form. */
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
  /** The file that says how far it is; undefined: none. */
  readonly state: string | undefined;
  /** Where counterexamples go; undefined: nowhere. */
  readonly save: string | undefined;
}

/** Milliseconds between two times that the state is written: so much work may be lost at most. */
const SAVE_EVERY = 3000;

/**
 * Several forms at a time, with as few threads for each as there can be: a thread takes its time to get fast, and what
 * has driven one form only is faster than what has driven several.
 * @throws InputError where there is no such design, or the state can't be used
 */
export async function checkFast(options: FastOptions): Promise<Verdict> {
  const forms = variantsOf(options.design);
  const log = new Log(options, forms);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  // Once more, and it ends at once.
  process.once("SIGINT", interrupt);
  const verdicts: Verdict[] = [];
  const waiting = forms.entries();
  const lane = async (workers: number): Promise<void> => {
    for (const [at, form] of waiting) {
      if (stop.signal.aborted) return;
      verdicts[at] = await checkForm({ ...options, workers }, form, log, stop.signal);
    }
  };
  try {
    await allOrNone(shares(options.workers, forms.length).map(lane), stop);
  } finally {
    process.off("SIGINT", interrupt);
    log.write();
  }
  const told = Object.values(verdicts);
  if (stop.signal.aborted) told.push(interrupted(options));
  return forms.length === 1 && told.length === 1 ? told[0] : { ...worst(told), designs: told };
}

/** Threads for each of the forms that are driven at the same time. */
function shares(workers: number, forms: number): number[] {
  const lanes = Math.min(workers, forms);
  return Array.from({ length: lanes }, (_, lane) => Math.floor((workers + lane) / lanes));
}

/** Where one fails the others end, too, before it is told. */
async function allOrNone(lanes: readonly Promise<void>[], stop: AbortController): Promise<void> {
  for (const lane of lanes) lane.catch(() => stop.abort());
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** How far each form is: in memory, in the file, and in a line for whoever watches. */
class Log {
  readonly #file: string | undefined;
  readonly #whose: Whose;
  readonly #tallies: Map<string, Tally>;
  readonly #progress = new Progress();
  readonly #begun: number;
  #written = Date.now();

  constructor({ state, seed }: FastOptions, forms: readonly Form[]) {
    this.#file = state;
    this.#whose = { seed, forms: forms.map(labelOf) };
    this.#tallies = state === undefined ? new Map() : new Map(readState(state, this.#whose));
    this.#begun = this.#steps();
    // What can't be written is to be known now, not in an hour.
    this.write();
  }

  of(form: Form): Tally {
    return this.#tallies.get(labelOf(form)) ?? NO_RUNS;
  }

  note(form: Form, tally: Tally): void {
    this.#tallies.set(labelOf(form), tally);
    this.#progress.show(`${labelOf(form)}, run ${count(tally.runs)}; all`, this.#steps() - this.#begun, "steps");
    if (Date.now() - this.#written >= SAVE_EVERY) this.write();
  }

  /** Makes room for words on the terminal. */
  clear(): void {
    this.#progress.clear();
  }

  write(): void {
    this.#written = Date.now();
    if (this.#file !== undefined) writeState(this.#file, this.#whose, this.#tallies);
  }

  #steps(): number {
    let steps = 0;
    for (const tally of this.#tallies.values()) steps += tally.steps;
    return steps;
  }
}

async function checkForm(options: FastOptions, form: Form, log: Log, stop: AbortSignal): Promise<Verdict> {
  const { runs, seed, workers } = options;
  const job: Job = { subject: { design: form.design, system: "impl" }, variant: form.variant, seed };
  const name = labelOf(form);
  const counted = (tally: Tally): void => log.note(form, tally);
  const tally = await campaign({ job, runs, workers, done: log.of(form), stop, counted });
  log.clear();
  const { broken: _, ...amounts } = tally;
  const details = { design: name, ...amounts };
  if (!tally.broken) {
    sayHolds(options, name, tally);
    return { verdict: "holds", ...details };
  }
  const found = { run: tally.runs, steps: tally.steps, shrunk: new Runs(job).finding(tally.runs) };
  return { ...details, ...tellFound(options, { subject: job.subject, name, lockstep: false }, found) };
}

function sayHolds({ seed }: FastOptions, name: string, tally: Tally): void {
  const amount = `${count(tally.runs)} runs, ${count(tally.steps)} steps`;
  console.log(`${name}: holds (${amount}; sampled, not every interleaving), seed ${seed}`);
  if (tally.cutShort > 0)
    console.log(`  cut short: ${count(tally.cutShort)} runs, in which a failure on record came up`);
  const ends =
    tally.unjudgedEnds > 0 ? `the end of ${count(tally.unjudgedEnds)} runs, in which the host lost a request; ` : "";
  console.log(`  not checked: ${ends}lockstep (fpr check without --fast), completeness (not claimed)`);
}

function interrupted({ state }: FastOptions): Verdict {
  const next =
    state === undefined ? "with --state FILE it could go on from here" : "the same command goes on from here";
  const explanation = `interrupted: ${next}`;
  console.log(explanation);
  return { verdict: "unjudged", explanation };
}
