import { describe, expect, test } from "vitest";
import type { ImplGuest } from "../../../impl/guest.ts";
import type { Event } from "../../../model/alphabet/index.ts";
import { checkLists, geometry, guestOf, zone } from "../fixture.ts";

/**
 * Allocates blocks of an order, as many as there are, and frees those that begin at these pages. The first block of
 * each zone stays broken: what is left of it keeps the zone above its watermark when all others are taken.
 */
function freeAt(guest: ImplGuest, order: number, pfns: readonly number[]): void {
  const alloc = { do: "alloc", order, migratetype: "movable", node: 0, cpu: 0, wait: false } as const;
  for (const { node } of guest.shape.geometry.zones) guest.perform({ ...alloc, order: 0, node });
  while (guest.perform(alloc)[0]?.event === "alloc");
  for (const pfn of pfns) guest.perform({ do: "free", pfn, order, cpu: 0 });
}

/** Lets the worker run, with a host that answers at once, for so many steps at most. */
function work(guest: ImplGuest, steps = 10_000): Event[] {
  const events: Event[] = [];
  for (let step = 0; step < steps && guest.reporter.canWork(); step++) {
    events.push(...guest.perform({ do: "work" }));
    const { request } = guest.reporter;
    if (request !== 0) events.push(...guest.perform({ do: "ack", request, ok: true }));
  }
  return events;
}

function submitted(events: readonly Event[]): number[][] {
  return events.flatMap((event) => (event.event === "submit" ? [event.ranges.map(({ pfn }) => pfn)] : []));
}

const BLOCKS = [8, 16, 24];

describe("a scan of the bitmap", () => {
  test.each(["v11", "v10", "v12"])("%s hands over what was freed, batch by batch", (variant) => {
    const guest = guestOf("bitmap", geometry([zone(0, 64)]), { variant });
    freeAt(guest, 2, [8, 16, 24, 40]);
    expect(guest.view().reporter()).toMatchObject({ bits: [8, 16, 24, 40], counters: [4], timer: 0 });
    const events = work(guest);
    expect(submitted(events)).toEqual([
      [8, 16],
      [24, 40],
    ]);
    expect(guest.view().reporter()).toMatchObject({ phase: "rest", bits: [], counters: [0], cursor: 0, at: -1 });
    expect(events.at(-1)).toEqual({ event: "idle" });
    checkLists(guest);
  });

  test("is the same from a snapshot in the middle of each step", () => {
    const fresh = (): ImplGuest => guestOf("bitmap", geometry([zone(0, 64)]));
    const guest = fresh();
    freeAt(guest, 2, [8, 16, 24, 40]);
    const start = guest.snapshot();
    const whole = work(guest).map((event) => JSON.stringify(event));
    const end = guest.snapshot();
    for (let steps = 0; steps < 14; steps++) {
      const first = fresh();
      first.restore(start);
      const before = work(first, steps).map((event) => JSON.stringify(event));
      const second = fresh();
      second.restore(first.snapshot());
      expect([...before, ...work(second).map((event) => JSON.stringify(event))]).toEqual(whole);
      expect(second.snapshot()).toEqual(end);
    }
  });

  test("goes over the zones of a map by their pages, and over one that stands far away", () => {
    const zones = [zone(2 ** 40, 32), zone(0, 32, { node: 1 })];
    const guest = guestOf("bitmap", geometry(zones, { capacity: 8 }));
    freeAt(guest, 3, [...BLOCKS, ...BLOCKS.map((pfn) => 2 ** 40 + pfn)]);
    expect(guest.view().reporter().counters).toEqual([6]);
    expect(submitted(work(guest))).toEqual([[...BLOCKS, ...BLOCKS.map((pfn) => 2 ** 40 + pfn)]]);

    const v12 = guestOf("bitmap", geometry(zones, { capacity: 8 }), { variant: "v12" });
    freeAt(v12, 3, [...BLOCKS, ...BLOCKS.map((pfn) => 2 ** 40 + pfn)]);
    expect(v12.view().reporter().counters).toEqual([3, 3]);
    expect(submitted(work(v12))).toEqual([BLOCKS.map((pfn) => 2 ** 40 + pfn), BLOCKS]);
  });
});

describe("the threshold", () => {
  test("queues the worker, but v11 not while it scans: what comes late waits for another free (BM-1)", () => {
    for (const [variant, timer] of [
      ["v11", -1],
      ["v10", 0],
    ] as const) {
      const guest = guestOf("bitmap", geometry([zone(0, 64)]), { variant, highWater: 2 });
      freeAt(guest, 3, [8]);
      expect(guest.view().reporter().timer).toBe(-1);
      guest.perform({ do: "free", pfn: 16, order: 3, cpu: 0 });
      expect(guest.view().reporter().timer).toBe(0);
      work(guest, 4);
      guest.perform({ do: "free", pfn: 32, order: 3, cpu: 0 });
      guest.perform({ do: "free", pfn: 48, order: 3, cpu: 0 });
      expect(guest.view().reporter().timer).toBe(timer);
    }
  });
});

describe("memory that has gone", () => {
  /** The only bits are those of a section which is offline now. */
  function offline(variant: string): ImplGuest {
    const guest = guestOf("bitmap", geometry([zone(0, 32)], { sectionPages: 8 }), { variant });
    freeAt(guest, 3, [8]);
    guest.perform({ do: "offline", start: 8, pages: 8 });
    for (let step = 0; step < 6; step++) guest.perform({ do: "hotplug" });
    expect(guest.view().owner(8)).toBe("absent");
    return guest;
  }

  test("keeps v11 looking at the same bit for ever (BM-8)", () => {
    const guest = offline("v11");
    const before = guest.reporter.visited;
    work(guest, 1000);
    expect(guest.view().reporter()).toMatchObject({ phase: "find", cursor: 0, bits: [8, 12] });
    expect(guest.reporter.visited - before).toBeGreaterThan(1000);
  });

  test("is passed by v12, which keeps the bit", () => {
    const guest = offline("v12");
    work(guest, 1000);
    expect(guest.view().reporter()).toMatchObject({ phase: "rest", bits: [8, 12], counters: [2] });
    expect(guest.view().due()).toBe(true);
  });
});

test("a large machine: one look for each block of the report order, and one unit of work for each free", () => {
  const pages = 2 ** 20;
  const shape = geometry([zone(0, pages)], { maxOrder: 10, pageblockOrder: 9, reportOrder: 9, capacity: 32 });
  const guest = guestOf("bitmap", shape, { highWater: 1 });
  freeAt(guest, 9, [512 * 1000, 512 * 2000, 512 * 5]);
  expect(guest.reporter.inFreePath).toBe(3);
  expect(submitted(work(guest))).toEqual([[512 * 5, 512 * 1000, 512 * 2000]]);
  // 2048 blocks, and those behind the last one once more, after the batch that was not full.
  expect(guest.reporter.visited).toBe(pages / 512 + (pages / 512 - 2001));
  expect(guest.reporter.metadataBytes).toBe(8 * (5 + pages / 512 / 32));
  checkLists(guest);
});

test("a device that leaves takes the bits with it", () => {
  const guest = guestOf("bitmap", geometry([zone(0, 64)]), { highWater: 8 });
  freeAt(guest, 3, [8, 16]);
  expect(guest.perform({ do: "unregister" })).toEqual([{ event: "unregistered" }]);
  expect(guest.view().reporter()).toMatchObject({ device: "unregistered", bits: [], counters: [0] });
});

test("a device that leaves in a pass waits for its end", () => {
  const guest = guestOf("bitmap", geometry([zone(0, 64)], { capacity: 8 }));
  freeAt(guest, 3, [8, 16]);
  work(guest, 3);
  expect(guest.perform({ do: "unregister" })).toEqual([]);
  guest.perform({ do: "free", pfn: 32, order: 3, cpu: 0 });
  expect(guest.view().reporter()).toMatchObject({ device: "leaving", counters: [2] });
  expect(work(guest).at(-1)).toEqual({ event: "unregistered" });
  expect(guest.view().reporter()).toMatchObject({ device: "unregistered", bits: [], counters: [0] });
});
