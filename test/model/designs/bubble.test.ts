import { describe, expect, test } from "vitest";
import { NONE } from "../../../model/alphabet/index.ts";
import { alloc, free, hotplug, lists, ok, onStage, tick, work } from "../stage.ts";
import type { Stage } from "../stage.ts";

/** Three blocks of order 3: 0, 8 and 16; nothing is requested before something is freed. */
const stage = (more: Stage = {}) =>
  onStage({ design: "bubble", pages: 24, ...more, settings: { delay: 1, highWater: 2, ...more.settings } });

const compact = { do: "compact", zone: "Normal", order: 3, at: 1, end: "head" } as const;

test("a whole pass, step by step", () => {
  const { view, play, enabled } = stage();
  expect(view.reporter()).toMatchObject({ requested: [0], requests: 0, timer: -1, phase: "rest", active: -1 });
  expect(play({ do: "work" })).toEqual([]);
  play(alloc(3), free(0, 3));
  expect(view.reporter()).toMatchObject({ requested: [1], requests: 1, timer: 1 });

  play(tick, work);
  expect(view.reporter()).toMatchObject({ phase: "pick", timer: -1 });
  // From the tail of the largest order.
  expect(play(work)).toEqual([
    { event: "isolate", pfn: 16, order: 3 },
    { event: "isolate", pfn: 8, order: 3 },
  ]);
  expect(view.reporter()).toMatchObject({ phase: "submit", active: -1, requested: [1] });
  const ranges = [16, 8].map((pfn) => ({ pfn, order: 3 }));
  expect(play(work)).toEqual([{ event: "submit", request: 1, ranges }]);
  expect(enabled()).toEqual([]);

  expect(play(ok, work)).toEqual([
    { event: "ack", request: 1, ok: true },
    { event: "release", pfn: 16, order: 3, reported: true },
    { event: "release", pfn: 8, order: 3, reported: true },
    { event: "isolate", pfn: 0, order: 3 },
  ]);
  // The lists ran out: the zone's request is withdrawn before its last batch is sent; the boundaries stay.
  expect(view.reporter()).toMatchObject({ phase: "submit", active: 0, requested: [0], requests: 0 });
  expect(view.boundary?.(0, 3, "movable")).toBe(8);
  expect(view.reportedBlocks?.(0, 3)).toBe(2);

  play(work, ok, work);
  expect(lists(view)).toEqual({ "movable 3": "0* 8* 16*" });
  expect(view.reporter()).toMatchObject({ phase: "pick", zone: 1, active: -1 });
  expect(view.boundary?.(0, 3, "movable")).toBeUndefined();
  expect(play(work)).toEqual([{ event: "idle" }]);
  expect(view.resting()).toBe(true);
});

describe("the boundary, in batches of one", () => {
  /** 16 is aerated, 8 is held, 0 is neither. */
  const atBoundary = (more: Stage = {}) => {
    const player = stage({ geometry: { capacity: 1 }, ...more });
    player.play(alloc(3), free(0, 3), tick, work, work, work, ok, work);
    expect(player.view.held()).toEqual([8]);
    expect(lists(player.view)).toEqual({ "movable 3": "0 16*" });
    expect(player.view.boundary?.(0, 3, "movable")).toBe(16);
    return player;
  };

  test("moves toward the tail when its block is taken, and the count goes down", () => {
    const { view, play } = atBoundary();
    play(alloc(3), alloc(3));
    expect(view.boundary?.(0, 3, "movable")).toBe(NONE);
    expect(view.reportedBlocks?.(0, 3)).toBe(0);
  });

  test("guards the tail: what is freed there is inserted in front of it", () => {
    const geometry = { maxOrder: 4, reportOrder: 1, capacity: 1 };
    const { view, play } = stage({ geometry, pages: 32, settings: { highWater: 1 } });
    const round = [work, ok, work];
    play(alloc(2), alloc(2), alloc(3), alloc(1), free(8, 3), tick, work, work, ...round, ...round, ...round);
    expect(lists(view)).toEqual({ "movable 2": "20*", "movable 3": "8* 24*" });
    expect(view.held()).toEqual([18]);
    // With 8 free, 4 would merge on, were 0 free: such blocks go to the tail.
    play(free(4, 2));
    expect(lists(view)["movable 2"]).toBe("4 20*");
    play(...round);
    expect(view.held()).toEqual([4]);
  });

  test("is not reset by compaction: what was behind it is in front of it, and the other way round (G-9)", () => {
    const { view, play } = atBoundary();
    play(compact);
    // 0 is behind the boundary and not reported.
    expect(lists(view)).toEqual({ "movable 3": "16* 0" });
    expect(view.boundary?.(0, 3, "movable")).toBe(16);
    play(work, ok, work);
    expect(lists(view)).toEqual({ "movable 3": "8* 16* 0" });
    // Nothing is above the boundary, so this pass is over without it.
    expect(view.reporter()).toMatchObject({ requested: [0] });
  });
});

describe("when a zone wants a pass", () => {
  /** 0, 8 and 16 are aerated. */
  const afterPass = (more: Stage = {}) => {
    const player = stage(more);
    player.play(alloc(3), free(0, 3), tick, work, work, work, ok, work, work, ok, work, work);
    expect(lists(player.view)).toEqual({ "movable 3": "0* 8* 16*" });
    return player;
  };

  test("it has highWater more blocks of one order than aerated ones", () => {
    const { view, play } = afterPass();
    play(alloc(3), alloc(3), free(0, 3));
    expect(view.reporter()).toMatchObject({ requested: [0], timer: -1 });
    play(free(8, 3));
    expect(view.reporter()).toMatchObject({ requested: [1], requests: 1, timer: 1 });
  });

  test("of an order that is reported", () => {
    const { view, play } = stage({ settings: { highWater: 1 } });
    play(alloc(1), alloc(1), free(0, 1));
    expect(lists(view)).toMatchObject({ "movable 1": "0" });
    expect(view.reporter()).toMatchObject({ requested: [0], timer: -1 });
  });

  test("while a pass runs, it takes that up", () => {
    const { view, play } = stage({ settings: { highWater: 1 } });
    play(alloc(3), free(0, 3), tick, work, work, work, ok, work);
    expect(view.reporter()).toMatchObject({ phase: "submit", requested: [0] });
    play(alloc(3), free(8, 3));
    expect(view.reporter()).toMatchObject({ requested: [1], requests: 1, timer: -1 });
  });

  test("and the tail of a list is aerated, the head is looked at", () => {
    const { view, play } = afterPass({ settings: { highWater: 1 } });
    play(alloc(3), free(0, 3), tick, work);
    expect(lists(view)).toEqual({ "movable 3": "0 8* 16*" });
    play(work);
    expect(view.held()).toEqual([0]);
  });
});

test("in a zone without isolated pageblocks a block comes back to the list that it was taken from (G-19)", () => {
  const { view, play } = stage({ pages: 8, geometry: { reportOrder: 1 }, settings: { highWater: 1 } });
  play(alloc(2), alloc(0), alloc(1), free(6, 1), tick, work, work);
  expect(view.held()).toEqual([6]);
  play(alloc(0, "unmovable"), work, ok, work);
  expect(view.pageblock(6)).toBe("unmovable");
  expect(lists(view)).toEqual({ "movable 1": "6*" });
});

test("in one with isolated pageblocks, to that of its pageblock", () => {
  const { view, play } = stage({ geometry: { sectionPages: 8, capacity: 1 }, settings: { highWater: 1 } });
  play(alloc(2), alloc(3), alloc(3), free(8, 3), tick, work, work, work, ok, work);
  expect(view.held()).toEqual([4]);
  play({ do: "offline", start: 0, pages: 8 }, hotplug, hotplug, work, ok, work);
  expect(lists(view)).toEqual({ "isolate 2": "4*", "movable 3": "8*" });
});

test("a block that merged when it came back is not marked, and its zone may want a pass for it", () => {
  const { view, play } = stage({ settings: { highWater: 1 } });
  play(alloc(2), alloc(3), alloc(3));
  expect(lists(view)).toEqual({ "movable 2": "4" });
  play(free(8, 3), tick, work, work);
  expect(view.held()).toEqual([8, 4]);
  play(free(0, 2), work, ok);
  expect(view.reporter()).toMatchObject({ requested: [1] });
  expect(play(work).filter(({ event }) => event === "release")).toEqual([
    { event: "release", pfn: 8, order: 3, reported: true },
    { event: "release", pfn: 4, order: 2, reported: false },
  ]);
  expect(view.held()).toEqual([0]);
});

test("a block that changes its list loses its mark, and goes to the head", () => {
  const { view, play } = stage({ geometry: { sectionPages: 8 }, settings: { highWater: 1 } });
  play(alloc(2), alloc(3), alloc(3), free(8, 3), tick, work, work, work, ok, work);
  expect(lists(view)).toEqual({ "movable 2": "4*", "movable 3": "8*" });
  play({ do: "offline", start: 0, pages: 8 }, hotplug, hotplug);
  expect(lists(view)).toEqual({ "isolate 2": "4", "movable 3": "8*" });
  expect(view.reportedBlocks?.(0, 2)).toBe(0);
});

test("no watermark is looked at", () => {
  const { view, play } = stage({ watermarks: { min: 15, low: 15, high: 15 }, settings: { highWater: 1 } });
  play(alloc(2), free(0, 2), tick, work, work);
  expect(view.freePages(0)).toBe(8);
});

test("isolated lists are walked, and the count of free pages goes down for good (G-8)", () => {
  const { view, play } = stage({ geometry: { sectionPages: 8 }, settings: { highWater: 1 } });
  play({ do: "offline", start: 16, pages: 8 }, hotplug, hotplug);
  expect(lists(view)).toEqual({ "isolate 2": "20 16", "movable 3": "0 8" });
  expect(view.freePages(0)).toBe(16);
  play(alloc(3), alloc(3), free(0, 3), tick, work, work);
  expect(view.held()).toEqual([0, 16]);
  // 16 to 19 were not counted, and are subtracted.
  expect(view.freePages(0)).toBe(-4);
  play(work, ok, work);
  expect(lists(view)).toEqual({ "movable 3": "0*" });
  expect(view.held()).toEqual([16]);
  expect(view.freePages(0)).toBe(8 - 4 - 8);
});

test("the last pages of a section are taken between the test and the removal (G-8)", () => {
  const { view, play } = stage({ geometry: { sectionPages: 8 }, settings: { highWater: 1 } });
  play(alloc(3), alloc(3), free(0, 3), { do: "offline", start: 16, pages: 8 }, hotplug, hotplug, hotplug);
  expect(view.hotplug()).toMatchObject({ phase: "remove" });
  play(tick, work, work);
  expect(view.held()).toEqual([0, 16]);
  expect(play(hotplug)).toEqual([{ event: "offline", start: 16, pages: 8 }]);
  expect(view.owner(16)).toBe("absent");
});

test("a block that spans an isolated pageblock comes back whole (G-18)", () => {
  const { view, play } = stage({ geometry: { sectionPages: 4, capacity: 1 }, settings: { highWater: 1 } });
  play(alloc(3), alloc(3), free(0, 3), tick, work, work);
  expect(view.held()).toEqual([16]);
  play({ do: "offline", start: 20, pages: 4 }, hotplug, work, ok, work);
  expect(view.pageblock(20)).toBe("isolate");
  expect(lists(view)["movable 3"]).toContain("16*");
});

describe("the device", () => {
  test("goes at once when no pass is scheduled, and leaves the marks", () => {
    const { view, play } = stage();
    play(alloc(3), free(0, 3), tick, work, work, work, ok, work, work, ok, work, work);
    expect(play({ do: "unregister" })).toEqual([{ event: "unregistered" }]);
    expect(lists(view)).toEqual({ "movable 3": "0* 8* 16*" });
    play(alloc(3), free(0, 3), { do: "register" });
    expect(view.reporter()).toMatchObject({ device: "registered", requested: [0], timer: -1 });
    expect(view.reportedBlocks?.(0, 3)).toBe(2);
  });

  test("stays for a pass that is scheduled", () => {
    const { view, play } = stage({ geometry: { capacity: 3 } });
    play(alloc(3), free(0, 3));
    expect(play({ do: "unregister" })).toEqual([]);
    expect(view.reporter()).toMatchObject({ device: "leaving", timer: 1 });
    play(tick, work, work, work, ok, work);
    expect(view.registered()).toBe(true);
    expect(play(work)).toEqual([{ event: "unregistered" }]);
  });
});
