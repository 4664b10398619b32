import { describe, expect, test } from "vitest";
import type { Action, Geometry } from "../../../model/alphabet/index.ts";
import { NONE } from "../../../model/alphabet/index.ts";
import { alloc, free, hotplug, lists, ok, onStage, work } from "../stage.ts";
import type { Player, Stage } from "../stage.ts";

type Variant = "v10" | "v11" | "v12";

/** Four blocks of order 3: 0, 8, 16 and 24. Two bits are enough. */
const stage = (variant: Variant = "v11", more: Stage = {}) =>
  onStage({ design: "bitmap", pages: 32, ...more, settings: { variant, highWater: 2, ...more.settings } });

/** The heads are those that the allocations get. */
const blocks = (...heads: number[]) => heads.map(() => alloc(3));
const times = (count: number, action: Action): Action[] => Array.from({ length: count }, () => action);
const workUntil = ({ view, play }: Player, phase: string): void => {
  do {
    play(work);
  } while (view.reporter()["phase"] !== phase);
};

test("a whole scan, step by step", () => {
  const { view, play, enabled } = stage("v11", { geometry: { capacity: 3 } });
  play(...blocks(0, 8, 16), free(0, 3));
  expect(view.reporter()).toMatchObject({ bits: [0], counters: [1], timer: -1 });
  expect(view.due()).toBe(false);
  play(free(16, 3));
  expect(view.reporter()).toMatchObject({ bits: [0, 16], counters: [2], timer: 0 });
  expect([view.noted(0, 3), view.noted(24, 3), view.due()]).toEqual([true, false, true]);
  expect(enabled()).toEqual(["work"]);

  play(work);
  expect(view.reporter()).toMatchObject({ phase: "map", scanning: true, timer: -1 });
  play(work);
  expect(view.reporter()).toMatchObject({ phase: "find", map: 0, cursor: 0 });
  play(work);
  expect(view.reporter()).toMatchObject({ phase: "take", at: 0, bits: [0, 16] });
  expect(play(work)).toEqual([{ event: "isolate", pfn: 0, order: 3 }]);
  expect(view.reporter()).toMatchObject({ phase: "find", at: NONE, cursor: 4, bits: [16], counters: [1] });
  expect(play(work, work)).toEqual([{ event: "isolate", pfn: 16, order: 3 }]);

  // The bits end, and the batch is not full: it is sent in the same step.
  const ranges = [0, 16].map((pfn) => ({ pfn, order: 3 }));
  expect(play(work)).toEqual([{ event: "submit", request: 1, ranges }]);
  expect(view.reporter()).toMatchObject({ phase: "wait", bits: [], counters: [0] });
  expect(enabled()).toEqual([]);
  expect(play(ok, work)).toMatchObject([{ event: "ack" }, { event: "release", pfn: 0, order: 3, reported: false }]);
  expect(view.reporter()).toMatchObject({ phase: "return", request: 0 });
  expect(play(work)).toMatchObject([{ event: "release", pfn: 16 }]);

  // Back at the heads of their lists, without a bit.
  expect(lists(view)).toEqual({ "movable 3": "16 0 24" });
  expect(view.reporter()).toMatchObject({ phase: "find", bits: [] });
  play(work);
  expect(view.reporter()).toMatchObject({ phase: "map", map: 1 });
  expect(play(work)).toEqual([{ event: "idle" }]);
  expect(view.reporter()).toMatchObject({ phase: "rest", map: 0, cursor: 0, scanning: false });
  expect(view.resting()).toBe(true);
});

test("a full batch is sent in a step of its own", () => {
  const player = stage("v11", { geometry: { capacity: 1 } });
  player.play(...blocks(0, 8), free(0, 3), free(8, 3));
  workUntil(player, "submit");
  expect(player.view.held()).toEqual([0]);
  expect(player.play(work)).toMatchObject([{ event: "submit", ranges: [{ pfn: 0, order: 3 }] }]);
});

test("a block that was allocated again costs no more than its bit", () => {
  const player = stage();
  player.play(...blocks(0, 8), free(8, 3), free(0, 3), alloc(3));
  expect(player.view.reporter()).toMatchObject({ bits: [0, 8], counters: [2] });
  workUntil(player, "wait");
  expect(player.view.held()).toEqual([8]);
  expect(player.view.reporter()).toMatchObject({ bits: [], counters: [0] });
});

test("v12: the whole batch comes back in one section", () => {
  const player = stage("v12");
  player.play(...blocks(0, 8), free(0, 3), free(8, 3));
  workUntil(player, "wait");
  expect(player.play(ok, work)).toMatchObject([
    { event: "ack" },
    { event: "release", pfn: 0 },
    { event: "release", pfn: 8 },
  ]);
  expect(player.view.reporter()).toMatchObject({ phase: "find" });
});

describe("what is lost", () => {
  test("BM-1: bits set while the flag is up start no scan at its end", () => {
    const player = stage("v11", { pages: 40 });
    player.play(...blocks(0, 8, 16, 24), free(16, 3), free(24, 3));
    workUntil(player, "wait");
    // Behind the cursor.
    player.play(free(0, 3), free(8, 3), ok);
    workUntil(player, "rest");
    expect(player.view.reporter()).toMatchObject({ bits: [0, 8], counters: [2], timer: -1 });
    expect([player.view.resting(), player.view.due()]).toEqual([true, true]);
  });

  test("v10 has no flag: a free during the scan starts the next one", () => {
    const player = stage("v10", { pages: 40 });
    player.play(...blocks(0, 8, 16, 24), free(16, 3), free(24, 3));
    workUntil(player, "wait");
    player.play(free(0, 3), free(8, 3), ok);
    workUntil(player, "map");
    // It is not idle.
    expect(player.play(work)).toEqual([]);
    expect(player.view.reporter()).toMatchObject({ phase: "rest", bits: [0, 8], counters: [2], timer: 0 });
    expect(player.enabled()).toEqual(["work"]);
  });

  test("BM-7: v10 zeroes its counter before the scan, and goes on to count what the scan clears", () => {
    const player = stage("v10", { pages: 40 });
    player.play(...blocks(0, 8, 16, 24), free(16, 3), free(24, 3));
    workUntil(player, "find");
    expect(player.view.reporter()).toMatchObject({ bits: [16, 24], counters: [0] });
    // In front of the cursor.
    player.play(free(0, 3));
    expect(player.view.reporter()).toMatchObject({ bits: [0, 16, 24], counters: [1] });
    workUntil(player, "wait");
    player.play(ok);
    workUntil(player, "wait");
    player.play(ok);
    workUntil(player, "rest");
    expect(player.view.reporter()).toMatchObject({ bits: [], counters: [1], timer: -1 });
  });

  test("BM-10: a block that merges as it comes back hides its buddy's bit", () => {
    const player = stage("v11", { settings: { highWater: 1 } });
    player.play(alloc(2), alloc(2), free(0, 2));
    workUntil(player, "wait");
    player.play(free(4, 2), ok, work);
    expect(lists(player.view)).toEqual({ "movable 3": "0 8 16 24" });
    expect(player.view.reporter()).toMatchObject({ bits: [4] });
    expect([player.view.noted(0, 3), player.view.reporter()["phase"]]).toEqual([false, "find"]);
  });

  test("BM-11: a block has one bit, at its head: what is left of it when that is taken has none", () => {
    const player = stage("v11", { settings: { highWater: 1 } });
    player.play(...blocks(0), free(0, 3), alloc(2));
    expect(lists(player.view)).toEqual({ "movable 2": "4", "movable 3": "8 16 24" });
    expect([player.view.noted(4, 2), player.view.reporter()["bits"]]).toEqual([false, [0]]);
    workUntil(player, "rest");
    expect(player.view.reporter()).toMatchObject({ bits: [] });
  });

  test("5.4: what the watermark refuses is forgotten", () => {
    const player = stage("v11", {
      pages: 16,
      watermarks: { min: 8, low: 8, high: 8 },
      settings: { highWater: 1 },
    });
    player.play(...blocks(0), free(0, 3));
    workUntil(player, "take");
    expect(player.play(work)).toEqual([]);
    expect(lists(player.view)).toEqual({ "movable 3": "0 8" });
    expect(player.view.reporter()).toMatchObject({ bits: [], counters: [0] });
  });
});

describe("memory that goes", () => {
  const sections: Partial<Geometry> = { sectionPages: 8 };
  /** 0 to 7 was freed, and is offline now; 8 is free with its bit set. */
  const gone = (variant: Variant) => {
    const player = stage(variant, { geometry: sections });
    player.play(...blocks(0, 8), free(0, 3), free(8, 3));
    player.play({ do: "offline", start: 0, pages: 8 }, ...times(4, hotplug));
    expect(player.view.owner(0)).toBe("absent");
    workUntil(player, "find");
    return player;
  };

  test("BM-8: v11 never gets past a bit whose page is gone", () => {
    const { view, play, enabled } = gone("v11");
    const before = view.reporter();
    expect(play(...times(5, work))).toEqual([]);
    expect(view.reporter()).toEqual(before);
    expect(enabled()).toEqual(["work"]);
  });

  test("v12 passes it over; the bit stays, and counts", () => {
    const player = gone("v12");
    player.play(work);
    expect(player.view.reporter()).toMatchObject({ phase: "find", cursor: 4 });
    workUntil(player, "wait");
    expect(player.view.held()).toEqual([8]);
    expect(player.view.reporter()).toMatchObject({ bits: [0, 4], counters: [2] });
  });

  test("takes from an isolated pageblock between hotplug's test and the removal", () => {
    const player = stage("v11", { geometry: sections });
    player.play(...blocks(0, 8), free(8, 3), free(0, 3));
    player.play({ do: "offline", start: 0, pages: 8 }, ...times(3, hotplug));
    expect(player.view.hotplug()).toMatchObject({ phase: "remove" });
    workUntil(player, "take");
    expect(player.play(work)).toEqual([{ event: "isolate", pfn: 0, order: 2 }]);
    expect(player.play(hotplug)).toEqual([{ event: "offline", start: 0, pages: 8 }]);
    expect(player.view.held()).toEqual([0]);
  });
});

describe("two nodes of one zone each", () => {
  const zones = [0, 1].map((node) => ({
    name: `node${node}`,
    node,
    start: 16 * node,
    pages: 16,
    holes: [],
    watermarks: { min: 0, low: 0, high: 0 },
  }));
  const freed = (variant: Variant) => {
    const player = stage(variant, { geometry: { zones } });
    player.play(alloc(3), { ...alloc(3), node: 1 }, free(0, 3), free(16, 3));
    return player;
  };

  test("BM-9: v11 shares a map between them, and a batch has blocks of both", () => {
    const player = freed("v11");
    expect(player.view.reporter()).toMatchObject({ counters: [2], timer: 0 });
    workUntil(player, "submit");
    expect(player.view.held()).toEqual([0, 16]);
  });

  test("v12 has a map for each", () => {
    const player = freed("v12");
    expect(player.view.reporter()).toMatchObject({ counters: [1, 1], timer: -1 });
    player.play({ ...alloc(3), node: 1 }, { ...alloc(3), node: 1 }, free(16, 3), free(24, 3));
    expect(player.view.reporter()).toMatchObject({ counters: [1, 2], timer: 0 });
    player.play(work, work);
    expect(player.view.reporter()).toMatchObject({ phase: "find", map: 1, cursor: 16 });
  });
});

describe("the device goes", () => {
  test("between scans: at once, and the maps with it", () => {
    const { view, play } = stage();
    play(...blocks(0, 8), free(0, 3), free(8, 3));
    expect(play({ do: "unregister" }, { do: "unregister" })).toEqual([{ event: "unregistered" }]);
    expect(view.reporter()).toMatchObject({ device: "unregistered", bits: [], counters: [0], timer: -1 });
    play(alloc(3), free(8, 3));
    expect(view.reporter()).toMatchObject({ bits: [] });
    expect(play({ do: "register" }, { do: "register" })).toEqual([{ event: "registered" }]);
  });

  test("in a scan: when it ends", () => {
    const player = stage();
    player.play(...blocks(0, 8), free(0, 3), free(8, 3));
    workUntil(player, "wait");
    expect(player.play({ do: "unregister" }, ok)).toEqual([{ event: "ack", request: 1, ok: true }]);
    expect(player.view.registered()).toBe(true);
    player.play(work, work, work);
    expect(player.play(work)).toEqual([{ event: "unregistered" }]);
    expect(player.view.registered()).toBe(false);
  });
});
