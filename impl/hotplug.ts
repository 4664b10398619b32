/**
 * Hotplug: sections of a zone go and come, one small step at a time. `duyck-line.md` A.6.
 *
 * Offline: drain the CPUs, isolate the pageblocks, wait until all is free, take it off. Online: the pages come isolated,
 * and the pageblocks are given back one by one, which is also how an offline that gave up is undone.
 */
import type { Hotplug as Operation, PageRange, Pages, Pfn, Settings, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE, sectionPagesOf } from "../model/alphabet/index.ts";
import type { Buddy } from "./buddy.ts";
import type { Isolation } from "./isolation.ts";
import type { Log } from "./log.ts";
import type { Pcp } from "./pcp.ts";
import type { Reporter } from "./reporter.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { ISOLATE, MOVABLE } from "./state.ts";

const NO_OPERATION = 0;
const OFFLINE = 1;
const ONLINE = 2;

const DRAIN = 0;
const ISOLATING = 1;
const TEST = 2;
const REMOVE = 3;
const UNDO = 4;
const PHASES = ["drain", "isolate", "test", "remove", "undo"] as const;

const KIND = 0;
const ZONE = 1;
const START = 2;
const PAGES = 3;
const PHASE = 4;
const DONE = 5;

/** The operation's few words, apart from what it does: the per-CPU lists ask them too. */
export class HotplugState {
  readonly words: Float64Array;

  constructor(state: State) {
    this.words = state.hotplug;
  }

  /** While pages of a zone are being taken away, no CPU caches any. */
  turnsOffPcp(zone: ZoneIndex): boolean {
    return this.words[KIND] === OFFLINE && this.words[ZONE] === zone;
  }
}

export class Hotplug {
  readonly #shape: Shape;
  readonly #state: State;
  readonly #settings: Settings;
  readonly #buddy: Buddy;
  readonly #pcp: Pcp;
  readonly #isolation: Isolation;
  readonly #reporter: Reporter;
  readonly #log: Log;
  readonly #words: Float64Array;

  constructor(
    shape: Shape,
    state: State,
    settings: Settings,
    buddy: Buddy,
    pcp: Pcp,
    isolation: Isolation,
    reporter: Reporter,
    log: Log,
  ) {
    this.#shape = shape;
    this.#state = state;
    this.#settings = settings;
    this.#buddy = buddy;
    this.#pcp = pcp;
    this.#isolation = isolation;
    this.#reporter = reporter;
    this.#log = log;
    this.#words = state.hotplug;
  }

  isUnderWay(): boolean {
    return this.#words[KIND] !== NO_OPERATION;
  }

  /** The operation under way as plain data. */
  operation(): Operation | undefined {
    if (!this.isUnderWay()) return undefined;
    return {
      kind: this.#words[KIND] === OFFLINE ? "offline" : "online",
      start: this.#shape.pfnOf(this.#start),
      pages: this.#words[PAGES],
      phase: PHASES[this.#words[PHASE]],
      done: this.#words[DONE],
    };
  }

  /** Begins to take a section away, if nothing else is under way and all of it is there. */
  offline({ start, pages }: PageRange): void {
    const index = this.sectionAt(start, pages);
    if (this.isUnderWay() || index === NONE || !this.isPresent(index, pages)) return;
    this.#begin(OFFLINE, index, pages, this.#pcp.lists > 0 ? DRAIN : ISOLATING);
  }

  /** Adds a section that is wholly absent: present at once, but isolated for now. */
  online({ start, pages }: PageRange): void {
    const index = this.sectionAt(start, pages);
    if (this.isUnderWay() || index === NONE || !this.isAbsent(index, pages)) return;
    this.#begin(ONLINE, index, pages, UNDO);
    const zone = this.#zone;
    const order = this.#shape.pageblockOrder;
    this.#state.types.fill(ISOLATE, index >> order, (index + pages) >> order);
    this.#state.isolatedPageblocks[zone] += pages / 2 ** order;
    this.#state.present[zone] += pages;
    this.#log.push({ event: "online", start, pages });
    for (let at = index; at < index + pages; at += 1 << order) {
      this.#buddy.freeOne(zone, at, order, ISOLATE, true, true);
    }
  }

  /** Gives up on offlining; what is isolated already comes back step by step. */
  abort(): void {
    if (this.#words[KIND] === OFFLINE && this.#words[PHASE] <= TEST) this.giveUp();
  }

  /** One step of the operation under way. */
  step(): void {
    if (!this.isUnderWay()) return;
    const phase = this.#words[PHASE];
    if (phase === DRAIN) this.drainNext();
    else if (phase === ISOLATING) this.isolateNext();
    else if (phase === TEST) this.test();
    else if (phase === REMOVE) this.remove();
    else this.undoNext();
  }

  /** Waits for a CPU that is inside the reporter. */
  drainNext(): void {
    const cpu = this.#words[DONE];
    if (this.#reporter.busy(cpu)) return;
    this.#reporter.cpu = cpu;
    this.#pcp.drain(this.#zone, cpu);
    if (++this.#words[DONE] === this.#settings.cpus) this.#enter(ISOLATING);
  }

  /** The first pageblock, the last, then those between, ascending. */
  isolateNext(): void {
    const pageblocks = this.#pageblocks;
    const done = this.#words[DONE];
    const at = done === 0 ? 0 : done === 1 ? pageblocks - 1 : done - 1;
    const pageblock = this.#start + at * 2 ** this.#shape.pageblockOrder;
    if (!this.#isolation.setIsolate(this.#zone, pageblock)) this.giveUp();
    else if (++this.#words[DONE] === pageblocks) this.#enter(TEST);
  }

  test(): void {
    if (this.allFree(this.#start, this.#words[PAGES])) this.#enter(REMOVE);
  }

  /** Is every page of the range in a free block? What the reporter holds is not. */
  allFree(start: number, pages: Pages): boolean {
    const around = this.#buddy.blockAround(start);
    if (around === NONE) return false;
    for (let at = around; at < start + pages; at += this.#buddy.stride(at)) {
      if (!this.#buddy.isFree(at)) return false;
    }
    return true;
  }

  /** Takes the section off. Nothing is looked at again: whoever took a page since the test has it no longer. */
  remove(): void {
    const start = this.#start;
    const pages = this.#words[PAGES];
    const zone = this.#zone;
    const order = this.#shape.pageblockOrder;
    for (let at = start; at < start + pages;) {
      const stride = this.#buddy.stride(at);
      if (this.#buddy.isFree(at)) this.#buddy.remove(zone, at);
      at += stride;
    }
    this.#state.tag.fill(0, start, start + pages);
    this.#state.types.fill(MOVABLE, start >> order, (start + pages) >> order);
    this.#state.isolatedPageblocks[zone] -= this.#pageblocks;
    this.#state.present[zone] -= pages;
    this.#log.push({ event: "offline", start: this.#shape.pfnOf(start), pages });
    this.#end();
  }

  /** The lowest isolated pageblock of the range comes back. */
  undoNext(): void {
    const pageblock = this.firstIsolated();
    if (pageblock !== NONE) {
      this.#isolation.unsetIsolate(this.#zone, pageblock);
      this.#words[DONE]++;
    }
    if (this.firstIsolated() === NONE) this.#end();
  }

  giveUp(): void {
    if (this.firstIsolated() === NONE) this.#end();
    else this.#enter(UNDO);
  }

  /** The lowest isolated pageblock of the range, or NONE. */
  firstIsolated(): number {
    const start = this.#start;
    const end = start + this.#words[PAGES];
    for (let at = start; at < end; at += 1 << this.#shape.pageblockOrder) {
      if (this.#buddy.typeAt(at) === ISOLATE) return at;
    }
    return NONE;
  }

  /** The first page of a range that is exactly one section of one zone, or NONE. */
  sectionAt(start: Pfn, pages: Pages): number {
    const index = this.#shape.indexOf(start);
    if (index === NONE) return NONE;
    const zone = this.#shape.geometry.zones[this.#shape.zoneOf(index)];
    const size = sectionPagesOf(this.#shape.geometry, zone);
    const offset = start - zone.start;
    return offset % size === 0 && pages === Math.min(size, zone.pages - offset) ? index : NONE;
  }

  isPresent(start: number, pages: Pages): boolean {
    const around = this.#buddy.blockAround(start);
    if (around === NONE) return false;
    for (let at = around; at < start + pages; at += this.#buddy.stride(at)) {
      if (this.#state.tag[at] === 0) return false;
    }
    return true;
  }

  isAbsent(start: number, pages: Pages): boolean {
    if (this.#buddy.blockAround(start) !== NONE) return false;
    for (let at = start; at < start + pages; at++) {
      if (this.#state.tag[at] !== 0) return false;
    }
    return true;
  }

  get #zone(): ZoneIndex {
    return this.#words[ZONE];
  }

  get #start(): number {
    return this.#words[START];
  }

  get #pageblocks(): number {
    return this.#words[PAGES] / 2 ** this.#shape.pageblockOrder;
  }

  #begin(kind: number, start: number, pages: Pages, phase: number): void {
    this.#words.set([kind, this.#shape.zoneOf(start), start, pages, phase, 0]);
  }

  #enter(phase: number): void {
    this.#words[PHASE] = phase;
    this.#words[DONE] = 0;
  }

  #end(): void {
    this.#words.fill(0);
  }
}
