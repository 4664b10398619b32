/** `fpr judge FILE…`: recorded traces of the wire format, and captures of Linux guests. */
import { statSync } from "node:fs";
import { InputError } from "../model/alphabet/index.ts";
import { counted } from "../properties/numbers.ts";
import { isHostOnly, judgeHostLogs, type HostVerdict } from "../oracle/linux/host/host-only.ts";
import { judgeCapture } from "../oracle/linux/judge.ts";
import { tellRules } from "../oracle/put-to-the-test.ts";
import type { Strength } from "../oracle/strength.ts";
import { judgeTrace } from "../oracle/trace.ts";
import { PROPERTIES } from "../properties/judges/properties.ts";
import { tellRejection, type Rejection } from "../properties/rejection/index.ts";
import { captureEvidence, hostEvidence, hostRepairs, untriedByGuest, untriedByHost } from "./captured.ts";
import { worst, type Verdict } from "./output.ts";
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
    const { verdict, lines } = await judgedOrNot(source, form);
    verdicts.push(verdict);
    console.log(several ? `${source}: ${inOneLine(verdict)}` : lines.join("\n"));
  }
  return several ? { ...worst(verdicts), sources: verdicts } : verdicts[0];
}

/** A verdict, and what a person reads of it. */
interface Judged {
  readonly verdict: Verdict;
  readonly lines: readonly string[];
}

async function judgedOrNot(source: string, form: string | undefined): Promise<Judged> {
  try {
    const { verdict, lines } = await judgeOne(source, form);
    return { verdict: { ...verdict, source }, lines };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(`fpr: ${error.message}`);
    return { verdict: { verdict: "unjudged", source, explanation: error.message }, lines: ["unjudged"] };
  }
}

async function judgeOne(source: string, form: string | undefined): Promise<Judged> {
  if (!isDirectory(source)) return traceJudged(source, form);
  return (await isHostOnly(source)) ? hostJudged(await judgeHostLogs(source)) : captureJudged(source);
}

async function traceJudged(source: string, form: string | undefined): Promise<Judged> {
  const { moments, unseen, ...judged } = await judgeTrace(source);
  const shown = form === undefined ? undefined : shownOf(form, moments, unseen);
  const evidence = [`  ${counted(judged.events, "event")} judged`, ...toldStrength(judged.strength), ...told(shown)];
  return {
    verdict: { ...judged, ...shown },
    lines: [...toldVerdict(judged), ...evidence, ...unchecked(judged.notChecked)],
  };
}

/** How strong the verdict is; of what violates nothing. */
function toldStrength(strength: Strength | undefined): string[] {
  if (strength === undefined) return [];
  const { requests, reported, releasedAsReported, rules } = strength;
  const [tested, ...never] = tellRules(rules);
  return [
    `  reporting   ${counted(requests, "request")}, ${counted(reported, "block")} reported, ${counted(releasedAsReported, "release")} as reported`,
    `  rules       ${tested}`,
    ...never.map((line) => `              ${line}`),
  ];
}

/**
 * @param directory of a guest's capture
 * @param signal ends the judging: AbortError
 * @throws InputError where it can't be judged
 */
export async function captureJudged(directory: string, signal?: AbortSignal): Promise<Judged> {
  const { moments, explain, ...found } = await judgeCapture(directory, signal);
  const untried = found.verdict === "holds" ? untriedByGuest(found.counts) : undefined;
  const judged = {
    ...found,
    ...(explain === undefined ? {} : { rejection: await explain() }),
    ...(untried === undefined ? {} : { untried }),
  };
  const shown = shownOf(LINUX, moments, UNSEEN_BY_FTRACE);
  const evidence = [...captureEvidence(judged), ...told(shown)];
  return {
    verdict: { ...judged, ...shown },
    lines: [...toldVerdict(judged), ...evidence, ...unchecked(judged.notChecked)],
  };
}

function hostJudged(found: HostVerdict): Judged {
  const untried = found.verdict === "holds" ? untriedByHost(found.counts) : undefined;
  const judged = untried === undefined ? found : { ...found, untried };
  const [head, ...rest] = toldVerdict(judged);
  const where = judged.log === undefined ? head : `${head} of ${judged.log}`;
  const evidence = [...hostRepairs(judged), ...hostEvidence(judged), ...unchecked(judged.notChecked)];
  return { verdict: { ...judged }, lines: [where, ...rest, ...evidence] };
}

/** What traces and captures say alike. */
interface Said extends Pick<Verdict, "verdict" | "property" | "line" | "explanation"> {
  readonly rejection?: Rejection;
  /** What was not put to the test, where all holds. */
  readonly untried?: string;
}

function toldVerdict({ verdict, property, line, explanation, rejection, untried }: Said): string[] {
  if (verdict === "holds") return [untried === undefined ? "holds" : `holds; but ${untried}`];
  const head = `violates ${property ?? ""} in line ${line ?? "?"}`;
  if (rejection !== undefined) return [head, ...tellRejection(rejection)];
  const rule = PROPERTIES.find((one) => one.id === property);
  return [head, `  the rule    ${rule?.sentence ?? ""} (${rule?.source ?? ""})`, `  what broke  ${explanation ?? ""}`];
}

function unchecked(things: readonly string[]): string[] {
  return things.length === 0 ? [] : ["  not checked:", ...things.map((thing) => `    ${thing}`)];
}

function inOneLine({ verdict, property, line, explanation, untried }: Verdict): string {
  if (verdict === "holds") return typeof untried === "string" ? `holds; but ${untried}` : verdict;
  const where = line === undefined ? undefined : `line ${line}`;
  return [verdict, property, where, explanation].filter((part) => part !== undefined).join(", ");
}

function isDirectory(source: string): boolean {
  return source !== "-" && (statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
