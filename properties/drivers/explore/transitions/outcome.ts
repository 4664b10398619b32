/** What came of a step: what became of the block that it was about, and what else happened. */
import {
  FREE_TAG,
  Layout,
  OWNER_BITS,
  OWNER_SHIFT,
  OWNERS,
  REPORTED_BIT,
  blockAround,
  orderOfTag,
  type Block,
  type Event,
  type Order,
  type View,
} from "../../../../model/alphabet/index.ts";
import { NO_SIZE, sizeOf } from "./sizes.ts";

/** What became of the block. Of a step that is about none, or yields none: nothing. */
export const FATES = [
  "",
  "got whole",
  "got by a split",
  "got a marked one",
  "got by a split of a marked one",
  "got from the CPU's list",
  "got what was held",
  "out of memory",
  "told to try again",
  "sleeps",
  "freed",
  "freed beside a held one",
  "merged",
  "merged with a marked one",
  "merged, marked",
  "kept on the CPU's list",
  "taken by the reporter",
] as const;

const GOT = 1;
const SPLIT = 1;
const MARKED = 2;
const GOT_CACHED = 5;
const GOT_HELD = 6;
const NO_MEMORY = 7;
const WOULD_BLOCK = 8;
const SLEEPS = 9;
const FREED = 10;
const FREED_BESIDE_HELD = 11;
const MERGED = 12;
const MERGED_WITH_MARKED = 13;
const MERGED_MARKED = 14;
const KEPT_CACHED = 15;
const TAKEN = 16;

/** What else happened: bits in this order. */
export const HAPPENINGS = [
  "takes below",
  "takes at",
  "takes above",
  "sends a full request",
  "sends a part",
  "puts back marked",
  "puts back merged",
  "puts back unmarked",
  "asks for a pass",
  "is idle",
  "a sleeper gets it",
  "a sleeper gets nothing",
  "pages moved",
  "device moved",
] as const;

const TAKES = 1 << 0;
const SENDS_FULL = 1 << 3;
const SENDS_PART = 1 << 4;
const BACK_MARKED = 1 << 5;
const BACK_MERGED = 1 << 6;
const BACK_UNMARKED = 1 << 7;
export const ASKS = 1 << 8;
const IDLE = 1 << 9;
const SLEEPER_GETS = 1 << 10;
const SLEEPER_FAILS = 1 << 11;
const PAGES_MOVED = 1 << 12;
const DEVICE_MOVED = 1 << 13;

const CACHED = OWNERS.indexOf("cached") << OWNER_SHIFT;
const HELD = OWNERS.indexOf("held") << OWNER_SHIFT;

/** Reads outcomes off events and off the blocks before and after. */
export class Outcomes {
  /** The first block that the latest step was about: its size (sizes.ts). */
  size = NO_SIZE;
  /** What became of that, by its place in FATES. */
  fate = 0;
  /** Bits of HAPPENINGS. */
  happened = 0;
  readonly #view: View;
  readonly #layout: Layout;
  readonly #reportOrder: Order;
  readonly #maxOrder: Order;
  readonly #capacity: number;
  /** Tags before the step. */
  readonly #before: Uint16Array;

  constructor(view: View) {
    const { geometry } = view;
    this.#view = view;
    this.#layout = new Layout(geometry);
    this.#reportOrder = geometry.reportOrder;
    this.#maxOrder = geometry.maxOrder;
    this.#capacity = geometry.capacity;
    this.#before = new Uint16Array(this.#layout.pages);
  }

  /** Looks at the blocks before a step. */
  before(): void {
    this.#before.set(this.#view.words().tags);
  }

  /** @param ordered the order of the block that was asked for; -1 where none was */
  after(events: readonly Event[], ordered: Order): void {
    this.size = ordered < 0 ? NO_SIZE : sizeOf(ordered, this.#reportOrder);
    this.fate = 0;
    this.happened = 0;
    for (let at = 0; at < events.length; at++) this.#note(events[at]);
  }

  #note(event: Event): void {
    switch (event.event) {
      case "alloc":
        if (event.ticket !== undefined) this.happened |= SLEEPER_GETS;
        else this.#about(event.order, this.#origin(event));
        return;
      case "alloc-failed":
        if (event.ticket !== undefined) this.happened |= SLEEPER_FAILS;
        else this.#about(event.order, event.reason === "would-block" ? WOULD_BLOCK : NO_MEMORY);
        return;
      case "alloc-waits":
        return this.#about(event.order, SLEEPS);
      case "free":
        return this.#about(event.order, this.#end(event));
      case "isolate":
        this.happened |= TAKES << (sizeOf(event.order, this.#reportOrder) - 1);
        return;
      case "submit":
        this.happened |= event.ranges.length >= this.#capacity ? SENDS_FULL : SENDS_PART;
        return;
      case "release":
        this.happened |= event.reported ? BACK_MARKED : this.#isMerged(event) ? BACK_MERGED : BACK_UNMARKED;
        return;
      default:
        this.#notePlain(event);
    }
  }

  #notePlain({ event }: Event): void {
    if (event === "idle") this.happened |= IDLE;
    else if (event === "offline" || event === "online") this.happened |= PAGES_MOVED;
    else if (event === "registered" || event === "unregistered") this.happened |= DEVICE_MOVED;
  }

  /** Only the first block is told: what sleepers get, and what else is freed on the way, follows from it. */
  #about(order: Order, fate: number): void {
    if (this.fate !== 0) return;
    this.size = sizeOf(order, this.#reportOrder);
    this.fate = fate;
  }

  /** What an allocated block was part of before the step. */
  #origin({ pfn, order }: Block): number {
    const head = blockAround(this.#before, this.#layout.pageOf(pfn), this.#maxOrder);
    const tag = head < 0 ? 0 : this.#before[head];
    const owner = tag & OWNER_BITS;
    if (owner === CACHED) return GOT_CACHED;
    if (owner !== FREE_TAG) return GOT_HELD;
    const split = orderOfTag(tag) > order ? SPLIT : 0;
    return GOT + split + ((tag & REPORTED_BIT) === 0 ? 0 : MARKED);
  }

  /** Where a freed block ended. */
  #end({ pfn, order }: Block): number {
    const { tags } = this.#view.words();
    const head = blockAround(tags, this.#layout.pageOf(pfn), this.#maxOrder);
    const tag = head < 0 ? 0 : tags[head];
    const owner = tag & OWNER_BITS;
    if (owner === CACHED) return KEPT_CACHED;
    if (owner === HELD) return TAKEN;
    if (owner !== FREE_TAG) return FREED;
    const end = orderOfTag(tag);
    if (end <= order) return this.#isHeld(head ^ (1 << order), order) ? FREED_BESIDE_HELD : FREED;
    if ((tag & REPORTED_BIT) !== 0) return MERGED_MARKED;
    return this.#hadMark(head, end) ? MERGED_WITH_MARKED : MERGED;
  }

  /** Does the reporter hold a block of this order there? */
  #isHeld(page: number, order: Order): boolean {
    const tag = this.#view.words().tags[page] ?? 0;
    return (tag & OWNER_BITS) === HELD && orderOfTag(tag) === order;
  }

  #isMerged({ pfn, order }: Block): boolean {
    const { tags } = this.#view.words();
    const head = blockAround(tags, this.#layout.pageOf(pfn), this.#maxOrder);
    return head >= 0 && (tags[head] & OWNER_BITS) === FREE_TAG && orderOfTag(tags[head]) > order;
  }

  /** Was there a marked block before, where this one is now? */
  #hadMark(head: number, order: Order): boolean {
    const end = head + (1 << order);
    for (let page = head; page < end; page++) if ((this.#before[page] & REPORTED_BIT) !== 0) return true;
    return false;
  }
}
