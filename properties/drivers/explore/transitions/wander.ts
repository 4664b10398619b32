/**
 * Random interleavings of a plan, at full speed and with the judges of the explorer: how many of the transitions that an
 * exploration knows does chance visit? The moves are those of the explorer, their weights those of every random run.
 */
import { isOf } from "../../../findings/refind.ts";
import type { Violation } from "../../../judges/properties.ts";
import { KINDS, type Choose } from "../../schedule/kinds.ts";
import type { Explored } from "../expander.ts";
import { Moves, type Move } from "../moves.ts";
import type { Plan } from "../plans.ts";
import type { Known } from "../report.ts";
import { Transitions } from "../transitions.ts";
import { ExploredWorld } from "../world.ts";

/** Weights are whole numbers here, as in schedule.ts. */
const SCALE = 10;
const STRESSES = [1, 0, 1, 4] as const;
/** What is on a plan's menu is what the plan is about: even what random runs seldom do comes so often. */
const RARELY = 3;

/** Of so many walks, one begins at the start. */
const FROM_THE_START = 4;

/** A broken property, and the moves that led to it. */
export interface Stumble {
  readonly violation: Violation;
  readonly moves: readonly Move[];
}

/** A state, and the moves that lead to it. */
interface Place {
  readonly cells: Int32Array;
  readonly moves: readonly Move[];
  /** So many walks have begun here. */
  begun: number;
}

export class Wanderer {
  /** Steps that led somewhere, or at which something happened. */
  steps = 0;
  /** By label: how often it was visited. */
  readonly visits: number[] = [];
  readonly #world: ExploredWorld;
  readonly #moves: Moves;
  readonly #transitions: Transitions;
  readonly #lot: Lot;
  readonly #known: readonly Known[];
  readonly #start: Place;
  /** By label: a state behind it. */
  readonly #places: Place[] = [];
  #heard = 0;
  #cells: Int32Array;
  #next: Int32Array;

  /**
   * @param known failures that are on record: there a run ends
   * @throws InputError where there is no such design, or it can't work with the geometry
   */
  constructor(plan: Plan, subject: Explored, known: readonly Known[]) {
    this.#world = new ExploredWorld(plan, subject);
    this.#moves = new Moves(plan, this.#world.room);
    this.#transitions = new Transitions(this.#world.guest.view(), this.#world.environment);
    this.#lot = new Lot(this.#moves);
    this.#known = known;
    this.#start = { cells: this.#world.start(), moves: [], begun: 0 };
    this.#cells = this.#start.cells.slice();
    this.#next = this.#start.cells.slice();
  }

  /**
   * One walk, from the start or from where an earlier one came by.
   * @param most steps at most
   * @returns what is broken and not on record
   */
  run(choose: Choose, most: number): Stumble | undefined {
    const world = this.#world;
    const place = this.#begin(choose);
    const taken = [...place.moves];
    this.#lot.swarm(choose);
    this.#cells.set(place.cells);
    for (let step = 0; step < most; step++) {
      const wrong = world.enter(this.#cells) ?? this.#step(choose, taken);
      if (wrong !== undefined) return this.#isKnown(wrong) ? undefined : { violation: wrong, moves: taken };
    }
    return undefined;
  }

  /** Visits by label as people read it. */
  *told(): Iterable<readonly [label: string, times: number]> {
    for (let label = 0; label < this.visits.length; label++) {
      yield [this.#transitions.tell(label), this.visits[label]];
    }
  }

  /** Labels that are visited for the first time since this was asked last. */
  *news(): Iterable<string> {
    while (this.#heard < this.visits.length) yield this.#transitions.tell(this.#heard++);
  }

  /** Most walks begin behind a transition from which few have begun, the sooner the rarer it is: what is hard to reach is not lost. */
  #begin(choose: Choose): Place {
    if (choose(FROM_THE_START) === 0 || this.#places.length === 0) return this.#start;
    const first = choose(this.#places.length);
    let next = first;
    let least = this.#turnOf(first);
    for (let label = 0; label < this.#places.length; label++) {
      const turn = this.#turnOf(label);
      if (turn < least) [next, least] = [label, turn];
    }
    this.#places[next].begun++;
    return this.#places[next];
  }

  #turnOf(label: number): number {
    return (this.#places[label].begun + 1) * Math.log2(this.visits[label] + 1);
  }

  #isKnown(violation: Violation): boolean {
    return this.#known.some((failure) => isOf(failure, violation));
  }

  #step(choose: Choose, taken: Move[]): Violation | undefined {
    const world = this.#world;
    const move = this.#moves.all[this.#lot.draw(this.#moves.look(world), choose)];
    this.#transitions.before();
    taken.push(move);
    const violation = world.take(move);
    if (violation !== undefined) return violation;
    world.gather(this.#next);
    if (world.events.length > 0 || !isSame(this.#cells, this.#next)) this.#visit(move, taken, choose);
    [this.#cells, this.#next] = [this.#next, this.#cells];
    return undefined;
  }

  #visit(move: Move, taken: readonly Move[], choose: Choose): void {
    const label = this.#transitions.after(move, this.#world.events);
    const times = (this.visits[label] ?? 0) + 1;
    this.visits[label] = times;
    this.steps++;
    // Of all the states behind a transition, each is kept with the same chance.
    if (choose(times) > 0) return;
    this.#places[label] = { cells: this.#next.slice(), moves: [...taken], begun: this.#places[label]?.begun ?? 0 };
  }
}

/** Draws among moves that are possible: first a kind, by its weight, then one of the kind. */
class Lot {
  readonly #moves: Moves;
  /** By move: the place of its kind in KINDS. */
  readonly #kinds: Uint8Array;
  readonly #weights = new Int32Array(KINDS.length);
  /** By kind: how many moves of it are possible. */
  readonly #counts = new Int32Array(KINDS.length);

  constructor(moves: Moves) {
    this.#moves = moves;
    this.#kinds = Uint8Array.from(moves.all, kindOf);
  }

  /** As in every random run, some kinds are switched off and others stressed (schedule.ts). */
  swarm(choose: Choose): void {
    for (let kind = 0; kind < KINDS.length; kind++) {
      const { weight, always = false } = KINDS[kind];
      const stress = STRESSES[choose(STRESSES.length)];
      const often = Math.max(weight, RARELY);
      this.#weights[kind] = Math.round(SCALE * often * (always ? Math.max(stress, 1) : stress));
    }
  }

  /** @returns one of the first so many moves in `possible` */
  draw(possible: number, choose: Choose): number {
    const counts = this.#counts.fill(0);
    for (let at = 0; at < possible; at++) counts[this.#kinds[this.#moves.possible[at]]]++;
    let sum = 0;
    for (let kind = 0; kind < counts.length; kind++) if (counts[kind] > 0) sum += this.#weights[kind];
    // Where all that is possible is switched off, anything goes.
    if (sum === 0) return this.#moves.possible[choose(possible)];
    let drawn = choose(sum);
    let kind = 0;
    for (; counts[kind] === 0 || drawn >= this.#weights[kind]; kind++) {
      if (counts[kind] > 0) drawn -= this.#weights[kind];
    }
    return this.#moveOf(kind, choose(counts[kind]));
  }

  /** @param place among the possible moves of a kind */
  #moveOf(kind: number, place: number): number {
    const { possible } = this.#moves;
    let at = 0;
    for (let left = place; this.#kinds[possible[at]] !== kind || left-- > 0;) at++;
    return possible[at];
  }
}

/** The place in KINDS of a move. */
function kindOf(move: Move): number {
  const name = move.do === "ack" && !move.ok ? "refuse" : move.do === "hint" ? `hint ${move.command}` : move.do;
  return KINDS.findIndex((kind) => kind.name === name);
}

function isSame(one: Int32Array, other: Int32Array): boolean {
  for (let cell = 0; cell < one.length; cell++) if (one[cell] !== other[cell]) return false;
  return true;
}
