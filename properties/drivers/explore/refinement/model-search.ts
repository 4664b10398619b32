/**
 * The model alone, searched breadth first by the plainest means: no implementation, no packing, no cells of a guest.
 * States are told apart by their text (model-text.ts) and by what those around the guest remember. It must find as many
 * states, transitions and levels as the explorer does on the implementation, as nothing but the rules is common to both.
 */
import type { Event, Geometry, Settings } from "../../../../model/alphabet/index.ts";
import { createModel, type ModelGuest } from "../../../../model/guest.ts";
import type { State } from "../../../../model/state.ts";
import type { Violation } from "../../../judges/properties.ts";
import { isOf } from "../../../findings/refind.ts";
import { traitsOf } from "../../../subjects.ts";
import type { RequestRoom } from "../environment-cells.ts";
import { textOf } from "./model-text.ts";
import { Moves, type Move } from "../moves.ts";
import type { Plan } from "../plans.ts";
import type { Ended, Known } from "../report.ts";
import { Surroundings } from "../surroundings.ts";

export interface ModelSearch {
  readonly plan: Plan;
  readonly design: string;
  /** Most states. */
  readonly limit: number;
  /** Most moves from the start; undefined: no bound. */
  readonly depth?: number | undefined;
  /** There the search goes no further. */
  readonly known: readonly Known[];
}

/** What was found, in the terms of the explorer's report. */
export interface Found {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly cut: number;
  readonly ended: Ended;
  readonly broken: Violation | undefined;
}

/** A state with all that is around it. */
interface Node {
  readonly state: State;
  readonly around: Int32Array;
}

/**
 * Searches all states of a plan that the model can reach.
 * @throws InputError where there is no such design, or it can't work with the geometry
 */
export function searchModel({ plan, design, limit, depth: most = Infinity, known }: ModelSearch): Found {
  const world = new ModelWorld(plan, design);
  const start = world.node();
  const seen = new Set([keyOf(start)]);
  let level = [start];
  let transitions = 0;
  let depth = 0;
  let cut = 0;
  let broken: Violation | undefined;
  const isWrong = (violation: Violation | undefined): boolean => {
    if (violation === undefined) return false;
    if (known.some((failure) => isOf(failure, violation))) cut++;
    else broken ??= violation;
    return true;
  };
  const expand = (node: Node, next: Node[]): void => {
    if (isWrong(world.enter(node))) return;
    const here = keyOf(node);
    for (const move of world.moves()) {
      world.goTo(node);
      if (isWrong(world.take(move))) continue;
      const successor = world.node();
      const text = keyOf(successor);
      if (world.events.length === 0 && text === here) continue;
      transitions++;
      if (seen.has(text)) continue;
      seen.add(text);
      next.push(successor);
    }
  };
  while (level.length > 0 && depth < most && broken === undefined && seen.size <= limit) {
    const next: Node[] = [];
    for (const node of level) if (seen.size <= limit) expand(node, next);
    if (next.length > 0) depth++;
    level = next;
  }
  // What is too far away to be expanded is judged all the same.
  for (const node of level) isWrong(world.enter(node));
  const ended = broken !== undefined ? "broken" : seen.size > limit ? "full" : level.length > 0 ? "depth" : "complete";
  return { states: seen.size, transitions, depth, cut, ended, broken };
}

/** One character for each byte of the cells. */
function keyOf({ state, around }: Node): string {
  return textOf(state) + Buffer.from(around.buffer).toString("latin1");
}

/** The model amid its surroundings. */
class ModelWorld {
  /** What the latest move led to. */
  events: readonly Event[] = [];
  readonly #guest: ModelGuest;
  readonly #around: Surroundings;
  readonly #moves: Moves;

  constructor(plan: Plan, design: string) {
    const { geometry, settings } = plan.scope;
    const room = roomFor(geometry, settings);
    this.#guest = createModel(design, geometry, settings);
    this.#around = new Surroundings(this.#guest, plan, traitsOf(design, settings.variant), room);
    this.#moves = new Moves(plan, room);
  }

  node(): Node {
    const around = new Int32Array(this.#around.length);
    this.#around.save(around, 0);
    return { state: this.#guest.state, around };
  }

  goTo({ state, around }: Node): void {
    this.#guest.resume(state);
    this.#around.load(around, 0);
  }

  /** Goes to a state. @returns what is wrong with it */
  enter(node: Node): Violation | undefined {
    this.goTo(node);
    return this.#around.judgeState();
  }

  moves(): Move[] {
    const count = this.#moves.look({ guest: this.#guest, environment: this.#around.environment });
    return Array.from(this.#moves.possible.subarray(0, count), (move) => this.#moves.all[move]);
  }

  /** Makes one move. @returns what is wrong with it */
  take(move: Move): Violation | undefined {
    this.events = this.#act(move);
    return this.#around.judgeStep(move, this.events);
  }

  #act(move: Move): readonly Event[] {
    const { environment } = this.#around;
    if (move.do === "discard") {
      const event = environment.discard(move.request);
      return event === undefined ? [] : [event];
    }
    if (move.do === "lose") {
      environment.host(move);
      return [];
    }
    environment.noteAsked(move);
    return this.#guest.perform(move);
  }
}

/** As much as any design asks for: a request for each CPU, for each place in the ring, or for each block. */
function roomFor({ zones, capacity, reportOrder }: Geometry, { cpus }: Settings): RequestRoom {
  const pages = zones.reduce((sum, zone) => sum + zone.pages, 0);
  return { requests: Math.max(cpus, capacity, pages / 2 ** reportOrder), ranges: capacity };
}
