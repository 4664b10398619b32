/** Looks on as a plan is explored and keeps the graph: for what can't be judged in one state or by one move. */
import type { Batch } from "../states/batch.ts";
import type { Observer } from "../expander.ts";
import type { Graph } from "./graph.ts";

/** What is to be known of each state while it is entered: one bit for each page. */
export type PageQuestion = () => number;

const FIRST_EDGES = 1 << 16;
const FIRST_STATES = 1 << 14;

/**
 * One for each attempt at an exploration on one thread: there successors come in the order of the states they come from,
 * which is that of the rows. Moves that change nothing, of which no event tells, are left out by the explorer; who could
 * only do that counts as one who can't act: a fair run may stay there either way.
 */
export class Recorder {
  readonly observer: Observer = {
    entered: (state) => this.#entered(state),
    inserted: (batch) => this.#inserted(batch),
  };
  readonly #actorOf: Uint8Array;
  readonly #questions: readonly PageQuestion[];
  /** By question and state. */
  readonly #answers: Uint32Array[];
  #first = new Int32Array(FIRST_STATES);
  #target = new Int32Array(FIRST_EDGES);
  #move = new Uint16Array(FIRST_EDGES);
  /** The latest state of which edges were seen, and how many states there are. */
  #state = -1;
  #states = 1;
  #edges = 0;

  /** @param actors by move, as numbers in ACTORS */
  constructor(actors: Uint8Array, questions: readonly PageQuestion[]) {
    this.#actorOf = actors;
    this.#questions = questions;
    this.#answers = questions.map(() => new Uint32Array(FIRST_STATES));
  }

  #entered(state: number): void {
    for (let question = 0; question < this.#questions.length; question++) {
      if (state >= this.#answers[question].length) this.#answers[question] = doubled(this.#answers[question]);
      this.#answers[question][state] = this.#questions[question]();
    }
  }

  #inserted({ count, parents, moves, ids }: Batch): void {
    for (let place = 0; place < count; place++) {
      this.#states = Math.max(this.#states, ids[place] + 1);
      if (parents[place] < 0) continue;
      if (parents[place] < this.#state) throw new RangeError("successors come in another order than their states");
      this.#closeRows(parents[place]);
      if (this.#edges === this.#target.length) {
        this.#target = doubled(this.#target);
        this.#move = doubled(this.#move);
      }
      this.#target[this.#edges] = ids[place];
      this.#move[this.#edges++] = moves[place];
    }
  }

  /** The graph, once all is explored. */
  graph(): Graph {
    this.#closeRows(this.#states);
    const move = this.#move.subarray(0, this.#edges);
    const actor = new Uint8Array(this.#edges);
    for (let edge = 0; edge < this.#edges; edge++) actor[edge] = this.#actorOf[move[edge]];
    const first = this.#first.subarray(0, this.#states + 1);
    return { states: this.#states, first, target: this.#target.subarray(0, this.#edges), actor, move };
  }

  /** By state: what was answered to this question. */
  answersTo(question: number): Uint32Array {
    return this.#answers[question].subarray(0, this.#states);
  }

  /** The rows of all states before this one are complete, and its own begins. */
  #closeRows(state: number): void {
    while (this.#state < state) {
      if (++this.#state >= this.#first.length) this.#first = doubled(this.#first);
      this.#first[this.#state] = this.#edges;
    }
  }
}

function doubled<Words extends Int32Array | Uint32Array | Uint16Array>(words: Words): Words;
function doubled(words: Int32Array | Uint32Array | Uint16Array): Int32Array | Uint32Array | Uint16Array {
  const wider =
    words instanceof Int32Array
      ? new Int32Array(2 * words.length)
      : words instanceof Uint32Array
        ? new Uint32Array(2 * words.length)
        : new Uint16Array(2 * words.length);
  wider.set(words);
  return wider;
}
