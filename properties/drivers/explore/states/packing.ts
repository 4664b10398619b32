/**
 * Cells to a key and back: a key is the whole state in as few 32-bit words as it needs, so that it can be told from all
 * others exactly and is cheap to copy, to hash and to keep.
 *
 * Cells that never change take no room. Which those are, and how far the others range, is learned: a `Ranges` is widened
 * by every state that is met, and a state that does not fit a packing is refused, whereupon the exploration begins again
 * with a wider one (explore.ts). So nothing is assumed, and nothing is lost.
 */

/** From where to where each cell ranges, as far as is known. */
export class Ranges {
  readonly least: Int32Array;
  readonly most: Int32Array;

  constructor(start: Int32Array) {
    this.least = start.slice();
    this.most = start.slice();
  }

  /** Takes one more state in. */
  widen(cells: Int32Array): void {
    for (let cell = 0; cell < this.least.length; cell++) {
      if (cells[cell] < this.least[cell]) this.least[cell] = cells[cell];
      if (cells[cell] > this.most[cell]) this.most[cell] = cells[cell];
    }
  }
}

/** Where a cell stands in a key. */
export interface Field {
  readonly cell: number;
  readonly least: number;
  readonly bits: number;
  readonly word: number;
  readonly shift: number;
}

/** A cell that never changes. */
export interface Fixed {
  readonly cell: number;
  readonly value: number;
}

/** @returns 0, or another number where a cell is out of its range */
type Pack = (cells: Int32Array, key: Int32Array, at: number) => number;
type Unpack = (key: Int32Array, at: number, cells: Int32Array) => void;

export class Packing {
  /** Of a key. */
  readonly words: number;
  /** Bits of a key that say something. */
  readonly bits: number;
  /** The cells that vary, and those that never do. */
  readonly fields: readonly Field[];
  readonly fixed: readonly Fixed[];
  /** Writes the key of a state. */
  readonly pack: Pack;
  /** Reads a state from its key. */
  readonly unpack: Unpack;

  constructor({ least, most }: Ranges) {
    const fields: Field[] = [];
    const fixed: Fixed[] = [];
    const room: number[] = [];
    least.forEach((from, cell) => {
      const bits = bitsFor(most[cell] - from);
      if (bits === 0) {
        fixed.push({ cell, value: from });
        return;
      }
      let word = room.findIndex((used) => used + bits <= 32);
      if (word < 0) word = room.push(0) - 1;
      fields.push({ cell, least: from, bits, word, shift: room[word] });
      room[word] += bits;
    });
    this.words = Math.max(room.length, 1);
    this.bits = room.reduce((sum, used) => sum + used, 0);
    this.fields = fields;
    this.fixed = fixed;
    this.pack = packer(fields, fixed, this.words);
    this.unpack = unpacker(fields, fixed);
  }
}

/** Bits for 0 up to `span`. */
function bitsFor(span: number): number {
  return 32 - Math.clz32(span);
}

// Both functions are written out, cell by cell, and compiled: with the places as literals a cell costs a load, a shift and
// an or, and there are millions of states a minute to pack (`perf.md`, Design advice 9 and 11).

function packer(fields: readonly Field[], fixed: readonly Fixed[], words: number): Pack {
  const lines = [
    ...declarations(words),
    ...fields.map((field) => packLine(field, `cells[${field.cell}]`)),
    ...fixed.map(({ cell, value }) => `bad |= cells[${cell}] ^ ${value};`),
    ...Array.from({ length: words }, (_, word) => `key[at + ${word}] = w${word};`),
    "return bad;",
  ];
  return compiled(["cells", "key", "at"], lines) as Pack;
}

function unpacker(fields: readonly Field[], fixed: readonly Fixed[]): Unpack {
  const lines = fields.map((field) => `cells[${field.cell}] = ${unpackText(field)};`);
  for (const { cell, value } of fixed) lines.push(`cells[${cell}] = ${value};`);
  return compiled(["key", "at", "cells"], lines) as Unpack;
}

/** What the lines of a packing function write to. */
export function declarations(words: number): string[] {
  return ["let bad = 0, v = 0;", ...Array.from({ length: words }, (_, word) => `let w${word} = 0;`)];
}

/** A line that puts a cell into its word `w...` of a key. @param value text of a number */
export function packLine({ least, bits, word, shift }: Field, value: string): string {
  const line = `v = (${value} - ${least}) | 0; w${word} |= v << ${shift};`;
  return bits < 32 ? `${line} bad |= v >>> ${bits};` : line;
}

/** The text of what a cell is, by its key, which begins at `key[at]`. */
export function unpackText({ least, bits, word, shift }: Field): string {
  const mask = bits === 32 ? "" : ` & ${2 ** bits - 1}`;
  return `((key[at + ${word}] >>> ${shift})${mask}) + ${least}`;
}

/** A function from its text. The text is all that says what it takes and gives: a cast takes the place of a declaration. */
export function compiled(parameters: readonly string[], lines: readonly string[]): unknown {
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the text is made of numbers alone
  return new Function(...parameters, lines.join("\n"));
}
