import { describe, expect, test } from "vitest";
import { alloc, onStage, tick, work } from "./stage.ts";

const marks = (min: number, low = min) => ({ min, low, high: low });

describe("an allocation", () => {
  test("leaves more than the minimum, counted before its last page goes", () => {
    const { play } = onStage({ watermarks: marks(8) });
    // 16 - 7 > 8, but then 8 - 0 is not more than 8.
    expect(play(alloc(3))).toMatchObject([{ event: "alloc", pfn: 0 }]);
    expect(play(alloc(0))).toMatchObject([{ event: "alloc-failed", reason: "no-memory" }]);
  });

  test("goes down to the minimum only when no zone is above low", () => {
    const zone = { node: 0, start: 0, pages: 16, holes: [] };
    const zones = [
      { ...zone, name: "A", watermarks: marks(0, 16) },
      { ...zone, name: "B", start: 16, node: 1, watermarks: marks(0, 8) },
    ];
    const { play } = onStage({ geometry: { zones } });
    const blocks = play(alloc(3), alloc(3), alloc(3)).map((event) => ("pfn" in event ? event.pfn : event));
    expect(blocks).toEqual([16, 0, 8]);
  });

  test("of some order needs a block of that order", () => {
    const { play } = onStage();
    play(alloc(2), alloc(2), alloc(2));
    expect(play(alloc(3))).toMatchObject([{ event: "alloc-failed" }]);
  });
});

describe("the reporter", () => {
  const isolated = (low: number, min: number) => {
    const { play } = onStage({ design: "page-reporting", watermarks: marks(min, low), settings: { delay: 1 } });
    return play(tick, work, work, work).map((event) => event.event);
  };

  test("does not touch a zone that a whole batch would bring to low: 16 > low + 2 blocks of order 2", () => {
    expect(isolated(7, 0)).toEqual(["isolate"]);
    expect(isolated(8, 0)).toEqual(["idle"]);
  });

  test("takes no block that would bring the zone to its minimum: 16 > min + 8", () => {
    expect(isolated(7, 7)).toEqual(["isolate"]);
    expect(isolated(7, 8)).toEqual([]);
  });
});
