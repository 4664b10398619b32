/** A broken property as the commands tell it: the story, where it was found, and the file that keeps it. */
import { makeFolder } from "../oracle/folder.ts";
import { stepOf, keepCounterexample } from "../properties/drivers/counterexample.ts";
import type { Finding } from "../properties/drivers/shrink.ts";
import { tell } from "../properties/drivers/story.ts";
import { counted } from "../properties/numbers.ts";
import { enter, type Subject } from "../properties/subjects.ts";
import type { Verdict } from "./output.ts";

/** Who was driven, and how. */
export interface Who {
  readonly subject: Subject;
  readonly name: string;
  readonly lockstep: boolean;
}

export interface Found {
  /** The run of a campaign; undefined: the small plans were walked through, and there are no runs. */
  readonly run?: number;
  /** Taken up to there. */
  readonly steps: number;
  readonly shrunk: Finding;
}

export interface FoundOptions {
  readonly seed: number;
  /** Where counterexamples go; undefined: nowhere. */
  readonly save: string | undefined;
}

/** Tells it, and saves it where that is asked for. */
export function tellFound(options: FoundOptions, who: Who, found: Found): Verdict {
  const { run, steps, shrunk } = found;
  const { text, rejection } = tell(() => enter(shrunk.scope, who.subject, who.lockstep), shrunk.steps);
  const place = run === undefined ? `the plan ${shrunk.scope.name}` : `run ${run}`;
  const where = `found in ${place} after ${counted(steps, "step")}, seed ${options.seed}`;
  const { property, explanation } = shrunk.violation;
  const actions = shrunk.steps.length;
  console.log(`${who.name}: violates ${property}, ${where}, shrunk to ${counted(actions, "action")}\n`);
  console.log(text);
  const file = save(options, who.subject, found);
  return {
    verdict: "violates",
    property,
    step: stepOf(shrunk),
    explanation,
    ...(file === undefined ? {} : { file }),
    rejection,
    actions,
  };
}

function save({ save, seed }: FoundOptions, subject: Subject, { run, shrunk }: Found): string | undefined {
  if (save === undefined) {
    console.log("\nTo keep it as a file and replay it: the same command with --save DIR, then fpr replay DIR/FILE");
    return undefined;
  }
  makeFolder(save);
  const name = subject.fault ?? `${subject.design}-${shrunk.violation.property}`;
  const file = keepCounterexample(save, name, subject, shrunk, run === undefined ? undefined : { seed, run });
  console.log(`\nSaved. Replay it with: fpr replay ${file}`);
  return file;
}
