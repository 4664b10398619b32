import { describe, expect, test } from "vitest";
import { alloc, free, hotplug, lists, ok, onStage, work } from "../stage.ts";
import type { Stage } from "../stage.ts";

type Variant = "as-written" | "repaired" | "migration";

/** Two blocks of order 3, 0 and 8, with a bit for each half. */
const stage = (variant: Variant = "as-written", more: Stage = {}) =>
  onStage({ design: "get-put-hints", ...more, settings: { variant, ...more.settings } });

const start = { do: "hint", command: "start" } as const;
const stop = { do: "hint", command: "stop" } as const;
const done = { do: "hint", command: "done" } as const;
const range = (pfn: number, order: number) => ({ pfn, order });

test("a whole round, step by step", () => {
  const { view, play, enabled } = stage();
  expect(view.reporter()).toMatchObject({ phase: "rest", bits: [0, 4, 8, 12], starts: 0 });
  expect(enabled()).toEqual([]);
  play(start);
  expect(view.reporter()).toMatchObject({ phase: "get", starts: 1, active: 1 });

  // Nothing leaves the lists.
  expect(play(work)).toEqual([]);
  expect(view.reporter()).toMatchObject({ phase: "send", chosen: [0, 4], bits: [8, 12], cursor: 8 });
  expect([lists(view), view.held()]).toEqual([{ "movable 3": "0 8" }, []]);
  expect(play(work)).toEqual([{ event: "submit", request: 1, ranges: [range(0, 2), range(4, 2)] }]);
  expect(view.reporter()).toMatchObject({ phase: "wait" });
  expect(enabled()).toEqual([]);
  expect(play(ok, work)).toEqual([{ event: "ack", request: 1, ok: true }]);
  expect(view.reporter()).toMatchObject({ phase: "get", chosen: [], bits: [0, 4, 8, 12], request: 0 });

  expect(play(work, work)).toMatchObject([{ event: "submit", ranges: [range(8, 2), range(12, 2)] }]);
  play(ok, work);
  expect(play(work)).toEqual([{ event: "idle" }]);
  expect(view.reporter()).toMatchObject({ phase: "rest", zone: 0, cursor: 0, bits: [0, 4, 8, 12] });
});

test("zone by zone, and no request has blocks of two", () => {
  const zones = [0, 1].map((index) => ({
    name: `zone${index}`,
    node: 0,
    start: 8 * index,
    pages: 8,
    holes: index === 0 ? [{ start: 5, pages: 1 }] : [],
    watermarks: { min: 0, low: 0, high: 0 },
  }));
  const { view, play } = stage("as-written", { geometry: { zones } });
  expect(view.reporter()).toMatchObject({ bits: [0, 8, 12] });
  expect(play(start, work, work)).toMatchObject([{ ranges: [range(0, 2)] }]);
  expect(view.reporter()).toMatchObject({ zone: 0, cursor: 4 });
  expect(play(ok, work, work, work)).toMatchObject([{ event: "ack" }, { ranges: [range(8, 2), range(12, 2)] }]);
  expect(view.reporter()).toMatchObject({ zone: 1, cursor: 16 });
});

test("the zones need not stand in ascending order", () => {
  const zones = [8, 0].map((first, index) => ({
    name: `zone${index}`,
    node: 0,
    start: first,
    pages: 8,
    holes: [],
    watermarks: { min: 0, low: 0, high: 0 },
  }));
  const { view, play } = stage("as-written", { geometry: { zones } });
  expect(view.reporter()).toMatchObject({ bits: [0, 4, 8, 12] });
  expect(play(start, work, work, ok, work)).toMatchObject([{ ranges: [range(8, 2), range(12, 2)] }, { event: "ack" }]);
  expect(play(work, work)).toMatchObject([{ ranges: [range(0, 2), range(4, 2)] }]);
});

test("a block that is not free any more loses its bit when it is looked at", () => {
  const { view, play } = stage();
  play(alloc(0), start);
  expect(view.reporter()).toMatchObject({ bits: [0, 4, 8, 12] });
  play(work);
  expect(view.reporter()).toMatchObject({ chosen: [4, 8], bits: [12] });
});

test("a freed block gets the bits of all its parts, but for those of hints in hand", () => {
  const { view, play } = stage();
  play(alloc(2), start, work);
  expect(view.reporter()).toMatchObject({ chosen: [4, 8], bits: [12] });
  play(free(0, 2));
  expect(lists(view)).toEqual({ "movable 3": "0 8" });
  expect(view.reporter()).toMatchObject({ bits: [0, 12] });
  play(alloc(0), free(0, 0));
  expect(view.reporter()).toMatchObject({ bits: [0, 12] });
});

describe("a block is allocated while the host has it", () => {
  test("XB-1: as written, nothing prevents it", () => {
    const { view, play } = stage();
    play(start, work, work);
    expect(play(alloc(2))).toMatchObject([{ event: "alloc", pfn: 0 }]);
    expect(view.reporter()).toMatchObject({ phase: "wait", chosen: [0, 4] });
    // XB-4: put sets its bit, whoever has it; a round later, get clears it.
    play(ok, work);
    expect(view.reporter()).toMatchObject({ bits: [0, 4, 8, 12] });
    play(start, work);
    expect(view.reporter()).toMatchObject({ chosen: [4, 8], bits: [12] });
  });

  test("repaired: the block is off its list, and the caller gets another", () => {
    const { view, play } = stage("repaired", { geometry: { capacity: 1 } });
    expect(play(start, work, work)).toEqual([
      { event: "isolate", pfn: 0, order: 3 },
      { event: "submit", request: 1, ranges: [range(0, 3)] },
    ]);
    expect(view.reporter()).toMatchObject({ chosen: [0], bits: [8, 12], cursor: 8 });
    expect(play(alloc(2))).toMatchObject([{ event: "alloc", pfn: 8 }]);
    expect(play(ok, work)).toMatchObject([{ event: "ack" }, { event: "release", pfn: 0, order: 3, reported: false }]);
    expect(view.reporter()).toMatchObject({ phase: "get", bits: [0, 4, 8, 12], chosen: [] });
    expect(lists(view)).toEqual({ "movable 2": "12", "movable 3": "0" });
  });

  test("migration: bits are only read, and the host drops nothing", () => {
    const { view, play } = stage("migration");
    play(start, work, work);
    expect(view.reporter()).toMatchObject({ chosen: [0, 4], bits: [0, 4, 8, 12] });
    expect(play(alloc(2))).toMatchObject([{ event: "alloc", pfn: 0 }]);
    play(ok, work);
    expect(view.reporter()).toMatchObject({ phase: "get", bits: [0, 4, 8, 12] });
  });
});

describe("repaired: what can't be taken keeps its bits", () => {
  test("the watermark refuses", () => {
    const { view, play } = stage("repaired", { watermarks: { min: 8, low: 8, high: 8 } });
    expect(play(start, work)).toEqual([{ event: "idle" }]);
    expect(view.reporter()).toMatchObject({ bits: [0, 4, 8, 12] });
  });

  test("isolated pageblocks are hotplug's", () => {
    const { view, play } = stage("repaired", { pages: 24, geometry: { sectionPages: 8, capacity: 1 } });
    play({ do: "offline", start: 0, pages: 8 }, hotplug, hotplug, start);
    expect(play(work)).toEqual([{ event: "isolate", pfn: 8, order: 3 }]);
    expect(view.reporter()).toMatchObject({ bits: [0, 4, 16, 20] });
  });
});

describe("the host", () => {
  test("pauses: nothing more is got, and what it has is put", () => {
    const { view, play } = stage();
    expect(play(start, stop)).toEqual([{ event: "idle" }]);
    play(start, work, work, done);
    expect(view.reporter()).toMatchObject({ phase: "wait", stopping: true, starts: 2 });
    expect(play(ok, work)).toEqual([{ event: "ack", request: 1, ok: true }, { event: "idle" }]);
    expect(view.reporter()).toMatchObject({ phase: "rest", stopping: false, cursor: 0, bits: [0, 4, 8, 12] });
  });

  test("starts again while it has hints: the next look is from the first zone on", () => {
    const { view, play } = stage();
    play(start, work, work, stop, start);
    expect(view.reporter()).toMatchObject({ phase: "wait", stopping: false, active: 2, cursor: 0, chosen: [0, 4] });
    play(ok, work, work);
    expect(view.reporter()).toMatchObject({ phase: "send", chosen: [0, 4] });
  });

  test("is not heard while the device is gone or the system suspended", () => {
    const { view, play } = stage();
    play({ do: "freeze" }, start, { do: "thaw" }, { do: "unregister" }, start);
    expect(view.reporter()).toMatchObject({ phase: "rest", starts: 0 });
  });
});

describe("the device goes", () => {
  test("at once, while nothing was sent; when it is back, bits are what is free", () => {
    const { view, play } = stage();
    expect(play(start, { do: "unregister" })).toEqual([{ event: "unregistered" }]);
    expect(view.reporter()).toMatchObject({ device: "unregistered", phase: "rest" });
    play(alloc(2));
    expect(play({ do: "register" })).toEqual([{ event: "registered" }]);
    expect(view.reporter()).toMatchObject({ bits: [4, 8, 12] });
  });

  test("when the hints on their way are put", () => {
    const { view, play } = stage("repaired");
    play(start, work, { do: "unregister" });
    expect(view.registered()).toBe(true);
    expect(play(work, ok, work)).toMatchObject([
      { event: "submit" },
      { event: "ack" },
      { event: "release", pfn: 0 },
      { event: "unregistered" },
    ]);
    expect([view.registered(), view.held()]).toEqual([false, []]);
  });
});

test("a part with its bit is enough for a block to be looked at", () => {
  const { view, play } = stage("as-written", { geometry: { capacity: 1 } });
  play(start, work);
  expect(view.reporter()).toMatchObject({ bits: [4, 8, 12] });
  expect(view.noted(0, 3)).toBe(true);
});
