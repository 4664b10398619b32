/**
 * The long campaign: every design in every form, millions of steps of the implementation beside the model, from one seed.
 *
 *     npm run campaign                            2,000,000 steps of each
 *     npm run campaign -- 500000 bitmap page-reporting
 *
 * All judges look on. A run that comes to a failure on record ends there; anything else ends the campaign with status 1.
 */
import { DESIGNS } from "../model/designs/index.ts";
import { drive, xorshift } from "../properties/drivers/campaign.ts";
import { scopesFor, type Scope } from "../properties/drivers/scopes.ts";
import { recordOf } from "../properties/findings/refind.ts";
import type { Violation } from "../properties/judges/properties.ts";
import { Worlds } from "../properties/subjects.ts";

const SEED = 1;
const STEPS_OF_A_RUN = 400;

interface Campaign {
  readonly steps: number;
  readonly runs: number;
  readonly broken?: { readonly violation: Violation; readonly scope: Scope; readonly run: number };
}

function campaign(design: string, variant: string, wanted: number): Campaign {
  const scopes = scopesFor(design, variant);
  const known = (violation: Violation): boolean => recordOf(design, variant, violation) !== undefined;
  const worlds = new Worlds({ design, system: "impl" }, true, { known });
  const choose = xorshift(SEED);
  let steps = 0;
  let runs = 0;
  while (steps < wanted) {
    const scope = scopes[runs++ % scopes.length];
    const driven = drive(worlds, scope, choose, STEPS_OF_A_RUN);
    steps += driven.steps;
    if (driven.violation !== undefined)
      return { steps, runs, broken: { violation: driven.violation, scope, run: runs } };
  }
  return { steps, runs };
}

const [first, ...rest] = process.argv.slice(2);
const named = /^\d+$/.test(first ?? "") ? rest : process.argv.slice(2);
const wanted = named.length < process.argv.slice(2).length ? Number(first) : 2_000_000;
for (const [design, variants] of DESIGNS) {
  if (named.length > 0 && !named.includes(design)) continue;
  for (const { variant } of variants) {
    const began = process.cpuUsage();
    const { steps, runs, broken } = campaign(design, variant, wanted);
    const { user, system } = process.cpuUsage(began);
    const name = variant === "" ? design : `${design}:${variant}`;
    const rate = Math.round(steps / ((user + system) / 1e6));
    console.log(`${name}: ${steps} steps in ${runs} runs beside the model, seed ${SEED}, ${rate} steps a CPU second`);
    if (broken === undefined) continue;
    console.log(`  violates ${broken.violation.property} in run ${broken.run}, ${broken.scope.name}:`);
    console.log(`  ${broken.violation.explanation}`);
    process.exitCode = 1;
  }
}
