/**
 * What a guest can be configured to, beyond its geometry. Small numbers here make small scopes show everything
 * (`duyck-line.md` H.5); the defaults are Linux's.
 */
import type { Order } from "./units.ts";

export interface Settings {
  /** Which form of the design, where it has several (`v8`, `repaired`); empty: the first one in the registry. */
  readonly variant: string;
  readonly cpus: number;
  /** Per-CPU lists. Source: `duyck-line.md` A.9. */
  readonly pcp: {
    /** Blocks up to this order are cached; -1: no per-CPU lists. */
    readonly maxOrder: Order;
    /** Blocks of pageblockOrder are cached too, as transparent huge pages are. */
    readonly huge: boolean;
    /** Pages on one CPU's lists of one zone from which on a free gives back a batch. */
    readonly high: number;
    /** Pages moved between a CPU's lists and the buddy allocator at a time. */
    readonly batch: number;
  };
  /** Most pageblocks that may be reserved for highatomic callers, in each zone; 0: none. */
  readonly highatomicPageblocks: number;
  /**
   * What an allocation does when nothing is free. `waits`: held pages are only blocked for a moment (seed 001), so a
   * caller that may sleep waits for them and one that may not is told `would-block`. `kernel`: a bounded number of
   * retries, then out of memory, as Linux does.
   */
  readonly slowPath: "waits" | "kernel";
  /** Attempts after the first that a caller makes in the `kernel` slow path. Linux: MAX_RECLAIM_RETRIES = 16. */
  readonly retries: number;
  /**
   * How a held block comes back that spans two pageblocks of different types. `split`: in parts, each to the list of
   * its own pageblock. `whole`: as Linux does, to the list of the first (`duyck-line.md` G-18).
   */
  readonly putback: "split" | "whole";
  /**
   * How much must have come together before a design starts. `reported-boundary` and `bubble`: unreported blocks of one
   * order in a zone (Linux v10: 32); `treated-buddy`: raw blocks of one order (64); `bitmap`: bits of a zone (16);
   * `array-seqlock`: runs of free pages in the global list (500); `array-percpu` v9: entries of a CPU (128);
   * `incremental-array`: largest blocks that it leaves alone.
   */
  readonly highWater: number;
  /** `page-reporting`: a list's budget of requests is its length over capacity times this, rounded up. Linux: 16. */
  readonly budgetDivisor: number;
  /** Ticks between a request for a pass and its start. */
  readonly delay: number;
  /** What free pages are expected to contain. */
  readonly freeContent: "anything" | "poison" | "zero";
  /** How the host drops pages: they read as zeroes at once (MADV_DONTNEED), or some day unless written (MADV_FREE). */
  readonly hostDrops: "at-once" | "lazily";
  /** What the host does with ranges from a design that hints: drop them, or leave them out of a migration. */
  readonly hintsFor: "dropping" | "migration";
  /** What clears the hypervisor's dirty log: reading it, or the first touch of a whole chunk after that. */
  readonly dirtyLog: "bitmap" | "chunk";
}

export const DEFAULT_SETTINGS: Settings = {
  variant: "",
  cpus: 1,
  pcp: { maxOrder: -1, huge: false, high: 8, batch: 4 },
  highatomicPageblocks: 0,
  slowPath: "waits",
  retries: 16,
  putback: "split",
  highWater: 32,
  budgetDivisor: 16,
  delay: 2,
  freeContent: "anything",
  hostDrops: "at-once",
  hintsFor: "dropping",
  dirtyLog: "bitmap",
};
