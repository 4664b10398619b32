/**
 * What a reporting design is: a worker that takes one step at a time, and the hooks through which the page allocator
 * talks to it. A design is one file in designs/ and a row in designs/index.ts.
 *
 * Every hook gets the turn and `mine`, the design's own part of the state, and may change both. A hook that a design
 * does not have means: the allocator goes on as if there were no reporter.
 */
import type { Geometry } from "./alphabet/geometry.ts";
import type { ReporterState } from "./alphabet/guest.ts";
import type { Settings } from "./alphabet/settings.ts";
import type { Migratetype, Order, Pfn, ZoneIndex } from "./alphabet/units.ts";
import type { Turn } from "./state.ts";

/** The part of its state that every design has. */
export interface Reporter {
  /** The host's device: leaving while it has been asked to go and the worker is still busy with it. */
  device: "registered" | "leaving" | "unregistered";
  /** The system is suspended: the worker does not start. */
  frozen: boolean;
  /** Ticks until the worker starts, or -1: no start is scheduled. */
  timer: number;
  /** Where the worker stands; `rest` is outside a pass in every design. */
  phase: string;
  /** The smallest order that is reported. */
  reportOrder: Order;
  /** The open request, or 0. */
  request: number;
  /** What the host said to it. */
  answer: "none" | "ok" | "refused";
  /** The heads of the held blocks, in the order in which they were taken. */
  batch: Pfn[];
}

export interface Design<Mine extends Reporter = Reporter> {
  readonly id: string;
  readonly title: string;
  /** Where it comes from. */
  readonly source: string;
  /** Properties that it claims beyond the contract. */
  readonly claims: readonly string[];
  /** False where the host's refusal is not heard: the answer counts as `ok`. */
  readonly hearsRefusals: boolean;
  /** Where a free block goes that changes its list. Source: `duyck-line.md` A.3 (today: tail), D.2 (then: head). */
  readonly movesTo: "head" | "tail";

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

  /** A block was freed, and became one of this order. */
  notify?(turn: Turn, mine: Mine, zone: ZoneIndex, order: Order): void;
  /** A block with the mark is about to leave its list for good. */
  removing?(turn: Turn, mine: Mine, zone: ZoneIndex, pfn: Pfn, order: Order, list: Migratetype): void;
  /** A block with the mark is about to change its list. */
  moving?(turn: Turn, mine: Mine, zone: ZoneIndex, pfn: Pfn, order: Order, from: Migratetype): void;
  /** Compaction is about to rework a list. */
  reworking?(turn: Turn, mine: Mine, zone: ZoneIndex, order: Order, list: Migratetype): void;
  /** In front of which block something that goes to the tail is inserted, or NONE: it becomes the last. */
  tail?(mine: Readonly<Mine>, zone: ZoneIndex, order: Order, list: Migratetype): Pfn;
  /** The smallest order to report is to change. */
  setOrder?(turn: Turn, mine: Mine, order: Order): void;

  /** Boundary designs: the first block behind the boundary, or NONE; undefined while the zone is not worked on. */
  boundary?(mine: Readonly<Mine>, zone: ZoneIndex, order: Order, list: Migratetype): Pfn | undefined;
  /** Boundary designs: the counter of reported blocks. */
  reportedBlocks?(mine: Readonly<Mine>, zone: ZoneIndex, order: Order): number;
}
