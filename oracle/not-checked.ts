/** What a verdict on events alone says nothing about. */
import type { TraceHeader } from "../model/alphabet/schema.ts";

/** What a trace that was heard to its end came to. */
export interface Ended {
  /** How often the reporter said that it is idle. */
  readonly idles: number;
  /** The numbers of the requests that are still open. */
  readonly open: readonly number[];
}

/** A line for each rule that the end of a trace did not put to the test, and why. */
export function notCheckedAtEnd(
  { claims, unseen }: Pick<TraceHeader, "claims" | "unseen">,
  { idles, open }: Ended,
): string[] {
  const neverIdle = claims.includes("completeness") && !unseen.includes("idle") && idles === 0;
  return [
    ...(neverIdle ? ["completeness: there is no idle in the trace"] : []),
    ...(open.length === 0 ? [] : [`stranded at the end: ${stillOpen(open)}`]),
  ];
}

/** So many requests are named. */
const NAMED = 3;

function stillOpen(open: readonly number[]): string {
  if (open.length === 1) return `request ${open[0]} is still open`;
  const all =
    open.length <= NAMED ? open.map(String) : [...open.slice(0, NAMED).map(String), `${open.length - NAMED} more`];
  return `requests ${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""} are still open`;
}

/** A line for each thing that such a trace, or feed of events, can't show, and why. */
export function notChecked({ start, claims, unseen }: Pick<TraceHeader, "start" | "claims" | "unseen">): string[] {
  const blind: Readonly<Record<TraceHeader["unseen"][number], string>> = {
    isolate: "ownership from isolate to submit: isolate is unseen, pages count as free until they are submitted",
    release: "truthful-mark, and ownership from ack to release: release is unseen, an ack counts as one",
    discard: "host-window of discards: discard is unseen",
    write: "exclusion and ownership of writes: write is unseen",
    idle: "stranded and completeness at idle: idle is unseen",
  };
  return [
    "lost-write: what pages hold is not in a trace",
    ...(claims.includes("completeness") ? [] : ["completeness: the trace does not claim it"]),
    ...(start === "unknown"
      ? ["what began before the recording: pages, requests and callers not seen yet count as right"]
      : []),
    ...new Set(unseen.map((event) => blind[event])),
  ];
}
