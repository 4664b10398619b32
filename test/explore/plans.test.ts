/** The small plans: each design has those that it needs, each is explored to its end, and comes to what it came to before. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../model/alphabet/index.ts";
import { parseGeometry } from "../../model/alphabet/schema.ts";
import { planAround, plansFor } from "../../properties/drivers/explore/plans.ts";
import { countsOf, FORMS, labelOf, readGolden, REWRITE } from "./golden.ts";

const golden = readGolden();

test("the file has every design, and no other", () => {
  expect(Object.keys(golden), REWRITE).toEqual(FORMS.map(([id, variant]) => labelOf(id, variant)));
});

describe.each(FORMS)("%s %s", (id, variant) => {
  const plans = plansFor(id, variant);

  test("has plans with two nodes, with hotplug, and with a host that is late or refuses", () => {
    const all = plans.map(({ scope, menu }) => ({ zones: scope.geometry.zones.length, extras: menu.extras }));
    expect(all.some(({ zones }) => zones === 2)).toBe(true);
    expect(all.some(({ extras }) => extras.includes("offline") && extras.includes("online"))).toBe(true);
    expect(all.some(({ extras }) => extras.includes("discard"))).toBe(true);
    expect(all.some(({ extras }) => extras.includes("refuse"))).toBe(id === "page-reporting");
    expect(new Set(plans.map(({ name }) => name)).size).toBe(plans.length);
  });

  test("comes to the states, transitions and failures that are on file", () => {
    const counts = countsOf(id, variant);
    expect(Object.values(counts).every(({ ended }) => ended === "complete")).toBe(true);
    expect(counts, `not as on file; ${REWRITE}`).toEqual(golden[labelOf(id, variant)]);
  });
});

describe("somebody's own geometry", () => {
  const geometry = (pages: number) => parseGeometry({ maxOrder: 1, zones: [{ start: 0, pages }] }, {});

  test("gets all that the design can meet", () => {
    const extras = (design: string): readonly string[] => planAround(geometry(4), design).menu.extras;
    expect(extras("page-reporting")).toEqual(expect.arrayContaining(["refuse", "set-order", "offline", "compact"]));
    expect(extras("balloon")).toContain("balloon");
    expect(extras("free-page-hint")).toEqual(expect.arrayContaining(["hint", "pressure"]));
    expect(extras("bitmap")).not.toContain("refuse");
  });

  test("is refused where it is too large", () => {
    expect(() => planAround(geometry(66), "none")).toThrow(InputError);
    expect(() => planAround(geometry(66), "none")).toThrow(/66 pages are too many/);
  });
});
