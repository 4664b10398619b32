import { expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../model/alphabet/index.ts";
import { designOf } from "../../model/designs/index.ts";
import { enabled, step } from "../../model/machine.ts";
import { initial } from "../../model/state.ts";
import { viewOf } from "../../model/view.ts";
import { alloc, geometryOf, onStage, tick, work } from "./stage.ts";

const boot = () => initial(geometryOf({}), DEFAULT_SETTINGS, designOf("page-reporting"));

test("a step leaves the state that it was given alone", () => {
  const before = boot();
  const { state: after } = step(before, alloc(0));
  expect(viewOf(before).freePages(0)).toBe(16);
  expect(viewOf(after).freePages(0)).toBe(15);
  expect(step(before, alloc(0))).toEqual(step(before, alloc(0)));
});

test("what is not possible changes nothing at all", () => {
  const before = boot();
  const impossible = [
    work,
    { do: "ack", request: 0, ok: true },
    { do: "ack", request: 1, ok: true },
    { do: "retry", ticket: 1 },
    { do: "thaw" },
    { do: "register" },
    { do: "hotplug" },
    { do: "abort" },
    { do: "scan", zone: "elsewhere" },
    { do: "drain", zone: "Normal", cpu: 0 },
    alloc(0, "isolate"),
  ] as const;
  for (const action of impossible) {
    const { state, events } = step(before, action);
    expect(state, action.do).toBe(before);
    expect(events).toEqual([]);
  }
});

test("the clock runs down to zero, then the worker may start", () => {
  const one = step(boot(), tick).state;
  expect(enabled(one)).toEqual([{ do: "tick" }]);
  const two = step(one, tick).state;
  expect(enabled(two)).toEqual([{ do: "work" }]);
  expect(step(two, tick).state).toBe(two);
});

test("without a design, the device comes and goes, and nothing else happens", () => {
  const { view, play, enabled: now } = onStage();
  expect(play({ do: "unregister" }, { do: "unregister" }, { do: "register" })).toEqual([
    { event: "unregistered" },
    { event: "registered" },
  ]);
  expect([view.resting(), now(), view.reporter()]).toEqual([true, [], {}]);
});
