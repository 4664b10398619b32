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
  readonly report: TimedReport;
  readonly served: Served;
  readonly join: Join;
}

/** @param number of the request in whose line it was told, from 1 */
export function hostEdits(background: Background, { discard }: HostViolation, number: number): Edit[] {
  const { host, join, meta } = background;
  const reports = meta.timing?.reports ?? [];
  if (join === undefined || reports[number - 1] === undefined) return [];
  const requests = reports.map((report, rank) => ({ report, served: join.served[rank], join }));
  const name = `the discard in ${discard.log} line ${discard.line}`;
  const others = host.discards.filter((one) => one !== discard);
  const edit = (text: string, discards: readonly HostDiscard[]): Edit => ({
    text,
    insert: [],
    line: "kept",
    background: { ...background, ...hostSide({ ...host, discards }, meta) },
  });
  return [
    ...timely(host.discards, discard, requests[number - 1], number).map((one) =>
      edit(`${name} ${one.text}`, one.discards),
    ),
    ...allTimely(host.discards, requests).map((one) => edit(one.text, one.discards)),
    ...clipped(discard, requests[number - 1]).map((one) =>
      edit(
        `${name} had dropped only the ${one.bytes / PAGE_SIZE} pages that request ${number} names`,
        host.discards.map((other) => (other === discard ? one : other)),
      ),
    ),
    edit(`${name} had not been made`, others),
  ];
}

interface Changed {
  readonly text: string;
  readonly discards: readonly HostDiscard[];
}

/** This discard inside the window of its request. */
function timely(all: readonly HostDiscard[], discard: HostDiscard, request: Request, number: number): Changed[] {
  const { report, served, join } = request;
  if (rangeOf(discard, request) === undefined || served.inside.some(({ from }) => from === discard)) return [];
  const text = isLate(discard, report, join.offset)
    ? `had come before the ack of request ${number}`
    : `had come after the submit of request ${number}`;
  return [{ text, discards: withServed(all, [{ request, moved: [discard] }]) }];
}

/** Every discard that came after the ack of its request before it: a host that is late once is late always. */
function allTimely(all: readonly HostDiscard[], requests: readonly Request[]): Changed[] {
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
  const inside = served.inside.map(({ from }) => from);
  const place = (one: HostDiscard): number => report.ranges.findIndex((range) => range === rangeOf(one, request));
  let time = inside[0]?.started ?? report.acked + join.offset.low;
  return [...inside, ...moved]
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

/** The range that begins where the discard does. */
function rangeOf({ address }: HostDiscard, { report, join }: Request): TimedReport["ranges"][number] | undefined {
  return report.ranges.find(({ start }) => join.base + start * PAGE_SIZE === address);
}
