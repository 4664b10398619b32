/**
 * Every failure on record is found again, unaided: random runs from a fixed seed, told only where to look and for what,
 * and shrunk to a story of a few steps. That its file still tells it, counterexamples.test.ts makes sure.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCounterexample } from "../../properties/drivers/counterexample.ts";
import { fileOf } from "../../properties/findings/failure.ts";
import { FAILURES } from "../../properties/findings/index.ts";
import { MOST_ACTIONS, isOf, refind, subjectOf } from "../../properties/findings/refind.ts";

const RUNS = 1000;
const SEED = 1;

describe.each(FAILURES.map((failure) => [failure.id, failure] as const))("%s", (_, failure) => {
  test(`is found again within ${RUNS} runs, in at most ${MOST_ACTIONS} actions`, () => {
    const { found } = refind(failure, RUNS, SEED);
    expect(found).toBeDefined();
    if (found === undefined) return;
    expect(isOf(failure, found.shrunk.violation)).toBe(true);
    expect(found.shrunk.steps.length).toBeLessThanOrEqual(MOST_ACTIONS);
  });

  test("has a file, which tells just that", () => {
    expect(existsSync(fileOf(failure))).toBe(true);
    const { subject, scope, steps, violation } = readCounterexample(fileOf(failure));
    expect(subject).toMatchObject(subjectOf(failure));
    expect(scope.settings.variant).toBe(failure.variant);
    expect(isOf(failure, violation)).toBe(true);
    expect(steps.length).toBeLessThanOrEqual(MOST_ACTIONS);
  });
});

test("every file is on record", () => {
  const files = readdirSync(join(import.meta.dirname, "../counterexamples")).filter((name) => name.endsWith(".json"));
  expect(files.toSorted()).toEqual(FAILURES.map(({ id }) => `${id}.json`).toSorted());
});
