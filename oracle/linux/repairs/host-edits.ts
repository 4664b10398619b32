/** Changes to what the host did that might have been right: discards at their time, of their pages only, or not at all. */
import { PAGE_SIZE } from "../capture/machine.ts";
import type { TimedReport } from "../capture/timing.ts";
import type { Background } from "../guest/recording.ts";
import { type HostViolation, type Join, type Served, isLate } from "../host/discards.ts";
import { hostSide } from "../host/host-side.ts";
import type { HostDiscard } from "../host/qemu-logs.ts";
import type { Edit } from "./trace-edits.ts";

/** A request, and what the host did for it. */
interface Request {
  /** From 1. */
  readonly number: number;
  readonly report: TimedReport;
  readonly served: Served;
  readonly join: Join;
}

/** Discards as they might have been, and what stands behind "legal if". */
interface Changed {
  readonly text: string;
  readonly discards: readonly HostDiscard[];
}

/** @param number of the request in whose line it was told, from 1 */
export function hostEdits(background: Background, { discard }: HostViolation, number: number): Edit[] {
  const { host, join, meta } = background;
  const reports = meta.timing?.reports ?? [];
  if (join === undefined || reports[number - 1] === undefined) return [];
  const requests = reports.map((report, rank) => ({ number: rank + 1, report, served: join.served[rank], join }));
  const own = requests[number - 1];
  const all = host.discards;
  const changed = [
    ...(isInside(discard, own) ? inPlace(all, discard, own) : inTime(all, discard, own)),
    ...allInTime(all, requests),
    ...neighbours(requests, discard, number).flatMap((other) => forAnother(all, discard, other)),
    ...clipped(discard, own).map((one) => ({
      text: `${nameOf(discard)} had dropped only the ${one.bytes / PAGE_SIZE} pages that request ${number} names`,
      discards: all.map((other) => (other === discard ? one : other)),
    })),
    { text: `${nameOf(discard)} had not been made`, discards: all.filter((one) => one !== discard) },
  ];
  return changed.map(({ text, discards }) => ({
    text,
    insert: [],
    line: "kept",
    background: { ...background, ...hostSide({ ...host, discards }, meta) },
  }));
}

/** This discard inside the window of its request. */
function inTime(all: readonly HostDiscard[], discard: HostDiscard, request: Request): Changed[] {
  const { number, report, join } = request;
  if (rangeOf(discard, request) === undefined) return [];
  const side = isLate(discard, report, join.offset) ? "before the ack" : "after the submit";
  const discards = withServed(all, [{ request, moved: [discard] }]);
  return [{ text: `${nameOf(discard)} had come ${side} of request ${number}`, discards }];
}

/** This discard, or the one before it, which then came too early, where the request's order has it. */
function inPlace(all: readonly HostDiscard[], discard: HostDiscard, request: Request): Changed[] {
  const inside = request.served.inside.map(({ from }) => from);
  const around = inside.slice(Math.max(0, inside.indexOf(discard) - 1), inside.indexOf(discard) + 1);
  return around
    .filter((one) => rangeOf(one, request)?.pages === one.bytes / PAGE_SIZE)
    .map((one) => ({
      text: `${nameOf(one)} had come in the order of request ${request.number}`,
      discards: withServed(all, [{ request, moved: [one] }]),
    }));
}

/** The requests before and after that one which name the pages of this discard as well. */
function neighbours(requests: readonly Request[], discard: HostDiscard, number: number): Request[] {
  const naming = requests.filter((one) => one.number !== number && rangeOf(discard, one) !== undefined);
  const before = naming.findLast((one) => one.number < number);
  const after = naming.find((one) => one.number > number);
  return [before, after].filter((one) => one !== undefined);
}

/** This discard in the window of another request. */
function forAnother(all: readonly HostDiscard[], discard: HostDiscard, request: Request): Changed[] {
  const discards = withServed(all, [{ request, moved: [discard] }]);
  return [{ text: `${nameOf(discard)} had come while request ${request.number} was open`, discards }];
}

/** Every discard that came after the ack of its request before it: a host that is late once is late always. */
function allInTime(all: readonly HostDiscard[], requests: readonly Request[]): Changed[] {
  const late = requests.map((request) => ({
    request,
    moved: request.served.outside
      .map(({ from }) => from)
      .filter((one) => isLate(one, request.report, request.join.offset) && rangeOf(one, request) !== undefined),
  }));
  const count = late.reduce((sum, { moved }) => sum + moved.length, 0);
  if (count < 2) return [];
  const text = `all ${count} discards that came after the acks of their requests had come before them`;
  return [{ text, discards: withServed(all, late) }];
}

/** The discard, of those pages only that the request names. */
function clipped(discard: HostDiscard, request: Request): HostDiscard[] {
  const bytes = (rangeOf(discard, request)?.pages ?? 0) * PAGE_SIZE;
  return bytes === 0 || bytes === discard.bytes ? [] : [{ ...discard, bytes }];
}

/** All discards, with those that are moved in the windows of their requests, where the requests' order has them. */
function withServed(
  all: readonly HostDiscard[],
  moves: readonly { readonly request: Request; readonly moved: readonly HostDiscard[] }[],
): HostDiscard[] {
  const served = moves.flatMap(({ request, moved }) => inOrder(request, moved));
  const replaced = new Set(
    moves.flatMap(({ request, moved }) => [...request.served.inside.map(({ from }) => from), ...moved]),
  );
  return [...all.filter((one) => !replaced.has(one)), ...served].toSorted((one, other) => one.started - other.started);
}

function inOrder(request: Request, moved: readonly HostDiscard[]): HostDiscard[] {
  const { report, served, join } = request;
  const staying = served.inside.map(({ from }) => from).filter((one) => !moved.includes(one));
  const place = (one: HostDiscard): number => report.ranges.findIndex((range) => range === rangeOf(one, request));
  let time = staying[0]?.started ?? report.acked + join.offset.low;
  return [...staying, ...moved]
    .toSorted((one, other) => place(one) - place(other))
    .map((one) => {
      if (!moved.includes(one)) {
        time = one.ended;
        return one;
      }
      const [whole = one] = clipped(one, request);
      return { ...whole, started: time, ended: time };
    });
}

function isInside(discard: HostDiscard, { served }: Request): boolean {
  return served.inside.some(({ from }) => from === discard);
}

function nameOf({ log, line }: HostDiscard): string {
  return `the discard in ${log} line ${line}`;
}

/** The range that begins where the discard does. */
function rangeOf({ address }: HostDiscard, { report, join }: Request): TimedReport["ranges"][number] | undefined {
  return report.ranges.find(({ start }) => join.base + start * PAGE_SIZE === address);
}
