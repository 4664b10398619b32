/** `fpr judge FILE…`: recorded traces of the wire format, and captures of Linux guests. */
import { statSync } from "node:fs";
import { InputError } from "../model/alphabet/index.ts";
import { judgeCapture } from "../oracle/linux/judge.ts";
import type { CaptureCounts, Share } from "../oracle/linux/verdict.ts";
import { judgeTrace } from "../oracle/trace.ts";
import { PROPERTIES } from "../properties/judges/properties.ts";
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
    if (isDirectory(source)) {
      const { moments, ...judged } = await judgeCapture(source);
      const shown = shownOf(LINUX, moments, UNSEEN_BY_FTRACE);
      const evidence = [...evidenceOf(judged.counts), ...told(shown)];
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

/** What traces and captures say alike. */
type Said = Pick<Verdict, "verdict" | "property" | "line" | "explanation">;

function toldVerdict({ verdict, property, line, explanation }: Said): string[] {
  if (verdict === "holds") return ["holds"];
  const rule = PROPERTIES.find((one) => one.id === property);
  return [
    `violates ${property ?? ""} in line ${line ?? "?"}`,
    `  the rule    ${rule?.sentence ?? ""} (${rule?.source ?? ""})`,
    `  what broke  ${explanation ?? ""}`,
  ];
}

/** How strong the verdict on a capture is: what was seen, and how much of it was predicted. */
function evidenceOf(counts: CaptureCounts): string[] {
  const share = ({ agree, of }: Share): string => `${count(agree)} of ${count(of)}`;
  return [
    `  ${count(counts.events)} events, ${counts.passes} passes, ${counts.reports} requests with ${counts.blocksReported} blocks (${count(counts.pagesReported)} pages)`,
    `  ${count(counts.allocationsInFlight)} allocations while a request was open, ${counts.refusedIsolations} isolations refused by the watermark`,
    `  exact replay of the buddy allocator: ${share(counts.predicted)} steps predicted right`,
    `  snapshots: ${share(counts.opening)} pages agree with the opening one, ${share(counts.closing)} with the closing one; buddyinfo: ${share(counts.buddyinfo)} figures`,
    `  ${counts.discards} discards, recorded by ${counts.discardsFrom}`,
  ];
}

function unchecked(things: readonly string[]): string[] {
  return things.length === 0 ? [] : ["  not checked:", ...things.map((thing) => `    ${thing}`)];
}

function inOneLine({ verdict, property, line, explanation }: Said): string {
  if (verdict === "holds") return verdict;
  const where = line === undefined ? undefined : `line ${line}`;
  return [verdict, property, where, explanation].filter((part) => part !== undefined).join(", ");
}

function isDirectory(source: string): boolean {
  return source !== "-" && (statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
