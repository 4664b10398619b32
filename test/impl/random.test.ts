/** Brute force: any action at any time, and after each every list is walked and every count is made anew. */
import { describe, expect, test } from "vitest";
import type { Action, Migratetype } from "../../model/alphabet/index.ts";
import type { ImplGuest } from "../../impl/guest.ts";
import { DESIGNS, checkLists, geometry, guestOf, zone } from "./fixture.ts";

/** Of the others some take memory that is about to go (G-8): what that breaks is on record elsewhere. */
const MIND_HOTPLUG = new Set(["none", "reported-boundary", "page-reporting"]);
const TYPES: readonly Migratetype[] = ["unmovable", "movable", "reclaimable", "highatomic"];

/** A xorshift generator: the same run for the same seed. */
function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

function draw(roll: (bound: number) => number, guest: ImplGuest, pages: number): Action {
  const pfn = roll(pages);
  const order = roll(4);
  const cpu = roll(2);
  const start = 8 * roll(pages / 8);
  const enabled = guest.enabled();
  const choices: Action[] = [
    { do: "alloc", order, migratetype: TYPES[roll(4)], node: roll(2), cpu, wait: roll(2) === 0 },
    { do: "alloc", order: 0, migratetype: TYPES[roll(3)], node: 0, cpu, wait: false },
    { do: "free", pfn, order: Math.max(0, guest.view().orderAt(pfn)), cpu },
    { do: "free", pfn, order: Math.max(0, guest.view().orderAt(pfn)), cpu },
    { do: "free", pfn, order: Math.max(0, guest.view().orderAt(pfn)), cpu },
    { do: "drain", zone: "zone0", cpu },
    { do: "ack", request: 1 + roll(Math.max(1, guest.reporter.openRequests)), ok: roll(4) > 0 },
    { do: "compact", zone: "zone0", order, at: roll(3), end: roll(2) === 0 ? "head" : "tail" },
    { do: "scan", zone: "zone0" },
    { do: "memory-failure", pfn },
    { do: "set-order", order },
    { do: "proceed", cpu },
    { do: "pressure", pages: roll(8) },
    { do: "balloon", pages: roll(pages) },
    { do: "hint", command: (["start", "stop", "done"] as const)[roll(3)] },
    { do: (["freeze", "thaw", "thaw", "register", "register", "unregister"] as const)[roll(6)] },
  ];
  if (MIND_HOTPLUG.has(guest.design)) {
    choices.push({ do: roll(2) === 0 ? "offline" : "online", start, pages: 8 });
    choices.push({ do: roll(8) === 0 ? "abort" : "hotplug" });
  }
  return enabled.length > 0 && roll(2) === 0 ? enabled[roll(enabled.length)] : choices[roll(choices.length)];
}

describe.each(DESIGNS)("%s", (design) => {
  test.each([
    ["plain", {}],
    ["per-CPU lists", { cpus: 2, pcp: { maxOrder: 1, huge: true, high: 6, batch: 3 } }],
    ["highatomic reserve, kernel slow path", { highatomicPageblocks: 2, slowPath: "kernel", retries: 2 }],
    ["whole putback", { putback: "whole" }],
  ] as const)("lists stay whole: %s", (_name, settings) => {
    const pages = 48;
    for (let seed = 1; seed <= 12; seed++) {
      const roll = dice(seed * 7919);
      const shape = geometry([zone(0, 32), zone(32, 16, { node: 1 })], {
        sectionPages: 8,
        reportOrder: 1 + (seed % 2),
      });
      const guest = guestOf(design, shape, { cpus: 2, ...settings });
      for (let step = 0; step < 400; step++) {
        guest.perform(draw(roll, guest, pages));
        checkLists(guest);
      }
    }
  });

  test("owners add up, and a view reads both ways", () => {
    const roll = dice(4711);
    const guest = guestOf(design, geometry([zone(0, 32)]), { cpus: 2 });
    const view = guest.view();
    for (let step = 0; step < 500; step++) {
      guest.perform(draw(roll, guest, 32));
      for (let order = 0; order <= 3; order++) {
        for (const type of TYPES) {
          for (let at = view.firstFree(0, order, type); at !== -1; at = view.nextFree(at)) {
            expect([view.owner(at), view.orderAt(at)]).toEqual(["free", order]);
            const next = view.nextFree(at);
            expect(next === -1 ? view.lastFree(0, order, type) : view.previousFree(next)).toBe(at);
          }
        }
      }
    }
  });
});
