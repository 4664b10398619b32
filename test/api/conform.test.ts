import { describe, expect, test } from "vitest";
import { assertConforms, conform, ConformanceError, GEOMETRIES, InputError, type System } from "../../api/index.ts";

/** Has no memory to give, and so nothing to report. */
const NOTHING: System = {
  start: () => ({ name: "nothing", does: ["alloc", "free", "work", "ack"] }),
  perform: (action) => (action.do === "alloc" ? [{ event: "alloc-failed", order: action.order }] : []),
};

/** Gives everybody the same page. */
const SAME: System = {
  start: () => ({ name: "same", does: ["alloc", "free", "work", "ack"] }),
  perform(action) {
    if (action.do === "alloc") return [{ event: "alloc", pfn: 0, order: action.order }];
    return action.do === "free" ? [{ event: "free", pfn: action.pfn, order: action.order }] : [];
  },
};

describe("conform", () => {
  test("takes as many runs as asked for, the same for a seed every time", () => {
    const one = conform(NOTHING, { runs: 7, seed: 3 });
    expect(one).toMatchObject({ verdict: "holds", name: "nothing", runs: 7 });
    expect(conform(NOTHING, { runs: 7, seed: 3 })).toEqual(one);
    expect(conform(NOTHING, { runs: 7, seed: 4 }).actions).not.toBe(one.actions);
  });

  test("takes machines as people write them, among those that it knows", () => {
    const mine = { name: "mine", geometry: { zones: [{ start: 0, pages: 1024 }] } };
    const { geometries } = conform(NOTHING, { runs: 1 + GEOMETRIES.length, geometries: [mine, ...GEOMETRIES] });
    expect(geometries).toEqual(["mine", ...GEOMETRIES.map(({ name }) => name)]);
  });

  test.each([
    [{ runs: 0 }, "runs: found 0, expected a whole number from 1"],
    [{ seed: 2 ** 32 }, "seed: found 4294967296, expected a whole number from 0 to 4294967295"],
    [{ geometries: [] }, "geometries: found none, expected at least one"],
    [
      { geometries: [{ name: "odd", geometry: { zones: [{ start: 0, pages: 5 }] } }] },
      "geometries[0].geometry.zones[0].pages: found 5, expected a multiple of 1024 pages",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => conform(NOTHING, options)).toThrow(InputError);
    expect(() => conform(NOTHING, options)).toThrow(message);
  });
});

describe("assertConforms", () => {
  test("gives back what was covered", () => {
    expect(assertConforms(NOTHING, { runs: 3 })).toEqual(conform(NOTHING, { runs: 3 }));
  });

  test("throws the story, with the verdict as data", () => {
    const error = thrown(() => assertConforms(SAME));
    if (!(error instanceof ConformanceError)) throw error;
    expect(error.conformance).toMatchObject({ verdict: "violates", found: { violation: { property: "ownership" } } });
    for (const part of ["same violates ownership", "the rule", "what broke", "it came so"]) {
      expect(error.message).toContain(part);
    }
  });

  test("says why nothing was judged, and keeps what the system threw", () => {
    const mishap = new TypeError("no such zone");
    const broken: System = {
      ...NOTHING,
      perform() {
        throw mishap;
      },
    };
    const error = thrown(() => assertConforms(broken));
    if (!(error instanceof Error)) throw error;
    expect(error.message).toMatch(/^Nothing was judged[^]*TypeError: no such zone[^]*on eight pages/);
    expect(error.cause).toMatchObject({ name: "AdapterFault", cause: mishap });
  });
});

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
