/** `fpr replay FILE`: tells a counterexample again, runs it exactly once. */
import { InputError } from "../model/alphabet/index.ts";
import type { Replayed } from "../oracle/conform/conformance.ts";
import { asTyped } from "../oracle/process/again.ts";
import { ProgramFault } from "../oracle/process/drive.ts";
import { replayProgram } from "../oracle/process/replay-program.ts";
import {
  readAnyCounterexample,
  sameProperty,
  stepOf,
  type Counterexample,
  type ProgramCounterexample,
} from "../properties/drivers/counterexample.ts";
import { tell } from "../properties/drivers/story.ts";
import { explainRejection, tellRejection } from "../properties/rejection/index.ts";
import { enter } from "../properties/subjects.ts";
import type { Violation } from "../properties/judges/properties.ts";
import { timeoutAgain } from "./flags.ts";
import type { Verdict } from "./output.ts";
import { tellProgramFault } from "./program-fault.ts";

/**
 * @param timeout seconds for one answer, where it is a program
 * @param command another program than the file names; empty: that one
 */
export function replay(file: string, timeout: number, command: readonly string[] = []): Verdict | Promise<Verdict> {
  const counterexample = readAnyCounterexample(file);
  if (!("scope" in counterexample)) return replayTheirs(counterexample, { file, timeout, command });
  if (command.length === 0) return replayOurs(counterexample);
  throw new InputError(
    { file, key: "subject" },
    `it is of a design of ours, which is run here: no program goes behind --`,
  );
}

/** What a program is to be run with. */
interface Theirs {
  readonly file: string;
  readonly timeout: number;
  readonly command: readonly string[];
}

function replayOurs(counterexample: Counterexample): Verdict {
  const { subject, scope, steps, violation: recorded } = counterexample;
  const { text, outcome, rejection } = tell(() => enter(scope, subject, recorded.property === "lockstep"), steps);
  console.log(text);
  if (outcome.violation === undefined && outcome.unjudgedEnd)
    return { verdict: "unjudged", explanation: "the host lost a request, so the end can't be judged" };
  const verdict = compared(counterexample, outcome.violation, outcome.at);
  return rejection === undefined ? verdict : { ...verdict, rejection };
}

async function replayTheirs(counterexample: ProgramCounterexample, theirs: Theirs): Promise<Verdict> {
  const { subject, geometry, steps } = counterexample;
  const { file, timeout } = theirs;
  const isNamed = theirs.command.length === 0;
  const command = isNamed ? subject.command : theirs.command;
  console.log(`the program: ${asTyped(command)}`);
  try {
    const replayed = await replayProgram(command, geometry, steps, timeout);
    const rejection = told(counterexample, replayed);
    return { ...compared(counterexample, replayed.violation, replayed.at), ...rejection };
  } catch (error) {
    if (error instanceof InputError && isNamed) throw elsewhere(error, file);
    if (!(error instanceof ProgramFault)) throw error;
    const rerun = asTyped(["fpr", "replay", file, ...timeoutAgain(timeout), ...(isNamed ? [] : ["--", ...command])]);
    return tellProgramFault(error, { command, save: undefined, rerun });
  }
}

/** The program that a file names is found from the folder where it was judged. */
function elsewhere({ problem }: InputError, file: string): InputError {
  const how = `replay it from the folder where it was judged, or say which program: fpr replay ${asTyped([file])} -- ./adapter`;
  return new InputError({ file, key: "subject.command" }, `${problem}; ${how}`);
}

/** Tells the story. @returns the rejection, where something broke */
function told({ geometry }: ProgramCounterexample, replayed: Replayed): Readonly<Record<string, unknown>> {
  const { story, violation, heard, claims } = replayed;
  const { machine, steps, verdict, inevitable } = story;
  const lines = [...machine, ...steps, "", verdict];
  if (violation === undefined) {
    console.log(lines.join("\n"));
    return {};
  }
  const rejection = explainRejection({ geometry, options: { claims }, heard, violation, unit: "step" });
  console.log([...lines, ...tellRejection(rejection), ...inevitable].join("\n"));
  return { rejection };
}

function compared(
  counterexample: Counterexample | ProgramCounterexample,
  violation: Violation | undefined,
  at: number,
): Verdict {
  const { steps, violation: recorded } = counterexample;
  if (violation === undefined) {
    console.log(`\nMended: ${recorded.property} is no longer broken by these ${steps.length} actions.`);
    return { verdict: "holds" };
  }
  const step = stepOf({ steps, at });
  const note = !sameProperty(violation.property, counterexample)
    ? `Fails, but not as recorded: that was ${recorded.property}.`
    : step === recorded.step
      ? "Still fails, as recorded."
      : `Still fails, but in step ${step}; recorded is step ${recorded.step}.`;
  console.log(`\n${note}`);
  return { verdict: "violates", property: violation.property, step, explanation: violation.explanation };
}
