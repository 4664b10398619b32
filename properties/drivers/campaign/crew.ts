/**
 * Threads that take the runs of one campaign. Parts are handed out in order, to whoever is free; what comes back is
 * counted in order too. So what is counted is always all runs up to some number, and the first violation is that of the
 * smallest number, however many threads there are.
 */
import { setFlagsFromString } from "node:v8";
import type { Worker } from "node:worker_threads";
import { startWorker } from "../threads.ts";
import { NO_RUNS, together, type Job, type Tally } from "./runs.ts";
import type { Done, Part } from "./worker.ts";

/** Runs of a part: about a tenth of a second, so that threads are rarely idle and stop soon when they are to. */
const PART = 200;

/**
 * Judging is many small functions that call each other: V8 is to build larger ones of them than it would by itself. That
 * makes a step about 6 % cheaper, and changes nothing else. Threads that start later follow it.
 */
const INLINE_MORE = "--max-inlined-bytecode-size-cumulative=2000";

export interface Campaign {
  readonly job: Job;
  /** All of them, those that are done already included. */
  readonly runs: number;
  /** Threads, at least one. */
  readonly workers: number;
  /** Where to go on; absent: from the first run. */
  readonly done?: Tally;
  /** Stops handing out runs; those under way are still counted. */
  readonly stop?: AbortSignal;
  /** Told whenever more is counted. */
  readonly counted?: (tally: Tally) => void;
}

/** Takes runs until all are done, one breaks something, or it is told to stop. @returns all runs up to there */
export function campaign(asked: Campaign): Promise<Tally> {
  return new Crew(asked).run();
}

class Crew {
  readonly #asked: Campaign;
  readonly #threads: Worker[] = [];
  /** Parts that came back before one in front of them did, by their first run. */
  readonly #early = new Map<number, Done>();
  #counted: Tally;
  /** The first run that nobody has yet. */
  #next: number;
  #busy = 0;
  /** True once anything broke: nothing behind it is handed out. */
  #broken: boolean;

  constructor(asked: Campaign) {
    this.#asked = asked;
    this.#counted = asked.done ?? NO_RUNS;
    this.#next = this.#counted.runs + 1;
    this.#broken = this.#counted.broken;
  }

  async run(): Promise<Tally> {
    if (!this.#hasMore()) return this.#counted;
    try {
      await new Promise<void>((resolve, reject) => this.#start(resolve, reject));
    } finally {
      await Promise.all(this.#threads.map((thread) => thread.terminate()));
    }
    return this.#counted;
  }

  #start(resolve: () => void, reject: (reason: unknown) => void): void {
    const { job, workers } = this.#asked;
    setFlagsFromString(INLINE_MORE);
    for (let started = 0; started < workers && this.#hasMore(); started++) {
      const thread = startWorker(new URL("./worker.ts", import.meta.url), job);
      this.#threads.push(thread);
      thread.on("error", reject);
      thread.on("message", (done: Done) => {
        try {
          if (!this.#goesOn(thread, done)) resolve();
        } catch (error) {
          reject(error);
        }
      });
      this.#hand(thread);
    }
  }

  /** A thread is done with a part. @returns false where everything is counted that there is to count */
  #goesOn(thread: Worker, done: Done): boolean {
    this.#busy--;
    this.#cameBack(done);
    if (this.#hasMore()) this.#hand(thread);
    // What is broken is the first where all before it are counted; who still works on later ones may stop.
    return this.#busy > 0 && !this.#counted.broken;
  }

  #hasMore(): boolean {
    const stopped = this.#asked.stop?.aborted === true;
    return !stopped && !this.#broken && this.#next <= this.#asked.runs;
  }

  #hand(thread: Worker): void {
    const part: Part = { first: this.#next, count: Math.min(PART, this.#asked.runs - this.#next + 1) };
    this.#next += part.count;
    this.#busy++;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    thread.postMessage(part);
  }

  #cameBack(done: Done): void {
    this.#early.set(done.first, done);
    this.#broken ||= done.tally.broken;
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.#counted = together(this.#counted, next.tally);
      if (this.#counted.broken) break;
    }
    this.#asked.counted?.(this.#counted);
  }

  /** The part that comes next in order, if it is back. */
  #take(): Done | undefined {
    const first = this.#counted.runs + 1;
    const done = this.#early.get(first);
    this.#early.delete(first);
    return done;
  }
}
