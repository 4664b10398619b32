/** `fpr judge FILE…`: recorded traces of the wire format, and captures of Linux guests. */
import { statSync } from "node:fs";
import { InputError } from "../model/alphabet/index.ts";
import { isHostOnly, judgeHostLogs, type HostVerdict } from "../oracle/linux/host/host-only.ts";
import { judgeCapture } from "../oracle/linux/judge.ts";
import { judgeTrace } from "../oracle/trace.ts";
import { PROPERTIES } from "../properties/judges/properties.ts";
import { tellRejection, type Rejection } from "../properties/rejection/index.ts";
import { captureEvidence, hostEvidence, hostRepairs } from "./captured.ts";
import { count, worst, type Verdict } from "./output.ts";
import { formOf, LINUX, shownOf, told, UNSEEN_BY_FTRACE } from "./shown.ts";

/**
 * @param sources files, directories, or `-` for standard input
 * @param design of which the traces are, by which is told what they never show; undefined: nobody knows
 * @throws InputError where there is no such design, or no variant of it is named and it has several
 */
export async function judge(sources: readonly string[], design?: string): Promise<Verdict> {
  const form = design === undefined ? undefined : formOf(design);
  const several = sources.length > 1;
  const verdicts: Verdict[] = [];
  for (const source of sources) {
    const { verdict, lines } = await judgeOne(source, form);
    verdicts.push(verdict);
    console.log(several ? `${source}: ${inOneLine(verdict)}` : lines.join("\n"));
  }
  return several ? { ...worst(verdicts), sources: verdicts } : verdicts[0];
}

interface Judged {
  readonly verdict: Verdict;
  /** What a person reads of it. */
  readonly lines: readonly string[];
}

async function judgeOne(source: string, form: string | undefined): Promise<Judged> {
  try {
    if (isDirectory(source) && (await isHostOnly(source))) return hostJudged(source, await judgeHostLogs(source));
    if (isDirectory(source)) {
      const { moments, explain, ...found } = await judgeCapture(source);
      const judged = explain === undefined ? found : { ...found, rejection: await explain() };
      const shown = shownOf(LINUX, moments, UNSEEN_BY_FTRACE);
      const evidence = [...captureEvidence(judged), ...told(shown)];
      return {
        verdict: { ...judged, ...shown, source },
        lines: [...toldVerdict(judged), ...evidence, ...unchecked(judged.notChecked)],
      };
    }
    const { moments, unseen, ...judged } = await judgeTrace(source);
    const shown = form === undefined ? undefined : shownOf(form, moments, unseen);
    const evidence = [`  ${count(judged.events)} events judged`, ...told(shown)];
    return {
      verdict: { ...judged, ...shown, source },
      lines: [...toldVerdict(judged), ...evidence, ...unchecked(judged.notChecked)],
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(`fpr: ${error.message}`);
    return { verdict: { verdict: "unjudged", source, explanation: error.message }, lines: ["unjudged"] };
  }
}

function hostJudged(source: string, judged: HostVerdict): Judged {
  const [head, ...rest] = toldVerdict(judged);
  const where = judged.log === undefined ? head : `${head} of ${judged.log}`;
  const evidence = [...hostRepairs(judged), ...hostEvidence(judged), ...unchecked(judged.notChecked)];
  return { verdict: { ...judged, source }, lines: [where, ...rest, ...evidence] };
}

/** What traces and captures say alike. */
interface Said extends Pick<Verdict, "verdict" | "property" | "line" | "explanation"> {
  readonly rejection?: Rejection;
}

function toldVerdict({ verdict, property, line, explanation, rejection }: Said): string[] {
  if (verdict === "holds") return ["holds"];
  const head = `violates ${property ?? ""} in line ${line ?? "?"}`;
  if (rejection !== undefined) return [head, ...tellRejection(rejection)];
  const rule = PROPERTIES.find((one) => one.id === property);
  return [head, `  the rule    ${rule?.sentence ?? ""} (${rule?.source ?? ""})`, `  what broke  ${explanation ?? ""}`];
}

function unchecked(things: readonly string[]): string[] {
  return things.length === 0 ? [] : ["  not checked:", ...things.map((thing) => `    ${thing}`)];
}

function inOneLine({ verdict, property, line, explanation }: Verdict): string {
  if (verdict === "holds") return verdict;
  const where = line === undefined ? undefined : `line ${line}`;
  return [verdict, property, where, explanation].filter((part) => part !== undefined).join(", ");
}

function isDirectory(source: string): boolean {
  return source !== "-" && (statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
