/** What `fpr explore` can ask beyond every state and move: the model beside each, and what must come to an end. */
import {
  exploreLiveness,
  tellLiveness,
  type ExploredLiveness,
} from "../properties/drivers/explore/liveness/explore-liveness.ts";
import { GAPS, SOUND } from "../properties/drivers/explore/liveness/gaps.ts";
import { onRecord } from "../properties/drivers/explore/on-record.ts";
import { MOST_KEPT, verified } from "../properties/drivers/explore/refinement/refinement.ts";
import { EVERYTHING_REPORTED, NOTHING_HELD } from "../properties/drivers/explore/liveness/wishes.ts";
import { traitsOf } from "../properties/subjects.ts";
import { labelOf } from "./designs.ts";
import type { ExploreOptions, Place } from "./explore-options.ts";
import type { Verdict } from "./output.ts";

/** The model beside the implementation on every move, and the model alone. */
export function refine({ limit, depth }: ExploreOptions, { form, plan }: Place): Verdict {
  const known = onRecord(form.design, plan);
  const subject = { design: form.design };
  const { verdict, holds, explorer } = verified({ plan, subject, limit: Math.min(limit, MOST_KEPT), depth, known });
  console.log(verdict);
  const { states, transitions, cut } = explorer;
  const said = { design: labelOf(form), plan: plan.name, states, transitions, cut };
  if (holds) return { verdict: "holds", ...said };
  if (explorer.ended === "full") return { verdict: "unjudged", explanation: verdict, ...said };
  const { property } = explorer.broken?.violation ?? { property: "lockstep" };
  return { verdict: "violates", property, explanation: verdict, ...said };
}

/** Whether all that is taken comes back, on every fair run. Asked of designs that take blocks to give them back. */
export function live({ limit }: ExploreOptions, { form, plan }: Place): Verdict {
  const name = labelOf(form);
  const said = { design: name, plan: plan.name };
  if (traitsOf(form.design, form.variant).takes !== "isolates") {
    const explanation = `not checked in ${plan.name}: ${name} may keep what it takes`;
    console.log(`${name}: unjudged: ${explanation}`);
    return { verdict: "unjudged", explanation, ...said };
  }
  const explored = exploreLiveness(plan, { design: form.design }, [NOTHING_HELD], limit);
  for (const line of tellLiveness(explored)) console.log(`${name}: ${line}`);
  if (explored.graph === undefined) {
    const explanation = `${name} was not explored to the end of ${plan.name}, so nothing can be said of what happens at last`;
    return { verdict: "unjudged", explanation, ...said };
  }
  // Of several promises of the host the strongest comes last.
  const unending = explored.results.at(-1)?.unending ?? [];
  if (unending.length === 0) return { verdict: "holds", ...said };
  const pages = unending.map(({ page }) => page).join(", ");
  return { verdict: "violates", property: "rest", explanation: `pages ${pages} may be held for ever`, ...said };
}

/**
 * What today's Linux never reports though it could: each gap in a scope that has its one ingredient, and the scopes that
 * have none of them. Each must come to what is on record; of one that was not explored to its end nothing is known.
 */
export function gaps({ limit }: ExploreOptions): Verdict {
  const subject = { design: "page-reporting" };
  const surprises: string[] = [];
  const unexplored: string[] = [];
  const hold = (name: string, explored: ExploredLiveness, comesTo: string): void => {
    const kinds = kindsOf(explored);
    if (kinds === undefined) unexplored.push(name);
    else if (kinds !== comesTo) surprises.push(name);
  };
  for (const plan of SOUND) {
    const explored = exploreLiveness(plan, subject, [NOTHING_HELD, EVERYTHING_REPORTED], limit);
    for (const line of tellLiveness(explored)) console.log(`page-reporting: ${line}`);
    hold(plan.name, explored, "holds");
  }
  for (const { id, what, source, plan, wish, comesTo } of GAPS) {
    const explored = exploreLiveness(plan, subject, [wish], limit);
    console.log(`\n${id}: ${what} (${source})`);
    for (const line of tellLiveness(explored)) console.log(`  ${line}`);
    hold(id, explored, comesTo);
  }
  return concluded(surprises, unexplored);
}

/** @param unexplored scopes that were not explored to their end */
function concluded(surprises: readonly string[], unexplored: readonly string[]): Verdict {
  if (surprises.length > 0) {
    const names = surprises.join("; ");
    console.log(`\nNot as recorded: ${names}`);
    return { verdict: "violates", property: "rest", explanation: `not as recorded: ${names}` };
  }
  if (unexplored.length > 0) {
    const names = unexplored.join("; ");
    console.log(`\nNot explored to the end: ${names}`);
    return { verdict: "unjudged", explanation: `not explored to the end: ${names}` };
  }
  const explanation = `everything reported, on every fair run of ${SOUND.length} scopes; and ${GAPS.length} scopes with one ingredient each, as on record`;
  console.log(`\nAs recorded: ${explanation}`);
  return { verdict: "holds", explanation };
}

/** What the runs that stop short do; of several promises of the host the weakest is asked. Undefined: not all was explored. */
function kindsOf({ graph, results }: ExploredLiveness): string | undefined {
  if (graph === undefined) return undefined;
  const kinds = new Set(results.flatMap(({ unending }) => unending.map(({ kind }) => kind)));
  return kinds.size === 0 ? "holds" : [...kinds].join(" and ");
}
