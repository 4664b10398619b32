import { describe, expect, test } from "vitest";
import { RunList, runListWords } from "../../../impl/designs/run-list.ts";
import type { ImplGuest } from "../../../impl/guest.ts";
import { Shape } from "../../../impl/shape.ts";
import type { Event, Geometry, Pfn } from "../../../model/alphabet/index.ts";
import { checkLists, geometry, guestOf, zone } from "../fixture.ts";
import { expectToResume, finish } from "./resume.ts";

const ALLOC = { do: "alloc", order: 0, migratetype: "movable", node: 0, cpu: 0, wait: false } as const;

/** A guest of two CPUs whose blocks of an order are all allocated. */
function allocated(order: number, shape: Geometry = geometry([zone(0, 64)])): ImplGuest {
  const guest = guestOf("array-seqlock", shape, { cpus: 2 });
  while (guest.perform({ ...ALLOC, order })[0]?.event === "alloc");
  return guest;
}

function free(guest: ImplGuest, order: number, cpu: number, ...pfns: readonly Pfn[]): Event[] {
  return pfns.flatMap((pfn) => [...guest.perform({ do: "free", pfn, order, cpu })]);
}

/** Lets a CPU go on for so many steps, with a host that answers at once. */
function proceed(guest: ImplGuest, cpu: number, steps: number): Event[] {
  const events: Event[] = [];
  for (let step = 0; step < steps; step++) {
    events.push(...guest.perform({ do: "proceed", cpu }));
    const { request } = guest.reporter;
    if (request !== 0) guest.perform({ do: "ack", request, ok: true });
  }
  return events;
}

describe("a full array", () => {
  test("keeps its CPU inside the free, and everybody who wants to allocate outside", () => {
    const guest = allocated(3);
    expect(free(guest, 3, 1, 8, 32)).toHaveLength(2);
    expect([guest.view().held(), guest.view().owner(8)]).toEqual([[32], "free"]);
    expect(guest.view().reporter()).toMatchObject({ writer: 1, stages: ",scan", entries: [0, 2], pfns: [8, 32] });
    expect(guest.perform({ ...ALLOC, wait: true })).toEqual([{ event: "alloc-waits", order: 0, ticket: 1 }]);
    expect([guest.view().stalled(), guest.view().resting()]).toEqual([1, false]);
    expect(free(guest, 3, 1, 48)).toEqual([]);
    // The second page of the second run makes two of them, which is the threshold and the capacity.
    expect(proceed(guest, 1, 2)).toMatchObject([{ event: "submit", ranges: [{ pfn: 8, order: 3 }] }]);
    expect(guest.view().reporter()).toMatchObject({ stages: ",call", runs: [8, 8, 32, 1], at: [0, 0, 1, 1] });
    const events = proceed(guest, 1, 2);
    expect(events).toEqual([{ event: "alloc", pfn: 32, order: 0, migratetype: "movable", ticket: 1 }]);
    expect([guest.view().held(), guest.view().owner(33), guest.view().stalled()]).toEqual([[], "free", 0]);
    checkLists(guest);
  });

  test("waits for the CPU that has the lock", () => {
    const guest = allocated(3);
    free(guest, 3, 0, 0, 16);
    free(guest, 3, 1, 32, 48);
    expect(guest.view().reporter()).toMatchObject({ stages: "scan,lock", writer: 0 });
    expect(guest.enabled()).toEqual([{ do: "proceed", cpu: 0 }]);
    expect(proceed(guest, 1, 1)).toEqual([]);
    finish(guest);
    expect(guest.view().reporter()).toMatchObject({ stages: ",", writer: -1, entries: [0, 0], at: [0, 0, 0, 0] });
    checkLists(guest);
  });

  test("is gone through from a snapshot as from the state itself, on both CPUs", () => {
    const zones = [zone(0, 32), zone(2 ** 40, 32, { node: 1 })];
    const shape = geometry(zones, { capacity: 3 });
    const fresh = (): ImplGuest => guestOf("array-seqlock", shape, { cpus: 2, highWater: 2 });
    const guest = fresh();
    while (guest.perform({ ...ALLOC, order: 2 })[0]?.event === "alloc");
    free(guest, 2, 0, 4, 24, 2 ** 40 + 8);
    free(guest, 2, 1, 2 ** 40 + 24, 12, 16);
    guest.perform({ ...ALLOC, wait: true });
    expect(expectToResume(fresh, guest)).toBeGreaterThan(10);
    expect(guest.view().resting()).toBe(true);
  });

  test("is finished before a device leaves and before the guest freezes; frozen, nothing is noted", () => {
    const guest = allocated(3);
    free(guest, 3, 0, 8, 24);
    guest.perform({ do: "freeze" });
    expect([guest.view().frozen(), guest.perform({ do: "unregister" }).length]).toEqual([false, 0]);
    expect(finish(guest).at(-1)).toBe('[{"event":"unregistered"}]');
    expect(guest.view().reporter()).toMatchObject({ entries: [0, 0], runs: [] });
    guest.perform({ do: "register" });
    guest.perform({ do: "freeze" });
    free(guest, 3, 0, 40, 56);
    expect(guest.view().reporter()).toMatchObject({ entries: [0, 0], stages: "," });
  });
});

describe("a page without a reference", () => {
  test("need not be free: all but the first of an allocated block pass (V7-1)", () => {
    const guest = allocated(3);
    free(guest, 3, 0, 8);
    guest.perform({ ...ALLOC, order: 3 });
    expect(guest.view().owner(8)).toBe("allocated");
    free(guest, 3, 0, 32);
    // 9 to 15 make a run though they are allocated; its largest aligned part is submitted.
    expect(proceed(guest, 0, 2)).toMatchObject([{ event: "submit", ranges: [{ pfn: 12, order: 2 }] }]);
  });

  test("stays in the list when its array is done, and may be allocated by the time of a call (AS-1)", () => {
    const shape = geometry([zone(0, 64)], { capacity: 3 });
    const guest = allocated(3, shape);
    free(guest, 3, 0, 8, 16, 24);
    finish(guest);
    expect(guest.view().reporter()).toMatchObject({ runs: [8, 24], entries: [0, 0] });
    expect([guest.view().noted(8, 3), guest.view().noted(32, 3)]).toEqual([true, false]);
    for (let block = 0; block < 3; block++) guest.perform({ ...ALLOC, order: 3 });
    free(guest, 3, 0, 40, 56, 0);
    expect(proceed(guest, 0, 2)).toMatchObject([
      {
        event: "submit",
        ranges: [
          { pfn: 8, order: 3 },
          { pfn: 16, order: 3 },
          { pfn: 24, order: 3 },
        ],
      },
    ]);
    expect(guest.view().owner(8)).toBe("allocated");
  });
});

describe("the list of runs", () => {
  function listOf(places: number, shape: Geometry = geometry([zone(0, 64), zone(64, 64)])): RunList {
    return new RunList(new Shape(shape), places, new Float64Array(runListWords(places)));
  }
  function runsOf(list: RunList): number[][] {
    return Array.from({ length: list.count }, (_, run) => [list.first(run), list.pages(run)]);
  }
  function gather(list: RunList, pages: readonly number[]): void {
    for (const page of pages) list.add(page);
  }

  test("prolongs only its last run, sorts, and merges what touches or overlaps", () => {
    const list = listOf(6);
    gather(list, [20, 21, 4, 5, 22, 23, 5, 6, 7]);
    expect(runsOf(list)).toEqual([
      [20, 2],
      [4, 2],
      [22, 2],
      [5, 3],
    ]);
    list.sort();
    list.merge();
    expect(runsOf(list)).toEqual([
      [4, 4],
      [20, 4],
    ]);
  });

  test("never goes over the border of a zone", () => {
    const list = listOf(4);
    gather(list, [63, 64, 62]);
    list.sort();
    list.merge();
    expect(runsOf(list)).toEqual([
      [62, 2],
      [64, 1],
    ]);
  });

  test("forgets one run", () => {
    const list = listOf(3);
    gather(list, [8, 1, 30]);
    list.drop(1);
    expect(runsOf(list)).toEqual([
      [8, 1],
      [30, 1],
    ]);
  });

  test("is cut into the largest aligned blocks, and knows how many are left", () => {
    const list = listOf(4);
    gather(
      list,
      [...Array(23).keys()].map((page) => page + 5),
    );
    gather(list, [40, 41, 42, 44, 45, 46, 47]);
    list.beginCut();
    expect(list.uncut).toBe(4);
    expect([list.cutNext(), list.cutNext(), list.uncut]).toEqual([{ pfn: 8, order: 3 }, { pfn: 16, order: 3 }, 2]);
    expect([list.cutNext(), list.cutNext()]).toEqual([
      { pfn: 24, order: 2 },
      { pfn: 44, order: 2 },
    ]);
    expect([list.cutNext(), list.uncut]).toEqual([undefined, 0]);
  });
});

test("a large machine: the scan looks at each page of an array once, all of it inside the free", () => {
  const shape = geometry([zone(0, 2 ** 20)], { maxOrder: 10, pageblockOrder: 9, reportOrder: 9, capacity: 64 });
  const guest = guestOf("array-seqlock", shape, { highWater: 32 });
  const blocks = Array.from({ length: 128 }, () => guest.perform({ ...ALLOC, order: 10 })[0]);
  const submitted: number[] = [];
  for (const event of blocks) {
    if (event?.event !== "alloc" || event.pfn % 2048 !== 0) continue;
    guest.perform({ do: "free", pfn: event.pfn, order: 10, cpu: 0 });
    for (const step of finish(guest)) {
      for (const told of JSON.parse(step)) if (told.event === "submit") submitted.push(told.ranges.length);
    }
  }
  expect(submitted).toEqual([63]);
  expect(guest.reporter.visited).toBe(64 * 1024);
  expect(guest.reporter.inFreePath).toBe(64 + 64 * 1024);
  checkLists(guest);
});
