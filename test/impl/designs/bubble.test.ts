import { describe, expect, test } from "vitest";
import { Bubble } from "../../../impl/designs/bubble.ts";
import type { ImplGuest } from "../../../impl/guest.ts";
import { ISOLATE } from "../../../impl/state.ts";
import type { Event, Pfn } from "../../../model/alphabet/index.ts";
import { checkLists, geometry, guestOf, zone } from "../fixture.ts";
import { expectToResume, finish } from "./resume.ts";

const ALLOC = { do: "alloc", order: 0, migratetype: "movable", node: 0, cpu: 0, wait: false } as const;

function bubbleOf(guest: ImplGuest): Bubble {
  if (guest.reporter instanceof Bubble) return guest.reporter;
  throw new Error(`this guest runs ${guest.design}`);
}

/** An allocation and its free: the zone hears that it has something to report. */
function touch(guest: ImplGuest, order = 0): readonly Event[] {
  const event = guest.perform({ ...ALLOC, order })[0];
  if (event?.event !== "alloc") throw new Error(`no block of order ${order} is left`);
  return guest.perform({ do: "free", pfn: event.pfn, order, cpu: 0 });
}

/** Takes steps of the worker, with a host that answers at once. */
function work(guest: ImplGuest, steps: number): Event[] {
  const events: Event[] = [];
  for (let step = 0; step < steps; step++) {
    events.push(...guest.perform({ do: "work" }));
    const { request } = guest.reporter;
    if (request !== 0) events.push(...guest.perform({ do: "ack", request, ok: true }));
  }
  return events;
}

function listed(guest: ImplGuest, order: number): string[] {
  const view = guest.view();
  const blocks: string[] = [];
  for (let pfn: Pfn = view.firstFree(0, order, "movable"); pfn !== -1; pfn = view.nextFree(pfn)) {
    blocks.push(view.reported(pfn) ? `${pfn}*` : `${pfn}`);
  }
  return blocks;
}

describe("a pass", () => {
  test("begins with the first free, not with the device, and leaves everything marked", () => {
    const guest = guestOf("bubble", geometry([zone(0, 32)]));
    expect(guest.enabled()).toEqual([]);
    touch(guest);
    finish(guest);
    expect(listed(guest, 3)).toEqual(["0*", "8*", "16*", "24*"]);
    expect(guest.view().reportedBlocks?.(0, 3)).toBe(4);
    checkLists(guest);
  });

  test("goes on from a snapshot anywhere in it", () => {
    const shape = geometry([zone(0, 32), zone(32, 24, { node: 1 })]);
    const fresh = (): ImplGuest => guestOf("bubble", shape, { delay: 2 });
    const guest = fresh();
    touch(guest);
    guest.perform({ ...ALLOC, node: 1 });
    guest.perform({ do: "free", pfn: 32, order: 0, cpu: 0 });
    expect(guest.view().reporter()).toMatchObject({ requested: [1, 1], timer: 2 });
    expect(expectToResume(fresh, guest)).toBeGreaterThan(15);
  });

  test("that is scheduled is waited for by a device that leaves", () => {
    const guest = guestOf("bubble", geometry([zone(0, 32)]), { delay: 1 });
    touch(guest);
    expect(guest.perform({ do: "unregister" })).toEqual([]);
    const told = finish(guest);
    expect(told.at(-1)).toBe('[{"event":"unregistered"}]');
    expect(listed(guest, 3)).toEqual(["0*", "8*", "16*", "24*"]);
    expect(guest.perform({ do: "register" })).toEqual([{ event: "registered" }]);
    expect(guest.view().resting()).toBe(true);
  });
});

describe("lists of isolated pageblocks", () => {
  /** A section whose pageblock is isolated, and a free elsewhere: the pass comes upon its list. */
  function isolated(): ImplGuest {
    const guest = guestOf("bubble", geometry([zone(0, 32)], { pageblockOrder: 3, sectionPages: 8 }));
    guest.perform({ do: "offline", start: 0, pages: 8 });
    guest.perform({ do: "hotplug" });
    expect([guest.view().firstFree(0, 3, "isolate"), guest.view().freePages(0)]).toEqual([0, 24]);
    touch(guest);
    return guest;
  }

  test("are reported, and their pages are taken off NR_FREE though they are not in it (G-8)", () => {
    const guest = isolated();
    work(guest, 8);
    expect([guest.view().firstFree(0, 3, "isolate"), guest.view().reported(0)]).toEqual([0, true]);
    expect(guest.view().freePages(0)).toBe(24 - 8);
  });

  test("are left alone where the design is mended: one method says which lists are reported", () => {
    const guest = isolated();
    bubbleOf(guest).reports = (type) => type !== ISOLATE;
    work(guest, 8);
    expect([guest.view().reported(0), guest.view().freePages(0)]).toEqual([false, 24]);
  });
});

test("a boundary pulled to a raw block is none once that block has left, and no link goes astray", () => {
  const guest = guestOf("bubble", geometry([zone(0, 40)]));
  touch(guest);
  work(guest, 4);
  // 32 and 24 are back, behind the boundary; 16 and 8 are held.
  expect(listed(guest, 3)).toEqual(["0", "24*", "32*"]);
  expect(guest.view().boundary?.(0, 3, "movable")).toBe(24);
  // Compaction turns the list; then the marked ones are allocated, and the boundary comes to stand at a raw one.
  guest.perform({ do: "compact", zone: "zone0", order: 3, at: 1, end: "head" });
  expect(listed(guest, 3)).toEqual(["24*", "32*", "0"]);
  guest.perform({ ...ALLOC, order: 3 });
  guest.perform({ ...ALLOC, order: 3 });
  expect([listed(guest, 3), guest.view().boundary?.(0, 3, "movable")]).toEqual([["0"], 0]);
  guest.perform({ ...ALLOC, order: 3 });
  work(guest, 2);
  expect(listed(guest, 3)).toEqual(["8*", "16*"]);
  checkLists(guest);
});

test("a large zone: each block is looked at once, and one more look ends a list", () => {
  const shape = geometry([zone(0, 2 ** 22)], { maxOrder: 10, pageblockOrder: 9, reportOrder: 9, capacity: 32 });
  const guest = guestOf("bubble", shape);
  touch(guest);
  finish(guest);
  const blocks = guest.view().freeBlocks(0, 10);
  expect([blocks, guest.view().reportedBlocks?.(0, 10)]).toEqual([4096, 4096]);
  expect(guest.reporter.visited).toBeLessThan(1.1 * blocks);
  expect(guest.reporter.inFreePath).toBe(0);
  // Fresh blocks stand at the head of a list that is reported to its tail.
  const before = guest.reporter.visited;
  touch(guest, 10);
  const told = finish(guest);
  expect(told.filter((events) => events.includes("submit"))).toHaveLength(1);
  expect(guest.reporter.visited - before).toBeLessThan(8);
});
