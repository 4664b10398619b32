/**
 * What a capture has of the host, beside the guest's trace: QEMU's logs (host.ts), or those that any VMM can write
 * (vmm-logs.ts). The latter are judged by themselves first, by the host's own clock.
 */
import { InputError } from "../../model/alphabet/index.ts";
import type { Join } from "./discards.ts";
import { joinDiscards } from "./discards.ts";
import type { HostBatch, HostDiscard } from "./host.ts";
import { readHostLog, readMadviseLog } from "./host.ts";
import { PAGE_SIZE } from "./machine.ts";
import type { Meta } from "./meta.ts";
import { endOf } from "./recording.ts";
import { Runs } from "./runs.ts";
import { findFile } from "./text.ts";
import type { Timing } from "./timing.ts";
import type { CaptureCounts } from "./verdict.ts";
import type { DiscardLog, ReportLog } from "./vmm-logs.ts";
import { pagesOfBytes, readDiscards, readReports } from "./vmm-logs.ts";
import type { Broken } from "./windows.ts";
import { WindowJudge } from "./windows.ts";

export interface HostSide {
  readonly join: Join | undefined;
  readonly hostAlone: Broken | undefined;
}

interface HostRecord {
  readonly discards: readonly HostDiscard[];
  readonly batches: readonly HostBatch[];
  readonly from: CaptureCounts["discardsFrom"];
  readonly hostAlone: Broken | undefined;
}

/** @throws InputError where a log can't be read, or is of another run than the trace */
export async function gatherHost(
  directory: string,
  meta: Meta,
  counts: CaptureCounts,
  notChecked: string[],
): Promise<HostSide> {
  const { discards, batches, from, hostAlone } =
    (await readVmmLogs(directory, meta.timing)) ?? (await readQemuLogs(directory));
  counts.discardsFrom = from;
  if (from === "nobody") {
    notChecked.push(
      "host-window: none of madvise.log, host.log and discards.jsonl, so that nobody recorded what the host dropped",
    );
    return { join: undefined, hostAlone };
  }
  if (from === "host.log") {
    notChecked.push("host-window: without madvise.log, what the host dropped is what QEMU's own trace says");
  }
  const arePhysical = from === "discards.jsonl";
  const join =
    meta.timing === undefined ? undefined : joinDiscards(meta.timing, discards, batches, endOf(meta), arePhysical);
  if (join === undefined)
    notChecked.push("host-window: the host's discards could not be joined with requests and their times");
  counts.discardsLater = join?.later ?? 0;
  return { join, hostAlone };
}

async function readQemuLogs(directory: string): Promise<HostRecord> {
  const madvisePath = await findFile(directory, "madvise.log");
  const hostPath = await findFile(directory, "host.log");
  const host = hostPath === undefined ? { discards: [], batches: [] } : await readHostLog(hostPath);
  if (madvisePath !== undefined) {
    const discards = await readMadviseLog(madvisePath);
    return { discards, batches: host.batches, from: "madvise.log", hostAlone: undefined };
  }
  return { ...host, from: hostPath === undefined ? "nobody" : "host.log", hostAlone: undefined };
}

/** @returns undefined where the capture has none of the two logs */
async function readVmmLogs(directory: string, timing: Timing | undefined): Promise<HostRecord | undefined> {
  const reportsPath = await findFile(directory, "reports.jsonl");
  const discardsPath = await findFile(directory, "discards.jsonl");
  if (reportsPath === undefined && discardsPath === undefined) return undefined;
  const log = reportsPath === undefined ? undefined : await readReports(reportsPath);
  const drops = discardsPath === undefined ? undefined : await readDiscards(discardsPath);
  if (log !== undefined) rejectOtherRun(log, timing);
  return {
    discards: drops === undefined ? [] : toDiscards(drops),
    batches: log === undefined ? [] : toBatches(log),
    from: drops === undefined ? "nobody" : "discards.jsonl",
    hostAlone:
      log === undefined ? undefined : new WindowJudge(log, drops ?? { file: "discards.jsonl", discards: [] }).judge(),
  };
}

/** Host and guest count the same requests, from the first one on. */
function rejectOtherRun({ file, pageSize, reports }: ReportLog, timing: Timing | undefined): void {
  if (pageSize !== PAGE_SIZE) {
    throw new InputError(
      { file, line: 1, key: "pageSize" },
      `found ${pageSize}, expected ${PAGE_SIZE} beside a trace of x86-64`,
    );
  }
  for (const [rank, { ranges }] of (timing?.reports ?? []).entries()) {
    const seen = reports[rank];
    if (seen === undefined) return;
    const named = new Runs(seen.ranges.map((range) => pagesOfBytes(range, pageSize)));
    const given = new Runs(ranges);
    if (named.length === given.length && named.all().every((run) => given.firstOutside(run) === undefined)) continue;
    throw new InputError(
      { file, line: seen.line },
      `found ${named.length} pages in request ${rank + 1}, and in the guest's trace that request names ${given.length === named.length ? "others" : given.length}: the two are not of one run`,
    );
  }
}

function toDiscards({ file, discards }: DiscardLog): HostDiscard[] {
  return discards
    .filter(({ result }) => result === 0)
    .map(({ line, started, ended, gpa, bytes }) => ({
      file,
      line,
      started: started / 1000,
      ended: ended / 1000,
      address: gpa,
      bytes,
    }));
}

function toBatches({ reports }: ReportLog): HostBatch[] {
  const open = reports.findIndex(({ answered }) => answered === Number.POSITIVE_INFINITY);
  return reports.slice(0, open === -1 ? reports.length : open).map(({ received, answered, ranges }) => ({
    popped: received / 1000,
    flushed: answered / 1000,
    entries: ranges.length,
  }));
}
