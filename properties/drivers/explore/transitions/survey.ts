/** All small plans of a design, explored to the end: every transition that there is, and a shortest path to each. */
import { InputError } from "../../../../model/alphabet/index.ts";
import { onRecord } from "../on-record.ts";
import { plansFor, type Plan } from "../plans.ts";
import type { Move } from "../moves.ts";
import { collect } from "./collect.ts";

/** More than any small plan has. */
const MOST_STATES = 2_000_000;

export interface Route {
  readonly plan: Plan;
  readonly moves: readonly Move[];
}

export interface Survey {
  readonly plans: number;
  readonly states: number;
  /** By label: the shortest of the paths that end with it. */
  readonly routes: ReadonlyMap<string, Route>;
  readonly moments: ReadonlySet<string>;
}

/**
 * @param progress told which plan is explored next
 * @throws InputError where there is no such design or variant, or one of its plans can't be explored to the end
 */
export function survey(design: string, variant: string, progress?: (plan: Plan) => void): Survey {
  const routes = new Map<string, Route>();
  const moments = new Set<string>();
  const plans = plansFor(design, variant);
  let states = 0;
  for (const plan of plans) {
    progress?.(plan);
    const {
      report,
      paths,
      moments: shown,
    } = collect({
      plan,
      subject: { design },
      limit: MOST_STATES,
      known: onRecord(design, plan),
    });
    if (report.ended !== "complete") {
      const problem = `the plan ${plan.name} of ${design} ended ${report.ended} after ${report.states} states`;
      throw new InputError({}, `${problem}: what can be visited there is not known (fpr explore tells more)`);
    }
    states += report.states;
    for (const [label, path] of paths) {
      if (path.length >= (routes.get(label)?.moves.length ?? Infinity)) continue;
      routes.set(label, { plan, moves: path.map((move) => report.moves.all[move]) });
    }
    for (const moment of shown) moments.add(moment);
  }
  return { plans: plans.length, states, routes, moments };
}
