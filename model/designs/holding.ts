/** What both batching designs do alike: take a block, hand the batch to the host, put a block back. */
import type { Pfn } from "../alphabet/units.ts";
import { blockAt, orderOf, setBlock } from "../blocks.ts";
import { isolateFree, putback } from "../buddy.ts";
import type { Reporter } from "../reporter.ts";
import { Block } from "../state.ts";
import type { Turn } from "../state.ts";

/**
 * Takes a free block into the batch.
 *
 * @returns whether it was taken: not, where the zone would fall to its minimum
 */
export function hold(turn: Turn, mine: Reporter, pfn: Pfn): boolean {
  const order = orderOf(turn, pfn);
  if (!isolateFree(turn, pfn)) {
    return false;
  }
  setBlock(turn, pfn, new Block("held", order));
  mine.batch.push(pfn);
  turn.events.push({ event: "isolate", pfn, order });
  return true;
}

/** Sends these blocks to the host, in this order. One request is open at a time, and it has number 1. */
export function submit(turn: Turn, mine: Reporter, blocks: readonly Pfn[]): void {
  mine.request = 1;
  mine.answer = "none";
  const ranges = blocks.map((pfn) => ({ pfn, order: orderOf(turn, pfn) }));
  turn.events.push({ event: "submit", request: mine.request, ranges });
}

/**
 * Puts a held block back; it gets the mark where the host has dropped it and it stands as it was.
 *
 * @returns whether it has the mark
 */
export function letGo(turn: Turn, pfn: Pfn, dropped: boolean): boolean {
  const order = orderOf(turn, pfn);
  const stands = putback(turn, pfn);
  const reported = stands && dropped;
  if (reported) {
    setBlock(turn, pfn, new Block("free", order, blockAt(turn, pfn)?.migratetype, true));
  }
  turn.events.push({ event: "release", pfn, order, reported });
  return reported;
}

/** The batch is home: no request is open. */
export function settle(mine: Reporter): void {
  mine.batch = [];
  mine.request = 0;
  mine.answer = "none";
}
