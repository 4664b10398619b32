/** `missed`: who was freed and is not reported must be noted, once the reporter rests. Steps by hand. */
import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, type Action, type Event, type Settings, type View } from "../../model/alphabet/index.ts";
import { createModel } from "../../model/guest.ts";
import { Missed } from "../../properties/judges/missed.ts";
import type { Violation } from "../../properties/judges/properties.ts";
import { ack, isolate, machine, offline, online, plain, release, submit, zone } from "./events.ts";
import { liar } from "./liar.ts";

/** Reports blocks of 4 and 8 pages; notes nothing. */
const guest = (lies: Partial<View> = {}, settings: Partial<Settings> = {}) => {
  const model = createModel("none", machine([zone(0, 16)]), { ...DEFAULT_SETTINGS, ...settings });
  const judge = new Missed(liar(model.view(), Object.assign(lies, { noted: lies.noted ?? (() => false) })), false);
  const does = (action: Action): Violation | undefined => judge.check(action, model.perform(action));
  return { does, hears: (...events: Event[]) => judge.check({ do: "tick" }, events) };
};

function alloc(order: number): Action {
  return { do: "alloc", order, migratetype: "movable", node: 0, cpu: 0, wait: false };
}

function free(pfn: number, order: number): Action {
  return { do: "free", pfn, order, cpu: 0 };
}

test("what nobody has freed is not owed", () => {
  const { does } = guest();
  expect(does({ do: "tick" })).toBeUndefined();
  expect(does(alloc(2))).toBeUndefined();
});

test("a block that was freed is, unless it is noted", () => {
  const { does } = guest();
  does(alloc(3));
  expect(does(free(0, 3))).toMatchObject({
    property: "missed",
    pages: { start: 0, pages: 8 },
    explanation: expect.stringMatching(/page 0 was freed and is in free block 0-7, .*: nobody noted it$/),
  });
  const noting = guest({ noted: (pfn: number, order: number) => pfn === 0 && order === 3 });
  noting.does(alloc(3));
  expect(noting.does(free(0, 3))).toBeUndefined();
});

test("small blocks wait until they are part of one that may be reported", () => {
  const { does } = guest();
  does(alloc(1));
  does(alloc(1));
  expect(does(free(0, 1))).toBeUndefined();
  expect(does(free(2, 1))).toMatchObject({ property: "missed", pages: { start: 0, pages: 8 } });
});

test("it is asked only when the reporter rests, with no request open", () => {
  const restless = guest({ resting: () => false });
  restless.does(alloc(3));
  expect(restless.does(free(0, 3))).toBeUndefined();
  const asking = guest();
  asking.does(alloc(3));
  asking.hears(submit(1, [8, 3]));
  expect(asking.does(free(0, 3))).toBeUndefined();
  expect(asking.hears(ack(1))).toMatchObject({ property: "missed" });
});

test("an answer of the host settles it, whichever", () => {
  for (const ok of [true, false]) {
    const { does, hears } = guest();
    does(alloc(3));
    hears(submit(1, [8, 3]));
    does(free(0, 3));
    hears(submit(2, [0, 3]), ack(2, ok));
    expect(hears(ack(1))).toBeUndefined();
  }
});

test("what was handed out, is isolated, or is too small to be reported is not asked for", () => {
  const isolated: Action[] = [{ do: "offline", start: 0, pages: 16 }];
  for (let pageblock = 0; pageblock < 4; pageblock++) isolated.push({ do: "hotplug" });
  for (const actions of [[alloc(2), alloc(2)], [alloc(2), alloc(1)], isolated]) {
    const lies: Partial<View> = { resting: () => false };
    const { does } = guest(lies);
    [alloc(3), alloc(3), free(0, 3), ...actions].forEach(does);
    Object.assign(lies, { resting: () => true });
    expect(does({ do: "tick" })).toBeUndefined();
  }
});

test("a page that was kept on a CPU's list is due once it is drained", () => {
  const { does } = guest({}, { pcp: { maxOrder: 0, huge: false, high: 8, batch: 1 } });
  does(alloc(0));
  expect(does(free(0, 0))).toBeUndefined();
  expect(does({ do: "drain", zone: "zone at 0", cpu: 0 })).toMatchObject({ property: "missed" });
});

test("a device that goes settles it, and so does memory that goes or comes", () => {
  for (const event of [plain("unregistered"), plain("registered"), offline(0, 16), online(0, 16)]) {
    const { does, hears } = guest();
    does(alloc(3));
    hears(submit(1, [8, 3]));
    does(free(0, 3));
    expect(hears(event, ack(1))).toBeUndefined();
  }
});

test("while the guest is frozen or no device listens, nothing is promised", () => {
  for (const lie of [{ frozen: () => true }, { registered: () => false }]) {
    const lies: Partial<View> = { ...lie };
    const { does } = guest(lies);
    does(alloc(3));
    does(free(0, 3));
    Object.assign(lies, { frozen: () => false, registered: () => true });
    expect(does({ do: "tick" })).toBeUndefined();
  }
});

test("nor for a small block that becomes part of a larger one meanwhile", () => {
  const lies: Partial<View> = {};
  const { does } = guest(lies);
  [alloc(1), alloc(1), free(0, 1)].forEach(does);
  Object.assign(lies, { frozen: () => true });
  does(free(2, 1));
  Object.assign(lies, { frozen: () => false });
  expect(does({ do: "tick" })).toBeUndefined();
});

test("why nobody will look: it merged when it came back", () => {
  const { does, hears } = guest();
  does(alloc(2));
  hears(submit(1, [8, 3]), isolate(4, 2), release(4, 2, false));
  does(free(0, 2));
  expect(hears(ack(1))?.explanation).toMatch(/free block 0-7, .*: it merged when it came back$/);
});

test("why nobody will look: it is what is left of a larger block", () => {
  const { does } = guest({ noted: (_: number, order: number) => order === 3 });
  does(alloc(3));
  expect(does(free(0, 3))).toBeUndefined();
  does(alloc(3));
  does(free(0, 3));
  expect(does(alloc(2))?.explanation).toMatch(/free block 4-7, .*: it is what is left of a larger block$/);
});
