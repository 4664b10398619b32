/** Who has the pages around an event, before it and after it. */
import type { Event, Geometry, PageRange, Pfn } from "../../model/alphabet/index.ts";
import { zoneOf } from "../../model/alphabet/index.ts";
import type { Contract, PageKnowledge } from "../judges/contract.ts";
import type { PageRun, Rejection } from "./rejection.ts";
import { concernOf, type Witness } from "./witness.ts";
import { rangeOf, rangesOf } from "./words.ts";

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
  if (blind !== undefined) return { before: [], touched: [], after: [] };
  const ranges = [...concernOf(broke), ...(witness.answered?.ranges ?? []).map(rangeOf)];
  if (broke.isUnheard === true) {
    const before = pictured(beforeStep ?? contract, broke.geometry, ranges);
    const after = pictured(contract, broke.geometry, ranges);
    return { before, touched: [], after: isSame(before, after) ? [] : after };
  }
  const before = pictured(contract, broke.geometry, ranges);
  const touched = (event === undefined ? [] : rangesOf(event))
    .slice(0, MOST_TOUCHED)
    .flatMap((range) => runs(contract, range))
    .slice(0, MOST_TOUCHED);
  const after = event === undefined ? [] : touched.map((run) => afterwards(run, event));
  return { before, touched, after: isSame(touched, after) ? [] : after };
}

/** These pages and those around them. */
function pictured(contract: Contract, geometry: Geometry, ranges: readonly PageRange[]): PageRun[] {
  return places(geometry, ranges).flatMap(({ zone, ...place }) =>
    zone === undefined ? runs(contract, place) : around(contract, place, zone),
  );
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

/** What is known of these pages, run by run. */
export function runs(contract: Contract, { start, pages }: PageRange): PageRun[] {
  const found: PageRun[] = [];
  for (let pfn = start; pfn < start + Math.min(pages, FURTHEST); pfn++) {
    const page = contract.page(pfn);
    const last = found.at(-1);
    if (last !== undefined && isAlike(last, page)) found[found.length - 1] = { ...last, pages: last.pages + 1 };
    else found.push({ start: pfn, pages: 1, ...page });
  }
  return found;
}

export function isAlike(one: PageKnowledge, other: PageKnowledge): boolean {
  return (
    one.owner === other.owner &&
    one.marked === other.marked &&
    one.acked === other.acked &&
    one.request === other.request
  );
}

/** These pages and the runs beside them, inside their zone. */
function around(contract: Contract, focus: PageRange, zone: PageRange): PageRun[] {
  const zoneEnd = zone.start + zone.pages;
  const start = Math.max(zone.start, Math.min(focus.start, zoneEnd) - AROUND);
  const end = Math.min(zoneEnd, focus.start + Math.min(focus.pages, FURTHEST) + AROUND);
  const all = runs(contract, { start, pages: end - start });
  const inFocus = (run: PageRun): boolean =>
    run.start < focus.start + focus.pages && focus.start < run.start + run.pages;
  const first = all.findIndex(inFocus);
  const last = all.findLastIndex(inFocus);
  const shown = all.slice(Math.max(0, first - MOST_BESIDE), Math.min(last + 1, first + 2 * MOST_TOUCHED) + MOST_BESIDE);
  return shown.map((run) => grown(contract, run, zone));
}

/** A run that ends only because nobody looked further. */
function grown(contract: Contract, run: PageRun, zone: PageRange): PageRun {
  let start: Pfn = run.start;
  let end: Pfn = run.start + run.pages;
  for (let left = FURTHEST; left > 0 && start > zone.start && isAlike(contract.page(start - 1), run); left--) start--;
  const zoneEnd = zone.start + zone.pages;
  for (let left = FURTHEST; left > 0 && end < zoneEnd && isAlike(contract.page(end), run); left--) end++;
  return { ...run, start, pages: end - start };
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
