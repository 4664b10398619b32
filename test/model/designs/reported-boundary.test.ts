import { describe, expect, test } from "vitest";
import { NONE } from "../../../model/alphabet/index.ts";
import { alloc, free, lists, ok, onStage, tick, work } from "../stage.ts";
import type { Stage } from "../stage.ts";

/** Three blocks of order 3: 0, 8 and 16. */
const stage = (more: Stage = {}) =>
  onStage({ design: "reported-boundary", pages: 24, ...more, settings: { delay: 1, highWater: 2, ...more.settings } });

test("a whole pass, step by step", () => {
  const { view, play, enabled } = stage();
  expect(view.reporter()).toMatchObject({ requested: [1], requests: 1, timer: 1, phase: "rest", active: -1 });
  play(tick, work);
  expect(view.reporter()).toMatchObject({ phase: "pick", timer: -1 });

  // From the tail of the largest order.
  expect(play(work)).toEqual([
    { event: "isolate", pfn: 16, order: 3 },
    { event: "isolate", pfn: 8, order: 3 },
  ]);
  expect(view.reporter()).toMatchObject({ phase: "submit", active: 0, requested: [1] });
  const ranges = [16, 8].map((pfn) => ({ pfn, order: 3 }));
  expect(play(work)).toEqual([{ event: "submit", request: 1, ranges }]);
  expect(enabled()).toEqual([]);

  expect(play(ok, work)).toEqual([
    { event: "ack", request: 1, ok: true },
    { event: "release", pfn: 16, order: 3, reported: true },
    { event: "release", pfn: 8, order: 3, reported: true },
    { event: "isolate", pfn: 0, order: 3 },
  ]);
  // The lists are exhausted: the zone's request is cancelled before its last batch is sent.
  expect(view.reporter()).toMatchObject({ phase: "submit", active: -1, requested: [0], requests: 0 });
  expect(view.reportedBlocks?.(0, 3)).toBe(2);

  play(work, ok, work);
  expect(lists(view)).toEqual({ "movable 3": "16* 8* 0*" });
  expect(view.reporter()).toMatchObject({ phase: "pick", zone: 1 });
  expect(play(work)).toEqual([{ event: "idle" }]);
  expect(view.reporter()).toMatchObject({ phase: "rest", zone: 0, request: 0 });
  expect(view.resting()).toBe(true);
});

describe("the boundary, in batches of one", () => {
  /** 16 is reported, 8 is held, 0 is neither. */
  const atBoundary = () => {
    const player = stage({ geometry: { capacity: 1 } });
    player.play(tick, work, work, work, ok, work);
    expect(player.view.held()).toEqual([8]);
    expect(lists(player.view)).toEqual({ "movable 3": "0 16*" });
    expect(player.view.boundary?.(0, 3, "movable")).toBe(16);
    return player;
  };

  test("what comes back while the zone is worked on is inserted in front of it", () => {
    const { view, play } = atBoundary();
    play(work, ok);
    expect(play(work)).toMatchObject([
      { event: "release", pfn: 8, reported: true },
      { event: "isolate", pfn: 0 },
    ]);
    expect(lists(view)).toEqual({ "movable 3": "8* 16*" });
    expect(view.boundary?.(0, 3, "movable")).toBe(8);
  });

  test("moves toward the tail when its block is taken", () => {
    const { view, play } = atBoundary();
    play(alloc(3), alloc(3));
    expect(view.boundary?.(0, 3, "movable")).toBe(NONE);
    expect(view.reportedBlocks?.(0, 3)).toBe(0);
  });

  test("is reset by compaction: nothing slips behind it, and all is reported in the end", () => {
    const { view, play } = atBoundary();
    play({ do: "compact", zone: "Normal", order: 3, at: 1, end: "head" });
    expect(view.boundary?.(0, 3, "movable")).toBe(NONE);
    expect(lists(view)).toEqual({ "movable 3": "16* 0" });
    play(work, ok);
    expect(play(work)).toMatchObject([
      { event: "release", pfn: 8 },
      { event: "isolate", pfn: 0 },
    ]);
    expect(lists(view)).toEqual({ "movable 3": "16* 8*" });
    play(work, ok, work);
    expect(lists(view)).toEqual({ "movable 3": "16* 0* 8*" });
    expect(play(work)).toEqual([{ event: "idle" }]);
  });

  test("is only there while the zone is worked on", () => {
    const { view, play } = atBoundary();
    play(work, ok, work, work, ok, work);
    expect(view.boundary?.(0, 3, "movable")).toBeUndefined();
  });
});

test("a pass is asked for when a zone has highWater more blocks than reported ones", () => {
  const { view, play } = stage();
  play(tick, work, work, work, ok, work, work, ok, work, work);
  expect(lists(view)).toEqual({ "movable 3": "16* 8* 0*" });
  play(alloc(3), free(16, 3), alloc(3), alloc(3), free(16, 3));
  expect(view.reporter()).toMatchObject({ requested: [0], timer: -1 });
  play(free(8, 3));
  expect(view.reporter()).toMatchObject({ requested: [1], requests: 1, timer: 1 });
});

test("a block that changes its list goes to the head of the new one", () => {
  const { view, play } = stage({ geometry: { sectionPages: 8 } });
  play({ do: "offline", start: 0, pages: 8 }, { do: "hotplug" }, { do: "hotplug" });
  expect(lists(view)["isolate 2"]).toBe("4 0");
});

test("a refusal is not heard: report() returns nothing", () => {
  const { view, play } = stage();
  play(tick, work, work, work, { do: "ack", request: 1, ok: false });
  expect(view.reporter()).toMatchObject({ answer: "ok" });
});

test("the device goes when no zone asks for a pass any more", () => {
  const { view, play } = stage();
  play(tick, work, work, { do: "unregister" }, work, ok, work, work, ok, work);
  expect(view.registered()).toBe(true);
  expect(play(work)).toEqual([{ event: "unregistered" }]);
  expect(play({ do: "register" })).toEqual([{ event: "registered" }]);
  expect(view.reporter()).toMatchObject({ requested: [1], timer: 1 });
  expect(lists(view)).toEqual({ "movable 3": "16* 8* 0*" });
});
