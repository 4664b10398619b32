/** What a recording leaves open, and what to record to know more. `wire.md`, "A trace": `start` and `unseen`. */
import type { Unknowns } from "./rejection.ts";
import type { Witness } from "./witness.ts";

/** @param forgotten older events that were not kept */
export function unknowns(witness: Witness, forgotten: number): Unknowns | undefined {
  const { contract, broke, requestsFromBefore, callersFromBefore } = witness;
  const { options } = broke;
  const unseen = options.unseen ?? [];
  const startsUnknown = options.start === "unknown";
  // A guest that reports in place has nothing else to show: it is no recorder that misses something.
  if (forgotten === 0 && (unseen.length === 0 || options.inPlace === true) && !startsUnknown) return undefined;
  return {
    pages: contract.knows.unknownPages,
    requests: startsUnknown ? requestsFromBefore : 0,
    callers: startsUnknown ? callersFromBefore : 0,
    unseen,
    unseenIn: unseen.length > 0 ? witness.requests : 0,
    forgotten,
    advice: [
      ...(forgotten > 0 ? ["save it to a file: a file is read again, however long it is"] : []),
      ...advice(unseen, startsUnknown),
    ],
  };
}

function advice(unseen: readonly string[], startsUnknown: boolean): string[] {
  const blind: Readonly<Record<string, string>> = {
    isolate: "record isolate: from then until submit it can't be told whether a page is free or with the reporter",
    release: "record release: from ack until then it can't be told who has a page, nor whether its mark is true",
    discard: "record discard: what the host drops, and when, is not seen",
    write: "record write: whether an owner wrote into pages in flight is not seen",
    idle: "record idle: whether anything stays behind while the reporter rests is not seen",
  };
  const start = startsUnknown
    ? ["start with a snapshot of who has which page: without one, the first event on a page is never wrong"]
    : [];
  return [...start, ...unseen.flatMap((event) => blind[event] ?? [])];
}
