/** `fpr check`: random interleavings of model and implementation, side by side, all properties. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DESIGNS, designOf } from "../model/designs/index.ts";
import { stepOf, writeCounterexample } from "../properties/drivers/counterexample.ts";
import { sample, type Sampled } from "../properties/drivers/random.ts";
import { SCOPES } from "../properties/drivers/scopes.ts";
import { tell } from "../properties/drivers/story.ts";
import { hunt } from "../properties/faults/hunt.ts";
import { FAULTS, faultOf } from "../properties/faults/index.ts";
import { matrixRow, renderMatrix } from "../properties/faults/matrix.ts";
import { enter, type Subject } from "../properties/subjects.ts";
import { count, Progress, worst, type Verdict } from "./output.ts";

export interface CheckOptions {
  /** Designs by comma; undefined: all. */
  readonly design: string | undefined;
  readonly runs: number;
  readonly seed: number;
  readonly fault: string | undefined;
  /** Where counterexamples go; undefined: nowhere. */
  readonly save: string | undefined;
}

export function check(options: CheckOptions): Verdict {
  const designs = options.design?.split(",") ?? [...DESIGNS.keys()];
  designs.forEach(designOf);
  if (options.fault === "all") return checkAllFaults(options);
  if (options.fault !== undefined) return checkFault(options, options.fault);
  const verdicts = designs.map((design) => checkClean(options, design));
  return designs.length === 1 ? verdicts[0] : { ...worst(verdicts), designs: verdicts };
}

function checkClean(options: CheckOptions, design: string): Verdict {
  const progress = new Progress();
  const subject: Subject = { design, system: "impl" };
  const sampled = sample({
    subject,
    scopes: SCOPES,
    runs: options.runs,
    seed: options.seed,
    lockstep: true,
    progress: ({ steps, labels }) => progress.show(`${design}, ${labels} labels met`, steps, "steps"),
  });
  progress.clear();
  return conclude(options, subject, sampled, true);
}

function checkFault(options: CheckOptions, id: string): Verdict {
  const fault = faultOf(id);
  const progress = new Progress();
  console.log(`${id}: ${fault.what} (${fault.source})`);
  const { sampled, lockstep } = hunt(fault, options.runs, options.seed, ({ steps }) =>
    progress.show(id, steps, "steps"),
  );
  progress.clear();
  return conclude(options, { design: fault.design, system: "impl", fault: id }, sampled, lockstep);
}

/** The kill matrix: every fault that is found breaks a property, as it should; one that survives is a hole in the suite. */
function checkAllFaults({ runs, seed }: CheckOptions): Verdict {
  const progress = new Progress();
  const rows = [...FAULTS.values()].map((fault, at) => {
    progress.show(fault.id, at, "faults");
    return matrixRow(fault, runs, seed);
  });
  progress.clear();
  console.log(renderMatrix(rows));
  const survivors = rows.filter(({ found }) => found === undefined).map(({ fault }) => fault.id);
  const faults = rows.map(({ fault, found, alone }) => ({ id: fault.id, ...found, alone }));
  if (survivors.length === 0)
    return { verdict: "holds", explanation: `all ${rows.length} planted faults were found`, faults };
  return { verdict: "unjudged", explanation: `not found with ${runs} runs: ${survivors.join(", ")}`, faults };
}

function conclude(options: CheckOptions, subject: Subject, sampled: Sampled, lockstep: boolean): Verdict {
  const { met, missing } = sampled.labels;
  const amount = `${count(sampled.runs)} runs, ${count(sampled.steps)} steps`;
  const details = {
    design: subject.design,
    runs: sampled.runs,
    steps: sampled.steps,
    labelsMet: met.length,
    labelsMissing: missing,
  };
  if (sampled.found === undefined) {
    console.log(`${subject.design}: holds (${amount}; sampled, not every interleaving), seed ${options.seed}`);
    console.log(
      `  met ${met.length} of ${met.length + missing.length} labels${missing.length > 0 ? `; never met: ${missing.join(", ")}` : ""}`,
    );
    if (sampled.unjudgedEnds > 0)
      console.log(`  not checked: the end of ${sampled.unjudgedEnds} runs, in which the host lost a request`);
    console.log("  not checked: completeness (not claimed), the kernel slow path (see NOTES.md)");
    return { verdict: "holds", ...details };
  }
  const { run, steps, shrunk } = sampled.found;
  const { text } = tell(() => enter(shrunk.scope, subject, lockstep), shrunk.steps);
  console.log(
    `${subject.design}: violates ${shrunk.violation.property}, found in run ${run} after ${count(steps)} steps, seed ${options.seed}, shrunk to ${shrunk.steps.length} actions\n`,
  );
  console.log(text);
  const file = save(options, subject, sampled.found);
  return {
    verdict: "violates",
    property: shrunk.violation.property,
    step: stepOf(shrunk),
    explanation: shrunk.violation.explanation,
    ...(file === undefined ? {} : { file }),
    ...details,
    actions: shrunk.steps.length,
  };
}

function save(options: CheckOptions, subject: Subject, found: NonNullable<Sampled["found"]>): string | undefined {
  if (options.save === undefined) {
    console.log("\nTo keep it as a file and replay it: the same command with --save DIR, then fpr replay DIR/FILE");
    return undefined;
  }
  mkdirSync(options.save, { recursive: true });
  const file = join(options.save, `${subject.fault ?? `${subject.design}-${found.shrunk.violation.property}`}.json`);
  writeCounterexample(file, subject, found.shrunk, { seed: options.seed, run: found.run });
  console.log(`\nSaved. Replay it with: fpr replay ${file}`);
  return file;
}
