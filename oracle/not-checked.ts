/** What a verdict on events alone says nothing about. */
import type { TraceHeader } from "../model/alphabet/schema.ts";

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
