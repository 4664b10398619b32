/** The kill matrix is kept: every planted fault is found, by whom it should be, and told in a few steps. */
import { describe, expect, test } from "vitest";
import { execute } from "../../properties/drivers/run.ts";
import { CANARY, FAULTS } from "../../properties/faults/index.ts";
import { matrixRow, renderMatrix, soleKillers, type MatrixRow } from "../../properties/faults/matrix.ts";
import { PROPERTIES } from "../../properties/judges/properties.ts";
import { enter } from "../../properties/subjects.ts";

/** The default budget of `fpr check --fault`. */
const RUNS = 1000;
const SEED = 1;
const LONGEST_STORY = 12;

/** What kills nothing alone, and why that is so. */
const NEVER_ALONE = new Set([
  // No design here claims it; its own traces are in test/judges/contract.test.ts.
  "completeness",
  // What slips leaves the boundary at a block of which nobody tells when it goes: sooner or later a list is corrupt,
  // and `well-formed` or `free-lists` see it (at seed 1 from run 40 on). `slip` says it at once.
  "slip",
  // A byte that did not arrive is a lost write as soon as its owner reads it.
  "migrated",
]);

const rows: MatrixRow[] = [];

describe.each([...FAULTS.values()])("$id", (fault) => {
  test(`is found by ${fault.killer}, in at most ${LONGEST_STORY} actions that tell it again`, () => {
    const row = matrixRow(fault, RUNS, SEED);
    rows.push(row);
    expect([fault.killer, ...(fault.also ?? [])]).toContain(row.found?.property);
    if (row.found === undefined) return;
    const { property, shrunk } = row.found;
    expect(shrunk.steps.length).toBeLessThanOrEqual(LONGEST_STORY);
    const world = enter(
      shrunk.scope,
      { design: fault.design, system: "impl", fault: fault.id },
      property === "lockstep",
    );
    expect(execute(world, shrunk.steps).violation).toEqual(shrunk.violation);
  });
});

test("there are at least 160 of them, and the canary always fails", () => {
  expect(FAULTS.size).toBeGreaterThanOrEqual(160);
  expect(rows.find(({ fault }) => fault.id === CANARY)?.found?.runs).toBe(1);
});

test("every property is the only one to find some fault", () => {
  const needed = soleKillers(rows);
  const idle = PROPERTIES.map(({ id }) => id).filter((id) => !needed.has(id));
  expect(new Set(idle)).toEqual(NEVER_ALONE);
});

test("the matrix fits a terminal", () => {
  for (const line of renderMatrix(rows).split("\n")) expect(line.length).toBeLessThanOrEqual(120);
});
