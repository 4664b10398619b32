import { describe, expect, test } from "vitest";
import type { ImplGuest } from "../../../impl/guest.ts";
import type { Event } from "../../../model/alphabet/index.ts";
import { checkLists, geometry, guestOf, zone } from "../fixture.ts";

const ALLOC = { do: "alloc", order: 2, migratetype: "movable", node: 0, cpu: 0, wait: false } as const;

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

describe("a round of hints", () => {
  const FAR = 2 ** 40;
  const zones = [zone(0, 32, { holes: [{ start: 8, pages: 4 }] }), zone(FAR, 16, { node: 1 })];
  const ALL = [0, 4, 12, 16, 20, 24, 28, FAR, FAR + 4, FAR + 8, FAR + 12];

  test.each(["as-written", "migration"])("%s gives out each block of the report order once", (variant) => {
    const guest = guestOf("get-put-hints", geometry(zones), { variant });
    expect(guest.enabled()).toEqual([]);
    guest.perform({ do: "hint", command: "start" });
    const events = work(guest);
    expect(submitted(events)).toEqual([[0, 4], [12, 16], [20, 24], [28], [FAR, FAR + 4], [FAR + 8, FAR + 12]]);
    expect(events.at(-1)).toEqual({ event: "idle" });
    expect(guest.view().reporter()).toMatchObject({ phase: "rest", active: 1, bits: ALL });
    checkLists(guest);
  });

  test("repaired takes whole blocks off the lists, and puts them back", () => {
    const guest = guestOf("get-put-hints", geometry(zones), { variant: "repaired" });
    guest.perform({ do: "hint", command: "start" });
    work(guest, 1);
    expect(guest.view().held()).toEqual([0, 12]);
    expect(guest.view().reporter()).toMatchObject({ chosen: [0, 12], bits: ALL.slice(3), cursor: 16 });
    const events = work(guest);
    // The last zone may not give both its blocks at once.
    expect(submitted(events)).toEqual([[0, 12], [16, 24], [FAR], [FAR + 8]]);
    expect(guest.view().reporter()).toMatchObject({ chosen: [], bits: ALL });
    checkLists(guest);
  });

  test.each(["as-written", "repaired", "migration"])("%s goes on from a snapshot as it would have", (variant) => {
    const fresh = (): ImplGuest => guestOf("get-put-hints", geometry(zones), { variant });
    const guest = fresh();
    guest.perform({ do: "hint", command: "start" });
    const start = guest.snapshot();
    const whole = work(guest).map((event) => JSON.stringify(event));
    const end = guest.snapshot();
    for (let steps = 0; steps < 16; steps++) {
      const first = fresh();
      first.restore(start);
      const before = work(first, steps).map((event) => JSON.stringify(event));
      const second = fresh();
      second.restore(first.snapshot());
      expect([...before, ...work(second).map((event) => JSON.stringify(event))]).toEqual(whole);
      expect(second.snapshot()).toEqual(end);
    }
  });
});

describe("a block that is out as a hint", () => {
  /** Pages 0 to 3 are out, the request is not answered. */
  function out(variant: string): ImplGuest {
    const guest = guestOf("get-put-hints", geometry([zone(0, 16)], { capacity: 1 }), { variant });
    guest.perform({ do: "hint", command: "start" });
    guest.perform({ do: "work" });
    guest.perform({ do: "work" });
    return guest;
  }

  test("is allocated all the same as written (XB-1), and its bit stays hidden when it is freed", () => {
    const guest = out("as-written");
    expect(guest.perform({ ...ALLOC, order: 3 })[0]).toMatchObject({ event: "alloc", pfn: 0 });
    guest.perform({ do: "free", pfn: 0, order: 3, cpu: 0 });
    expect(guest.view().reporter()).toMatchObject({ chosen: [0], bits: [4, 8, 12] });
  });

  test("is not to be had where that is repaired", () => {
    const guest = out("repaired");
    expect(guest.perform({ ...ALLOC, order: 3 })[0]).toMatchObject({ event: "alloc", pfn: 8 });
    expect(guest.perform({ ...ALLOC, order: 3 })[0]).toMatchObject({ event: "alloc-failed", reason: "would-block" });
  });

  test("keeps its bit where hints only serve a migration", () => {
    expect(out("migration").view().reporter()).toMatchObject({ chosen: [0], bits: [0, 4, 8, 12] });
  });

  test("comes back before a stopped round ends", () => {
    const guest = out("as-written");
    guest.perform({ do: "hint", command: "stop" });
    expect(guest.view().reporter()).toMatchObject({ phase: "wait", stopping: true });
    guest.perform({ do: "ack", request: 1, ok: true });
    expect(guest.perform({ do: "work" })).toEqual([{ event: "idle" }]);
    expect(guest.view().reporter()).toMatchObject({ phase: "rest", stopping: false, bits: [0, 4, 8, 12] });
  });
});

test("a bit whose block is not free any more is dropped by the get that finds it", () => {
  const guest = guestOf("get-put-hints", geometry([zone(0, 16)], { capacity: 8 }), {});
  guest.perform(ALLOC);
  expect(guest.view().reporter().bits).toEqual([0, 4, 8, 12]);
  guest.perform({ do: "hint", command: "start" });
  guest.perform({ do: "work" });
  expect(guest.view().reporter()).toMatchObject({ chosen: [4, 8, 12], bits: [] });
});

test("a large machine: one look at each bit, and work in the free path only for large blocks", () => {
  const pages = 2 ** 20;
  const shape = geometry([zone(0, pages)], { maxOrder: 10, pageblockOrder: 9, reportOrder: 9, capacity: 32 });
  const guest = guestOf("get-put-hints", shape);
  guest.perform({ ...ALLOC, order: 0 });
  guest.perform({ do: "free", pfn: 0, order: 0, cpu: 0 });
  // The page has merged with the whole block of order 10: two bits.
  expect(guest.reporter.inFreePath).toBe(2);
  guest.perform({ do: "hint", command: "start" });
  expect(submitted(work(guest)).flat()).toHaveLength(2048);
  // Each request but the last ends at one bit too many; the last `get` has none left to look at.
  expect(guest.reporter.visited).toBe(2048 + 2048 / 32 - 1);
  expect(guest.reporter.metadataBytes).toBe(8 * (5 + 32 + 64));
  checkLists(guest);
});
