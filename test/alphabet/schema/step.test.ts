/** Settings and steps as they are written. */
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, type Step } from "../../../model/alphabet/index.ts";
import { parseSettings, parseStep } from "../../../model/alphabet/schema.ts";
import { problem } from "./problem.ts";

describe("settings", () => {
  it("are the defaults but for what is given", () => {
    expect(parseSettings({})).toEqual(DEFAULT_SETTINGS);
    expect(parseSettings({ delay: 0, pcp: { high: 2 } })).toEqual({
      ...DEFAULT_SETTINGS,
      delay: 0,
      pcp: { ...DEFAULT_SETTINGS.pcp, high: 2 },
    });
    const host = { variant: "v8", hostDrops: "lazily", hintsFor: "migration", dirtyLog: "chunk" };
    expect(parseSettings(host)).toEqual({ ...DEFAULT_SETTINGS, ...host });
  });

  it.each<[unknown, string]>([
    [{ cpus: 0 }, "cpus: found 0, expected a whole number from 1 to 2^53 - 1"],
    [{ pcp: { batch: 0 } }, "pcp.batch: found 0, expected a whole number from 1 to 2^53 - 1"],
    [{ putback: "half" }, 'putback: found "half", expected one of split, whole'],
    [{ variant: 8 }, "variant: found 8, expected a text"],
    [{ hostDrops: "never" }, 'hostDrops: found "never", expected one of at-once, lazily'],
    [{ hintsFor: "" }, 'hintsFor: found "", expected one of dropping, migration'],
    [{ dirtyLog: 1 }, "dirtyLog: found 1, expected one of bitmap, chunk"],
    [{ pcp: 3 }, "pcp: found 3, expected an object with maxOrder, huge, high and batch"],
  ])("%j are refused", (value, message) => {
    expect(problem(() => parseSettings(value))).toBe(message);
  });
});

describe("a step", () => {
  it("may leave out what is usual", () => {
    expect(parseStep({ do: "alloc", order: 2 })).toEqual({
      do: "alloc",
      order: 2,
      migratetype: "movable",
      node: 0,
      cpu: 0,
      wait: false,
    });
    expect(parseStep({ do: "free", of: 0 })).toEqual({ do: "free", of: 0, cpu: 0 });
    expect(parseStep({ do: "proceed" })).toEqual({ do: "proceed", cpu: 0 });
    expect(parseStep({ do: "compact", zone: "a", order: 1, at: 2, end: "head", why: 1 })).toEqual({
      do: "compact",
      zone: "a",
      order: 1,
      at: 2,
      end: "head",
    });
  });

  it.each<Step>([
    { do: "proceed", cpu: 1 },
    { do: "pressure", pages: 8 },
    { do: "balloon", pages: 0 },
    { do: "hint", command: "done" },
    { do: "assign" },
    { do: "unassign" },
    { do: "squeeze", pages: 3 },
    { do: "migrate", phase: "transfer" },
  ])("%j is one", (step) => {
    expect(parseStep(step)).toEqual(step);
  });

  it.each<[object, string]>([
    [{ do: "pressure" }, "pages: found nothing, expected a whole number from 0 to 2^53 - 1"],
    [{ do: "hint", command: "go" }, 'command: found "go", expected one of start, stop, done'],
    [{ do: "migrate", phase: "stop" }, 'phase: found "stop", expected one of begin, sync, transfer, end'],
  ])("%j is none", (value, message) => {
    expect(problem(() => parseStep(value))).toBe(message);
  });

  it("says what it does", () => {
    expect(problem(() => parseStep({ do: "free", pfn: 0 }))).toBe(
      "of: found nothing, expected a whole number from 0 to 2^53 - 1",
    );
    expect(problem(() => parseStep({ do: "sleep" }))).toMatch(
      /^do: found "sleep", expected one of alloc, free, .*, thaw$/,
    );
    expect(problem(() => parseStep("work"))).toBe('found "work", expected an object with the key do');
  });
});
