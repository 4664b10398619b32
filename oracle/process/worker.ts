/** A thread that drives a program (job.ts): it blocks while the program answers. */
import { parentPort, workerData } from "node:worker_threads";
import { InputError } from "../../model/alphabet/index.ts";
import { AdapterFault } from "../conform/adapter-fault.ts";
import { conform, replay } from "../conform/conform.ts";
import type { Found } from "../conform/conformance.ts";
import { CalledOff, Connection } from "./connection.ts";
import type { CampaignJob, Job, ReplayJob, Told } from "./job.ts";
import { Program } from "./program.ts";

/** Milliseconds between two words about how far it is. */
const PROGRESS = 100;

const job: Job = workerData;
const port = parentPort;
if (port === null) throw new Error("this module is a thread's");
const program = new Program(new Connection(job.cells, port), job.program);

function tell(told: Told): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port, not a window
  port?.postMessage(told);
}

function campaign(task: CampaignJob): void {
  const { runs, seed, geometries, share, lowest } = task;
  const started = performance.now();
  let told = 0;
  const conformance = conform(program, {
    runs,
    seed,
    geometries,
    share,
    fresh: () => {
      program.kill();
      return program;
    },
    stop: (run) => run > Atomics.load(lowest, 0),
    broke: (run) => note(run, lowest),
    progress: (progress) => {
      if (performance.now() - told < PROGRESS) return;
      told = performance.now();
      tell({ progress });
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const { found } = conformance;
  if (found !== undefined) tell({ share: { conformance: { ...conformance, found: confirmed(found) }, seconds } });
  else {
    program.stop();
    tell({ share: { conformance, seconds } });
  }
}

/** Something broke in this run: those after it need not be taken. */
function note(run: number, lowest: Int32Array<SharedArrayBuffer>): void {
  for (;;) {
    const before = Atomics.load(lowest, 0);
    if (before <= run || Atomics.compareExchange(lowest, 0, before, run) === before) return;
  }
}

/**
 * Takes the steps of a finding once more, in a program that never did anything else, with a proper end: only then is it
 * certain that each action had one answer, and that this one was meant.
 * @throws AdapterFault where the conversation does not end as it should
 */
function confirmed(found: Found): Found {
  const { run, scope, steps, violation, repeats } = found;
  program.kill();
  try {
    const again = replay(program, scope.geometry, steps);
    program.stop();
    return { ...found, repeats: repeats && again.violation?.property === violation.property };
  } catch (error) {
    if (error instanceof AdapterFault) throw new AdapterFault(program.whole(error).fault, { scope, steps, run });
    throw error;
  }
}

function replayOnce({ geometry, steps }: ReplayJob): void {
  const replayed = replay(program, geometry, steps);
  program.stop();
  tell({ replayed });
}

function tellFault(error: AdapterFault): void {
  const { fault, run } = program.whole(error);
  const { lines, starts } = program;
  if (run?.run !== undefined && job.task.kind === "campaign") note(run.run, job.task.lowest);
  tell({ fault: { fault, ...(run === undefined ? {} : { run }), conversation: { lines, starts } } });
}

/** @throws what is no fault of the adapter's */
function tellError(error: unknown): void {
  // The driver takes whatever a system throws for a fault of the system.
  if (error instanceof AdapterFault && error.cause !== undefined) tellError(error.cause);
  else if (error instanceof AdapterFault) tellFault(error);
  else if (error instanceof InputError) tell({ input: error.message });
  // Else nobody listens any more.
  else if (!(error instanceof CalledOff)) throw error;
}

try {
  if (job.task.kind === "campaign") campaign(job.task);
  else replayOnce(job.task);
} catch (error) {
  tellError(error);
}
