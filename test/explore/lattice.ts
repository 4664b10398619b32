/** A toy to be explored: a few counters, each counted up by one at a time. All that can be counted about it is known. */
import { Batch } from "../../properties/drivers/explore/states/batch.ts";
import { finish, hashOf } from "../../properties/drivers/explore/states/hash.ts";
import { FULL, ROOT, type States } from "../../properties/drivers/explore/states/table.ts";
import type { Hand, MakeHand } from "../../properties/drivers/explore/threads/workers.ts";

export interface Lattice {
  readonly counters: number;
  /** A counter goes from 0 to here. */
  readonly top: number;
  /** It is wrong to reach a state with this sum by the move of a counter that is then 2. */
  readonly wrong?: number;
  /** What happens when a state with this sum is expanded. */
  readonly sum?: number;
  readonly event?: "throw" | "exit";
}

export interface Wrong {
  readonly state: number;
  readonly move: number;
}

export interface Seen {
  readonly transitions: number;
  /** Sums of hashes, modulo 2^32: of states, of transitions. */
  readonly sums: Int32Array;
  readonly isFull: boolean;
  readonly wrong: Wrong | undefined;
}

/** The first in an order that has nothing to do with who found it. */
export function first(table: States, wrongs: readonly (Wrong | undefined)[]): Wrong | undefined {
  return wrongs
    .filter((wrong) => wrong !== undefined)
    .sort((one, other) => rank(table, one).localeCompare(rank(table, other)))[0];
}

function rank(table: States, { state, move }: Wrong): string {
  const key = new Int32Array(table.words);
  table.read(state, key);
  return [...key, move].join();
}

export class LatticeHand implements Hand<Seen> {
  readonly #lattice: Lattice;
  readonly #table: States;
  readonly #batch: Batch;
  readonly #key: Int32Array;
  readonly #sums = new Int32Array(2);
  #transitions = 0;
  #isFull = false;
  #wrong: Wrong | undefined;

  constructor(lattice: Lattice, table: States) {
    this.#lattice = lattice;
    this.#table = table;
    this.#batch = new Batch(lattice.counters);
    this.#key = new Int32Array(lattice.counters);
  }

  get isOver(): boolean {
    return this.#isFull;
  }

  begin(): void {
    this.#push(ROOT, 0);
    this.flush();
  }

  expand(from: number, to: number): void {
    for (let id = from; id < to && !this.isOver; id++) this.#expand(id);
  }

  flush(): void {
    const { keys, count, hashes, parents, moves, ids, fresh } = this.#batch;
    if (this.#table.insertAll(keys, count, hashes, parents, moves, ids, fresh) === FULL) this.#isFull = true;
    this.#batch.count = 0;
  }

  report(): Seen {
    return { transitions: this.#transitions, sums: this.#sums, isFull: this.#isFull, wrong: this.#wrong };
  }

  #expand(id: number): void {
    const { counters, top, wrong, sum, event } = this.#lattice;
    const key = this.#key;
    this.#table.read(id, key);
    const hash = hashOf(key, 0, counters, 1);
    this.#sums[0] += hash;
    const total = key.reduce((total, count) => total + count, 0);
    if (total === sum && event === "throw") throw new RangeError(`the sum is ${sum}`);
    if (total === sum && event === "exit") process.exit(3);
    for (let move = 0; move < counters; move++) {
      if (key[move] === top) continue;
      key[move]++;
      const target = this.#push(id, move);
      this.#transitions++;
      this.#sums[1] += finish(hash ^ finish(target + move));
      if (total + 1 === wrong && key[move] === 2) {
        this.#wrong = first(this.#table, [this.#wrong, { state: id, move }]);
      }
      key[move]--;
    }
  }

  /** @returns the hash */
  #push(parent: number, move: number): number {
    const batch = this.#batch;
    if (batch.count === batch.size) this.flush();
    const { counters } = this.#lattice;
    const place = batch.count++;
    batch.keys.set(this.#key, place * counters);
    batch.hashes[place] = hashOf(this.#key, 0, counters, 1);
    batch.parents[place] = parent;
    batch.moves[place] = move;
    return batch.hashes[place];
  }
}

export const makeHand: MakeHand<Lattice, Seen> = (lattice, table) => new LatticeHand(lattice, table);
