/** A thread that drives a program (job.ts): it blocks while the program answers. */
import { parentPort, workerData } from "node:worker_threads";
import { InputError, type Geometry, type Step } from "../../model/alphabet/index.ts";
import { AdapterFault } from "../conform/adapter-fault.ts";
import { conform, replay } from "../conform/conform.ts";
import type { Found } from "../conform/conformance.ts";
import { CalledOff, Connection } from "./connection.ts";
import type { CampaignJob, FaultTold, Job, ReplayJob, Told } from "./job.ts";
import { Program } from "./program.ts";
import { shorten } from "./shorten.ts";

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
  let last = 0;
  const conformance = conform(program, {
    runs,
    seed,
    geometries,
    share,
    fresh: () => {
      program.stop();
      return program;
    },
    stop: (run) => run > Atomics.load(lowest, 0),
    broke: (run) => note(run, lowest),
    progress: (progress) => {
      if (performance.now() - last < PROGRESS) return;
      last = performance.now();
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
  try {
    program.stop();
    const again = replay(program, scope.geometry, steps);
    program.stop();
    return { ...found, repeats: repeats && again.violation?.property === violation.property };
  } catch (error) {
    if (isTheirs(error)) throw new AdapterFault(program.whole(error).fault, { scope, steps, run });
    throw error;
  }
}

function replayOnce({ geometry, steps }: ReplayJob): void {
  const replayed = replay(program, geometry, steps);
  program.stop();
  tell({ replayed });
}

function told(error: AdapterFault): FaultTold {
  const { fault, run } = program.whole(error);
  return { fault, lines: program.lines, ...(run === undefined ? {} : { run }) };
}

function tellFault(error: AdapterFault): void {
  const found = told(error);
  if (job.task.kind === "replay") return tell({ fault: found });
  const { geometries, lowest } = job.task;
  if (found.run?.run !== undefined) note(found.run.run, lowest);
  // It comes of several starts: no conversation since one of them shows it.
  if (found.fault.sent === undefined) return tell({ fault: { ...found, lines: [] } });
  // One who hangs would have his whole time again with every try.
  if (program.hung) return tell({ fault: found });
  const { run } = found;
  const geometry = run?.scope.geometry ?? geometries[0].geometry;
  tell({
    fault: shorten(found, run?.steps ?? [], (steps) => {
      const again = faultOf(geometry, steps);
      if (again === undefined || run === undefined || again.run === undefined) return again;
      return { ...again, run: { ...run, steps: again.run.steps } };
    }),
  });
}

/** What these steps, in a new process that is ended as it should be, come to: undefined where it is not at fault. */
function faultOf(geometry: Geometry, steps: readonly Step[]): FaultTold | undefined {
  try {
    replay(program, geometry, steps);
    program.stop();
    return undefined;
  } catch (error) {
    if (isTheirs(error)) return told(error);
    throw error;
  }
}

/** Is it the program that is at fault? The driver takes whatever a system throws for a fault of the system. */
function isTheirs(error: unknown): error is AdapterFault {
  return error instanceof AdapterFault && error.cause === undefined;
}

/** @throws what is no fault of the adapter's */
function tellError(error: unknown): void {
  if (isTheirs(error)) tellFault(error);
  else if (error instanceof AdapterFault) tellError(error.cause);
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
