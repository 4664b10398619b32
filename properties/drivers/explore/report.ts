/** What is to be explored, and what came of it: the same on one thread and on several. */
import type { Failure } from "../../findings/failure.ts";
import { Digest } from "./states/hash.ts";
import type { Broken, Expander, Explored, Findings, Observer } from "./expander.ts";
import type { Moves } from "./moves.ts";
import type { Packing } from "./states/packing.ts";
import { pathTo } from "./path.ts";
import type { Plan } from "./plans.ts";
import type { States } from "./states/table.ts";
import type { ExploredWorld } from "./world.ts";

/** A failure on record, by what is said of it. */
export type Known = Pick<Failure, "property" | "matches">;

export interface Exploration {
  readonly plan: Plan;
  readonly subject: Explored;
  /** Most states. */
  readonly limit: number;
  /** Most moves from the start; undefined: no bound. */
  readonly depth?: number | undefined;
  /** There the search goes no further. Default: none. */
  readonly known?: readonly Known[];
  /** True: blocks and CPUs that are alike are explored once; who observes sees representatives. Default: false. */
  readonly symmetric?: boolean;
  /** Told now and then. */
  readonly progress?: (progress: Progress) => void;
  /** The states in which to begin, given the one in which the guest does. Default: that one. On one thread only. */
  readonly starts?: (start: Int32Array, world: ExploredWorld) => readonly Int32Array[];
  /** Makes whoever looks on, for each attempt anew. On one thread only. */
  readonly observe?: (expander: Expander, table: States) => Observer;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** States that are found and not expanded. */
  readonly frontier: number;
  /** Memory of the table. */
  readonly bytes: number;
}

/** How it ended: all was seen, a property is broken, the table had no room, or the paths became too long. */
export type Ended = "complete" | "broken" | "full" | "depth";

export interface Report extends Progress {
  readonly ended: Ended;
  /** Digests of all states and of all transitions, the same in whatever order they are met. */
  readonly digest: { readonly states: string; readonly transitions: string };
  /** Moves and states at which it went no further, as a failure on record came up. */
  readonly cut: number;
  /** States for which those that were expanded stand: as many as they are, where none are alike. */
  readonly represented: number;
  /** Bytes of a state's key. */
  readonly stateBytes: number;
  readonly broken: Broken | undefined;
  /** Moves from the start to what is broken. */
  readonly path: readonly number[];
  readonly moves: Moves;
}

/** States at the same distance from the start, by their ids: those that are to be expanded next. */
export interface Level {
  readonly depth: number;
  readonly from: number;
  readonly to: number;
}

/** The states that were found while a level was expanded. */
export function nextLevel({ depth, to }: Level, { size }: Pick<States, "size">): Level {
  return { depth: size > to ? depth + 1 : depth, from: to, to: size };
}

/** True where the next level is to be expanded. */
export function goesOn({ depth, from, to }: Level, { broken, full }: Findings, most = Infinity): boolean {
  return from < to && depth < most && broken === undefined && !full;
}

export function progressOf(table: States, { depth, from }: Level, transitions: number): Progress {
  return { states: table.size, transitions, depth, frontier: table.size - from, bytes: table.bytes };
}

/** @param moves of the plan @param level the one that was not expanded any more */
export function reportOf(table: States, packing: Packing, moves: Moves, level: Level, findings: Findings): Report {
  const { broken, full, transitions, cut, represented } = findings;
  return {
    ...progressOf(table, level, transitions),
    ended: broken !== undefined ? "broken" : full ? "full" : level.from < level.to ? "depth" : "complete",
    digest: { states: new Digest(findings.states).toString(), transitions: new Digest(findings.edges).toString() },
    cut,
    represented,
    stateBytes: 4 * packing.words,
    broken,
    path: broken === undefined ? [] : pathTo(table, broken),
    moves,
  };
}
