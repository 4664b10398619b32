/** Changes to what the host did that might have been right: the discard at its time, of its pages only, or not at all. */
import type { TimedReport } from "../capture/timing.ts";
import type { GuestDiscard, HostViolation, Join } from "../host/discards.ts";
import type { Edit } from "./trace-edits.ts";
import type { HostDiscard } from "../host/qemu-logs.ts";
import { hostSide } from "../host/host-side.ts";
import { PAGE_SIZE } from "../capture/machine.ts";
import type { Background } from "../guest/recording.ts";

/** @param number of the request in whose line it was told, from 1 */
export function hostEdits(background: Background, { discard }: HostViolation, number: number): Edit[] {
  const { host, join, meta } = background;
  const report = meta.timing?.reports[number - 1];
  if (join === undefined || report === undefined) return [];
  const name = `the discard in ${discard.log} line ${discard.line}`;
  const others = host.discards.filter((one) => one !== discard);
  const edit = (text: string, discards: readonly HostDiscard[]): Edit => ({
    text,
    insert: [],
    isDropped: false,
    background: { ...background, ...hostSide({ ...host, discards }, meta) },
  });
  const range = report.ranges.find(({ start }) => join.base + start * PAGE_SIZE === discard.address);
  const clipped = range === undefined ? discard : { ...discard, bytes: range.pages * PAGE_SIZE };
  const isInside = join.served[number - 1].inside.some(({ from }) => from === discard);
  const timely = isInside ? undefined : inTime(clipped, others, report, join, number);
  const clip = edit(
    `${name} had dropped only the ${clipped.bytes / PAGE_SIZE} pages that request ${number} names`,
    host.discards.map((one) => (one === discard ? clipped : one)),
  );
  return [
    ...(timely === undefined ? [] : [edit(`${name} had been made while request ${number} was open`, timely)]),
    ...(clipped.bytes === discard.bytes ? [] : [clip]),
    edit(`${name} had not been made`, others),
  ];
}

/** All discards, with this one in its request's window, where the request's order has it. */
function inTime(
  discard: HostDiscard,
  others: readonly HostDiscard[],
  { ranges }: TimedReport,
  { base, served }: Join,
  number: number,
): HostDiscard[] | undefined {
  const place = (address: number): number => ranges.findIndex(({ start }) => base + start * PAGE_SIZE === address);
  const own = place(discard.address);
  if (own === -1) return undefined;
  const inside = served[number - 1].inside.filter(({ from }) => others.includes(from));
  const placeOf = ({ from }: GuestDiscard): number => place(from.address);
  const before = inside.findLast((one) => placeOf(one) < own)?.from;
  const after = inside.find((one) => placeOf(one) > own)?.from;
  const time = before?.ended ?? after?.started;
  if (time === undefined) return undefined;
  const at = before === undefined ? others.findIndex((one) => one === after) : others.indexOf(before) + 1;
  return others.toSpliced(at, 0, { ...discard, started: time, ended: time });
}
