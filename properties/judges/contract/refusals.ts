/**
 * What is wrong with an event, in the order of the table in `wire.md`, "The contract": `exclusion`, `ownership`,
 * `well-formed`, and then what the event itself breaks. Only events that break something pay for the search here.
 */
import type { Block, DiscardEvent, Geometry, PageRange, Pfn, SubmitEvent } from "../../../model/alphabet/index.ts";
import { pagesOf, sectionPagesOf } from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import { amount, blockText, ownerText, rangeOf, rangeText, violation } from "./explain.ts";
import type { PageStates } from "./pages.ts";
import type { OpenRequest, OpenRequests } from "./requests.ts";
import type { Rule } from "./rules.ts";
import type { Sleeper } from "./sleepers.ts";
import type { Span } from "./spans.ts";
import type { States } from "./states.ts";
import { ALL_STATES, ANY_FLIGHT, ANY_FREE, ANY_HELD, FREE } from "./states.ts";

const IDLE_HELD: States = ANY_HELD & ~ANY_FLIGHT;

export class Refusals {
  private readonly geometry: Geometry;
  private readonly pages: PageStates;
  private readonly requests: OpenRequests;
  private readonly unit: string;

  constructor(geometry: Geometry, pages: PageStates, requests: OpenRequests, unit: "event" | "line" | "step") {
    this.geometry = geometry;
    this.pages = pages;
    this.requests = requests;
    this.unit = unit;
  }

  /** What is wrong with taking these blocks as the rule says. */
  ofBlocks(blocks: readonly Block[], rule: Rule): Violation | undefined {
    return (
      firstOf(blocks, (block) => this.exclusion(rangeOf(block), rule)) ??
      firstOf(blocks, (block) => this.ownership(rangeOf(block), rule)) ??
      firstOf(blocks, (block) => this.ofShape(block, rule.name))
    );
  }

  /** What is wrong with a hotplug range. */
  ofRange(range: PageRange, rule: Rule): Violation | undefined {
    return this.exclusion(range, rule) ?? this.ownership(range, rule) ?? this.sections(range, rule.name);
  }

  /** `well-formed`, of one block. */
  ofShape(block: Block, name: string): Violation | undefined {
    const { maxOrder } = this.geometry;
    if (block.order > maxOrder) {
      return malformed(`${name} of order ${block.order}: the largest block is of order ${maxOrder}`, rangeOf(block));
    }
    const size = pagesOf(block.order);
    if (block.pfn % size !== 0) {
      return malformed(
        `${name} of ${blockText(block)}: a block of ${amount(size, "page")} begins at a multiple of ${size}`,
        rangeOf(block),
      );
    }
    if (this.pages.spanOf(block.pfn) === undefined) {
      return malformed(`${name} of ${blockText(block)}: no zone has these pages`, rangeOf(block));
    }
    return undefined;
  }

  /** `well-formed`, of a request whose ranges are in order each. */
  ofRequest({ request, ranges }: SubmitEvent): Violation | undefined {
    const { capacity, reportOrder } = this.geometry;
    if (ranges.length === 0) return malformed(`request ${request} is empty: it names no pages`);
    if (ranges.length > capacity) {
      return malformed(`request ${request} names ${ranges.length} ranges: at most ${capacity} fit in one request`);
    }
    const open = this.requests.get(request);
    if (open !== undefined) {
      return malformed(`request ${request} is submitted while a request of that number is open (${this.since(open)})`);
    }
    for (const range of ranges) {
      if (range.order < reportOrder) {
        return malformed(
          `request ${request} names ${blockText(range)}: the smallest order that may be reported is ${reportOrder}`,
          rangeOf(range),
        );
      }
    }
    return undefined;
  }

  ofSubmitWhileUnregistered({ request }: SubmitEvent, unregisteredAt: number): Violation {
    return violation(
      "quiet",
      `request ${request} is submitted although the device went away at ${this.unit} ${unregisteredAt}: ` +
        `nobody would answer it`,
    );
  }

  ofDiscard(event: DiscardEvent, open: OpenRequest | undefined): Violation {
    const what = `the host discards ${blockText(event)} for request ${event.request}`;
    return violation(
      "host-window",
      open === undefined
        ? `${what}, which is not open: it was never submitted, or was acked already`
        : `${what}, but that request (${this.since(open)}) does not name all of these pages`,
      rangeOf(event),
    );
  }

  ofMark(block: Block): Violation {
    return violation(
      "truthful-mark",
      `the block of ${blockText(block)} comes back as reported, but not all of its pages were acked with ok since they were last ` +
        `isolated: the host may never have dropped them, and nobody will report them again`,
      rangeOf(block),
    );
  }

  ofStranded(when: string, span: Span, held: number): Violation {
    const run = this.run(span, span.start, span.end, ANY_HELD);
    return violation(
      "stranded",
      `${when} with no request open, but ${amount(held, "page")} of zone ${this.geometry.zones[span.zone].name} ` +
        `${held === 1 ? "is" : "are"} still held by the reporter (${run.pages < held ? "first " : ""}${rangeText(run)}): nobody will give them back`,
      run,
    );
  }

  ofSleeper(when: string, { ticket, at }: Sleeper): Violation {
    return violation(
      "stranded",
      `${when} with no request open, but the caller with ticket ${ticket} still sleeps ` +
        `(since ${this.unit} ${at}): nothing is left that would wake him`,
    );
  }

  ofIncomplete(span: Span): Violation {
    const order = this.geometry.reportOrder;
    const start = this.pages.firstBlock(span, order, ANY_FREE, FREE) ?? span.start;
    return violation(
      "completeness",
      `the reporter says that it is idle, but the block of ${blockText({ pfn: start, order })} of zone ` +
        `${this.geometry.zones[span.zone].name} could be reported: it is wholly free and not wholly reported`,
      { start, pages: pagesOf(order) },
    );
  }

  private exclusion(range: PageRange, rule: Rule): Violation | undefined {
    const found = this.find(range, rule.excludes);
    if (found === undefined) return undefined;
    const { run, state } = found;
    if ((state & ANY_FLIGHT) === 0) {
      const explanation = `${about(range, run, rule)} ${ownerText(state)}: the host would drop what somebody uses`;
      return violation("exclusion", explanation, run);
    }
    const holder = this.requests.holding(run.start);
    const who =
      holder === undefined
        ? ownerText(state)
        : `in flight with request ${holder.open.request} (${this.since(holder.open)})`;
    return violation("exclusion", `${about(range, run, rule)} ${who}: ${rule.danger}`, run);
  }

  private ownership(range: PageRange, rule: Rule): Violation | undefined {
    const found = this.find(range, ALL_STATES & ~rule.takes);
    if (found === undefined) return undefined;
    const { run, state } = found;
    return violation("ownership", `${about(range, run, rule)} ${ownerText(state)}, not ${rule.expected}`, run);
  }

  private sections(range: PageRange, name: string): Violation | undefined {
    const span = this.pages.spanOf(range.start);
    const end = range.start + range.pages;
    const what = `${name} of ${amount(range.pages, "page")} from page ${range.start}`;
    if (span === undefined) return malformed(`${what}: no zone has these pages`, range);
    const zone = this.geometry.zones[span.zone];
    if (end > span.end) return malformed(`${what}: zone ${zone.name} ends at page ${span.end - 1}`, range);
    const section = sectionPagesOf(this.geometry, zone);
    const begins = (range.start - span.start) % section === 0;
    const ends = (end - span.start) % section === 0 || end === span.end;
    if (begins && ends && range.pages > 0) return undefined;
    return malformed(
      `${what}: zone ${zone.name} has sections of ${section} pages from page ${span.start} on, ` +
        `and only whole ones come and go`,
      range,
    );
  }

  /** The first pages in the range that are in one of these states, in whichever zone. */
  private find(range: PageRange, states: States): { run: PageRange; state: States } | undefined {
    const end = range.start + range.pages;
    for (const span of this.pages.spans) {
      if (range.start >= span.end || end <= span.start) continue;
      if ((this.pages.statesIn(span, range.start, end) & states) === 0) continue;
      const run = this.run(span, Math.max(range.start, span.start), Math.min(end, span.end), states);
      return { run, state: this.pages.statesOf(span, run.start, 0) };
    }
    return undefined;
  }

  /** The first pages from `start` on that are in the same one of these states. */
  private run(span: Span, start: Pfn, end: Pfn, states: States): PageRange {
    const first = this.pages.firstIn(span, start, end, states);
    const same = this.pages.statesOf(span, first, 0);
    const kin = (same & IDLE_HELD) === 0 ? same : IDLE_HELD;
    return { start: first, pages: this.pages.firstIn(span, first, end, ALL_STATES & ~kin) - first };
  }

  private since(open: OpenRequest): string {
    return `submitted at ${this.unit} ${open.at}, not acked yet`;
  }
}

/** "alloc of pages 8-15: page 9 is", ready for who has it. */
function about(range: PageRange, run: PageRange, rule: Rule): string {
  const all = run.start === range.start && run.pages === range.pages;
  const verb = run.pages === 1 ? "is" : "are";
  return all
    ? `${rule.name} of ${rangeText(range)}, which ${verb}`
    : `${rule.name} of ${rangeText(range)}: ${rangeText(run)} ${verb}`;
}

function malformed(explanation: string, pages?: PageRange): Violation {
  return violation("well-formed", explanation, pages);
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
