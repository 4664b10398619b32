import { describe, expect, test } from "vitest";
import { alloc, free, lists, onStage, proceed, work } from "../stage.ts";
import type { Stage } from "../stage.ts";

const ack = (request: number) => ({ do: "ack", request, ok: true }) as const;
const unregister = { do: "unregister" } as const;

describe("v8", () => {
  /** Four blocks of order 3: 0, 8, 16 and 24; two entries an array. */
  const stage = (more: Stage = {}) => onStage({ design: "array-percpu", pages: 32, ...more });

  /** 0, 8 and 16 are in use. */
  const inUse = (more: Stage = {}) => {
    const player = stage(more);
    player.play(alloc(3), alloc(3), alloc(3));
    return player;
  };

  /** The array has 0 and 8, and the thread is awake. */
  const awake = (more: Stage = {}) => {
    const player = inUse(more);
    player.play(free(0, 3), free(8, 3));
    return player;
  };

  test("a pass of a thread, step by step", () => {
    const { view, play, enabled } = inUse();
    play(free(0, 3));
    expect(view.reporter()).toMatchObject({ stages: "", entries: [1], pfns: [0] });
    expect(view.noted(0, 3)).toBe(true);
    expect(enabled()).toEqual([]);
    play(free(8, 3));
    expect(view.reporter()).toMatchObject({ stages: "isolate", entries: [2], at: [0, 0] });
    expect(enabled()).toEqual(["proceed"]);

    expect(play(proceed(0))).toEqual([{ event: "isolate", pfn: 0, order: 3 }]);
    expect(view.reporter()).toMatchObject({ at: [0, 1], lists: [1] });
    expect(play(proceed(0))).toEqual([{ event: "isolate", pfn: 8, order: 3 }]);
    expect(play(proceed(0))).toEqual([]);
    expect(view.reporter()).toMatchObject({ stages: "submit", at: [2, 0] });
    const ranges = [0, 8].map((pfn) => ({ pfn, order: 3 }));
    expect(play(proceed(0))).toEqual([{ event: "submit", request: 1, ranges }]);
    expect(view.reporter()).toMatchObject({ stages: "wait", requests: [1] });
    expect(enabled()).toEqual([]);

    play(ack(1));
    expect(play(proceed(0))).toEqual([{ event: "release", pfn: 0, order: 3, reported: false }]);
    expect(view.reporter()).toMatchObject({ stages: "return", requests: [0], entries: [2] });
    expect(view.resting()).toBe(false);
    expect(play(proceed(0))).toMatchObject([{ event: "release", pfn: 8 }]);
    expect(view.reporter()).toMatchObject({ stages: "", entries: [0], at: [0, 0] });
    expect(view.resting()).toBe(true);
    expect(lists(view)).toEqual({ "movable 3": "8 0 24" });
  });

  test("the array is packed: an entry becomes the free block around it, duplicates go (scan_array)", () => {
    const { view, play } = stage();
    play(alloc(2), alloc(2), free(0, 2), free(4, 2));
    // 4 is not in the buddy yet as the array is scanned.
    expect(view.reporter()).toMatchObject({ stages: "isolate", pfns: [0, 4] });
    const other = stage({ geometry: { capacity: 3 } });
    other.play(alloc(2), alloc(2), alloc(3), free(0, 2), free(4, 2), free(8, 3));
    expect(other.view.reporter()).toMatchObject({ stages: "", entries: [2], pfns: [0, 8] });
  });

  test("as the array fills up, the CPU's cache is drained, and its blocks are found", () => {
    const settings = { pcp: { maxOrder: 0, huge: false, high: 8, batch: 4 } };
    const { view, play } = stage({ geometry: { capacity: 2 }, settings });
    play(alloc(0));
    const [cached] = view.cached(0, 0, 0, "movable");
    play(alloc(2), free(cached - 1, 0));
    expect(view.cached(0, 0, 0, "movable").length).toBeGreaterThan(0);
    play(free(4, 2));
    expect(view.cached(0, 0, 0, "movable")).toEqual([]);
    expect(view.reporter()).toMatchObject({ stages: "isolate", pfns: [0, 4] });
  });

  test("while the thread is at work, frees of its CPU are not noted (a)", () => {
    const { view, play } = awake();
    play(free(16, 3));
    expect(view.reporter()).toMatchObject({ entries: [2], pfns: [0, 8] });
    expect(view.noted(16, 3)).toBe(false);
  });

  test("a block that is not free any more is passed over, and so is one too small", () => {
    const { view, play, enabled } = awake();
    play(alloc(3), alloc(3), alloc(3));
    expect(play(proceed(0))).toEqual([]);
    expect(view.reporter()).toMatchObject({ stages: "", entries: [0] });
    expect(enabled()).toEqual([]);
    const small = awake();
    small.play(alloc(3), alloc(2), alloc(0));
    expect(lists(small.view)).toEqual({ "movable 0": "5", "movable 1": "6", "movable 3": "24" });
    expect(small.play(proceed(0))).toEqual([]);
  });

  test("what the watermark refuses is asked for again page by page, and then forgotten", () => {
    const { view, play } = awake({ watermarks: { min: 8, low: 8, high: 8 } });
    expect(play(proceed(0))).toMatchObject([{ event: "isolate", pfn: 0 }]);
    expect(play(proceed(0))).toEqual([]);
    expect(view.reporter()).toMatchObject({ stages: "isolate", at: [1, 1] });
    expect(Array.from({ length: 8 }, () => play(proceed(0))).flat()).toEqual([]);
    expect(view.reporter()).toMatchObject({ stages: "submit", lists: [1] });
    play(proceed(0), ack(1), proceed(0));
    expect(view.noted(8, 3)).toBe(false);
  });

  test("a caller is told that memory is out, although blocks are only held (b)", () => {
    const { play } = awake();
    play(proceed(0), proceed(0), alloc(3));
    expect(play(alloc(0, "movable", { wait: true }))).toMatchObject([{ event: "alloc-failed", reason: "no-memory" }]);
  });

  test("one entry yields two blocks, and nobody checks whether the list has room (c)", () => {
    const { view, play, enabled } = inUse({ geometry: { capacity: 1, reportOrder: 1 } });
    play(free(0, 3));
    // The block is split by the time the thread runs: 2..3 and 4..7 are left of it.
    play(alloc(1));
    expect(play(proceed(0))).toEqual([{ event: "isolate", pfn: 2, order: 1 }]);
    expect(view.stopped()).toBe("");
    expect(play(proceed(0))).toEqual([]);
    expect(view.stopped()).toContain("behind the end of hypervisor_pagelist");
    expect(enabled()).toEqual([]);
  });

  test("two threads have requests open at the same time", () => {
    const { view, play } = inUse({ geometry: { capacity: 1 }, settings: { cpus: 2 } });
    play(free(0, 3, 0), free(8, 3, 1));
    play(proceed(0), proceed(0), proceed(0), proceed(1), proceed(1), proceed(1));
    expect(view.reporter()).toMatchObject({ stages: "wait,wait", requests: [1, 2] });
    expect(play(ack(2), proceed(0))).toEqual([{ event: "ack", request: 2, ok: true }]);
    expect(play(proceed(1))).toMatchObject([{ event: "release", pfn: 8 }]);
    expect(view.reporter()).toMatchObject({ stages: "wait,", requests: [1, 0] });
  });

  test("the device goes: what is isolated goes straight back, and the last thread takes the device with it", () => {
    const { view, play } = awake();
    play(proceed(0), proceed(0), proceed(0));
    expect(play(unregister, { do: "freeze" })).toEqual([]);
    expect(view.reporter()).toMatchObject({ device: "leaving" });
    expect(play(proceed(0), proceed(0), proceed(0))).toEqual([
      { event: "release", pfn: 0, order: 3, reported: false },
      { event: "release", pfn: 8, order: 3, reported: false },
      { event: "unregistered" },
    ]);
    expect(play(free(16, 3), { do: "register" })).toMatchObject([{ event: "free" }, { event: "registered" }]);
    expect(view.reporter()).toMatchObject({ entries: [0] });
  });
});

describe("v9", () => {
  /** Four blocks of order 3: 0, 8, 16 and 24; two entries are enough, three are the most. */
  const stage = (more: Stage = {}) =>
    onStage({
      design: "array-percpu",
      pages: 32,
      ...more,
      geometry: { capacity: 3, ...more.geometry },
      settings: { variant: "v9", highWater: 2, ...more.settings },
    });

  /** 0 and 8 were freed: the CPU goes inside the reporter. */
  const due = (more: Stage = {}) => {
    const player = stage(more);
    player.play(alloc(3), alloc(3), alloc(3), free(0, 3), free(8, 3));
    return player;
  };

  /** A request with 0 and 8 is open, and nothing else is held. */
  const sent = (more: Stage = {}) => {
    const player = due(more);
    player.play(proceed(0), proceed(0));
    return player;
  };

  test("noted, isolated inside the free, sent, and freed by the interrupt", () => {
    const { view, play, enabled } = due();
    expect(view.reporter()).toMatchObject({ entries: [2], pfns: [0, 8], stages: "", phase: "rest" });
    expect(view.stalled()).toBe(1);
    // The CPU does nothing else until it is out again.
    expect(play(free(16, 3), alloc(0))).toEqual([]);
    expect(enabled()).toEqual(["proceed"]);

    expect(play(proceed(0))).toEqual([
      { event: "isolate", pfn: 0, order: 3 },
      { event: "isolate", pfn: 8, order: 3 },
    ]);
    expect(view.reporter()).toMatchObject({ stages: "submit", phase: "call", lists: [2], zones: [1] });
    const ranges = [0, 8].map((pfn) => ({ pfn, order: 3 }));
    expect(play({ do: "freeze" }, proceed(0))).toEqual([{ event: "submit", request: 1, ranges }]);
    expect(view.frozen()).toBe(false);
    expect(view.reporter()).toMatchObject({ stages: "", phase: "rest", entries: [0], lists: [0], open: [1, 2, 0] });
    expect(view.stalled()).toBe(0);
    expect(enabled()).toEqual([]);

    play(ack(1));
    expect(view.resting()).toBe(false);
    expect(play(work)).toEqual([{ event: "release", pfn: 0, order: 3, reported: false }]);
    expect(view.reporter()).toMatchObject({ phase: "return", handling: 1, open: [1, 2, 1] });
    expect(play(work)).toMatchObject([{ event: "release", pfn: 8 }]);
    expect(view.reporter()).toMatchObject({ phase: "rest", handling: 0, open: [], entries: [0] });
    expect(view.resting()).toBe(true);
  });

  test("zone by zone, and only what is still there as it was noted", () => {
    const watermarks = { min: 0, low: 0, high: 0 };
    const zone = (name: string, node: number, start: number) => {
      return { name, node, start, pages: 16, holes: [], watermarks };
    };
    const zones = [zone("Normal", 0, 0), zone("Far", 1, 16)];
    const { view, play } = stage({ geometry: { zones, capacity: 3 }, settings: { highWater: 3, cpus: 2 } });
    play(alloc(3), alloc(3), alloc(3), free(16, 3), free(0, 3), free(8, 3));
    expect(view.reporter()).toMatchObject({ pfns: [16, 0, 8] });
    // Another CPU splits the block at 8.
    play(alloc(1, "movable", { cpu: 1 }));
    expect(play(proceed(0))).toMatchObject([{ event: "isolate", pfn: 0 }]);
    expect(view.reporter()).toMatchObject({ pfns: [0, 8, 16], zones: [1, 0], stages: "isolate," });
    expect(play(proceed(0))).toMatchObject([{ event: "isolate", pfn: 16 }]);
    expect(view.reporter()).toMatchObject({ stages: "submit,", lists: [2, 0] });
  });

  test("a block is noted once; with the array full it is not (V9-8)", () => {
    const { view, play } = stage({ settings: { highWater: 4 } });
    play(alloc(3), alloc(3), alloc(3), alloc(3), free(0, 3), alloc(3), free(0, 3));
    expect(view.reporter()).toMatchObject({ entries: [1] });
    play(free(8, 3), free(16, 3), free(24, 3));
    expect(view.reporter()).toMatchObject({ pfns: [0, 8, 16] });
    expect(view.noted(24, 3)).toBe(false);
  });

  test("whoever submits throws away the answers that came before: their blocks are held for ever (V9-3)", () => {
    const { view, play, enabled } = sent();
    play(ack(1), alloc(3), free(24, 3), free(16, 3), proceed(0));
    expect(view.reporter()).toMatchObject({ open: [1, 2, 1], stages: "submit" });
    expect(play(proceed(0))).toMatchObject([{ event: "submit", request: 1, ranges: [{ pfn: 24 }] }]);
    expect(view.reporter()).toMatchObject({ open: [1, 1, 0] });
    expect(view.held()).toEqual([0, 8, 24]);
    play(ack(1), work);
    expect(enabled()).toEqual([]);
    expect(view.held()).toEqual([0, 8]);
  });

  test("the request that the interrupt is at work on is not thrown away", () => {
    const { view, play } = sent();
    // 0 is back already, and is taken anew.
    play(ack(1), work, alloc(3), free(0, 3), free(16, 3), proceed(0), proceed(0));
    expect(view.reporter()).toMatchObject({ phase: "return", handling: 1, open: [1, 2, 1, 2, 2, 0] });
    expect(play(work)).toMatchObject([{ event: "release", pfn: 8 }]);
  });

  test("the device goes at once; what a CPU has in hand then is lost (V9-4, V9-5)", () => {
    const { view, play, enabled } = sent();
    expect(play(unregister)).toEqual([{ event: "unregistered" }]);
    expect(play(ack(1), work)).toEqual([{ event: "ack", request: 1, ok: true }]);
    expect(view.held()).toEqual([0, 8]);
    expect(enabled()).toEqual([]);

    const inside = due();
    inside.play(proceed(0), unregister);
    expect(inside.play(proceed(0))).toEqual([]);
    expect(inside.view.reporter()).toMatchObject({ stages: "", lists: [0], open: [] });
    expect(inside.view.held()).toEqual([0, 8]);
  });
});
