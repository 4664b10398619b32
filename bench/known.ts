/**
 * Writes what there is to visit: explores the small plans of designs to the end, and keeps their transitions in
 * properties/known/. `npm run known -- [DESIGN:VARIANT…]`; without names, all.
 */
import { labelOf, variantsOf } from "../cli/designs.ts";
import { survey } from "../properties/drivers/explore/transitions/survey.ts";
import { keep } from "../properties/known-transitions.ts";

const names = process.argv.slice(2);
for (const form of variantsOf(names.length === 0 ? undefined : names.join(","))) {
  const { plans, states, routes, moments } = survey(form.design, form.variant);
  keep(labelOf(form), { plans, states, transitions: [...routes.keys()], moments: [...moments] });
  console.log(`${labelOf(form)}: ${routes.size} transitions, ${moments.size} moments in ${states} states`);
}
