/**
 * The exact set of the states that were found. Two states are the same where all words of their keys are: a hash only
 * says where to look.
 *
 * Ids are given in the order of insertion. So the rows are the queue of a breadth-first search as well, and a level of
 * it is a range of ids.
 *
 * The index is a hash table with linear probing. A slot is one word: the id in its low bits (0: empty; so it is kept
 * one higher), and in the bits that no id needs, those of the hash that stand there: different keys that meet in a slot
 * are mostly told apart without a look at their rows. At 100 million states that still leaves five bits.
 */
import { InputError } from "../../../../model/alphabet/index.ts";
import { Rows } from "./rows.ts";

/** In place of an id: the state is new, and the limit is reached. */
export const FULL = -1;

/** The parent of a state that nothing leads to: where the search begins. */
export const ROOT = -1;

/** What a search needs of a set of states; `StateTable` is one for one thread, `SharedTable` for several. */
export interface States {
  /** Words of a key. */
  readonly words: number;
  readonly limit: number;
  /** States so far: ids 0 to size - 1. */
  readonly size: number;
  /** Memory in use. */
  readonly bytes: number;
  insertAll(
    keys: Int32Array,
    count: number,
    hashes: Int32Array,
    parents: Int32Array,
    moves: Int32Array,
    ids: Int32Array,
    fresh: Uint8Array,
  ): number;
  read(id: number, into: Int32Array): void;
  parentOf(id: number): number;
  moveOf(id: number): number;
}

/** A slot that is free. */
export const EMPTY = 0;

/** The most states: their ids, one higher, and one number more fit into 30 bits. */
const MOST = 2 ** 30 - 2;

/** Slots of the smallest index. */
const FEWEST_SLOTS = 1024;

/** 2^16 rows of 100 bytes are 6 MiB. */
const CHUNK_SHIFT = 16;

/** @throws InputError where ids can't count to the limit */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new InputError({}, `found a limit of ${limit} states, expected a whole number from 1 to ${MOST}`);
  }
}

/** The bits of a slot that keep the id of one of `limit` states: 1 to limit, and limit + 1 (shared-table.ts). */
export function idBits(limit: number): number {
  return 2 ** (32 - Math.clz32(limit + 1)) - 1;
}

/** So many states fit into an index before it is too crowded: three quarters of its slots. */
export function comfort(slots: number): number {
  return slots * 0.75;
}

/** Slots of an index for so many states: a power of two, at most three quarters full. */
export function slotsFor(states: number): number {
  let slots = FEWEST_SLOTS;
  while (comfort(slots) < states) slots *= 2;
  return slots;
}

export class StateTable implements States {
  readonly words: number;
  readonly limit: number;
  /** Was the state that was inserted last a new one? */
  wasNew = false;
  readonly #rows: Rows;
  readonly #idBits: number;
  #index = new Int32Array(FEWEST_SLOTS);
  #size = 0;

  /**
   * @param words of a key, 32 bits each
   * @param limit the most states; memory is taken as the table grows, and never more than the limit needs
   * @throws InputError where no id could count to the limit
   */
  constructor(words: number, limit: number) {
    checkLimit(limit);
    this.words = words;
    this.limit = limit;
    this.#idBits = idBits(limit);
    this.#rows = new Rows(words, CHUNK_SHIFT);
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#index.byteLength;
  }

  /**
   * Finds a state, or adds it.
   *
   * @param keys the key is `keys[at]` and the words behind it
   * @param hash of the key; all of its 32 bits should be good ones
   * @param parent id of a state that leads here by `move`, or ROOT; kept only where the state is new
   * @returns the id of the state, or FULL; `wasNew` says whether it was added
   */
  insert(keys: Int32Array, at: number, hash: number, parent: number, move: number): number {
    this.#makeRoom(1);
    return this.#insert(keys, at, hash, parent, move);
  }

  /**
   * Inserts `count` states, one behind the other in `keys`, in this order. Faster than one by one: the slots of all are
   * read first, then the rows that they point at, so that the waits for memory overlap.
   *
   * @param ids gets the id of each, or FULL
   * @param fresh gets 1 for each that was new, otherwise 0
   * @returns how many were new, or FULL where there was no room for one of them
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
    this.#makeRoom(count);
    warm(this.#index, this.#index.length - 1, this.#rows, this.#idBits, count, hashes, ids);
    let news = 0;
    let isFull = false;
    for (let i = 0, at = 0; i < count; i++, at += this.words) {
      ids[i] = this.#insert(keys, at, hashes[i], parents[i], moves[i]);
      fresh[i] = this.wasNew ? 1 : 0;
      news += fresh[i];
      if (ids[i] === FULL) isFull = true;
    }
    return isFull ? FULL : news;
  }

  /** Copies the key of a state. */
  read(id: number, into: Int32Array): void {
    this.#rows.read(id, into);
  }

  /** The state from which this one was reached first, or ROOT. */
  parentOf(id: number): number {
    return this.#rows.parentOf(id);
  }

  /** The move by which it was reached from its parent. */
  moveOf(id: number): number {
    return this.#rows.moveOf(id);
  }

  #insert(keys: Int32Array, at: number, hash: number, parent: number, move: number): number {
    const index = this.#index;
    const mask = index.length - 1;
    const idBits = this.#idBits;
    this.wasNew = false;
    let slot = hash & mask;
    for (let seen = index[slot]; seen !== EMPTY; seen = index[slot]) {
      if (((seen ^ hash) & ~idBits) === 0) {
        const id = (seen & idBits) - 1;
        if (this.#rows.holds(id, keys, at, hash)) return id;
      }
      slot = (slot + 1) & mask;
    }
    if (this.#size === this.limit) return FULL;
    const id = this.#size++;
    this.#rows.reserve(id, this.limit);
    this.#rows.write(id, keys, at, hash, parent, move);
    index[slot] = (hash & ~idBits) | (id + 1);
    this.wasNew = true;
    return id;
  }

  /** Makes the index large enough for some more states. */
  #makeRoom(states: number): void {
    const slots = this.#index.length;
    if (this.#size + states <= comfort(slots)) return;
    const wanted = slotsFor(Math.min(this.#size + states, this.limit));
    if (wanted === slots) return;
    // The rows know all that the index does: the old one need not live beside the new one.
    this.#index = new Int32Array(0);
    this.#index = new Int32Array(wanted);
    fill(this.#index, wanted, this.#rows, this.#size, this.#idBits);
  }
}

/** Reads all that will likely be needed to insert states with these hashes. What it leaves in `scratch` means nothing. */
export function warm(
  index: Int32Array,
  mask: number,
  rows: Rows,
  idBits: number,
  count: number,
  hashes: Int32Array,
  scratch: Int32Array,
): void {
  for (let i = 0; i < count; i++) scratch[i] = index[hashes[i] & mask];
  for (let i = 0; i < count; i++) {
    const seen = scratch[i];
    if (seen !== EMPTY && ((seen ^ hashes[i]) & ~idBits) === 0) scratch[i] = rows.hashOf((seen & idBits) - 1);
  }
}

/** Enters the states 0 to size - 1, which are all different, into an index of `slots` empty slots. */
export function fill(index: Int32Array, slots: number, rows: Rows, size: number, idBits: number): void {
  const mask = slots - 1;
  for (let id = 0; id < size; id++) {
    const hash = rows.hashOf(id);
    let slot = hash & mask;
    while (index[slot] !== EMPTY) slot = (slot + 1) & mask;
    index[slot] = (hash & ~idBits) | (id + 1);
  }
}
