import { describe, expect, test } from "vitest";
import { alloc, lists, onStage } from "./stage.ts";

describe("list surgery", () => {
  const compact = (at: number, end: "head" | "tail") => {
    const { view, play } = onStage({ pages: 32 });
    expect(play({ do: "compact", zone: "Normal", order: 3, at, end })).toEqual([]);
    return lists(view)["movable 3"];
  };

  test("an entry comes to stand at the head", () => expect(compact(1, "head")).toBe("8 16 24 0"));
  test("an entry comes to stand at the tail", () => expect(compact(1, "tail")).toBe("16 24 0 8"));

  test.each([
    [0, "head"],
    [4, "head"],
    [-1, "tail"],
    [3, "tail"],
  ] as const)("entry %i of 4 to the %s: nothing to do", (at, end) => expect(compact(at, end)).toBe("0 8 16 24"));
});

describe("the free scanner", () => {
  const scan = { do: "scan", zone: "Normal" } as const;

  test("leaves pageblocks alone that are wholly free", () => {
    expect(onStage().play(scan)).toEqual([]);
  });

  test("takes the first block of the last pageblock that has one", () => {
    const { view, play } = onStage();
    play(alloc(0));
    expect(play(scan)).toEqual([{ event: "alloc", pfn: 1, order: 0, migratetype: "movable" }]);
    expect(lists(view)).toEqual({ "movable 1": "2", "movable 2": "4", "movable 3": "8" });
  });

  test("respects the minimum", () => {
    const { play } = onStage({ watermarks: { min: 14, low: 14, high: 14 } });
    play(alloc(0));
    // 15 free pages are not more than 14 + 1.
    expect(play(scan)).toEqual([]);
  });
});
