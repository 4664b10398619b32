import { expect, test } from "vitest";
import { alloc, lists, onStage } from "./stage.ts";

test("the page is taken out of its free block, the rest goes back in halves", () => {
  const { view, play } = onStage();
  expect(play({ do: "memory-failure", pfn: 5 })).toEqual([
    { event: "alloc", pfn: 5, order: 0, migratetype: "unmovable" },
  ]);
  expect(lists(view)).toEqual({ "movable 0": "4", "movable 1": "6", "movable 2": "0", "movable 3": "8" });
});

test("a page that is not free is left alone", () => {
  const { play } = onStage();
  play(alloc(3));
  expect(play({ do: "memory-failure", pfn: 5 }, { do: "memory-failure", pfn: 99 })).toEqual([]);
});
