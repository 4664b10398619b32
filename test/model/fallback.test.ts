import { describe, expect, test } from "vitest";
import { alloc, free, lists, onStage } from "./stage.ts";

describe("stealing from a zone of two pageblocks of 16 pages", () => {
  const stage = () => onStage({ pages: 32, geometry: { maxOrder: 4, pageblockOrder: 4, reportOrder: 4 } });

  test("a block as large as a pageblock: it changes its type", () => {
    const { view, play } = stage();
    expect(play(alloc(0, "unmovable"))).toMatchObject([{ event: "alloc", pfn: 0 }]);
    expect(view.pageblock(0)).toBe("unmovable");
    const rest = { "unmovable 0": "1", "unmovable 1": "2", "unmovable 2": "4", "unmovable 3": "8" };
    expect(lists(view)).toEqual({ ...rest, "movable 4": "16" });
  });

  test("a pageblock that is at least half free goes over with all its free blocks", () => {
    const { view, play } = stage();
    play(alloc(4), alloc(0, "unmovable"));
    expect(play(alloc(0))).toMatchObject([{ event: "alloc", pfn: 17 }]);
    expect(view.pageblock(16)).toBe("movable");
    expect(lists(view)).toEqual({ "movable 1": "18", "movable 2": "20", "movable 3": "24" });
  });

  test("a pageblock that is less than half free stays: only the block is taken, the rest goes back", () => {
    const { view, play } = stage();
    play(alloc(4), alloc(0, "unmovable"), alloc(3, "unmovable"));
    expect(play(alloc(0))).toMatchObject([{ event: "alloc", pfn: 20 }]);
    expect(view.pageblock(16)).toBe("unmovable");
    expect(lists(view)).toEqual({ "unmovable 0": "21 17", "unmovable 1": "22 18" });
  });

  test("a movable caller who may not have the pageblock takes from the smallest block", () => {
    const { view, play } = stage();
    play(alloc(4), alloc(0, "unmovable"), alloc(3, "unmovable"), alloc(2, "unmovable"));
    expect(play(alloc(0))).toMatchObject([{ event: "alloc", pfn: 17 }]);
    expect(lists(view)).toEqual({ "unmovable 1": "18" });
  });

  test("in a movable pageblock, what is neither free nor movable counts as like the caller", () => {
    const { view, play } = stage();
    play(alloc(3), alloc(2), alloc(1), alloc(4));
    // 2 pages free, then 4 and 2 of a reclaimable caller: less than half, so the pageblock stays as it is.
    play(alloc(1, "reclaimable"), free(8, 2), alloc(2, "reclaimable"));
    expect(view.pageblock(0)).toBe("movable");
    // 2 pages free and 6 of the reclaimable caller are half.
    play(free(12, 1), alloc(1, "unmovable"));
    expect(view.pageblock(0)).toBe("unmovable");
  });
});

describe("the highatomic reserve", () => {
  const stage = () => {
    const player = onStage({ settings: { highatomicPageblocks: 1 } });
    player.play(alloc(1, "highatomic"));
    return player;
  };

  test("keeps the pageblock of a highatomic allocation", () => {
    const { view } = stage();
    expect(view.pageblock(0)).toBe("highatomic");
    expect(view.reservedHighatomic(0)).toBe(4);
    expect(lists(view)).toEqual({ "highatomic 1": "2", "unmovable 2": "4", "movable 3": "8" });
  });

  test("keeps no more pageblocks than it may", () => {
    const { view, play } = stage();
    play(alloc(1, "highatomic"), alloc(1, "highatomic"));
    expect(view.owner(4)).toBe("allocated");
    expect(view.reservedHighatomic(0)).toBe(4);
  });

  /** Free are 4 pages, all of them counted as reserved: page 6 and 7, and 2 and 3 of the reserve. */
  const exhausted = () => {
    const player = stage();
    player.play(alloc(3), alloc(0), alloc(0));
    return player;
  };

  test("is given up for a caller who finds nothing", () => {
    const { view, play } = exhausted();
    expect(lists(view)).toEqual({ "highatomic 1": "2", "movable 1": "6" });
    expect(play(alloc(0))).toEqual([{ event: "alloc", pfn: 6, order: 0, migratetype: "movable" }]);
    expect(view.reservedHighatomic(0)).toBe(0);
    expect(lists(view)).toEqual({ "movable 0": "7", "movable 1": "2" });
  });

  test("is not for single pages", () => {
    const { play } = exhausted();
    expect(play(alloc(0, "highatomic"))).toMatchObject([{ event: "alloc-failed", reason: "no-memory" }]);
    expect(play(alloc(1, "highatomic"))).toMatchObject([{ event: "alloc", pfn: 2 }]);
  });
});
