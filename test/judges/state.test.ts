/** Judges of what a guest shows, each caught by a view that lies about one thing. */
import { describe, expect, test } from "vitest";
import {
  DEFAULT_SETTINGS,
  Layout,
  type Event,
  type Geometry,
  type Settings,
  type View,
} from "../../model/alphabet/index.ts";
import { createModel, type ModelGuest } from "../../model/guest.ts";
import { Invariants } from "../../properties/judges/invariants.ts";
import { died } from "../../properties/judges/invariants/alive.ts";
import { Marks } from "../../properties/judges/invariants/marks.ts";
import { Wakeups } from "../../properties/judges/liveness.ts";
import { Lockstep } from "../../properties/judges/lockstep.ts";
import { CLAIMABLE } from "../../properties/judges/properties.ts";
import { stalledCaller } from "../../properties/judges/stall.ts";
import { ack, isolate, machine, release, submit, waits, zone } from "./events.ts";
import { liar } from "./liar.ts";

function guest(geometry: Geometry = machine([zone(0, 16)]), settings: Partial<Settings> = {}): ModelGuest {
  return createModel("none", geometry, { ...DEFAULT_SETTINGS, ...settings });
}

const TRAITS = { takes: "isolates", marks: "this very block" } as const;

test("alive: a guest that stopped says why", () => {
  expect(died(guest().view())).toBeUndefined();
  expect(died(liar(guest().view(), { stopped: () => "a wild pointer" }))).toMatchObject({
    property: "alive",
    explanation: "the guest stopped for good: a wild pointer",
  });
});

describe("stall: put to sleep although his block is there", () => {
  const asleep = (view: View, order: number): string | undefined => stalledCaller(view, [waits(order, 1)])?.property;

  test("in the slow path that waits, and for no more than there is", () => {
    expect(asleep(guest().view(), 3)).toBe("stall");
    expect(asleep(guest().view(), 4)).toBeUndefined();
    expect(asleep(guest(undefined, { slowPath: "kernel" }).view(), 0)).toBeUndefined();
    expect(stalledCaller(guest().view(), [ack(1)])).toBeUndefined();
  });

  test("above the minimum of the zone", () => {
    const low = (min: number): View => guest(machine([zone(0, 16, { watermarks: { min, low: 16, high: 16 } })])).view();
    expect(asleep(low(8), 3)).toBe("stall");
    expect(asleep(low(9), 3)).toBeUndefined();
  });

  test("not where all that is free is isolated", () => {
    const one = guest(machine([zone(0, 16)], { sectionPages: 16 }));
    one.perform({ do: "offline", start: 0, pages: 16 });
    for (let step = 0; step < 5; step++) one.perform({ do: "hotplug" });
    expect(one.view().isolatedPageblocks(0)).toBe(4);
    expect(asleep(one.view(), 0)).toBeUndefined();
  });
});

describe("wakeup: a pass is due by the design's own rule", () => {
  const asked = (lies: Partial<View>): string | undefined =>
    new Wakeups(liar(guest().view(), { due: () => true, ...lies }), false).check([])?.property;

  test("and none is under way", () => {
    expect(asked({})).toBe("wakeup");
    expect(asked({ resting: () => false })).toBeUndefined();
    expect(asked({ registered: () => false })).toBeUndefined();
    expect(asked({ frozen: () => true })).toBeUndefined();
    expect(asked({ due: () => false })).toBeUndefined();
  });
});

describe("flag, where a mark is of all pages of a block", () => {
  const geometry = machine([zone(0, 16)]);
  const marks = (...events: Event[]): Marks => {
    const judge = new Marks(geometry, new Layout(geometry), "all its pages");
    for (const event of events) {
      if (event.event === "submit") judge.submitted(event);
      else if (event.event === "ack") judge.acked(event);
      else if (event.event === "isolate") judge.taken(event);
      else if (event.event === "release") judge.released(event);
    }
    return judge;
  };
  const reported = (pfn: number, ok = true): Event[] => [isolate(pfn, 2), submit(1, [pfn, 2]), ack(1, ok)];

  test("halves that were acked make a block that may carry it, and so do its parts", () => {
    const both = marks(...reported(0), release(0, 2), ...reported(4), release(4, 2, false));
    expect([both.allows(0, 3), both.allows(0, 2), both.allows(4, 2)]).toEqual([true, true, true]);
    expect(both.allows(0, 1)).toBe(false);
  });

  test("not where a half was refused, never acked, or taken since", () => {
    expect(marks(...reported(0), ...reported(4, false)).allows(0, 3)).toBe(false);
    expect(marks(...reported(0)).allows(0, 3)).toBe(false);
    const taken = marks(...reported(0), ...reported(4), isolate(6, 0));
    expect([taken.allows(0, 3), taken.allows(4, 2), taken.allows(0, 2)]).toEqual([false, false, true]);
    expect(taken.explain(0, 3).explanation).toContain("page 6 of it was not acked, or was taken since");
  });
});

describe("slip, of any zone whose boundaries are kept", () => {
  const geometry = machine([zone(0, 16), zone(16, 16)]);
  const view = guest(geometry).view();
  // Blocks of 8 movable pages: list (3 << 3) | 1.
  const behind = Float64Array.from({ length: 32 }, (_, list) => (list === 25 ? 24 : -1));
  const judged = (kept: number, claims: readonly string[]): string | undefined => {
    const words = { ...view.words(), boundaries: (z: number) => (z === kept ? behind : undefined) };
    return new Invariants(liar(view, { words: () => words }), TRAITS, new Set(claims)).check([])?.property;
  };

  test("where it is claimed", () => {
    expect(judged(1, ["slip"])).toBe("slip");
    expect(judged(1, [])).toBeUndefined();
    expect(judged(2, ["slip"])).toBeUndefined();
  });
});

test("what can be claimed is judged only where it is", () => {
  const view = liar(guest().view(), { held: () => [0, 4, 8] });
  const judged = (claims: readonly string[]): string | undefined =>
    new Invariants(view, TRAITS, new Set(claims)).check([])?.property;
  expect(judged(CLAIMABLE)).toBe("bounded-hold");
  expect(judged(CLAIMABLE.filter((one) => one !== "bounded-hold"))).toBeUndefined();
});

describe("lockstep compares what judges ask", () => {
  const view = guest().view();
  const compared = (lies: Partial<View>): string | undefined =>
    new Lockstep(view).compare({ events: [], view }, { events: [], view: liar(view, lies) })?.explanation;

  test.each<[string, Partial<View>]>([
    ["stopped", { stopped: () => "a wild pointer" }],
    ["CPUs that are stalled", { stalled: () => 1 }],
    ["a pass is due", { due: () => true }],
    ["free block 8 of order 3: noted", { noted: (pfn) => pfn !== 8 }],
  ])("%s", (what, lies) => {
    expect(compared({})).toBeUndefined();
    expect(compared(lies)).toContain(what);
  });
});
