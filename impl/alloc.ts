/**
 * Allocation and free: zones in order, watermarks, the reserve for highatomic callers. `duyck-line.md` A.3, A.4.
 *
 * `allocate` and `release` are the whole fast path, in page indices: what a benchmark measures is what an action runs.
 */
import type { Order, Pages, Settings, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Buddy } from "./buddy.ts";
import type { Fallback } from "./fallback.ts";
import type { Pcp } from "./pcp.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { ALLOCATED, OWNER_ORDER_BITS, HIGHATOMIC, MERGEABLE_TYPES, ORDER_SHIFT, UNMOVABLE } from "./state.ts";
import type { Watermark } from "./watermark.ts";

export class Allocator {
  readonly #shape: Shape;
  readonly #settings: Settings;
  readonly #watermark: Watermark;
  readonly #buddy: Buddy;
  readonly #fallback: Fallback;
  readonly #pcp: Pcp;
  readonly #tag: Uint16Array;
  readonly #reserved: Int32Array;

  constructor(
    shape: Shape,
    state: State,
    settings: Settings,
    watermark: Watermark,
    buddy: Buddy,
    fallback: Fallback,
    pcp: Pcp,
  ) {
    this.#shape = shape;
    this.#settings = settings;
    this.#watermark = watermark;
    this.#buddy = buddy;
    this.#fallback = fallback;
    this.#pcp = pcp;
    this.#tag = state.tag;
    this.#reserved = state.reservedHighatomic;
  }

  /**
   * One attempt of a caller.
   *
   * @param type number of the migratetype asked for
   * @returns the first page of the block, now allocated, or NONE
   */
  allocate(order: Order, type: number, node: number, cpu: number): number {
    const block = this.attempt(order, type, node, cpu);
    if (block !== NONE) this.own(block, order, type);
    return block;
  }

  /** An owner gives back an allocated block. It is not checked that it is one. */
  release(block: number, order: Order, cpu: number): void {
    if (!this.#buddy.hooks.interceptsFrees || !this.isIntercepted(block, order)) this.giveBack(block, order, cpu);
  }

  /** Does the design keep it (`arch_free_page`)? */
  isIntercepted(block: number, order: Order): boolean {
    this.#tag[block] = 0;
    return this.#buddy.hooks.freed(block, order);
  }

  /** Frees a block that its owner has let go of: to a list of this CPU, or to the free lists. */
  giveBack(block: number, order: Order, cpu: number): void {
    const zone = this.#shape.zoneOf(block);
    if (this.#pcp.serves(zone, order)) this.#pcp.free(zone, block, order, cpu);
    else this.#buddy.free(zone, block, order);
  }

  /** All that a CPU caches goes back to the free lists (`drain_local_pages`). */
  drainCaches(cpu: number): void {
    if (this.#pcp.lists === 0) return;
    for (let zone = 0; zone < this.#shape.zones; zone++) this.#pcp.drain(zone, cpu);
  }

  /** True where an allocated block of exactly this order begins. */
  isAllocated(index: number, order: Order): boolean {
    return (this.#tag[index] & OWNER_ORDER_BITS) === (ALLOCATED | (order << ORDER_SHIFT));
  }

  own(block: number, order: Order, type: number): void {
    this.#tag[block] = ALLOCATED | (order << ORDER_SHIFT) | type;
  }

  /** A block that belongs to nobody yet, from the first zone that may give one: down to low, then down to min. */
  attempt(order: Order, type: number, node: number, cpu: number): number {
    const zones = this.#shape.zonelist(node);
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < zones.length; at++) {
        const zone = zones[at];
        const mark = round === 0 ? this.#watermark.low(zone) : this.#watermark.min(zone);
        const block = this.#above(mark, zone, order, type, cpu);
        if (block !== NONE) return block;
      }
    }
    return NONE;
  }

  /** The same for a caller who wants this zone and no other. */
  attemptIn(zone: ZoneIndex, order: Order, type: number, cpu: number): number {
    const block = this.#above(this.#watermark.low(zone), zone, order, type, cpu);
    return block === NONE ? this.#above(this.#watermark.min(zone), zone, order, type, cpu) : block;
  }

  /** A block from a zone that has more than that mark, or NONE. */
  #above(mark: Pages, zone: ZoneIndex, order: Order, type: number, cpu: number): number {
    // A single page does not use the reserve.
    const effective = type === HIGHATOMIC && order === 0 ? UNMOVABLE : type;
    return this.#watermark.allocMayTake(zone, order, mark, effective)
      ? this.rmqueue(zone, order, effective, cpu)
      : NONE;
  }

  rmqueue(zone: ZoneIndex, order: Order, type: number, cpu: number): number {
    if (type < MERGEABLE_TYPES && this.#pcp.serves(zone, order)) return this.#pcp.alloc(zone, order, type, cpu);
    if (type === HIGHATOMIC) return this.rmqueueHighatomic(zone, order);
    return this.#fallback.rmqueueBuddy(zone, order, type);
  }

  rmqueueHighatomic(zone: ZoneIndex, order: Order): number {
    const reserve = this.#buddy.smallest(zone, order, HIGHATOMIC);
    const block = reserve === NONE ? this.#fallback.rmqueueBuddy(zone, order, UNMOVABLE) : reserve;
    if (block !== NONE) this.reserve(zone, block, order);
    return block;
  }

  /** Keeps the pageblock of a block that a highatomic caller got for further such callers. */
  reserve(zone: ZoneIndex, block: number, order: Order): void {
    const most = this.#settings.highatomicPageblocks * 2 ** this.#shape.pageblockOrder;
    if (this.#reserved[zone] >= most || this.#buddy.typeAt(block) >= MERGEABLE_TYPES) return;
    if (order < this.#shape.pageblockOrder) {
      this.#buddy.movePageblock(zone, this.#pageblock(block), HIGHATOMIC);
      this.#reserved[zone] += 1 << this.#shape.pageblockOrder;
    } else {
      this.#buddy.retag(block, order, HIGHATOMIC);
      this.#reserved[zone] += 1 << order;
    }
  }

  /** Gives one reserved pageblock (or larger block) back for a caller in need. @returns false where there is none */
  unreserve(type: number, node: number): boolean {
    const to = type === HIGHATOMIC ? UNMOVABLE : type;
    for (const zone of this.#shape.zonelist(node)) {
      for (let order = 0; order <= this.#shape.maxOrder; order++) {
        const block = this.#buddy.firstOf(zone, order, HIGHATOMIC);
        if (block === NONE) continue;
        this.#unreserveBlock(zone, block, order, to);
        return true;
      }
    }
    return false;
  }

  #unreserveBlock(zone: ZoneIndex, block: number, order: Order, to: number): void {
    if (order < this.#shape.pageblockOrder) {
      this.#buddy.movePageblock(zone, this.#pageblock(block), to);
      this.#reserved[zone] -= 1 << this.#shape.pageblockOrder;
    } else {
      this.#buddy.remove(zone, block);
      this.#buddy.retag(block, order, to);
      this.#reserved[zone] -= 1 << order;
      this.#buddy.freeOne(zone, block, order, to, true, false);
    }
  }

  #pageblock(block: number): number {
    return block & (-1 << this.#shape.pageblockOrder);
  }
}
