import { describe, expect, it } from "vitest";
import { WIRE_ACTIONS, type Event, type Geometry, type WireAction } from "../../../model/alphabet/index.ts";
import { conform } from "../../../oracle/conform/conform.ts";
import type { Coverage } from "../../../oracle/conform/conformance.ts";
import { coveredByBoth, tellCoverage } from "../../../oracle/conform/coverage.ts";
import type { Ready } from "../../../oracle/conform/system.ts";
import { SmallAllocator } from "./small-allocator.ts";

function coverageOf(system: SmallAllocator): Coverage {
  const { verdict, coverage } = conform(system, { runs: 150, seed: 1 });
  expect(verdict).toBe("holds");
  return coverage;
}

function untested({ rules }: Coverage): string[] {
  return rules.filter(({ checked, tested }) => checked && tested === 0).map(({ property }) => property);
}

/** Its worker never does anything. */
class NeverReports extends SmallAllocator {
  override start(geometry: Geometry): Ready {
    const { name, does } = super.start(geometry);
    return { name, does };
  }
  protected override work(): void {}
}

describe("the coverage of a campaign", () => {
  it("of a system that does all of it puts every rule to the test", () => {
    const coverage = coverageOf(new SmallAllocator());
    expect(untested(coverage)).toEqual([]);
    expect(coverage.rules.filter(({ checked }) => !checked).map(({ property }) => property)).toEqual(["lost-write"]);
    // It has one request at a time.
    expect(coverage.labels.missing).toEqual(["two requests were open", "answered out of order"]);
    expect(coverage.moments.reached.length).toBeGreaterThan(40);
    expect(coverage.notDone).toEqual(["pressure", "balloon", "hint"]);
  });

  it("of a system that never reports says which rules were never put to the test", () => {
    const coverage = coverageOf(new NeverReports());
    const never = ["exclusion", "well-formed", "host-window", "truthful-mark", "fake-oom", "stranded", "rest"];
    expect(untested(coverage)).toEqual(never);
    const text = tellCoverage(coverage).join("\n");
    for (const property of never) expect(text).toContain(`NEVER PUT TO THE TEST: ${property} (`);
    expect(text).toContain("completeness: not checked: the system does not claim it");
    expect(text).toContain("lost-write: not checked: what pages hold is not in the protocol");
    expect(coverage.labels.met).toEqual(["memory was out, and nothing was held", "pages came online"]);
  });

  it("knows nothing of the completeness of zones with watermarks", () => {
    const zones = [{ name: "zone0", node: 0, start: 0, pages: 8, holes: [], watermarks: { min: 1, low: 1, high: 1 } }];
    const geometry = { pageSize: 4096, maxOrder: 1, pageblockOrder: 1, reportOrder: 1, capacity: 1, zones };
    const { coverage } = conform(new SmallAllocator(), { runs: 30, seed: 1, geometries: [{ name: "one", geometry }] });
    expect(untested(coverage)).toContain("completeness");
  });

  it("counts what was sent, that of healing too", () => {
    const sent = new Map<string, number>();
    class Counts extends SmallAllocator {
      override perform(action: WireAction): readonly Event[] {
        sent.set(action.do, (sent.get(action.do) ?? 0) + 1);
        return super.perform(action);
      }
    }
    const { actions } = coverageOf(new Counts());
    expect(actions).toEqual(
      WIRE_ACTIONS.filter((name) => sent.has(name)).map((name) => ({ name, sent: sent.get(name) })),
    );
  });

  it("expects less of a system that does less", () => {
    class Required extends SmallAllocator {
      override start(geometry: Geometry): Ready {
        return { ...super.start(geometry), does: ["alloc", "free", "work", "ack"] };
      }
    }
    const coverage = coverageOf(new Required());
    const { moments, labels } = coverage;
    const all = [...moments.missing, ...moments.reached].join();
    expect(all).not.toMatch(/offline|online|registered|write/);
    expect([...labels.met, ...labels.missing].join()).not.toMatch(/offline|online|device|hints|balloon|tight|reworked/);
    expect(untested(coverage)).toEqual([]);
    expect(tellCoverage(coverage).join("\n")).toContain('quiet: not checked: the system does not list "unregister"');
  });

  it("of two shares is that of both", () => {
    const [one, other] = [coverageOf(new SmallAllocator()), coverageOf(new SmallAllocator())];
    const both = coveredByBoth(one, other, ["completeness"]);
    expect(both.moments).toEqual(one.moments);
    expect(both.actions).toEqual(one.actions.map(({ name, sent }) => ({ name, sent: 2 * sent })));
    expect(both.rules.map(({ tested }) => tested)).toEqual(one.rules.map(({ tested }) => 2 * tested));
    expect(both.outcomes.served).toBe(2 * one.outcomes.served);
  });
});
