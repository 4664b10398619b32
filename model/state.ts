/**
 * The state of a guest: everything that two guests must share to behave the same from here on.
 *
 * Read first: this file, then buddy.ts, alloc.ts, a design, machine.ts. The model is pure: a step takes a state and
 * gives the next one; nothing here is ever changed in place. Source: `duyck-line.md` A.1, with the pageblock rules of
 * Linux 6.12 (A.5, E.8): the list of a free block is always that of its pageblocks' type.
 */
import { freeze } from "immer";
import type { Event } from "./alphabet/event.ts";
import { InputError } from "./alphabet/input-error.ts";
import { inHole } from "./alphabet/geometry.ts";
import type { Geometry, ZoneGeometry } from "./alphabet/geometry.ts";
import { NONE } from "./alphabet/guest.ts";
import type { Hotplug, Waiter } from "./alphabet/guest.ts";
import type { Settings } from "./alphabet/settings.ts";
import { pagesOf } from "./alphabet/units.ts";
import type { Migratetype, Order, Owner, Pages, Pfn } from "./alphabet/units.ts";
import type { Design, Reporter } from "./reporter.ts";

/** A block is a value: it is never changed, only replaced. */
export class Block {
  readonly owner: Exclude<Owner, "absent">;
  readonly order: Order;
  /** Of a free block: the type of the list it stands on. Of an allocated one: the type it was asked for. */
  readonly migratetype: Migratetype | undefined;
  /** The Reported mark: only a free block may carry it. */
  readonly reported: boolean;

  constructor(owner: Exclude<Owner, "absent">, order: Order, migratetype?: Migratetype, reported = false) {
    this.owner = owner;
    this.order = order;
    this.migratetype = migratetype;
    this.reported = reported;
    Object.freeze(this);
  }
}

/** A free list is a value too: the heads of its blocks, from the list's head to its tail. */
export class FreeList {
  readonly blocks: readonly Pfn[];

  constructor(blocks: readonly Pfn[]) {
    this.blocks = blocks;
    Object.freeze(this);
  }
  get length(): number {
    return this.blocks.length;
  }
  get head(): Pfn {
    return this.blocks[0] ?? NONE;
  }
  get tail(): Pfn {
    return this.blocks.at(-1) ?? NONE;
  }
  /** The block after this one, toward the tail, or NONE. */
  after(pfn: Pfn): Pfn {
    return this.blocks[this.blocks.indexOf(pfn) + 1] ?? NONE;
  }
  /** The block before this one, toward the head, or NONE. */
  before(pfn: Pfn): Pfn {
    return this.blocks[this.blocks.indexOf(pfn) - 1] ?? NONE;
  }
  without(pfn: Pfn): FreeList {
    return new FreeList(this.blocks.filter((other) => other !== pfn));
  }
  withHead(pfn: Pfn): FreeList {
    return new FreeList([pfn, ...this.blocks]);
  }
  /** With this block in front of that one; where that is NONE, or is not on the list, at the tail. */
  withBefore(pfn: Pfn, next: Pfn): FreeList {
    const at = this.blocks.includes(next) ? this.blocks.indexOf(next) : this.blocks.length;
    return new FreeList([...this.blocks.slice(0, at), pfn, ...this.blocks.slice(at)]);
  }
  /** Cut before entry `at`; the parts change places, so that it becomes the first. */
  rotated(at: number): FreeList {
    return new FreeList([...this.blocks.slice(at), ...this.blocks.slice(0, at)]);
  }
}

/**
 * What one CPU keeps of one zone: lists, each from the next block to hand out to the last, and the pages on all.
 * The order of the lists: by order, then by type as in `CACHED_TYPES`, huge blocks last. Source: `duyck-line.md` A.9.
 */
export interface CpuCache {
  lists: FreeList[];
  pages: Pages;
}

/** The types that have lists in a cache. */
export const CACHED_TYPES: readonly Migratetype[] = ["unmovable", "movable", "reclaimable"];

/** The orders that have lists in a cache, ascending. */
export function cachedOrders({ pageblockOrder }: Geometry, { pcp }: Settings): Order[] {
  const orders = Array.from({ length: pcp.maxOrder + 1 }, (_, order) => order);
  return pcp.huge && pageblockOrder > pcp.maxOrder ? [...orders, pageblockOrder] : orders;
}

/** The free lists of one order. */
export type FreeArea = Record<Migratetype, FreeList>;

export interface Zone {
  /** By order. */
  lists: FreeArea[];
  /** By the pfn at which the block begins. A page that is in no block is absent. */
  blocks: Record<Pfn, Block>;
  /** By the first pfn of the pageblock, over the zone's whole span, absent pages included. */
  pageblocks: Record<Pfn, Migratetype>;
  /** NR_FREE_PAGES: pages on all lists but those of type isolate. */
  free: Pages;
  isolatedPageblocks: number;
  /** Pages in pageblocks of type highatomic. */
  reservedHighatomic: Pages;
  /** The per-CPU lists, by CPU. */
  caches: CpuCache[];
}

/** What never changes. */
export interface Setup {
  readonly geometry: Geometry;
  readonly settings: Settings;
  readonly design: Design;
}

export interface State {
  readonly setup: Setup;
  zones: Zone[];
  /** First come, first served. */
  waiters: Waiter[];
  hotplug: Hotplug | undefined;
  reporter: Reporter;
  /** Why the guest stopped for good, or empty. */
  stopped: string;
}

/** What can be looked at: what never changes, and the zones as they are. */
export interface Sight extends Setup {
  readonly zones: readonly Zone[];
}

/** What can be seen of a state. */
export function sightOf({ setup, zones }: State): Sight {
  return { ...setup, zones };
}

/** One step being taken: the state as it is so far, and the events so far. */
export interface Turn extends Sight {
  readonly state: State;
  readonly events: Event[];
  /** The CPU on which the action runs; 0 for what runs on no CPU in particular. */
  readonly cpu: number;
  /** Says that the waiters are to look again at the end of the action; whoever pushes a `release` need not say so. */
  wakes(): void;
}

/** The guest stops for good: it ignores every further action. The first reason counts. */
export function stop(turn: Turn, reason: string): void {
  if (turn.state.stopped === "") {
    turn.state.stopped = reason;
  }
}

/**
 * The state at boot: every present page free and not reported, every pageblock movable, the design registered.
 *
 * @throws InputError where hotplug's sections would cut a pageblock
 */
export function initial(geometry: Geometry, settings: Settings, design: Design): State {
  checkSections(geometry);
  const setup = { geometry: structuredClone(geometry), settings: structuredClone(settings), design };
  const zones = geometry.zones.map((zone) => zoneAtBoot(geometry, settings, zone));
  const populated = zones.map(isPopulated);
  const reporter = design.start(geometry, settings, populated);
  return freeze({ setup, zones, waiters: [], hotplug: undefined, reporter, stopped: "" }, true);
}

function checkSections(geometry: Geometry): void {
  const section = geometry.sectionPages;
  if (section === undefined || geometry.zones.every((zone) => zone.pages <= section)) {
    return;
  }
  const pageblock = pagesOf(geometry.pageblockOrder);
  if (section % pageblock !== 0) {
    const problem = `a section of ${section} pages would cut a pageblock: give a multiple of ${pageblock} pages`;
    throw new InputError({ key: "geometry.sectionPages" }, problem);
  }
}

/** The largest blocks that fit, ascending, each appended to the movable list of its order. */
function zoneAtBoot(geometry: Geometry, settings: Settings, zone: ZoneGeometry): Zone {
  const end = zone.start + zone.pages;
  const heads: Pfn[][] = Array.from({ length: geometry.maxOrder + 1 }, () => []);
  const blocks: Record<Pfn, Block> = {};
  let free = 0;
  for (let pfn = zone.start; pfn < end;) {
    const order = largestBlockAt(geometry, zone, pfn);
    if (order >= 0) {
      heads[order].push(pfn);
      blocks[pfn] = new Block("free", order, "movable");
      free += pagesOf(order);
    }
    pfn += order < 0 ? 1 : pagesOf(order);
  }
  const pageblocks: Record<Pfn, Migratetype> = {};
  for (let pfn = zone.start; pfn < end; pfn += pagesOf(geometry.pageblockOrder)) {
    pageblocks[pfn] = "movable";
  }
  return {
    lists: heads.map((movable) => freeArea(new FreeList(movable))),
    blocks,
    pageblocks,
    free,
    isolatedPageblocks: 0,
    reservedHighatomic: 0,
    caches: emptyCaches(geometry, settings),
  };
}

/** One empty cache for each CPU. */
function emptyCaches(geometry: Geometry, settings: Settings): CpuCache[] {
  const lists = cachedOrders(geometry, settings).flatMap(() => CACHED_TYPES.map(() => new FreeList([])));
  return Array.from({ length: settings.cpus }, () => ({ lists: [...lists], pages: 0 }));
}

function freeArea(movable: FreeList): FreeArea {
  const none = new FreeList([]);
  return { unmovable: none, movable, reclaimable: none, highatomic: none, cma: none, isolate: none };
}

/** The order of the largest aligned block from this page on that has no hole in it, or -1 in a hole. */
function largestBlockAt(geometry: Geometry, zone: ZoneGeometry, pfn: Pfn): Order | -1 {
  const whole = (order: Order): boolean => {
    const end = pfn + pagesOf(order);
    return !zone.holes.some((hole) => hole.start < end && pfn < hole.start + hole.pages);
  };
  if (inHole(zone, pfn)) {
    return -1;
  }
  let order = 0;
  while (order < geometry.maxOrder && pfn % pagesOf(order + 1) === 0 && whole(order + 1)) {
    order++;
  }
  return order;
}

/** True where the zone has a present page. */
export function isPopulated(zone: Zone): boolean {
  return Object.keys(zone.blocks).length > 0;
}
