/**
 * Nitesh v9: what is freed as a large block is noted after it has merged, in an array of the CPU. From `highWater`
 * entries on, that CPU itself isolates them, inside the free that brought it there, sends them and goes on at once; an
 * interrupt frees them when the host has answered.
 *
 * The life of a block:
 *
 *     free, merged ─▶ noted ─▶ isolated, in the CPU's list ─▶ at the host ─▶ the interrupt frees it
 *               │       └▶ no such free block any more, or refused: forgotten
 *               └▶ the array is full: never noted (V9-8)
 *
 * A CPU, one line a step, in which nothing else runs on it; the interrupt is the worker's `work`:
 *
 *     "" ── enough entries ─▶ isolate ⟲ zone by zone ─▶ submit ─▶ ""
 *     rest ── a request was answered ─▶ return ⟲ block by block ─▶ rest
 *
 * What is wrong with it is kept: whoever submits throws away all answers that the interrupt has not seen yet (V9-3),
 * and a device that goes takes what is in flight with it (V9-4, V9-5): the blocks are held for ever. (V9-1, the missing
 * zone lock, was not what was meant: the interrupt takes it.)
 *
 * Source: `nitesh-wei-host.md` 4.3; the names in parentheses are those of its steps (E1 to E4) and bugs.
 */
import { match } from "ts-pattern";
import type { Pfn, ZoneIndex } from "../alphabet/units.ts";
import { blockAt } from "../blocks.ts";
import { arrive, leave, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import type { Turn } from "../state.ts";
import { freeDirectly, hold, requestOf, settle, submit } from "./holding.ts";

interface Entry {
  readonly pfn: Pfn;
  readonly zone: ZoneIndex;
}

/** What one CPU has of it. */
interface Cpu {
  /** Where it stands inside the reporter; empty: outside. */
  stage: "" | "isolate" | "submit";
  /** The heads of blocks that were freed here. */
  entries: Entry[];
  /** The zone from which on it has yet to isolate. */
  zone: ZoneIndex;
  /** The blocks that it has isolated. */
  list: Pfn[];
}

interface ArrayPercpuV9 extends Reporter {
  /** call: a CPU is inside the reporter; return: the interrupt handler runs, whether or not one is. */
  phase: "rest" | "call" | "return";
  cpus: Cpu[];
  /** From how many entries on a CPU isolates them: the setting `highWater`. */
  readonly threshold: number;
  /** The request whose blocks the interrupt handler frees, or 0. */
  handling: number;
  /** How many of them it has freed. */
  returned: number;
}

export const arrayPercpuV9: Design<ArrayPercpuV9> = {
  id: "array-percpu",
  variant: "v9",
  title: "per-CPU arrays after the merge, an interrupt frees: Nitesh v9",
  source: "nitesh-wei-host.md 4.3; seed 000",
  claims: ["missed", "watermark"],
  hearsRefusals: false,
  movesTo: "tail",
  movesKeepMark: true,
  takes: "isolates",
  callersWait: false,
  marks: "never",
  hears: [],
  perCpu: true,

  start: (geometry, { cpus, highWater }) => ({
    ...restingReporter(geometry),
    phase: "rest",
    cpus: Array.from({ length: cpus }, () => ({ stage: "", entries: [], zone: 0, list: [] })),
    threshold: highWater,
    handling: 0,
    returned: 0,
  }),

  /** (E1, zone lock) The head of the merged block, once, if there is room (V9-8). */
  notify(turn, mine, zone, order, pfn) {
    if (mine.device !== "registered" || mine.frozen || order < mine.reportOrder) {
      return;
    }
    const { entries } = mine.cpus[turn.cpu];
    if (entries.length < turn.geometry.capacity && !entries.some((entry) => entry.pfn === pfn)) {
      entries.push({ pfn, zone });
    }
  },

  busy: isBusy,
  canProceed: isBusy,

  proceed(turn, mine, cpu) {
    match(mine.cpus[cpu].stage)
      .with("", () => begin(turn, mine, mine.cpus[cpu]))
      .with("isolate", () => isolate(turn, mine, mine.cpus[cpu]))
      .with("submit", () => send(turn, mine, mine.cpus[cpu]))
      .exhaustive();
    mine.phase = phaseOf(mine);
  },

  canWork: (mine) => mine.device === "registered" && (mine.phase === "return" || firstAnswered(mine) > 0),

  /** (E4) The interrupt. */
  work(turn, mine) {
    if (mine.handling === 0) {
      mine.handling = firstAnswered(mine);
    }
    returnNext(turn, mine);
    mine.phase = phaseOf(mine);
  },

  /** (V9-5) At once: nobody looks what is in flight. */
  unregister(turn, mine) {
    if (mine.device === "registered") {
      mine.cpus.forEach((cpu) => {
        cpu.entries = [];
      });
      leave(turn, mine);
    }
  },

  register(turn, mine) {
    if (mine.device === "unregistered") {
      arrive(turn, mine);
    }
  },

  resting: (mine) => busyCpus(mine) === 0 && !(mine.device === "registered" && firstAnswered(mine) > 0),
  stalled: busyCpus,
  noted: (_sight, mine, pfn) => mine.cpus.some(({ entries }) => entries.some((entry) => entry.pfn === pfn)),

  describe: (mine) => ({
    device: mine.device,
    phase: mine.phase,
    handling: mine.handling,
    stages: mine.cpus.map(({ stage }) => stage).join(","),
    entries: mine.cpus.map(({ entries }) => entries.length),
    pfns: mine.cpus.flatMap(({ entries }) => entries.map(({ pfn }) => pfn)),
    lists: mine.cpus.map(({ list }) => list.length),
    zones: mine.cpus.map(({ zone }) => zone),
    open: mine.requests.flatMap(({ number, blocks, answer }) => [number, blocks.length, answer === "none" ? 0 : 1]),
  }),
};

/** (E2) A CPU that has noted enough goes inside the reporter before it does anything else. */
function isBusy(mine: Readonly<ArrayPercpuV9>, cpu: number): boolean {
  const { stage, entries } = mine.cpus[cpu];
  const isDue = mine.device === "registered" && !mine.frozen && entries.length >= mine.threshold;
  return stage !== "" || isDue;
}

function busyCpus(mine: Readonly<ArrayPercpuV9>): number {
  return mine.cpus.filter((_, cpu) => isBusy(mine, cpu)).length;
}

function phaseOf({ cpus, handling }: Readonly<ArrayPercpuV9>): ArrayPercpuV9["phase"] {
  if (handling > 0) {
    return "return";
  }
  return cpus.some(({ stage }) => stage !== "") ? "call" : "rest";
}

/** (E2) Sorted by zone; the first zone follows at once. */
function begin(turn: Turn, mine: ArrayPercpuV9, here: Cpu): void {
  here.entries = here.entries.toSorted((one, other) => one.zone - other.zone);
  here.zone = 0;
  here.stage = "isolate";
  isolate(turn, mine, here);
}

/** (E2, zone lock) The entries of the next zone: those at which a large free block begins still are isolated. */
function isolate(turn: Turn, mine: ArrayPercpuV9, here: Cpu): void {
  const next = nextZone(here);
  if (next !== undefined) {
    for (const { pfn } of here.entries.filter(({ zone }) => zone === next)) {
      const block = blockAt(turn, pfn);
      if (block?.owner === "free" && block.order >= mine.reportOrder && hold(turn, mine, pfn)) {
        here.list.push(pfn);
      }
    }
    here.zone = next + 1;
  }
  if (nextZone(here) === undefined) {
    here.stage = "submit";
  }
}

/** The first zone with an entry that has not been isolated yet. */
function nextZone({ entries, zone: from }: Readonly<Cpu>): ZoneIndex | undefined {
  const zones = entries.map(({ zone }) => zone).filter((zone) => zone >= from);
  return zones.length === 0 ? undefined : Math.min(...zones);
}

/**
 * (E3) Drains the used ring: answers that the interrupt has not seen are thrown away, and their blocks are held for
 * ever (V9-3). Then sends the list, and waits for nothing. With the device gone the list is lost (V9-4).
 */
function send(turn: Turn, mine: ArrayPercpuV9, here: Cpu): void {
  mine.requests = mine.requests.filter(({ number, answer }) => answer === "none" || number === mine.handling);
  if (mine.device === "registered" && here.list.length > 0) {
    submit(turn, mine, here.list);
  }
  here.entries = [];
  here.list = [];
  here.zone = 0;
  here.stage = "";
}

/** The lowest number of a request that the host has answered, or 0. */
function firstAnswered({ requests }: Readonly<ArrayPercpuV9>): number {
  const answered = requests.filter(({ answer }) => answer !== "none").map(({ number }) => number);
  return answered.length === 0 ? 0 : Math.min(...answered);
}

/** (E4, hinting_ack, zone lock) The next block of the request is freed; behind the last the request is closed. */
function returnNext(turn: Turn, mine: ArrayPercpuV9): void {
  const blocks = requestOf(mine, mine.handling)?.blocks ?? [];
  freeDirectly(turn, mine, blocks[mine.returned]);
  mine.returned++;
  if (mine.returned === blocks.length) {
    settle(mine, mine.handling);
    mine.handling = 0;
    mine.returned = 0;
  }
}
