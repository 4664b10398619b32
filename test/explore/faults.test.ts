/** Planted faults are found by exploring, each by a shortest story; where none is, it is known why. */
import { describe, expect, test } from "vitest";
import { FAULTS, faultOf } from "../../properties/faults/index.ts";
import { LEFT_OUT, plansOf, readFaults, shortestIn } from "./faults.ts";

const rows = readFaults();
const found = Object.entries(rows).filter(([, { plan }]) => plan !== undefined);

test("every fault is on file", () => {
  expect(Object.keys(rows)).toEqual([...FAULTS.keys()]);
});

test("most are found in some small plan", () => {
  expect(found.length).toBeGreaterThanOrEqual(100);
  expect(found.filter(([id]) => LEFT_OUT.has(id))).toEqual([]);
});

describe.each(found)("%s", (id, { plan: name, property, actions }) => {
  test(`breaks ${property} in ${name}, in ${actions} actions and never in fewer`, () => {
    const fault = faultOf(id);
    const plan = plansOf(fault).find((one) => one.name === name);
    if (plan === undefined) throw new Error(`${fault.design} has no plan ${name}`);
    expect(shortestIn(plan, fault, actions)).toEqual({ plan: name, property, actions });
  });
});
