/**
 * Nitesh v8: every free is noted in an array of its CPU. When that is full of different free blocks, the CPU's thread
 * isolates whatever free block it finds in the noted pages, hands all of them to the host at once, and frees them when
 * the host has answered.
 *
 * The life of a block:
 *
 *     free ─▶ noted ─▶ found by the thread ─▶ isolated, in the CPU's list ─▶ at the host ─▶ freed
 *               └▶ not free any more, or too small: nothing           the array was full: never noted at all
 *
 * The thread of a CPU, one line a step; in `wait` it waits for the host:
 *
 *     "" ── array full ─▶ isolate ⟲ ─▶ submit ─▶ wait ─▶ return ⟲ ─▶ ""
 *
 * What is wrong with it is kept: frees are dropped while the array is full (a), held blocks look allocated, so that a
 * caller is told that memory is out (b), and one entry may yield several blocks, more than the list has room for (c).
 *
 * Source: `nitesh-wei-host.md` 4.2; the names in parentheses are those of its parts and failure modes. v9 is another
 * file: array-percpu-v9.ts.
 */
import { match } from "ts-pattern";
import { NONE } from "../alphabet/guest.ts";
import { pagesOf } from "../alphabet/units.ts";
import type { Block as Range, Pages, Pfn } from "../alphabet/units.ts";
import { blockAround, blockAt } from "../blocks.ts";
import { drainCache } from "../pcp.ts";
import { arrive, leave, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import { stop } from "../state.ts";
import type { Turn } from "../state.ts";
import { freeDirectly, hold, requestOf, settle, submit } from "./holding.ts";

/** What one CPU has of it. */
interface Cpu {
  /** Where its thread stands; empty: asleep. */
  stage: "" | "isolate" | "submit" | "wait" | "return";
  /** kvm_pt: what was freed here. While the thread is at work it stays full. */
  entries: Range[];
  /** Where the thread stands in it: the entry, and the page in that. */
  entry: number;
  page: Pages;
  /** hypervisor_pagelist: what the thread holds, in the order in which it was taken. */
  list: Pfn[];
  /** The number of the open request, or 0. */
  request: number;
}

interface ArrayPercpu extends Reporter {
  /** busy: some thread is at work. */
  phase: "rest" | "busy";
  cpus: Cpu[];
}

export const arrayPercpuV8: Design<ArrayPercpu> = {
  id: "array-percpu",
  variant: "v8",
  title: "per-CPU arrays, a thread isolates and reports: Nitesh v8",
  source: "nitesh-wei-host.md 4.2; seed 000",
  claims: ["missed", "watermark"],
  hearsRefusals: false,
  movesTo: "tail",
  movesKeepMark: true,
  takes: "isolates",
  callersWait: false,
  marks: "never",
  hears: [],
  perCpu: true,

  start: (geometry, { cpus }) => ({
    ...restingReporter(geometry),
    phase: "rest",
    cpus: Array.from({ length: cpus }, asleep),
  }),

  canWork: () => false,
  work: () => {},

  /**
   * (Free hook, irq off) Noted, if there is room. With the array full, the CPU's cache is drained, so that its blocks
   * are in the buddy, and the array is packed; if it stays full, the thread is woken.
   */
  freed(turn, mine, pfn, order) {
    const { capacity, zones } = turn.geometry;
    const here = mine.cpus[turn.cpu];
    if (mine.device !== "registered" || mine.frozen || here.stage !== "" || here.entries.length === capacity) {
      return false;
    }
    here.entries.push({ pfn, order });
    if (here.entries.length === capacity) {
      zones.forEach((_, z) => drainCache(turn, z, turn.cpu));
      here.entries = packed(turn, here.entries);
    }
    if (here.entries.length === capacity) {
      here.stage = "isolate";
      mine.phase = "busy";
    }
    return false;
  },

  canProceed: (mine, cpu) =>
    match(mine.cpus[cpu].stage)
      .with("", () => false)
      .with("isolate", "submit", "return", () => true)
      .with("wait", () => requestOf(mine, mine.cpus[cpu].request)?.answer === "ok")
      .exhaustive(),

  proceed: (turn, mine, cpu) =>
    match(mine.cpus[cpu].stage)
      .with("", () => {})
      .with("isolate", () => isolate(turn, mine, cpu))
      .with("submit", () => send(turn, mine, mine.cpus[cpu]))
      .with("wait", () => answered(turn, mine, cpu))
      .with("return", () => returnNext(turn, mine, cpu))
      .exhaustive(),

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

  noted: (_sight, mine, pfn, order) =>
    mine.cpus
      .flatMap(({ entries }) => entries)
      .some((entry) => entry.pfn < pfn + pagesOf(order) && pfn < entry.pfn + pagesOf(entry.order)),

  describe: (mine) => ({
    device: mine.device,
    stages: mine.cpus.map(({ stage }) => stage).join(","),
    entries: mine.cpus.map(({ entries }) => entries.length),
    pfns: mine.cpus.flatMap(({ entries }) => entries.map(({ pfn }) => pfn)),
    lists: mine.cpus.map(({ list }) => list.length),
    at: mine.cpus.flatMap(({ entry, page }) => [entry, page]),
    requests: mine.cpus.map(({ request }) => request),
  }),
};

function asleep(): Cpu {
  return { stage: "", entries: [], entry: 0, page: 0, list: [], request: 0 };
}

/** (scan_array, without the zone lock) Each entry becomes the free block around it, if there is one; duplicates go. */
function packed(turn: Turn, entries: readonly Range[]): Range[] {
  const found: Range[] = [];
  for (const entry of entries.map((noted) => freeAround(turn, noted.pfn) ?? noted)) {
    if (!found.some(({ pfn }) => pfn === entry.pfn)) {
      found.push(entry);
    }
  }
  return found;
}

/** The free block around a page, on whatever list. */
function freeAround(turn: Turn, page: Pfn): Range | undefined {
  const pfn = blockAround(turn, page);
  const block = pfn === NONE ? undefined : blockAt(turn, pfn);
  return block?.owner === "free" ? { pfn, order: block.order } : undefined;
}

/** (Thread, zone lock) From where it stands to the next free block that is large enough; the lock is dropped then. */
function isolate(turn: Turn, mine: ArrayPercpu, cpu: number): void {
  const here = mine.cpus[cpu];
  while (here.entry < here.entries.length) {
    const found = freeAround(turn, here.entries[here.entry].pfn + here.page);
    if (found !== undefined && found.order >= mine.reportOrder) {
      take(turn, mine, here, found.pfn);
      return;
    }
    nextPage(here);
  }
  if (here.list.length > 0) {
    here.stage = "submit";
  } else {
    sleep(turn, mine, cpu);
  }
}

/** (Thread) Isolates a block; one that the watermark refuses is forgotten. Nobody checks hyp_idx (c). */
function take(turn: Turn, mine: ArrayPercpu, here: Cpu, pfn: Pfn): void {
  const { capacity } = turn.geometry;
  if (here.list.length === capacity) {
    stop(turn, "array-percpu: a block is written behind the end of hypervisor_pagelist");
    return;
  }
  if (hold(turn, mine, pfn)) {
    here.list.push(pfn);
  }
  nextPage(here);
}

function nextPage(here: Cpu): void {
  here.page++;
  if (here.page === pagesOf(here.entries[here.entry].order)) {
    here.entry++;
    here.page = 0;
  }
}

/** (Thread) All isolated blocks in one request; with the device missing they go straight back. */
function send(turn: Turn, mine: ArrayPercpu, here: Cpu): void {
  if (mine.device === "registered") {
    here.request = submit(turn, mine, here.list);
    here.stage = "wait";
  } else {
    here.stage = "return";
  }
}

/** (Thread) The host has answered. */
function answered(turn: Turn, mine: ArrayPercpu, cpu: number): void {
  const here = mine.cpus[cpu];
  settle(mine, here.request);
  here.request = 0;
  here.stage = "return";
  returnNext(turn, mine, cpu);
}

/** (Thread, free_one_page) The next block is freed; behind the last, the CPU collects again. */
function returnNext(turn: Turn, mine: ArrayPercpu, cpu: number): void {
  const here = mine.cpus[cpu];
  freeDirectly(turn, mine, here.list[0]);
  here.list = here.list.slice(1);
  if (here.list.length === 0) {
    sleep(turn, mine, cpu);
  }
}

/** (Thread, hyp_idx = 0, idx = 0) */
function sleep(turn: Turn, mine: ArrayPercpu, cpu: number): void {
  mine.cpus[cpu] = asleep();
  if (areAsleep(mine)) {
    mine.phase = "rest";
  }
  goIfDone(turn, mine);
}

function areAsleep(mine: Readonly<ArrayPercpu>): boolean {
  return mine.cpus.every(({ stage }) => stage === "");
}

/** A device that is leaving is gone with the last thread that was at work, and so is all that was noted. */
function goIfDone(turn: Turn, mine: ArrayPercpu): void {
  if (mine.device === "leaving" && areAsleep(mine)) {
    mine.cpus.forEach((cpu) => {
      cpu.entries = [];
    });
    leave(turn, mine);
  }
}
