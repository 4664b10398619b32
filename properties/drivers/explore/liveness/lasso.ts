/**
 * A lasso: how a fair run comes to a place where something stays undone, and goes round there for ever. It is what a
 * counterexample is for a property that says "at last".
 */
import type { Fairness } from "./fairness.ts";
import type { Graph } from "./graph.ts";

export interface Lasso {
  /** The edges from the first state to where the loop begins. */
  readonly stem: readonly number[];
  /** The edges of the loop; none: there everything rests, for nobody who must act can. */
  readonly loop: readonly number[];
}

/** Builds loops: they visit all that fairness demands, and are short, though not always the shortest. */
export class Loops {
  readonly #graph: Graph;
  readonly #fairness: Fairness;
  /** By state: which component it is of, and which search was there last; then the edge by which, and from where. */
  readonly #of: Int32Array;
  readonly #been: Int32Array;
  readonly #by: Int32Array;
  readonly #from: Int32Array;
  readonly #queue: Int32Array;
  #component = 0;
  #searches = 0;
  /** Obligations that the loop meets so far: weak ones by a state too where they can't be met; of strong ones, those that could be. */
  #met = 0;
  #possible = 0;

  constructor(graph: Graph, fairness: Fairness) {
    this.#graph = graph;
    this.#fairness = fairness;
    this.#of = new Int32Array(graph.states);
    this.#been = new Int32Array(graph.states);
    this.#by = new Int32Array(graph.states);
    this.#from = new Int32Array(graph.states);
    this.#queue = new Int32Array(graph.states);
  }

  /** From now on loops go through this component. */
  enter(members: Int32Array): void {
    this.#component++;
    for (let at = 0; at < members.length; at++) this.#of[members[at]] = this.#component;
  }

  /** Is this state of the component that was entered? */
  passes(state: number): boolean {
    return this.#of[state] === this.#component;
  }

  /**
   * A fair loop through the component that was entered.
   *
   * @param entry the member where the loop begins and ends
   * @param actors one bit for each actor whose edges count
   * @returns the loop's edges
   * @throws RangeError where the component is not fair, or not strongly connected
   */
  from(entry: number, actors: number): number[] {
    this.#met = 0;
    this.#possible = 0;
    const loop: number[] = [];
    let state = entry;
    this.#visit(entry);
    for (;;) {
      const missing = this.#missing();
      if (missing === 0 && state === entry) return loop;
      const path = missing === 0 ? this.#path(state, actors, 0, entry) : this.#path(state, actors, missing, -1);
      for (const edge of path) this.#take(edge);
      loop.push(...path);
      state = this.#graph.target[loop[loop.length - 1]];
    }
  }

  #missing(): number {
    const { weak, strong } = this.#fairness;
    return (weak | (strong & this.#possible)) & ~this.#met;
  }

  #take(edge: number): void {
    this.#met |= this.#fairness.met[this.#graph.move[edge]];
    this.#visit(this.#graph.target[edge]);
  }

  #visit(state: number): void {
    const possible = possibleIn(this.#graph, this.#fairness, state);
    this.#met |= this.#fairness.weak & ~possible;
    this.#possible |= possible;
  }

  /** A shortest path to an edge or state that meets one of these obligations, or to the goal. */
  #path(start: number, actors: number, wanted: number, goal: number): number[] {
    const { first, target, actor, move } = this.#graph;
    const { weak, met } = this.#fairness;
    const search = ++this.#searches;
    const queue = this.#queue;
    let queued = 0;
    queue[queued++] = start;
    this.#been[start] = search;
    for (let at = 0; at < queued; at++) {
      const state = queue[at];
      for (let edge = first[state]; edge < first[state + 1]; edge++) {
        const to = target[edge];
        if (this.#of[to] !== this.#component || ((actors >>> actor[edge]) & 1) === 0) continue;
        const serves =
          to === goal ||
          (wanted & met[move[edge]]) !== 0 ||
          (wanted & weak & ~possibleIn(this.#graph, this.#fairness, to)) !== 0;
        if (serves) return [...this.#back(start, state), edge];
        if (this.#been[to] === search) continue;
        this.#been[to] = search;
        this.#by[to] = edge;
        this.#from[to] = state;
        queue[queued++] = to;
      }
    }
    throw new RangeError("no loop: the component is not fair, or not connected");
  }

  #back(start: number, end: number): number[] {
    const edges: number[] = [];
    for (let state = end; state !== start; state = this.#from[state]) edges.push(this.#by[state]);
    return edges.toReversed();
  }
}

/** The obligations that can be met in a state, wherever that leads. */
export function possibleIn({ first, move }: Graph, { met }: Fairness, state: number): number {
  let possible = 0;
  for (let edge = first[state]; edge < first[state + 1]; edge++) possible |= met[move[edge]];
  return possible;
}

/** How the steps of a run are told. */
export type Tell = (move: number, actor: number) => string;

/**
 * A lasso as lines of text, steps numbered from 1.
 * @param what what stays so: `page 4 is held`
 */
export function tellLasso({ stem, loop }: Lasso, { actor, move }: Graph, what: string, tell: Tell): string[] {
  const line = (edge: number, at: number): string => `${String(at + 1).padStart(4)}  ${tell(move[edge], actor[edge])}`;
  const told = stem.map(line);
  if (loop.length === 0) return [...told, `and there everything rests, and ${what}`];
  return [...told, "for ever:", ...loop.map((edge, at) => line(edge, stem.length + at)), `and all the while ${what}`];
}
