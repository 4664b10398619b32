/** `fpr check`: random interleavings of model and implementation, side by side, all properties. */
import { InputError } from "../model/alphabet/index.ts";
import { count } from "../properties/numbers.ts";
import { sample, type Sampled } from "../properties/drivers/random.ts";
import { scopesFor } from "../properties/drivers/scopes.ts";
import { hunt } from "../properties/faults/hunt.ts";
import type { Fault } from "../properties/faults/fault.ts";
import { FAULTS, faultOf } from "../properties/faults/index.ts";
import { matrixRow, renderMatrix } from "../properties/faults/matrix.ts";
import { fileOf, replayCommand, type Failure } from "../properties/findings/failure.ts";
import { isOf, knownOf, recordOf } from "../properties/findings/refind.ts";
import type { Subject } from "../properties/subjects.ts";
import { labelOf, variantsOf, type Form } from "./designs.ts";
import { tellFound, type Who } from "./found.ts";
import { Progress, worst, type Verdict } from "./output.ts";
import { tellVisits } from "./visits.ts";

export interface CheckOptions {
  /** Designs by comma, `bitmap` or `bitmap:v10`; undefined: all. */
  readonly design: string | undefined;
  readonly runs: number;
  readonly seed: number;
  readonly fault: string | undefined;
  /** Where counterexamples go; undefined: nowhere. */
  readonly save: string | undefined;
  /** True: transitions that were never visited are visited on purpose. */
  readonly aim: boolean;
}

export function check(options: CheckOptions): Verdict {
  const forms = variantsOf(options.design);
  const isAsked = ({ design }: Fault): boolean => forms.some((form) => form.design === design);
  if (options.fault === "all") return checkAllFaults(options, [...FAULTS.values()].filter(isAsked));
  if (options.fault !== undefined) {
    const fault = faultOf(options.fault);
    if (isAsked(fault)) return checkFault(options, fault);
    throw new InputError(
      { key: "--fault" },
      `found ${fault.id}, which is planted in ${fault.design}, not in ${options.design}`,
    );
  }
  const verdicts = forms.map((form) => withVisits(checkForm(options, form), tellVisits(options, form)));
  return forms.length === 1 ? verdicts[0] : { ...worst(verdicts), designs: verdicts };
}

/** The worse of the two is what counts; what was visited is said either way. */
function withVisits(verdict: Verdict, visits: Verdict): Verdict {
  return { ...visits, ...verdict, ...worst([verdict, visits]) };
}

/** Tells the first violation; where that one is on record, says what there is beside it. */
function checkForm(options: CheckOptions, form: Form): Verdict {
  const subject: Subject = { design: form.design, system: "impl" };
  const who: Who = { subject, name: labelOf(form), lockstep: true };
  const first = campaign(options, form, []);
  const verdict = conclude(options, who, first);
  if (first.found === undefined) return verdict;
  const record = recordOf(form.design, form.variant, first.found.shrunk.violation);
  if (record === undefined) return verdict;
  const known = knownOf(form.design, form.variant);
  const properties = [...new Set(known.map(({ property }) => property))];
  console.log(`\nknown: ${replayCommand(record)}`);
  console.log(`\nBeside what is on record (${properties.join(", ")}):`);
  const beside = conclude(options, who, campaign(options, form, known));
  return { ...(beside.verdict === "violates" ? beside : verdict), known: known.map(fileOf) };
}

/** @param known failures at which a run may end: it is not what is looked for */
function campaign(options: CheckOptions, form: Form, known: readonly Failure[]): Sampled {
  const progress = new Progress();
  const sampled = sample({
    subject: { design: form.design, system: "impl" },
    scopes: scopesFor(form.design, form.variant),
    runs: options.runs,
    seed: options.seed,
    lockstep: true,
    wanted: (violation) => !known.some((failure) => isOf(failure, violation)),
    progress: ({ steps, labels }) => progress.show(`${labelOf(form)}, ${labels} labels met`, steps, "steps"),
  });
  progress.clear();
  return sampled;
}

function checkFault(options: CheckOptions, fault: Fault): Verdict {
  const { id } = fault;
  const progress = new Progress();
  console.log(`${id}: ${fault.what} (${fault.source})`);
  const { sampled, lockstep } = hunt(fault, options.runs, options.seed, ({ steps }) =>
    progress.show(id, steps, "steps"),
  );
  progress.clear();
  const subject: Subject = { design: fault.design, system: "impl", fault: id };
  return conclude(options, { subject, name: fault.design, lockstep }, sampled);
}

/** The kill matrix: every fault that is found breaks a property, as it should; one that survives is a hole in the suite. */
function checkAllFaults({ runs, seed }: CheckOptions, faults: readonly Fault[]): Verdict {
  const progress = new Progress();
  const rows = faults.map((fault, at) => {
    progress.show(fault.id, at, "faults");
    return matrixRow(fault, runs, seed);
  });
  progress.clear();
  console.log(renderMatrix(rows));
  const survivors = rows.filter(({ found }) => found === undefined).map(({ fault }) => fault.id);
  const told = rows.map(({ fault, found, alone }) => ({ id: fault.id, ...found, alone }));
  if (survivors.length === 0)
    return { verdict: "holds", explanation: `all ${rows.length} planted faults were found`, faults: told };
  return { verdict: "unjudged", explanation: `not found with ${runs} runs: ${survivors.join(", ")}`, faults: told };
}

function conclude(options: CheckOptions, who: Who, sampled: Sampled): Verdict {
  const details = {
    design: who.name,
    runs: sampled.runs,
    steps: sampled.steps,
    cutShort: sampled.cutShort,
    labelsMet: sampled.labels.met.length,
    labelsMissing: sampled.labels.missing,
  };
  if (sampled.found === undefined) {
    sayHolds(options, who, sampled);
    return { verdict: "holds", ...details };
  }
  return { ...tellFound(options, who, sampled.found), ...details };
}

function sayHolds({ seed }: CheckOptions, { name }: Who, sampled: Sampled): void {
  const { met, missing } = sampled.labels;
  const amount = `${count(sampled.runs)} runs, ${count(sampled.steps)} steps`;
  console.log(`${name}: holds (${amount}; sampled, not every interleaving), seed ${seed}`);
  const never = missing.length > 0 ? `; never met: ${missing.join(", ")}` : "";
  console.log(`  met ${met.length} of ${met.length + missing.length} labels${never}`);
  if (sampled.cutShort > 0) console.log(`  cut short: ${sampled.cutShort} runs, in which a failure on record came up`);
  if (sampled.unjudgedEnds > 0)
    console.log(`  not checked: the end of ${sampled.unjudgedEnds} runs, in which the host lost a request`);
  console.log("  not checked: completeness (not claimed), the kernel slow path (see NOTES.md)");
}
