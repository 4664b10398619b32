import { describe, expect, test } from "vitest";
import { alloc, free, lists, ok, onStage, refused, tick, work } from "../stage.ts";
import type { Stage } from "../stage.ts";

/** Three blocks of order 3: 0, 8 and 16. */
const stage = (more: Stage = {}) => onStage({ design: "page-reporting", pages: 24, ...more });

test("a whole pass, step by step", () => {
  const { view, play, enabled } = stage();
  expect(enabled()).toEqual(["tick"]);
  play(tick, tick);
  expect(enabled()).toEqual(["work"]);

  play(work);
  expect(view.reporter()).toMatchObject({ status: "active", timer: -1, phase: "zone", zone: 0 });
  play(work);
  expect(view.reporter()).toMatchObject({ phase: "list", order: 2, migratetype: 0 });

  // The lists of order 2 and the unmovable one of order 3 are empty.
  expect(play(work)).toEqual([
    { event: "isolate", pfn: 0, order: 3 },
    { event: "isolate", pfn: 8, order: 3 },
  ]);
  expect(view.reporter()).toMatchObject({ phase: "full", order: 3, migratetype: 1, budget: 1 });

  // The sg list is filled from its end.
  const ranges = [8, 0].map((pfn) => ({ pfn, order: 3 }));
  expect(play(work)).toEqual([{ event: "submit", request: 1, ranges }]);
  expect(enabled()).toEqual([]);
  expect(play(ok)).toEqual([{ event: "ack", request: 1, ok: true }]);

  expect(play(work)).toEqual([
    { event: "release", pfn: 8, order: 3, reported: true },
    { event: "release", pfn: 0, order: 3, reported: true },
    { event: "isolate", pfn: 16, order: 3 },
  ]);
  expect(lists(view)).toEqual({ "movable 3": "8* 0*" });
  expect(view.reporter()).toMatchObject({ phase: "list", order: 3, migratetype: 2, budget: 0, request: 0 });

  expect(play(work)).toMatchObject([{ event: "submit", request: 1, ranges: [{ pfn: 16, order: 3 }] }]);
  expect(view.reporter()).toMatchObject({ phase: "left-wait", order: 4, migratetype: 0 });
  play(ok);
  expect(play(work)).toEqual([{ event: "release", pfn: 16, order: 3, reported: true }]);
  expect(lists(view)).toEqual({ "movable 3": "8* 0* 16*" });

  expect(play(work)).toEqual([{ event: "idle" }]);
  expect(view.reporter()).toMatchObject({ status: "idle", phase: "rest", timer: -1, zone: 0, order: 0, budget: 0 });
  expect(view.resting()).toBe(true);
});

test("an allocation takes the mark off; the free asks for the next pass", () => {
  const { view, play, enabled } = stage();
  play(tick, tick, work, work, work, work, ok, work, work, ok, work, work);
  play(alloc(0));
  expect(lists(view)).toEqual({ "movable 0": "9", "movable 1": "10", "movable 2": "12", "movable 3": "0* 16*" });
  expect(enabled()).toEqual([]);
  play(free(8, 0));
  expect(lists(view)).toEqual({ "movable 3": "8 0* 16*" });
  expect(view.reporter()).toMatchObject({ status: "requested", timer: 2 });
});

test("a spent budget leaves the rest to the next pass, and the list begins there", () => {
  const { view, play } = stage({ geometry: { capacity: 1 }, settings: { delay: 1 } });
  // A budget of ceil(3 / 16) = 1: two batches.
  play(tick, work, work, work, work, ok, work, work, ok, work);
  expect(view.reporter()).toMatchObject({ status: "requested", phase: "list", budget: -1 });
  expect(lists(view)).toEqual({ "movable 3": "16 0* 8*" });
  expect(play(work, work)).toEqual([]);
  expect(view.reporter()).toMatchObject({ status: "requested", phase: "rest", timer: 1 });
});

test("a full batch: the list begins with the first block that found no place", () => {
  const { view, play } = stage({ pages: 32, geometry: { capacity: 1 }, settings: { delay: 1 } });
  play(tick, work, work, work, work, ok, work, work, refused, work, work);
  expect(lists(view)).toEqual({ "movable 3": "16 24 0* 8" });
  play({ do: "compact", zone: "Normal", order: 3, at: 2, end: "head" });
  play({ do: "unregister" }, { do: "register" }, tick, work, work, work);
  expect(view.held()).toEqual([8]);
  expect(lists(view)).toEqual({ "movable 3": "16 24 0*" });
});

test("a refusal: the batch comes back without the mark, and the pass ends", () => {
  const { view, play } = stage();
  play(tick, tick, work, work, work, work);
  expect(play(refused, work)).toEqual([
    { event: "ack", request: 1, ok: false },
    { event: "release", pfn: 8, order: 3, reported: false },
    { event: "release", pfn: 0, order: 3, reported: false },
  ]);
  expect(view.reporter()).toMatchObject({ phase: "finish" });
  expect(play(work)).toEqual([{ event: "idle" }]);
  expect(lists(view)).toEqual({ "movable 3": "16 8 0" });
});

test("a block that merges on its way back has no mark", () => {
  const { view, play } = stage({ geometry: { capacity: 1 }, settings: { delay: 1 } });
  play(alloc(2), alloc(2), free(0, 2), tick, work, work, work);
  expect(view.held()).toEqual([0]);
  // Held is 0 to 3; its buddy, 4 to 7, is freed. The unreported 16 finds the batch full.
  play(free(4, 2), alloc(3), work, work, ok);
  expect(play(work)[0]).toEqual({ event: "release", pfn: 0, order: 2, reported: false });
  expect(lists(view)).toEqual({ "movable 3": "0" });
  expect(view.held()).toEqual([16]);
});

test("an unmovable block becomes movable with its pageblocks", () => {
  const { view, play } = stage({ settings: { delay: 1 } });
  play(alloc(2, "unmovable"), alloc(2, "unmovable"), free(0, 2), tick, work, work, work);
  expect(view.held()).toEqual([0]);
  expect([view.pageblock(0), view.pageblock(4)]).toEqual(["movable", "unmovable"]);
});

describe("the device goes", () => {
  test("at rest: at once", () => {
    const { view, play, enabled } = stage();
    expect(play({ do: "unregister" }, { do: "unregister" })).toEqual([{ event: "unregistered" }]);
    expect(enabled()).toEqual([]);
    expect(play({ do: "register" }, { do: "register" })).toEqual([{ event: "registered" }]);
    expect(view.reporter()).toMatchObject({ status: "requested", timer: 2 });
  });

  test("in a pass: when it ends", () => {
    const { view, play } = stage();
    play(tick, tick, work, work, work, work);
    expect(play({ do: "unregister" })).toEqual([]);
    expect([view.registered(), view.reporter()["device"]]).toEqual([true, "leaving"]);
    play(refused, work);
    expect(play(work)).toEqual([{ event: "unregistered" }]);
    expect(view.registered()).toBe(false);
  });
});

test("the system is suspended between passes only; the clock runs on", () => {
  const { view, play, enabled } = stage();
  play({ do: "freeze" }, tick, tick);
  expect(view.frozen()).toBe(true);
  expect(enabled()).toEqual([]);
  play(work, { do: "thaw" }, work, { do: "freeze" });
  expect(view.reporter()).toMatchObject({ phase: "zone" });
  expect(view.frozen()).toBe(false);
});

test("the report order moves between the geometry's and the largest", () => {
  const { view, play } = stage();
  play({ do: "set-order", order: 3 }, { do: "set-order", order: 1 }, { do: "set-order", order: 4 });
  expect(view.reportOrder()).toBe(3);
});
