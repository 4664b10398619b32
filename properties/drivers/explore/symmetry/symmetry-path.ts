/**
 * A path of representatives told as what really happens: each move of it leads from one representative to a state whose
 * representative is the next, so it is walked again from the real start, at each step by a move that leads to that.
 */
import type { Broken, Explored } from "../expander.ts";
import { Moves } from "../moves.ts";
import type { Packing } from "../states/packing.ts";
import { compare } from "./permutations.ts";
import type { Plan } from "../plans.ts";
import type { Canonical } from "./symmetry.ts";
import { ROOT, type States } from "../states/table.ts";
import { ExploredWorld } from "../world.ts";

/** Who says which states are alike, given a guest amid its surroundings. */
export type Alike = (world: ExploredWorld) => Canonical;

export class RealPath {
  readonly #world: ExploredWorld;
  readonly #moves: Moves;
  readonly #canonical: Canonical;
  readonly #packing: Packing;
  readonly #table: States;
  /** Where it is. */
  readonly #here: Int32Array;
  readonly #next: Int32Array;
  readonly #wanted: Int32Array;

  constructor(plan: Plan, subject: Explored, alike: Alike, packing: Packing, table: States) {
    this.#world = new ExploredWorld(plan, subject);
    this.#moves = new Moves(plan, this.#world.room);
    this.#canonical = alike(this.#world);
    this.#packing = packing;
    this.#table = table;
    this.#here = this.#world.start();
    this.#next = this.#here.slice();
    this.#wanted = this.#here.slice();
  }

  /**
   * The moves from the start to what is broken.
   * @throws RangeError where there is no such path: what was taken for alike is not
   */
  to({ state, move, violation }: Broken): number[] {
    const states: number[] = [];
    for (let at = state; this.#table.parentOf(at) !== ROOT; at = this.#table.parentOf(at)) states.push(at);
    const path = states.toReversed().map((id) => this.#stepTo(id));
    if (move === undefined) return path;
    const wanted = this.#moves.all[move].do;
    return [
      ...path,
      this.#find((broken, taken) => broken === violation.property && this.#moves.all[taken].do === wanted),
    ];
  }

  /** Goes to a state that this one represents. */
  #stepTo(id: number): number {
    const key = new Int32Array(this.#packing.words);
    this.#table.read(id, key);
    this.#packing.unpack(key, 0, this.#wanted);
    const move = this.#find((broken) => {
      if (broken !== undefined) return false;
      this.#world.gather(this.#next);
      this.#here.set(this.#next);
      this.#canonical.canonical(this.#next);
      return compare(this.#next, this.#wanted) === 0;
    });
    return move;
  }

  /** The first move from here with such an outcome. */
  #find(is: (broken: string | undefined, move: number) => boolean): number {
    const world = this.#world;
    const here = this.#here.slice();
    world.enter(here);
    for (const move of this.#moves.possible.slice(0, this.#moves.look(world))) {
      world.enter(here);
      if (is(world.take(this.#moves.all[move])?.property, move)) return move;
    }
    throw new RangeError("no move leads on: states were taken for alike that are not");
  }
}
