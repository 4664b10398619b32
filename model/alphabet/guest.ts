/**
 * A guest: whatever takes actions and answers with events. A driver never asks which of them it has in hand.
 * A view: the one read-only window through which judges look into a guest of ours, the same for model and implementation.
 */
import type { Action } from "./action.ts";
import type { Event } from "./event.ts";
import type { Geometry } from "./geometry.ts";
import type { Settings } from "./settings.ts";
import type { Migratetype, Order, Owner, Pages, Pfn, ZoneIndex } from "./units.ts";
import type { Words } from "./words.ts";

/** "There is no such page": the end of a list, the foot of a boundary. */
export const NONE: Pfn = -1;

/** The reporter's private state as plain data: what lockstep compares and stories print. */
export type ReporterState = { readonly [name: string]: string | number | boolean | readonly number[] };

/** A caller that sleeps (`waits`) or tries again (`kernel`). */
export interface Waiter {
  readonly ticket: number;
  readonly order: Order;
  readonly migratetype: Migratetype;
  readonly node: number;
  readonly cpu: number;
  /** Attempts left in the `kernel` slow path; 0 in `waits`. */
  readonly retries: number;
}

/** The hotplug operation under way. */
export interface Hotplug {
  readonly kind: "offline" | "online";
  readonly start: Pfn;
  readonly pages: Pages;
  /** drain: CPU caches; isolate: pageblocks; test: all free?; remove: gone; undo: pageblocks come back. */
  readonly phase: "drain" | "isolate" | "test" | "remove" | "undo";
  /** How many CPUs or pageblocks of this phase are done. */
  readonly done: number;
}

export interface View {
  readonly geometry: Geometry;
  readonly settings: Settings;

  /** Lists, blocks, pageblocks and counters at once, for judges. The methods below show the same to people, one by one. */
  words(): Words;

  /** NR_FREE_PAGES: pages on all lists except those of type isolate. */
  freePages(zone: ZoneIndex): Pages;
  /** nr_free: blocks of this order on the lists of all types, isolate included. */
  freeBlocks(zone: ZoneIndex, order: Order): number;
  /** The block at the head of a free list, or NONE. */
  firstFree(zone: ZoneIndex, order: Order, migratetype: Migratetype): Pfn;
  /** The block at the tail of a free list, or NONE. */
  lastFree(zone: ZoneIndex, order: Order, migratetype: Migratetype): Pfn;
  /** The block after this one on its free list, toward the tail, or NONE. */
  nextFree(pfn: Pfn): Pfn;
  /** The block before this one on its free list, toward the head, or NONE. */
  previousFree(pfn: Pfn): Pfn;

  /** Who has the page. Pages in holes, offline or outside all zones are absent. */
  owner(pfn: Pfn): Owner;
  /** The order of the block that begins at this page, whoever has it, or -1 where none begins. */
  orderAt(pfn: Pfn): Order | -1;
  /** True where the page carries the Reported mark. */
  reported(pfn: Pfn): boolean;
  /** The type of the pageblock around this page. */
  pageblock(pfn: Pfn): Migratetype;

  isolatedPageblocks(zone: ZoneIndex): number;
  /** Pages in pageblocks of type highatomic, free or not. */
  reservedHighatomic(zone: ZoneIndex): Pages;

  /** The blocks on one CPU's list, first to be handed out first. */
  cached(zone: ZoneIndex, cpu: number, order: Order, migratetype: Migratetype): readonly Pfn[];
  /** Heads of the blocks that the reporter holds, in the order in which it took them. */
  held(): readonly Pfn[];
  waiters(): readonly Waiter[];
  hotplug(): Hotplug | undefined;
  /** The report order in force: it may differ from the geometry's. */
  reportOrder(): Order;
  registered(): boolean;
  frozen(): boolean;
  /** True while the worker does nothing and is not due to: no pass runs or is scheduled. */
  resting(): boolean;
  /** True while a pass runs, from the worker's first step to its last. */
  passing(): boolean;
  /** Where the worker stands: `rest`, or a phase of the design's own; `busy` where a design does not name them. */
  phase(): string;
  reporter(): ReporterState;
  /** CPUs that can't go on because of the reporter: one waits for the host or the reporter's lock. */
  stalled(): number;
  /** Why the guest stopped for good (an assertion of its own, a write past an array), or empty. */
  stopped(): string;
  /** True where the reporter will yet look at this free block: it is in its books, or on a list that it walks. */
  noted(pfn: Pfn, order: Order): boolean;
  /** True where the design's own rule says that a pass is due: one must be under way or scheduled. */
  due(): boolean;
  /** Boundary designs: the first block behind the boundary of a list, or NONE for the list's end; undefined where none is kept now. */
  boundary?(zone: ZoneIndex, order: Order, migratetype: Migratetype): Pfn | undefined;
  /** Boundary designs: the counter of reported blocks. */
  reportedBlocks?(zone: ZoneIndex, order: Order): number;
}

export interface Guest {
  /** The design that it runs, as in the registry. */
  readonly design: string;
  /**
   * The steps that the guest's own actors may take now: its worker, the clock, callers that try again, the hotplug
   * operation. What users, host and administrator may do, the environment knows.
   */
  enabled(): readonly Action[];
  /** Takes one action and answers with what happened, in order. The list may be reused by the next call. */
  perform(action: Action): readonly Event[];
  view(): View;
  /** The whole state as bytes, where the guest can give it. */
  snapshot?(): Uint8Array;
  restore?(snapshot: Uint8Array): void;
}
