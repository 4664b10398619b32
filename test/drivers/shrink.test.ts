/** Shrinking ends where nothing can go: no step, no number, no page of the machine. */
import { describe, expect, test } from "vitest";
import { hunt } from "../../properties/faults/hunt.ts";
import { faultOf } from "../../properties/faults/index.ts";
import { execute } from "../../properties/drivers/run.ts";
import { simplerScopes } from "../../properties/drivers/simpler-scopes.ts";
import { simplerSteps } from "../../properties/drivers/simpler-steps.ts";
import { without } from "../../properties/drivers/shrink.ts";
import type { Scope } from "../../properties/drivers/scopes.ts";
import type { Step } from "../../model/alphabet/index.ts";
import { enter, type Subject } from "../../properties/subjects.ts";

describe.each(["canary", "mark-kept-on-merge", "out-of-memory-while-held"])("%s", (id) => {
  const fault = faultOf(id);
  const subject: Subject = { design: fault.design, system: "impl", fault: id };
  const found = hunt(fault, 1000, 1).sampled.found;
  if (found === undefined) throw new Error(`${id} was not found`);
  const { scope, steps, violation } = found.shrunk;
  const stillBroken = (tried: Scope, list: readonly Step[]): boolean =>
    execute(enter(tried, subject, false), list).violation?.property === violation.property;

  test("breaks as it was found", () => {
    expect(execute(enter(scope, subject, false), steps).violation).toEqual(violation);
  });

  test("every step is needed", () => {
    steps.forEach((_, gone) =>
      expect(
        stillBroken(
          scope,
          without(steps, (index) => index === gone),
        ),
      ).toBe(false),
    );
  });

  test("no step can be said more simply, and the machine can't be smaller", () => {
    steps.forEach((step, index) => {
      for (const simpler of simplerSteps(step, scope))
        expect(stillBroken(scope, steps.with(index, simpler))).toBe(false);
    });
    for (const smaller of simplerScopes(scope, steps)) expect(stillBroken(smaller.scope, smaller.steps)).toBe(false);
  });
});

test("who refers to a dropped step goes with it, and numbers close up", () => {
  const alloc: Step = { do: "alloc", order: 0, migratetype: "movable", node: 0, cpu: 0, wait: false };
  const steps: Step[] = [alloc, alloc, { do: "free", of: 0, cpu: 0 }, { do: "free", of: 1, cpu: 0 }];
  expect(without(steps, (index) => index === 0)).toEqual([alloc, { do: "free", of: 0, cpu: 0 }]);
});
