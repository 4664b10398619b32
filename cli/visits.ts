/** What `fpr check` says of known transitions: how many were visited, which never, and how to get there. */
import { count, counted } from "../properties/numbers.ts";
import { isOf } from "../properties/findings/refind.ts";
import { execute } from "../properties/drivers/run.ts";
import { onRecord } from "../properties/drivers/explore/on-record.ts";
import { stepsOf } from "../properties/drivers/explore/path.ts";
import type { Plan } from "../properties/drivers/explore/plans.ts";
import { aim } from "../properties/drivers/explore/transitions/aim.ts";
import { survey } from "../properties/drivers/explore/transitions/survey.ts";
import { visit, type Visited } from "../properties/drivers/explore/transitions/visits.ts";
import { shrink, type Finding } from "../properties/drivers/shrink.ts";
import type { Violation } from "../properties/judges/properties.ts";
import { KNOWN } from "../properties/known-transitions.ts";
import { enter, Worlds, type Subject } from "../properties/subjects.ts";
import { labelOf, type Form } from "./designs.ts";
import { tellFound, type FoundOptions } from "./found.ts";
import { Progress, type Verdict } from "./output.ts";

/** Steps of random walks through the small plans, for each run that is asked for. */
const STEPS_A_RUN = 500;
/** So many are named; --aim names all. */
const NAMED = 8;

export interface VisitOptions extends FoundOptions {
  readonly runs: number;
  /** True: what was never visited is visited on purpose. */
  readonly aim: boolean;
}

/** Walks through the small plans of a design at random, and tells what was visited of all that is known. */
export function tellVisits(options: VisitOptions, form: Form): Verdict {
  const name = labelOf(form);
  const known = KNOWN.get(name);
  if (known === undefined) {
    console.log(`  not checked: visited transitions (no list of ${name} is kept in properties/known)`);
    return { verdict: "holds" };
  }
  const visited = visit(form.design, form.variant, known.transitions, options.seed, options.runs * STEPS_A_RUN);
  const { coverage, steps, stumble } = visited;
  if (stumble !== undefined) return tellStumble(options, form, stumble, steps);
  const missing = coverage.missing();
  const where = `the ${known.plans} small plans, ${count(known.states)} states`;
  console.log(
    `  visited ${coverage.visited} of ${coverage.known} transitions (${where}) in ${count(steps)} random steps`,
  );
  const details = { visited: coverage.visited, transitions: coverage.known, neverVisited: missing };
  const strangers = coverage.unknown();
  if (strangers.length > 0) return { verdict: "unjudged", explanation: tellStrangers(name, strangers), ...details };
  if (options.aim) return { ...tellAims(options, form, missing), ...details };
  for (const label of missing.slice(0, NAMED)) console.log(`    never: ${label}`);
  const rest = missing.length - NAMED;
  if (rest > 0) console.log(`    and ${rest} more`);
  if (missing.length > 0) console.log("    how to get there: the same command with --aim");
  return { verdict: "holds", ...details };
}

/** What is met and not known: either the list is old, or a step got somewhere that no exploration has seen. */
function tellStrangers(name: string, strangers: readonly string[]): string {
  const problem = `${strangers.length} transitions of ${name} are not on its list in properties/known`;
  const explanation = `${problem} (${strangers[0]}): write the list anew with bench/known.ts`;
  console.log(`  ${explanation}`);
  return explanation;
}

/** Prints the shortest actions to each, and takes them beside the model. */
function tellAims(options: FoundOptions, form: Form, missing: readonly string[]): Verdict {
  if (missing.length === 0) return { verdict: "holds" };
  const subject: Subject = { design: form.design, system: "impl" };
  const progress = new Progress();
  const { routes } = survey(form.design, form.variant, ({ name }) => progress.show(`${name}: plans`, 1, "explored"));
  progress.clear();
  let reached = 0;
  for (const label of missing) {
    const route = routes.get(label);
    if (route === undefined) continue;
    const aimed = aim(subject, route, label);
    console.log(`    never: ${label}\n      ${aimed.steps.length} actions in the plan ${route.plan.name}:`);
    for (const step of aimed.steps) console.log(`        ${JSON.stringify(step)}`);
    if (aimed.reached) reached++;
    if (aimed.broken === undefined) continue;
    const { violation, at } = aimed.broken;
    const finding: Finding = { scope: route.plan.scope, steps: aimed.steps, violation, at };
    return tellFinding(options, form, route.plan, finding, at + 1);
  }
  console.log(`    aimed at ${missing.length}, beside the model: ${reached} reached, nothing broken`);
  if (reached === missing.length) return { verdict: "holds", aimed: reached };
  const lost = `${counted(missing.length - reached, "transition")} on the list of ${labelOf(form)} can't be reached any more`;
  const explanation = `${lost}: write the list anew with bench/known.ts`;
  console.log(`  ${explanation}`);
  return { verdict: "unjudged", explanation };
}

function tellStumble(
  options: FoundOptions,
  form: Form,
  { plan, moves, violation }: NonNullable<Visited["stumble"]>,
  taken: number,
): Verdict {
  const steps = stepsOf(enter(plan.scope, { design: form.design, system: "impl" }, false), moves);
  return tellFinding(options, form, plan, { scope: plan.scope, steps, violation, at: steps.length - 1 }, taken);
}

function tellFinding(options: FoundOptions, form: Form, plan: Plan, finding: Finding, steps: number): Verdict {
  const subject: Subject = { design: form.design, system: "impl" };
  const records = onRecord(form.design, plan);
  const known = (violation: Violation): boolean => records.some((failure) => isOf(failure, violation));
  const worlds = new Worlds(subject, true, { known });
  const shrunk = shrink(finding, (scope, some) => execute(worlds.enter(scope), some));
  return tellFound(options, { subject, name: labelOf(form), lockstep: true }, { steps, shrunk });
}
