import { describe, expect, test } from "vitest";
import {
  assertConforms,
  conform,
  ConformanceError,
  conformProgram,
  GEOMETRIES,
  InputError,
  replay,
  type ConformOptions,
  type ConformProgramOptions,
  type Event,
  type Ready,
  type Step,
  type System,
} from "../../api/index.ts";

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
    for (const machine of GEOMETRIES) expect(Object.keys(machine)).toEqual(["name", "geometry"]);
  });

  const someMachine = { zones: [{ start: 0, pages: 1024 }] };
  const slips: readonly (readonly [unknown, string])[] = [
    [{ runs: 0 }, "runs: found 0, expected a whole number from 1 to 2147483647"],
    [{ runs: "3" }, 'runs: found "3", expected a whole number from 1'],
    [{ seed: 2 ** 32 }, "seed: found 4294967296, expected a whole number from 0 to 4294967295"],
    [{ geometries: [] }, "geometries: found an empty list, expected at least one machine"],
    [{ geometries: someMachine }, "geometries: found an object, expected a list of machines"],
    [{ geometries: [someMachine] }, "geometries[0].name: found nothing, expected a text"],
    [
      { geometries: [{ name: "odd", geometry: { zones: [{ start: 0, pages: 5 }] } }] },
      "geometries[0].geometry.zones[0].pages: found 5, expected a multiple of 1024 pages",
    ],
    [{ rums: 3 }, "rums: found an option that nobody knows, expected one of runs, seed, geometries, fresh"],
    [300, "found 300, expected options: an object with any of runs, seed"],
    [null, "found null, expected options: an object"],
  ];
  test.each(slips)("refuses %j", (options, message) => {
    const work = (): unknown => conform(NOTHING, options as ConformOptions);
    expect(work).toThrow(InputError);
    expect(work).toThrow(message);
  });

  test("takes an option that is undefined for one that is left out", () => {
    const none = { runs: undefined, seed: undefined, geometries: undefined, fresh: undefined };
    expect(conform(NOTHING, none as unknown as ConformOptions).runs).toBe(300);
  });

  test.each([undefined, null, "first fit", Map, {}, { start: 1, perform: 2 }])("refuses %s as a system", (it) => {
    expect(() => conform(it as System)).toThrow(
      "expected a system: an object with the methods start(geometry) and perform(action)",
    );
  });

  test("a program's options are looked at, too", async () => {
    const program = (options: ConformProgramOptions): Promise<unknown> => conformProgram(["no such program"], options);
    await expect(program({ timeout: 0 })).rejects.toThrow("timeout: found 0, expected seconds, more than 0");
    await expect(program({ workers: 0.5 })).rejects.toThrow("workers: found 0.5, expected a whole number from 1");
    const noList = "node adapter.mjs" as unknown as string[];
    await expect(conformProgram(noList)).rejects.toThrow('command: found "node adapter.mjs", expected a list');
    await expect(conformProgram([])).rejects.toThrow("command: found an empty list, expected a program");
    await expect(program({ fresh: 1 } as ConformProgramOptions)).rejects.toThrow("fresh: found an option that nobody");
  });
});

test("a program that serves only some machines is told to name one, where nobody did", async () => {
  const answers = 'process.stdin.once("data", () => console.log(JSON.stringify({ error: "too small" })))';
  const judged = (options: ConformProgramOptions): Promise<unknown> =>
    conformProgram([process.execPath, "--eval", answers], { runs: 1, ...options });
  await expect(judged({})).rejects.toThrow("too small; where it serves only some geometries, name one");
  await expect(judged({ geometries: GEOMETRIES })).rejects.toThrow("too small; is the geometry of --geometry one");
});

/** What plain JavaScript may answer. */
describe("an answer of the wrong kind is a fault that is told, whatever it is", () => {
  const loop: unknown[] = [];
  loop.push(loop);
  const answers: readonly (readonly [string, unknown, string])[] = [
    ["a promise", Promise.resolve([]), 'the answer to "work" is a promise, but `perform` answers at once'],
    ["undefined", undefined, 'the answer to "work" is undefined, and no list of events'],
    ["as on the wire", { events: [] }, 'came        {"events":{"events":[]}}'],
    ["what contains itself", loop, "came        a value that can't be shown as JSON"],
    ["a bigint", [{ event: "isolate", pfn: 1n, order: 0 }], "pfn: found 1n, expected a page frame number"],
    ["no number", [{ event: "isolate", pfn: Number.NaN, order: 0 }], "pfn: found NaN, expected a page frame number"],
    ["a function", [{ event: "isolate", pfn: () => 1, order: 0 }], "pfn: found a function, expected a page frame"],
  ];
  test.each(answers)("to perform: %s", (_, answer, message) => {
    const system: System = { ...NOTHING, perform: (action) => (action.do === "work" ? answer : []) as Event[] };
    expect(() => assertConforms(system)).toThrow(message);
  });

  test("to start", () => {
    const starts = (ready: unknown): (() => unknown) => {
      return () => assertConforms({ ...NOTHING, start: () => ready as Ready });
    };
    expect(starts(Promise.resolve({}))).toThrow("it answers with a promise, but `start` answers at once");
    expect(starts({ name: "half", does: ["alloc"] })).toThrow('"does" lacks "free", "work", "ack"');
    expect(starts({ name: 1n })).toThrow(
      /ready.name: found 1n, expected a text[^]*\(zone0: pages 0-7\), when it was started$/,
    );
  });
});

describe("a start that leaves something behind", () => {
  /** Wrong once in its life. */
  const once = (): System => {
    let asked = 0;
    return {
      ...NOTHING,
      perform(action) {
        if (action.do === "alloc" && ++asked === 200) return [{ event: "alloc", pfn: 2 ** 50, order: action.order }];
        return NOTHING.perform(action);
      },
    };
  };

  test("is one of two reasons why a violation does not repeat", () => {
    const twoReasons = "the system is not deterministic, or its start does not begin afresh";
    expect(() => assertConforms(once())).toThrow(twoReasons);
  });

  test("is told apart by fresh instances", () => {
    expect(() => assertConforms(once(), { fresh: once })).toThrow('what        "start" does not begin afresh');
  });
});

describe("replay", () => {
  const onePage = { maxOrder: 0, zones: [{ start: 0, pages: 1 }] };
  const alloc = { do: "alloc", order: 0 } as Step;

  test("takes machines and steps as people and files write them", () => {
    const { violation, at } = replay(SAME, onePage, [alloc, alloc]);
    expect({ ...violation, at }).toMatchObject({ property: "ownership", at: 1 });
    expect(replay(SAME, onePage, [alloc]).violation).toBeUndefined();
  });

  test("says which step it does not know", () => {
    expect(() => replay(SAME, onePage, [alloc, { do: "malloc" } as unknown as Step])).toThrow(
      'steps[1].do: found "malloc", expected one of',
    );
    expect(() => replay(SAME, { zones: [] }, [alloc])).toThrow("geometry.zones: found an empty list");
    expect(() => replay(Map as unknown as System, onePage, [alloc])).toThrow("expected a system");
  });
});

describe("assertConforms", () => {
  test("gives back what was covered", () => {
    expect(assertConforms(NOTHING, { runs: 3 })).toEqual(conform(NOTHING, { runs: 3 }));
  });

  test("throws the story, with the verdict as data", () => {
    const error = thrown(() => assertConforms(SAME));
    if (!(error instanceof ConformanceError)) throw error;
    expect(Object.keys(error).filter((key) => key !== "name")).toEqual([]);
    expect(Object.keys(error.conformance.found?.scope ?? {})).toEqual(["name", "geometry"]);
    expect(error.conformance).toMatchObject({ verdict: "violates", found: { violation: { property: "ownership" } } });
    for (const part of ["same violates ownership", "the rule", "what broke", "repair"]) {
      expect(error.message).toContain(part);
    }
  });

  test("says why nothing was judged, and keeps what the system threw", () => {
    const mishaps: TypeError[] = [];
    const broken: System = {
      ...NOTHING,
      perform() {
        mishaps.push(new TypeError("no such zone"));
        throw mishaps[0];
      },
    };
    const error = thrown(() => assertConforms(broken));
    if (!(error instanceof Error)) throw error;
    expect(error.message).toMatch(/^Nothing was judged[^]*TypeError: no such zone[^]*on eight pages/);
    // Of the calls those of the system, and not ours that led to them.
    expect(error.message.match(/^ {14}at .*/gm)?.map((call) => /\bperform\b/.test(call))).toEqual([true]);
    expect(error.cause).toBe(mishaps[0]);
    expect(error.stack).not.toMatch(/[/]api[/](assert|conform)[.]ts/);
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
