import { describe, expect, test } from "vitest";
import { NONE } from "../../../model/alphabet/index.ts";
import { alloc, free, hotplug, lists, ok, onStage, work } from "../stage.ts";
import type { Stage } from "../stage.ts";

/** Three blocks of order 3: 0, 8 and 16; nothing is treated before something is freed. */
const stage = (more: Stage = {}) =>
  onStage({ design: "treated-buddy", pages: 24, ...more, settings: { highWater: 2, ...more.settings } });

const proceed = { do: "proceed", cpu: 0 } as const;
const movable = 1;
const isolate = 5;

test("a whole cycle, step by step", () => {
  const { view, play, enabled } = stage();
  expect(view.reporter()).toMatchObject({ requested: [0], phase: "rest", treatment: [isolate, isolate] });
  play(alloc(3));
  // The free starts it: from the tail of the largest order, type after type; that of order 3 has its turn at movable.
  expect(play(free(0, 3))).toEqual([
    { event: "free", pfn: 0, order: 3 },
    { event: "isolate", pfn: 16, order: 3 },
    { event: "isolate", pfn: 8, order: 3 },
  ]);
  expect(view.reporter()).toMatchObject({ phase: "react", stages: "react", treatment: [isolate, movable] });
  // Less than a batch is left raw: the zone wants no more.
  expect(view.reporter()).toMatchObject({ requested: [0], requests: 0 });
  expect(enabled()).toEqual(["proceed"]);

  const ranges = [16, 8].map((pfn) => ({ pfn, order: 3 }));
  expect(play(proceed)).toEqual([{ event: "submit", request: 1, ranges }]);
  expect(enabled()).toEqual([]);
  expect(play(ok, work)).toEqual([
    { event: "ack", request: 1, ok: true },
    { event: "release", pfn: 16, order: 3, reported: true },
  ]);
  expect(view.reporter()).toMatchObject({ phase: "decant", request: 0 });
  expect(play(work)).toEqual([{ event: "release", pfn: 8, order: 3, reported: true }]);
  expect(lists(view)).toEqual({ "movable 3": "0 8* 16*" });
  expect(view.boundary?.(0, 3, "movable")).toBe(8);
  expect(view.boundary?.(0, 3, "unmovable")).toBeUndefined();

  expect(view.reporter()).toMatchObject({ phase: "fill" });
  expect(play(work)).toEqual([{ event: "idle" }]);
  expect(view.resting()).toBe(true);
});

test("a CPU that is about to send frees and allocates nothing, others do", () => {
  const { view, play } = stage({ settings: { cpus: 2 } });
  play(alloc(3), free(0, 3));
  expect(play(alloc(0))).toEqual([]);
  expect(play({ ...alloc(3), cpu: 1 })).toMatchObject([{ event: "alloc", pfn: 0 }]);
  expect(play(free(0, 3))).toEqual([]);
  expect(play(free(0, 3, 1))).toMatchObject([{ event: "free" }]);
  play(proceed, free(0, 3));
  expect(view.reporter()).toMatchObject({ phase: "settle", stages: "," });
});

describe("a treated block", () => {
  /** 8 and 16 are treated, 0 is raw. */
  const treated = (more: Stage = {}) => {
    const player = stage(more);
    player.play(alloc(3), free(0, 3), proceed, ok, work, work, work);
    expect(lists(player.view)).toEqual({ "movable 3": "0 8* 16*" });
    return player;
  };

  test("is inherited by its parts, and they are one again when they merge", () => {
    const { view, play } = treated();
    play(alloc(3), alloc(2));
    expect(lists(view)).toEqual({ "movable 2": "12*", "movable 3": "16*" });
    expect(view.boundary?.(0, 3, "movable")).toBe(16);
    play(free(8, 2));
    // The part that was out came back raw.
    expect(lists(view)).toEqual({ "movable 3": "8 16*" });
  });

  test("leaves parts that are too small to be reported raw", () => {
    const { view, play } = treated();
    play(alloc(3), alloc(1));
    expect(lists(view)).toEqual({ "movable 1": "10", "movable 2": "12*", "movable 3": "16*" });
  });

  test("passes the membrane on when it goes", () => {
    const { view, play } = treated();
    play(alloc(3), alloc(3), alloc(3));
    expect(view.boundary?.(0, 3, "movable")).toBe(NONE);
  });

  test("keeps its mark when it changes its list, and the membrane stays behind", () => {
    const { view, play } = stage({ pages: 16, geometry: { sectionPages: 8 }, settings: { highWater: 1 } });
    play(alloc(2), alloc(2), free(4, 2), proceed, ok, work, work, work);
    expect(lists(view)).toEqual({ "movable 2": "4*", "movable 3": "8*" });
    expect(view.boundary?.(0, 2, "movable")).toBe(4);
    play({ do: "offline", start: 0, pages: 8 }, hotplug, hotplug);
    expect(lists(view)).toEqual({ "isolate 2": "4*", "movable 3": "8*" });
    expect(view.boundary?.(0, 2, "movable")).toBe(NONE);
  });

  test("loses it where it comes apart for an isolation", () => {
    const { view, play } = treated({ geometry: { sectionPages: 8 } });
    play(alloc(3), { do: "offline", start: 8, pages: 8 }, hotplug);
    expect(lists(view)).toEqual({ "isolate 2": "8", "movable 2": "12", "movable 3": "16*" });
  });
});

describe("a free starts no cycle", () => {
  test("where too few blocks of its order are raw, or it is too small to be reported", () => {
    const { view, play } = stage({ settings: { highWater: 1 } });
    play(alloc(1), alloc(1), free(0, 1));
    expect(view.reporter()).toMatchObject({ phase: "rest", requested: [0] });
    const two = stage();
    two.play(alloc(2), alloc(2), free(0, 2));
    expect(two.view.reporter()).toMatchObject({ phase: "rest", requested: [0] });
  });

  test("of a block in an isolated pageblock", () => {
    const { view, play } = stage({ geometry: { pageblockOrder: 3, sectionPages: 8 }, settings: { highWater: 1 } });
    play(alloc(3), { do: "offline", start: 0, pages: 8 }, hotplug, free(0, 3));
    expect(lists(view)).toEqual({ "isolate 3": "0", "movable 3": "8 16" });
    expect(view.reporter()).toMatchObject({ phase: "rest", requested: [0] });
  });
});

test("a treated block that comes to a raw buddy becomes raw, and the free of it is heard", () => {
  const { view, play } = stage({ pages: 8, settings: { highWater: 1 } });
  play(alloc(2), alloc(2));
  expect(play(free(4, 2))).toContainEqual({ event: "isolate", pfn: 4, order: 2 });
  // While the host has 4, its buddy comes back: the zone wants a cycle, but one is under way.
  play(proceed, free(0, 2), ok);
  expect(view.reporter()).toMatchObject({ requested: [1], treatment: [movable, isolate] });
  expect(play(work)).toEqual([{ event: "release", pfn: 4, order: 2, reported: false }]);
  expect(lists(view)).toEqual({ "movable 3": "0" });
  expect(view.reporter()).toMatchObject({ phase: "fill", requested: [1] });
  // In the interrupt the batch is filled and sent at once.
  const range = { pfn: 0, order: 3 };
  expect(play(work)).toEqual([
    { event: "isolate", ...range },
    { event: "submit", request: 1, ranges: [range] },
  ]);
  play(ok, work);
  expect(play(work)).toEqual([{ event: "idle" }]);
  expect(lists(view)).toEqual({ "movable 3": "0*" });
});

test("a batch is shared by the zones that want one", () => {
  const watermarks = { min: 0, low: 0, high: 0 };
  const zones = [0, 8].map((start) => ({ name: `${start}`, node: start / 8, start, pages: 8, holes: [], watermarks }));
  const { view, play } = stage({ geometry: { zones, capacity: 3 }, settings: { highWater: 1 } });
  play(alloc(2), alloc(2), { ...alloc(2), node: 1 }, { ...alloc(2), node: 1 });
  play(free(4, 2), proceed);
  play(free(0, 2), free(12, 2), ok, work);
  expect(lists(view)).toEqual({ "movable 3": "0" });
  expect(view.reporter()).toMatchObject({ phase: "fill", zone: 0, requested: [1, 1] });
  expect(play(work)).toEqual([{ event: "isolate", pfn: 0, order: 3 }]);
  const ranges = [
    { pfn: 0, order: 3 },
    { pfn: 12, order: 2 },
  ];
  expect(play(work)).toEqual([
    { event: "isolate", pfn: 12, order: 2 },
    { event: "submit", request: 1, ranges },
  ]);
});

test("what is freed to the tail goes behind the membrane (G-5)", () => {
  const { view, play } = stage({ geometry: { maxOrder: 4 }, pages: 48 });
  play(alloc(2), alloc(2), alloc(3), alloc(2), alloc(2), alloc(3), alloc(2), alloc(2), alloc(3));
  play(free(20, 2), free(36, 2), proceed, ok, work, work, work);
  expect(lists(view)).toEqual({ "movable 2": "36* 20*" });
  expect(view.boundary?.(0, 2, "movable")).toBe(36);
  // With 8 free, 4 would merge on, were 0 free: such blocks go to the tail.
  play(free(8, 3), free(4, 2));
  expect(lists(view)["movable 2"]).toBe("36* 20* 4");
  expect(view.boundary?.(0, 2, "movable")).toBe(36);
});

test("a raw block between treated ones is not found, and the fill never ends", () => {
  const { view, play } = stage({ geometry: { capacity: 1 }, settings: { highWater: 1 } });
  play(alloc(2), alloc(2), alloc(2), alloc(2), alloc(2), alloc(2));
  play(free(12, 2), proceed, ok, work, work);
  play(free(20, 2), proceed, free(4, 2), ok, work);
  expect(lists(view)).toEqual({ "movable 2": "4 12* 20*" });
  play({ do: "compact", zone: "Normal", order: 2, at: 2, end: "head" });
  expect(lists(view)).toEqual({ "movable 2": "20* 4 12*" });
  for (let steps = 0; steps < 8; steps++) {
    expect(play(work)).toEqual([]);
  }
  expect(view.reporter()).toMatchObject({ phase: "fill", requested: [1], requests: 1 });
});

describe("a treated block comes back", () => {
  /** 14 and 15 are in the host's hands, 12 and 13 allocated; 0 to 7 are a section of their own. */
  const inFlight = () => {
    const player = stage({ pages: 16, geometry: { reportOrder: 1, sectionPages: 8 }, settings: { highWater: 1 } });
    player.play(alloc(3), alloc(2), alloc(0), alloc(1), free(14, 1), proceed);
    expect(player.view.held()).toEqual([14]);
    expect(lists(player.view)).toEqual({ "movable 0": "13" });
    return player;
  };
  const isolateFirst = [{ do: "offline", start: 0, pages: 8 }, hotplug] as const;

  test("to its old list, though its pageblock was stolen meanwhile", () => {
    const { view, play } = inFlight();
    play(alloc(0, "unmovable"), ok, work);
    expect(view.pageblock(14)).toBe("unmovable");
    expect(lists(view)).toEqual({ "movable 1": "14*" });
    expect(view.stopped()).toBe("");
  });

  test("to that of its pageblock, where the zone has isolated ones: if the membrane is elsewhere, it stops (G-4)", () => {
    const { view, play, enabled } = inFlight();
    play(alloc(0, "unmovable"), ...isolateFirst, ok);
    expect(play(work)).toEqual([{ event: "release", pfn: 14, order: 1, reported: true }]);
    expect(lists(view)).toEqual({ "unmovable 1": "14*" });
    expect(view.stopped()).toBe(
      "treated-buddy: a treated block of order 1 goes to the unmovable list, " +
        "but the membrane of that order is at another (BUG_ON)",
    );
    expect(enabled()).toEqual([]);
    expect(play(free(13, 0))).toEqual([]);
  });

  test("or to the head of an isolate list, where nobody looks for a membrane", () => {
    const { view, play } = inFlight();
    play({ do: "offline", start: 8, pages: 8 }, hotplug, hotplug, ok, work);
    expect(lists(view)).toEqual({ "isolate 0": "13", "isolate 1": "14*" });
    expect(view.stopped()).toBe("");
  });
});

test("the device goes when its cycle is over; what is freed after it was told to go is not heard", () => {
  const { view, play } = stage({ pages: 32 });
  play(alloc(3), alloc(3), alloc(3), free(0, 3));
  expect(play({ do: "unregister" })).toEqual([]);
  expect(view.reporter()).toMatchObject({ device: "leaving", phase: "react" });
  play(proceed, free(8, 3), free(16, 3), ok, work, work);
  expect(view.reporter()).toMatchObject({ requested: [0], phase: "fill" });
  expect(play(work)).toEqual([{ event: "unregistered" }]);
  expect(play({ do: "register" })).toEqual([{ event: "registered" }]);
  expect(play({ do: "unregister" })).toEqual([{ event: "unregistered" }]);
});

test("nothing is heard while the system is suspended", () => {
  const { view, play } = stage();
  play(alloc(3), { do: "freeze" }, free(0, 3));
  expect(view.reporter()).toMatchObject({ phase: "rest", requested: [0] });
  play({ do: "thaw" }, alloc(3), free(0, 3));
  expect(view.reporter()).toMatchObject({ phase: "react" });
});
