/** Shrinking ends where nothing can go: no step, no number, no page of the machine. */
import { describe, expect, test } from "vitest";
import { hunt } from "../../properties/faults/hunt.ts";
import { faultOf } from "../../properties/faults/index.ts";
import { execute, type Outcome } from "../../properties/drivers/run.ts";
import { simplerScopes } from "../../properties/drivers/simpler-scopes.ts";
import { simplerSteps } from "../../properties/drivers/simpler-steps.ts";
import { shrink, without, type Finding } from "../../properties/drivers/shrink.ts";
import type { Scope } from "../../properties/drivers/scopes.ts";
import type { Step } from "../../model/alphabet/index.ts";
import type { Violation } from "../../properties/judges/properties.ts";
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

describe("who numbers requests upwards", () => {
  const work: Step = { do: "work" };
  const ack = (request: number, ok = true): Step => ({ do: "ack", request, ok });
  const { scope } = shrunkCanary();

  /** `work` sends a request, if none is open; once one was refused, that is wrong. An answer to what is not open says nothing. */
  function take(steps: readonly Step[]): Outcome {
    let sent = 0;
    let refused = false;
    const open = new Set<number>();
    const at = steps.findIndex((step) => {
      if (step.do === "ack" && open.delete(step.request)) refused ||= !step.ok;
      if (step.do !== "work" || open.size > 0) return false;
      open.add(++sent);
      return refused;
    });
    const violation: Violation | undefined = at < 0 ? undefined : { property: "completeness", explanation: "planted" };
    return { violation, at, unjudgedEnd: false, cutShort: false, healing: [] };
  }

  test("rounds before the one that matters go: the answers follow", () => {
    const steps = [work, ack(1), work, ack(2), work, ack(3, false), work];
    const { violation, at } = take(steps);
    if (violation === undefined) throw new Error("it does not break");
    const shrunk = shrink({ scope, steps, violation, at }, (_scope, tried) => take(tried));
    expect(shrunk.steps).toEqual([work, ack(1, false), work]);
  });
});

function shrunkCanary(): Finding {
  const { found } = hunt(faultOf("canary"), 1000, 1).sampled;
  if (found === undefined) throw new Error("the canary was not found");
  return found.shrunk;
}

test("who refers to a dropped step goes with it, and numbers close up", () => {
  const alloc: Step = { do: "alloc", order: 0, migratetype: "movable", node: 0, cpu: 0, wait: false };
  const steps: Step[] = [alloc, alloc, { do: "free", of: 0, cpu: 0 }, { do: "free", of: 1, cpu: 0 }];
  expect(without(steps, (index) => index === 0)).toEqual([alloc, { do: "free", of: 0, cpu: 0 }]);
});
