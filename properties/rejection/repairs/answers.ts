/** Repairs of what an event says about pages: marks, acks, refusals of memory, the reporter's rest. */
import type { AckEvent, Block, Event, PageRange, Pfn, ReleaseEvent } from "../../../model/alphabet/index.ts";
import { pagesOf } from "../../../model/alphabet/index.ts";
import { rangeOf } from "../../judges/contract/explain.ts";
import type { Change, Placed } from "../rejection.ts";
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
  const blocks = unreported(witness);
  if (blocks.length === 0) return [];
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
    if (refused === undefined || changes.has(refused.index)) continue;
    changes.set(refused.index, acknowledged(refused));
    texts.push(`the host had acked request ${refused.event.request} with ok in ${numbered(broke.unit, refused.at)}`);
  }
  if (changes.size === 0) return [];
  return [{ text: listed(texts), changes: [...changes.values()], weight: WEIGHT.otherwise + 0.1 * (changes.size - 1) }];
}

/** The most blocks that one repair reports: each takes four events more. */
const MOST_REPORTED = 1024;

/**
 * The blocks of the report order that completeness misses, ascending. None where they are more than one repair reports:
 * with some of them left out it would be legal no more.
 */
function unreported({ contract, broke }: Witness): Block[] {
  const { reportOrder, zones } = broke.geometry;
  const size = pagesOf(reportOrder);
  const isFree = (start: Pfn): boolean =>
    contract.knows.runs({ start, pages: size }).every(({ owner }) => owner === "free");
  const blocks: Block[] = [];
  for (const { start, pages, watermarks } of zones) {
    if (watermarks.min + watermarks.low + watermarks.high > 0) continue;
    let pfn = start;
    for (const run of contract.knows.runs({ start, pages })) {
      if (run.owner !== "free" || run.marked) continue;
      // Behind the block that an earlier run ends in.
      pfn = Math.max(pfn, run.start - ((run.start - start) % size));
      for (; pfn < run.start + run.pages; pfn += size) {
        if (!isFree(pfn)) continue;
        if (blocks.length === MOST_REPORTED) return [];
        blocks.push({ pfn, order: reportOrder });
      }
    }
  }
  return blocks;
}

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

/** An ack, and where it was. */
type Answer = Placed & { readonly event: AckEvent };

function isRefusal(placed: Placed): placed is Answer {
  return placed.event.event === "ack" && !placed.event.ok;
}

function acknowledged({ index, event }: Answer): Change {
  return { do: "replace", index, event: { ...event, ok: true } };
}

function tenureOf({ tenures }: Witness, range: PageRange): readonly Placed[] {
  return tenures.of(range).flatMap(({ events }) => events);
}
