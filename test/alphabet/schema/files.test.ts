/** The header of a trace, and counterexamples. */
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../../model/alphabet/index.ts";
import { parseCounterexample, parseTraceHeader } from "../../../model/alphabet/schema.ts";
import { problem, zone } from "./problem.ts";

describe("the header of a trace", () => {
  const header = { format: "free-page-trace", version: 1, geometry: { zones: [zone] } };

  it("needs format, version and geometry", () => {
    expect(parseTraceHeader(header)).toMatchObject({
      start: "free",
      claims: [],
      unseen: [],
      geometry: { maxOrder: 10 },
    });
    expect(
      parseTraceHeader({
        ...header,
        source: "a",
        start: "unknown",
        claims: ["completeness"],
        unseen: ["idle", "write"],
      }),
    ).toMatchObject({ start: "unknown", source: "a" });
  });

  it.each<[object, string]>([
    [
      { format: "free-page-counterexample" },
      'format: found "free-page-counterexample", expected "free-page-trace"; the first line must be the header, an object with "format":"free-page-trace"; it is a counterexample: fpr replay tells it',
    ],
    [{ version: 2 }, "version: found 2, expected 1, the only version so far"],
    [{ version: "1" }, 'version: found "1", expected 1, the only version so far'],
    [{ start: "full" }, 'start: found "full", expected one of free, unknown'],
    [{ claims: ["lost-write"] }, 'claims[0]: found "lost-write", expected one of completeness'],
    [{ unseen: ["idle", "alloc"] }, 'unseen[1]: found "alloc", expected one of isolate, release, discard, write, idle'],
    [
      { geometry: { zones: [{ start: 1, pages: 1024 }] } },
      "geometry.zones[0].start: found 1, expected a multiple of 1024 pages, the largest block (maxOrder 10)",
    ],
    [{ geometry: undefined }, "geometry: found nothing, expected a geometry: an object with zones"],
  ])("with %j is refused", (change, message) => {
    expect(problem(() => parseTraceHeader({ ...header, ...change }))).toBe(message);
  });
});

describe("a counterexample", () => {
  const file = {
    format: "free-page-counterexample",
    version: 1,
    subject: { design: "reported-boundary", system: "impl", fault: "tail-insert-unguarded" },
    geometry: { zones: [zone] },
    actions: [{ do: "alloc", order: 2 }, { do: "free", of: 0 }, { do: "work" }],
    violation: { property: "slip", step: 2, explanation: "it slipped" },
    found: { seed: -1234, run: 56 },
  };

  it("is read with its defaults", () => {
    const { subject, geometry, settings, actions, violation, found } = parseCounterexample(file);
    expect({ subject, violation, found }).toEqual({
      subject: file.subject,
      violation: file.violation,
      found: file.found,
    });
    expect([geometry.maxOrder, settings, actions[1]]).toEqual([10, DEFAULT_SETTINGS, { do: "free", of: 0, cpu: 0 }]);
    const { found: _, ...nothingFound } = file;
    expect(parseCounterexample({ ...nothingFound, subject: { command: ["./adapter"] } })).toMatchObject({
      subject: { command: ["./adapter"] },
    });
    const passing = { ...file.subject, claims: ["completeness"], ignored: ["exclusion"] };
    expect(parseCounterexample({ ...file, subject: passing }).subject).toEqual(passing);
  });

  it.each<[object, string]>([
    [{ subject: {} }, "subject.design: found nothing, expected a text"],
    [
      { subject: { design: "none", system: "impl", ignored: "exclusion" } },
      'subject.ignored: found "exclusion", expected a list of properties',
    ],
    [
      { subject: { command: "./adapter" } },
      'subject.command: found "./adapter", expected a list of texts: a program and its arguments',
    ],
    [{ subject: { design: "none", system: "both" } }, 'subject.system: found "both", expected one of model, impl'],
    [
      { actions: [{ do: "work" }, { do: "free", of: 0 }] },
      "actions[1].of: found 0, expected the number of an earlier action that gets a block, counted from 0",
    ],
    [
      {
        actions: [
          { do: "alloc", order: 0 },
          { do: "free", of: 2 },
          { do: "alloc", order: 0 },
        ],
      },
      "actions[1].of: found 2, expected the number of an earlier action that gets a block, counted from 0",
    ],
    [
      { actions: [{ do: "retry", of: 0 }] },
      "actions[0].of: found 0, expected the number of an earlier action that gets a block, counted from 0",
    ],
    [
      { violation: { property: "slip", step: -1, explanation: "" } },
      "violation.step: found -1, expected a whole number from 0 to 2^53 - 1",
    ],
    [{ found: { seed: 1 } }, "found.run: found nothing, expected a whole number from 0 to 2^53 - 1"],
  ])("with %j is refused", (change, message) => {
    expect(problem(() => parseCounterexample({ ...file, ...change }))).toBe(message);
  });
});
