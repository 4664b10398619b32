import { describe, expect, test } from "vitest";
import { freeListOf, orderOf, setBlock } from "../../model/blocks.ts";
import { FREED, putback, remove } from "../../model/buddy.ts";
import type { Design } from "../../model/reporter.ts";
import { Block } from "../../model/state.ts";
import { alloc, free, lists, onStage } from "./stage.ts";
import type { Stage } from "./stage.ts";
import { toy } from "./toy.ts";

/** Takes the free block at this page in hand. */
const take = (pfn: number) => ({ do: "balloon", pages: pfn }) as const;
/** Puts it back with the mark. */
const back = (pfn: number) => ({ do: "pressure", pages: pfn }) as const;
const mark = (...blocks: number[]) => blocks.flatMap((pfn) => [take(pfn), back(pfn)]);

const marker = (more: Partial<Design>) =>
  toy({
    balloon(turn, _mine, pfn) {
      const order = orderOf(turn, pfn);
      remove(turn, pfn);
      setBlock(turn, pfn, new Block("held", order));
    },
    pressure: (turn, _mine, pfn) => void putback(turn, pfn, true),
    ...more,
  });

const pages: Partial<Design> = { marks: "all its pages" };
/** Blocks of every order may be marked. */
const every = { reportOrder: 0 };
const stage = (more: Partial<Design>, stageOf: Stage = {}) =>
  onStage({ ...stageOf, design: marker({ marks: "this very block", ...more }) });

describe("a mark that is about pages", () => {
  test("is inherited by the parts that nobody took, if they are large enough to be reported", () => {
    const { play, view } = stage(pages, { geometry: { reportOrder: 1 } });
    play(...mark(0, 8), alloc(0));
    expect(lists(view)).toEqual({ "movable 0": "1", "movable 1": "2*", "movable 2": "4*", "movable 3": "8*" });
  });

  test("is inherited in a fallback: with whole pageblocks, with a block's own, or without", () => {
    const whole = stage(pages, { geometry: every });
    whole.play(...mark(0), alloc(3), alloc(0, "unmovable"));
    expect(lists(whole.view)).toEqual({ "unmovable 0": "1*", "unmovable 1": "2*", "unmovable 2": "4*" });
    const geometry = { maxOrder: 4, pageblockOrder: 4, ...every };
    const own = stage(pages, { geometry });
    own.play(alloc(3), ...mark(8), alloc(0, "unmovable"));
    expect(lists(own.view)).toEqual({ "unmovable 0": "9*", "unmovable 1": "10*", "unmovable 2": "12*" });
    const without = stage(pages, { geometry });
    without.play(alloc(3), alloc(2), ...mark(12), alloc(0, "unmovable"));
    expect(lists(without.view)).toEqual({ "movable 0": "13*", "movable 1": "14*" });
  });

  test("is lost as soon as one half has none", () => {
    const { play, view } = stage(pages);
    play(alloc(3), alloc(2), ...mark(12));
    expect(lists(view)).toEqual({ "movable 2": "12*" });
    play(free(8, 2));
    expect(lists(view)).toEqual({ "movable 3": "8" });
    const other = stage(pages);
    other.play(alloc(3), alloc(2), take(12), free(8, 2), back(12));
    expect(lists(other.view)).toEqual({ "movable 3": "8" });
  });

  test("survives where marked halves merge, and nobody is told", () => {
    const told: number[] = [];
    const { play, view } = stage({ ...pages, notify: (_turn, _mine, _zone, _order, pfn) => void told.push(pfn) });
    play(alloc(3), alloc(2), take(12), free(8, 2), take(8), back(12), back(8));
    expect(lists(view)).toEqual({ "movable 3": "8*" });
    expect(told).toEqual([8]);
    const aloud = stage({
      ...pages,
      pressure: (turn, _mine, pfn) => void putback(turn, pfn, true, FREED),
      notify: (_turn, _mine, _zone, _order, pfn) => void told.push(pfn),
    });
    aloud.play(take(0), back(0));
    expect(told).toEqual([8]);
  });

  test("is put back with each part of a block that spans two types", () => {
    const { play, view } = stage(pages, { geometry: { sectionPages: 8 } });
    play(take(0), { do: "offline", start: 0, pages: 8 }, { do: "hotplug" }, back(0));
    expect(lists(view)).toMatchObject({ "isolate 2": "0*", "movable 2": "4*" });
  });

  test("is not what a bad page leaves behind", () => {
    const { play, view } = stage(pages);
    play(...mark(0), { do: "memory-failure", pfn: 0 });
    expect(lists(view)).toEqual({ "movable 0": "1", "movable 1": "2", "movable 2": "4", "movable 3": "8" });
  });

  test("the design says where a marked block goes that comes back, and hears that it is there; not of parts", () => {
    const placed: number[][] = [];
    const { play, view } = stage(
      {
        ...pages,
        place: (turn, _mine, zone, _pfn, order, list) => freeListOf(turn, zone, order, list).head,
        placed: (turn, _mine, zone, pfn, order) => void placed.push([zone, pfn, order, orderOf(turn, pfn)]),
        removing: (_turn, _mine, zone, pfn, order) => void placed.push([-zone, -pfn, -order]),
      },
      { pages: 24 },
    );
    play(...mark(0));
    expect(lists(view)).toEqual({ "movable 3": "0* 8 16" });
    play(...mark(8), alloc(2));
    expect(lists(view)).toEqual({ "movable 2": "12*", "movable 3": "0* 16" });
    expect(placed).toEqual([
      [0, 0, 3, 3],
      [0, 8, 3, 3],
      [-0, -8, -3],
    ]);
  });
});

describe("a mark that is about this very block", () => {
  test("is lost by a split and by a merge", () => {
    const { play, view } = stage({});
    play(...mark(0, 8), alloc(2));
    expect(lists(view)).toEqual({ "movable 2": "4", "movable 3": "8*" });
    play(...mark(4));
    expect(lists(view)).toEqual({ "movable 2": "4*", "movable 3": "8*" });
    play(free(0, 2));
    expect(lists(view)).toEqual({ "movable 3": "0 8*" });
  });

  test("is lost though both halves had it", () => {
    const { play, view } = stage({});
    play(alloc(3), alloc(2), take(12), free(8, 2), take(8), back(12), back(8));
    expect(lists(view)).toEqual({ "movable 3": "8" });
  });

  test("goes to the tail that the allocator knows, not to the design's", () => {
    const { play, view } = stage({ tail: () => 8 }, { pages: 24 });
    play(...mark(0));
    expect(lists(view)).toEqual({ "movable 3": "8 16 0*" });
  });
});

describe("a block that changes its list", () => {
  const story = (movesKeepMark: boolean) => {
    const told: string[] = [];
    const player = stage({
      movesKeepMark,
      moving: (_turn, _mine, _zone, pfn) => void told.push(`moving ${pfn}`),
      removing: (_turn, _mine, _zone, pfn) => void told.push(`removing ${pfn}`),
    });
    player.play(alloc(2), ...mark(4, 8), { do: "offline", start: 0, pages: 16 });
    told.length = 0;
    player.play({ do: "hotplug" }, { do: "hotplug" }, { do: "hotplug" });
    return { told, view: player.view };
  };

  test("keeps its mark", () => {
    const { told, view } = story(true);
    expect(told).toContain("moving 4");
    expect(lists(view)["isolate 2"]).toContain("4*");
  });

  test("or loses it, as if it left", () => {
    const { told, view } = story(false);
    expect(told).toContain("removing 4");
    expect(told).not.toContain("moving 4");
    expect(lists(view)["isolate 2"]).toMatch(/\b4(?!\*)/);
    expect(view.reported(4)).toBe(false);
  });
});
