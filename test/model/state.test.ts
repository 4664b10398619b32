import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, InputError } from "../../model/alphabet/index.ts";
import { designOf } from "../../model/designs/index.ts";
import { initial } from "../../model/state.ts";
import { geometryOf, lists, onStage } from "./stage.ts";

describe("at boot", () => {
  test("the largest blocks that fit stand on the movable lists, ascending", () => {
    expect(lists(onStage().view)).toEqual({ "movable 3": "0 8" });
  });

  test("no block is over a hole", () => {
    const zones = [{ ...geometryOf({}).zones[0], holes: [{ start: 5, pages: 2 }] }];
    const { view } = onStage({ geometry: { zones } });
    expect(lists(view)).toEqual({ "movable 0": "4 7", "movable 2": "0", "movable 3": "8" });
    expect(view.freePages(0)).toBe(14);
    expect([4, 5, 6, 7].map((pfn) => view.owner(pfn))).toEqual(["free", "absent", "absent", "free"]);
  });
});

describe("sections", () => {
  const start = (sectionPages: number) =>
    initial(geometryOf({ geometry: { sectionPages } }), DEFAULT_SETTINGS, designOf("none"));

  test("one that would cut a pageblock is refused, and the key is named", () => {
    expect(() => start(6)).toThrow(InputError);
    expect(() => start(6)).toThrow("geometry.sectionPages: a section of 6 pages would cut a pageblock");
  });

  test("where each zone is one section, its size does not matter", () => {
    expect(() => start(18)).not.toThrow();
  });
});

test("a design that there is not is refused", () => {
  expect(() => onStage({ design: "nobody's" })).toThrow(InputError);
});
