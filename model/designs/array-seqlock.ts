/**
 * Nitesh v7: every free is noted in an array of its CPU. The free that fills it takes one lock for the whole guest,
 * looks through the array page by page, and gathers pages that seem free into a global list of runs; when that is full
 * of them, they go to the host by a hypercall, in place: no page leaves the free lists. Instead every allocation, on
 * every CPU, spins as long as the lock is held.
 *
 *     free ─▶ entries of the CPU ── full ─▶ lock ─▶ scan ⟲ ─▶ unlock: the free goes on
 *                                    waits for a    │   ▲
 *                                    writer         ▼   │ for each `capacity` ranges of the list
 *                                                   call
 *
 * Source: seed 000 [3], `nitesh-wei-host.md` 4.1; step names in parentheses are those of its free hook. The hook runs
 * in `arch_free_page`: the page is not in the buddy yet, and while the CPU is busy here, nobody has it (`held`).
 *
 * What is wrong with it is kept: a refcount of 0 does not mean free (the later pages of a block that is in use have
 * none), and runs that stay in the list over an unlock may be in use when they are sent.
 */
import { match } from "ts-pattern";
import { zoneOf } from "../alphabet/geometry.ts";
import { pagesOf } from "../alphabet/units.ts";
import type { Block as Range, Pages, Pfn } from "../alphabet/units.ts";
import { alignDown, blockAround, blockAt, dropBlock, setBlock } from "../blocks.ts";
import { giveBack } from "../free.ts";
import { arrive, leave, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import { Block } from "../state.ts";
import type { Turn } from "../state.ts";
import { firstAnswer, settle, submitRanges, unlist } from "./holding.ts";

/** Pages in a row that the scan took for free. */
interface Run {
  readonly pfn: Pfn;
  readonly pages: Pages;
}

/** What one CPU has of it. */
interface Cpu {
  /** Not in it; waiting for the lock; scanning as the writer; waiting for the host as the writer. */
  stage: "" | "lock" | "scan" | "call";
  /** kvm_pt: what was freed here. While the CPU is busy it is full, and its last entry is the block in hand. */
  entries: Range[];
  /** Where the scan stands: the entry, and the page in it. */
  entry: number;
  page: Pages;
}

interface ArraySeqlock extends Reporter {
  /** busy: some CPU is. */
  phase: "rest" | "busy";
  cpus: Cpu[];
  /** guest_page_lock: the CPU that has it for writing, or -1. */
  writer: number;
  /** hypervisor_pagelist */
  runs: Run[];
  /** Of the hypercall under way: what the host has not answered yet; the first `capacity` of these are with it. */
  ranges: Range[];
}

export const arraySeqlock: Design<ArraySeqlock> = {
  id: "array-seqlock",
  variant: "",
  title: "per-CPU arrays under one lock: Nitesh v7",
  source: "seed 000",
  claims: ["missed"],
  hearsRefusals: false,
  movesTo: "tail",
  movesKeepMark: true,
  takes: "in-place",
  callersWait: true,
  marks: "never",
  hears: [],
  perCpu: true,

  start: (geometry, settings) => ({
    ...restingReporter(geometry),
    phase: "rest",
    cpus: Array.from({ length: settings.cpus }, () => ({ stage: "", entries: [], entry: 0, page: 0 })),
    writer: -1,
    runs: [],
    ranges: [],
  }),

  canWork: () => false,
  work: () => {},

  /** (F1, F2) Noted; (F3) with the array full, the CPU goes for the lock, and the block stays in its hands. */
  freed(turn, mine, pfn, order) {
    if (mine.device !== "registered" || mine.frozen) {
      return false;
    }
    const mineHere = mine.cpus[turn.cpu];
    mineHere.entries.push({ pfn, order });
    if (mineHere.entries.length < turn.geometry.capacity) {
      return false;
    }
    setBlock(turn, pfn, new Block("held", order));
    mine.batch.push(pfn);
    mine.phase = "busy";
    mineHere.stage = "lock";
    if (mine.writer === -1) {
      lock(mine, turn.cpu);
    }
    return true;
  },

  busy: (mine, cpu) => mine.cpus[cpu].stage !== "",

  canProceed: (mine, cpu) =>
    match(mine.cpus[cpu].stage)
      .with("", () => false)
      .with("lock", () => mine.writer === -1)
      .with("scan", () => true)
      .with("call", () => firstAnswer(mine) !== "none")
      .exhaustive(),

  proceed: (turn, mine, cpu) =>
    match(mine.cpus[cpu].stage)
      .with("", () => {})
      .with("lock", () => lock(mine, cpu))
      .with("scan", () => scan(turn, mine, cpu))
      .with("call", () => answered(turn, mine, cpu))
      .exhaustive(),

  /** (Alloc hook) Spin until no writer is active. */
  spins: (mine) => mine.writer !== -1,

  unregister(turn, mine) {
    if (mine.device === "registered") {
      mine.device = "leaving";
      goIfDone(turn, mine);
    }
  },

  register(turn, mine) {
    if (mine.device === "unregistered") {
      arrive(turn, mine);
    }
  },

  stalled: (mine) => mine.cpus.filter(({ stage }) => stage === "lock" || stage === "call").length,

  noted(_sight, mine, pfn, order) {
    const entries = mine.cpus.flatMap((cpu) =>
      cpu.entries.map((entry) => ({ pfn: entry.pfn, pages: pagesOf(entry.order) })),
    );
    return [...entries, ...mine.runs].some((run) => run.pfn < pfn + pagesOf(order) && pfn < run.pfn + run.pages);
  },

  describe: (mine) => ({
    device: mine.device,
    writer: mine.writer,
    stages: mine.cpus.map(({ stage }) => stage).join(","),
    entries: mine.cpus.map(({ entries }) => entries.length),
    pfns: mine.cpus.flatMap(({ entries }) => entries.map(({ pfn }) => pfn)),
    runs: mine.runs.flatMap(({ pfn, pages }) => [pfn, pages]),
    at: mine.cpus.flatMap(({ entry, page }) => [entry, page]),
    waiting: mine.ranges.length,
    requests: mine.cpus.map((_, cpu) => (cpu === mine.writer ? (mine.requests[0]?.number ?? 0) : 0)),
  }),
};

/** (F3, write_seqlock) */
function lock(mine: ArraySeqlock, cpu: number): void {
  mine.writer = cpu;
  mine.cpus[cpu].stage = "scan";
}

/** (F3) One entry, page by page, or what is left of it after a call; behind the last entry the lock is released. */
function scan(turn: Turn, mine: ArraySeqlock, cpu: number): void {
  const at = mine.cpus[cpu];
  const { entry, entries } = at;
  while (at.entry === entry && entry < entries.length) {
    const pfn = entries[entry].pfn + at.page;
    nextPage(at);
    if (refcount(turn, pfn) === 0 && gather(turn, mine, pfn)) {
      at.stage = "call";
      return;
    }
  }
  if (at.entry === entries.length) {
    unlock(turn, mine, cpu);
  }
}

function nextPage(at: Cpu): void {
  at.page++;
  if (at.page === pagesOf(at.entries[at.entry].order)) {
    at.entry++;
    at.page = 0;
  }
}

/** (F3) Only the first page of a block that is in use has a count: such a block is not compound. */
function refcount(turn: Turn, pfn: Pfn): 0 | 1 {
  const head = blockAround(turn, pfn);
  const block = blockAt(turn, head);
  return block === undefined || (block.owner === "allocated" && pfn === head) ? 1 : 0;
}

/**
 * (F3) Adds a page to the list: to its last run, or as a new one. A full list is sorted and merged, and sent if it is
 * still long; where it is neither long nor shorter than before, the page is dropped.
 *
 * @returns whether the host was called
 */
function gather(turn: Turn, mine: ArraySeqlock, pfn: Pfn): boolean {
  const last = mine.runs.at(-1);
  if (last !== undefined && touches(turn, last, pfn)) {
    mine.runs[mine.runs.length - 1] = { pfn: last.pfn, pages: last.pages + 1 };
  } else {
    mine.runs.push({ pfn, pages: 1 });
  }
  if (mine.runs.length < turn.geometry.capacity) {
    return false;
  }
  mine.runs = merged(turn, mine.runs);
  if (mine.runs.length >= turn.settings.highWater) {
    return call(turn, mine);
  }
  if (mine.runs.length === turn.geometry.capacity) {
    mine.runs = mine.runs.filter((run) => run.pfn !== pfn);
  }
  return false;
}

/** True where the run ends just in front of this page, and not at a border of zones. */
function touches(turn: Turn, { pfn: start, pages }: Run, pfn: Pfn): boolean {
  return start + pages === pfn && zoneOf(turn.geometry, start) === zoneOf(turn.geometry, pfn);
}

/** Sorted, and those made one that touch or overlap. */
function merged(turn: Turn, runs: readonly Run[]): Run[] {
  const found: Run[] = [];
  for (const run of runs.toSorted((one, other) => one.pfn - other.pfn)) {
    const last = found.at(-1);
    if (last !== undefined && (run.pfn < last.pfn + last.pages || touches(turn, last, run.pfn))) {
      const end = Math.max(last.pfn + last.pages, run.pfn + run.pages);
      found[found.length - 1] = { pfn: last.pfn, pages: end - last.pfn };
    } else {
      found.push(run);
    }
  }
  return found;
}

/** (F3, hypercall) The whole list as aligned blocks, without those too small to report. @returns whether any is left */
function call(turn: Turn, mine: ArraySeqlock): boolean {
  const blocks = mine.runs.flatMap((run) => cut(run, turn.geometry.maxOrder));
  mine.ranges = blocks.filter(({ order }) => order >= mine.reportOrder);
  if (mine.ranges.length === 0) {
    mine.runs = [];
    return false;
  }
  send(turn, mine);
  return true;
}

/** From the first page on, each time the largest aligned block that fits. */
function cut({ pfn, pages }: Run, maxOrder: number): Range[] {
  const blocks: Range[] = [];
  for (let at = pfn; at < pfn + pages;) {
    let order = 0;
    while (order < maxOrder && alignDown(at, order + 1) === at && at + pagesOf(order + 1) <= pfn + pages) {
      order++;
    }
    blocks.push({ pfn: at, order });
    at += pagesOf(order);
  }
  return blocks;
}

function send(turn: Turn, mine: ArraySeqlock): void {
  submitRanges(turn, mine, mine.ranges.slice(0, turn.geometry.capacity));
}

/** (F3) The host is done with these: the next ones; behind the last the list is cleared, and the scan goes on. */
function answered(turn: Turn, mine: ArraySeqlock, cpu: number): void {
  settle(mine, 1);
  mine.ranges = mine.ranges.slice(turn.geometry.capacity);
  if (mine.ranges.length > 0) {
    send(turn, mine);
  } else {
    mine.runs = [];
    mine.cpus[cpu].stage = "scan";
  }
}

/** (F3, write_sequnlock) Who spins, looks again; the block in hand goes on its way into the buddy. */
function unlock(turn: Turn, mine: ArraySeqlock, cpu: number): void {
  const inHand = mine.cpus[cpu].entries.at(-1);
  mine.cpus[cpu] = { stage: "", entries: [], entry: 0, page: 0 };
  mine.writer = -1;
  turn.wakes();
  if (inHand !== undefined) {
    dropBlock(turn, inHand.pfn);
    unlist(mine, inHand.pfn);
    giveBack(turn, inHand.pfn, inHand.order);
  }
  if (isIdle(mine)) {
    mine.phase = "rest";
  }
  goIfDone(turn, mine);
}

function isIdle(mine: Readonly<ArraySeqlock>): boolean {
  return mine.cpus.every(({ stage }) => stage === "");
}

/** A device that is leaving is gone with the last CPU that was busy, and so is all that was noted. */
function goIfDone(turn: Turn, mine: ArraySeqlock): void {
  if (mine.device === "leaving" && isIdle(mine)) {
    mine.runs = [];
    mine.cpus.forEach((cpu) => {
      cpu.entries = [];
    });
    leave(turn, mine);
  }
}
