/**
 * `missed`: what was freed in a reportable block has been reported since, or the reporter will yet look at it. Asked when
 * it rests: then what it has noted (`View.noted`) is all that it will ever look at again.
 *
 * Kept by page from events alone: is it waiting, freed but not yet part of a free block that may be reported; is it due,
 * part of such a block since; and what can tell why it is missed, for findings are told apart by their cause.
 */
import {
  FREE_TAG,
  Layout,
  MIGRATETYPES,
  OWNER_BITS,
  TYPE_BITS,
  blockAround,
  orderOfTag,
  pagesOf,
  type Action,
  type Block,
  type Event,
  type Order,
  type View,
} from "../../model/alphabet/index.ts";
import { broken, range } from "./invariants/explain.ts";
import type { Violation } from "./properties.ts";

// What is known of a page.
const WAITING = 1 << 0;
const DUE = 1 << 1;
/** It was freed while the reporter's arrays had no room. */
const NO_ROOM = 1 << 2;
/** The reporter was at work while its block could not be taken without emptying the zone too far. */
const REFUSED = 1 << 3;

const ISOLATE = MIGRATETYPES.indexOf("isolate");

export class Missed {
  readonly #view: View;
  readonly #layout: Layout;
  readonly #known: Uint8Array;
  /** By page: 1 + the order with which it came back from the reporter last, not reported; 0: it did not. */
  readonly #cameBack: Uint8Array;
  /** By page: 1 + the largest order of the free blocks that it has been part of since it was free. */
  readonly #largest: Uint8Array;
  readonly #open = new Map<number, readonly Block[]>();
  readonly #mayRefuse: boolean;
  /** Has it an array on each CPU, and was there room in them before the step? */
  readonly #hasArrays: boolean;
  #hadRoom = true;
  #waiting = false;

  /** @param keepsReserve true: the reporter leaves a block where taking it would empty the zone too far */
  constructor(view: View, keepsReserve: boolean) {
    this.#view = view;
    this.#mayRefuse = keepsReserve;
    this.#hasArrays = Array.isArray(view.reporter().entries);
    this.#layout = new Layout(view.geometry);
    this.#known = new Uint8Array(this.#layout.pages);
    this.#cameBack = new Uint8Array(this.#layout.pages);
    this.#largest = new Uint8Array(this.#layout.pages);
  }

  /** Begins a new run: what is free at boot is owed to nobody. */
  reset(): void {
    this.#open.clear();
    this.#hadRoom = true;
    this.#forgetAll();
  }

  /** Judges a step by what it has led to. */
  check(action: Action, events: readonly Event[]): Violation | undefined {
    const view = this.#view;
    for (const event of events) this.#follow(event);
    for (const event of events) if (event.event === "free" || event.event === "release") this.#noteLargest(event);
    // Without an event blocks merge only as they are drained, taken apart for hotplug, or given on by a CPU.
    const merges = action.do === "drain" || action.do === "hotplug" || action.do === "proceed";
    if (this.#waiting && (merges || events.length > 0)) this.#becomeDue();
    if (this.#hasArrays) this.#hadRoom = this.#hasRoom();
    if (this.#mayRefuse && (action.do === "work" || action.do === "proceed")) this.#noteRefused();
    return this.#open.size === 0 && view.resting() && this.#promises() ? this.#missed() : undefined;
  }

  #follow(event: Event): void {
    switch (event.event) {
      case "free":
        return this.#freed(event);
      case "release": {
        const page = this.#layout.pageOf(event.pfn);
        this.#cameBack.fill(event.reported ? 0 : event.order + 1, page, page + pagesOf(event.order));
        return;
      }
      case "submit":
        this.#open.set(event.request, event.ranges);
        return;
      case "ack":
        for (const { pfn, order } of this.#open.get(event.request) ?? []) {
          const page = this.#layout.pageOf(pfn);
          this.#known.fill(0, page, page + pagesOf(order));
        }
        this.#open.delete(event.request);
        return;
      case "offline":
      case "online":
        return this.#forget(this.#layout.pageOf(event.start), event.pages);
      case "unregistered":
      case "registered":
        return this.#forgetAll();
      default:
        return;
    }
  }

  /** While no device listens, or the guest is frozen, nothing is promised. */
  #promises(): boolean {
    return this.#view.registered() && !this.#view.frozen();
  }

  #freed({ pfn, order }: Block): void {
    const page = this.#layout.pageOf(pfn);
    const pages = pagesOf(order);
    this.#forget(page, pages);
    if (!this.#promises()) return;
    this.#known.fill(this.#hadRoom ? WAITING : WAITING | NO_ROOM, page, page + pages);
    this.#waiting = true;
  }

  /** Designs with an array on each CPU show how much is in it; while it is worked on, nothing is added. */
  #hasRoom(): boolean {
    const { entries } = this.#view.reporter();
    const { capacity } = this.#view.geometry;
    return this.#view.resting() && Array.isArray(entries) && entries.every((length) => length < capacity);
  }

  /** A block came to the lists, and became part of a larger one, perhaps. */
  #noteLargest({ pfn }: Block): void {
    const { tags } = this.#view.words();
    const head = this.#freeBlock(tags, this.#layout.pageOf(pfn));
    if (head < 0) return;
    const order = orderOfTag(tags[head]);
    for (let page = head; page < head + pagesOf(order); page++) {
      this.#largest[page] = Math.max(this.#largest[page], order + 1);
    }
  }

  /** Pages that wait, in a free block that may be reported by now: all around them that is reported as one is due. */
  #becomeDue(): void {
    const { tags } = this.#view.words();
    const reportOrder = this.#view.reportOrder();
    const size = pagesOf(reportOrder);
    const promised = this.#promises() ? DUE : 0;
    this.#waiting = false;
    for (let page = 0; page < this.#known.length; page++) {
      if ((this.#known[page] & WAITING) === 0) continue;
      const head = this.#freeBlock(tags, page);
      if (head < 0 || orderOfTag(tags[head]) < reportOrder) {
        this.#waiting = true;
        continue;
      }
      const why = this.#known[page] & NO_ROOM;
      this.#known[page] &= ~WAITING;
      const first = page - (page % size);
      for (let at = first; at < first + size; at++) this.#known[at] |= promised | why;
    }
  }

  /** Blocks that whoever keeps to the watermark could not take in this step. Source: `duyck-line.md` A.5. */
  #noteRefused(): void {
    const { zones, maxOrder } = this.#view.geometry;
    const { tags, freePages, reservedHighatomic } = this.#view.words();
    for (let zone = 0; zone < zones.length; zone++) {
      const left = freePages[zone] - reservedHighatomic[zone] - zones[zone].watermarks.min;
      if (left > pagesOf(maxOrder)) continue;
      for (let page = this.#layout.first[zone]; page < this.#layout.first[zone + 1]; page++) {
        if ((this.#known[page] & DUE) === 0) continue;
        const head = this.#freeBlock(tags, page);
        if (head >= 0 && left <= pagesOf(orderOfTag(tags[head]))) this.#known[page] |= REFUSED;
      }
    }
  }

  #missed(): Violation | undefined {
    const { tags } = this.#view.words();
    const reportOrder = this.#view.reportOrder();
    for (let due = 0; due < this.#known.length; due++) {
      if ((this.#known[due] & DUE) === 0) continue;
      const head = this.#freeBlock(tags, due);
      if (head < 0 || (tags[head] & TYPE_BITS) === ISOLATE) continue;
      const order = orderOfTag(tags[head]);
      const pfn = this.#layout.pfnOf(head);
      if (order < reportOrder || this.#view.noted(pfn, order)) continue;
      return broken(
        "missed",
        `page ${this.#layout.pfnOf(due)} was freed and is in free block ${range(pfn, order)}, which may be reported, but it was not reported since, and the reporter rests and will not look at it: ${this.#cause(head, order, due)}`,
        pfn,
        pagesOf(order),
      );
    }
    return undefined;
  }

  /** Why nobody will look, as far as events tell. */
  #cause(head: number, order: Order, due: number): string {
    const pages = pagesOf(order);
    for (let page = head; page < head + pages; page++) {
      if (this.#cameBack[page] > 0 && this.#cameBack[page] <= order) return "it merged when it came back";
    }
    if (this.#largest[due] > order + 1) return "it is what is left of a larger block";
    if ((this.#known[due] & REFUSED) !== 0) return "the watermark refused it";
    if ((this.#known[due] & NO_ROOM) !== 0) return "the reporter had no room for it";
    return "nobody noted it";
  }

  /** The first page of the free block around a page, or -1. */
  #freeBlock(tags: Uint16Array, page: number): number {
    const head = page < 0 ? -1 : blockAround(tags, page, this.#view.geometry.maxOrder);
    return head >= 0 && (tags[head] & OWNER_BITS) === FREE_TAG ? head : -1;
  }

  #forget(page: number, pages: number): void {
    this.#known.fill(0, page, page + pages);
    this.#cameBack.fill(0, page, page + pages);
    this.#largest.fill(0, page, page + pages);
  }

  #forgetAll(): void {
    this.#waiting = false;
    this.#known.fill(0);
    this.#cameBack.fill(0);
    this.#largest.fill(0);
  }
}
