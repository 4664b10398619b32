/**
 * Lockstep: model and implementation answer every action with the same events and reach the same state. Everything
 * that a view shows is compared after every step, list by list in order; nothing is sampled.
 */
import { MIGRATETYPES, NONE, type Event, type View, type ZoneIndex } from "../../model/alphabet/index.ts";
import type { Violation } from "./properties.ts";

/** The first difference between what the two answered and became, or undefined. */
export function compare(
  expected: { readonly events: readonly Event[]; readonly view: View },
  actual: { readonly events: readonly Event[]; readonly view: View },
): Violation | undefined {
  return compareEvents(expected.events, actual.events) ?? compareViews(expected.view, actual.view);
}

function compareEvents(expected: readonly Event[], actual: readonly Event[]): Violation | undefined {
  const length = Math.max(expected.length, actual.length);
  for (let at = 0; at < length; at++) {
    if (at < expected.length && at < actual.length && same(expected[at], actual[at])) continue;
    return differ(`event ${at} of this step`, tell(expected[at]), tell(actual[at]));
  }
  return undefined;
}

function compareViews(expected: View, actual: View): Violation | undefined {
  for (let zone = 0; zone < expected.geometry.zones.length; zone++) {
    const violation = compareZones(expected, actual, zone);
    if (violation !== undefined) return violation;
  }
  return (
    unlike("blocks held by the reporter", expected.held(), actual.held()) ??
    unlike("waiting callers", expected.waiters(), actual.waiters()) ??
    unlike("the hotplug operation", expected.hotplug(), actual.hotplug()) ??
    unlike("the report order", expected.reportOrder(), actual.reportOrder()) ??
    unlike("registered", expected.registered(), actual.registered()) ??
    unlike("frozen", expected.frozen(), actual.frozen()) ??
    unlike("resting", expected.resting(), actual.resting()) ??
    unlike("the reporter's state", expected.reporter(), actual.reporter())
  );
}

function compareZones(expected: View, actual: View, zone: ZoneIndex): Violation | undefined {
  const { start, pages, name } = expected.geometry.zones[zone];
  if (expected.freePages(zone) !== actual.freePages(zone)) {
    return differ(`free pages of ${name}`, expected.freePages(zone), actual.freePages(zone));
  }
  for (let order = 0; order <= expected.geometry.maxOrder; order++) {
    if (expected.freeBlocks(zone, order) !== actual.freeBlocks(zone, order)) {
      return differ(`free blocks of order ${order} in ${name}`, expected.freeBlocks(zone, order), actual.freeBlocks(zone, order));
    }
    const violation = compareLists(expected, actual, zone, order);
    if (violation !== undefined) return violation;
  }
  for (let pfn = start; pfn < start + pages; pfn++) {
    if (expected.orderAt(pfn) !== actual.orderAt(pfn)) {
      return differ(`the block at ${pfn}: its order`, expected.orderAt(pfn), actual.orderAt(pfn));
    }
    if (expected.orderAt(pfn) >= 0 && expected.owner(pfn) !== actual.owner(pfn)) {
      return differ(`the block at ${pfn}: its owner`, expected.owner(pfn), actual.owner(pfn));
    }
    if (expected.reported(pfn) !== actual.reported(pfn)) {
      return differ(`the block at ${pfn}: its mark`, expected.reported(pfn), actual.reported(pfn));
    }
  }
  return (
    unlike(`isolated pageblocks of ${name}`, expected.isolatedPageblocks(zone), actual.isolatedPageblocks(zone)) ??
    unlike(`highatomic pages of ${name}`, expected.reservedHighatomic(zone), actual.reservedHighatomic(zone)) ??
    comparePageblocks(expected, actual, zone) ??
    compareCaches(expected, actual, zone)
  );
}

function compareLists(expected: View, actual: View, zone: ZoneIndex, order: number): Violation | undefined {
  for (const type of MIGRATETYPES) {
    let one = expected.firstFree(zone, order, type);
    let other = actual.firstFree(zone, order, type);
    while (one === other && one !== NONE) {
      one = expected.nextFree(one);
      other = actual.nextFree(other);
    }
    const boundary = expected.boundary?.(zone, order, type);
    if (one === other && boundary === actual.boundary?.(zone, order, type)) continue;
    const where = `the ${type} list of order ${order} in ${expected.geometry.zones[zone].name}`;
    if (one !== other) return differ(where, freeList(expected, zone, order, type), freeList(actual, zone, order, type));
    return differ(`the boundary of ${where}`, boundary, actual.boundary?.(zone, order, type));
  }
  const marked = expected.reportedBlocks?.(zone, order);
  return unlike(`the counter of reported blocks of order ${order}`, marked, actual.reportedBlocks?.(zone, order));
}

/** The blocks of a free list from head to tail, as text. */
export function freeList(view: View, zone: ZoneIndex, order: number, type: (typeof MIGRATETYPES)[number]): string {
  const blocks: string[] = [];
  // A broken list may run in a circle: no list is longer than its zone.
  const most = view.geometry.zones[zone].pages;
  for (let at = view.firstFree(zone, order, type); at !== NONE && blocks.length <= most; at = view.nextFree(at)) {
    blocks.push(view.reported(at) ? `${at}*` : `${at}`);
  }
  return `[${blocks.join(" ")}]`;
}

function comparePageblocks(expected: View, actual: View, zone: ZoneIndex): Violation | undefined {
  const { start, pages } = expected.geometry.zones[zone];
  for (let pfn = start; pfn < start + pages; pfn += 2 ** expected.geometry.pageblockOrder) {
    if (expected.pageblock(pfn) !== actual.pageblock(pfn)) {
      return differ(`the type of the pageblock at ${pfn}`, expected.pageblock(pfn), actual.pageblock(pfn));
    }
  }
  return undefined;
}

function compareCaches(expected: View, actual: View, zone: ZoneIndex): Violation | undefined {
  const { pcp, cpus } = expected.settings;
  const orders = Array.from({ length: pcp.maxOrder + 1 }, (_, order) => order);
  if (pcp.huge && expected.geometry.pageblockOrder > pcp.maxOrder) orders.push(expected.geometry.pageblockOrder);
  for (let cpu = 0; cpu < cpus; cpu++) {
    for (const order of orders) {
      for (const type of MIGRATETYPES.slice(0, 3)) {
        const where = `the ${type} list of order ${order} of CPU ${cpu}`;
        const violation = unlike(where, expected.cached(zone, cpu, order, type), actual.cached(zone, cpu, order, type));
        if (violation !== undefined) return violation;
      }
    }
  }
  return undefined;
}

function unlike(what: string, expected: unknown, actual: unknown): Violation | undefined {
  return same(expected, actual) ? undefined : differ(what, tell(expected), tell(actual));
}

/** Equality of plain data. */
function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const left = Object.entries(one);
  const right = new Map<string, unknown>(Object.entries(other));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)));
}

function tell(value: unknown): string {
  return value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
}

function differ(what: string, expected: unknown, actual: unknown): Violation {
  return { property: "lockstep", explanation: `${what}: the model has ${tell(expected)}, the implementation ${tell(actual)}` };
}
