/**
 * What a pass of `reported-boundary` costs in a guest that has been reported before: `perf.md` 2.
 *
 * All blocks are free and reported; some are taken and given back, in places drawn at random; one pass finds them. It should
 * look at little more than these, however many others there are.
 */
import type { Event, Pages } from "../model/alphabet/index.ts";
import { DEFAULT_SETTINGS } from "../model/alphabet/index.ts";
import type { ImplGuest } from "../impl/guest.ts";
import { createImpl } from "../impl/guest.ts";

/** Blocks that are freed anew before the pass that is measured. */
export const FRESH = 64;

export interface PassCost {
  readonly blocks: number;
  /** Blocks that the pass reported. */
  readonly reported: number;
  /** List entries that it looked at, for each of them. */
  readonly visitedPerReported: number;
  readonly nanosecondsPerReported: number;
}

/** A guest whose every page is a block of its own: blocks never merge, so there is one list with all of them. */
function guestOf(pages: Pages): ImplGuest {
  const watermarks = { min: 0, low: 0, high: 0 };
  const zones = [{ name: "Normal", node: 0, start: 0, pages, holes: [], watermarks }];
  const geometry = { pageSize: 4096, maxOrder: 0, pageblockOrder: 0, reportOrder: 0, capacity: 32, zones };
  return createImpl("reported-boundary", geometry, { ...DEFAULT_SETTINGS, highWater: 1, delay: 0 });
}

/** Lets the worker run, with a host that answers at once, until it is idle. @returns blocks reported */
export function runPass(guest: ImplGuest): number {
  let reported = 0;
  while (guest.enabled().length > 0) {
    reported += guest
      .perform({ do: "work" })
      .filter((event: Event) => event.event === "release" && event.reported).length;
    if (guest.reporter.request !== 0) guest.perform({ do: "ack", request: guest.reporter.request, ok: true });
  }
  return reported;
}

/** Takes single pages at random out of free blocks and gives them back: they come to the head of their list, unreported. */
function freshen(guest: ImplGuest, pages: Pages, seed: number): void {
  const taken: number[] = [];
  for (let draw = seed; taken.length < FRESH;) {
    draw = (Math.imul(draw, 1664525) + 1013904223) | 0;
    const pfn = Math.floor(((draw >>> 0) / 2 ** 32) * pages);
    if (guest.perform({ do: "memory-failure", pfn }).length > 0) taken.push(pfn);
  }
  for (const pfn of taken) guest.perform({ do: "free", pfn, order: 0, cpu: 0 });
}

/** One pass that finds the fresh blocks among so many; the median of a few. */
export function passCost(blocks: number): PassCost {
  const guest = guestOf(blocks);
  runPass(guest);
  const costs = Array.from({ length: 9 }, (_, round) => onePass(guest, blocks, round + 1));
  return costs.sort((a, b) => a.nanosecondsPerReported - b.nanosecondsPerReported)[costs.length >> 1];
}

function onePass(guest: ImplGuest, blocks: number, seed: number): PassCost {
  freshen(guest, blocks, seed);
  const visited = guest.reporter.visited;
  const before = process.hrtime.bigint();
  const reported = runPass(guest);
  const nanoseconds = Number(process.hrtime.bigint() - before);
  return {
    blocks,
    reported,
    visitedPerReported: (guest.reporter.visited - visited) / reported,
    nanosecondsPerReported: nanoseconds / reported,
  };
}
