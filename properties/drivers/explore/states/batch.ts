/** Successors on their way into the table, a few dozen at once: so that the waits for memory overlap (`perf.md`, advice 7). */

/** More gain nothing, and the states that a batch is made of fit in the nearest cache. */
const SIZE = 64;

export class Batch {
  count = 0;
  readonly size = SIZE;
  /** The keys, one behind the other. */
  readonly keys: Int32Array;
  readonly hashes = new Int32Array(SIZE);
  readonly parents = new Int32Array(SIZE);
  readonly moves = new Int32Array(SIZE);
  /** Where they were inserted: their ids, and 1 for each that was new. */
  readonly ids = new Int32Array(SIZE);
  readonly fresh = new Uint8Array(SIZE);

  /** @param words of a key */
  constructor(words: number) {
    this.keys = new Int32Array(SIZE * words);
  }
}
