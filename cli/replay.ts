/** `fpr replay FILE`: tells a counterexample again, runs it exactly once. */
import type { Replayed } from "../oracle/conform/conformance.ts";
import { asTyped } from "../oracle/process/again.ts";
import { ProgramFault } from "../oracle/process/drive.ts";
import { replayProgram } from "../oracle/process/replay-program.ts";
import {
  readAnyCounterexample,
  sameProperty,
  type Counterexample,
  type ProgramCounterexample,
} from "../properties/drivers/counterexample.ts";
import { tell } from "../properties/drivers/story.ts";
import { explainRejection, tellRejection } from "../properties/rejection/index.ts";
import { enter } from "../properties/subjects.ts";
import type { Violation } from "../properties/judges/properties.ts";
import type { Verdict } from "./output.ts";
import { tellProgramFault } from "./program-fault.ts";

/** @param timeout seconds for one answer, where it is a program */
export function replay(file: string, timeout: number): Verdict | Promise<Verdict> {
  const counterexample = readAnyCounterexample(file);
  return "scope" in counterexample ? replayOurs(counterexample) : replayTheirs(counterexample, file, timeout);
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

async function replayTheirs(counterexample: ProgramCounterexample, file: string, timeout: number): Promise<Verdict> {
  const { subject, geometry, steps } = counterexample;
  try {
    const replayed = await replayProgram(subject.command, geometry, steps, timeout);
    const rejection = told(counterexample, replayed);
    return { ...compared(counterexample, replayed.violation, replayed.at), ...rejection };
  } catch (error) {
    if (!(error instanceof ProgramFault)) throw error;
    const rerun = asTyped(["fpr", "replay", file]);
    return tellProgramFault(error, { command: subject.command, save: undefined, rerun });
  }
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
  const note = sameProperty(violation.property, counterexample)
    ? "Still fails, as recorded."
    : `Fails, but not as recorded: that was ${recorded.property}.`;
  console.log(`\n${note}`);
  const step = Math.max(0, Math.min(at, steps.length - 1));
  return { verdict: "violates", property: violation.property, step, explanation: violation.explanation };
}
