/** Judges a recorded run of a Linux guest: a directory of files as `linux-guest.md` tells how to make. */
import { InputError } from "../../model/alphabet/index.ts";
import type { Broke } from "./repairs/explain.ts";
import { explainCapture } from "./repairs/explain.ts";
import type { Rejection } from "../../properties/rejection/index.ts";
import { TraceFile, type Seen, type TraceLine } from "./capture/ftrace.ts";
import { lateDiscards } from "./host/discards.ts";
import { hostSide, hostUnchecked, readHost } from "./host/host-side.ts";
import { ACCOUNTS, endOf, readMeta, type Meta } from "./capture/meta.ts";
import type { Background } from "./guest/recording.ts";
import { Recording } from "./guest/recording.ts";
import type { Snapshot } from "./capture/snapshot.ts";
import { readSnapshot } from "./capture/snapshot.ts";
import type { OomKill } from "./guest/out-of-memory.ts";
import { victimText } from "./guest/out-of-memory.ts";
import { findCaptures, findVictim, findVmemmap, killedNames } from "./guest/survey.ts";
import { findFile, requireFile } from "./capture/text.ts";
import type { CaptureCounts, CaptureVerdict } from "./verdict.ts";
import { noCounts } from "./verdict.ts";

/** What no capture can show. */
const NEVER_CHECKED = [
  "completeness: Linux does not claim it (a zone near its low watermark is not reported)",
  "lost-write: contents of pages are not in the trace",
] as const;

const OOM_UNSEEN = "fake-oom: the recorder had no probe on oom_kill_process, so that nobody knows who found no memory";
const OOM_SEEN = "fake-oom of callers who failed without the OOM killer: whether they may wait is not in the trace";

/**
 * Judges the capture in a directory, in memory that does not grow with the trace.
 *
 * @param signal ends the judging, and the explaining after it, by throwing its reason
 * @returns what holds or the first violation, with the line of trace.txt, and what could not be checked
 * @throws InputError where it can't be judged: a file is missing, broken or cut off, or the recorder lost events
 */
export async function judgeCapture(directory: string, signal?: AbortSignal): Promise<CaptureVerdict> {
  const trace = new TraceFile(
    await requireFile(directory, "trace.txt", "; a VMM's own logs are reports.jsonl and discards.jsonl"),
    signal,
  );
  const meta = await readMeta(await requireFile(directory, "meta.txt"));
  const counts = noCounts();
  const notChecked: string[] = [meta.seesOomKills ? OOM_SEEN : OOM_UNSEEN, ...NEVER_CHECKED, ...untold(meta)];
  const background = await gather(directory, trace, meta, counts, notChecked);
  const recording = new Recording(background, counts);
  let found: Broke | undefined;
  let previous: TraceLine | undefined;
  const seen = await trace.forEachEvent((event) => {
    const violation = recording.observe(event);
    if (violation === undefined) {
      previous = event;
      return false;
    }
    const { step, telling } = recording;
    const { told, last } = telling;
    const { vmemmap } = background;
    const { maxOrder } = meta.geometry;
    const refused = { line: event, previous, step, violation, recording, vmemmap, maxOrder };
    found = { violation, line: event.line, told, last, refused };
    return true;
  });
  if (found === undefined) {
    rejectCutOff(trace.path, seen);
    if (seen.header === undefined) notChecked.push("trace.txt has no header: whether its end is missing is unknown");
    if (recording.isInPass) notChecked.push("stranded: the trace ends during a pass of the reporter");
    const violation = trace.inIt(() => recording.end());
    const { told, last } = recording.telling;
    if (violation !== undefined) found = { violation, line: seen.lastLine, told, last };
  }
  const oomKills = await named(recording.oomKills, trace, await findFile(directory, "console.log"));
  const said = { counts, oomKills, notChecked, moments: recording.watch.met() };
  if (found === undefined) return { verdict: "holds", ...said };
  const { violation, line } = found;
  const victim = oomKills.find((kill) => kill.line === line && kill.genuine === undefined)?.victim;
  const explanation =
    victim === undefined ? violation.explanation : `${violation.explanation}. The victim is ${victimText(victim)}`;
  const broke = { ...found, violation: { ...violation, explanation } };
  const explain = (): Promise<Rejection> => explainCapture(trace, background, broke);
  return { verdict: "violates", line, ...broke.violation, ...said, explain };
}

/** What the recorder did not write down of itself and of time. */
function untold({ timing, accounts }: Meta): string[] {
  const missing = ACCOUNTS.filter((name) => !accounts.includes(name));
  return [
    ...(timing === undefined
      ? ["quiet: nothing here has a time, so that nobody knows how long passes were apart"]
      : []),
    ...(missing.length === 0 ? [] : [`whether the recorder lost events: meta.txt has no ${missing.join(" and no ")}`]),
  ];
}

/** The kills with their victims, of whom the trace may have only the pid, or nothing where it was read no further. */
async function named(kills: readonly OomKill[], trace: TraceFile, console: string | undefined): Promise<OomKill[]> {
  if (kills.length === 0) return [];
  const names = console === undefined ? new Map<number, string>() : await killedNames(console);
  return Promise.all(
    kills.map(async (kill) => {
      const victim = kill.victim ?? (await findVictim(trace, kill.line));
      const name = victim === undefined ? undefined : (victim.name ?? names.get(victim.pid));
      return victim === undefined ? kill : { ...kill, victim: name === undefined ? victim : { ...victim, name } };
    }),
  );
}

async function gather(
  directory: string,
  trace: TraceFile,
  meta: Meta,
  counts: CaptureCounts,
  notChecked: string[],
): Promise<Background> {
  const opening = await snapshot(directory, "kpageflags.bin", meta);
  const closing = await snapshot(directory, "kpageflags2.bin", meta);
  if (opening === undefined) {
    notChecked.push(
      "no kpageflags.bin: pages have no known owner before their first event, and the buddy replay did not run",
    );
  }
  if (closing === undefined) notChecked.push("no kpageflags2.bin: the pages at the end were not compared");
  const vmemmap = await findVmemmap(trace);
  const pages = endOf(meta);
  const captures = await findCaptures(trace, vmemmap, pages, opening, meta.compactions ?? Number.POSITIVE_INFINITY);
  const side = hostSide(await readHost(directory, meta), meta);
  counts.discardsFrom = side.host.from;
  counts.discardsLater = side.join?.later ?? 0;
  if (side.join !== undefined && meta.timing !== undefined) counts.discardsLate = lateDiscards(side.join, meta.timing);
  notChecked.push(...hostUnchecked(side, meta));
  return { meta, vmemmap, captures, opening, closing, ...side };
}

async function snapshot(directory: string, name: string, meta: Meta): Promise<Snapshot | undefined> {
  const path = await findFile(directory, name);
  const end = Math.max(...meta.zones.map(({ start, spanned }) => start + spanned));
  return path === undefined ? undefined : readSnapshot(path, end);
}

function rejectCutOff(file: string, { header, events, lastLine }: Seen): void {
  if (header === undefined || header.kept === events) {
    if (events > 0) return;
    throw new InputError({ file }, "found no event at all, expected ftrace's text");
  }
  const problem =
    events < header.kept
      ? `${header.kept - events} are missing: it was cut off`
      : `${events - header.kept} are too many`;
  throw new InputError(
    { file, line: lastLine },
    `the header announces ${header.kept} events, and there are ${events}: ${problem}`,
  );
}
