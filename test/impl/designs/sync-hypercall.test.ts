import { describe, expect, test } from "vitest";
import type { ImplGuest } from "../../../impl/guest.ts";
import type { Event } from "../../../model/alphabet/index.ts";
import { checkLists, geometry, guestOf, zone } from "../fixture.ts";

const ALLOC = { do: "alloc", order: 0, migratetype: "movable", node: 0, cpu: 0, wait: false } as const;

/** All single pages of a guest, allocated. */
function allocateAll(guest: ImplGuest, order = 0): void {
  while (guest.perform({ ...ALLOC, order })[0]?.event === "alloc");
}

function free(guest: ImplGuest, pfn: number, order = 0, cpu = 0): readonly Event[] {
  return guest.perform({ do: "free", pfn, order, cpu }).slice();
}

/** The host answers what a CPU waits for, and the CPU goes on. */
function goOn(guest: ImplGuest, request: number, cpu = 0): readonly Event[] {
  guest.perform({ do: "ack", request, ok: true });
  return guest.perform({ do: "proceed", cpu }).slice();
}

describe("a hypercall", () => {
  test("comes before the allocator sees a large block", () => {
    const guest = guestOf("sync-hypercall", geometry([zone(0, 16)]));
    allocateAll(guest, 3);
    expect(free(guest, 8, 3)).toEqual([
      { event: "free", pfn: 8, order: 3 },
      { event: "isolate", pfn: 8, order: 3 },
      { event: "submit", request: 1, ranges: [{ pfn: 8, order: 3 }] },
    ]);
    expect(guest.view().reporter()).toMatchObject({ stages: "before", queued: [1], lists: "movable", requests: [1] });
    expect([guest.view().stalled(), guest.view().resting(), guest.view().held()]).toEqual([1, false, [8]]);
    expect(guest.perform(ALLOC)).toEqual([]);
    expect(goOn(guest, 1)).toEqual([{ event: "release", pfn: 8, order: 3, reported: false }]);
    expect([guest.view().stalled(), guest.view().resting(), guest.view().freePages(0)]).toEqual([0, true, 8]);
    checkLists(guest);
  });

  test("comes in the middle of a merge, once, and the merge goes on after it", () => {
    const guest = guestOf("sync-hypercall", geometry([zone(0, 16)]));
    for (let pages = 0; pages < 4; pages++) guest.perform(ALLOC);
    for (const pfn of [0, 1, 2]) expect(free(guest, pfn)).toHaveLength(1);
    expect(free(guest, 3)).toHaveLength(3);
    expect(guest.view().held()).toEqual([0]);
    expect(guest.view().orderAt(0)).toBe(2);
    expect(goOn(guest, 1)).toHaveLength(1);
    expect([guest.view().orderAt(0), guest.view().owner(0), guest.view().freePages(0)]).toEqual([3, "free", 16]);
    checkLists(guest);
  });

  test("is made by nobody without a device, and by nobody in a frozen guest", () => {
    for (const action of [{ do: "unregister" }, { do: "freeze" }] as const) {
      const guest = guestOf("sync-hypercall", geometry([zone(0, 16)]));
      allocateAll(guest, 2);
      guest.perform(action);
      expect(free(guest, 0, 2)).toHaveLength(1);
      expect(guest.view().freePages(0)).toBe(4);
    }
  });

  test("under way is waited for by a device that leaves, and by a freeze", () => {
    const guest = guestOf("sync-hypercall", geometry([zone(0, 16)]));
    allocateAll(guest, 2);
    free(guest, 0, 2);
    guest.perform({ do: "freeze" });
    expect([guest.view().frozen(), guest.perform({ do: "unregister" }).length]).toEqual([false, 0]);
    expect(goOn(guest, 1).at(-1)).toEqual({ event: "unregistered" });
  });
});

describe("the queue of a CPU", () => {
  /** Two CPUs that cache single pages, seven at most; nothing is cached, and all pages below 48 are allocated. */
  function cached(): ImplGuest {
    const settings = { cpus: 2, pcp: { maxOrder: 0, huge: false, high: 8, batch: 8 } };
    const guest = guestOf("sync-hypercall", geometry([zone(0, 64)], { reportOrder: 1, capacity: 1 }), settings);
    allocateAll(guest);
    // What the last refill left in the cache goes back without a device, so that nobody is told.
    guest.perform({ do: "unregister" });
    guest.perform({ do: "drain", zone: "zone0", cpu: 0 });
    guest.perform({ do: "register" });
    expect(guest.view().lastFree(0, 1, "movable")).toBeGreaterThanOrEqual(48);
    return guest;
  }

  test("keeps the rest of a bulk free while its CPU is inside, each block with the list that was read", () => {
    const guest = cached();
    for (let pfn = 0; pfn < 7; pfn++) expect(free(guest, pfn)).toHaveLength(1);
    expect(free(guest, 7)).toHaveLength(3);
    // The oldest first: 0 stands alone, 1 merges with it.
    expect(guest.view().held()).toEqual([0]);
    expect(guest.view().reporter()).toMatchObject({
      stages: "inside,",
      queued: [7, 0],
      lists: "movable,",
      requests: [1, 0],
    });
    expect([2, 7].map((pfn) => guest.view().owner(pfn))).toEqual(["cached", "cached"]);
    const calls = [goOn(guest, 1), goOn(guest, 1), goOn(guest, 1), goOn(guest, 1)];
    expect(calls.map((events) => events.map(({ event }) => event))).toEqual([
      ["release", "isolate", "submit"],
      ["release", "isolate", "submit"],
      ["release", "isolate", "submit"],
      ["release"],
    ]);
    expect([guest.view().orderAt(0), guest.view().owner(0)]).toEqual([3, "free"]);
    checkLists(guest);
  });

  test("is each CPU's own, and all of it is in the snapshot", () => {
    const guest = cached();
    for (let pfn = 0; pfn < 8; pfn++) free(guest, pfn);
    for (let pfn = 16; pfn < 24; pfn++) free(guest, pfn, 0, 1);
    expect(guest.view().reporter()).toMatchObject({ stages: "inside,inside", queued: [7, 7], requests: [1, 2] });
    expect([guest.view().stalled(), guest.view().held()]).toEqual([2, [0, 16]]);

    const other = cached();
    other.restore(guest.snapshot());
    for (const one of [guest, other]) {
      const events = [goOn(one, 2, 1), goOn(one, 1, 0), goOn(one, 2, 1), goOn(one, 1, 0)].flat();
      expect(events.filter(({ event }) => event === "submit")).toHaveLength(4);
    }
    expect(other.snapshot()).toEqual(guest.snapshot());
    checkLists(other);
  });

  test("does not see that a pageblock was isolated while the lock was dropped (G-1)", () => {
    const guest = guestOf("sync-hypercall", geometry([zone(0, 16)], { sectionPages: 4 }));
    allocateAll(guest);
    for (const pfn of [0, 1, 2, 3]) free(guest, pfn);
    guest.perform({ do: "offline", start: 0, pages: 4 });
    guest.perform({ do: "hotplug" });
    expect(guest.view().pageblock(0)).toBe("isolate");
    goOn(guest, 1);
    expect([guest.view().firstFree(0, 2, "movable"), guest.view().firstFree(0, 2, "isolate")]).toEqual([0, -1]);
  });
});

test("a large machine: one hypercall for a block of the largest order, freed page by page", () => {
  const shape = geometry([zone(0, 2 ** 18)], { maxOrder: 10, pageblockOrder: 9, reportOrder: 9, capacity: 32 });
  const guest = guestOf("sync-hypercall", shape);
  for (let page = 0; page < 1024; page++) guest.perform(ALLOC);
  let calls = 0;
  for (let pfn = 0; pfn < 1024; pfn++) {
    const submits = free(guest, pfn).filter(({ event }) => event === "submit").length;
    if (submits > 0) goOn(guest, 1);
    calls += submits;
  }
  expect(calls).toBe(2);
  // A block through the queue for each free, and one unit for each call.
  expect(guest.reporter.inFreePath).toBe(1024 + calls);
  expect(guest.view().orderAt(0)).toBe(10);
  checkLists(guest);
});
