/**
 * Threads that expand a level together. They share the table (shared-table.ts) and take the states of the level a few
 * hundred at a time; the next level begins when all are done with this one. So each state is expanded once, and at its
 * least distance from the start, whoever does it: what is counted over all of them doesn't depend on how many they are.
 * Ids, and which of several shortest ways to a state is remembered, do.
 */
import type { Worker } from "node:worker_threads";
import { startWorker } from "../../threads.ts";
import { sharedWords, type SharedMemory } from "../states/shared-table.ts";
import type { States } from "../states/table.ts";
import type { Job } from "./worker.ts";

/** What does the work in a thread. */
export interface Hand<Report> {
  /** Expands the states with ids from `from` up to, but not including, `to`: their successors go into the table. */
  expand(from: number, to: number): void;
  /** Inserts what it still holds back: at the end of a level. */
  flush(): void;
  /**
   * True where it is of no use that anybody goes on: the level is left as it is. Not yet where something is found to be
   * wrong: once the level is done, the least of all that was found there is the same for any number of threads.
   */
  readonly isOver: boolean;
  /** What it has counted and found since it was made, as plain data. */
  report(): Report;
}

/** Makes what works in a thread from plain data: the export `makeHand` of a module. */
export type MakeHand<Data, Report> = (data: Data, table: States) => Hand<Report>;

export class Crew<Data, Report> {
  readonly #threads: Worker[];
  readonly #next = sharedWords(1);
  /** Is rejected as soon as a thread is no more. */
  readonly #failed: Promise<never>;

  /**
   * @param module URL of the module that exports `makeHand`, a `MakeHand<Data, Report>`; its own `import.meta.url`
   * @param memory of the table; the states where all begins should be in it before the first level
   */
  constructor(module: string, data: Data, memory: SharedMemory, workers: number) {
    const job: Job = { module, data, memory, next: this.#next };
    this.#threads = Array.from({ length: workers }, () => startWorker(new URL("./worker.ts", import.meta.url), job));
    this.#failed = new Promise((_, reject) => {
      for (const thread of this.#threads) {
        thread.on("error", reject);
        thread.on("exit", (code) =>
          reject(new Error(`a thread of the exploration ended too early, with code ${code}`)),
        );
      }
    });
    // Between levels nobody waits for it.
    this.#failed.catch(() => {});
  }

  /**
   * Expands the states from `from` up to, but not including, `to`.
   * @returns what each thread reports, once all are done
   * @throws whatever a thread has thrown
   */
  async expand(from: number, to: number): Promise<Report[]> {
    Atomics.store(this.#next, 0, from);
    const reports = this.#threads.map((thread) => new Promise<Report>((resolve) => thread.once("message", resolve)));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    for (const thread of this.#threads) thread.postMessage(to);
    return Promise.race([Promise.all(reports), this.#failed]);
  }

  /** Ends all threads, whatever they do. To be called in any case. */
  async dismiss(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}
