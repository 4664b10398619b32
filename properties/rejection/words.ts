/** Events and pages in the words of rejections. */
import type { Event, PageRange } from "../../model/alphabet/index.ts";
import { rangeOf, rangeText } from "../judges/contract/explain.ts";
import type { PageRun, Unit } from "./rejection.ts";

/** The pages that an event names; none where it names none. */
export function rangesOf(event: Event): readonly PageRange[] {
  switch (event.event) {
    case "alloc":
    case "free":
    case "write":
    case "isolate":
    case "discard":
    case "release":
      return [rangeOf(event)];
    case "submit":
      return event.ranges.map(rangeOf);
    case "offline":
    case "online":
      return [{ start: event.start, pages: event.pages }];
    default:
      return [];
  }
}

export function overlap(one: PageRange, other: PageRange): boolean {
  return one.start < other.start + other.pages && other.start < one.start + one.pages;
}

/** `8-11`, or `8` alone. */
export function span({ start, pages }: PageRange): string {
  return pages === 1 ? `${start}` : `${start}-${start + pages - 1}`;
}

/** The most ranges that are named one by one. */
const MOST_NAMED = 4;

/** `pages 8-11 and 16-19`; of many the first few, and how many more there are. */
export function allPages(ranges: readonly PageRange[]): string {
  if (ranges.length === 0) return "no pages";
  if (ranges.length === 1) return rangeText(ranges[0]);
  const named = ranges.slice(0, MOST_NAMED).map(span);
  const more = ranges.length - named.length;
  return `pages ${listed(more === 0 ? named : [...named, `${more} more blocks`])}`;
}

/** The same pages in as few ranges as may be, ascending. */
export function merged(ranges: readonly PageRange[]): PageRange[] {
  const found: PageRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last === undefined || range.start > last.start + last.pages) found.push(range);
    else {
      const end = Math.max(last.start + last.pages, range.start + range.pages);
      found[found.length - 1] = { start: last.start, pages: end - last.start };
    }
  }
  return found;
}

/** `one, two and three`. */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** `line 12`. */
export function numbered(unit: Unit, at: number): string {
  return `${unit} ${at}`;
}

/** Who has these pages: `in flight with request 7`. */
export function ownerText({ owner, marked, acked, request }: Omit<PageRun, "start" | "pages">): string {
  if (request !== undefined) return `in flight with request ${request}`;
  if (owner === "held") return acked ? "held by the reporter, acked" : "held by the reporter";
  if (owner === "free") return marked ? "free, reported" : "free";
  return owner === "unknown" ? "not seen yet" : owner;
}

/**
 * An event as a thing: `the free of pages 8-11`.
 * @param ranges of several events alike all their pages
 */
export function deed(event: Event, ranges = rangesOf(event)): string {
  const pages = allPages(ranges);
  switch (event.event) {
    case "alloc":
      return `the alloc of ${pages}${forTicket(event)}`;
    case "ack":
      return `the ack of request ${event.request}${event.ok ? "" : " (refused)"}`;
    case "submit":
      return `the submit of ${pages} with request ${event.request}`;
    case "discard":
      return `the discard of ${pages} for request ${event.request}`;
    case "release":
      return `the release of ${pages}${event.reported ? " as reported" : ""}`;
    case "alloc-failed":
      return `the alloc-failed of order ${event.order}${forTicket(event)}`;
    case "alloc-waits":
      return `the alloc-waits with ticket ${event.ticket}`;
    case "unregistered":
      return "the unregistering of the device";
    case "registered":
      return "the registering of the device";
    case "idle":
      return "the idle";
    default:
      return `the ${event.event} of ${pages}`;
  }
}

function forTicket({ ticket }: { readonly ticket?: number }): string {
  return ticket === undefined ? "" : ` for ticket ${ticket}`;
}

/** What has happened with an event: `pages 8-11 were freed`. */
export function happened(event: Event): string {
  const [subject, verb, deedDone] = passive(event, rangesOf(event));
  return `${subject} ${verb} ${deedDone}`;
}

/** What should have happened: `pages 8-11 had been freed`. @param ranges of several events alike all their pages */
export function hadHappened(event: Event, ranges = rangesOf(event)): string {
  const [subject, , deedDone] = passive(event, ranges);
  return `${subject} had been ${deedDone}`;
}

function passive(event: Event, ranges: readonly PageRange[]): [subject: string, verb: "was" | "were", deed: string] {
  const pages = allPages(ranges);
  const were = ranges.length === 1 && ranges[0].pages === 1 ? "was" : "were";
  switch (event.event) {
    case "alloc":
      return [pages, were, `allocated${forTicket(event)}`];
    case "free":
      return [pages, were, "freed by the owner"];
    case "write":
      return [pages, were, "written by the owner"];
    case "isolate":
      return [pages, were, "taken by the reporter (isolate)"];
    case "submit":
      return [pages, were, `submitted with request ${event.request}`];
    case "discard":
      return [pages, were, `discarded by the host for request ${event.request}`];
    case "ack":
      return [`request ${event.request}`, "was", event.ok ? "acked" : "refused by the host (ack, not ok)"];
    case "release":
      return [pages, were, `given back (release)${event.reported ? " as reported" : ""}`];
    case "offline":
      return [pages, were, "taken away by the administrator (offline)"];
    case "online":
      return [pages, were, "added by the administrator (online)"];
    case "alloc-failed":
      return [
        `the caller of order ${event.order}${event.ticket === undefined ? "" : ` with ticket ${event.ticket}`}`,
        "was",
        event.reason === "would-block" ? "told would-block" : "told that memory is out",
      ];
    case "alloc-waits":
      return [`the caller of order ${event.order}`, "was", `put to sleep with ticket ${event.ticket}`];
    case "unregistered":
      return ["the device", "was", "unregistered"];
    case "registered":
      return ["the device", "was", "registered"];
    case "idle":
      return ["the reporter", "was", "idle"];
  }
}
