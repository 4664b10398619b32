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
    const { view, play } = onStage({ settings: { pcp: { ...pcp, high: 8, batch: 5 } } });
    play(alloc(0), alloc(1));
    expect([view.cached(0, 0, 0, "movable"), view.cached(0, 0, 1, "movable")]).toEqual([[1, 2, 3, 4], [8]]);
    // With 6 they are 8 pages; of order 1 go four, of order 0 goes the fifth.
    play(free(6, 1));
    expect([view.cached(0, 0, 0, "movable"), view.cached(0, 0, 1, "movable")]).toEqual([[1, 2, 3], []]);
  });

  test("take huge blocks too, where they are asked to; these are not merged", () => {
    const { view, play } = onStage({ settings: { pcp: { ...pcp, maxOrder: -1, huge: true, high: 12, batch: 4 } } });
    play(alloc(2), free(0, 2));
    expect(view.cached(0, 0, 2, "movable")).toEqual([0, 4]);
  });

  test("are off in a zone that is losing a section", () => {
    const { view, play } = onStage({ geometry: { sectionPages: 8 }, settings: { pcp } });
    play(alloc(0), { do: "offline", start: 0, pages: 8 }, { do: "hotplug" }, free(0, 0));
    expect(view.cached(0, 0, 0, "movable")).toEqual([]);
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });

  test("do not keep blocks of an isolated pageblock", () => {
    const { view, play } = onStage({ geometry: { sectionPages: 8 }, settings: { pcp } });
    const hotplug = { do: "hotplug" } as const;
    play({ do: "offline", start: 0, pages: 8 }, hotplug, hotplug, hotplug, hotplug, hotplug);
    play({ do: "online", start: 0, pages: 8 }, { do: "memory-failure", pfn: 0 }, free(0, 0));
    expect(view.cached(0, 0, 0, "movable")).toEqual([]);
    expect(lists(view)).toEqual({ "movable 3": "8", "isolate 3": "0" });
  });
});
