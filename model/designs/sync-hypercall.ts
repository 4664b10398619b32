/**
 * The synchronous hypercall, RFC v1 of the Duyck line: whoever frees a large block tells the host at once, and his CPU
 * stands in the host until the host has dropped it. No worker, no list, no mark.
 *
 * The life of a block, by stage of the CPU that frees it:
 *
 *     freed with order >= r ──▶ "before": host ──▶ freed to the lists (or the CPU's cache)
 *     freed smaller: merge … order r is reached ──▶ "inside": host ──▶ merged on ──▶ on its list
 *
 * "Inside", the zone lock is dropped in the middle of a merge that every caller believes to be one section. What the
 * caller knew before, he still believes after: the types of the pageblocks of all blocks that he is freeing (G-1).
 *
 * Source: `duyck-line.md` B; the steps are those of B.2: "free >= r" 1-3 and "free < r" 1-3 (9 is r here).
 */
import type { Order, Pfn } from "../alphabet/units.ts";
import { pagesOf } from "../alphabet/units.ts";
import { dropBlock, pageblockType, setBlock } from "../blocks.ts";
import { enlist, FREED, mergeOnce } from "../buddy.ts";
import { giveBack } from "../free.ts";
import { comesAndGoes, leaveIfDone, restingReporter } from "../reporter.ts";
import type { Design, FreedBlock, Reporter } from "../reporter.ts";
import { Block } from "../state.ts";
import type { Turn } from "../state.ts";
import { keep, requestOf, settle, submit, unlist } from "./holding.ts";

/** Where one CPU stands. */
interface Caller {
  /** In the hypercall before the block is freed, or in the middle of the merge loop; empty: not in a hypercall. */
  stage: "" | "before" | "inside";
  /** What the CPU has to free yet in this section; the host has the first. */
  queue: readonly FreedBlock[];
  /** The number of its request, or 0. */
  request: number;
}

interface SyncHypercall extends Reporter {
  /** `call` while a CPU is in a hypercall. */
  phase: "rest" | "call";
  callers: Caller[];
}

/** Not in a hypercall. */
const ELSEWHERE: Caller = { stage: "", queue: [], request: 0 };

export const syncHypercall: Design<SyncHypercall> = {
  id: "sync-hypercall",
  variant: "",
  title: "a hypercall inside each large free: Duyck RFC v1",
  source: "duyck-line.md B; seed 000",
  claims: ["missed"],
  hearsRefusals: false,
  movesTo: "tail",
  movesKeepMark: true,
  takes: "isolates",
  callersWait: true,
  marks: "never",
  hears: [],
  perCpu: true,

  start: (geometry, settings) => ({
    ...restingReporter(geometry),
    phase: "rest",
    callers: Array.from({ length: settings.cpus }, () => ELSEWHERE),
  }),

  canWork: () => false,
  work: () => {},

  busy: (mine, cpu) => isInside(mine, cpu),
  canProceed: (mine, cpu) => isInside(mine, cpu) && requestOf(mine, mine.callers[cpu].request)?.answer !== "none",
  proceed,

  /** (free >= r, 1) `arch_free_page`: before the allocator sees the block. */
  freed(turn, mine, pfn, order) {
    if (!mayCall(mine) || order < mine.reportOrder) {
      return false;
    }
    call(turn, mine, "before", [{ pfn, order, list: "movable" }]);
    return true;
  },

  /** `free_pcppages_bulk`, or a single block: one section under the lock, as its caller believes. */
  freeing(turn, mine, blocks) {
    if (mine.device !== "registered") {
      return false;
    }
    freeInOrder(
      turn,
      mine,
      blocks.flatMap((block) => pieces(turn, block)),
    );
    return true;
  },

  unregister(turn, mine) {
    if (mine.device === "registered") {
      mine.device = "leaving";
      leaveIfDone(turn, mine, mine.phase === "rest");
    }
  },

  register: comesAndGoes.register,

  describe: (mine) => ({
    device: mine.device,
    stages: mine.callers.map(({ stage }) => stage).join(","),
    queued: mine.callers.map(({ queue }) => queue.length),
    lists: mine.callers.map(({ queue }) => queue[0]?.list ?? "").join(","),
    requests: mine.callers.map(({ request }) => request),
  }),

  stalled: (mine) => mine.callers.filter(({ stage }) => stage !== "").length,
  noted: () => false,
};

function isInside(mine: Readonly<SyncHypercall>, cpu: number): boolean {
  return mine.callers[cpu].stage !== "";
}

/** A device that is leaving, and a system that is suspended, begin no hypercall. */
function mayCall(mine: Readonly<SyncHypercall>): boolean {
  return mine.device === "registered" && !mine.frozen;
}

/** One larger than a pageblock is freed in parts; which list each goes to is read now, and not again. */
function pieces(turn: Turn, block: FreedBlock): FreedBlock[] {
  const { pageblockOrder } = turn.geometry;
  if (block.order <= pageblockOrder) {
    return [block];
  }
  return Array.from({ length: pagesOf(block.order - pageblockOrder) }, (_, index) => {
    const pfn = block.pfn + index * pagesOf(pageblockOrder);
    return { pfn, order: pageblockOrder, list: pageblockType(turn, pfn) };
  });
}

/** Frees blocks that nobody has, one after the other, unless one of them leads into a hypercall. */
function freeInOrder(turn: Turn, mine: SyncHypercall, queue: readonly FreedBlock[]): void {
  for (let left = queue; left.length > 0; left = left.slice(1)) {
    const inside = freeFirst(turn, mine, left);
    if (inside) {
      return;
    }
  }
}

/**
 * (free < r, 1) The merge loop: where the merged block becomes one of exactly order r, the lock is dropped (2).
 *
 * @returns true: the CPU is in the hypercall now
 */
function freeFirst(turn: Turn, mine: SyncHypercall, [first, ...others]: readonly FreedBlock[]): boolean {
  const { list } = first;
  let { pfn, order }: { pfn: Pfn; order: Order } = first;
  for (;;) {
    const parent = mergeOnce(turn, pfn, order, list);
    if (parent === undefined) {
      enlist(turn, pfn, order, list, FREED);
      return false;
    }
    pfn = parent;
    order++;
    if (order === mine.reportOrder && mayCall(mine)) {
      call(turn, mine, "inside", [{ pfn, order, list }, ...others]);
      return true;
    }
  }
}

/** This CPU tells the host of the first block, and waits; the others stay in its hands, on no list. */
function call(turn: Turn, mine: SyncHypercall, stage: "before" | "inside", queue: readonly FreedBlock[]): void {
  const [{ pfn, order }, ...others] = queue;
  keep(turn, mine, pfn, order);
  const request = submit(turn, mine, [pfn]);
  for (const other of others) {
    setBlock(turn, other.pfn, new Block("cached", other.order));
  }
  mine.callers[turn.cpu] = { stage, queue, request };
  mine.phase = "call";
}

/** Back from the host: (free >= r, 2-3) the free begins, or (free < r, 3) the lock is taken and the merge goes on. */
function proceed(turn: Turn, mine: SyncHypercall, cpu: number): void {
  const { stage, queue, request } = mine.callers[cpu];
  const [{ pfn, order }] = queue;
  settle(mine, request);
  mine.callers[cpu] = ELSEWHERE;
  unlist(mine, pfn);
  for (const block of queue) {
    dropBlock(turn, block.pfn);
  }
  turn.events.push({ event: "release", pfn, order, reported: false });
  if (stage === "before") {
    giveBack(turn, pfn, order);
  } else {
    freeInOrder(turn, mine, queue);
  }
  mine.phase = mine.callers.some((caller) => caller.stage !== "") ? "call" : "rest";
  leaveIfDone(turn, mine, mine.phase === "rest");
}
