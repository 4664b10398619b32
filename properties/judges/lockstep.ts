/**
 * Lockstep: model and implementation answer every action with the same events and reach the same state. Everything
 * that a view shows is compared after every step, list by list in order; nothing is sampled.
 *
 * Lists, blocks, pageblocks and counters are compared as flat words. Only where those differ are the two asked one by
 * one, in the order in which a person wants to hear it, what it is.
 */
import {
  FREE_TAG,
  Layout,
  MIGRATETYPES,
  NONE,
  OWNER_BITS,
  REPORTED_BIT,
  OWNER_ORDER_BITS,
  orderOfTag,
  type Event,
  type Order,
  type Pfn,
  type View,
  type Words,
  type ZoneIndex,
} from "../../model/alphabet/index.ts";
import type { Violation } from "./properties.ts";

/** What a guest answered, and what became of it. */
export interface Outcome {
  readonly events: readonly Event[];
  readonly view: View;
}

export class Lockstep {
  readonly #layout: Layout;

  constructor(view: View) {
    this.#layout = new Layout(view.geometry);
  }

  /** The first difference between what the two answered and became, or undefined. */
  compare(expected: Outcome, actual: Outcome): Violation | undefined {
    return compareEvents(expected.events, actual.events) ?? this.#compareViews(expected.view, actual.view);
  }

  #compareViews(expected: View, actual: View): Violation | undefined {
    const words = { expected: expected.words(), actual: actual.words() };
    const node = this.#differing(words.expected, words.actual);
    if (node !== SAME) return explain(expected, actual, this.#layout.pfnOf(node));
    if (!sameBoundaries(words, expected.geometry.zones.length)) return explain(expected, actual, NONE);
    return (
      compareCaches(expected, actual) ??
      compareReporters(expected, actual) ??
      this.#compareNoted(words.expected.tags, expected, actual)
    );
  }

  /** Of every free block that may be reported: will the reporter yet look at it? */
  #compareNoted(tags: Uint16Array, expected: View, actual: View): Violation | undefined {
    const least = expected.reportOrder();
    for (let page = 0; page < this.#layout.pages; page++) {
      const order = orderOfTag(tags[page]);
      if ((tags[page] & OWNER_BITS) !== FREE_TAG || order < least) continue;
      const pfn = this.#layout.pfnOf(page);
      const [one, other] = [expected.noted(pfn, order), actual.noted(pfn, order)];
      if (one !== other) return differ(`free block ${pfn} of order ${order}: noted`, one, other);
    }
    return undefined;
  }

  /** The first node or other place at which the words differ, or SAME. */
  #differing(expected: Words, actual: Words): number {
    const { pages } = this.#layout;
    for (let page = 0; page < pages; page++) {
      const tag = expected.tags[page];
      if ((tag & OWNER_BITS) !== FREE_TAG) {
        if (((tag ^ actual.tags[page]) & (OWNER_ORDER_BITS | REPORTED_BIT)) !== 0) return page;
      } else if (
        tag !== actual.tags[page] ||
        expected.next[page] !== actual.next[page] ||
        expected.previous[page] !== actual.previous[page]
      ) {
        return page;
      }
    }
    for (let head = pages; head < expected.next.length; head++) {
      if (expected.next[head] !== actual.next[head] || expected.previous[head] !== actual.previous[head]) return head;
    }
    const same =
      sameWords(expected.types, actual.types) &&
      sameWords(expected.freeBlocks, actual.freeBlocks) &&
      sameWords(expected.freePages, actual.freePages) &&
      sameWords(expected.isolatedPageblocks, actual.isolatedPageblocks) &&
      sameWords(expected.reservedHighatomic, actual.reservedHighatomic) &&
      sameWords(expected.reportedBlocks ?? NOTHING, actual.reportedBlocks ?? NOTHING);
    return same ? SAME : ELSEWHERE;
  }
}

/** The types that have lists in a cache. */
const CACHED_TYPES = MIGRATETYPES.slice(0, 3);
/** No node: the words are the same; they differ in what is no node. */
const SAME = -1;
const ELSEWHERE = -2;
const NOTHING: readonly number[] = [];

function sameWords(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

function compareEvents(expected: readonly Event[], actual: readonly Event[]): Violation | undefined {
  const length = Math.max(expected.length, actual.length);
  for (let at = 0; at < length; at++) {
    if (at < expected.length && at < actual.length && same(expected[at], actual[at])) continue;
    return differ(`event ${at} of this step`, tell(expected[at]), tell(actual[at]));
  }
  return undefined;
}

function sameBoundaries({ expected, actual }: { expected: Words; actual: Words }, zones: number): boolean {
  if (expected.boundaries === undefined && actual.boundaries === undefined) return true;
  for (let zone = 0; zone < zones; zone++) {
    if (!sameWords(expected.boundaries?.(zone) ?? NOTHING, actual.boundaries?.(zone) ?? NOTHING)) return false;
  }
  return true;
}

function compareReporters(expected: View, actual: View): Violation | undefined {
  return (
    unlike("blocks held by the reporter", expected.held(), actual.held()) ??
    unlike("waiting callers", expected.waiters(), actual.waiters()) ??
    unlike("the hotplug operation", expected.hotplug(), actual.hotplug()) ??
    unlike("the report order", expected.reportOrder(), actual.reportOrder()) ??
    unlike("registered", expected.registered(), actual.registered()) ??
    unlike("frozen", expected.frozen(), actual.frozen()) ??
    unlike("resting", expected.resting(), actual.resting()) ??
    unlike("passing", expected.passing(), actual.passing()) ??
    unlike("stopped", expected.stopped(), actual.stopped()) ??
    unlike("CPUs that are stalled", expected.stalled(), actual.stalled()) ??
    unlike("a pass is due", expected.due(), actual.due()) ??
    unlike("the reporter's state", expected.reporter(), actual.reporter())
  );
}

/** What a difference in words is, for people. @param pfn where it shows, or NONE */
function explain(expected: View, actual: View, pfn: Pfn): Violation {
  for (let zone = 0; zone < expected.geometry.zones.length; zone++) {
    const violation = compareZones(expected, actual, zone);
    if (violation !== undefined) return violation;
  }
  const where = pfn === NONE ? "a list" : `the block at ${pfn}`;
  return {
    property: "lockstep",
    explanation: `${where}: the links of the implementation do not agree with the model's lists`,
  };
}

function compareZones(expected: View, actual: View, zone: ZoneIndex): Violation | undefined {
  const { start, pages, name } = expected.geometry.zones[zone];
  if (expected.freePages(zone) !== actual.freePages(zone)) {
    return differ(`free pages of ${name}`, expected.freePages(zone), actual.freePages(zone));
  }
  for (let order = 0; order <= expected.geometry.maxOrder; order++) {
    if (expected.freeBlocks(zone, order) !== actual.freeBlocks(zone, order)) {
      return differ(
        `free blocks of order ${order} in ${name}`,
        expected.freeBlocks(zone, order),
        actual.freeBlocks(zone, order),
      );
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
    comparePageblocks(expected, actual, zone)
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

function compareCaches(expected: View, actual: View): Violation | undefined {
  const { geometry, settings } = expected;
  const { pcp, cpus } = settings;
  const huge = pcp.huge && geometry.pageblockOrder > pcp.maxOrder;
  if (pcp.maxOrder < 0 && !huge) return undefined;
  for (let zone = 0; zone < geometry.zones.length; zone++) {
    for (let cpu = 0; cpu < cpus; cpu++) {
      for (let order = 0; order <= pcp.maxOrder; order++) {
        const violation = compareCache(expected, actual, zone, cpu, order);
        if (violation !== undefined) return violation;
      }
      const violation = huge ? compareCache(expected, actual, zone, cpu, geometry.pageblockOrder) : undefined;
      if (violation !== undefined) return violation;
    }
  }
  return undefined;
}

function compareCache(expected: View, actual: View, zone: ZoneIndex, cpu: number, order: Order): Violation | undefined {
  for (const type of CACHED_TYPES) {
    const [one, other] = [expected.cached(zone, cpu, order, type), actual.cached(zone, cpu, order, type)];
    if (!same(one, other)) return differ(`the ${type} list of order ${order} of CPU ${cpu}`, one, other);
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
  const left = one as Readonly<Record<string, unknown>>;
  const right = other as Readonly<Record<string, unknown>>;
  let fields = 0;
  for (const key in left) {
    if (!(key in right) || !same(left[key], right[key])) return false;
    fields++;
  }
  for (const _ in right) fields--;
  return fields === 0;
}

function tell(value: unknown): string {
  return value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
}

function differ(what: string, expected: unknown, actual: unknown): Violation {
  return {
    property: "lockstep",
    explanation: `${what}: the model has ${tell(expected)}, the implementation ${tell(actual)}`,
  };
}
