/**
 * What a campaign against a system came to: plain data, that can be sent between threads and written as JSON.
 */
import type { Step, WireActionName } from "../../model/alphabet/index.ts";
import type { Violation } from "../../properties/judges/properties.ts";
import type { Heard } from "../../properties/rejection/index.ts";
import type { RuleCoverage } from "../put-to-the-test.ts";
import type { NamedGeometry } from "./geometries.ts";

export type { Heard };

/** The verdict on a system, what was found, and how strong that is. */
export interface Conformance {
  readonly verdict: "holds" | "violates";
  /** What the system calls itself. */
  readonly name: string;
  /** What it says that it does, without `start` and `stop`, in the order of `wire.md`. */
  readonly does: readonly WireActionName[];
  /** What it claims beyond what is always judged. */
  readonly claims: readonly string[];
  /** Runs taken, up to and with the one that broke something. */
  readonly runs: number;
  /** Actions sent in them, healing included; what the search for the shortest story sent is not counted. */
  readonly actions: number;
  /** The geometries that were tried, by name. */
  readonly geometries: readonly string[];
  readonly coverage: Coverage;
  /** Present where the verdict is `violates`. */
  readonly found?: Found;
}

/** A broken property: the shortest run that still breaks it. */
export interface Found {
  /** The machine: that of the run, or a smaller one. */
  readonly scope: NamedGeometry;
  readonly steps: readonly Step[];
  readonly violation: Violation;
  /** The step that broke it, or the number of all steps where healing did. */
  readonly at: number;
  /** The number of the run that broke it, from 0. */
  readonly run: number;
  /** Steps of that run as it was found, up to and with the one that broke it. */
  readonly length: number;
  /**
   * True where the steps, shrunk, broke it every time that they were taken. False where the same steps did not break it every
   * time, though they may have done so again once: the system is not deterministic, and the run is told as it was found (or, where
   * it was only at the very last that they did not, as it was shrunk).
   */
  readonly repeats: boolean;
  /** All events of the run up to and with the one that broke it. Steps of healing are numbered on. */
  readonly heard: readonly Heard[];
  /** The run told for people, line by line. */
  readonly story: Story;
}

/** A run told for people: whoever prints it may put something between the parts. */
export interface Story {
  /** The machine: a line for it and one for each zone. */
  readonly machine: readonly string[];
  /** A line a step: its number, who acted, the step, what came of it. Then what healing did, where it came to that. */
  readonly steps: readonly string[];
  /** `Broken in step 7: exclusion`; `Nothing is broken.` */
  readonly verdict: string;
  /** The rule and what broke; empty where nothing did. */
  readonly rule: readonly string[];
  /** Since which step nobody could have prevented it; empty where nothing broke. */
  readonly inevitable: readonly string[];
}

/** How strong a verdict is. */
export interface Coverage {
  /** How often each action was sent; those that the system does not list are left out. */
  readonly actions: readonly { readonly name: WireActionName; readonly sent: number }[];
  /** Actions that the system does not list: never sent. */
  readonly notDone: readonly WireActionName[];
  /** Situations told from events, that a system which does these actions may come to. */
  readonly labels: { readonly met: readonly string[]; readonly missing: readonly string[] };
  /**
   * Kinds of moments: an event, with how much was held and how many requests were open. Known are those that the complete
   * explorations of our own designs met, as far as the actions allow; `beyond` are others.
   */
  readonly moments: {
    readonly reached: readonly string[];
    readonly missing: readonly string[];
    readonly beyond: readonly string[];
  };
  readonly rules: readonly RuleCoverage[];
  readonly outcomes: Outcomes;
}

/**
 * What callers and others got, where no rule says what they should. `wire.md`, "The contract": a failure that no rule forbids is
 * counted and shown, not judged.
 */
export interface Outcomes {
  readonly submitted: number;
  /** Sections that went offline. */
  readonly offlined: number;
  /** Callers that got a block, and that got nothing. */
  readonly served: number;
  readonly failed: number;
  /** Of these: a free block would have done, and left the minimum. */
  readonly whileFree: number;
  /** And of these: nobody had anything, nothing was held. */
  readonly whileAllFree: number;
  /** Told to try again, though nothing was held. */
  readonly forNothing: number;
}

/** What came of steps that were given: `replay`. */
export interface Replayed {
  readonly name: string;
  /** Absent: nothing is broken. */
  readonly violation?: Violation;
  /** The step that broke it, or the number of all steps where healing did, or where nothing did. */
  readonly at: number;
  readonly claims: readonly string[];
  readonly heard: readonly Heard[];
  readonly story: Story;
}
