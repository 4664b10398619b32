/**
 * The set of states (table.ts) for several threads at once. Each has a `SharedTable` of its own over the same memory.
 *
 * A new state is inserted in three steps. Its slot is claimed: compareExchange from EMPTY to BUSY with the hash's bits.
 * Then it gets its id and its row is written. Then the slot is published with the id. So no two threads insert equal
 * keys: they meet in the same slot, and the later one waits until the row of the earlier is there to be compared. Slots
 * are read and written by Atomics, rows are not: whoever sees an id in a slot sees the row that was written before.
 *
 * All memory that the limit needs is laid out at once, as an address; it is taken page by page as it is first written
 * to (calloc). The index grows within its own, to its double: by a thread that finds it crowded, while none is inside.
 */
import { Rows } from "./rows.ts";
import { checkLimit, comfort, EMPTY, fill, FULL, idBits, slotsFor, warm, type States } from "./table.ts";

/** What is shared: plain data, to be handed to a thread. */
export interface SharedMemory {
  readonly words: number;
  readonly limit: number;
  readonly chunks: Int32Array[];
  readonly index: Int32Array;
  readonly control: Int32Array;
}

/** Words of `control`. SIZE: ids given; it runs past the limit where the table is full. */
const SIZE = 0;
/** Slots of the index in use. */
const SLOTS = 1;
/** 1 once a state found no room. */
const IS_FULL = 2;
/** States that threads are inserting now. */
const INSIDE = 3;
/** 1 while the index grows. */
const GROWING = 4;
const CONTROL_WORDS = 5;

/** Slots to begin with. */
const FIRST_SLOTS = slotsFor(1);

/** 2^20 rows of 100 bytes: a hundred chunks are enough for 100 million states. */
const CHUNK_SHIFT = 20;

/**
 * Lays out the memory of a table.
 * @throws InputError where no id could count to the limit
 */
export function shareTable(words: number, limit: number): SharedMemory {
  checkLimit(limit);
  const chunks: Int32Array[] = [];
  // One row more than states: the last is nobody's.
  for (let id = 0; id <= limit; id += 2 ** CHUNK_SHIFT) {
    const rows = Math.min(2 ** CHUNK_SHIFT, limit + 1 - id);
    chunks.push(new Int32Array(new SharedArrayBuffer(rows * Rows.bytesOf(words))));
  }
  const control = sharedWords(CONTROL_WORDS);
  control[SLOTS] = FIRST_SLOTS;
  return { words, limit, chunks, index: sharedWords(slotsFor(limit)), control };
}

/** Words that all threads see which they are handed to. */
export function sharedWords(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

export class SharedTable implements States {
  readonly words: number;
  readonly limit: number;
  readonly #rows: Rows;
  readonly #index: Int32Array;
  readonly #control: Int32Array;
  readonly #idBits: number;
  /** In the place of an id: the state's row is being written. A slot that could not be filled stays like that. */
  readonly #busy: number;
  #wasNew = false;

  constructor({ words, limit, chunks, index, control }: SharedMemory) {
    this.words = words;
    this.limit = limit;
    this.#rows = new Rows(words, CHUNK_SHIFT, chunks);
    this.#index = index;
    this.#control = control;
    this.#idBits = idBits(limit);
    this.#busy = limit;
  }

  get size(): number {
    return Math.min(Atomics.load(this.#control, SIZE), this.limit);
  }

  /** Memory that was written to. */
  get bytes(): number {
    const slots = Atomics.load(this.#control, SLOTS);
    return this.size * Rows.bytesOf(this.words) + slots * Int32Array.BYTES_PER_ELEMENT;
  }

  /**
   * Inserts `count` states like `StateTable.insertAll`, while others do the same. Which of them gives a state its id and
   * its parent is chance. Once the answer is FULL, nothing more should be inserted.
   */
  insertAll(
    keys: Int32Array,
    count: number,
    hashes: Int32Array,
    parents: Int32Array,
    moves: Int32Array,
    ids: Int32Array,
    fresh: Uint8Array,
  ): number {
    const mask = this.#enter(count) - 1;
    warm(this.#index, mask, this.#rows, this.#idBits, count, hashes, ids);
    let news = 0;
    let isFull = false;
    for (let i = 0, at = 0; i < count; i++, at += this.words) {
      ids[i] = this.#insert(mask, keys, at, hashes[i], parents[i], moves[i]);
      fresh[i] = this.#wasNew ? 1 : 0;
      news += fresh[i];
      if (ids[i] === FULL) isFull = true;
    }
    Atomics.sub(this.#control, INSIDE, count);
    return isFull ? FULL : news;
  }

  read(id: number, into: Int32Array): void {
    this.#rows.read(id, into);
  }

  parentOf(id: number): number {
    return this.#rows.parentOf(id);
  }

  moveOf(id: number): number {
    return this.#rows.moveOf(id);
  }

  #insert(mask: number, keys: Int32Array, at: number, hash: number, parent: number, move: number): number {
    const index = this.#index;
    const idBits = this.#idBits;
    const tag = hash & ~idBits;
    this.#wasNew = false;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      let seen = Atomics.load(index, slot);
      if (seen === EMPTY) {
        if (Atomics.load(this.#control, IS_FULL) !== 0) return FULL;
        seen = Atomics.compareExchange(index, slot, EMPTY, tag | (this.#busy + 1));
        if (seen === EMPTY) return this.#fillSlot(slot, keys, at, hash, parent, move);
      }
      if (((seen ^ hash) & ~idBits) !== 0) continue;
      const id = (seen & idBits) - 1;
      const settled = id === this.#busy ? this.#settled(slot) : id;
      if (settled === FULL || this.#rows.holds(settled, keys, at, hash)) return settled;
    }
  }

  /** Writes the row for a slot that this thread has claimed. */
  #fillSlot(slot: number, keys: Int32Array, at: number, hash: number, parent: number, move: number): number {
    const id = Atomics.add(this.#control, SIZE, 1);
    if (id >= this.limit) {
      Atomics.store(this.#control, IS_FULL, 1);
      return FULL;
    }
    this.#rows.write(id, keys, at, hash, parent, move);
    Atomics.store(this.#index, slot, (hash & ~this.#idBits) | (id + 1));
    this.#wasNew = true;
    return id;
  }

  /** Waits for a row that another thread is writing: some dozen stores. @returns its id, or FULL */
  #settled(slot: number): number {
    for (;;) {
      const id = (Atomics.load(this.#index, slot) & this.#idBits) - 1;
      if (id !== this.#busy) return id;
      if (Atomics.load(this.#control, IS_FULL) !== 0) return FULL;
    }
  }

  /**
   * Before states are inserted: makes sure that the index has room, and that it doesn't grow meanwhile.
   * @returns its slots
   */
  #enter(count: number): number {
    const control = this.#control;
    for (;;) {
      const inside = Atomics.add(control, INSIDE, count) + count;
      const isGrowing = Atomics.load(control, GROWING) !== 0;
      const slots = Atomics.load(control, SLOTS);
      const isLargest = slots === this.#index.length;
      // Who left since has raised SIZE before, so nobody's states are forgotten here.
      if (!isGrowing && (isLargest || Atomics.load(control, SIZE) + inside <= comfort(slots))) return slots;
      Atomics.sub(control, INSIDE, count);
      if (isGrowing) Atomics.wait(control, GROWING, 1);
      else this.#grow(slots);
    }
  }

  /** Doubles the index, unless another thread does: then there is nothing to do but to come again. */
  #grow(slots: number): void {
    const control = this.#control;
    if (Atomics.compareExchange(control, GROWING, 0, 1) !== 0) return;
    for (;;) {
      const inside = Atomics.load(control, INSIDE);
      if (inside === 0) break;
      // Nobody notifies: a batch takes some microseconds, unless its thread has lost its CPU.
      Atomics.wait(control, INSIDE, inside, 1);
    }
    if (Atomics.load(control, SLOTS) === slots) {
      this.#index.fill(EMPTY, 0, slots);
      fill(this.#index, 2 * slots, this.#rows, this.size, this.#idBits);
      Atomics.store(control, SLOTS, 2 * slots);
    }
    Atomics.store(control, GROWING, 0);
    Atomics.notify(control, GROWING);
  }
}
