/**
 * Where the cells of a state name pages, lists and CPUs: all that changes when blocks, or CPUs, change places. What is
 * not here stays as it is.
 */
import { OWN_WORDS, requestWords } from "../../../../impl/reporter.ts";
import { designOf, roomOf } from "../../../../impl/designs/index.ts";
import { pcpListsOf } from "../../../../impl/pcp.ts";
import { WAITER_WORDS } from "../../../../impl/state.ts";
import type { RangeCells } from "../environment-cells.ts";
import type { Plan } from "../plans.ts";
import type { ExploredWorld } from "../world.ts";

/** Numbers are places of cells, unless said otherwise. */
export interface NamingCells {
  /** Rows that have a cell for each page, and the three of them that are about lists. */
  readonly pageRows: readonly number[];
  readonly tags: number;
  readonly next: number;
  readonly prev: number;
  /** Types of pageblocks. */
  readonly types: number;
  /** Links of list heads: free lists zone by zone, then those of CPUs, then the batch. In links they count from `pages` on. */
  readonly headsNext: number;
  readonly headsPrev: number;
  readonly heads: number;
  /** Cells that hold a page, or something negative. */
  readonly single: readonly number[];
  readonly ranges: readonly RangeCells[];
  readonly cpu: CpuCells;
}

/** Cells that name CPUs. */
export interface CpuCells {
  /** The first head of a CPU's list, counted from the first head of all; how many one CPU has of one zone. */
  readonly firstList: number;
  readonly lists: number;
  /** By zone and CPU: how many pages it caches. */
  readonly cached: number;
  /** How many wait, and the CPU of each who may. */
  readonly waiting: number;
  readonly waiters: readonly number[];
}

/** The CPU of the first waiter, behind the number of waiters. */
const WAITER_CPU = 1 + 4;

export function namingCells(plan: Plan, world: ExploredWorld): NamingCells {
  const { guest, cells, around } = world;
  const { settings } = plan.scope;
  const row = (name: string): { readonly at: number; readonly length: number } => {
    const found = cells.rows.find((one) => one.name === name);
    if (found === undefined) throw new RangeError(`the guest has no cells called ${name}`);
    return found;
  };
  const design = designOf(guest.design, settings.variant);
  const room = roomOf(design, guest.shape, settings);
  const reporter = row("reporter").at;
  // A design that doesn't say is refused elsewhere (symmetry.ts).
  const own = design.pageWords?.(guest.shape) ?? [];
  const surroundings = around.pageCells(cells.length);
  const { at: headsNext, length: heads } = row("heads next");
  const { at: tags } = row("tags");
  const { at: next } = row("next");
  const { at: prev } = row("prev");
  const waiting = row("waiters").at;
  return {
    pageRows: [tags, next, prev, ...surroundings.rows],
    tags,
    next,
    prev,
    types: row("types").at,
    headsNext,
    headsPrev: row("heads prev").at,
    heads,
    single: own.map((word) => reporter + OWN_WORDS + word),
    ranges: [
      ...requestWords(room).map(({ length, first }) => ({ length: reporter + length, first: reporter + first })),
      ...surroundings.ranges,
    ],
    cpu: {
      firstList: guest.state.pcpHeads - guest.state.heads,
      lists: pcpListsOf(settings, guest.shape.pageblockOrder),
      cached: row("cached").at,
      waiting,
      waiters: Array.from({ length: plan.menu.callers }, (_, place) => waiting + WAITER_CPU + place * WAITER_WORDS),
    },
  };
}
