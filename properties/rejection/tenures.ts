/**
 * How pages came to be where they are: for every page concerned, the events of its latest tenure, from the one with
 * which somebody took it. A tenure begins with alloc, isolate or offline (or submit, where isolate is unseen); what is
 * older explains nothing any more and is forgotten, so the memory is that of the pages concerned, however many events come.
 */
import type { Event, PageRange, Pfn } from "../../model/alphabet/index.ts";
import type { Placed } from "./rejection.ts";
import { merged } from "./words.ts";

/** Neighbouring pages with the same tenure. */
export interface Tenure {
  readonly start: Pfn;
  readonly end: Pfn;
  /** Oldest first. */
  readonly events: readonly Placed[];
}

/** The most events of one tenure: of more, the first and the latest are kept. */
const LONGEST = 8;
const NOTHING: readonly Placed[] = [];

export class Tenures {
  readonly #tenures: Tenure[];
  readonly #releaseIsUnseen: boolean;

  constructor(concern: readonly PageRange[], unseen: readonly string[]) {
    this.#releaseIsUnseen = unseen.includes("release");
    this.#tenures = merged(concern).map(({ start, pages }) => ({ start, end: start + pages, events: NOTHING }));
  }

  /** True where any of these pages is of concern. */
  concerns(ranges: readonly PageRange[]): boolean {
    return ranges.some(({ start, pages }) => this.of({ start, pages }).length > 0);
  }

  /** An event happened to these pages. */
  note(placed: Placed, ranges: readonly PageRange[]): void {
    for (const { start, pages } of ranges) {
      const end = start + pages;
      const [first, behind] = this.#touching(start, end);
      if (first === behind) continue;
      const parts = this.#tenures.slice(first, behind).flatMap((tenure) => {
        const from = Math.max(start, tenure.start);
        const to = Math.min(end, tenure.end);
        return [
          { ...tenure, end: from },
          { start: from, end: to, events: this.#next(tenure.events, placed) },
          { ...tenure, start: to },
        ].filter((part) => part.start < part.end);
      });
      // Only there can neighbours have become the same: the others, thousands perhaps, are not looked at.
      const before = this.#tenures.slice(Math.max(0, first - 1), first);
      const after = this.#tenures.slice(behind, behind + 1);
      const all = joined([...before, ...parts, ...after]);
      this.#tenures.splice(first - before.length, before.length + behind - first + after.length, ...all);
    }
  }

  /** The tenures of these pages, ascending, cut to them. */
  of({ start, pages }: PageRange): Tenure[] {
    const end = start + pages;
    return this.#tenures
      .slice(...this.#touching(start, end))
      .map((tenure) => ({ ...tenure, start: Math.max(start, tenure.start), end: Math.min(end, tenure.end) }));
  }

  /** The place of the first tenure that has a page of these, and that behind the last. */
  #touching(start: Pfn, end: Pfn): [number, number] {
    const first = this.#count((tenure) => tenure.end <= start);
    return [
      first,
      Math.max(
        first,
        this.#count((tenure) => tenure.start < end),
      ),
    ];
  }

  /** How many tenures, from the lowest on, something is true of that is true of no higher one. */
  #count(is: (tenure: Tenure) => boolean): number {
    let low = 0;
    let high = this.#tenures.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (is(this.#tenures[middle])) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #next(events: readonly Placed[], placed: Placed): readonly Placed[] {
    if (this.#begins(events.at(-1)?.event, placed.event)) return [...stillOpen(events), placed];
    return events.length < LONGEST ? [...events, placed] : [events[0], ...events.slice(2), placed];
  }

  #begins(latest: Event | undefined, event: Event): boolean {
    if (event.event === "submit") return latest === undefined || this.#frees(latest);
    return event.event === "alloc" || event.event === "isolate" || event.event === "offline";
  }

  #frees({ event }: Event): boolean {
    return event === "free" || event === "release" || event === "online" || (event === "ack" && this.#releaseIsUnseen);
  }
}

/** The submit that nobody has acked: of pages taken while in flight it explains more than anything else. */
function stillOpen(events: readonly Placed[]): readonly Placed[] {
  const submitted = events.findLastIndex(({ event }) => event.event === "submit");
  const isAcked = events.slice(submitted).some(({ event }) => event.event === "ack");
  return submitted < 0 || isAcked ? NOTHING : events.slice(submitted, submitted + 1);
}

/** Neighbours whose events are the same ones are one tenure again. */
function joined(tenures: readonly Tenure[]): Tenure[] {
  const all: Tenure[] = [];
  for (const tenure of tenures) {
    const before = all.at(-1);
    if (before?.end === tenure.start && isSame(before.events, tenure.events)) {
      all[all.length - 1] = { ...before, end: tenure.end };
    } else all.push(tenure);
  }
  return all;
}

function isSame(one: readonly Placed[], other: readonly Placed[]): boolean {
  return one.length === other.length && one.every(({ index }, at) => index === other[at].index);
}
