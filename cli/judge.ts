/** `fpr judge FILE…`: recorded traces of the wire format, and captures of Linux guests. */
import { statSync } from "node:fs";
import { InputError } from "../model/alphabet/index.ts";
import { judgeCapture } from "../oracle/linux/judge.ts";
import { judgeTrace } from "../oracle/trace.ts";
import { worst, type Verdict } from "./output.ts";

/** @param sources files, directories, or `-` for standard input */
export async function judge(sources: readonly string[]): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const source of sources) {
    const verdict = await judgeOne(source);
    verdicts.push(verdict);
    if (sources.length > 1) console.log(`${source}: ${oneLine(verdict)}`);
  }
  const final = worst(verdicts);
  return sources.length === 1 ? final : { ...final, files: verdicts };
}

async function judgeOne(source: string): Promise<Verdict> {
  try {
    const judged = isDirectory(source) ? await judgeCapture(source) : await judgeTrace(source);
    return { source, ...judged };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(`fpr: ${error.message}`);
    return { verdict: "unjudged", source, explanation: error.message };
  }
}

function oneLine({ verdict, property, line, explanation }: Verdict): string {
  if (verdict === "holds") return verdict;
  return [verdict, property, line === undefined ? undefined : `line ${line}`, explanation].filter((part) => part !== undefined).join(", ");
}

function isDirectory(source: string): boolean {
  return source !== "-" && (statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
