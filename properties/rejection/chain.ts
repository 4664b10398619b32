/** How it came: the earlier events that put the pages, the request or the device where the broken event finds them. */
import type { Event } from "../../model/alphabet/index.ts";
import { rangeText } from "../judges/contract/explain.ts";
import type { Link, PageRun, Placed, Rejection } from "./rejection.ts";
import { MOST_PAGES, type Witness } from "./witness.ts";
import { happened, numbered, rangesOf } from "./words.ts";

/** A handful: of more, the latest. */
const MOST = 6;

/**
 * @param heardAll true where nothing comes after what was heard
 * @param forgotten older events that were not kept
 */
export function chain(
  witness: Witness,
  heardAll: boolean,
  forgotten: number,
): Pick<Rejection, "chain" | "leftOut" | "noChain"> {
  const byPlace = new Map(explaining(witness).map((placed) => [placed.index, placed]));
  const all = [...byPlace.values()].sort((a, b) => a.index - b.index);
  const links = all
    .slice(-MOST)
    .map(({ at, event }): Link => ({ at, event, what: `${happened(event)}${unanswered(witness, event, heardAll)}` }));
  if (links.length < all.length) return { chain: links, leftOut: all.length - links.length };
  const noChain = links.length === 0 && forgotten === 0 ? nothingBefore(witness) : undefined;
  return noChain === undefined ? { chain: links } : { chain: links, noChain };
}

/** Where nothing came before. Of what is misshapen nobody asks how it came. */
function nothingBefore({ broke, tenures }: Witness): string | undefined {
  const { violation, event } = broke;
  const { property, pages } = violation;
  if (property === "host-window" && event !== undefined && "request" in event)
    return `no earlier event is about request ${event.request}`;
  if (pages === undefined || (property !== "ownership" && property !== "completeness")) return undefined;
  const isUntouched = pages.pages <= MOST_PAGES && tenures.of(pages).every(({ events }) => events.length === 0);
  return isUntouched ? `no earlier event is about ${rangeText(pages)}` : undefined;
}

function explaining({ broke, contract, blind, tenures, open, answered, unregistered, sleepers }: Witness): Placed[] {
  const { violation, event, index, at, isUnheard, concern = [] } = broke;
  const ranges = [...(violation.pages === undefined ? [] : [violation.pages]), ...concern];
  if (ranges.length === 0 && event !== undefined && event.event !== "submit") ranges.push(...rangesOf(event));
  // Who knows nothing of the pages can't tell which of them are to blame.
  const guilty =
    blind === undefined
      ? ranges.flatMap((range) => contract.knows.runs(range)).filter((run) => isToBlame(violation.property, run))
      : ranges;
  const found = guilty.flatMap((range) => tenures.of(range)).flatMap((tenure) => tenure.events);
  if (violation.property === "quiet" && unregistered !== undefined) found.push(unregistered);
  if (violation.property === "stranded" && violation.pages === undefined) found.push(...sleepers.values());
  if (event !== undefined && "request" in event) {
    const submitted = open.get(event.request)?.submitted;
    if (submitted !== undefined) found.push(submitted);
    if (answered !== undefined && violation.property === "host-window")
      found.push(...[answered.submitted, answered.ack].filter((placed) => placed !== undefined));
    // Nothing is wrong with this ack: it only ends the time in which the host may do what it did.
    if (isUnheard === true && event.event === "ack") found.push({ index, at, event });
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
  const { event: broken } = witness.broke;
  const isAckedNow = broken?.event === "ack" && broken.request === event.request;
  if (open?.submitted.event !== event || isAckedNow) return "";
  const ack = witness.next((later) => later.event === "ack" && later.request === event.request);
  if (ack !== undefined) return `, and acked only in ${numbered(witness.broke.unit, ack.at)}`;
  return heardAll ? ", which nobody ever acks" : ", not acked so far";
}
