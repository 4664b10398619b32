/**
 * What symmetry assumes, tried directly: with other names the same happens, under those names. For states met on random
 * walks, for renamings drawn at random, and for every move that is possible there.
 */
import { Layout, type Event } from "../../../../model/alphabet/index.ts";
import type { Violation } from "../../../judges/properties.ts";
import { xorshift } from "../../campaign.ts";
import type { Explored } from "../expander.ts";
import { Moves, type Move } from "../moves.ts";
import { compare } from "./permutations.ts";
import type { Plan } from "../plans.ts";
import { Symmetry, type Renaming } from "./symmetry.ts";
import { ExploredWorld } from "../world.ts";

/** A move that leads elsewhere under other names. */
export interface Inequality {
  /** The state in which it is possible, as cells, and the renaming. */
  readonly cells: Int32Array;
  readonly renaming: Renaming;
  /** Undefined where other moves are possible. */
  readonly move: Move | undefined;
  readonly explanation: string;
}

export interface Tries {
  readonly walks: number;
  readonly steps: number;
  readonly seed: number;
}

/** What a move led to. */
interface Outcome {
  readonly cells: Int32Array;
  readonly events: string;
  readonly broken: Violation["property"] | undefined;
}

/** @returns the first inequality that is met, or undefined where there is none */
export function findInequality(plan: Plan, subject: Explored, { walks, steps, seed }: Tries): Inequality | undefined {
  const trial = new Trial(plan, subject);
  const choose = xorshift(seed);
  for (let walk = 0; walk < walks; walk++) {
    let cells: Int32Array | undefined = trial.start;
    for (let step = 0; step < steps && cells !== undefined; step++) {
      const inequality = trial.compare(cells, trial.renamings[choose(trial.renamings.length)]);
      if (inequality !== undefined) return inequality;
      cells = trial.next(cells, choose);
    }
  }
  return undefined;
}

class Trial {
  readonly start: Int32Array;
  readonly renamings: readonly Renaming[];
  readonly #world: ExploredWorld;
  readonly #moves: Moves;
  readonly #symmetry: Symmetry;
  readonly #layout: Layout;
  /** By its text: the number of a move. */
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(plan: Plan, subject: Explored) {
    this.#world = new ExploredWorld(plan, subject);
    this.#moves = new Moves(plan, this.#world.room);
    this.#symmetry = new Symmetry(plan, this.#world);
    this.#layout = new Layout(plan.scope.geometry);
    this.#numbers = new Map(this.#moves.all.map((move, number) => [JSON.stringify(move), number]));
    this.start = this.#world.start();
    this.renamings = this.#symmetry.renamings();
  }

  /** Tries every move of a state and of the renamed one. */
  compare(cells: Int32Array, renaming: Renaming): Inequality | undefined {
    const unequal = (move: Move | undefined, explanation: string): Inequality => ({
      cells,
      renaming,
      move,
      explanation,
    });
    const renamed = this.#rename(cells, renaming);
    const possible = this.#possible(cells);
    const wanted = possible.map((number) => this.#moveAfter(number, renaming)).toSorted((one, other) => one - other);
    const found = this.#possible(renamed).toSorted((one, other) => one - other);
    if (wanted.join() !== found.join()) return unequal(undefined, "other moves are possible");
    for (const number of possible) {
      const move = this.#moves.all[number];
      const outcome = this.#outcome(cells, number, (event) => event);
      const other = this.#outcome(renamed, this.#moveAfter(number, renaming), (event) => event);
      const events = this.#outcome(cells, number, (event) => this.#eventAfter(event, renaming)).events;
      if (events !== other.events) return unequal(move, `it is heard ${other.events}, not ${events}`);
      if (outcome.broken !== other.broken) return unequal(move, `${other.broken} is broken, not ${outcome.broken}`);
      if (outcome.broken !== undefined) continue;
      if (compare(this.#rename(outcome.cells, renaming), other.cells) !== 0) return unequal(move, "it leads elsewhere");
    }
    return undefined;
  }

  /** Where a random move leads, or undefined where something is broken. */
  next(cells: Int32Array, choose: (below: number) => number): Int32Array | undefined {
    const possible = this.#possible(cells);
    if (possible.length === 0) return undefined;
    const { broken, cells: next } = this.#outcome(cells, possible[choose(possible.length)], (event) => event);
    return broken === undefined && this.#world.enter(next) === undefined ? next : undefined;
  }

  #possible(cells: Int32Array): number[] {
    this.#world.enter(cells);
    return [...this.#moves.possible.subarray(0, this.#moves.look(this.#world))];
  }

  /** @param named says under which names events are told */
  #outcome(cells: Int32Array, move: number, named: (event: Event) => Event): Outcome {
    const world = this.#world;
    world.enter(cells);
    const broken = world.take(this.#moves.all[move])?.property;
    const next = cells.slice();
    if (broken === undefined) world.gather(next);
    return { cells: next, events: JSON.stringify(world.events.map(named)), broken };
  }

  #rename(cells: Int32Array, renaming: Renaming): Int32Array {
    const into = cells.slice();
    this.#symmetry.rename(cells, renaming, into);
    return into;
  }

  #moveAfter(number: number, renaming: Renaming): number {
    const move = this.#moves.all[number];
    const renamed = {
      ...move,
      ...("pfn" in move ? { pfn: this.#pfnAfter(move.pfn, renaming) } : {}),
      ...("cpu" in move ? { cpu: renaming.cpus[move.cpu] } : {}),
    };
    return this.#numbers.get(JSON.stringify(renamed)) ?? -1;
  }

  #eventAfter(event: Event, renaming: Renaming): Event {
    if ("pfn" in event) return { ...event, pfn: this.#pfnAfter(event.pfn, renaming) };
    if (!("ranges" in event)) return event;
    const ranges = event.ranges.map(({ pfn, order }) => ({ pfn: this.#pfnAfter(pfn, renaming), order }));
    return { ...event, ranges };
  }

  #pfnAfter(pfn: number, renaming: Renaming): number {
    return this.#layout.pfnOf(this.#symmetry.pageAfter(this.#layout.pageOf(pfn), renaming));
  }
}
