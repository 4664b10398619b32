/** Who has the pages around an event, before it and after it. */
import type { Event, PageRange, Pfn } from "../../model/alphabet/index.ts";
import { zoneOf } from "../../model/alphabet/index.ts";
import type { Contract, PageKnowledge } from "../judges/contract.ts";
import type { PageRun, Rejection } from "./rejection.ts";
import { rangesOf } from "./words.ts";
import type { Witness } from "./witness.ts";

/** Pages to either side that are looked at; a run that goes on is followed further, so far. */
const AROUND = 4096;
const FURTHEST = 65_536;
/** The most runs that are shown on either side. */
const MOST_BESIDE = 2;
/** The most runs, and the most ranges, of what an event touches. */
const MOST_TOUCHED = 6;

export function picture(witness: Witness): Rejection["pages"] {
  const { violation, event, geometry } = witness.broke;
  const named = event === undefined ? [] : rangesOf(event);
  const focus = violation.pages ?? named[0];
  if (focus === undefined) return { before: [], touched: [], after: [] };
  const ranges = named.filter((range) => isNear(focus, range));
  const whole = hull([focus, ...ranges]);
  const zone = geometry.zones[zoneOf(geometry, focus.start)];
  const touched = (named.length > 0 ? ranges : [])
    .slice(0, MOST_TOUCHED)
    .flatMap((range) => runs(witness.contract, range))
    .slice(0, MOST_TOUCHED);
  const before = zone === undefined ? runs(witness.contract, whole) : around(witness.contract, whole, zone);
  const after = event === undefined ? [] : touched.map((run) => afterwards(run, event));
  return { before, touched, after: after.every((run, at) => isAlike(run, touched[at])) ? [] : after };
}

function isNear(focus: PageRange, range: PageRange): boolean {
  return Math.abs(range.start - focus.start) <= AROUND;
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

function hull(ranges: readonly PageRange[]): PageRange {
  const start = Math.min(...ranges.map((range) => range.start));
  return { start, pages: Math.max(...ranges.map((range) => range.start + range.pages)) - start };
}
