/** Random walks through all small plans of a design, until every known transition is visited or the steps are used up. */
import { xorshift } from "../../campaign.ts";
import type { Choose } from "../../schedule.ts";
import { onRecord } from "../on-record.ts";
import { plansFor, type Plan } from "../plans.ts";
import { Wanderer, type Stumble } from "./wander.ts";
import { Coverage } from "./coverage.ts";

/** Steps of one walk. */
const WALK = 50;
/** Walks through one plan before the next has its turn. */
const TURN = 10;
/** A plan in which nothing new is found has its turn in every second round, then in every third, down to one in so many. */
const PATIENCE = 40;
const RAREST = 8;

export interface Visited {
  readonly steps: number;
  readonly coverage: Coverage;
  /** What is broken and not on record, and in which plan. */
  readonly stumble?: Stumble & { readonly plan: Plan };
}

/**
 * @param known what there is to visit
 * @param budget steps at most, over all plans, give or take a round of turns
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
  const walks = plansFor(design, variant).map((plan) => new Walks(plan, design));
  const wanted = new Set(known);
  const result = (): Visited => ({ steps: stepsOf(walks), coverage: covered(known, walks) });
  for (let round = 0; stepsOf(walks) < budget && wanted.size > 0; round++) {
    for (const one of walks) {
      const stumble = one.hasTurn(round) ? one.turn(choose, wanted) : undefined;
      if (stumble !== undefined) return { ...result(), stumble: { ...stumble, plan: one.plan } };
    }
  }
  return result();
}

/** The walks through one plan. */
class Walks {
  readonly plan: Plan;
  readonly wanderer: Wanderer;
  /** Turns since something was found that was wanted. */
  #vain = 0;

  constructor(plan: Plan, design: string) {
    this.plan = plan;
    this.wanderer = new Wanderer(plan, { design }, onRecord(design, plan));
  }

  hasTurn(round: number): boolean {
    return round % Math.min(1 + Math.floor(this.#vain / PATIENCE), RAREST) === 0;
  }

  /** @param wanted what is found is struck off */
  turn(choose: Choose, wanted: Set<string>): Stumble | undefined {
    const before = wanted.size;
    for (let walk = 0; walk < TURN; walk++) {
      const stumble = this.wanderer.run(choose, WALK);
      if (stumble !== undefined) return stumble;
    }
    for (const label of this.wanderer.news()) wanted.delete(label);
    this.#vain = wanted.size < before ? 0 : this.#vain + 1;
    return undefined;
  }
}

function stepsOf(walks: readonly Walks[]): number {
  return walks.reduce((sum, { wanderer }) => sum + wanderer.steps, 0);
}

function covered(known: readonly string[], walks: readonly Walks[]): Coverage {
  const coverage = new Coverage(known);
  for (const { wanderer } of walks) for (const [label, times] of wanderer.told()) coverage.visit(label, times);
  return coverage;
}
