import { describe, expect, test } from "vitest";
import { None } from "../../impl/designs/none.ts";
import { InputError } from "../../model/alphabet/index.ts";
import { addToy, checkLists, geometry, guestOf, runPass, zone } from "./fixture.ts";

describe("a whole pass", () => {
  test("none has nothing to do", () => {
    const guest = guestOf("none", geometry([zone(0, 32)]));
    expect(guest.enabled()).toEqual([]);
    expect(guest.view().resting()).toBe(true);
  });

  test.each(["reported-boundary", "page-reporting"])("%s reports every block of both zones", (design) => {
    const guest = guestOf(design, geometry([zone(0, 32), zone(2 ** 40, 24, { node: 1 })]));
    const pfns = runPass(guest);
    expect(pfns.toSorted((a, b) => a - b)).toEqual([0, 8, 16, 24, 2 ** 40, 2 ** 40 + 8, 2 ** 40 + 16]);
    expect(guest.view().resting()).toBe(true);
    checkLists(guest);
  });

  test("page-reporting goes through its phases, and keeps the batch of an answered request in order", () => {
    const guest = guestOf("page-reporting", geometry([zone(0, 32)]));
    const steps = Array.from({ length: 5 }, () => {
      const events = guest.perform({ do: "work" }).map(({ event }) => event);
      return [guest.view().reporter().phase, ...events];
    });
    expect(steps).toEqual([["zone"], ["list"], ["full", "isolate", "isolate"], ["full-wait", "submit"], ["full-wait"]]);
    expect(guest.view().held()).toEqual([0, 8]);
    guest.perform({ do: "ack", request: 1, ok: false });
    expect(
      guest.perform({ do: "work" }).map((event) => (event.event === "release" ? [event.pfn, event.reported] : [])),
    ).toEqual([
      [8, false],
      [0, false],
    ]);
    expect(guest.view().reporter().phase).toBe("finish");
  });
});

describe("the walk from the boundary", () => {
  /** Pages 4n are free, 4n+1 to 4n+3 allocated: single free pages that cannot merge. */
  function scattered(pages: number): ReturnType<typeof guestOf> {
    const shape = geometry([zone(0, pages)], { maxOrder: 2, pageblockOrder: 2, reportOrder: 0, capacity: 8 });
    const guest = guestOf("reported-boundary", shape);
    for (let pfn = 0; pfn < pages; pfn++) {
      guest.perform({ do: "alloc", order: 0, migratetype: "movable", node: 0, cpu: 0, wait: false });
    }
    for (let pfn = 0; pfn < pages; pfn += 4) guest.perform({ do: "free", pfn, order: 0, cpu: 0 });
    runPass(guest);
    return guest;
  }

  test.each([2 ** 8, 2 ** 12])("of %i pages looks at fresh blocks only", (pages) => {
    const guest = scattered(pages);
    for (let pfn = 0; pfn < 64; pfn += 4) guest.perform({ do: "memory-failure", pfn });
    for (let pfn = 0; pfn < 64; pfn += 4) guest.perform({ do: "free", pfn, order: 0, cpu: 0 });
    checkLists(guest);
    const before = guest.reporter.visited;
    expect(runPass(guest)).toHaveLength(16);
    expect(guest.reporter.visited - before).toBeLessThanOrEqual(20);
    checkLists(guest);
  });

  test("finds blocks that came to the tail as well", () => {
    const guest = scattered(2 ** 10);
    // Free pages 2 and 3 of some groups: page 0 is then taken and freed to the tail, since a merge is likely.
    for (let group = 0; group < 64; group += 4) {
      guest.perform({ do: "free", pfn: group + 2, order: 0, cpu: 0 });
      guest.perform({ do: "free", pfn: group + 3, order: 0, cpu: 0 });
    }
    runPass(guest);
    for (let pfn = 0; pfn < 64; pfn += 4) guest.perform({ do: "memory-failure", pfn });
    for (let pfn = 0; pfn < 64; pfn += 4) guest.perform({ do: "free", pfn, order: 0, cpu: 0 });
    expect(guest.view().lastFree(0, 0, "movable")).toBe(60);
    const before = guest.reporter.visited;
    expect(runPass(guest)).toHaveLength(16);
    expect(guest.reporter.visited - before).toBeLessThanOrEqual(22);
    checkLists(guest);
  });
});

describe("the registry", () => {
  test("an unknown variant is refused, by the names of those that there are", () => {
    expect(() => guestOf("none/v9", geometry([zone(0, 8)]))).toThrow(/settings.variant.*"v9"/);
  });

  test("a design can be added from outside, but not twice", () => {
    addToy("still", (parts) => new None(parts));
    expect(guestOf("still", geometry([zone(0, 8)])).enabled()).toEqual([]);
    expect(() => addToy("still", (parts) => new None(parts))).toThrow(InputError);
  });
});
