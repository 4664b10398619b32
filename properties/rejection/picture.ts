/** Who has the pages around an event, before it and after it. */
import type { Event, Geometry, PageRange } from "../../model/alphabet/index.ts";
import { zoneOf } from "../../model/alphabet/index.ts";
import { rangeOf } from "../judges/contract/explain.ts";
import type { Contract, PageKnowledge } from "../judges/contract.ts";
import { isAlike } from "../judges/contract/knowledge.ts";
import type { PageRun, Rejection } from "./rejection.ts";
import { freeBlock } from "./repairs/shape.ts";
import { concernOf, type Witness } from "./witness.ts";
import { numbered, overlap, rangesOf } from "./words.ts";

/** Pages to either side that are looked at; a run that goes on is followed further, so far. */
const AROUND = 4096;
const FURTHEST = 65_536;
/** The most runs that are shown on either side. */
const MOST_BESIDE = 2;
/** The most groups of pages far from each other. */
const MOST_PLACES = 3;
/** The most runs, and the most ranges, of what an event touches. */
const MOST_TOUCHED = 6;

export function picture(witness: Witness): Rejection["pages"] {
  const { contract, beforeStep, blind, broke } = witness;
  const { event } = broke;
  if (blind !== undefined) {
    const untold = `not known: ${numbered(broke.unit, blind.at)} breaks ${blind.property}, which does not count here`;
    return { untold, before: [], touched: [], after: [] };
  }
  const request = event !== undefined && "request" in event ? witness.open.get(event.request) : undefined;
  const ranges = [...concernOf(broke), ...((request ?? witness.answered)?.ranges?.map(rangeOf) ?? [])];
  if (ranges.length === 0) ranges.push(...wantedBySleeper(witness));
  if (broke.isUnheard === true && event === undefined) {
    const before = pictured(beforeStep ?? contract, broke.geometry, ranges);
    const after = pictured(contract, broke.geometry, ranges);
    return { before, touched: [], after: isSame(before, after) ? [] : after };
  }
  const before = pictured(contract, broke.geometry, ranges);
  if (broke.isUnheard === true && event?.event === "ack" && broke.violation.pages !== undefined) {
    const touched = contract.knows.runs(broke.violation.pages);
    return { before, touched, after: acked(contract, touched, event, broke.at) };
  }
  const touched = event === undefined ? [] : runsOf(contract, rangesOf(event), ranges[0]);
  const after = event === undefined ? [] : touched.map((run) => afterwards(run, event));
  return { before, touched, after: isSame(touched, after) ? [] : after };
}

/** The runs of what an event touches; of many, those around the guilty pages. */
function runsOf(contract: Contract, ranges: readonly PageRange[], guilty: PageRange): PageRun[] {
  const all = ranges.flatMap((range) => contract.knows.runs(near(range, guilty)));
  const at = all.findIndex((run) => overlap(run, guilty));
  const first = Math.max(0, Math.min(at - MOST_BESIDE, all.length - MOST_TOUCHED));
  return all.slice(first, first + MOST_TOUCHED);
}

/** Of a very long range what is near the guilty pages. */
function near(range: PageRange, guilty: PageRange): PageRange {
  if (range.pages <= FURTHEST) return range;
  const start = Math.max(range.start, guilty.start - AROUND);
  return { start, pages: Math.min(range.start + range.pages - start, FURTHEST) };
}

/** What he who sleeps could have: memory that is free, or that there is none. */
function wantedBySleeper(witness: Witness): PageRange[] {
  const [first] = witness.sleepers.values();
  const [zone] = witness.broke.geometry.zones;
  if (witness.broke.violation.property !== "stranded" || first?.event.event !== "alloc-waits") return [];
  const { order } = first.event;
  return [rangeOf({ pfn: freeBlock(witness, zone.start, order) ?? zone.start, order })];
}

/** These pages and those around them. @param ranges the guilty ones first */
function pictured(contract: Contract, geometry: Geometry, ranges: readonly PageRange[]): PageRun[] {
  const [guilty] = ranges;
  const all = places(geometry, ranges).flatMap(({ zone, ...place }) =>
    zone === undefined ? contract.knows.runs(place) : around(contract, near(place, guilty), zone, guilty),
  );
  // A long run may lie around two places.
  return all.filter((run, at) => all.findIndex(({ start }) => start === run.start) === at);
}

/** The ranges in groups of those that are near each other in one zone, ascending; of many groups the first. */
function places(geometry: Geometry, ranges: readonly PageRange[]): (PageRange & { readonly zone?: PageRange })[] {
  const found: (PageRange & { readonly zone?: PageRange })[] = [];
  for (const range of ranges.slice(0, MOST_TOUCHED).toSorted((a, b) => a.start - b.start)) {
    const zone = geometry.zones[zoneOf(geometry, range.start)];
    const last = found.at(-1);
    if (last !== undefined && last.zone === zone && range.start - (last.start + last.pages) <= AROUND)
      found[found.length - 1] = { ...last, pages: Math.max(last.pages, range.start + range.pages - last.start) };
    else found.push(zone === undefined ? range : { ...range, zone });
  }
  return found.slice(0, MOST_PLACES);
}

function isSame(some: readonly PageRun[], others: readonly PageRun[]): boolean {
  return (
    some.length === others.length &&
    some.every(
      (run, at) => run.start === others[at].start && run.pages === others[at].pages && isAlike(run, others[at]),
    )
  );
}

/** These pages and the runs beside them, inside their zone; of many, those around the guilty ones. */
function around(contract: Contract, focus: PageRange, zone: PageRange, guilty: PageRange): PageRun[] {
  const zoneEnd = zone.start + zone.pages;
  const start = Math.max(zone.start, Math.min(focus.start, zoneEnd) - AROUND);
  const end = Math.min(zoneEnd, focus.start + focus.pages + AROUND);
  const all = contract.knows.runs({ start, pages: end - start });
  const last = all.findLastIndex((run) => overlap(run, focus));
  const most = 2 * MOST_TOUCHED;
  const worst = all.findIndex((run) => overlap(run, guilty));
  const first = Math.max(
    all.findIndex((run) => overlap(run, focus)),
    Math.min(worst - MOST_TOUCHED, last + 1 - most),
  );
  const shown = all.slice(Math.max(0, first - MOST_BESIDE), Math.min(last + 1, first + most) + MOST_BESIDE);
  return shown.map((run) => grown(contract, run, zone));
}

/** A run that ends only because nobody looked further. */
function grown({ knows }: Contract, run: PageRun, zone: PageRange): PageRun {
  const from = Math.max(zone.start, run.start - FURTHEST);
  const end = Math.min(zone.start + zone.pages, run.start + run.pages + FURTHEST);
  const before = knows.runs({ start: from, pages: run.start - from }).at(-1);
  const [after] = knows.runs({ start: run.start + run.pages, pages: end - run.start - run.pages });
  const start = before !== undefined && isAlike(before, run) ? before.start : run.start;
  const added = after !== undefined && isAlike(after, run) ? after.pages : 0;
  return { ...run, start, pages: run.start - start + run.pages + added };
}

/** The runs right after an ack that the contract had no objection to; none where it changed nothing. */
function acked(contract: Contract, touched: readonly PageRun[], event: Event, at: number): PageRun[] {
  const later = contract.fork();
  later.event(event, at);
  const after = touched.flatMap((run) => later.knows.runs(run).slice(0, 1));
  return isSame(touched, after) ? [] : after;
}

/** What the event would have made of the pages. */
function afterwards({ start, pages, ...page }: PageRun, event: Event): PageRun {
  return { start, pages, ...made(page, event) };
}

function made(page: PageKnowledge, event: Event): PageKnowledge {
  const plain = { marked: false, acked: false };
  switch (event.event) {
    case "alloc":
    case "write":
      return { owner: "allocated", ...plain };
    case "free":
    case "online":
      return { owner: "free", ...plain };
    case "isolate":
      return { owner: "held", ...plain };
    case "submit":
      return { owner: "held", marked: false, acked: page.acked, request: event.request };
    case "release":
      return { owner: "free", marked: event.reported, acked: false };
    case "offline":
      return { owner: "absent", ...plain };
    default:
      return page;
  }
}
