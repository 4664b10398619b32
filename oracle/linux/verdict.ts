/** What is said of a capture. That it can't be judged is not said but thrown: InputError. */
import type { PageRange } from "../../model/alphabet/index.ts";
import type { PropertyId } from "../../properties/judges/properties.ts";
import type { Rejection } from "../../properties/rejection/index.ts";
import type { OomKill } from "./guest/out-of-memory.ts";
import type { Answers } from "./guest/watermarks.ts";

/** So many of so many. */
export interface Share {
  agree: number;
  of: number;
}

/** Free blocks of one order in one zone. */
export interface Figure {
  readonly zone: string;
  readonly order: number;
  readonly byEvents: number;
  readonly byKernel: number;
}

export interface CaptureCounts {
  /** Events of `wire.md` that the lines told. */
  events: number;
  /** Passes of the worker. */
  passes: number;
  /** Requests to the host. */
  reports: number;
  /** Ranges in all requests. */
  blocksReported: number;
  pagesReported: number;
  /** Blocks that left the free lists while a request was open. */
  allocationsInFlight: number;
  /** Isolations that the watermark refused. */
  refusedIsolations: number;
  /** Isolations let through or refused, and whether the watermark's rule says so. */
  watermark: Answers;
  /** Microseconds from the end of a pass to the next one's beginning, the least; absent where there were no two with times. */
  shortestPause?: number;
  /** Blocks that direct compaction captured. */
  captured: number;
  /** Blocks that the reporter took although they still carried the mark. */
  reportedAgain: number;
  /** Steps that the buddy replay predicted right. */
  predicted: Share;
  /** Calls of the allocator's interface whose pages were off the free lists, as they must be. */
  calls: Share;
  /** Pages that the opening snapshot and the events before it both know. */
  opening: Share;
  /** Pages of the closing snapshot that are as the events left them. */
  closing: Share;
  /** Figures of `buddyinfo after`; the lists run on between the end of the trace and its reading. */
  buddyinfo: Share;
  /** Those that differ: how many free blocks there were by the events, and by the kernel's figures. */
  buddyinfoDiffers: Figure[];
  /** Discards inside the windows of their requests, and who recorded them. */
  discards: number;
  discardsFrom: "madvise.log" | "host.log" | "discards.jsonl" | "nobody";
  /** Ranges that the host was given and of which it dropped no page before its answer. */
  rangesNotDropped: number;
  /** Discards after the acks of their requests, in the whole capture. */
  discardsLate: number;
  /** Discards after the end of the recording. */
  discardsLater: number;
}

export interface CaptureVerdict {
  readonly verdict: "holds" | "violates";
  readonly property?: PropertyId;
  /** The line of trace.txt. */
  readonly line?: number;
  readonly explanation?: string;
  readonly pages?: PageRange;
  /** Where something is broken: how it came, and what would have been legal. Reads the capture some more times. */
  readonly explain?: () => Promise<Rejection>;
  readonly counts: CaptureCounts;
  /** Every call of the OOM killer: who asked in vain, who was killed, what was held. */
  readonly oomKills: readonly OomKill[];
  /** What this capture can't show, in words. */
  readonly notChecked: readonly string[];
  /** Kinds of moments that it shows. */
  readonly moments: readonly string[];
}

export function noCounts(): CaptureCounts {
  const none = (): Share => ({ agree: 0, of: 0 });
  return {
    events: 0,
    passes: 0,
    reports: 0,
    blocksReported: 0,
    pagesReported: 0,
    allocationsInFlight: 0,
    refusedIsolations: 0,
    watermark: { right: 0, wrong: 0, unknown: 0 },
    captured: 0,
    reportedAgain: 0,
    predicted: none(),
    calls: none(),
    opening: none(),
    closing: none(),
    buddyinfo: none(),
    buddyinfoDiffers: [],
    discards: 0,
    discardsFrom: "nobody",
    rangesNotDropped: 0,
    discardsLate: 0,
    discardsLater: 0,
  };
}
