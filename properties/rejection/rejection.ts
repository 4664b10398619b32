/**
 * A rejection that teaches: which rule an event breaks, who had the pages, which earlier events put them there, and the
 * nearest change to the events that would have been legal. Plain data, for people (tell.ts) and for JSON alike.
 */
import type { Event, Pages, Step } from "../../model/alphabet/index.ts";
import type { PageRun } from "../judges/contract.ts";
import type { PropertyId } from "../judges/properties.ts";

export type { PageRun } from "../judges/contract.ts";

/** What the numbers of events count: the step that led to it (from 0), its line or itself (from 1). */
export type Unit = "step" | "line" | "event";

/** An event and its number. Several events of one step share theirs. */
export interface Heard {
  readonly at: number;
  readonly event: Event;
}

/** An event that was heard, and its place among all of them, from 0. */
export interface Placed extends Heard {
  readonly index: number;
}

/** One of the events that brought the pages to where they are. */
export interface Link extends Heard {
  /** What happened, as a sentence without its full stop. */
  readonly what: string;
}

/** A change to the list of events. Places count from 0, in the list as it was heard. */
export type Change =
  | { readonly do: "insert"; readonly before: number; readonly event: Event }
  | { readonly do: "drop"; readonly index: number }
  | { readonly do: "replace"; readonly index: number; readonly event: Event }
  | { readonly do: "move"; readonly index: number; readonly before: number; readonly event: Event };

/** How far the changed events go beyond the one that broke the rule. */
export interface Reach {
  /** Of the events that follow, so many hold. */
  readonly holds: number;
  /** So many follow that are known. */
  readonly follow: number;
  /** What breaks next; absent: nothing. Without a property it can't be judged: the recorder contradicts itself. */
  readonly breaks?: { readonly at: number; readonly property?: PropertyId; readonly explanation: string };
}

/** Changes with which the contract found nothing wrong up to and including the event that it had refused. */
export interface Repair {
  /** What stands behind "legal if". */
  readonly text: string;
  readonly changes: readonly Change[];
  readonly reach: Reach;
}

/** What the recording leaves open, in numbers, and what to record to know more. */
export interface Unknowns {
  /** Pages of which no event had told when the rule broke; any first event on them counts as right. */
  readonly pages: Pages;
  /** Requests, and callers that slept, from before the recording, known by their ack or waking alone. */
  readonly requests: number;
  readonly callers: number;
  /** Events that the recorder can't see, and the requests that were judged without them. */
  readonly unseen: readonly string[];
  readonly unseenIn: number;
  /** Older events that were not kept, of a source that can't be read twice: what they did can't be told. */
  readonly forgotten: number;
  readonly advice: readonly string[];
}

/** Other steps for a run of a guest of ours, which was taken anew with them. */
export interface StepRepairs {
  /** The changed runs that were taken. */
  readonly tried: number;
  /** The nearest that breaks nothing, down to its rest; absent: none of those that were tried. */
  readonly repair?: StepRepair;
}

/** Steps that break nothing, instead of those that were taken. */
export interface StepRepair {
  /** What stands behind "legal if". */
  readonly text: string;
  readonly steps: readonly Step[];
}

/** Why an event was refused: the rule, the pages, how it came, and what would have been legal. */
export interface Rejection {
  readonly property: PropertyId;
  readonly explanation: string;
  readonly rule: { readonly sentence: string; readonly source: string };
  readonly unit: Unit;
  /** The number of the event that broke the rule, and the event; absent: what is wrong is wrong at the end. */
  readonly at?: number;
  readonly event?: Event;
  readonly pages: {
    /** Why nobody knows who has them, and none are told. Absent: they are told. */
    readonly untold?: string;
    /** The pages around, as they were before the event, or where no event shows it before the step. */
    readonly before: readonly PageRun[];
    /** The pages that the event touches, as it found them; none where no event shows it. */
    readonly touched: readonly PageRun[];
    /** The touched pages as the event would have left them, or where no event shows it all of them after the step; none: unchanged. */
    readonly after: readonly PageRun[];
  };
  /** The earlier events that explain it, oldest first. */
  readonly chain: readonly Link[];
  /** Of a long chain so many of the older events are left out. Absent: none. */
  readonly leftOut?: number;
  /** Said instead of a chain: that nothing came before says who is wrong, too. */
  readonly noChain?: string;
  /** The changes that were judged. */
  readonly tried: number;
  /** The nearest: it carries the events furthest, then it changes least. */
  readonly repair?: Repair;
  /** At most two more that carry the events as far. */
  readonly others: readonly Repair[];
  /** Of a run in which no change of the events alone is a repair: other steps. */
  readonly bySteps?: StepRepairs;
  /** Absent: nothing is unknown. */
  readonly unknown?: Unknowns;
}
