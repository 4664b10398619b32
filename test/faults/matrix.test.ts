/** The kill matrix is kept: every planted fault is found, by whom it should be, and told in a few steps. */
import { describe, expect, test } from "vitest";
import { FAULTS } from "../../properties/faults/index.ts";
import { matrixRow, renderMatrix, soleKillers, type MatrixRow } from "../../properties/faults/matrix.ts";
import { PROPERTIES } from "../../properties/judges/properties.ts";

/** The default budget of `fpr check --fault`. */
const RUNS = 1000;
const SEED = 1;
const LONGEST_STORY = 12;

/** What kills nothing alone, and why that is so. */
const NEVER_ALONE = new Set([
  // No design here claims it; its own traces are in test/judges/contract.test.ts.
  "completeness",
]);

const rows: MatrixRow[] = [];

describe.each([...FAULTS.values()])("$id", (fault) => {
  test(`is found by ${fault.killer}, in at most ${LONGEST_STORY} actions`, () => {
    const row = matrixRow(fault, RUNS, SEED);
    rows.push(row);
    expect(row.found?.property).toBe(fault.killer);
    expect(row.found?.length).toBeLessThanOrEqual(LONGEST_STORY);
  });
});

test("there are at least 40 of them, and the canary always fails", () => {
  expect(FAULTS.size).toBeGreaterThanOrEqual(40);
  expect(rows.find(({ fault }) => fault.id === "canary")?.found?.runs).toBe(1);
});

test("every property is the only one to find some fault", () => {
  const needed = soleKillers(rows);
  const idle = PROPERTIES.map(({ id }) => id).filter((id) => !needed.has(id));
  expect(new Set(idle)).toEqual(NEVER_ALONE);
});

test("the matrix fits a terminal", () => {
  for (const line of renderMatrix(rows).split("\n")) expect(line.length).toBeLessThanOrEqual(120);
});
