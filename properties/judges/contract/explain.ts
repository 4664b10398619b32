/** How the contract tells what is wrong: for people, in one or two sentences. Only violations come here. */
import type { Block, PageRange } from "../../../model/alphabet/index.ts";
import { pagesOf } from "../../../model/alphabet/index.ts";
import type { PropertyId, Violation } from "../properties.ts";
import type { States } from "./states.ts";
import { ABSENT, ALLOCATED, ANY_FLIGHT, FREE, MARKED, UNKNOWN } from "./states.ts";

export function rangeOf(block: Block): PageRange {
  return { start: block.pfn, pages: pagesOf(block.order) };
}

export function blockText(block: Block): string {
  return `${rangeText(rangeOf(block))} (order ${block.order})`;
}

/** `pages 8-11`, or `page 8`. */
export function rangeText({ start, pages }: PageRange): string {
  return pages === 1 ? `page ${start}` : `pages ${start}-${start + pages - 1}`;
}

/** "1 page", "2 pages". */
export function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Who has pages in this one state. */
export function ownerText(states: States): string {
  if ((states & ANY_FLIGHT) !== 0) return "held by the reporter, in flight to the host";
  if ((states & FREE) !== 0) return "free";
  if ((states & MARKED) !== 0) return "free and marked reported";
  if ((states & ALLOCATED) !== 0) return "allocated";
  if ((states & ABSENT) !== 0) return "absent (a hole, or offline)";
  if ((states & UNKNOWN) !== 0) return "not seen so far";
  return "held by the reporter";
}

export function violation(property: PropertyId, explanation: string, pages?: PageRange): Violation {
  return pages === undefined ? { property, explanation } : { property, explanation, pages };
}
