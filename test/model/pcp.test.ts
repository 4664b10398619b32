import { describe, expect, test } from "vitest";
import { alloc, free, lists, onStage } from "./stage.ts";

const pcp = { maxOrder: 1, huge: false, high: 4, batch: 2 };

describe("a CPU's lists", () => {
  test("are refilled with a batch, and hand out its first block", () => {
    const { view, play } = onStage({ settings: { pcp } });
    expect(play(alloc(0))).toMatchObject([{ event: "alloc", pfn: 0 }]);
    expect(view.cached(0, 0, 0, "movable")).toEqual([1]);
    expect(view.owner(1)).toBe("cached");
    expect(view.freePages(0)).toBe(14);
  });

  test("keep what is freed, newest first, until they are full; then the oldest go", () => {
    const { view, play } = onStage({ settings: { pcp } });
    play(alloc(0), alloc(0), alloc(0), free(0, 0), free(1, 0));
    expect(view.cached(0, 0, 0, "movable")).toEqual([1, 0, 3]);
    play(free(2, 0));
    expect(view.cached(0, 0, 0, "movable")).toEqual([2, 1]);
    expect(lists(view)).toEqual({ "movable 0": "0 3", "movable 2": "4", "movable 3": "8" });
  });

  test("are emptied by a drain", () => {
    const { view, play } = onStage({ settings: { pcp } });
    play(alloc(0), alloc(0), alloc(0), free(0, 0), free(1, 0), free(2, 0), { do: "drain", zone: "Normal", cpu: 0 });
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });

  test("are each CPU's own", () => {
    const { view, play } = onStage({ settings: { pcp, cpus: 2 } });
    play(alloc(0), free(0, 0, 1));
    expect(view.cached(0, 0, 0, "movable")).toEqual([1]);
    expect(view.cached(0, 1, 0, "movable")).toEqual([0]);
  });

  test("give back from the list that overflowed first, then round", () => {
    const { view, play } = onStage({ settings: { pcp: { ...pcp, high: 3, batch: 3 } } });
    // After these, order 0 has [1] and order 1 has [6].
    play(alloc(0), alloc(1), free(0, 0));
    expect(view.cached(0, 0, 0, "movable")).toEqual([]);
  });

  test("take huge blocks too, where they are asked to; these are not merged", () => {
    const { view, play } = onStage({ settings: { pcp: { ...pcp, maxOrder: -1, huge: true, high: 12, batch: 4 } } });
    play(alloc(2), free(0, 2));
    expect(view.cached(0, 0, 2, "movable")).toEqual([0, 4]);
  });

  test("do not keep blocks of an isolated pageblock", () => {
    const { view, play } = onStage({ geometry: { sectionPages: 8 }, settings: { pcp } });
    play(alloc(0), { do: "offline", start: 0, pages: 8 }, { do: "hotplug" }, { do: "hotplug" }, free(0, 0));
    expect(view.cached(0, 0, 0, "movable")).toEqual([]);
    expect(lists(view)["isolate 2"]).toBe("0");
  });
});
