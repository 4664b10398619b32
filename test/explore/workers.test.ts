import { describe, expect, test } from "vitest";
import { SharedTable, shareTable } from "../../properties/drivers/explore/states/shared-table.ts";
import { ROOT, StateTable, type States } from "../../properties/drivers/explore/states/table.ts";
import { Crew } from "../../properties/drivers/explore/threads/workers.ts";
import type { Hammer, Hammered } from "./hammer.ts";
import { first, LatticeHand, type Lattice, type Seen } from "./lattice.ts";
import type { Taken, Taking } from "./takers.ts";

const MODULE = new URL("./lattice.ts", import.meta.url).href;
const TAKERS = new URL("./takers.ts", import.meta.url).href;
const HAMMER = new URL("./hammer.ts", import.meta.url).href;

interface Found {
  readonly states: number;
  readonly depth: number;
  readonly transitions: number;
  readonly sums: readonly number[];
  readonly isFull: boolean;
  /** Keys of the states on the way to what is wrong, and the move there. */
  readonly wrong: { readonly key: string; readonly distance: number; readonly move: number } | undefined;
}

/** Level after level, until there are no more or something came up. */
async function levels(table: States, expand: (from: number, to: number) => Promise<Seen[]>): Promise<Found> {
  let depth = -1;
  let reports: Seen[] = [];
  const isOver = () => reports.some(({ wrong, isFull }) => wrong !== undefined || isFull);
  for (let from = 0, to = table.size; from < to && !isOver(); from = to, to = table.size) {
    depth++;
    reports = await expand(from, to);
  }
  const sum = (of: (seen: Seen) => number) => reports.reduce((sum, seen) => sum + of(seen), 0);
  const wrong = first(
    table,
    reports.map(({ wrong }) => wrong),
  );
  return {
    states: table.size,
    depth,
    transitions: sum((seen) => seen.transitions),
    sums: [sum(({ sums }) => sums[0]) | 0, sum(({ sums }) => sums[1]) | 0],
    isFull: reports.some(({ isFull }) => isFull),
    wrong: wrong && {
      key: keyOf(table, wrong.state).join(),
      distance: distanceOf(table, wrong.state),
      move: wrong.move,
    },
  };
}

function keyOf(table: States, id: number): Int32Array {
  const key = new Int32Array(table.words);
  table.read(id, key);
  return key;
}

function distanceOf(table: States, id: number): number {
  let distance = 0;
  for (let at = id; table.parentOf(at) !== ROOT; at = table.parentOf(at)) distance++;
  return distance;
}

function alone(lattice: Lattice, limit: number): Promise<Found> {
  const table = new StateTable(lattice.counters, limit);
  const hand = new LatticeHand(lattice, table);
  hand.begin();
  return levels(table, async (from, to) => {
    hand.expand(from, to);
    hand.flush();
    return [hand.report()];
  });
}

async function together(lattice: Lattice, limit: number, workers: number): Promise<Found & { table: SharedTable }> {
  const memory = shareTable(lattice.counters, limit);
  const table = new SharedTable(memory);
  new LatticeHand(lattice, table).begin();
  const crew = new Crew<Lattice, Seen>(MODULE, lattice, memory, workers);
  try {
    return { ...(await levels(table, (from, to) => crew.expand(from, to))), table };
  } finally {
    await crew.dismiss();
  }
}

const LATTICE: Lattice = { counters: 5, top: 9 };
const STATES = 10 ** 5;
const TRANSITIONS = 5 * 9 * 10 ** 4;

describe("five counters up to nine", () => {
  test("alone", async () => {
    const found = await alone(LATTICE, STATES);
    expect(found).toMatchObject({ states: STATES, depth: 45, transitions: TRANSITIONS, isFull: false });
    expect(found.sums).not.toContain(0);
  });

  test.each([1, 2, 3])("by %i threads: the same states, transitions, depth, digests", async (workers) => {
    const { table, ...found } = await together(LATTICE, STATES, workers);
    expect(found).toEqual(await alone(LATTICE, STATES));
    // Each state is there once, and its parent is one step nearer to the start.
    const keys = Array.from({ length: STATES }, (_, id) => keyOf(table, id));
    expect(new Set(keys.map((key) => key.join())).size).toBe(STATES);
    const strays = keys.filter((key, id) => {
      const parent = table.parentOf(id);
      const before = parent === ROOT ? key : key.with(table.moveOf(id), key[table.moveOf(id)] - 1);
      return before.join() !== keys[parent === ROOT ? id : parent].join();
    });
    expect(strays).toEqual([]);
  });
});

test.each([1, 2, 3])("%i threads find what is wrong at its least depth, and the same of all there", async (workers) => {
  const lattice: Lattice = { ...LATTICE, wrong: 20 };
  const expected = await alone(lattice, STATES);
  expect(expected).toMatchObject({ depth: 19, wrong: { key: "0,0,1,9,9", distance: 19, move: 2 } });
  const { table, ...found } = await together(lattice, STATES, workers);
  expect(found).toEqual(expected);
  expect(table.size).toBe(expected.states);
});

test.each([1, 2, 3])("%i threads stop at the limit, not before and not behind it", async (workers) => {
  for (const limit of [1, 700, STATES - 1]) {
    expect(await together(LATTICE, limit, workers)).toMatchObject({ states: limit, isFull: true });
  }
});

describe.each([1, 2, 3])("with %i threads", (workers) => {
  test("an error in one ends it all, with what the error says", async () => {
    await expect(together({ ...LATTICE, sum: 12, event: "throw" }, STATES, workers)).rejects.toThrow(
      new RangeError("the sum is 12"),
    );
  });

  test("one that dies ends it all", async () => {
    await expect(together({ ...LATTICE, sum: 12, event: "exit" }, STATES, workers)).rejects.toThrow(
      "a thread of the exploration ended too early, with code 3",
    );
  });
});

describe.each([1, 2, 3])("a level, by %i threads", (workers) => {
  const states = 2_000_000_000;

  async function take(taking: Taking, to: number): Promise<number> {
    const crew = new Crew<Taking, Taken>(TAKERS, taking, shareTable(1, 1), workers);
    try {
      await crew.expand(0, 0);
      return (await crew.expand(0, to)).reduce((sum, taken) => sum + taken, 0);
    } finally {
      await crew.dismiss();
    }
  }

  test("is taken as a whole, and nothing twice", async () => {
    expect(await take({ endsAtOnce: false, pause: 0 }, states)).toBe(states);
  });

  test("is left as it is once one is over", async () => {
    const share = 256;
    // The others may be at theirs, or have slept over a few while the first did not get a CPU.
    expect(await take({ endsAtOnce: true, pause: 50 }, 100 * share)).toBeLessThan(50 * share);
  });
});

test("a module that isn't there is said to be missing", async () => {
  const memory = shareTable(1, 10);
  const crew = new Crew<Lattice, Seen>(new URL("./nowhere.ts", import.meta.url).href, LATTICE, memory, 1);
  await expect(crew.expand(0, 0)).rejects.toThrow("nowhere.ts");
  await crew.dismiss();
});

describe.each(["one for all", "one for seven", "good"] as const)("a table that is hammered, hash: %s", (hash) => {
  const rounds = hash === "good" ? 1 : 40;
  const states = hash === "good" ? 600_000 : 300;

  test("gives each state one id, whoever inserts it", async () => {
    const memory = shareTable(9, states);
    const table = new SharedTable(memory);
    const crew = new Crew<Hammer, Hammered>(HAMMER, { states, hash }, memory, 3);
    try {
      const hammered = await crew.expand(0, rounds * states);
      expect(table.size).toBe(states);
      expect(hammered.reduce((sum, { fresh }) => sum + fresh, 0)).toBe(states);
      for (const { ids, hasChanged, refused } of hammered) {
        expect({ hasChanged, refused }).toEqual({ hasChanged: false, refused: 0 });
        const wrong = [...ids.keys()].filter((state) => ids[state] >= 0 && !isIn(table, state, ids[state]));
        expect(wrong).toEqual([]);
      }
    } finally {
      await crew.dismiss();
    }
  });

  test("takes no more than its limit", async () => {
    const memory = shareTable(9, states - 100);
    const table = new SharedTable(memory);
    const crew = new Crew<Hammer, Hammered>(HAMMER, { states, hash }, memory, 3);
    try {
      const hammered = await crew.expand(0, 2 * states);
      expect(table.size).toBe(states - 100);
      expect(hammered.reduce((sum, { fresh }) => sum + fresh, 0)).toBe(states - 100);
      expect(hammered.reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThanOrEqual(100);
    } finally {
      await crew.dismiss();
    }
  });
});

function isIn(table: States, state: number, id: number): boolean {
  return keyOf(table, id).every((word) => word === state) && table.parentOf(id) === state && table.moveOf(id) === state;
}
