import { describe, expect, test } from "vitest";
import { alloc, free, lists, onStage } from "./stage.ts";

describe("splitting", () => {
  test("the low part is handed out, the upper halves go to the heads of their lists", () => {
    const { view, play } = onStage();
    expect(play(alloc(0))).toEqual([{ event: "alloc", pfn: 0, order: 0, migratetype: "movable" }]);
    expect(lists(view)).toEqual({ "movable 0": "1", "movable 1": "2", "movable 2": "4", "movable 3": "8" });
    expect(view.freePages(0)).toBe(15);
  });

  test("the smallest block that is large enough is split, the head of its list", () => {
    const { view, play } = onStage();
    play(alloc(0), alloc(1), alloc(0));
    expect(lists(view)).toEqual({ "movable 2": "4", "movable 3": "8" });
  });
});

describe("merging", () => {
  test("goes on while the buddy is free and of the same order", () => {
    const { view, play } = onStage();
    play(alloc(0), alloc(0), alloc(0), alloc(0), free(1, 0), free(3, 0));
    expect(lists(view)).toEqual({ "movable 0": "3 1", "movable 2": "4", "movable 3": "8" });
    play(free(2, 0));
    expect(lists(view)).toEqual({ "movable 0": "1", "movable 1": "2", "movable 2": "4", "movable 3": "8" });
    play(free(0, 0));
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });

  test("a block goes to the tail where it would soon merge with a larger free one, else to the head", () => {
    const { view, play } = onStage();
    play(alloc(1), alloc(1), alloc(1), alloc(1), alloc(1), alloc(1));
    // Next to 10 is all of 12 to 15 free, next to 2 and 6 is not.
    play(free(2, 1), free(10, 1), free(6, 1));
    expect(lists(view)).toEqual({ "movable 1": "6 2 10", "movable 2": "12" });
  });

  test("two pageblocks of mergeable types: both get the type of the block that came", () => {
    const { view, play } = onStage();
    play(alloc(2, "unmovable"), alloc(3), alloc(2), free(4, 2));
    expect([view.pageblock(0), view.pageblock(4)]).toEqual(["unmovable", "movable"]);
    play(free(0, 2));
    expect(lists(view)).toEqual({ "unmovable 3": "0" });
    expect([view.pageblock(0), view.pageblock(4)]).toEqual(["unmovable", "unmovable"]);
  });

  test("two pageblocks of which one is highatomic stay apart", () => {
    const { view, play } = onStage({ settings: { highatomicPageblocks: 1 } });
    play(alloc(1, "highatomic"), free(0, 1));
    expect(lists(view)).toEqual({ "unmovable 2": "4", "highatomic 2": "0", "movable 3": "8" });
  });
});

test("a block larger than a pageblock comes back in parts, each as its pageblock says", () => {
  const { view, play } = onStage({ geometry: { sectionPages: 8 } });
  play(alloc(3), { do: "offline", start: 0, pages: 8 }, { do: "hotplug" }, free(0, 3));
  expect(lists(view)).toEqual({ "isolate 2": "0", "movable 2": "4", "movable 3": "8" });
  expect(view.freePages(0)).toBe(12);
});

test("what is not exactly an allocation changes nothing", () => {
  const { view, play } = onStage();
  play(alloc(1));
  expect(play(free(0, 0), free(1, 0), free(8, 3), free(99, 0))).toEqual([]);
  expect(view.owner(0)).toBe("allocated");
});
