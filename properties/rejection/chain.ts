/** How it came: the earlier events that put the pages, the request or the device where the broken event finds them. */
import type { Event, PageRange } from "../../model/alphabet/index.ts";
import { runs } from "./picture.ts";
import type { Link, PageRun, Placed } from "./rejection.ts";
import type { Witness } from "./witness.ts";
import { happened, numbered, rangeOf, rangesOf } from "./words.ts";

/** A handful: of more, the latest. */
const MOST = 6;

/** @param heardAll true where nothing comes after what was heard */
export function chain(witness: Witness, heardAll: boolean): Link[] {
  const byPlace = new Map<number, Placed>();
  for (const placed of explaining(witness)) byPlace.set(placed.index, placed);
  return [...byPlace.values()]
    .sort((a, b) => a.index - b.index)
    .slice(-MOST)
    .map(({ at, event }) => ({ at, event, what: `${happened(event)}${unanswered(witness, event, heardAll)}` }));
}

function explaining({ broke, contract, tenures, open, acked, unregistered, sleepers, held }: Witness): Placed[] {
  const { violation, event } = broke;
  const ranges: PageRange[] = [];
  if (violation.pages !== undefined) ranges.push(violation.pages);
  else if (violation.property === "stranded") ranges.push(...[...held.values()].map(rangeOf));
  else if (event !== undefined && event.event !== "submit") ranges.push(...rangesOf(event));
  const guilty = ranges.flatMap((range) => runs(contract, range)).filter((run) => isToBlame(violation.property, run));
  const found = guilty.flatMap((range) => tenures.of(range)).flatMap((tenure) => tenure.events);
  if (violation.property === "quiet" && unregistered !== undefined) found.push(unregistered);
  if (violation.property === "stranded" && violation.pages === undefined) found.push(...sleepers.values());
  if (event !== undefined && "request" in event) {
    const submitted = open.get(event.request)?.submitted;
    if (submitted !== undefined) found.push(submitted);
    if (acked !== undefined && violation.property === "host-window") found.push(acked);
  }
  return found;
}

/** True where such pages explain a broken property of the block around them. */
function isToBlame(property: string, run: PageRun): boolean {
  if (property === "completeness") return !run.marked;
  if (property === "fake-oom") return run.owner === "held";
  return property !== "truthful-mark" || !run.acked;
}

/** Of a request that is still open at the break: when it is answered. */
function unanswered(witness: Witness, event: Event, heardAll: boolean): string {
  if (event.event !== "submit") return "";
  const open = witness.open.get(event.request);
  if (open?.submitted.event !== event) return "";
  const ack = witness.next((later) => later.event === "ack" && later.request === event.request);
  if (ack !== undefined) return `, and acked only in ${numbered(witness.broke.unit, ack.at)}`;
  return heardAll ? ", which nobody ever acks" : ", not acked so far";
}
