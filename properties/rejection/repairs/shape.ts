/** The event said otherwise: another block, another order, fewer ranges, another number, another answer. */
import type { Block, Event, Order, Pfn, SubmitEvent } from "../../../model/alphabet/index.ts";
import { pagesOf, sectionPagesOf, zoneOf } from "../../../model/alphabet/index.ts";
import { rangeText, rangeOf } from "../../judges/contract/explain.ts";
import type { Witness } from "../witness.ts";
import { allPages, overlap, rangesOf } from "../words.ts";
import { isRecorded, type Candidate } from "./candidate.ts";
import { sections, takenFrom } from "./routes.ts";

const WEIGHT = {
  order: 1.4,
  alignment: 1.2,
  ranges: 1.1,
  number: 1.3,
  freshNumber: 1.4,
  elsewhere: 1.7,
  misread: 1.95,
  window: 1,
} as const;
/** Blocks that are looked at to find another one. */
const FAR = 4096;

export function ofShape(witness: Witness, event: Event): Candidate[] {
  switch (event.event) {
    case "alloc":
    case "isolate":
      return [...otherOrders(witness, event), ...elsewhere(witness, event)];
    case "free":
    case "write":
    case "release":
      return otherOrders(witness, event);
    case "submit":
      return [...fewerRanges(witness, event), ...freshNumber(witness, event)];
    case "discard":
      return [...otherOrders(witness, event), ...otherRequests(witness, event), ...insideRequest(witness, event)];
    case "ack":
      return otherRequests(witness, event);
    case "offline":
    case "online":
      return wholeSections(witness, event);
    default:
      return [];
  }
}

/** Replaces the broken event. */
function instead({ broke }: Witness, event: Event, text: string, weight: number): Candidate {
  return { text, changes: [{ do: "replace", index: broke.index, event }], weight };
}

type OneBlock = Extract<Event, Block>;

/** Smaller blocks at the same page, and the aligned block around it. */
function otherOrders(witness: Witness, event: OneBlock): Candidate[] {
  const { maxOrder } = witness.broke.geometry;
  const highest = Math.min(event.order - 1, maxOrder);
  const smaller = Array.from({ length: Math.max(0, highest + 1) }, (_, less) => highest - less).map(
    (order): Candidate => {
      const text = `the ${event.event} was of ${rangeText(rangeOf({ pfn: event.pfn, order }))} (order ${order})`;
      return {
        ...instead(witness, { ...event, order }, text, WEIGHT.order + 0.02 * (highest - order)),
        idea: "another order",
      };
    },
  );
  const pfn = event.pfn - (event.pfn % pagesOf(event.order));
  if (pfn === event.pfn || event.order > maxOrder) return smaller;
  const text = `the ${event.event} was of ${rangeText(rangeOf({ pfn, order: event.order }))}, where such a block begins`;
  return [...smaller, instead(witness, { ...event, pfn }, text, WEIGHT.alignment)];
}

/** The nearest other block that could have been taken. A recorder hardly mistakes a block for another. */
function elsewhere(witness: Witness, event: Extract<Event, { event: "alloc" | "isolate" }>): Candidate[] {
  const pfn = freeBlock(witness, event.pfn, event.order);
  if (pfn === undefined) return [];
  const block = rangeText(rangeOf({ pfn, order: event.order }));
  const weight = isRecorded(witness.broke.unit) ? WEIGHT.misread : WEIGHT.elsewhere;
  return [instead(witness, { ...event, pfn }, `the ${event.event} had taken ${block}, free at that time`, weight)];
}

/** The wholly free block of this order that is nearest to a page. */
export function freeBlock({ contract, broke }: Witness, near: Pfn, order: Order): Pfn | undefined {
  const { geometry } = broke;
  const zone = geometry.zones[zoneOf(geometry, near)] ?? geometry.zones[0];
  if (zone === undefined || order > geometry.maxOrder) return undefined;
  const size = pagesOf(order);
  const first = near - (near % size);
  for (let away = 0; away < FAR; away++) {
    for (const pfn of [first + away * size, first - away * size]) {
      if (pfn < zone.start || pfn + size > zone.start + zone.pages) continue;
      if (contract.knows.runs({ start: pfn, pages: size }).every(({ owner }) => owner === "free")) return pfn;
    }
  }
  return undefined;
}

/** Only the ranges that break nothing by themselves, and at most as many as fit; for an empty request those that wait. */
function fewerRanges(witness: Witness, event: SubmitEvent): Candidate[] {
  const { geometry } = witness.broke;
  const fitting: Block[] = [];
  for (const range of event.ranges.length === 0 ? witness.waiting.values() : event.ranges) {
    const isTwice = fitting.some((other) => overlap(rangeOf(other), rangeOf(range)));
    if (!isTwice && fits(witness, event, range) && fitting.length < geometry.capacity) fitting.push({ ...range });
  }
  if (fitting.length === 0 || fitting.length === event.ranges.length) return [];
  const names = `request ${event.request} named ${fitting.length === 1 ? "1 range" : `${fitting.length} ranges`}`;
  const text = `${names} (${allPages(fitting.map(rangeOf))})`;
  return [instead(witness, { ...event, ranges: fitting }, text, WEIGHT.ranges)];
}

function fits({ contract, broke }: Witness, event: SubmitEvent, { pfn, order }: Block): boolean {
  const { geometry, options } = broke;
  if (order < geometry.reportOrder || order > geometry.maxOrder || pfn % pagesOf(order) !== 0) return false;
  if (zoneOf(geometry, pfn) < 0) return false;
  const wanted = takenFrom(event, options.unseen ?? []);
  return contract.knows
    .runs(rangeOf({ pfn, order }))
    .every(({ owner, request }) => request === undefined && [wanted, "unknown", "held"].includes(owner));
}

/** A number that no open request has. */
function freshNumber(witness: Witness, event: SubmitEvent): Candidate[] {
  if (!witness.open.has(event.request)) return [];
  const request = witness.freshRequest;
  const text = `it was submitted with another number than ${event.request}, such as ${request}`;
  return [instead(witness, { ...event, request }, text, WEIGHT.freshNumber)];
}

/** The requests that were open. */
function otherRequests(witness: Witness, event: Extract<Event, { event: "ack" | "discard" }>): Candidate[] {
  const others = [...witness.open.entries()].filter(([number]) => number !== event.request);
  const names = others.filter(
    ([, { ranges }]) => event.event === "ack" || ranges.some((range) => overlap(rangeOf(range), rangeOf(event))),
  );
  return names
    .slice(0, 3)
    .map(([request]) =>
      instead(
        witness,
        { ...event, request },
        `it was the ${event.event} of request ${request}, open then`,
        WEIGHT.number,
      ),
    );
}

/** What of the discarded pages the request names. */
function insideRequest(witness: Witness, event: Extract<Event, { event: "discard" }>): Candidate[] {
  const ranges = witness.open.get(event.request)?.ranges ?? [];
  return ranges
    .filter((range) => overlap(rangeOf(range), rangeOf(event)))
    .slice(0, 2)
    .map(({ pfn, order }) => {
      const text = `the host had discarded ${rangeText(rangeOf({ pfn, order }))}, which request ${event.request} names`;
      return instead(witness, { ...event, pfn, order }, text, WEIGHT.window);
    });
}

/** The whole sections around what was named. */
function wholeSections(witness: Witness, event: Extract<Event, { event: "offline" | "online" }>): Candidate[] {
  const [named] = rangesOf(event);
  const whole = sections(witness.broke.geometry, named);
  const [first] = whole;
  const last = whole.at(-1);
  if (first === undefined || last === undefined) return [];
  const around = { start: first.start, pages: last.start + last.pages - first.start };
  if (around.start === event.start && around.pages === event.pages) return [];
  const zone = witness.broke.geometry.zones[zoneOf(witness.broke.geometry, first.start)];
  const size = sectionPagesOf(witness.broke.geometry, zone);
  const text = `the ${event.event} was of ${rangeText(around)}: whole sections of ${size} pages`;
  return [instead(witness, { ...event, ...around }, text, WEIGHT.alignment)];
}
