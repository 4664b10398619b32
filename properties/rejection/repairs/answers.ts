/** Repairs of what an event says about pages: marks, acks, refusals of memory, the reporter's rest. */
import type { Block, Event, PageRange, ReleaseEvent } from "../../../model/alphabet/index.ts";
import { pagesOf } from "../../../model/alphabet/index.ts";
import { rangeOf } from "../../judges/contract/explain.ts";
import type { Change, PageRun, Placed } from "../rejection.ts";
import type { Witness } from "../witness.ts";
import { allPages, deed, listed, merged, numbered } from "../words.ts";
import { before, whenBroken, type Candidate } from "./candidate.ts";
import { aligned, route } from "./routes.ts";
import { freeBlock } from "./shape.ts";

const WEIGHT = {
  otherwise: 1,
  answer: 1.1,
  report: 1.3,
  unhanded: 1.1,
  wouldBlockSleeper: 1.7,
  sleptOn: 1.2,
} as const;

/** `truthful-mark`: the mark, the host's answer, or the request that is missing. */
export function ofMark(witness: Witness, event: ReleaseEvent): Candidate[] {
  const { index, unit } = witness.broke;
  const unmarked: Candidate = {
    text: `the block came back without the mark`,
    changes: [{ do: "replace", index, event: { ...event, reported: false } }],
    weight: WEIGHT.otherwise,
  };
  const refused = tenureOf(witness, rangeOf(event)).findLast(isRefusal);
  const answered: Candidate[] =
    refused === undefined
      ? []
      : [
          {
            text: `the host had acked with ok what it refused in ${numbered(unit, refused.at)}`,
            changes: [acknowledged(refused)],
            weight: WEIGHT.answer,
          },
        ];
  return [unmarked, ...answered, ...before(witness, reported(witness, event), WEIGHT.otherwise)];
}

/** `fake-oom`: told something else, or given back what is held. */
export function ofRefusal(witness: Witness, event: Extract<Event, { event: "alloc-failed" }>): Candidate[] {
  const { index, violation } = witness.broke;
  const told: Candidate = {
    text: "the caller was told would-block, and so to try again",
    changes: [{ do: "replace", index, event: { ...event, reason: "would-block" } }],
    // Who sleeps can wait.
    weight: event.ticket === undefined ? WEIGHT.otherwise : WEIGHT.wouldBlockSleeper,
  };
  const slept: Candidate[] =
    event.ticket === undefined
      ? []
      : [
          {
            text: `the caller with ticket ${event.ticket} had slept on`,
            changes: [{ do: "drop", index }],
            weight: WEIGHT.sleptOn,
          },
        ];
  if (violation.pages === undefined) return [told, ...slept];
  const { start } = violation.pages;
  const { order, ticket } = event;
  const handed: Event = { event: "alloc", pfn: start, order, ...(ticket === undefined ? {} : { ticket }) };
  const satisfied = givenBack(witness, [violation.pages]).map((candidate): Candidate => ({
    ...candidate,
    text: `${candidate.text}, and the caller then got ${allPages([violation.pages ?? rangeOf(handed)])}`,
    changes: [...candidate.changes, { do: "replace", index, event: handed }],
  }));
  return [told, ...slept, ...satisfied];
}

/** `host-window` of a request that is not open: what the reporter had taken then was submitted with it. */
export function ofUnopened(witness: Witness, request: number): Candidate[] {
  if (witness.open.has(request)) return [];
  const { capacity } = witness.broke.geometry;
  const ranges = [...witness.waiting.values()].slice(-capacity).map(({ pfn, order }) => ({ pfn, order }));
  return ranges.length === 0 ? [] : before(witness, [{ event: "submit", request, ranges }]);
}

/** A request of this number is open: it was answered before. */
export function ofOpenNumber(witness: Witness, request: number): Candidate[] {
  return witness.open.has(request) ? before(witness, [{ event: "ack", request, ok: true }]) : [];
}

/** `quiet`: the device was there. */
export function ofDevice(witness: Witness): Candidate[] {
  // Of a device that comes later anyway nobody has lost that it came.
  return witness.unregistered === undefined ? [] : before(witness, [{ event: "registered" }]).slice(-1);
}

/** `stranded`: everything was given back, and everyone woken. */
export function ofStranded(witness: Witness): Candidate[] {
  const held = [...witness.held.values()].map(rangeOf);
  const { pages } = witness.broke.violation;
  const ranges = held.length > 0 ? held : pages === undefined ? [] : [pages];
  return [...givenBack(witness, ranges), ...woken(witness)];
}

function woken(witness: Witness): Candidate[] {
  const sleepers = [...witness.sleepers].flatMap(([ticket, { event }]) =>
    event.event === "alloc-waits" ? [{ ticket, order: event.order }] : [],
  );
  if (sleepers.length === 0) return [];
  const failed = sleepers.map((sleeper): Event => ({ event: "alloc-failed", ...sleeper, reason: "would-block" }));
  const [{ order, ticket }] = sleepers;
  const pfn = freeBlock(witness, witness.broke.geometry.zones[0].start, order);
  const handed: Event[] = pfn === undefined || sleepers.length > 1 ? [] : [{ event: "alloc", pfn, order, ticket }];
  return [...before(witness, handed), ...before(witness, failed, WEIGHT.unhanded)];
}

function givenBack(witness: Witness, ranges: readonly PageRange[]): Candidate[] {
  const held = ranges.flatMap((range) => witness.contract.knows.runs(range)).filter(({ owner }) => owner === "held");
  const events = route(witness, held, "free");
  return events === undefined ? [] : before(witness, events);
}

/** `completeness`: what is free and not marked was reported, or came back with its mark, or was freed only later. */
export function ofIncomplete(witness: Witness): Candidate[] {
  const { pages } = witness.broke.violation;
  if (pages === undefined) return [];
  const blocks = unreported(witness, pages);
  const whole: Candidate = {
    text: `${allPages(merged(blocks.map(rangeOf)))} had been reported before ${whenBroken(witness)}`,
    changes: blocks
      .flatMap((block) => [{ event: "isolate", ...block } as const, ...reported(witness, block), backMarked(block)])
      .map((event) => ({ do: "insert", before: witness.broke.index, event })),
    weight: WEIGHT.report,
  };
  return [whole, ...marked(witness, blocks)];
}

/** The releases without a mark that let blocks lie: with it, and where the host had refused, with its ok. */
function marked({ broke, tenures }: Witness, blocks: readonly Block[]): Candidate[] {
  const all = blocks.flatMap((block) => tenures.of(rangeOf(block)));
  const changes = new Map<number, Change>();
  const texts: string[] = [];
  for (const { events } of all) {
    const back = events.findLast(({ event }) => event.event === "release");
    if (back?.event.event !== "release" || changes.has(back.index)) continue;
    changes.set(back.index, { do: "replace", index: back.index, event: { ...back.event, reported: true } });
    texts.push(`${deed(back.event)} (${numbered(broke.unit, back.at)}) had left the mark`);
    const refused = events.findLast(isRefusal);
    if (refused?.event.event !== "ack" || changes.has(refused.index)) continue;
    changes.set(refused.index, acknowledged(refused));
    texts.push(`the host had acked request ${refused.event.request} with ok in ${numbered(broke.unit, refused.at)}`);
  }
  if (changes.size === 0) return [];
  return [{ text: listed(texts), changes: [...changes.values()], weight: WEIGHT.otherwise + 0.1 * (changes.size - 1) }];
}

/** The blocks of the report order that completeness misses, the first named one first; not more than a few. */
function unreported({ contract, broke }: Witness, first: PageRange): Block[] {
  const { reportOrder, zones } = broke.geometry;
  const size = pagesOf(reportOrder);
  const blocks: Block[] = [];
  for (const { start, pages, watermarks } of zones) {
    if (watermarks.min + watermarks.low + watermarks.high > 0) continue;
    for (let pfn = start; pfn + size <= start + Math.min(pages, MOST_SEARCHED); pfn += size) {
      const found = contract.knows.runs({ start: pfn, pages: size });
      if (!found.every(({ owner }) => owner === "free") || found.every((run: PageRun) => run.marked)) continue;
      blocks.push({ pfn, order: reportOrder });
    }
  }
  return blocks.length > 0 ? blocks : [{ pfn: first.start, order: reportOrder }];
}

const MOST_SEARCHED = 65_536;

/** A request for the block and its ack; what is in flight already is acked. */
function reported(witness: Witness, block: Block): Event[] {
  const held = witness.contract.knows.runs(rangeOf(block));
  const requests = [...new Set(held.flatMap(({ request }) => request ?? []))];
  if (requests.length > 0) return requests.map((request) => ({ event: "ack", request, ok: true }));
  const request = witness.freshRequest;
  const unacked = held.filter(({ acked }) => !acked).flatMap((run) => aligned(run, witness.broke.geometry));
  const { reportOrder, capacity } = witness.broke.geometry;
  const fits = unacked.length <= capacity && unacked.every(({ order }) => order >= reportOrder);
  const ranges = fits ? unacked : [{ pfn: block.pfn, order: block.order }];
  return [
    { event: "submit", request, ranges },
    { event: "ack", request, ok: true },
  ];
}

function backMarked(block: Block): Event {
  return { event: "release", ...block, reported: true };
}

function isRefusal({ event }: Placed): boolean {
  return event.event === "ack" && !event.ok;
}

function acknowledged({ index, event }: Placed): Change {
  return event.event === "ack"
    ? { do: "replace", index, event: { ...event, ok: true } }
    : { do: "replace", index, event };
}

function tenureOf({ tenures }: Witness, range: PageRange): readonly Placed[] {
  return tenures.of(range).flatMap(({ events }) => events);
}
