/**
 * The memory of the states that were found: a row for each, by id: its hash, how it was reached, and the words of its
 * key. Beside the key a row has 12 bytes.
 *
 * It lies in chunks: so it grows without being copied, and no offset leaves 32 bits, however many the states.
 */

/** Words of a row in front of the key. The hash is first: most comparisons of different keys end there. */
const PARENT = 1;
const MOVE = 2;
const KEY = 3;

export class Rows {
  /** Words of a key. */
  readonly words: number;
  readonly #stride: number;
  readonly #chunks: Int32Array[];
  readonly #shift: number;
  readonly #mask: number;

  /**
   * @param words of a key
   * @param shift a chunk has 2^shift rows
   * @param chunks where the rows lie already; more may be added
   */
  constructor(words: number, shift: number, chunks: Int32Array[] = []) {
    this.words = words;
    this.#stride = KEY + words;
    this.#shift = shift;
    this.#mask = 2 ** shift - 1;
    this.#chunks = chunks;
  }

  /** Bytes of a row with a key of so many words. */
  static bytesOf(words: number): number {
    return (KEY + words) * Int32Array.BYTES_PER_ELEMENT;
  }

  get bytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  }

  /** Takes memory for one more chunk where `id` would be the first of it. @param limit ids from here on never come */
  reserve(id: number, limit: number): void {
    if (id >> this.#shift < this.#chunks.length) return;
    this.#chunks.push(new Int32Array(Math.min(this.#mask + 1, limit - id) * this.#stride));
  }

  write(id: number, keys: Int32Array, at: number, hash: number, parent: number, move: number): void {
    const chunk = this.#chunks[id >> this.#shift];
    const row = (id & this.#mask) * this.#stride;
    chunk[row] = hash;
    chunk[row + PARENT] = parent;
    chunk[row + MOVE] = move;
    for (let word = 0; word < this.words; word++) chunk[row + KEY + word] = keys[at + word];
  }

  /** Is this the key of state `id`, word by word? */
  holds(id: number, keys: Int32Array, at: number, hash: number): boolean {
    const chunk = this.#chunks[id >> this.#shift];
    const row = (id & this.#mask) * this.#stride;
    if (chunk[row] !== hash) return false;
    for (let word = 0; word < this.words; word++) {
      if (chunk[row + KEY + word] !== keys[at + word]) return false;
    }
    return true;
  }

  read(id: number, into: Int32Array): void {
    const chunk = this.#chunks[id >> this.#shift];
    const row = (id & this.#mask) * this.#stride;
    for (let word = 0; word < this.words; word++) into[word] = chunk[row + KEY + word];
  }

  hashOf(id: number): number {
    return this.#chunks[id >> this.#shift][(id & this.#mask) * this.#stride];
  }

  parentOf(id: number): number {
    return this.#chunks[id >> this.#shift][(id & this.#mask) * this.#stride + PARENT];
  }

  moveOf(id: number): number {
    return this.#chunks[id >> this.#shift][(id & this.#mask) * this.#stride + MOVE];
  }
}
