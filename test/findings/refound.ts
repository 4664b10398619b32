/** What is asked of every recorded failure: that it is found again, and that its file tells just that. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCounterexample } from "../../properties/drivers/counterexample.ts";
import { execute } from "../../properties/drivers/run.ts";
import { fileOf, type Failure } from "../../properties/findings/failure.ts";
import { MOST_ACTIONS, isOf, refind, subjectOf } from "../../properties/findings/refind.ts";
import { enter } from "../../properties/subjects.ts";

const RUNS = 1500;
const SEED = 1;

export function refound(failures: readonly Failure[]): void {
  describe.each(failures.map((failure) => [failure.id, failure] as const))("%s", (_, failure) => {
    test.skipIf(failure.byHand)(`is found again within ${RUNS} runs, in at most ${MOST_ACTIONS} actions`, () => {
      const { found } = refind(failure, RUNS, SEED);
      expect(found).toBeDefined();
      if (found === undefined) return;
      expect(isOf(failure, found.shrunk.violation)).toBe(true);
      expect(found.shrunk.steps.length).toBeLessThanOrEqual(MOST_ACTIONS);
      const { scope, steps, violation } = found.shrunk;
      const besideTheModel = enter(scope, subjectOf(failure), true);
      expect(execute(besideTheModel, steps).violation).toEqual(violation);
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
}
