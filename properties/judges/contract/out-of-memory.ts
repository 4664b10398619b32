/** `fake-oom`: told that memory is out, because of pages that are only held. `wire.md`, "The contract"; seed 001. */
import type { AllocFailedEvent, Geometry } from "../../../model/alphabet/index.ts";
import { pagesOf } from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import { amount, rangeText, violation } from "./explain.ts";
import type { PageStates, Usable } from "./pages.ts";
import type { Span } from "./spans.ts";
import type { States } from "./states.ts";
import { ANY_FREE, ANY_HELD, UNKNOWN } from "./states.ts";

const FREE_NOW: States = ANY_FREE | UNKNOWN;
const FREE_AFTER_RELEASE: States = ANY_FREE | ANY_HELD;

/** True where the caller could have got his block without waiting for the reporter; unknown pages count as free. */
export function isMemoryFree(geometry: Geometry, pages: PageStates, event: AllocFailedEvent): boolean {
  return zoneThatCan(geometry, pages, event, "now", FREE_NOW) !== undefined;
}

/** The violation where memory is not free, but would be had the reporter given back what it holds. */
export function fakeOutOfMemory(geometry: Geometry, pages: PageStates, event: AllocFailedEvent): Violation | undefined {
  const span = zoneThatCan(geometry, pages, event, "after-release", FREE_AFTER_RELEASE);
  if (span === undefined) return undefined;
  const { name, watermarks } = geometry.zones[span.zone];
  const held = pages.count(span, ANY_HELD);
  const free = pages.count(span, ANY_FREE);
  const start =
    pages.firstBlock(span, event.order, FREE_AFTER_RELEASE, ANY_HELD) ??
    pages.firstBlock(span, event.order, FREE_AFTER_RELEASE, FREE_AFTER_RELEASE) ??
    span.start;
  const block = { start, pages: pagesOf(event.order) };
  const kept = watermarks.min === 0 ? "" : ` and leave the minimum of ${amount(watermarks.min, "page")}`;
  return violation(
    "fake-oom",
    `a caller is told that memory is out for order ${event.order}, but in zone ${name} ` +
      `${amount(held, "page")} ${held === 1 ? "is" : "are"} held by the reporter beside ${free} free: ` +
      `giving ${held === 1 ? "it" : "them"} back would make ${rangeText(block)} free${kept}. ` +
      `Held pages are only blocked for a moment`,
    block,
  );
}

function zoneThatCan(
  geometry: Geometry,
  pages: PageStates,
  event: AllocFailedEvent,
  usable: Usable,
  states: States,
): Span | undefined {
  return pages.spans.find((span) => {
    const { node, watermarks } = geometry.zones[span.zone];
    return (
      (event.node === undefined || event.node === node) &&
      pages.hasUsable(span, event.order, usable) &&
      pages.count(span, states) - pagesOf(event.order) >= watermarks.min
    );
  });
}
