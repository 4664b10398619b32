/**
 * One bit for each block of the report order, in the words of a design. `nitesh-wei-host.md` 5.1, 6.
 *
 * A bit is named by a page of its block, as a page index (shape.ts). Zones begin and end at multiples of the largest
 * block, so no bit belongs to two of them. A word holds 32 bits, as a whole number: JavaScript's operators work on so many,
 * and whoever reads the design's words reads a number (cells.ts).
 */
import type { Pages, Pfn } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import type { Shape } from "../shape.ts";

/** How many words of the buffer the bits of a geometry take. */
export function blockBitWords(shape: Shape): number {
  return Math.ceil(shape.pages / 2 ** shape.reportOrder / 32);
}

export class BlockBits {
  readonly #shape: Shape;
  readonly #bits: Float64Array;
  /** A page index shifted so far is the number of its bit. */
  readonly #shift: number;

  /** @param words of the design @param at where the bits begin in them */
  constructor(shape: Shape, words: Float64Array, at: number) {
    this.#shape = shape;
    this.#shift = shape.reportOrder;
    this.#bits = words.subarray(at, at + blockBitWords(shape));
  }

  has(page: number): boolean {
    const bit = page >> this.#shift;
    return ((this.#bits[bit >> 5] >> (bit & 31)) & 1) !== 0;
  }

  set(page: number): void {
    const bit = page >> this.#shift;
    this.#bits[bit >> 5] |= 1 << (bit & 31);
  }

  clear(page: number): void {
    const bit = page >> this.#shift;
    this.#bits[bit >> 5] &= ~(1 << (bit & 31));
  }

  /** Sets the bits of all blocks in these pages, up to but not including the end. */
  setAll(from: number, end: number): void {
    for (let page = from; page < end; page += 1 << this.#shift) this.set(page);
  }

  /** Clears the bits of all blocks in these pages, up to but not including the end. */
  clearAll(from: number, end: number): void {
    for (let page = from; page < end; page += 1 << this.#shift) this.clear(page);
  }

  /** Clears every bit there is. */
  reset(): void {
    this.#bits.fill(0);
  }

  /**
   * The first page of the first block in these pages whose bit is set, or NONE.
   *
   * Each word is shifted until the bit at which the search stands is its lowest. What is left says at once where the
   * next set bit is, or that there is none: 32 blocks cost one look.
   */
  next(from: number, end: number): number {
    const last = end >> this.#shift;
    for (let bit = from >> this.#shift; bit < last; bit = (bit | 31) + 1) {
      const rest = this.#bits[bit >> 5] >>> (bit & 31);
      if (rest === 0) continue;
      // `rest & -rest` is the lowest bit alone, and its place is how many zeroes stand after it.
      const found = bit + 31 - Math.clz32(rest & -rest);
      return found < last ? found << this.#shift : NONE;
    }
    return NONE;
  }

  /** How many blocks these pages are: what a search over them has looked at, bit by bit. */
  blocksIn(from: number, end: number): Pages {
    return (end - from) >> this.#shift;
  }

  /** The first page of each block whose bit is set, ascending. */
  pfns(): Pfn[] {
    const pfns: Pfn[] = [];
    const { pages } = this.#shape;
    for (let page = this.next(0, pages); page !== NONE; page = this.next(page + (1 << this.#shift), pages)) {
      pfns.push(this.#shape.pfnOf(page));
    }
    // Page indices follow the order in which the geometry names its zones.
    return pfns.sort((one, other) => one - other);
  }
}
