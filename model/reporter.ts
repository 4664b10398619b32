/**
 * What a reporting design is: what is true of it always (its traits), a worker that takes one step at a time, and the
 * hooks through which the page allocator talks to it. A design is one file in designs/ and a row in designs/index.ts.
 *
 * Every hook gets the turn and `mine`, the design's own part of the state, and may change both. A hook that a design
 * does not have means: the allocator goes on as if there were no reporter. Hooks that only get `mine`, or a `Sight`,
 * answer a question and change nothing.
 */
import type { HintAction } from "./alphabet/action.ts";
import type { Geometry } from "./alphabet/geometry.ts";
import type { ReporterState } from "./alphabet/guest.ts";
import type { Settings } from "./alphabet/settings.ts";
import type { Migratetype, Order, Pages, Pfn, ZoneIndex } from "./alphabet/units.ts";
import type { Sight, Turn } from "./state.ts";

/** What was sent to the host and is not settled yet. */
export interface OpenRequest {
  /** The smallest positive number that no other open request has. */
  readonly number: number;
  /** The heads of the blocks, in the order of the request's ranges. */
  readonly blocks: readonly Pfn[];
  /** What the host said to it. */
  answer: "none" | "ok" | "refused";
}

/** The part of its state that every design has. */
export interface Reporter {
  /** The host's device: leaving while it has been asked to go and the design is still busy with it. */
  device: "registered" | "leaving" | "unregistered";
  /** The system is suspended: the worker does not start. */
  frozen: boolean;
  /** Ticks until the worker starts, or -1: no start is scheduled. */
  timer: number;
  /** Where the worker stands; `rest` is outside a pass in every design. */
  phase: string;
  /** The smallest order that is reported. */
  reportOrder: Order;
  /** The open requests, in the order in which they were sent. */
  requests: OpenRequest[];
  /** The heads of ALL held blocks, in the order in which they were taken. */
  batch: Pfn[];
}

/** A block on its way back to the lists, that nobody has. */
export interface FreedBlock {
  readonly pfn: Pfn;
  readonly order: Order;
  /** The type of its (first) pageblock when it set out. */
  readonly list: Migratetype;
}

/** What is true of a design always. */
export interface Traits {
  readonly id: string;
  /** Which form of the design, where it has several; empty where there is one. */
  readonly variant: string;
  readonly title: string;
  /** Where it comes from. */
  readonly source: string;
  /** Properties that it claims beyond the contract. */
  readonly claims: readonly string[];
  /** False where the host's refusal is not heard: the answer counts as `ok`. */
  readonly hearsRefusals: boolean;
  /** Where a free block goes that changes its list. Source: `duyck-line.md` A.3 (today: tail), D.2 (then: head). */
  readonly movesTo: "head" | "tail";
  /** False where a free block loses its mark as it changes its list. */
  readonly movesKeepMark: boolean;
  /**
   * How it comes by pages. `isolates`: off the lists, like `__isolate_free_page`; `allocates`: as any caller does;
   * `in-place`: they stay on the lists, and no event tells of it.
   */
  readonly takes: "isolates" | "allocates" | "in-place";
  /**
   * True where a caller that finds nothing waits for what is held (seed 001: only temporarily blocked). False: held
   * pages look allocated, and he is told that memory is out.
   */
  readonly callersWait: boolean;
  /**
   * What a Reported mark says. `all its pages`: of each page in the block, so that a block of marked halves is marked,
   * and the parts of a marked block are. `this very block`: gone as soon as the block is merged or split.
   */
  readonly marks: "this very block" | "all its pages" | "never";
  /** Which of these actions mean something to it. */
  readonly hears: readonly ("balloon" | "hint" | "pressure")[];
  /** True where something of it runs on the CPUs themselves, by the action `proceed`. */
  readonly perCpu: boolean;
}

/** The worker, the device, and what people are shown. */
export interface Worker<Mine extends Reporter> {
  /** The state right after the device was registered at boot. `populated`: by zone, has it a present page? */
  start(geometry: Geometry, settings: Settings, populated: readonly boolean[]): Mine;
  /** True where the worker has a step to take. */
  canWork(mine: Readonly<Mine>): boolean;
  /** The worker's next step. Only called where it has one. */
  work(turn: Turn, mine: Mine): void;
  /** The host's device goes; where it is gone or going already, nothing. */
  unregister(turn: Turn, mine: Mine): void;
  /** The host's device comes back; where it is there, nothing. */
  register(turn: Turn, mine: Mine): void;
  /** Its private state, for people and for lockstep. */
  describe(mine: Readonly<Mine>): ReporterState;

  /** The host's answer to the open request of this number was noted; without the hook the worker finds it by itself. */
  acked?(turn: Turn, mine: Mine, request: number): void;
  /** The smallest order to report is to change. */
  setOrder?(turn: Turn, mine: Mine, order: Order): void;
  /** The guest is asked to make room for this many pages: shrinkers run. */
  pressure?(turn: Turn, mine: Mine, pages: Pages): void;
  /** The host sets the balloon's target. */
  balloon?(turn: Turn, mine: Mine, pages: Pages): void;
  /** The host begins a round of hinting, pauses it, or is done with it. */
  hint?(turn: Turn, mine: Mine, command: HintAction["command"]): void;
}

/** What of it runs on the CPUs themselves. */
export interface OnCpus<Mine extends Reporter> {
  /** The CPU is inside the reporter (a hypercall, an inline request): it allocates, frees and drains nothing now. */
  busy?(mine: Readonly<Mine>, cpu: number): boolean;
  /** True where what runs on this CPU has a step to take. */
  canProceed?(mine: Readonly<Mine>, cpu: number): boolean;
  /** Its next step. Only called where it has one. */
  proceed?(turn: Turn, mine: Mine, cpu: number): void;
}

/** What the allocator tells it, or asks it, on the way of a block into the lists, inside them and out of them. */
export interface AllocatorHooks<Mine extends Reporter> {
  /**
   * A user gave back a block, and nobody has it (`arch_free_page`: before the allocator sees it).
   *
   * @returns true where the design has the block now: it made it `held` and listed it in its batch, or passed it on
   */
  freed?(turn: Turn, mine: Mine, pfn: Pfn, order: Order): boolean;
  /**
   * Blocks that nobody has are about to be freed to the lists, in this order.
   *
   * @returns true where the design frees them itself; what is not free when it returns must be somebody's: `held` in
   *   its batch, or `cached`, as if it had not left the CPU's cache
   */
  freeing?(turn: Turn, mine: Mine, blocks: readonly FreedBlock[]): boolean;
  /** A block was freed, and became the one of this order at `pfn`; one that comes back with the mark is not told. */
  notify?(turn: Turn, mine: Mine, zone: ZoneIndex, order: Order, pfn: Pfn): void;
  /** A block with the mark is about to leave its list for good, or to lose its mark as it changes lists. */
  removing?(turn: Turn, mine: Mine, zone: ZoneIndex, pfn: Pfn, order: Order, list: Migratetype): void;
  /** A block with the mark is about to change its list and keep the mark. */
  moving?(turn: Turn, mine: Mine, zone: ZoneIndex, pfn: Pfn, order: Order, from: Migratetype): void;
  /** Compaction is about to rework a list. */
  reworking?(turn: Turn, mine: Mine, zone: ZoneIndex, order: Order, list: Migratetype): void;
  /** In front of which block one without a mark that goes to the tail is inserted, or NONE: it becomes the last. */
  tail?(mine: Readonly<Mine>, zone: ZoneIndex, order: Order, list: Migratetype): Pfn;
  /** In front of which block this one, which comes back with the mark, is inserted, or NONE: it becomes the last. */
  place?(turn: Turn, mine: Mine, zone: ZoneIndex, pfn: Pfn, order: Order, list: Migratetype): Pfn;
  /** A block came back with the mark and was inserted; the parts that inherit one are not told. */
  placed?(turn: Turn, mine: Mine, zone: ZoneIndex, pfn: Pfn, order: Order, list: Migratetype): void;

  /** The reporter's lock keeps allocators away: whoever asks for a block spins, and waiters do not look. */
  spins?(mine: Readonly<Mine>): boolean;
  /**
   * A caller found nothing, and nothing is left to try.
   *
   * @returns true where something will come back, so that he need not be told that memory is out.
   *   Without the hook: where callers wait and something is held
   */
  outOfMemory?(turn: Turn, mine: Mine): boolean;
}

/** What judges ask. */
export interface Answers<Mine extends Reporter> {
  /** False where it is not at rest although the worker's phase and timer are; without the hook they say it all. */
  resting?(mine: Readonly<Mine>): boolean;
  /** CPUs that can't go on because of it; those that spin for a block are counted elsewhere. Without the hook: 0. */
  stalled?(mine: Readonly<Mine>): number;
  /** Will it yet look at this free block? Without the hook: yes. */
  noted?(sight: Sight, mine: Readonly<Mine>, pfn: Pfn, order: Order): boolean;
  /** Is a pass due by its own rule? Without the hook: no. */
  due?(sight: Sight, mine: Readonly<Mine>): boolean;
  /** Boundary designs: the first block behind the boundary, or NONE; undefined where none is kept now. */
  boundary?(mine: Readonly<Mine>, zone: ZoneIndex, order: Order, list: Migratetype): Pfn | undefined;
  /** Boundary designs: the counter of reported blocks. */
  reportedBlocks?(mine: Readonly<Mine>, zone: ZoneIndex, order: Order): number;
}

export interface Design<Mine extends Reporter = Reporter>
  extends Traits, Worker<Mine>, OnCpus<Mine>, AllocatorHooks<Mine>, Answers<Mine> {}

/** The common part of a state in which the device is there and nothing is due. */
export function restingReporter(geometry: Geometry): Reporter {
  return {
    device: "registered",
    frozen: false,
    timer: -1,
    phase: "rest",
    reportOrder: geometry.reportOrder,
    requests: [],
    batch: [],
  };
}

/** At rest: a pass is due, and neither a suspended system nor a device that is gone keeps the worker from it. */
export function mayBegin(mine: Readonly<Reporter>): boolean {
  return mine.timer === 0 && mine.device !== "unregistered" && !mine.frozen;
}

/** The ordinary comings and goings, for a design that has nothing in hand when its device goes: spread it. */
export const comesAndGoes: Pick<Worker<Reporter>, "unregister" | "register"> = {
  unregister(turn, mine) {
    if (mine.device === "registered") {
      leave(turn, mine);
    }
  },
  register(turn, mine) {
    if (mine.device === "unregistered") {
      arrive(turn, mine);
    }
  },
};

/** The device is gone, and no pass is scheduled. */
export function leave(turn: Turn, mine: Reporter): void {
  mine.device = "unregistered";
  mine.timer = -1;
  turn.events.push({ event: "unregistered" });
}

/** The device is there again. */
export function arrive(turn: Turn, mine: Reporter): void {
  mine.device = "registered";
  turn.events.push({ event: "registered" });
}

/**
 * A device that is leaving is gone as soon as the design has nothing of it in hand. Called when the device is told to
 * go (`device` is `leaving` by then), and at the end of each step by which the design may have become done.
 */
export function leaveIfDone(turn: Turn, mine: Reporter, done: boolean): void {
  if (mine.device === "leaving" && done) {
    leave(turn, mine);
  }
}
