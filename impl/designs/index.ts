/**
 * The designs that the implementation has. A new one is a file beside this and a row here.
 *
 * An id may have several variants; the first row of an id is what it is by default.
 */
import type { Order, Settings } from "../../model/alphabet/index.ts";
import { InputError } from "../../model/alphabet/index.ts";
import type { Parts, Reporter, Room } from "../reporter.ts";
import type { Shape } from "../shape.ts";
import { ArrayPercpuV9, arrayPercpuV9Requests, arrayPercpuV9Words } from "./array-percpu-v9.ts";
import { ArrayPercpu } from "./array-percpu.ts";
import { ARRAY_PUT_BACK_WORDS, ArrayPutBack } from "./array-put-back.ts";
import { ArraySeqlock, arraySeqlockWords } from "./array-seqlock.ts";
import { boundaryPageWords, boundaryWords } from "./boundaries.ts";
import { Bubble } from "./bubble.ts";
import { BALLOON_WORDS, Balloon, BalloonWithOomNotifier, BalloonWithShrinker } from "./balloon.ts";
import { Bitmap, BitmapV10, BitmapV12, bitmapWords } from "./bitmap.ts";
import { cpuArrayWords } from "./cpu-arrays.ts";
import { FREE_PAGE_HINT_WORDS, FreePageHint, WaitingFreePageHint, freePageHintRequests } from "./free-page-hint.ts";
import { GetPutHints, MigrationHints, RepairedHints, getPutHintsWords } from "./get-put-hints.ts";
import { INCREMENTAL_ARRAY_WORDS, IncrementalArray } from "./incremental-array.ts";
import { None } from "./none.ts";
import { PAGE_REPORTING_WORDS, PageReporting } from "./page-reporting.ts";
import { ReportedBoundary } from "./reported-boundary.ts";
import { TreatedBuddy, treatedBuddyPageWords, treatedBuddyWords } from "./treated-buddy.ts";
import { SyncHypercall, syncHypercallWords } from "./sync-hypercall.ts";

export interface Design {
  readonly id: string;
  /** Empty where the id has only one. */
  readonly variant: string;
  /** Words that it keeps in the guest's buffer, beside the shared ones and the requests. Absent: none. */
  words?(shape: Shape, settings: Settings): number;
  /** Requests that may be open at a time. Absent: one. */
  maxRequests?(shape: Shape, settings: Settings): number;
  /** Ranges in one request. Absent: the capacity of the host's queue. */
  maxRanges?(shape: Shape, settings: Settings): number;
  /** The smallest order whose frees and tail insertions it is told of. Absent: the geometry's report order. */
  listensFrom?(shape: Shape, settings: Settings): Order;
  /** Which of its own words hold a page, or -1: all that it knows of where blocks lie. Absent: it doesn't say. */
  pageWords?(shape: Shape): readonly number[];
  /** True: it goes through memory by address, so that no block is like another to it. Absent: false. */
  readonly byAddress?: boolean;
  /** True: all CPUs are alike to it, as nothing of it runs on one or names one. Absent: false. */
  readonly cpusAlike?: boolean;
  create(parts: Parts): Reporter;
}

const NO_PAGE_WORDS = (): readonly number[] => [];

const ROWS: Design[] = [
  { id: "none", variant: "", pageWords: NO_PAGE_WORDS, cpusAlike: true, create: (parts) => new None(parts) },
  {
    id: "reported-boundary",
    variant: "",
    words: boundaryWords,
    pageWords: boundaryPageWords,
    cpusAlike: true,
    create: (parts) => new ReportedBoundary(parts),
  },
  {
    id: "page-reporting",
    variant: "",
    words: () => PAGE_REPORTING_WORDS,
    pageWords: NO_PAGE_WORDS,
    cpusAlike: true,
    create: (parts) => new PageReporting(parts),
  },
  {
    id: "array-seqlock",
    variant: "",
    words: arraySeqlockWords,
    byAddress: true,
    create: (parts) => new ArraySeqlock(parts),
  },
  {
    id: "treated-buddy",
    variant: "",
    words: treatedBuddyWords,
    pageWords: treatedBuddyPageWords,
    create: (parts) => new TreatedBuddy(parts),
  },
  {
    id: "bubble",
    variant: "",
    words: boundaryWords,
    pageWords: boundaryPageWords,
    cpusAlike: true,
    create: (parts) => new Bubble(parts),
  },
  {
    id: "sync-hypercall",
    variant: "",
    words: syncHypercallWords,
    maxRequests: (_shape, settings) => settings.cpus,
    maxRanges: () => 1,
    create: (parts) => new SyncHypercall(parts),
  },
  { id: "bitmap", variant: "v11", words: bitmapWords, byAddress: true, create: (parts) => new Bitmap(parts) },
  { id: "bitmap", variant: "v10", words: bitmapWords, byAddress: true, create: (parts) => new BitmapV10(parts) },
  { id: "bitmap", variant: "v12", words: bitmapWords, byAddress: true, create: (parts) => new BitmapV12(parts) },
  {
    id: "get-put-hints",
    variant: "as-written",
    words: getPutHintsWords,
    byAddress: true,
    create: (parts) => new GetPutHints(parts),
  },
  {
    id: "get-put-hints",
    variant: "repaired",
    words: getPutHintsWords,
    byAddress: true,
    create: (parts) => new RepairedHints(parts),
  },
  {
    id: "get-put-hints",
    variant: "migration",
    words: getPutHintsWords,
    byAddress: true,
    create: (parts) => new MigrationHints(parts),
  },
  {
    id: "balloon",
    variant: "oom",
    words: () => BALLOON_WORDS,
    pageWords: NO_PAGE_WORDS,
    create: (parts) => new BalloonWithOomNotifier(parts),
  },
  {
    id: "balloon",
    variant: "shrinker",
    words: () => BALLOON_WORDS,
    pageWords: NO_PAGE_WORDS,
    create: (parts) => new BalloonWithShrinker(parts),
  },
  {
    id: "balloon",
    variant: "plain",
    words: () => BALLOON_WORDS,
    pageWords: NO_PAGE_WORDS,
    create: (parts) => new Balloon(parts),
  },
  {
    id: "free-page-hint",
    variant: "plain",
    words: () => FREE_PAGE_HINT_WORDS,
    maxRequests: freePageHintRequests,
    maxRanges: () => 1,
    pageWords: NO_PAGE_WORDS,
    create: (parts) => new FreePageHint(parts),
  },
  {
    id: "free-page-hint",
    variant: "wait-on-ack",
    words: () => FREE_PAGE_HINT_WORDS,
    maxRequests: freePageHintRequests,
    maxRanges: () => 1,
    pageWords: NO_PAGE_WORDS,
    create: (parts) => new WaitingFreePageHint(parts),
  },
  {
    id: "array-percpu",
    variant: "v8",
    words: cpuArrayWords,
    maxRequests: (_shape, settings) => settings.cpus,
    create: (parts) => new ArrayPercpu(parts),
  },
  {
    id: "array-percpu",
    variant: "v9",
    words: arrayPercpuV9Words,
    maxRequests: arrayPercpuV9Requests,
    create: (parts) => new ArrayPercpuV9(parts),
  },
  {
    id: "incremental-array",
    variant: "parked",
    words: () => INCREMENTAL_ARRAY_WORDS,
    pageWords: NO_PAGE_WORDS,
    create: (parts) => new IncrementalArray(parts),
  },
  {
    id: "incremental-array",
    variant: "put-back",
    words: () => ARRAY_PUT_BACK_WORDS,
    pageWords: NO_PAGE_WORDS,
    create: (parts) => new ArrayPutBack(parts),
  },
];

/** Every variant of every design, the default of an id first. */
export const DESIGNS: readonly Design[] = ROWS;

/** Adds a design from outside, or a variant of one. @throws InputError where there is one of that name already */
export function addDesign(design: Design): void {
  if (ROWS.some(({ id, variant }) => id === design.id && variant === design.variant)) {
    throw new InputError({ key: "design" }, `there is a ${JSON.stringify(design.id)} ${design.variant} already`);
  }
  ROWS.push(design);
}

/**
 * The design of an id.
 *
 * @param variant empty for the default
 * @throws InputError where there is none of that name
 */
export function designOf(id: string, variant = ""): Design {
  const variants = ROWS.filter((row) => row.id === id);
  if (variants.length === 0) throw unknown("design", id, [...new Set(ROWS.map((row) => row.id))]);
  const design = variant === "" ? variants[0] : variants.find((row) => row.variant === variant);
  if (design === undefined)
    throw unknown(
      "settings.variant",
      variant,
      variants.map((row) => row.variant),
    );
  return design;
}

/** How much of the guest's buffer a design gets. */
export function roomOf(design: Design, shape: Shape, settings: Settings): Room {
  return {
    own: design.words?.(shape, settings) ?? 0,
    requests: design.maxRequests?.(shape, settings) ?? 1,
    ranges: design.maxRanges?.(shape, settings) ?? shape.geometry.capacity,
  };
}

function unknown(key: string, found: string, known: readonly string[]): InputError {
  return new InputError({ key }, `found ${JSON.stringify(found)}, expected one of ${known.join(", ")}`);
}
