/** Threads that drive programs, and what they tell: the side that does not block. */
import type { Worker } from "node:worker_threads";
import { InputError } from "../../model/alphabet/index.ts";
import { startWorker } from "../../properties/drivers/threads.ts";
import { AdapterFault } from "../conform/adapter-fault.ts";
import { newCells } from "./cells.ts";
import type { FaultTold, Job, Told } from "./job.ts";
import { Keeper } from "./keeper.ts";
import { keep, release } from "./reaper.ts";

export interface ProgramUnderTest {
  /** The program and its arguments; a path is meant from the current folder. */
  readonly command: readonly string[];
  /** Seconds that it may take for one answer. */
  readonly timeout: number;
  /** True where a person named the geometry. */
  readonly geometryNamed: boolean;
}

/** A program that does not keep to the protocol, and what was said to it up to there. */
export class ProgramFault extends AdapterFault {
  /** What was said to the program since its last `start`, with it; empty where that does not show the fault. */
  readonly lines: readonly string[];
  /** Whether a new process that is told only this comes to the same; undefined where that was not tried. */
  readonly showsAgain: boolean | undefined;

  constructor({ fault, run, lines, showsAgain }: FaultTold) {
    super(fault, run);
    this.name = "ProgramFault";
    this.lines = lines;
    this.showsAgain = showsAgain;
  }
}

/**
 * Lets a thread drive a program of its own. The program is gone when this returns, however it does.
 * @param heard what the thread tells; the first answer that is not undefined is the result
 * @throws ProgramFault
 * @throws InputError where the program can't be started
 */
export async function drive<Result>(
  { command, timeout, geometryNamed }: ProgramUnderTest,
  task: Job["task"],
  heard: (told: Told) => Result | undefined,
): Promise<Result> {
  const cells = newCells();
  const keeper = new Keeper({ command, timeout }, cells);
  keep(keeper);
  const job: Job = { cells, program: { timeout, geometryNamed }, task };
  const worker = startWorker(new URL("./worker.ts", import.meta.url), job);
  try {
    return await listen(worker, keeper, heard);
  } finally {
    await release(keeper);
    await worker.terminate();
  }
}

function listen<Result>(worker: Worker, keeper: Keeper, heard: (told: Told) => Result | undefined): Promise<Result> {
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", () => {
      if (!keeper.closed) reject(new Error("the thread that drives the program ended without a result"));
    });
    worker.on("message", (told: Told) => {
      if ("request" in told) {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        keeper.serve(told.request, (reply) => worker.postMessage(reply)).catch(reject);
      } else if ("fault" in told) reject(new ProgramFault(told.fault));
      else if ("input" in told) reject(new InputError({}, told.input));
      else {
        const result = heard(told);
        if (result !== undefined) resolve(result);
      }
    });
  });
}
