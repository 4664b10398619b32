import { describe, expect, test } from "vitest";
import { InputError } from "../../model/alphabet/index.ts";
import { createImpl } from "../../impl/guest.ts";
import { DESIGNS, SMALL, checkLists, geometry, guestOf, runPass, zone } from "./fixture.ts";

describe("the buffer", () => {
  test.each(DESIGNS)("%s: a snapshot brings everything back", (design) => {
    const shape = geometry([zone(0, 32), zone(64, 16, { node: 1 })], { sectionPages: 8 });
    const guest = guestOf(design, shape, { pcp: { maxOrder: 0, huge: false, high: 4, batch: 2 } });
    const steps = (): string[] => [
      ...runPass(guest).map(String),
      JSON.stringify(guest.perform({ do: "alloc", order: 1, migratetype: "unmovable", node: 1, cpu: 0, wait: false })),
      JSON.stringify(guest.perform({ do: "alloc", order: 0, migratetype: "movable", node: 0, cpu: 0, wait: false })),
      JSON.stringify(guest.perform({ do: "offline", start: 0, pages: 8 })),
      JSON.stringify(guest.view().reporter()),
      JSON.stringify(guest.view().hotplug()),
    ];
    const start = guest.snapshot();
    const first = steps();
    const end = guest.snapshot();
    guest.restore(start);
    expect(steps()).toEqual(first);
    expect(guest.snapshot()).toEqual(end);
  });

  test("a snapshot of another guest is refused", () => {
    const guest = guestOf("none", geometry([zone(0, 32)]));
    expect(() => guest.restore(new Uint8Array(8))).toThrow(InputError);
  });

  test.each(DESIGNS)("%s: at most twelve bytes a page beside what the design keeps", (design) => {
    const shape = geometry([zone(0, 2 ** 18)], { maxOrder: 10, pageblockOrder: 9, reportOrder: 9, capacity: 32 });
    const { state, reporter } = guestOf(design, shape);
    expect((state.buffer.byteLength - reporter.metadataBytes) / 2 ** 18).toBeLessThanOrEqual(12);
  });

  test("a zone of 256 GiB", () => {
    const pages = 2 ** 26;
    const shape = geometry([zone(2 ** 40, pages)], { maxOrder: 10, pageblockOrder: 9, reportOrder: 9, capacity: 32 });
    const guest = createImpl("reported-boundary", shape, SMALL);
    const view = guest.view();
    expect(view.freePages(0)).toBe(pages);
    expect(view.lastFree(0, 10, "movable")).toBe(2 ** 40 + pages - 1024);
    expect(guest.state.buffer.byteLength / pages).toBeLessThanOrEqual(12);
  });
});

describe("what is refused", () => {
  test("an unknown design", () => {
    expect(() => guestOf("bubble-bath", geometry([zone(0, 8)]))).toThrow(/expected one of none/);
  });

  test("sections that cut pageblocks", () => {
    expect(() => guestOf("none", geometry([zone(0, 32)], { sectionPages: 6 }))).toThrow(/geometry.sectionPages/);
    expect(() => guestOf("none", geometry([zone(0, 8)], { sectionPages: 9 }))).not.toThrow();
  });

  test("more pages than 32-bit links can name", () => {
    expect(() => guestOf("none", geometry([zone(0, 2 ** 32)]))).toThrow(/do not fit in memory/);
  });
});

describe("boot", () => {
  test("blocks are as large as holes allow, and ascend on their lists", () => {
    const guest = guestOf("none", geometry([zone(16, 24, { holes: [{ start: 21, pages: 6 }] })]));
    const view = guest.view();
    const list = (order: number): number[] => {
      const pfns: number[] = [];
      for (let at = view.firstFree(0, order, "movable"); at !== -1; at = view.nextFree(at)) pfns.push(at);
      return pfns;
    };
    expect([list(0), list(1), list(2), list(3)]).toEqual([[20, 27], [], [16, 28], [32]]);
    expect(view.owner(21)).toBe("absent");
    expect(view.owner(19)).toBe("free");
    checkLists(guest);
  });

  test("totality: impossible actions change nothing and say nothing", () => {
    const guest = guestOf("page-reporting", geometry([zone(0, 16)]));
    const before = guest.snapshot();
    expect(guest.perform({ do: "free", pfn: 0, order: 3, cpu: 0 })).toEqual([]);
    expect(guest.perform({ do: "free", pfn: 999, order: 0, cpu: 0 })).toEqual([]);
    expect(guest.perform({ do: "compact", zone: "nowhere", order: 0, at: 1, end: "head" })).toEqual([]);
    expect(guest.perform({ do: "drain", zone: "zone0", cpu: 7 })).toEqual([]);
    expect(guest.perform({ do: "online", start: 0, pages: 16 })).toEqual([]);
    expect(guest.perform({ do: "ack", request: 1, ok: true })).toEqual([]);
    expect(guest.snapshot()).toEqual(before);
  });
});
