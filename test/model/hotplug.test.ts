import { describe, expect, test } from "vitest";
import { alloc, free, hotplug, lists, onStage, tick, work } from "./stage.ts";
import type { Stage } from "./stage.ts";

const offline = { do: "offline", start: 0, pages: 8 } as const;
const online = { do: "online", start: 0, pages: 8 } as const;
const stage = (more: Stage = {}) => onStage({ ...more, geometry: { sectionPages: 8, ...more.geometry } });

describe("isolation", () => {
  test("cuts a free block that reaches beyond the pageblock, and takes the pages out of the count", () => {
    const { view, play } = stage();
    play(offline, hotplug);
    expect(lists(view)).toEqual({ "movable 2": "4", "movable 3": "8", "isolate 2": "0" });
    expect(view.freePages(0)).toBe(12);
    expect(view.isolatedPageblocks(0)).toBe(1);
    play(hotplug);
    expect(lists(view)).toEqual({ "movable 3": "8", "isolate 2": "0 4" });
    expect(view.freePages(0)).toBe(8);
    expect(view.isolatedPageblocks(0)).toBe(2);
  });

  test("goes first, last, then between", () => {
    const { view, play } = stage({ pages: 16, geometry: { sectionPages: 16 } });
    const isolated = () => [0, 4, 8, 12].filter((pfn) => view.pageblock(pfn) === "isolate");
    play({ do: "offline", start: 0, pages: 16 }, hotplug, hotplug);
    expect(isolated()).toEqual([0, 12]);
    play(hotplug);
    expect(isolated()).toEqual([0, 4, 12]);
  });

  test("gives up the reserve of a highatomic pageblock", () => {
    const { view, play } = stage({ settings: { highatomicPageblocks: 1 } });
    play(alloc(1, "highatomic"), free(0, 1), offline, hotplug);
    expect(view.reservedHighatomic(0)).toBe(0);
    expect(lists(view)["isolate 2"]).toBe("0");
  });

  test("is refused where something can't be moved; what was isolated is undone", () => {
    const { view, play } = stage();
    play(alloc(2, "unmovable"), alloc(2, "unmovable"), free(0, 2), offline, hotplug, hotplug);
    expect(view.hotplug()).toMatchObject({ phase: "undo", done: 0 });
    play(hotplug);
    expect(view.hotplug()).toBeUndefined();
    expect(view.isolatedPageblocks(0)).toBe(0);
    expect(lists(view)).toEqual({ "movable 2": "0", "movable 3": "8" });
  });

  test("refused at the first pageblock: the operation is over", () => {
    const { view, play } = stage();
    play(alloc(2, "unmovable"), offline, hotplug);
    expect(view.hotplug()).toBeUndefined();
  });
});

describe("a section", () => {
  test("goes: drained, isolated, tested, removed", () => {
    const { view, play } = stage();
    expect(play(offline, hotplug, hotplug, hotplug)).toEqual([]);
    expect(view.hotplug()).toMatchObject({ phase: "remove", done: 0 });
    expect(play(hotplug)).toEqual([{ event: "offline", start: 0, pages: 8 }]);
    expect(lists(view)).toEqual({ "movable 3": "8" });
    expect([view.owner(0), view.owner(7), view.owner(8)]).toEqual(["absent", "absent", "free"]);
    expect(view.isolatedPageblocks(0)).toBe(0);
  });

  test("does not pass the test while a page is in use", () => {
    const { view, play } = stage();
    play(alloc(0), offline, hotplug, hotplug, hotplug);
    expect(view.hotplug()).toMatchObject({ phase: "test" });
    play(free(0, 0), hotplug);
    expect(view.hotplug()).toMatchObject({ phase: "remove" });
  });

  test("comes: isolated first, then pageblock by pageblock, and merges again", () => {
    const { view, play } = stage();
    play(offline, hotplug, hotplug, hotplug, hotplug);
    expect(play(online)).toEqual([{ event: "online", start: 0, pages: 8 }]);
    expect(lists(view)).toEqual({ "movable 3": "8", "isolate 3": "0" });
    expect(view.freePages(0)).toBe(8);
    play(hotplug);
    expect(lists(view)).toEqual({ "movable 2": "0", "movable 3": "8", "isolate 2": "4" });
    play(hotplug);
    expect(lists(view)).toEqual({ "movable 3": "8 0" });
    expect(view.freePages(0)).toBe(16);
    expect(view.hotplug()).toBeUndefined();
  });

  test("stays when the administrator gives up; after the test it is too late", () => {
    const { view, play } = stage();
    play(offline, hotplug, { do: "abort" }, hotplug);
    expect(lists(view)).toEqual({ "movable 3": "8 0" });
    play(offline, hotplug, hotplug, hotplug, { do: "abort" });
    expect(view.hotplug()).toMatchObject({ phase: "remove" });
  });

  test("only whole sections go, only absent ones come, one at a time", () => {
    const { view, play } = stage();
    play({ do: "offline", start: 0, pages: 16 }, { do: "offline", start: 4, pages: 8 }, online);
    expect(view.hotplug()).toBeUndefined();
    play(offline, { do: "offline", start: 8, pages: 8 });
    expect(view.hotplug()).toMatchObject({ start: 0 });
  });

  test("per-CPU lists are drained first and off until the end", () => {
    const pcp = { maxOrder: 0, huge: false, high: 8, batch: 2 };
    const { view, play } = stage({ settings: { cpus: 2, pcp } });
    play(alloc(0), offline);
    expect(view.hotplug()).toMatchObject({ phase: "drain", done: 0 });
    play(hotplug);
    expect(view.hotplug()).toMatchObject({ phase: "drain", done: 1 });
    play(free(0, 0));
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });
});

describe("a held block whose first pageblock was isolated meanwhile", () => {
  const heldOverIsolation = (putback: "split" | "whole") => {
    const player = stage({
      design: "page-reporting",
      pages: 24,
      geometry: { reportOrder: 3, capacity: 1 },
      settings: { delay: 1, putback },
    });
    player.play(tick, work, work, work);
    expect(player.view.held()).toEqual([0]);
    player.play(offline, hotplug, work, { do: "ack", request: 1, ok: true });
    return player;
  };

  test("comes back in parts, without the mark", () => {
    const { view, play } = heldOverIsolation("split");
    expect(play(work)[0]).toEqual({ event: "release", pfn: 0, order: 3, reported: false });
    expect(lists(view)).toMatchObject({ "isolate 2": "0", "movable 2": "4" });
  });

  test("comes back whole on the list of the first, as in Linux (G-18)", () => {
    const { view, play } = heldOverIsolation("whole");
    expect(play(work)[0]).toEqual({ event: "release", pfn: 0, order: 3, reported: true });
    expect(lists(view)).toMatchObject({ "isolate 3": "0*" });
    expect(view.pageblock(4)).toBe("movable");
  });
});
