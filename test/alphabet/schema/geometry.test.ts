/** Geometries as they are written: defaults, rules, sentences. */
import { describe, expect, it } from "vitest";
import { parseGeometry } from "../../../model/alphabet/schema.ts";
import { problem, zone } from "./problem.ts";

describe("a geometry", () => {
  it("needs only zones with start and pages", () => {
    expect(parseGeometry({ zones: [zone, { start: 4096, pages: 2048 }] })).toEqual({
      pageSize: 4096,
      maxOrder: 10,
      pageblockOrder: 9,
      reportOrder: 9,
      capacity: 32,
      zones: [
        { name: "zone0", node: 0, ...zone, holes: [], watermarks: { min: 0, low: 0, high: 0 } },
        { name: "zone1", node: 0, start: 4096, pages: 2048, holes: [], watermarks: { min: 0, low: 0, high: 0 } },
      ],
    });
  });

  it("has orders of at most maxOrder where none are given", () => {
    expect(parseGeometry({ maxOrder: 3, zones: [{ start: 8, pages: 8 }] })).toMatchObject({
      pageblockOrder: 3,
      reportOrder: 3,
    });
  });

  it("keeps what is given, ignores what it does not know, and takes 512.0 for 512", () => {
    const given = {
      pageSize: 16384,
      maxOrder: 9,
      pageblockOrder: 4,
      reportOrder: 0,
      capacity: 1,
      sectionPages: 512,
      zones: [{ name: "a", node: 3, start: 2 ** 52, pages: 512, holes: [], watermarks: { min: 1, low: 2, high: 3 } }],
    };
    expect(parseGeometry({ ...given, color: "red" })).toEqual(given);
    expect(parseGeometry(JSON.parse('{"maxOrder":9,"zones":[{"start":512.0,"pages":5.12e2}]}')).zones[0].start).toBe(
      512,
    );
  });

  it("has holes in ascending order, and those that overlap are one", () => {
    const holes = [
      { start: 90, pages: 4 },
      { start: 8, pages: 8 },
      { start: 92, pages: 8 },
      { start: 16, pages: 1 },
      { start: 91, pages: 1 },
    ];
    expect(parseGeometry({ zones: [{ ...zone, holes }] }).zones[0].holes).toEqual([
      { start: 8, pages: 8 },
      { start: 16, pages: 1 },
      { start: 90, pages: 10 },
    ]);
  });

  it("takes the limits of what is allowed", () => {
    expect(parseGeometry({ maxOrder: 20, zones: [{ start: 0, pages: 2 ** 32 }] }).maxOrder).toBe(20);
    expect(parseGeometry({ zones: [{ start: 2 ** 53 - 1024, pages: 1024 }] }).zones[0].start).toBe(2 ** 53 - 1024);
    expect(
      parseGeometry({ maxOrder: 0, zones: [{ start: 1, pages: 1, holes: [{ start: 1, pages: 1 }] }] }).reportOrder,
    ).toBe(0);
  });

  it.each<[string, unknown, string]>([
    ["is an object", 5, "found 5, expected a geometry: an object with zones"],
    ["has zones", {}, "zones: found nothing, expected a list of zones"],
    ["has at least one zone", { zones: [] }, "zones: found an empty list, expected at least one zone"],
    [
      "has whole numbers",
      { zones: [{ start: 0.5, pages: 1024 }] },
      "zones[0].start: found 0.5, expected a page frame number from 0 to 2^53 - 1",
    ],
    [
      "has no numbers as texts",
      { capacity: "32", zones: [zone] },
      'capacity: found "32", expected a whole number from 1 to 2^53 - 1',
    ],
    [
      "has capacity >= 1",
      { capacity: 0, zones: [zone] },
      "capacity: found 0, expected a whole number from 1 to 2^53 - 1",
    ],
    ["has maxOrder <= 20", { maxOrder: 21, zones: [zone] }, "maxOrder: found 21, expected an order from 0 to 20"],
    [
      "has reportOrder >= 0",
      { reportOrder: -1, zones: [zone] },
      "reportOrder: found -1, expected an order from 0 to 20",
    ],
    [
      "has reportOrder <= maxOrder",
      { maxOrder: 2, reportOrder: 3, zones: [zone] },
      "reportOrder: found 3, expected an order of at most maxOrder, which is 2",
    ],
    [
      "has pageblockOrder <= maxOrder",
      { maxOrder: 2, pageblockOrder: 3, zones: [zone] },
      "pageblockOrder: found 3, expected an order of at most maxOrder, which is 2",
    ],
    [
      "has aligned zones",
      { zones: [{ start: 512, pages: 1024 }] },
      "zones[0].start: found 512, expected a multiple of 1024 pages, the largest block (maxOrder 10)",
    ],
    [
      "has whole zones",
      { zones: [zone, { start: 1024, pages: 512 }] },
      "zones[1].pages: found 512, expected a multiple of 1024 pages, the largest block (maxOrder 10)",
    ],
    [
      "has no empty zones",
      { zones: [{ start: 0, pages: 0 }] },
      "zones[0].pages: found 0, expected a number of pages from 1 to 4294967296",
    ],
    [
      "has no page frame number of 2^53",
      { zones: [{ start: 2 ** 53 - 1024, pages: 2048 }] },
      "zones[0].pages: found 2048, expected pages up to page 2^53 - 1 at most, from 9007199254739968",
    ],
    [
      "has unique names",
      {
        zones: [
          { ...zone, name: "zone1" },
          { start: 1024, pages: 1024 },
        ],
      },
      'zones[1].name: found "zone1", expected a name that zones[0] does not have',
    ],
    [
      "has zones apart",
      { zones: [{ start: 1024, pages: 2048 }, zone, { start: 2048, pages: 1024 }] },
      "zones[2].start: found 2048, expected zones that do not overlap: zones[0] has pages 1024..3071",
    ],
    [
      "has holes inside their zone",
      { zones: [{ ...zone, holes: [{ start: 1023, pages: 2 }] }] },
      'zones[0].holes: found "pages 1023..1024", expected holes inside their zone, which has pages 0..1023',
    ],
    [
      "has no hole before its zone",
      { zones: [{ start: 1024, pages: 1024, holes: [{ start: 1023, pages: 2 }] }] },
      'zones[0].holes: found "pages 1023..1024", expected holes inside their zone, which has pages 1024..2047',
    ],
    [
      "has no empty hole",
      { zones: [{ ...zone, holes: [{ start: 3, pages: 0 }] }] },
      "zones[0].holes[0].pages: found 0, expected a number of pages from 1 to 2^53 - 1",
    ],
    [
      "has watermarks that are numbers",
      { zones: [{ ...zone, watermarks: { min: null } }] },
      "zones[0].watermarks.min: found null, expected a whole number from 0 to 2^53 - 1",
    ],
    [
      "has at most 2^32 pages",
      {
        zones: [
          { start: 0, pages: 2 ** 32 },
          { start: 2 ** 40, pages: 1024 },
        ],
      },
      "zones: found 4294968320, expected at most 2^32 pages in all zones together",
    ],
    [
      "has sections of pages",
      { sectionPages: 0, zones: [zone] },
      "sectionPages: found 0, expected a number of pages from 1 to 2^53 - 1",
    ],
  ])("%s", (_, value, message) => {
    expect(problem(() => parseGeometry(value, { file: "g.json" }))).toBe(
      `g.json${message.startsWith("found") ? "" : ","}${message.startsWith("found") ? ":" : ""} ${message}`,
    );
  });
});
