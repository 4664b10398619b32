/** A thread of an exploration: expands its share of a level, tells what it has found so far, and waits for the next. */
import { parentPort, workerData } from "node:worker_threads";
import { SharedTable, type SharedMemory } from "../states/shared-table.ts";
import type { MakeHand } from "./workers.ts";

/** What a thread is told once. */
export interface Job {
  /** Of the module that exports `makeHand`. */
  readonly module: string;
  readonly data: unknown;
  readonly memory: SharedMemory;
  /** One word: the first state of the level that nobody has taken yet. */
  readonly next: Int32Array;
}

/** States that are taken at a time: a few hundred microseconds of work, so that all end a level together. */
const SHARE = 256;

if (parentPort !== null) {
  const port = parentPort;
  const { module, data, memory, next }: Job = workerData;
  const { makeHand }: { readonly makeHand: MakeHand<unknown, unknown> } = await import(module);
  const hand = makeHand(data, new SharedTable(memory));
  port.on("message", (to: number) => {
    for (;;) {
      // Who is over leaves nothing for the others to take.
      const from = hand.isOver ? Atomics.exchange(next, 0, to) : Atomics.add(next, 0, SHARE);
      if (from >= to || hand.isOver) break;
      hand.expand(from, Math.min(from + SHARE, to));
    }
    hand.flush();
    port.postMessage(hand.report());
  });
}
