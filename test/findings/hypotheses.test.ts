/**
 * What became of the dossier's hypotheses that no contract property can name: NOTES.md, "Hypotheses", says it in words.
 * Those that break a property are kept as files in counterexamples/.
 */
import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, type Step, type View } from "../../model/alphabet/index.ts";
import { drive, xorshift } from "../../properties/drivers/campaign.ts";
import { SCOPES, scopesFor, type Scope } from "../../properties/drivers/scopes.ts";
import { isNothing, Schedule } from "../../properties/drivers/schedule.ts";
import { FAILURES } from "../../properties/findings/index.ts";
import { refind } from "../../properties/findings/refind.ts";
import { Worlds, enter, type Subject } from "../../properties/subjects.ts";
import type { World } from "../../properties/drivers/world.ts";

const SUBJECT: Subject = { design: "page-reporting", system: "impl" };
const WORK: Step = { do: "work" };
const ACK: Step = { do: "ack", request: 1, ok: true };
/** A first pass over 32 pages in two batches, until the worker rests. */
const FIRST_PASS: readonly Step[] = [WORK, WORK, WORK, WORK, ACK, WORK, WORK, ACK, WORK, WORK];

const scope: Scope = {
  name: "32 pages",
  geometry: {
    pageSize: 4096,
    maxOrder: 3,
    pageblockOrder: 2,
    reportOrder: 2,
    capacity: 2,
    zones: [{ name: "zone0", node: 0, start: 0, pages: 32, holes: [], watermarks: { min: 0, low: 0, high: 0 } }],
  },
  settings: { ...DEFAULT_SETTINGS, budgetDivisor: 1, delay: 0 },
};

function after(steps: readonly Step[]): World {
  const world = enter(scope, SUBJECT, true);
  steps.forEach((step, index) => expect(world.perform(step, index)).toBeUndefined());
  return world;
}

function alloc(order: number): Step {
  return { do: "alloc", order, migratetype: "movable", node: 0, cpu: 0, wait: false };
}

function isUnmarkedBlock(view: View, pfn: number, order: number): boolean {
  return view.owner(pfn) === "free" && view.orderAt(pfn) === order && !view.reported(pfn);
}

test("L2: the rest of a split reported block loses its mark, and no pass is asked for", () => {
  const view = after([...FIRST_PASS, alloc(2)]).view();
  expect(isUnmarkedBlock(view, 12, 2)).toBe(true);
  expect(view.resting()).toBe(true);
});

test("L6: lowering the report order asks for no pass", () => {
  const first: Step[] = [{ do: "set-order", order: 3 }, alloc(2), ...FIRST_PASS];
  const world = after(first);
  while (world.guest.enabled().some((action) => action.do === "work")) world.perform(WORK, first.length);
  expect(world.perform({ do: "set-order", order: 2 }, first.length)).toBeUndefined();
  expect(isUnmarkedBlock(world.view(), 4, 2)).toBe(true);
  expect(world.view().resting()).toBe(true);
});

test("L7: what is left of a reported block after a memory failure loses its mark, and no pass is asked for", () => {
  const view = after([...FIRST_PASS, { do: "memory-failure", pfn: 8 }]).view();
  expect(isUnmarkedBlock(view, 12, 2)).toBe(true);
  expect(view.resting()).toBe(true);
});

test("L1 refuted for frees: whoever makes a drain merge was freed during the pass, and has asked for the next one", () => {
  const quiet = new Set(["alloc", "free", "work", "tick", "discard", "ack", "drain", "compact"]);
  let merges = 0;
  const choose = xorshift(1);
  for (const one of [...SCOPES, ...SCOPES, ...SCOPES]) {
    const world = enter(one, SUBJECT, false);
    const schedule = new Schedule(world, world.traits);
    schedule.swarm(choose);
    for (let index = 0; index < 1000;) {
      const step = schedule.next(choose);
      if (isNothing(step) || !quiet.has(step.do) || (step.do === "ack" && !step.ok)) continue;
      expect(world.perform(step, index++)).toBeUndefined();
      for (const event of world.events) {
        if (event.event !== "release" || event.reported || world.view().orderAt(event.pfn) === event.order) continue;
        merges++;
        expect(world.view().reporter().status).toBe("requested");
      }
    }
  }
  expect(merges).toBeGreaterThan(50);
});

/** Steps of random runs, until something on record breaks, after which the bitmap's counter and its bits differ. */
function drifts(variant: string): number {
  const scopes = scopesFor("bitmap", variant).filter(({ geometry }) => geometry.zones.length === 1);
  const worlds = new Worlds({ design: "bitmap", system: "impl" }, false, { known: () => true });
  const choose = xorshift(1);
  let different = 0;
  for (const one of [...scopes, ...scopes]) {
    drive(worlds, one, choose, 300, (world) => {
      const { counters, bits } = world.view().reporter();
      if (Array.isArray(counters) && Array.isArray(bits) && counters[0] !== bits.length) different++;
    });
  }
  return different;
}

test("BM-7 confirmed: v10 begins a scan with its counter at 0, so that it falls behind the bits; v11 does not", () => {
  expect(drifts("v10")).toBeGreaterThan(100);
  expect(drifts("v11")).toBe(0);
});

test.each(["free-page-hint-chunk-migrated", "get-put-hints-migration-chunk-migrated"])(
  "%s: with a log that is cleared as it is read, the same search finds nothing",
  (id) => {
    const failure = FAILURES.find((one) => one.id === id);
    if (failure === undefined) throw new Error(`${id} is not on record`);
    const atOnce = {
      ...failure,
      only: { words: "with a log read at once", settings: { dirtyLog: "bitmap" as const } },
    };
    expect(refind(atOnce, 500, 1).found).toBeUndefined();
  },
);
