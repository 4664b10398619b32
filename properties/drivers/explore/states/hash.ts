/** Hashes of keys. A hash says where to look, and a sum of hashes what was seen, whatever the order; no state is told from another by it. */

/** 32 bits of the words of a key. Murmur3's mixing, by Austin Appleby. */
export function hashOf(key: Int32Array, at: number, words: number, seed: number): number {
  let hash = seed;
  for (let word = at; word < at + words; word++) {
    let mixed = Math.imul(key[word], 0xcc9e2d51);
    mixed = (mixed << 15) | (mixed >>> 17);
    hash ^= Math.imul(mixed, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  return finish(hash ^ words);
}

/** Spreads what a number differs in over all bits. */
export function finish(number: number): number {
  let hash = number ^ (number >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

export type Lanes = readonly [low: number, high: number];

/** A sum over a set, in two lanes of 32 bits: equal for equal sets, in whatever order they were walked through. */
export class Digest {
  #low: number;
  #high: number;

  constructor([low, high]: Lanes = [0, 0]) {
    this.#low = low;
    this.#high = high;
  }

  /** As plain data. */
  get lanes(): Lanes {
    return [this.#low, this.#high];
  }

  /** Takes in one member, by two hashes of it. */
  add(low: number, high: number): void {
    this.#low = (this.#low + low) | 0;
    this.#high = (this.#high + high) | 0;
  }

  /** Takes in all of another set. */
  join([low, high]: Lanes): void {
    this.add(low, high);
  }

  toString(): string {
    return [this.#high, this.#low].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
