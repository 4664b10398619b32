/** The read-only window for judges. Its scalar methods allocate nothing: they are asked after every step. */
import type {
  Geometry,
  Hotplug as Operation,
  Migratetype,
  Order,
  Owner,
  Pages,
  Pfn,
  ReporterState,
  Settings,
  View,
  Waiter,
  Words,
  ZoneIndex,
} from "../model/alphabet/index.ts";
import { MIGRATETYPES, NONE } from "../model/alphabet/index.ts";
import type { Buddy } from "./buddy.ts";
import { REST } from "./device.ts";
import type { Hotplug } from "./hotplug.ts";
import type { Pcp } from "./pcp.ts";
import type { Reporter } from "./reporter.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { ORDERS_SHIFT, ORDER_SHIFT, OWNER_BITS } from "./state.ts";
import type { Waiters } from "./waiters.ts";

/** By the owner's number in a tag; 0 is no block. */
const OWNERS: readonly Owner[] = ["absent", "free", "allocated", "cached", "held"];
const OWNER_SHIFT = 8;
/** Nothing is held, nobody waits: the answer most of the time. */
const NOBODY: readonly never[] = Object.freeze([]);

/** What a view looks into. */
export interface Seen {
  readonly shape: Shape;
  readonly settings: Settings;
  readonly state: State;
  readonly buddy: Buddy;
  readonly pcp: Pcp;
  readonly waiting: Waiters;
  readonly hotplug: Hotplug;
  readonly reporter: Reporter;
}

export class ImplView implements View {
  readonly geometry: Geometry;
  readonly settings: Settings;
  /** Only of a design that keeps them. */
  readonly boundary?: (zone: ZoneIndex, order: Order, migratetype: Migratetype) => Pfn | undefined;
  readonly reportedBlocks?: (zone: ZoneIndex, order: Order) => number;
  protected readonly seen: Seen;
  readonly #words: Words;
  /** Names of the worker's phases by number, as far as they were met: only the design knows them. */
  readonly #phases: string[] = ["rest"];

  constructor(seen: Seen) {
    const { shape, state, reporter } = seen;
    this.geometry = shape.geometry;
    this.settings = seen.settings;
    this.seen = seen;
    this.#words = wordsOf(state, reporter);
    const { boundaries, reportedBlocks } = this.#words;
    if (boundaries !== undefined) {
      this.boundary = (zone, order, migratetype) => {
        const block = boundaries(zone)?.[(order << ORDER_SHIFT) | MIGRATETYPES.indexOf(migratetype)];
        return block === undefined ? undefined : shape.pfnOf(block);
      };
    }
    if (reportedBlocks !== undefined) {
      this.reportedBlocks = (zone, order) => reportedBlocks[(zone << ORDERS_SHIFT) | order];
    }
  }

  words(): Words {
    return this.#words;
  }

  freePages(zone: ZoneIndex): Pages {
    return this.seen.state.free[zone];
  }

  freeBlocks(zone: ZoneIndex, order: Order): number {
    return order > this.geometry.maxOrder ? 0 : this.seen.state.nrFree[(zone << ORDERS_SHIFT) | order];
  }

  firstFree(zone: ZoneIndex, order: Order, migratetype: Migratetype): Pfn {
    return order > this.geometry.maxOrder
      ? NONE
      : this.#pfn(this.seen.state.next[this.#head(zone, order, migratetype)]);
  }

  lastFree(zone: ZoneIndex, order: Order, migratetype: Migratetype): Pfn {
    return order > this.geometry.maxOrder
      ? NONE
      : this.#pfn(this.seen.state.prev[this.#head(zone, order, migratetype)]);
  }

  nextFree(pfn: Pfn): Pfn {
    const index = this.#freeIndex(pfn);
    return index === NONE ? NONE : this.#pfn(this.seen.state.next[index]);
  }

  previousFree(pfn: Pfn): Pfn {
    const index = this.#freeIndex(pfn);
    return index === NONE ? NONE : this.#pfn(this.seen.state.prev[index]);
  }

  owner(pfn: Pfn): Owner {
    const index = this.seen.shape.indexOf(pfn);
    const block = index === NONE ? NONE : this.seen.buddy.blockAround(index);
    return block === NONE ? "absent" : OWNERS[(this.seen.state.tag[block] & OWNER_BITS) >> OWNER_SHIFT];
  }

  orderAt(pfn: Pfn): Order | -1 {
    const index = this.seen.shape.indexOf(pfn);
    return index === NONE || this.seen.state.tag[index] === 0 ? NONE : this.seen.buddy.orderOf(index);
  }

  reported(pfn: Pfn): boolean {
    const index = this.seen.shape.indexOf(pfn);
    return index !== NONE && this.seen.buddy.isMarked(index);
  }

  pageblock(pfn: Pfn): Migratetype {
    const index = this.seen.shape.indexOf(pfn);
    return index === NONE ? "movable" : MIGRATETYPES[this.seen.buddy.typeAt(index)];
  }

  isolatedPageblocks(zone: ZoneIndex): number {
    return this.seen.state.isolatedPageblocks[zone];
  }

  reservedHighatomic(zone: ZoneIndex): Pages {
    return this.seen.state.reservedHighatomic[zone];
  }

  cached(zone: ZoneIndex, cpu: number, order: Order, migratetype: Migratetype): readonly Pfn[] {
    const { pcp, shape } = this.seen;
    const list = pcp.listOf(order, MIGRATETYPES.indexOf(migratetype));
    const pfns: Pfn[] = [];
    if (list === NONE) return pfns;
    for (let block = pcp.firstOf(zone, cpu, list); block !== NONE; block = pcp.after(block)) {
      pfns.push(shape.pfnOf(block));
    }
    return pfns;
  }

  held(): readonly Pfn[] {
    const { reporter, shape } = this.seen;
    if (reporter.heldBlocks === 0) return NOBODY;
    const pfns: Pfn[] = [];
    for (let block = reporter.firstHeld; pfns.length < reporter.heldBlocks; block = reporter.heldAfter(block)) {
      pfns.push(shape.pfnOf(block));
    }
    return pfns;
  }

  waiters(): readonly Waiter[] {
    return this.seen.waiting.length === 0 ? NOBODY : this.seen.waiting.list();
  }

  hotplug(): Operation | undefined {
    return this.seen.hotplug.operation();
  }

  reportOrder(): Order {
    return this.seen.reporter.reportOrder;
  }

  registered(): boolean {
    return this.seen.reporter.registered;
  }

  frozen(): boolean {
    return this.seen.reporter.frozen;
  }

  resting(): boolean {
    return this.seen.reporter.resting;
  }

  passing(): boolean {
    return this.seen.reporter.phase !== REST;
  }

  phase(): string {
    const { phase } = this.seen.reporter;
    return this.#phases[phase] ?? this.#learnPhase(phase);
  }

  reporter(): ReporterState {
    return this.seen.reporter.describe();
  }

  stalled(): number {
    const { reporter, waiting } = this.seen;
    return reporter.stalled() + (reporter.spins() ? waiting.length : 0);
  }

  stopped(): string {
    return this.seen.reporter.stopped;
  }

  noted(pfn: Pfn, order: Order): boolean {
    return this.seen.reporter.noted(this.seen.shape.indexOf(pfn), order);
  }

  due(): boolean {
    return this.seen.reporter.due();
  }

  #learnPhase(number: number): string {
    const { phase } = this.reporter();
    this.#phases[number] = typeof phase === "string" ? phase : "busy";
    return this.#phases[number];
  }

  #head(zone: ZoneIndex, order: Order, migratetype: Migratetype): number {
    return this.seen.buddy.head(zone, order, MIGRATETYPES.indexOf(migratetype));
  }

  /** A node of a free list as a pfn: behind the pages stand the heads. */
  #pfn(node: number): Pfn {
    return node < this.seen.state.heads ? this.seen.shape.pfnOf(node) : NONE;
  }

  #freeIndex(pfn: Pfn): number {
    const index = this.seen.shape.indexOf(pfn);
    return index !== NONE && this.seen.buddy.isFree(index) ? index : NONE;
  }
}

/** The guest's own arrays, in whose encoding the words are (state.ts): nothing is copied. */
function wordsOf(state: State, reporter: Reporter): Words {
  const counters = reporter.counters?.();
  return {
    tags: state.tag,
    next: state.next,
    previous: state.prev,
    types: state.types,
    freeBlocks: state.nrFree,
    freePages: state.free,
    isolatedPageblocks: state.isolatedPageblocks,
    reservedHighatomic: state.reservedHighatomic,
    ...(counters === undefined ? {} : { reportedBlocks: counters }),
    ...(reporter.boundariesOf === undefined ? {} : { boundaries: (zone) => reporter.boundariesOf?.(zone) }),
  };
}
