/**
 * Every interleaving of a plan, breadth first: all states that can be reached, each told from the others by all that it
 * is, each judged; all moves from each, each judged. So what is found is found by a shortest path.
 */
import { InputError } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../judges/properties.ts";
import { xorshift } from "../campaign.ts";
import { Expander, type Broken, type Explored, type Observer } from "./expander.ts";
import { Moves } from "./moves.ts";
import { Packing, Ranges } from "./packing.ts";
import { pathTo } from "./path.ts";
import type { Plan } from "./plans.ts";
import { StateTable } from "./table.ts";
import { ExploredWorld } from "./world.ts";

export interface Exploration {
  readonly plan: Plan;
  readonly subject: Explored;
  /** Most states. */
  readonly limit: number;
  /** Most moves from the start; undefined: no bound. */
  readonly depth?: number | undefined;
  /** Violations that are on record: there the search goes no further. Default: none. */
  readonly known?: (violation: Violation) => boolean;
  /** Told after every level and now and then within one. */
  readonly progress?: (progress: Progress) => void;
  /** Makes whoever looks on, for each attempt anew. */
  readonly observe?: (expander: Expander, table: StateTable) => Observer;
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

/** How it ended. */
export type Ended = "complete" | "broken" | "full" | "depth";

export interface Report extends Progress {
  readonly ended: Ended;
  /** Digests of all states and of all transitions, the same in whatever order they are met. */
  readonly digest: { readonly states: string; readonly transitions: string };
  /** Moves and states at which it went no further, as a failure on record came up. */
  readonly cut: number;
  /** Bytes of a state's key. */
  readonly stateBytes: number;
  readonly broken: Broken | undefined;
  /** Moves from the start to what is broken. */
  readonly path: readonly number[];
  readonly moves: Moves;
}

/** Steps of the walks that find out how far cells range, before anything is explored. */
const WALKS = 40;
const WALK_STEPS = 500;
/** States expanded between two reports of progress. */
const STRIDE = 4096;

/**
 * Explores a plan on one thread.
 * @throws InputError where the guest can't work with the plan
 */
export function explore(exploration: Exploration): Report {
  const { plan, subject } = exploration;
  const ranges = walked(plan, subject);
  for (;;) {
    const report = attempt(exploration, new Packing(ranges), ranges);
    if (report !== undefined) return report;
  }
}

/** @returns undefined where a state did not fit: the ranges are wider now */
function attempt(exploration: Exploration, packing: Packing, ranges: Ranges): Report | undefined {
  const { plan, subject, limit, known = () => false } = exploration;
  const table = new StateTable(packing.words, limit);
  const observer: Observer = {};
  const expander = new Expander(plan, subject, packing, ranges, table, known, observer);
  Object.assign(observer, exploration.observe?.(expander, table));
  expander.begin();
  let depth = 0;
  let from = 0;
  const progress = (): Progress => ({
    states: table.size,
    transitions: expander.transitions,
    depth,
    frontier: table.size - from,
    bytes: table.bytes,
  });
  const most = exploration.depth ?? Infinity;
  while (from < table.size && depth < most) {
    const to = table.size;
    while (from < to && expander.broken === undefined && !expander.full) {
      expander.expand(from, Math.min(from + STRIDE, to));
      from = Math.min(from + STRIDE, to);
      exploration.progress?.(progress());
    }
    expander.flush();
    if (expander.overflowed) return undefined;
    if (expander.broken !== undefined || expander.full) break;
    if (table.size > to) depth++;
  }
  const { broken } = expander;
  return {
    ...progress(),
    ended: broken !== undefined ? "broken" : expander.full ? "full" : from < table.size ? "depth" : "complete",
    digest: { states: expander.states.toString(), transitions: expander.edges.toString() },
    cut: expander.cut,
    stateBytes: 4 * packing.words,
    broken,
    path: broken === undefined ? [] : pathTo(table, broken),
    moves: expander.moves,
  };
}

/** How far cells range in a few random walks: most of what the exploration will meet. */
function walked(plan: Plan, subject: Explored): Ranges {
  const world = new ExploredWorld(plan, subject);
  const moves = new Moves(plan, world.room);
  const start = world.start();
  const ranges = new Ranges(start);
  const cells = start.slice();
  for (let walk = 0; walk < WALKS; walk++) {
    const choose = xorshift(walk + 1);
    if (world.enter(start) !== undefined) throw new InputError({}, `${subject.design} is broken before it begins`);
    for (let step = 0; step < WALK_STEPS; step++) {
      const move = moves.possible[choose(moves.look(world))];
      if (world.take(moves.all[move]) !== undefined) break;
      world.gather(cells);
      ranges.widen(cells);
      if (world.enter(cells) !== undefined) break;
    }
  }
  return ranges;
}
