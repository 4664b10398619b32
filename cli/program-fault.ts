/** A program that does not keep to the protocol, as the commands tell it: never a verdict about reporting. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { tellFault } from "../oracle/conform/tell.ts";
import { sayAgain, sayFileAgain } from "../oracle/process/again.ts";
import type { ProgramFault } from "../oracle/process/drive.ts";
import { count, type Verdict } from "./output.ts";

/**
 * Says what was sent, what came back, what it breaks and how to see it again.
 * @param save where the conversation is kept; undefined: only where it is too long to be copied, in a temporary folder
 */
export function tellProgramFault(fault: ProgramFault, command: readonly string[], save: string | undefined): Verdict {
  const { showsAgain } = fault;
  const { lines, starts } = fault.conversation;
  const short = sayAgain(command, lines);
  const file = save !== undefined || short === undefined ? keep(lines, command, save) : undefined;
  const again = short ?? sayFileAgain(command, file ?? "");
  for (const line of tellFault(fault)) console.log(line);
  console.log(`\nTo see it again:\n  ${again}`);
  if (file !== undefined) console.log(`  (what was said since the last start is kept in ${file})`);
  if (showsAgain === false) {
    const before =
      starts > 1 ? `; the one in which it showed had been started anew ${count(starts - 1)} times before` : "";
    console.log(`  It did not show in a new process that was told only this${before}.`);
  }
  return {
    verdict: "unjudged",
    explanation: `the adapter is at fault: ${fault.fault.problem}`,
    fault: fault.fault,
    ...(fault.run?.run === undefined ? {} : { run: fault.run.run }),
    ...(showsAgain === undefined ? {} : { showsAgain }),
    again,
    ...(file === undefined ? {} : { file }),
  };
}

function keep(lines: readonly string[], [program]: readonly string[], save: string | undefined): string {
  if (save !== undefined) mkdirSync(save, { recursive: true });
  const folder = save ?? mkdtempSync(join(tmpdir(), "fpr-"));
  const file = join(folder, `${basename(program)}-fault.jsonl`);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  return file;
}
