/**
 * When the reporter's passes and requests were, by the guest's monotonic clock: what a second trace instance saw, whose
 * text stands at the end of meta.txt. Its events and the main trace's are the same, in the same order: they are joined by
 * rank. Source: `linux-guest.md` 3, Clock.
 */
import type { PageRange } from "../../../model/alphabet/index.ts";
import { InputError } from "../../../model/alphabet/index.ts";
import { reportOf } from "./events.ts";
import type { TraceLine } from "./ftrace.ts";
import { lostIn, parseLine } from "./ftrace.ts";
import type { Section } from "./sections.ts";

/** One call of the driver's report function, in microseconds of the guest's monotonic clock. */
export interface TimedReport {
  readonly submitted: number;
  /** Infinity where the recording ended before. */
  readonly acked: number;
  readonly ranges: readonly PageRange[];
  /** The line that says so. */
  readonly line: number;
}

/** One pass of the worker, in microseconds of the guest's monotonic clock. */
export interface TimedPass {
  readonly started: number;
  /** Infinity where the recording ended before. */
  readonly ended: number;
}

/** What the second trace instance saw, in order. */
export interface Timing {
  readonly reports: readonly TimedReport[];
  readonly passes: readonly TimedPass[];
  /** When the OOM killer was called. */
  readonly oomKills: readonly number[];
}

/** @returns undefined where there was no such instance, or where it lost events. @throws InputError */
export function timingOf(section: Section | undefined): Timing | undefined {
  if (section === undefined) return undefined;
  const reports: TimedReport[] = [];
  const passes: TimedPass[] = [];
  const oomKills: number[] = [];
  for (const [index, text] of section.lines.entries()) {
    const counts = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(text);
    if (counts !== null && counts[1] !== counts[2]) return undefined;
    if (text.startsWith("#") || text.trim() === "") continue;
    const event = parseLine(text, section.line + 1 + index);
    // What was streamed has no header: there the loss is a line of its own.
    if (event === undefined && lostIn(text) !== undefined) return undefined;
    if (event === undefined)
      throw new InputError(
        { line: section.line + 1 + index },
        `found "${text.slice(0, 40)}", expected an event of ftrace's text`,
      );
    if (event.name === "oom") oomKills.push(microseconds(event.stamp));
    else time(event, reports, passes);
  }
  return { reports, passes, oomKills };
}

function time(event: TraceLine, reports: TimedReport[], passes: TimedPass[]): void {
  const now = microseconds(event.stamp);
  const report = reports.at(-1);
  const pass = passes.at(-1);
  switch (event.name) {
    case "report":
      reports.push({
        submitted: now,
        acked: Number.POSITIVE_INFINITY,
        ranges: reportOf(event).ranges,
        line: event.line,
      });
      break;
    case "report_ret":
      if (report !== undefined) reports[reports.length - 1] = { ...report, acked: now };
      break;
    case "process":
      passes.push({ started: now, ended: Number.POSITIVE_INFINITY });
      break;
    case "process_ret":
      if (pass !== undefined) passes[passes.length - 1] = { ...pass, ended: now };
      break;
    default:
  }
}

/** Seconds with a fraction, as text, in whole microseconds: as a double, seconds since 1970 would lose them. */
export function microseconds(seconds: string): number {
  const [whole, fraction = ""] = seconds.split(".");
  return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}
