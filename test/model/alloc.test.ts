import { describe, expect, test } from "vitest";
import { alloc, free, ok, onStage, tick, work } from "./stage.ts";

/** Both blocks are gone: the reporter holds 0, a user has 8. */
const exhausted = (slowPath: "waits" | "kernel", retries = 2) => {
  const player = onStage({
    design: "page-reporting",
    geometry: { capacity: 1, reportOrder: 3 },
    settings: { slowPath, retries, delay: 1 },
  });
  player.play(tick, work, work, work, alloc(3));
  expect(player.view.held()).toEqual([0]);
  expect(player.view.freePages(0)).toBe(0);
  return player;
};

test("a block larger than any is never there", () => {
  expect(onStage().play(alloc(4))).toEqual([
    { event: "alloc-failed", order: 4, migratetype: "movable", reason: "no-memory" },
  ]);
});

describe("the slow path `waits`", () => {
  test("who can't sleep is told to come again", () => {
    expect(exhausted("waits").play(alloc(0))).toMatchObject([{ event: "alloc-failed", reason: "would-block" }]);
  });

  test("who can, sleeps until the held block is back", () => {
    const { view, play } = exhausted("waits");
    expect(play(alloc(3, "movable", { wait: true }))).toEqual([{ event: "alloc-waits", order: 3, ticket: 1 }]);
    play(work, ok);
    expect(play(work)).toEqual([
      { event: "release", pfn: 0, order: 3, reported: true },
      { event: "alloc", pfn: 0, order: 3, migratetype: "movable", ticket: 1 },
    ]);
    expect(view.waiters()).toEqual([]);
  });

  test("the first who sleeps is served first; who finds nothing and nothing held is out of memory", () => {
    const { play } = exhausted("waits");
    play(alloc(2, "movable", { wait: true }), alloc(3, "movable", { wait: true }), work, ok);
    expect(play(work).slice(1)).toEqual([
      { event: "alloc", pfn: 0, order: 2, migratetype: "movable", ticket: 1 },
      { event: "alloc-failed", order: 3, migratetype: "movable", reason: "no-memory", ticket: 2 },
    ]);
  });

  test("eight sleep, the ninth is sent away; a ticket is used again", () => {
    const { view, play } = exhausted("waits");
    const sleepers = Array.from({ length: 9 }, () => alloc(0, "movable", { wait: true }));
    expect(play(...sleepers).at(-1)).toMatchObject({ event: "alloc-failed", reason: "would-block" });
    expect(view.waiters().map((waiter) => waiter.ticket)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("nothing held: out of memory at once", () => {
    const { play } = onStage();
    play(alloc(3), alloc(3));
    expect(play(alloc(0, "movable", { wait: true }))).toMatchObject([{ reason: "no-memory" }]);
  });
});

describe("the slow path `kernel`", () => {
  test("a caller tries a few times and gives up, although the block is only held", () => {
    const { play, enabled } = exhausted("kernel");
    expect(play(alloc(3, "movable", { wait: true }))).toEqual([]);
    expect(enabled()).toContain("retry");
    expect(play({ do: "retry", ticket: 1 })).toEqual([]);
    expect(play({ do: "retry", ticket: 1 })).toEqual([
      { event: "alloc-failed", order: 3, migratetype: "movable", reason: "no-memory" },
    ]);
    expect(enabled()).not.toContain("retry");
  });

  test("nobody is woken when the block is back", () => {
    const { view, play } = exhausted("kernel");
    play(alloc(3, "movable", { wait: true }), work, ok);
    expect(play(work)).toEqual([{ event: "release", pfn: 0, order: 3, reported: true }]);
    expect(view.waiters()).toHaveLength(1);
  });

  test("a retry that finds a block takes it", () => {
    const { play } = exhausted("kernel");
    play(alloc(3, "movable", { wait: true }), free(8, 3));
    expect(play({ do: "retry", ticket: 1 })).toEqual([{ event: "alloc", pfn: 8, order: 3, migratetype: "movable" }]);
  });

  test("no retries: out of memory at once; who can't sleep is told to come again", () => {
    const { play } = exhausted("kernel", 0);
    expect(play(alloc(3, "movable", { wait: true }))).toMatchObject([{ reason: "no-memory" }]);
    expect(play(alloc(3))).toMatchObject([{ reason: "would-block" }]);
  });
});
