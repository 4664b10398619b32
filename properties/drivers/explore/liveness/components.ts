/**
 * Strongly connected components of a part of a graph, by R. E. Tarjan's algorithm (1972). Without recursion, and without
 * memory taken as it goes: six whole numbers a state.
 */
import type { Graph } from "./graph.ts";

/** Told of each component: its states are `states[from]` up to, but not including, `states[to]`, until this returns. */
export type Visit = (states: Int32Array, from: number, to: number) => void;

export class Components {
  /** How many were found so far, in all parts. */
  found = 0;
  /** By state: the part or component that it was last found in, a number that is never used twice. */
  readonly region: Int32Array;
  readonly #graph: Graph;
  /** By state: when it was first seen, from 1; and the first-seen state on the stack that can be reached from it. */
  readonly #seen: Int32Array;
  readonly #low: Int32Array;
  /** States whose component is not complete yet. */
  readonly #stack: Int32Array;
  #height = 0;
  /** The path of the search, and for each state on it the edge that is next. */
  readonly #path: Int32Array;
  readonly #next: Int32Array;
  #clock = 0;
  #regions = 0;

  constructor(graph: Graph) {
    const { states } = graph;
    this.#graph = graph;
    this.region = new Int32Array(states);
    this.#seen = new Int32Array(states);
    this.#low = new Int32Array(states);
    this.#stack = new Int32Array(states);
    this.#path = new Int32Array(states);
    this.#next = new Int32Array(states);
  }

  /**
   * The components of these states alone.
   *
   * @param members the states of the part, each once
   * @param actors one bit for each actor whose edges count
   * @param visit must not ask for components itself
   */
  of(members: Int32Array, actors: number, visit: Visit): void {
    const { region } = this;
    const part = ++this.#regions;
    for (let at = 0; at < members.length; at++) {
      region[members[at]] = part;
      this.#seen[members[at]] = 0;
    }
    this.#clock = 0;
    for (let at = 0; at < members.length; at++) {
      if (region[members[at]] === part && this.#seen[members[at]] === 0) this.#search(members[at], part, actors, visit);
    }
  }

  /** All components that can be reached from one state. Those complete leave the part, so nobody looks at them again. */
  #search(root: number, part: number, actors: number, visit: Visit): void {
    const { first, target, actor } = this.#graph;
    const { region } = this;
    const seen = this.#seen;
    const low = this.#low;
    const path = this.#path;
    const next = this.#next;
    let depth = 0;
    path[0] = root;
    this.#enter(root);
    while (depth >= 0) {
      const state = path[depth];
      if (next[state] < first[state + 1]) {
        const edge = next[state]++;
        const to = target[edge];
        if (region[to] !== part || ((actors >>> actor[edge]) & 1) === 0) continue;
        if (seen[to] === 0) {
          path[++depth] = to;
          this.#enter(to);
        } else if (seen[to] < low[state]) {
          low[state] = seen[to];
        }
        continue;
      }
      depth--;
      if (depth >= 0 && low[state] < low[path[depth]]) low[path[depth]] = low[state];
      if (low[state] === seen[state]) this.#complete(state, visit);
    }
  }

  #enter(state: number): void {
    this.#seen[state] = this.#low[state] = ++this.#clock;
    this.#next[state] = this.#graph.first[state];
    this.#stack[this.#height++] = state;
  }

  #complete(root: number, visit: Visit): void {
    const { region } = this;
    const stack = this.#stack;
    const to = this.#height;
    const name = ++this.#regions;
    let from = to;
    do region[stack[--from]] = name;
    while (stack[from] !== root);
    this.#height = from;
    this.found++;
    visit(stack, from, to);
  }
}
