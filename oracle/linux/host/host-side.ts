/**
 * What a capture has of the host, beside the guest's trace: QEMU's logs (qemu-logs.ts), or those that any VMM can write
 * (vmm-logs.ts). The latter are judged by themselves first, by the host's own clock.
 */
import { InputError } from "../../../model/alphabet/index.ts";
import type { Join } from "./discards.ts";
import { joinDiscards } from "./discards.ts";
import type { HostBatch, HostDiscard } from "./qemu-logs.ts";
import { HOST_LOG, MADVISE_LOG, readHostLog, readMadviseLog } from "./qemu-logs.ts";
import { PAGE_SIZE } from "../capture/machine.ts";
import { endOf, type Meta } from "../capture/meta.ts";
import { Runs } from "./runs.ts";
import { findFile } from "../capture/text.ts";
import type { Timing } from "../capture/timing.ts";
import type { CaptureCounts } from "../verdict.ts";
import type { DiscardLog, ReportLog } from "./vmm-logs.ts";
import { DISCARDS_LOG, REPORTS_LOG, pagesOfBytes, readDiscards, readReports } from "./vmm-logs.ts";
import type { Broken } from "./windows.ts";
import { WindowJudge } from "./windows.ts";

/** In pages. */
const FOUR_GIB = 2 ** 32 / PAGE_SIZE;

export interface HostSide {
  readonly host: HostRecord;
  readonly join: Join | undefined;
  /** What the host's own logs show to be wrong, whatever the guest did. */
  readonly hostAlone: Broken | undefined;
}

/** What was recorded of the host, before it is brought together with the guest. */
export interface HostRecord {
  readonly discards: readonly HostDiscard[];
  readonly batches: readonly HostBatch[];
  readonly from: CaptureCounts["discardsFrom"];
  /** The two logs of any VMM, where it has the first. */
  readonly logs?: { readonly reports: ReportLog; readonly discards: DiscardLog };
}

/** @throws InputError where a log can't be read, or is of another run than the trace */
export async function readHost(directory: string, { timing }: Meta): Promise<HostRecord> {
  return (await readVmmLogs(directory, timing)) ?? (await readQemuLogs(directory));
}

/** Brings host and guest together. */
export function hostSide(host: HostRecord, meta: Meta): HostSide {
  const { discards, batches, from, logs } = host;
  const hostAlone = logs === undefined ? undefined : new WindowJudge(logs.reports, logs.discards).judge();
  const join =
    meta.timing === undefined || from === "nobody" || isSplit(from, meta)
      ? undefined
      : joinDiscards(meta.timing, discards, batches, endOf(meta), from === DISCARDS_LOG);
  return { host, join, hostAlone };
}

/** What of the host is not judged, and why. */
export function hostUnchecked({ host: { from, logs }, join }: HostSide, meta: Meta): string[] {
  if (from === "nobody" && logs !== undefined) {
    return [
      "host-window: beside reports.jsonl only discards.jsonl tells what the host dropped, and there is none; madvise.log and host.log are not read then",
    ];
  }
  if (from === "nobody") {
    return [
      "host-window: none of madvise.log, host.log and discards.jsonl, so that nobody recorded what the host dropped",
    ];
  }
  const believed = "host-window: without madvise.log, what the host dropped is what QEMU's own trace says";
  return [...(from === HOST_LOG ? [believed] : []), ...(join === undefined ? [whyNotJoined(from, meta)] : [])];
}

/** QEMU keeps what lies behind 4 GiB right behind the rest, without the gap that the guest has there. */
function isSplit(from: CaptureCounts["discardsFrom"], meta: Meta): boolean {
  return from !== DISCARDS_LOG && endOf(meta) > FOUR_GIB;
}

function whyNotJoined(from: CaptureCounts["discardsFrom"], meta: Meta): string {
  const { timing } = meta;
  if (timing === undefined)
    return "host-window: no request has a time, which the host's discards could be held against";
  if (timing.reports.length === 0)
    return "host-window: the guest requested nothing, which the host's discards could be held against";
  if (isSplit(from, meta))
    return "host-window: the guest has memory behind 4 GiB, which QEMU keeps at another distance from the guest's addresses: record with 3 GiB at most, or write discards.jsonl";
  return "host-window: the host's discards could not be brought together with the requests and their times: of another run?";
}

async function readQemuLogs(directory: string): Promise<HostRecord> {
  const madvisePath = await findFile(directory, MADVISE_LOG);
  const hostPath = await findFile(directory, HOST_LOG);
  const host = hostPath === undefined ? { discards: [], batches: [] } : await readHostLog(hostPath);
  if (madvisePath !== undefined) {
    const discards = await readMadviseLog(madvisePath);
    return { discards, batches: host.batches, from: MADVISE_LOG };
  }
  return { ...host, from: hostPath === undefined ? "nobody" : HOST_LOG };
}

/** @returns undefined where the capture has none of the two logs */
async function readVmmLogs(directory: string, timing: Timing | undefined): Promise<HostRecord | undefined> {
  const reportsPath = await findFile(directory, REPORTS_LOG);
  const discardsPath = await findFile(directory, DISCARDS_LOG);
  if (reportsPath === undefined && discardsPath === undefined) return undefined;
  const log = reportsPath === undefined ? undefined : await readReports(reportsPath);
  const drops = discardsPath === undefined ? undefined : await readDiscards(discardsPath);
  if (log !== undefined) rejectOtherRun(log, timing);
  return {
    discards: drops === undefined ? [] : toDiscards(drops),
    batches: log === undefined ? [] : toBatches(log),
    from: drops === undefined ? "nobody" : DISCARDS_LOG,
    ...(log === undefined ? {} : { logs: { reports: log, discards: drops ?? { discards: [] } } }),
  };
}

/** Host and guest count the same requests, from the first one on. */
function rejectOtherRun({ pageSize, reports }: ReportLog, timing: Timing | undefined): void {
  const file = REPORTS_LOG;
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

function toDiscards({ discards }: DiscardLog): HostDiscard[] {
  return discards
    .filter(({ result }) => result === 0)
    .map(({ line, started, ended, gpa, bytes }) => ({
      log: DISCARDS_LOG,
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
