/**
 * Keys straight from the guest and straight into it: what `GuestCells.gather` and `Packing.pack` do one after the other,
 * in one function that is written out for a packing and this one guest.
 *
 * All places and arrays are constants of the compiled text, so that a cell costs a load, a shift and an or, and there is
 * no row of cells in between. Cells that never change are compared all the same: a state in which one did is refused,
 * as the packing refuses it. A test holds both ways against each other.
 */
import { isLinked, type CellSource, type GuestCells } from "../../../../impl/cells.ts";
import { compiled, declarations, packLine, unpackText, type Field, type Packing } from "./packing.ts";

/** Of a tag: bits above the order and the type, which say whose a block is. */
const OWNER_SHIFT = 8;
const OWNERS = 8;

export interface DirectKeys {
  /** Writes the guest's part of its key, all other bits 0. @returns 0, or another number where a cell is out of its range */
  packGuest(key: Int32Array, at: number): number;
  /** Adds the surroundings' part, from their cells. @param cells all of a state; the guest's are not read */
  packAround(cells: Int32Array, key: Int32Array, at: number): number;
  /** Takes the guest to what its key says. Words that never change must be there already. */
  unpackGuest(key: Int32Array, at: number): void;
  /** Reads the surroundings' cells that vary. */
  unpackAround(key: Int32Array, at: number, cells: Int32Array): void;
  /** By word of a key: the bits of the surroundings. */
  readonly around: Int32Array;
}

/** @param guest whose cells are the first of a state */
export function directKeys(packing: Packing, guest: GuestCells): DirectKeys {
  const sources = guest.sources();
  const arrays = [...new Set(sources.map(({ words }) => words))];
  const name = (source: CellSource): string => `a${arrays.indexOf(source.words)}[${source.at}]`;
  const isGuest = ({ cell }: { readonly cell: number }): boolean => cell < guest.length;
  const own = packing.fields.filter(isGuest);
  const theirs = packing.fields.filter((field) => !isGuest(field));
  const { words } = packing;

  /** What a cell is: a link counts where the block it starts from is on a list. */
  const valueOf = (cell: number): string => {
    const source = sources[cell];
    if (source.linkOf === undefined) return name(source);
    return `(${name(source)} & linked${source.linkOf})`;
  };
  const linked = sources.slice(0, guest.length).flatMap((source, cell) => {
    const isFirst = source.linkOf !== undefined && sources.findIndex(({ linkOf }) => linkOf === source.linkOf) === cell;
    return isFirst ? [linkedLine(source.linkOf, name(sources[source.linkOf]))] : [];
  });
  const packGuest = [
    ...declarations(words),
    ...linked,
    ...own.map((field) => packLine(field, valueOf(field.cell))),
    ...packing.fixed.filter(isGuest).map(({ cell, value }) => `if (${valueOf(cell)} !== ${value}) bad = 1;`),
    ...Array.from({ length: words }, (_, word) => `key[at + ${word}] = w${word};`),
    "return bad;",
  ];
  const packAround = [
    ...declarations(words),
    ...theirs.map((field) => packLine(field, `cells[${field.cell}]`)),
    ...packing.fixed.filter((one) => !isGuest(one)).map(({ cell, value }) => `bad |= cells[${cell}] ^ ${value};`),
    ...wordsIn(theirs).map((word) => `key[at + ${word}] |= w${word};`),
    "return bad;",
  ];
  const unpackGuest = own.map((field) => `${name(sources[field.cell])} = ${unpackText(field)};`);
  const unpackAround = theirs.map((field) => `cells[${field.cell}] = ${unpackText(field)};`);
  const around = new Int32Array(words);
  for (const { bits, word, shift } of theirs) around[word] |= bits === 32 ? -1 : (2 ** bits - 1) << shift;

  const make = compiled(
    arrays.map((_, place) => `a${place}`),
    [
      "return {",
      `packGuest(key, at) {\n${packGuest.join("\n")}\n},`,
      `packAround(cells, key, at) {\n${packAround.join("\n")}\n},`,
      `unpackGuest(key, at) {\n${unpackGuest.join("\n")}\n},`,
      `unpackAround(key, at, cells) {\n${unpackAround.join("\n")}\n},`,
      "};",
    ],
  ) as (...arrays: CellSource["words"][]) => Omit<DirectKeys, "around">;
  return { ...make(...arrays), around };
}

/** The words of a key that these fields stand in. */
function wordsIn(fields: readonly Field[]): number[] {
  return [...new Set(fields.map(({ word }) => word))];
}

/** Declares a mask, all ones where the links of this page count. No question is asked: no processor guesses it right. */
function linkedLine(page: number | undefined, tag: string): string {
  let owners = 0;
  for (let owner = 0; owner < OWNERS; owner++) if (isLinked((owner << OWNER_SHIFT) | 1)) owners |= 1 << owner;
  return `const linked${page} = -((-${tag} >>> 31) & (${owners} >> ((${tag} >> ${OWNER_SHIFT}) & ${OWNERS - 1})));`;
}
