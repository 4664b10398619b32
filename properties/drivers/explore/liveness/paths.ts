/** Shortest paths from the first state: where everything can be reached from, and how. */
import type { Graph } from "./graph.ts";

export class Paths {
  /** The states that can be reached, nearest first. */
  readonly reached: Int32Array;
  /** By state: its place in `reached`, or -1. */
  readonly rank: Int32Array;
  readonly #graph: Graph;
  /** By state: the edge by which it was reached first. */
  readonly #by: Int32Array;

  /** @param graph begins at state 0 */
  constructor(graph: Graph) {
    const { states, first, target } = graph;
    const queue = new Int32Array(states);
    this.#graph = graph;
    this.rank = new Int32Array(states).fill(-1);
    this.#by = new Int32Array(states).fill(-1);
    let reached = 0;
    if (states > 0) this.rank[queue[reached]] = reached++;
    for (let at = 0; at < reached; at++) {
      for (let edge = first[queue[at]]; edge < first[queue[at] + 1]; edge++) {
        const to = target[edge];
        if (this.rank[to] >= 0) continue;
        this.rank[to] = reached;
        this.#by[to] = edge;
        queue[reached++] = to;
      }
    }
    this.reached = queue.subarray(0, reached);
  }

  /** The edges of a shortest path to a state that can be reached. */
  to(state: number): number[] {
    const edges: number[] = [];
    for (let edge = this.#by[state]; edge >= 0; edge = this.#by[sourceOf(this.#graph, edge)]) edges.push(edge);
    return edges.toReversed();
  }
}

/** The state that an edge leaves. */
export function sourceOf({ first, states }: Graph, edge: number): number {
  let low = 0;
  let high = states;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (first[middle] <= edge) low = middle;
    else high = middle;
  }
  return low;
}
