/** The registry and the folder of counterexamples name the same failures. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FAILURES } from "../../properties/findings/index.ts";

test("every file is on record, once", () => {
  const files = readdirSync(join(import.meta.dirname, "../counterexamples")).filter((name) => name.endsWith(".json"));
  expect(files.toSorted()).toEqual(FAILURES.map(({ id }) => `${id}.json`).toSorted());
});

test("a failure that was passed over is itself on record", () => {
  for (const { design, variant, ignored } of FAILURES) {
    for (const property of ignored ?? []) {
      expect(
        FAILURES.some((one) => one.design === design && one.variant === variant && one.property === property),
      ).toBe(true);
    }
  }
});
