import { describe, expect, it } from "vitest";
import { WIRE_ACTIONS, type Step, type WireActionName } from "../../../model/alphabet/index.ts";
import { Everyone } from "../../../oracle/conform/everyone.ts";
import { GEOMETRIES } from "../../../oracle/conform/geometries.ts";
import { Schedule } from "../../../oracle/conform/schedule.ts";
import { numbersOf } from "../../../properties/drivers/campaign/numbers.ts";

const { geometry } = GEOMETRIES[5];
const RUNS = 200;
const STEPS = 100;

/** The steps of many runs, in which nobody answers. */
function drawn(does: readonly WireActionName[] = WIRE_ACTIONS): Step[][] {
  return Array.from({ length: RUNS }, (_, run) => {
    const schedule = new Schedule(new Everyone(geometry), does, numbersOf(1, run));
    return Array.from({ length: STEPS }, () => schedule.next());
  });
}

const choose = numbersOf(1, RUNS);

function share<Of>(all: readonly Of[], is: (one: Of) => boolean): number {
  return all.filter(is).length / all.length;
}

describe("the steps of a run", () => {
  const runs = drawn();
  const allocs = runs.flat().filter((step) => step.do === "alloc");

  it("are only such as are possible now", () => {
    const everyone = new Everyone(geometry);
    for (const step of runs.flat()) expect(everyone.action(step)).toBeDefined();
    const names = new Set(runs.flat().map((step) => step.do));
    expect([...names].toSorted()).toEqual([
      "alloc",
      "balloon",
      "compact",
      "hint",
      "offline",
      "pressure",
      "unregister",
      "work",
    ]);
  });

  it("are only such as the system does", () => {
    const names = new Set(
      drawn(["alloc", "free", "work", "ack", "hint"])
        .flat()
        .map((step) => step.do),
    );
    expect([...names].toSorted()).toEqual(["alloc", "hint", "work"]);
  });

  it("are other ones in every run: what comes often in one comes never in another", () => {
    const without = share(runs, (steps) => !steps.some((step) => step.do === "compact"));
    expect(without).toBeGreaterThan(0.15);
    expect(without).toBeLessThan(0.4);
    const most = Math.max(...runs.map((steps) => share(steps, (step) => step.do === "compact")));
    expect(most).toBeGreaterThan(0.25);
  });

  it("ask for small blocks more often than for large ones, on both CPUs, of all types, seldom from the reserve", () => {
    for (let order = 1; order <= geometry.maxOrder; order++) {
      expect(share(allocs, (step) => step.order === order)).toBeGreaterThan(0.05);
    }
    expect(share(allocs, (step) => step.order === 0)).toBeGreaterThan(0.25);
    expect(share(allocs, (step) => step.cpu === 1)).toBeCloseTo(0.5, 1);
    for (const type of ["movable", "unmovable", "reclaimable"]) {
      expect(share(allocs, (step) => step.migratetype === type)).toBeGreaterThan(0.15);
    }
    const reserve = share(allocs, (step) => step.migratetype === "highatomic");
    expect(reserve).toBeGreaterThan(0.005);
    expect(reserve).toBeLessThan(0.05);
  });

  it("come from callers of whom in some runs none may sleep, in some all", () => {
    const sleepers = runs.map((steps) => {
      const asked = steps.filter((step) => step.do === "alloc");
      return share(asked, (step) => step.wait);
    });
    expect(share(sleepers, (part) => part === 0)).toBeGreaterThan(0.15);
    expect(share(sleepers, (part) => part === 1)).toBeGreaterThan(0.15);
  });

  it("ask in some runs only for blocks that may be reported", () => {
    const large = runs.filter((steps) =>
      steps.every((step) => step.do !== "alloc" || step.order >= geometry.reportOrder),
    );
    expect(large.length / RUNS).toBeGreaterThan(0.15);
  });

  it("leave memory free in some runs: nobody asks for more once users have half of it", () => {
    const everyone = new Everyone(geometry);
    everyone.allocated = 24;
    const content = share(runs, () => {
      const schedule = new Schedule(everyone, ["alloc", "free", "work", "ack"], choose);
      return !Array.from({ length: STEPS }, () => schedule.next()).some((step) => step.do === "alloc");
    });
    expect(content).toBeGreaterThan(0.15);
    expect(content).toBeLessThan(0.35);
  });

  it("are others from a change on: what was switched off may come back", () => {
    const schedule = new Schedule(new Everyone(geometry), WIRE_ACTIONS, choose);
    const names = (): string => [...new Set(Array.from({ length: STEPS }, () => schedule.next().do))].toSorted().join();
    const phases = Array.from({ length: 20 }, () => {
      schedule.change();
      return names();
    });
    expect(new Set(phases).size).toBeGreaterThan(5);
  });
});
