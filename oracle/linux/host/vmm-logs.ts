/**
 * What any VMM can write down of its side, as JSON Lines: `reports.jsonl` and `discards.jsonl`. `docs/captures.md` tells how.
 *
 *     {"format":"free-page-reports","version":1,"pageSize":4096,"memory":[{"gpa":0,"bytes":268435456}]}
 *     {"received":1000,"answered":9000,"ok":true,"ranges":[{"gpa":243269632,"bytes":4194304}]}
 *
 *     {"format":"free-page-discards","version":1}
 *     {"started":2000,"ended":3000,"gpa":243269632,"bytes":4194304,"result":0}
 *
 * Times are nanoseconds of one clock of the host. Over 2^53 (nanoseconds since 1970) they are read to within 256 ns: so no two
 * change their order, but some become equal, and equal times are never held against anyone.
 * Lines are read as `wire.md`, "Reading", says.
 */
import * as z from "zod";
import type { PageRange } from "../../../model/alphabet/index.ts";
import { InputError, type Place } from "../../../model/alphabet/index.ts";
import { MOST, flag, read, text, whole } from "../../../model/alphabet/schema/reading.ts";
import { nameOf, parseJson, readLines } from "../../lines.ts";

/** Guest physical bytes. */
export interface Bytes {
  readonly gpa: number;
  readonly bytes: number;
}

/** One request as the host saw it; times in nanoseconds. */
export interface HostReport {
  readonly line: number;
  /** From 1, in the order in which they were received. */
  readonly number: number;
  readonly received: number;
  /** Infinity where the log ended before. */
  readonly answered: number;
  readonly ok: boolean;
  readonly ranges: readonly Bytes[];
}

/** One call that dropped guest memory, or tried to; times in nanoseconds. */
export interface LoggedDiscard extends Bytes {
  readonly line: number;
  readonly started: number;
  readonly ended: number;
  /** 0, or the error. */
  readonly result: number;
}

/** Their names in a capture. */
export const REPORTS_LOG = "reports.jsonl";
export const DISCARDS_LOG = "discards.jsonl";

export interface ReportLog {
  readonly pageSize: number;
  /** From then on every request is in it. */
  readonly began: number;
  /** The guest's memory, ascending and apart. */
  readonly memory: readonly Bytes[];
  /** By the time of their reception. */
  readonly reports: readonly HostReport[];
}

export interface DiscardLog {
  /** By the time of their beginning. */
  readonly discards: readonly LoggedDiscard[];
}

const bytesOf = z.object(
  { gpa: whole(0, MOST, "a guest physical address, in decimal,"), bytes: whole(1, MOST, "a number of bytes") },
  "an object with gpa and bytes",
);
/** The kernel's MAX_ERRNO. */
const MOST_ERROR = 4095;
const time = z.number("a number of nanoseconds").min(0, "a number of nanoseconds, 0 or more");
const version = z.literal(1, "1, the only version so far");

const reportHeader = z.object(
  {
    format: z.literal("free-page-reports", '"free-page-reports"'),
    version,
    source: text.exactOptional(),
    pageSize: whole(512, 2 ** 30, "a number of bytes"),
    began: time.exactOptional(),
    memory: z.array(bytesOf, "a list of the guest's memory").min(1, "at least one piece of memory"),
  },
  'the first line of a log of reports: an object with "format":"free-page-reports"',
);

const report = z.object({
  received: time,
  // Who writes down a request when it comes has no answer yet: many languages say so with null.
  answered: time.nullable().exactOptional(),
  ok: flag.default(true),
  ranges: z.array(bytesOf, "a list of ranges"),
});

const discardHeader = z.object(
  { format: z.literal("free-page-discards", '"free-page-discards"'), version, source: text.exactOptional() },
  'the first line of a log of discards: an object with "format":"free-page-discards"',
);

const discard = bytesOf.extend({
  started: time,
  ended: time,
  result: whole(-MOST_ERROR, MOST_ERROR, "0, or an error number"),
});

/** @throws InputError naming file, line and key of what does not fit */
export async function readReports(path: string): Promise<ReportLog> {
  let header: z.infer<typeof reportHeader> | undefined;
  const reports: Omit<HostReport, "number">[] = [];
  await forEachObject(path, "free-page-reports", (value, place) => {
    if (header === undefined) {
      header = read(reportHeader, value, place);
      return;
    }
    const { received, ok, ranges, ...times } = read(report, value, place);
    const answered = times.answered ?? Number.POSITIVE_INFINITY;
    rejectBackwards({ received, answered }, place);
    reports.push({ line: place.line, received, answered, ok, ranges });
  });
  if (header === undefined) throw new TypeError("forEachObject throws where there is no line");
  const memory = header.memory.toSorted((one, other) => one.gpa - other.gpa);
  rejectMemory(memory, header.pageSize, { file: nameOf(path), line: 1, key: "memory" });
  const inOrder = reports.sort((one, other) => one.received - other.received);
  return {
    pageSize: header.pageSize,
    began: header.began ?? 0,
    memory,
    reports: inOrder.map((one, index) => ({ ...one, number: index + 1 })),
  };
}

/** @throws InputError naming file, line and key of what does not fit */
export async function readDiscards(path: string): Promise<DiscardLog> {
  let hasHeader = false;
  const discards: LoggedDiscard[] = [];
  await forEachObject(path, "free-page-discards", (value, place) => {
    if (!hasHeader) read(discardHeader, value, place);
    else {
      const one = read(discard, value, place);
      rejectBackwards({ started: one.started, ended: one.ended }, place);
      discards.push({ line: place.line, ...one });
    }
    hasHeader = true;
  });
  return { discards: discards.sort((one, other) => one.started - other.started) };
}

/** The pages that some bytes touch, the parts of pages at their ends included. */
export function pagesOfBytes({ gpa, bytes }: Bytes, pageSize: number): PageRange {
  const start = Math.floor(gpa / pageSize);
  return { start, pages: Math.ceil((gpa + bytes) / pageSize) - start };
}

type LinePlace = Place & { readonly line: number };

async function forEachObject(
  path: string,
  format: string,
  visit: (value: unknown, place: LinePlace) => void,
): Promise<void> {
  const file = nameOf(path);
  let seen = 0;
  for await (const { first, texts } of readLines(path)) {
    for (const [index, line] of texts.entries()) {
      if (line.trim() === "") continue;
      const place = { file, line: first + index };
      visit(parseJson(line, place), place);
      seen += 1;
    }
  }
  if (seen === 0)
    throw new InputError({ file, line: 1 }, `found nothing, expected a first line with "format":"${format}"`);
}

/** Two times of one line, the earlier one first. */
function rejectBackwards(times: Readonly<Record<string, number>>, place: LinePlace): void {
  const [[from, begin], [to, end]] = Object.entries(times);
  if (end >= begin) return;
  throw new InputError({ ...place, key: to }, `found ${end}, expected at least ${from} ${begin}: time runs forwards`);
}

function rejectMemory(memory: readonly Bytes[], pageSize: number, place: Place): void {
  for (const [index, { gpa, bytes }] of memory.entries()) {
    if (gpa % pageSize !== 0 || bytes % pageSize !== 0)
      throw new InputError(place, `found ${bytes} bytes from ${gpa}, expected whole pages of ${pageSize} bytes`);
    const before = memory[index - 1];
    if (before !== undefined && before.gpa + before.bytes > gpa)
      throw new InputError(place, `found ${gpa} in two pieces of memory, expected them apart`);
  }
}
