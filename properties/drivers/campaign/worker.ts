/** A thread of a campaign: takes the runs that it is told to, part after part. */
import { parentPort, workerData } from "node:worker_threads";
import { Runs, type Job, type Tally } from "./runs.ts";

/** Consecutive runs. */
export interface Part {
  readonly first: number;
  readonly count: number;
}

/** What a thread answers. */
export interface Done extends Part {
  readonly tally: Tally;
}

if (parentPort !== null) {
  const port = parentPort;
  const job: Job = workerData;
  const runs = new Runs(job);
  port.on("message", ({ first, count }: Part) => {
    const done: Done = { first, count, tally: runs.take(first, count) };
    port.postMessage(done);
  });
}
