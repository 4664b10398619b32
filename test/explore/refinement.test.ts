/**
 * The implementation is verified against the model: on every transition of small plans of every design, and by the
 * count of the states that the model alone has. All plans, which takes longer: `fpr explore --refine`.
 */
import { afterEach, describe, expect, test, vi } from "vitest";
import { ImplGuest } from "../../impl/guest.ts";
import { InputError } from "../../model/alphabet/index.ts";
import { onRecord } from "../../properties/drivers/explore/on-record.ts";
import { plansFor, type Plan } from "../../properties/drivers/explore/plans.ts";
import { verified, type Verified } from "../../properties/drivers/explore/refinement/refinement.ts";
import { Lockstep } from "../../properties/judges/lockstep.ts";
import { FORMS, labelOf, readGolden, REWRITE, type Counts } from "./golden.ts";

const golden = readGolden();

/** States of a plan that are a second's work or two. */
const FEW = 600;
const LIMIT = 100_000;
const PATIENCE = 240_000;

function states(design: string, { name, scope }: Plan): number {
  const counts: Counts | undefined = golden[labelOf(design, scope.settings.variant)][name];
  if (counts === undefined) throw new Error(`plan ${name} of ${design} is not on file; ${REWRITE}`);
  return counts.states;
}

/** The plans with few states, or where all have many the one with the fewest. */
function smallPlans(design: string, variant: string): Plan[] {
  const plans = plansFor(design, variant).toSorted((one, other) => states(design, one) - states(design, other));
  return plans.filter((plan, at) => at === 0 || states(design, plan) <= FEW);
}

function verify(design: string, plan: Plan, fault?: string): Verified {
  const subject = fault === undefined ? { design } : { design, fault };
  return verified({ plan, subject, limit: LIMIT, known: onRecord(design, plan) });
}

function planOf(design: string, name: string): Plan {
  const plan = plansFor(design).find((one) => one.name === name);
  if (plan === undefined) throw new Error(`${design} has no plan ${name}`);
  return plan;
}

describe.each(FORMS)("%s %s", (design, variant) => {
  test.each(smallPlans(design, variant).map((plan) => [plan.name, plan] as const))(
    "%s",
    (name, plan) => {
      const { verdict, holds, model } = verify(design, plan);
      const on = golden[labelOf(design, variant)][name];
      expect(verdict).toContain(`the implementation is verified against the model for scope ${name}: `);
      expect(holds).toBe(true);
      const stale = `not as on file; ${REWRITE}`;
      expect(verdict, stale).toContain(`, digest ${on.digest}; the model alone has ${on.states} states`);
      const { states, transitions, depth, cut } = on;
      expect(model, stale).toMatchObject({ states, transitions, depth, cut });
    },
    PATIENCE,
  );
});

describe("it can fail", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const plan = planOf("none", "blocks");

  test("a planted fault that only lockstep sees is found by a shortest path", () => {
    const { verdict, holds } = verify("page-reporting", planOf("page-reporting", "blocks"), FAULT);
    expect(holds).toBe(false);
    expect(verdict).toMatch(/^page-reporting: violates lockstep in scope blocks, after \d+ moves: .* the model has/);
  });

  test("a word of the implementation that no part of the model stands for is found by the count, and named", () => {
    perform((guest) => {
      guest.state.reporter[UNUSED] = 1;
    });
    const { verdict, holds, explorer, model } = verify("none", plan);
    expect(holds).toBe(false);
    expect(explorer.states).toBeGreaterThan(model?.states ?? Infinity);
    expect(verdict).toContain(`two of its states are one in the model, and differ in reporter ${UNUSED} (0 and 1): `);
  });

  test("where events and views show nothing, two states of the model for one of the implementation are found", () => {
    vi.spyOn(Lockstep.prototype, "compare").mockReturnValue(undefined);
    const { verdict, holds } = verify("page-reporting", planOf("page-reporting", "blocks"), FAULT);
    expect(holds).toBe(false);
    expect(verdict).toContain(
      "the implementation is in a state that it was in before, the model is not: it was lists:",
    );
  });

  test("too many states for the model are refused", () => {
    expect(() => verified({ plan, subject: { design: "none" }, limit: 2e6 })).toThrow(InputError);
  });

  test("where not all could be seen, nothing is said", () => {
    const { verdict, holds } = verified({ plan, subject: { design: "none" }, limit: 10 });
    expect([verdict, holds]).toEqual(["none: unjudged: stopped at 10 states of scope blocks", false]);
  });
});

/** What was reported comes back to the head of its list: only lockstep sees that. */
const FAULT = "put-back-to-the-head";

/** A reporter's word that the design `none` has no use for: the zone in hand. */
const UNUSED = 3;

/** From here on every action of every guest does something more. */
function perform(more: (guest: ImplGuest) => void): void {
  const honest = ImplGuest.prototype.perform;
  vi.spyOn(ImplGuest.prototype, "perform").mockImplementation(function (this: ImplGuest, action) {
    const events = honest.call(this, action);
    more(this);
    return events;
  });
}
