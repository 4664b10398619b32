/** Every kept counterexample is replayed on every run: it still fails, as recorded, on implementation and model alike. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCounterexample, stepOf } from "../properties/drivers/counterexample.ts";
import { execute } from "../properties/drivers/run.ts";
import { enter } from "../properties/subjects.ts";

const folder = join(import.meta.dirname, "counterexamples");

describe.each(readdirSync(folder).filter((name) => name.endsWith(".json")))("%s", (name) => {
  const { subject, scope, steps, violation: recorded } = readCounterexample(join(folder, name));

  test.each(["impl", "model"] as const)("fails as recorded on the %s", (system) => {
    const { violation, at } = execute(enter(scope, { ...subject, system }, false), steps);
    expect(violation).toMatchObject({ property: recorded.property, explanation: recorded.explanation });
    if (violation !== undefined) expect(stepOf({ steps, at })).toBe(recorded.step);
  });
});
