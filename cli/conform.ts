/** `fpr conform`: the live protocol against a program in any language. */
import { basename } from "node:path";
import type { Conformance } from "../oracle/conform/conformance.ts";
import type { NamedGeometry } from "../oracle/conform/geometries.ts";
import { notesOn } from "../oracle/conform/notes.ts";
import { rejectionOf, tellConformance } from "../oracle/conform/tell.ts";
import { count } from "../properties/numbers.ts";
import { asTyped } from "../oracle/process/again.ts";
import { conformProgram } from "../oracle/process/conform-program.ts";
import { ProgramFault } from "../oracle/process/drive.ts";
import { stepOf, keepCounterexample } from "../properties/drivers/counterexample.ts";
import { timeoutAgain } from "./flags.ts";
import { readGeometry } from "./geometry-file.ts";
import { makeFolder } from "../oracle/folder.ts";
import { Progress, type Verdict } from "./output.ts";
import { tellProgramFault } from "./program-fault.ts";

export interface ConformOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly runs: number;
  readonly seed: number;
  /** A file with a bare geometry; undefined: small and odd ones. */
  readonly geometry: string | undefined;
  /** Seconds for one answer. */
  readonly timeout: number;
  /** Where counterexamples and the conversations of faulty adapters go; undefined: nowhere. */
  readonly save: string | undefined;
  /** Processes of the program at the same time. */
  readonly workers: number;
}

export async function conform(options: ConformOptions): Promise<Verdict> {
  const { command, runs, seed, geometry, timeout, save, workers } = options;
  const geometries = geometry === undefined ? {} : { geometries: [fromFile(geometry)] };
  // Now, not when there is something to keep.
  if (save !== undefined) makeFolder(save);
  const progress = new Progress();
  try {
    const { conformance, actionsPerSecond } = await conformProgram(command, {
      runs,
      seed,
      timeout,
      workers,
      ...geometries,
      progress: (taken) => progress.show(`run ${count(taken.runs)} of ${count(runs)}`, taken.actions, "actions"),
    });
    progress.clear();
    for (const line of tellConformance(conformance)) console.log(line);
    if (actionsPerSecond === undefined) return violates(options, conformance);
    const rate = Math.round(actionsPerSecond);
    console.log(`\n${count(rate)} actions a second; seed ${seed}; sampled, not every interleaving`);
    return { verdict: "holds", ...strength(options, conformance), actionsPerSecond: rate };
  } catch (error) {
    progress.clear();
    if (!(error instanceof ProgramFault)) throw error;
    return { ...tellProgramFault(error, { command, save, rerun: rerun(options, error) }), seed };
  }
}

/** The campaign once more, up to where the fault showed. */
function rerun({ command, runs, seed, geometry, timeout }: ConformOptions, { run }: ProgramFault): string {
  const upTo = run?.run === undefined ? runs : run.run + 1;
  const campaign = ["--seed", `${seed}`, "--runs", `${upTo}`];
  const machine = geometry === undefined ? [] : ["--geometry", geometry];
  return asTyped(["fpr", "conform", ...campaign, ...machine, ...timeoutAgain(timeout), "--", ...command]);
}

function fromFile(file: string): NamedGeometry {
  return { name: file, geometry: readGeometry(file) };
}

/** What stands in the JSON whatever the verdict is. */
function strength({ command, seed }: ConformOptions, conformance: Conformance): Readonly<Record<string, unknown>> {
  const { name, does, claims, runs, actions, geometries, coverage } = conformance;
  return { name, command, seed, does, claims, runs, actions, geometries, ...weaknesses(conformance), coverage };
}

/** What the verdict says nothing about. */
function weaknesses(conformance: Conformance): Readonly<Record<string, unknown>> {
  const { rules, labels } = conformance.coverage;
  return {
    notes: notesOn(conformance),
    neverTested: rules.filter(({ tested }) => tested === 0).map(({ property }) => property),
    neverMet: labels.missing,
  };
}

function violates(options: ConformOptions, conformance: Conformance): Verdict {
  const { found } = conformance;
  if (found === undefined) throw new Error("a violation without a finding");
  const { command, save, seed, timeout } = options;
  const { property, explanation } = found.violation;
  let file: string | undefined;
  if (save === undefined) {
    console.log("\nTo keep it as a file and replay it: the same command with --save DIR, then fpr replay DIR/FILE");
  } else {
    const name = `${basename(command[0])}-${property}`;
    file = keepCounterexample(save, name, { command }, found, { seed, run: found.run });
    console.log(`\nSaved. Replay it from this folder with: fpr replay ${asTyped([file, ...timeoutAgain(timeout)])}`);
  }
  return {
    verdict: "violates",
    property,
    step: stepOf(found),
    explanation,
    ...(file === undefined ? {} : { file }),
    story: found.steps,
    rejection: rejectionOf(conformance, found),
    foundIn: found.run,
    repeats: found.repeats,
    ...strength(options, conformance),
  };
}
