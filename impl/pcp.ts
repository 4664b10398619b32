/**
 * Per-CPU lists: small blocks that a CPU keeps for itself, out of the sight of buddy lists and reporter. `duyck-line.md` A.9.
 *
 * One set for each zone and CPU: lists by order and type, order first; then, if huge, those of the pageblock order. They are
 * rings through the same links as the free lists, and their heads stand behind those.
 */
import type { Order, Pages, Settings, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Buddy } from "./buddy.ts";
import type { Fallback } from "./fallback.ts";
import type { FreedBlock } from "./free-lists.ts";
import type { HotplugState } from "./hotplug.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { CACHED, HIGHATOMIC, ISOLATE, MERGEABLE_TYPES, MOVABLE, ORDER_SHIFT } from "./state.ts";

/** How many lists one CPU has for one zone. */
export function pcpListsOf(settings: Settings, pageblockOrder: Order): number {
  const { maxOrder, huge } = settings.pcp;
  return MERGEABLE_TYPES * (maxOrder + 1 + (huge && pageblockOrder > maxOrder ? 1 : 0));
}

export class Pcp {
  /** Lists in one set. */
  readonly lists: number;
  readonly #settings: Settings;
  /** One bit for each order that is cached. */
  readonly #orders: number;
  readonly #buddy: Buddy;
  readonly #fallback: Fallback;
  readonly #hotplug: HotplugState;
  readonly #next: Int32Array;
  readonly #prev: Int32Array;
  readonly #tag: Uint16Array;
  readonly #count: Int32Array;
  readonly #heads: number;

  constructor(shape: Shape, state: State, settings: Settings, buddy: Buddy, fallback: Fallback, hotplug: HotplugState) {
    this.lists = pcpListsOf(settings, shape.pageblockOrder);
    this.#settings = settings;
    this.#orders = (2 ** (settings.pcp.maxOrder + 1) - 1) | (settings.pcp.huge ? 1 << shape.pageblockOrder : 0);
    this.#buddy = buddy;
    this.#fallback = fallback;
    this.#hotplug = hotplug;
    this.#next = state.next;
    this.#prev = state.prev;
    this.#tag = state.tag;
    this.#count = state.pcpCount;
    this.#heads = state.pcpHeads;
  }

  /** Are blocks of this order cached? */
  eligible(order: Order): boolean {
    return ((this.#orders >>> order) & 1) !== 0;
  }

  /** Does this CPU cache blocks of this order now? Not while a part of the zone is being taken away. */
  serves(zone: ZoneIndex, order: Order): boolean {
    return this.eligible(order) && !this.#hotplug.turnsOffPcp(zone);
  }

  /** The pages in one set. */
  count(zone: ZoneIndex, cpu: number): Pages {
    return this.#count[this.#set(zone, cpu)];
  }

  /** The first block of a list, or NONE. @param list its number in the set */
  firstOf(zone: ZoneIndex, cpu: number, list: number): number {
    return this.#block(this.#next[this.#head(zone, cpu, list)]);
  }

  /** The block after that on its list, or NONE. */
  after(block: number): number {
    return this.#block(this.#next[block]);
  }

  /** The number of a list in its set, or NONE where nothing of that kind is cached. */
  listOf(order: Order, type: number): number {
    if (!this.eligible(order) || type >= MERGEABLE_TYPES) return NONE;
    return Math.min(order, this.#settings.pcp.maxOrder + 1) * MERGEABLE_TYPES + type;
  }

  /** Caches a freed block. */
  free(zone: ZoneIndex, block: number, order: Order, cpu: number): void {
    const type = this.typeFor(block);
    if (type === ISOLATE) {
      this.#buddy.free(zone, block, order);
      return;
    }
    const list = this.listOf(order, type);
    const head = this.#head(zone, cpu, list);
    this.#cache(zone, cpu, block, order, type, this.#next[head]);
    if (this.overfull(zone, cpu)) this.bulk(zone, cpu, this.#settings.pcp.batch, list);
  }

  /** The type of the list that a freed block is cached on: that of its pageblock now. Isolate: it isn't cached at all. */
  typeFor(block: number): number {
    const type = this.#buddy.typeAt(block);
    return type === HIGHATOMIC ? MOVABLE : type;
  }

  overfull(zone: ZoneIndex, cpu: number): boolean {
    return this.count(zone, cpu) >= this.#settings.pcp.high;
  }

  /** Gives back everything that a CPU caches of a zone. */
  drain(zone: ZoneIndex, cpu: number): void {
    this.bulk(zone, cpu, this.count(zone, cpu), 0);
  }

  /**
   * Gives back at least so many pages, list by list, each from its tail. Source: `free_pcppages_bulk`.
   *
   * As Linux 5.0 all blocks leave the CPU's lists before the first is freed. Only a design that frees them itself can
   * tell the difference, so only for it an array is made.
   */
  bulk(zone: ZoneIndex, cpu: number, pages: Pages, start: number): void {
    const taken: FreedBlock[] | undefined = this.#buddy.hooks.freesItself ? [] : undefined;
    let left = Math.min(pages, this.count(zone, cpu));
    let list = start;
    while (left > 0) {
      const head = this.#head(zone, cpu, list);
      while (left > 0 && this.#prev[head] !== head) {
        const block = this.#prev[head];
        const order = this.#buddy.orderOf(block);
        left -= 1 << order;
        this.#uncache(zone, cpu, block, order);
        if (taken === undefined) this.#buddy.freeBlock(zone, block, order, false, true);
        else taken.push({ zone, block, order, type: this.#buddy.typeAt(block) });
      }
      list = (list + 1) % this.lists;
    }
    if (taken !== undefined) this.#buddy.freeAll(taken);
  }

  /** A block from the cache, which is refilled first if it has none, or NONE. */
  alloc(zone: ZoneIndex, order: Order, type: number, cpu: number): number {
    const head = this.#head(zone, cpu, this.listOf(order, type));
    if (this.#next[head] === head) this.refill(zone, cpu, order, type, head);
    const block = this.#next[head];
    if (block === head) return NONE;
    this.#uncache(zone, cpu, block, order);
    return block;
  }

  refill(zone: ZoneIndex, cpu: number, order: Order, type: number, head: number): void {
    const { batch } = this.#settings.pcp;
    const times = batch > 1 ? Math.max(batch >> order, 2) : 1;
    for (let time = 0; time < times; time++) {
      const block = this.#fallback.rmqueueBuddy(zone, order, type);
      if (block === NONE) return;
      this.#cache(zone, cpu, block, order, type, head);
    }
  }

  #cache(zone: ZoneIndex, cpu: number, block: number, order: Order, type: number, below: number): void {
    const above = this.#prev[below];
    this.#next[above] = block;
    this.#prev[block] = above;
    this.#next[block] = below;
    this.#prev[below] = block;
    this.#tag[block] = CACHED | (order << ORDER_SHIFT) | type;
    this.#count[this.#set(zone, cpu)] += 1 << order;
  }

  #uncache(zone: ZoneIndex, cpu: number, block: number, order: Order): void {
    const below = this.#next[block];
    const above = this.#prev[block];
    this.#next[above] = below;
    this.#prev[below] = above;
    this.#tag[block] = 0;
    this.#count[this.#set(zone, cpu)] -= 1 << order;
  }

  #set(zone: ZoneIndex, cpu: number): number {
    return zone * this.#settings.cpus + cpu;
  }

  #head(zone: ZoneIndex, cpu: number, list: number): number {
    return this.#heads + this.#set(zone, cpu) * this.lists + list;
  }

  #block(node: number): number {
    return node < this.#heads ? node : NONE;
  }
}
