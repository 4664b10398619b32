import { describe, expect, test } from "vitest";
import { BlockBits, blockBitWords } from "../../../impl/designs/block-bits.ts";
import { Shape } from "../../../impl/shape.ts";
import { geometry, zone } from "../fixture.ts";

/** Bits of single pages, of which some words before and behind are somebody else's. */
function bitsOf(pages: number, reportOrder = 0): { readonly bits: BlockBits; readonly words: Float64Array } {
  const shape = new Shape(geometry([zone(0, pages)], { reportOrder }));
  const words = new Float64Array(2 + blockBitWords(shape));
  return { bits: new BlockBits(shape, words, 1), words };
}

describe("the bits of blocks", () => {
  test("are found wherever they stand in a word, and nothing else is", () => {
    const { bits, words } = bitsOf(200);
    for (let page = 0; page < 200; page++) {
      bits.set(page);
      expect([bits.has(page), bits.next(0, 200), bits.next(page, page + 1), bits.pfns()]).toEqual([
        true,
        page,
        page,
        [page],
      ]);
      expect(Array.from({ length: page + 1 }, (_, from) => bits.next(from, 200)).every((at) => at === page)).toBe(true);
      expect([bits.next(0, page), bits.next(page + 1, 200)]).toEqual([-1, -1]);
      bits.clear(page);
      expect([bits.has(page), bits.next(0, 200)]).toEqual([false, -1]);
    }
    bits.setAll(0, 200);
    expect([words[0], words.at(-1)]).toEqual([0, 0]);
    bits.clearAll(3, 197);
    expect(bits.pfns()).toEqual([0, 1, 2, 197, 198, 199]);
    bits.reset();
    expect([...words]).toEqual([...words].fill(0));
  });

  test("are one for each block of the report order", () => {
    const { bits } = bitsOf(64, 2);
    bits.setAll(8, 16);
    expect(bits.pfns()).toEqual([8, 12]);
    expect(bits.next(9, 64)).toBe(8);
    expect(bits.blocksIn(8, 24)).toBe(4);
  });
});
