/** A program that does not keep to the protocol, as the commands tell it: never a verdict about reporting. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { tellFault } from "../oracle/conform/tell.ts";
import { sayAgain, sayFileAgain } from "../oracle/process/again.ts";
import type { ProgramFault } from "../oracle/process/drive.ts";
import type { Verdict } from "./output.ts";

export interface FaultOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** The folder in which the conversation is kept; undefined: only where it is too long to be copied, in a temporary folder. */
  readonly save: string | undefined;
  /** The command that comes to this fault again, where the conversation since the last start does not. */
  readonly rerun: string;
}

/** Says what was sent, what came back, what it breaks and how to see it again. */
export function tellProgramFault(fault: ProgramFault, options: FaultOptions): Verdict {
  const { lines, showsAgain, run } = fault;
  for (const line of tellFault(fault)) console.log(line);
  const kept = lines.length === 0 ? undefined : keep(lines, options);
  const again = kept?.again ?? options.rerun;
  console.log(`\nTo see it again:\n  ${again}`);
  if (kept?.file !== undefined) console.log(`  (what was said since the last start is kept in ${kept.file})`);
  if (showsAgain === false)
    console.log(
      `That did not show it in a new process: it takes more than the last start. All of it:\n  ${options.rerun}`,
    );
  return {
    verdict: "unjudged",
    explanation: `the adapter is at fault: ${fault.fault.problem}`,
    fault: fault.fault,
    ...(run?.run === undefined ? {} : { run: run.run }),
    ...(showsAgain === undefined ? {} : { showsAgain }),
    again,
    ...(kept?.file === undefined ? {} : { file: kept.file }),
  };
}

interface Kept {
  /** The shell line that says it to the program again. */
  readonly again: string;
  readonly file: string | undefined;
}

function keep(lines: readonly string[], { command, save }: FaultOptions): Kept {
  const short = sayAgain(command, lines);
  if (short !== undefined && save === undefined) return { again: short, file: undefined };
  const file = join(save ?? mkdtempSync(join(tmpdir(), "fpr-")), `${basename(command[0])}-fault.jsonl`);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  return { again: short ?? sayFileAgain(command, file), file };
}
