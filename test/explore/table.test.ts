import { describe, expect, test } from "vitest";
import { InputError } from "../../model/alphabet/index.ts";
import { FULL, ROOT, StateTable } from "../../properties/drivers/explore/states/table.ts";

/** A small generator of its own: the same keys in each run. */
function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
}

const hashes = {
  good: (key: Int32Array) => key.reduce((hash, word) => Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15), 17),
  "always the same": () => 0x7fffffff,
  "two values, in the lowest bit": (key: Int32Array) => key[0] & 1,
  "two values, in the highest bit": (key: Int32Array) => (key[0] & 1) << 31,
  "all ones": () => -1,
  "seven bits in the middle": (key: Int32Array) => (key[0] & 127) << 12,
};

/** What the table should be, told by a map. */
class Naive {
  readonly ids = new Map<string, number>();
  readonly keys: Int32Array[] = [];
  readonly origins: { parent: number; move: number }[] = [];
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  insert(key: Int32Array, parent: number, move: number): { id: number; wasNew: boolean } {
    const known = this.ids.get(key.join());
    if (known !== undefined) return { id: known, wasNew: false };
    if (this.keys.length === this.limit) return { id: FULL, wasNew: false };
    this.ids.set(key.join(), this.keys.length);
    this.origins.push({ parent, move });
    return { id: this.keys.push(key) - 1, wasNew: true };
  }
}

function expectSame(table: StateTable, naive: Naive): void {
  expect(table.size).toBe(naive.keys.length);
  const key = new Int32Array(table.words);
  naive.keys.forEach((expected, id) => {
    table.read(id, key);
    expect(key).toEqual(expected);
    expect({ parent: table.parentOf(id), move: table.moveOf(id) }).toEqual(naive.origins[id]);
  });
}

/** Keys of few different words, so that many come again and many differ in one word only. */
function keysOf(words: number, count: number, kinds: number): Int32Array[] {
  const next = numbers(words * 1000 + kinds);
  return Array.from({ length: count }, () =>
    Int32Array.from({ length: words }, (_, word) => (word < 3 ? (next() >>> 0) % kinds : (next() & 1) * -1)),
  );
}

describe.each(Object.entries(hashes))("the hash: %s", (_, hash) => {
  test.each([1, 2, 12])("agrees with a map, keys of %i words, one by one", (words) => {
    const table = new StateTable(words, 1000);
    const naive = new Naive(1000);
    keysOf(words, 3000, 12).forEach((key, i) => {
      const expected = naive.insert(key, i % 7 === 0 ? ROOT : i, i % 50);
      const id = table.insert(key, 0, hash(key), i % 7 === 0 ? ROOT : i, i % 50);
      expect({ id, wasNew: table.wasNew }).toEqual(expected);
    });
    expectSame(table, naive);
  });

  test.each([1, 3, 12])("agrees with a map, keys of %i words, by batches", (words) => {
    const table = new StateTable(words, 2000);
    const naive = new Naive(2000);
    const keys = keysOf(words, 4000, 14);
    for (let from = 0, length = 1; from < keys.length; from += length, length = (length % 70) + 1) {
      const batch = keys.slice(from, from + length);
      const expected = batch.map((key, i) => naive.insert(key, from, i));
      const ids = new Int32Array(batch.length);
      const fresh = new Uint8Array(batch.length);
      const answer = table.insertAll(
        Int32Array.from(batch.flatMap((key) => [...key])),
        batch.length,
        Int32Array.from(batch, hash),
        new Int32Array(batch.length).fill(from),
        Int32Array.from(batch, (_, i) => i),
        ids,
        fresh,
      );
      expect([...ids]).toEqual(expected.map(({ id }) => id));
      expect([...fresh]).toEqual(expected.map(({ wasNew }) => (wasNew ? 1 : 0)));
      expect(answer).toBe(ids.includes(FULL) ? FULL : expected.filter(({ wasNew }) => wasNew).length);
    }
    expectSame(table, naive);
  });
});

test("a key may stand anywhere in the array", () => {
  const table = new StateTable(2, 10);
  const keys = Int32Array.of(9, 1, 2, 1, 2, 9);
  expect(table.insert(keys, 1, 5, ROOT, 0)).toBe(0);
  expect(table.insert(keys, 3, 5, ROOT, 0)).toBe(0);
  expect(table.insert(keys, 2, 5, ROOT, 0)).toBe(1);
});

test("zeros are a key like any other", () => {
  const table = new StateTable(2, 10);
  expect(table.insert(new Int32Array(2), 0, 0, ROOT, 0)).toBe(0);
  expect(table.wasNew).toBe(true);
  expect(table.insert(new Int32Array(2), 0, 0, ROOT, 0)).toBe(0);
  expect(table.wasNew).toBe(false);
});

describe.each([1, 2, 3, 767, 768, 769, 1536, 65_536, 65_537])("a limit of %i states", (limit) => {
  test("is reached exactly, and what is known is still found", () => {
    const table = new StateTable(1, limit);
    const next = numbers(limit);
    const key = new Int32Array(1);
    const insert = (value: number) => {
      key[0] = value;
      return table.insert(key, 0, Math.imul(value, 0x9e3779b1), ROOT, 0);
    };
    for (let value = 0; value < limit; value++) expect(insert(value)).toBe(value);
    for (let i = 0; i < 10; i++) {
      expect(insert(limit + (next() >>> 8))).toBe(FULL);
      expect(table.wasNew).toBe(false);
      expect(insert(i % limit)).toBe(i % limit);
    }
    expect(table.size).toBe(limit);
  });
});

test.each([0, -1, 1.5, 2 ** 30, Number.NaN])("a limit of %d is refused", (limit) => {
  expect(() => new StateTable(1, limit)).toThrow(InputError);
});

test.each([12, 25])("takes at most three times the bytes of the keys, of %i words, whenever it has grown", (words) => {
  const table = new StateTable(words, 1_000_000);
  const key = new Int32Array(words);
  let most = 0;
  for (let value = 0; value < 400_000; value++) {
    key[0] = value;
    table.insert(key, 0, Math.imul(value, 0x9e3779b1), ROOT, 0);
    // Below a chunk, it is the chunk that is paid for.
    if (value >= 65_536) most = Math.max(most, table.bytes / (value + 1));
  }
  expect(most / (words * 4)).toBeLessThan(3);
  expect(table.bytes / table.size / (words * 4)).toBeLessThan(2);
});
