/** Random walks through all small plans of a design, until every known transition is visited or the steps are used up. */
import { xorshift } from "../../campaign.ts";
import { onRecord } from "../on-record.ts";
import { plansFor, type Plan } from "../plans.ts";
import { Wanderer, type Stumble } from "../wander.ts";
import { Coverage } from "./coverage.ts";

/** Steps of one walk. */
const WALK = 50;
/** Walks through one plan before the next has its turn. */
const TURN = 40;

export interface Visited {
  readonly steps: number;
  readonly coverage: Coverage;
  /** What is broken and not on record, and in which plan. */
  readonly stumble?: Stumble & { readonly plan: Plan };
}

/**
 * @param known what there is to visit
 * @param budget steps at most, over all plans, give or take a turn
 * @throws InputError where there is no such design or variant
 */
export function visit(
  design: string,
  variant: string,
  known: readonly string[],
  seed: number,
  budget: number,
): Visited {
  const choose = xorshift(seed);
  const walks = plansFor(design, variant).map((plan) => ({
    plan,
    wanderer: new Wanderer(plan, { design }, onRecord(design, plan)),
  }));
  const wanted = new Set(known);
  let steps = 0;
  while (steps < budget && wanted.size > 0) {
    steps = 0;
    for (const { plan, wanderer } of walks) {
      for (let walk = 0; walk < TURN; walk++) {
        const stumble = wanderer.run(choose, WALK);
        if (stumble !== undefined)
          return { steps: steps + wanderer.steps, coverage: covered(known, walks), stumble: { ...stumble, plan } };
      }
      for (const label of wanderer.news()) wanted.delete(label);
      steps += wanderer.steps;
    }
  }
  return { steps, coverage: covered(known, walks) };
}

function covered(known: readonly string[], walks: readonly { readonly wanderer: Wanderer }[]): Coverage {
  const coverage = new Coverage(known);
  for (const { wanderer } of walks) for (const [label, times] of wanderer.told()) coverage.visit(label, times);
  return coverage;
}
