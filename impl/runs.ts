/**
 * What is known about runs of reported blocks: a private index that saves steps and decides nothing.
 *
 * In a guest that has been reported, a list is a handful of fresh blocks and perhaps ten million reported ones. The walk of
 * `reported-boundary` begins every pass at the tail and would pass all ten million to find the few. So each list remembers
 * up to two runs, each a pair (top, bottom) of blocks such that all from top to bottom are on the list, side by side and
 * marked. A walk that comes to a bottom goes on above the top. One run is what was reported long ago; the other is what is just
 * being put back above the boundary, where every further block slips in between the two. The next walk joins them.
 *
 * Each rule below keeps each run true by itself, and forgets it where that cannot be told in a few steps: a forgotten run costs
 * time, a wrong one would change what is reported. The index is kept by whoever links and unlinks blocks, not by the
 * design, so it is right even for a design that forgets its own bookkeeping. It survives from pass to pass.
 */
import { NONE } from "../model/alphabet/index.ts";
import type { State } from "./state.ts";
import { REPORTED, RUN_WORDS } from "./state.ts";

const BOTTOM = 1;
const RUN_STEP = 2;

export class Runs {
  readonly #runs: Int32Array;
  readonly #next: Int32Array;
  readonly #prev: Int32Array;
  readonly #tag: Uint16Array;
  readonly #heads: number;
  /** The last word: NONE as long as no run has begun since all were forgotten. */
  readonly #begun: number;

  constructor(state: State) {
    this.#runs = state.runs;
    this.#next = state.next;
    this.#prev = state.prev;
    this.#tag = state.tag;
    this.#heads = state.heads;
    this.#begun = state.runs.length - 1;
  }

  /** Nothing is known: the guest was put into another state. Costs nothing where nothing was known. */
  forgetAll(): void {
    if (this.#runs[this.#begun] !== NONE) this.#runs.fill(NONE);
  }

  /** A marked block is about to leave its list: a run that ends there shrinks. */
  unlinking(head: number, block: number): void {
    const runs = this.#runs;
    const slots = this.#slots(head);
    for (let run = slots; run < slots + RUN_WORDS; run += RUN_STEP) {
      const top = runs[run];
      const bottom = runs[run + BOTTOM];
      if (top === block && bottom === block) this.#forget(run);
      else if (top === block) runs[run] = this.#next[block];
      else if (bottom === block) runs[run + BOTTOM] = this.#prev[block];
    }
  }

  /** The list is about to be parted above `below`: a run stays if it certainly lies on one side. */
  parting(head: number, below: number): void {
    const above = this.#prev[below];
    if (!this.#marked(above) || !this.#marked(below)) return;
    const runs = this.#runs;
    const slots = this.#slots(head);
    for (let run = slots; run < slots + RUN_WORDS; run += RUN_STEP) {
      if (runs[run] !== below && runs[run + BOTTOM] !== above) this.#forget(run);
    }
  }

  /** A block has just been marked: it prolongs the run that ends right above it, or begins one. */
  marked(head: number, block: number): void {
    const runs = this.#runs;
    const above = this.#prev[block];
    const slots = this.#slots(head);
    const second = slots + RUN_STEP;
    if (runs[slots + BOTTOM] === above) runs[slots + BOTTOM] = block;
    else if (runs[second + BOTTOM] === above) runs[second + BOTTOM] = block;
    else this.#begin(runs[slots] === NONE ? slots : second, block);
  }

  /**
   * Passes marked blocks on the way up, as many at once as are known to be marked.
   *
   * @param from the last block passed, or the list's head
   * @param block a marked block right above it
   * @returns the highest block of the stretch; the walk goes on above it
   */
  passUp(head: number, from: number, block: number): number {
    const runs = this.#runs;
    const slots = this.#slots(head);
    const second = slots + RUN_STEP;
    const entered = runs[slots + BOTTOM] === block ? slots : runs[second + BOTTOM] === block ? second : NONE;
    const below = runs[slots] === from ? slots : runs[second] === from ? second : NONE;
    const top = entered === NONE ? block : runs[entered];
    if (below !== NONE && below !== entered) {
      if (entered !== NONE) this.#forget(entered);
      runs[below] = top;
    } else if (entered === NONE) {
      this.#begin(runs[slots] === NONE ? slots : second, block);
    }
    return top;
  }

  #slots(head: number): number {
    return (head - this.#heads) * RUN_WORDS;
  }

  #begin(run: number, block: number): void {
    this.#runs[this.#begun] = run;
    this.#runs[run] = block;
    this.#runs[run + BOTTOM] = block;
  }

  #forget(run: number): void {
    this.#runs[run] = NONE;
    this.#runs[run + BOTTOM] = NONE;
  }

  #marked(node: number): boolean {
    return node < this.#heads && (this.#tag[node] & REPORTED) !== 0;
  }
}
