/**
 * Memory hotplug by sections, one step at a time.
 *
 *     offline: drain ─▶ isolate ─▶ test ─▶ remove        an isolation that is refused, or an abort: ─▶ undo
 *     online:  undo (added pages come isolated, and are released pageblock by pageblock)
 *
 * Between the test and the removal nobody looks again: all that keeps the pages there is that nobody takes from lists
 * of type isolate. Source: `duyck-line.md` A.6.
 */
import { match } from "ts-pattern";
import type { OfflineAction, OnlineAction } from "./alphabet/action.ts";
import { sectionsOf, zoneOf } from "./alphabet/geometry.ts";
import type { Hotplug } from "./alphabet/guest.ts";
import { pagesOf } from "./alphabet/units.ts";
import type { Pages, Pfn } from "./alphabet/units.ts";
import { blockAt, blocksIn, blocksOver, dropBlock, orderOf, pageblocksOver, pageblockType } from "./blocks.ts";
import { freeOne, remove } from "./buddy.ts";
import { setIsolate, unsetIsolate } from "./isolation.ts";
import { drainCache } from "./pcp.ts";
import type { Turn } from "./state.ts";

/** Begins to take a section away, if all of it is there and nothing else is under way. */
export function offline(turn: Turn, { start, pages }: OfflineAction): void {
  if (turn.state.hotplug !== undefined || !isSection(turn, start, pages) || presentPages(turn, start, pages) < pages) {
    return;
  }
  const cached = turn.settings.pcp.maxOrder >= 0 || turn.settings.pcp.huge;
  turn.state.hotplug = { kind: "offline", start, pages, phase: cached ? "drain" : "isolate", done: 0 };
}

/** Adds a section, if none of it is there and nothing else is under way: isolated first. */
export function online(turn: Turn, { start, pages }: OnlineAction): void {
  if (turn.state.hotplug !== undefined || !isSection(turn, start, pages) || presentPages(turn, start, pages) > 0) {
    return;
  }
  const { pageblockOrder } = turn.geometry;
  const zone = turn.zones[zoneOf(turn.geometry, start)];
  const pageblocks = pageblocksOver(turn, start, pages);
  for (const pageblock of pageblocks) {
    zone.pageblocks[pageblock] = "isolate";
  }
  zone.isolatedPageblocks += pageblocks.length;
  turn.events.push({ event: "online", start, pages });
  for (const pageblock of pageblocks) {
    freeOne(turn, pageblock, pageblockOrder, "isolate", { toTail: true, notify: true });
  }
  turn.state.hotplug = { kind: "online", start, pages, phase: "undo", done: 0 };
}

/** The administrator gives up. It is too late once the pages passed the test. */
export function abort(turn: Turn): void {
  const op = turn.state.hotplug;
  if (op?.kind === "offline" && (op.phase === "drain" || op.phase === "isolate" || op.phase === "test")) {
    undoOrEnd(turn, op);
  }
}

/** The next step of the operation under way. */
export function hotplug(turn: Turn): void {
  const op = turn.state.hotplug;
  if (op === undefined) {
    return;
  }
  match(op.phase)
    .with("drain", () => drainNext(turn, op))
    .with("isolate", () => isolateNext(turn, op))
    .with("test", () => test(turn, op))
    .with("remove", () => removeAll(turn, op))
    .with("undo", () => undoNext(turn, op))
    .exhaustive();
}

/** A CPU that is inside the reporter is waited for. */
function drainNext(turn: Turn, op: Hotplug): void {
  if (turn.design.busy?.(turn.state.reporter, op.done)) {
    return;
  }
  drainCache(turn, zoneOf(turn.geometry, op.start), op.done);
  const done = op.done + 1;
  turn.state.hotplug = done === turn.settings.cpus ? { ...op, phase: "isolate", done: 0 } : { ...op, done };
}

/** The first pageblock, then the last, then those between: `start_isolate_page_range`. */
function isolateNext(turn: Turn, op: Hotplug): void {
  const [first, ...rest] = pageblocksOver(turn, op.start, op.pages);
  const order = rest.length === 0 ? [first] : [first, ...rest.slice(-1), ...rest.slice(0, -1)];
  if (!setIsolate(turn, order[op.done])) {
    undoOrEnd(turn, op);
    return;
  }
  const done = op.done + 1;
  turn.state.hotplug = done === order.length ? { ...op, phase: "test", done: 0 } : { ...op, done };
}

/** `test_pages_isolated`: every page in a free block? If not, it stays at this, until somebody gives up. */
function test(turn: Turn, op: Hotplug): void {
  const blocks = blocksOver(turn, op.start, op.pages);
  if (blocks.every((pfn) => blockAt(turn, pfn)?.owner === "free")) {
    turn.state.hotplug = { ...op, phase: "remove", done: 0 };
  }
}

/** All pages are gone, whoever has them by now. */
function removeAll(turn: Turn, op: Hotplug): void {
  for (const pfn of blocksIn(turn, op.start, op.pages)) {
    if (blockAt(turn, pfn)?.owner === "free") {
      remove(turn, pfn);
    } else {
      dropBlock(turn, pfn);
    }
  }
  const zone = turn.zones[zoneOf(turn.geometry, op.start)];
  const pageblocks = pageblocksOver(turn, op.start, op.pages);
  for (const pageblock of pageblocks) {
    zone.pageblocks[pageblock] = "movable";
  }
  zone.isolatedPageblocks -= pageblocks.length;
  turn.events.push({ event: "offline", start: op.start, pages: op.pages });
  turn.state.hotplug = undefined;
}

function undoNext(turn: Turn, op: Hotplug): void {
  const [lowest, ...rest] = isolatedPageblocks(turn, op);
  if (lowest !== undefined) {
    unsetIsolate(turn, lowest);
  }
  turn.state.hotplug = rest.length === 0 ? undefined : { ...op, done: op.done + 1 };
}

function undoOrEnd(turn: Turn, op: Hotplug): void {
  turn.state.hotplug = isolatedPageblocks(turn, op).length === 0 ? undefined : { ...op, phase: "undo", done: 0 };
}

function isolatedPageblocks(turn: Turn, op: Hotplug): Pfn[] {
  return pageblocksOver(turn, op.start, op.pages).filter((pageblock) => pageblockType(turn, pageblock) === "isolate");
}

function isSection(turn: Turn, start: Pfn, pages: Pages): boolean {
  const zone = turn.geometry.zones[zoneOf(turn.geometry, start)];
  const sections = zone === undefined ? [] : sectionsOf(turn.geometry, zone);
  return sections.some((section) => section.start === start && section.pages === pages);
}

/** Pages of a range that are in a block. */
function presentPages(turn: Turn, start: Pfn, pages: Pages): Pages {
  const overlap = (pfn: Pfn): Pages => {
    const end = pfn + pagesOf(orderOf(turn, pfn));
    return Math.min(end, start + pages) - Math.max(pfn, start);
  };
  return blocksOver(turn, start, pages).reduce((sum, pfn) => sum + overlap(pfn), 0);
}
