/**
 * Which request each discard of the host belongs to, and whether it may be there: see qemu-logs.ts for the two constants,
 * of address and of time, that this finds.
 */
import type { PageRange } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import type { HostBatch, HostDiscard } from "./qemu-logs.ts";
import type { TimedReport, Timing } from "../capture/timing.ts";
import { CAPACITY, DELAY, PAGE_SIZE, TICK, pagesText } from "../capture/machine.ts";
import { Runs } from "./runs.ts";

/** A discard in the guest's terms. */
export interface GuestDiscard extends PageRange {
  readonly from: HostDiscard;
}

/** What the host did for one request, or wrongly did after it. */
export interface Served {
  /** In the order of time, inside the window. */
  readonly inside: GuestDiscard[];
  /** Discards after this request (or, for the first request, before it) that fit in no window. */
  readonly outside: GuestDiscard[];
}

/** A violation by the host, and the discard that makes it. */
export interface HostViolation extends Violation {
  readonly discard: HostDiscard;
}

export interface Join {
  /** The address of the guest's page 0 in the logs. */
  readonly base: number;
  /** By the rank of the request. */
  readonly served: readonly Served[];
  /** Host time minus guest time, in microseconds: all values that fit. */
  readonly offset: Interval;
  /** Discards after the last recorded pass: the guest lives on when tracing has stopped. */
  readonly later: number;
  /** The host drops each range once, whole, in the request's order, as QEMU does. Other VMMs split and merge. */
  readonly oneByOne: boolean;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Clocks are printed in whole microseconds. */
const ROUNDING = 1;
/** How far apart in rank a range and its discard may stand while the constants are being found: a host may shuffle a request. */
const SLIP = CAPACITY;
/** So many ranges vote, and so many addresses are then tried on all discards. */
const VOTERS = 2048;
const CANDIDATES = 16;

/**
 * @param pages one past the guest's last page: what the process drops elsewhere is not the guest's memory
 * @param arePhysical addresses are the guest's own (`discards.jsonl`), not those of QEMU's mapping
 * @returns undefined where the discards can't be brought together with the requests: they are of another run, or have clocks
 *   that run apart
 */
export function joinDiscards(
  timing: Timing,
  discards: readonly HostDiscard[],
  batches: readonly HostBatch[],
  pages: number,
  arePhysical: boolean,
): Join | undefined {
  const base = arePhysical ? 0 : baseOf(timing.reports, discards);
  if (base === undefined) return undefined;
  const dropped = discards
    .map((from) => toGuest(from, base))
    .filter((discard) => discard.start >= 0 && discard.start < pages);
  const offset = offsetOf(timing.reports, dropped, batches);
  if (offset === undefined) return undefined;
  const began = (timing.reports.at(0)?.submitted ?? 0) + offset.low - DELAY;
  const end = (timing.passes.at(-1)?.ended ?? Number.POSITIVE_INFINITY) + offset.high + DELAY;
  const isElsewhere = ({ from }: GuestDiscard): boolean => from.started < began || from.started > end;
  if (dropped.length > 0 && dropped.every(isElsewhere)) return undefined;
  const served = timing.reports.map((): Served => ({ inside: [], outside: [] }));
  let later = 0;
  for (const discard of dropped) {
    const { started, ended } = discard.from;
    const inside = timing.reports.findIndex(
      ({ submitted, acked }) => started >= submitted + offset.low - ROUNDING && ended <= acked + offset.high + ROUNDING,
    );
    if (inside !== -1) served[inside].inside.push(discard);
    else if (started > end - TICK) later += 1;
    else served[blamed(discard, timing.reports, offset)].outside.push(discard);
  }
  return { base, served, offset, later, oneByOne: !arePhysical };
}

/** The rank of the last request before this discard, of those that name its pages if any does; the first, if none was before. */
function blamed(discard: GuestDiscard, reports: readonly TimedReport[], offset: Interval): number {
  const before = ({ submitted }: TimedReport): boolean => discard.from.started >= submitted + offset.low - ROUNDING;
  const names = ({ ranges }: TimedReport): boolean => new Runs(ranges).firstInside(discard) !== undefined;
  const named = reports.findLastIndex((report) => before(report) && names(report));
  return named === -1 ? Math.max(reports.findLastIndex(before), 0) : named;
}

/** How many discards came after the acks of their requests. */
export function lateDiscards({ served, offset }: Join, { reports }: Timing): number {
  const late = served.map(({ outside }, rank) => outside.filter(({ from }) => isLate(from, reports[rank], offset)));
  return late.flat().length;
}

/** Judges what the host did for one request. @param number of the request, from 1 */
export function judgeServed(
  served: Served,
  report: TimedReport,
  number: number,
  { offset, oneByOne }: Join,
): HostViolation | undefined {
  let next = 0;
  const named = new Runs(report.ranges);
  for (const discard of served.inside) {
    if (!oneByOne) {
      if (named.firstOutside(discard) !== undefined) return misfit(discard, report, number);
      continue;
    }
    const found = report.ranges.findIndex((range, index) => index >= next && sameRange(range, discard));
    if (found === -1) return misfit(discard, report, number);
    next = found + 1;
  }
  // What it did not drop it may keep: an ack does not say that anything was dropped (`duyck-line.md` F.1).
  const [first] = served.outside;
  return first === undefined ? undefined : outside(first, report, number, offset);
}

/** True where it ended surely after the request's ack. */
export function isLate({ ended }: HostDiscard, { acked }: TimedReport, { high }: Interval): boolean {
  return ended > acked + high + ROUNDING;
}

function misfit(discard: GuestDiscard, report: TimedReport, number: number): HostViolation {
  const what = `the host drops ${pagesText(discard.start, discard.pages)} ${source(discard)} while it works on request ${number}`;
  const exact = report.ranges.some((range) => sameRange(range, discard));
  const range = report.ranges.find(({ start }) => start === discard.start);
  const why = exact
    ? "which it dropped already, or before a range that stands earlier in the request: it drops each range once, in the request's order"
    : range === undefined
      ? "which the request does not name"
      : `of which the request names ${pagesText(range.start, range.pages)}: ${
          discard.pages > range.pages
            ? `${pagesText(range.start + range.pages, discard.pages - range.pages)} may be in use`
            : "a range is dropped whole"
        }`;
  return violation(`${what}, ${why}`, discard);
}

function outside(discard: GuestDiscard, report: TimedReport, number: number, offset: Interval): HostViolation {
  const { started, ended } = discard.from;
  const early = report.submitted + offset.low - ROUNDING - started;
  const late = ended - (report.acked + offset.high + ROUNDING);
  const when =
    early > 0 ? `${early} us before request ${number} was submitted` : `${late} us after request ${number} was acked`;
  return violation(
    `the host drops ${pagesText(discard.start, discard.pages)} ${source(discard)}, at least ${when}: whoever has the pages by then loses what he wrote`,
    discard,
  );
}

function source({ from }: GuestDiscard): string {
  return `(${from.log} line ${from.line})`;
}

function violation(explanation: string, { start, pages, from }: GuestDiscard): HostViolation {
  return { property: "host-window", explanation, pages: { start, pages }, discard: from };
}

function sameRange(one: PageRange, other: PageRange): boolean {
  return one.start === other.start && one.pages === other.pages;
}

/** The pages that a discard touches, the parts of pages at its ends included. */
function toGuest(from: HostDiscard, base: number): GuestDiscard {
  const start = Math.floor((from.address - base) / PAGE_SIZE);
  const end = Math.ceil((from.address + from.bytes - base) / PAGE_SIZE);
  return { from, start, pages: end - start };
}

/** The host address of the guest's page 0: that with which most discards are ranges; blocks lie side by side, so several nearly fit. */
function baseOf(reports: readonly TimedReport[], discards: readonly HostDiscard[]): number | undefined {
  const ranges = reports.flatMap((report) => report.ranges);
  const votes = new Map<number, number>();
  for (const [rank, range] of ranges.slice(0, VOTERS).entries()) {
    for (const discard of discards.slice(Math.max(0, rank - SLIP), rank + SLIP + 1)) {
      const base = discard.address - range.start * PAGE_SIZE;
      votes.set(base, (votes.get(base) ?? 0) + 1);
    }
  }
  const candidates = [...votes].toSorted((one, other) => other[1] - one[1]).slice(0, CANDIDATES);
  const fits = candidates.map(([base, all]) => ({ base, all, exact: exactFits(ranges, discards, base) }));
  return fits.toSorted((one, other) => other.exact - one.exact || other.all - one.all).at(0)?.base;
}

/** How many discards are whole ranges, each range counting once. */
function exactFits(ranges: readonly PageRange[], discards: readonly HostDiscard[], base: number): number {
  const left = new Map<string, number>();
  for (const { start, pages } of ranges) {
    const key = `${base + start * PAGE_SIZE} ${pages * PAGE_SIZE}`;
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  let fits = 0;
  for (const { address, bytes } of discards) {
    const key = `${address} ${bytes}`;
    const count = left.get(key) ?? 0;
    if (count === 0) continue;
    left.set(key, count - 1);
    fits += 1;
  }
  return fits;
}

function offsetOf(
  reports: readonly TimedReport[],
  discards: readonly GuestDiscard[],
  batches: readonly HostBatch[],
): Interval | undefined {
  // A queue of pages to inflate has nothing to write to: its batches are no requests.
  const requests = batches.filter(({ entries }) => entries > 0);
  const isOther = requests.some(({ entries }, rank) => entries !== (reports[rank]?.ranges.length ?? entries));
  if (isOther) return undefined;
  return requests.length < reports.length || reports.length === 0
    ? mostShared(windowsOfDiscards(reports, discards))
    : shared(reports.map((report, rank) => bounds(report, requests[rank].popped, requests[rank].flushed)));
}

/** Where nobody wrote down requests: what each discard would mean for each request that has a range which begins there. */
function windowsOfDiscards(reports: readonly TimedReport[], discards: readonly GuestDiscard[]): Interval[] {
  const byStart = new Map<number, GuestDiscard[]>();
  for (const discard of discards) byStart.set(discard.start, [...(byStart.get(discard.start) ?? []), discard]);
  return reports.flatMap((report) =>
    report.ranges.flatMap((range) =>
      (byStart.get(range.start) ?? []).map(({ from }) => bounds(report, from.started, from.ended)),
    ),
  );
}

/** The offsets with which this work of the host lies between submit and ack. */
function bounds(report: TimedReport, started: number, ended: number): Interval {
  return { low: ended - report.acked - ROUNDING, high: started - report.submitted + ROUNDING };
}

/** The values that lie in all intervals: a request is taken after its submit and answered before its ack, always. */
function shared(intervals: readonly Interval[]): Interval | undefined {
  const low = Math.max(...intervals.map((one) => one.low));
  const high = Math.min(...intervals.map((one) => one.high));
  return low <= high ? { low, high } : undefined;
}

/** The values that lie in the most intervals. */
function mostShared(intervals: readonly Interval[]): Interval | undefined {
  const possible = intervals.filter(({ low, high }) => low <= high);
  const edges = possible.flatMap(({ low, high }) => [
    { at: low, by: 1 },
    { at: high, by: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at || b.by - a.by);
  let best: Interval | undefined;
  let most = 0;
  let depth = 0;
  for (const [index, { at, by }] of edges.entries()) {
    depth += by;
    if (depth <= most) continue;
    most = depth;
    best = { low: at, high: edges[index + 1].at };
  }
  return best;
}
