/** What batching designs do alike: take a block, hand blocks to the host, give a block back. */
import type { ReporterState } from "../alphabet/guest.ts";
import type { Block as Range, Order, Pfn } from "../alphabet/units.ts";
import { blockAt, dropBlock, orderOf, setBlock } from "../blocks.ts";
import { freeBlock, isolateFree, putback, RETURNED } from "../buddy.ts";
import { giveBack } from "../free.ts";
import type { OpenRequest, Reporter } from "../reporter.ts";
import { Block } from "../state.ts";
import type { Turn } from "../state.ts";

/**
 * Takes a free block off its list into the batch.
 *
 * @returns whether it was taken: not, where the zone would fall to its minimum
 */
export function hold(turn: Turn, mine: Reporter, pfn: Pfn): boolean {
  const order = orderOf(turn, pfn);
  if (!isolateFree(turn, pfn)) {
    return false;
  }
  keep(turn, mine, pfn, order);
  return true;
}

/** A block that nobody has goes into the batch: isolated, allocated (`allocateFor`), or just freed by its user. */
export function keep(turn: Turn, mine: Reporter, pfn: Pfn, order: Order): void {
  setBlock(turn, pfn, new Block("held", order));
  mine.batch.push(pfn);
  turn.events.push({ event: "isolate", pfn, order });
}

/**
 * Sends these blocks to the host, in this order.
 *
 * @returns the number of the request: the smallest positive one that is not open
 */
export function submit(turn: Turn, mine: Reporter, blocks: readonly Pfn[]): number {
  return submitRanges(
    turn,
    mine,
    blocks.map((pfn) => ({ pfn, order: orderOf(turn, pfn) })),
  );
}

/** The same for ranges that need not be blocks (any more): a design that leaves pages on their lists. */
export function submitRanges(turn: Turn, mine: Reporter, ranges: readonly Range[]): number {
  let number = 1;
  while (requestOf(mine, number) !== undefined) {
    number++;
  }
  mine.requests.push({ number, blocks: ranges.map(({ pfn }) => pfn), answer: "none" });
  turn.events.push({ event: "submit", request: number, ranges: ranges.map(({ pfn, order }) => ({ pfn, order })) });
  return number;
}

/** The open request of this number. */
export function requestOf(mine: Readonly<Reporter>, number: number): OpenRequest | undefined {
  return mine.requests.find((request) => request.number === number);
}

/** What the host said to the first open request; `none` where there is none. */
export function firstAnswer({ requests }: Readonly<Reporter>): OpenRequest["answer"] {
  return requests[0]?.answer ?? "none";
}

/** The first open request, or 0, and its answer: as designs describe it that have one at a time. */
export function describeRequest(mine: Readonly<Reporter>): ReporterState {
  return { request: mine.requests[0]?.number ?? 0, answer: firstAnswer(mine) };
}

/** The request is not open any more. Its blocks are given back one by one, by the functions below. */
export function settle(mine: Reporter, number: number): void {
  mine.requests = mine.requests.filter((request) => request.number !== number);
}

/**
 * Puts an isolated block back; it gets the mark where the host has dropped it and it stands as it was.
 *
 * @returns whether it has the mark
 */
export function letGo(turn: Turn, mine: Reporter, pfn: Pfn, dropped: boolean, how = RETURNED): boolean {
  const order = orderOf(turn, pfn);
  const reported = putback(turn, pfn, false, how) && dropped;
  if (reported) {
    setBlock(turn, pfn, new Block("free", order, blockAt(turn, pfn)?.migratetype, true));
  }
  unlist(mine, pfn);
  turn.events.push({ event: "release", pfn, order, reported });
  return reported;
}

/** Frees an allocated block as its owner: it may go to a cache, and the allocator tells of it as of any free. */
export function freeHeld(turn: Turn, mine: Reporter, pfn: Pfn): void {
  const order = orderOf(turn, pfn);
  dropBlock(turn, pfn);
  unlist(mine, pfn);
  turn.events.push({ event: "release", pfn, order, reported: false });
  giveBack(turn, pfn, order);
}

/** Frees a held block to the lists, past the caches and without a word to the reporter (`__free_one_page`). */
export function freeDirectly(turn: Turn, mine: Reporter, pfn: Pfn): void {
  const order = orderOf(turn, pfn);
  dropBlock(turn, pfn);
  unlist(mine, pfn);
  freeBlock(turn, pfn, order, { toTail: false, notify: false });
  turn.events.push({ event: "release", pfn, order, reported: false });
}

/** The block is not in the batch any more. The batch is a new list then: whoever walks the old one walks on. */
export function unlist(mine: Reporter, pfn: Pfn): void {
  mine.batch = mine.batch.filter((held) => held !== pfn);
}
