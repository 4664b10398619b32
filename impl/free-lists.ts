/**
 * Free lists: which block stands where, and how one gets on a list, off it, or from one to another. `duyck-line.md` A.1, A.7.
 *
 * Blocks are page indices (shape.ts), migratetypes their numbers (state.ts). A reporting design hears of list surgery through
 * `hooks`, and only where it can matter: when a block is marked Reported, when one of an order that may be reported
 * goes to a tail, and when a free ends in such an order.
 */
import type { Order, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Runs } from "./runs.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import {
  FREE,
  ISOLATE,
  LIST_BITS,
  ORDERS_SHIFT,
  ORDER_BITS,
  ORDER_SHIFT,
  OWNER_BITS,
  OWNER_ORDER_BITS,
  REPORTED,
  TYPES_SHIFT,
  TYPE_BITS,
} from "./state.ts";

/** A block that is about to be freed. */
export interface FreedBlock {
  readonly zone: ZoneIndex;
  readonly block: number;
  readonly order: Order;
  /** What the pageblock says now, for the list that it would go to. */
  readonly type: number;
}

/** What a reporting design wants to hear of the lists, and what its marks mean. */
export interface ListHooks {
  /** Do merged marked halves and split parts of a marked block have the mark too? */
  readonly inheritsMarks: boolean;
  /** Does a marked block stay marked when it changes its list? */
  readonly movesKeepMark: boolean;
  /** Does the design choose where a marked block goes, with `place`? */
  readonly placesMarked: boolean;
  /** Does the design look at what owners give back, with `freed`? */
  readonly interceptsFrees: boolean;
  /** Does the design free blocks itself, with `freeing`? */
  readonly freesItself: boolean;

  /** A marked block is about to leave the lists. */
  removing(zone: ZoneIndex, block: number, order: Order, type: number): void;
  /** A marked block is about to change its list, and keeps its mark. Where it does not, `removing` is told instead. */
  moving(zone: ZoneIndex, block: number, order: Order, from: number, to: number): void;
  /** Does a moved block arrive at the tail of its new list, or at the head? */
  movesToTail(): boolean;
  /** The block before which a tail insertion of an unmarked block goes, or NONE for the list's end. */
  tail(zone: ZoneIndex, order: Order, type: number): number;
  /** The block before which a marked block goes, or NONE for the list's end. Never asked for a move or a half. */
  place(zone: ZoneIndex, block: number, order: Order, type: number): number;
  /** A free has put a marked block on a list. Never told of a move. */
  placed(zone: ZoneIndex, block: number, order: Order, type: number): void;
  /** A half of a marked block has been put at the head of a list, marked. */
  inherited(zone: ZoneIndex, block: number, order: Order, type: number): void;
  /** A free has ended in this unmarked block. */
  notify(zone: ZoneIndex, order: Order, block: number): void;
  /** Compaction is about to cut and rotate a list. */
  reworking(zone: ZoneIndex, order: Order, type: number): void;
  /** An owner gives back a block. @returns true where the design has it now */
  freed(block: number, order: Order): boolean;
  /** Blocks are about to be freed to the lists, all at once. @returns true where the design frees them */
  freeing(blocks: readonly FreedBlock[]): boolean;
}

/** Nobody listens: while the guest boots. */
const NOBODY: ListHooks = {
  inheritsMarks: false,
  movesKeepMark: true,
  placesMarked: false,
  interceptsFrees: false,
  freesItself: false,
  removing: () => undefined,
  moving: () => undefined,
  movesToTail: () => true,
  tail: () => NONE,
  notify: () => undefined,
  reworking: () => undefined,
  place: () => NONE,
  placed: () => undefined,
  inherited: () => undefined,
  freed: () => false,
  freeing: () => false,
};

export class FreeLists {
  /** The design, once there is one: it needs the lists first. */
  hooks: ListHooks = NOBODY;
  protected readonly maxOrder: Order;
  protected readonly pageblockOrder: Order;
  /** Below this order the design is asked nothing that a plain block could be the cause of. */
  protected readonly listensFrom: Order;
  protected readonly tag: Uint16Array;
  protected readonly types: Uint8Array;
  readonly #runs: Runs;
  readonly #next: Int32Array;
  readonly #prev: Int32Array;
  readonly #nrFree: Int32Array;
  readonly #available: Int32Array;
  readonly #free: Int32Array;
  readonly #heads: number;
  readonly #listsPerZone: number;

  constructor(shape: Shape, state: State, runs: Runs, listensFrom: Order) {
    this.maxOrder = shape.maxOrder;
    this.pageblockOrder = shape.pageblockOrder;
    this.listensFrom = listensFrom;
    this.tag = state.tag;
    this.types = state.types;
    this.#runs = runs;
    this.#next = state.next;
    this.#prev = state.prev;
    this.#nrFree = state.nrFree;
    this.#available = state.available;
    this.#free = state.free;
    this.#heads = state.heads;
    this.#listsPerZone = state.listsPerZone;
  }

  // ---- what stands where ----

  /** The head of a free list in the link arrays. */
  head(zone: ZoneIndex, order: Order, type: number): number {
    return this.#heads + zone * this.#listsPerZone + ((order << ORDER_SHIFT) | type);
  }

  /** The first block of a list, or NONE. */
  firstOf(zone: ZoneIndex, order: Order, type: number): number {
    const first = this.#next[this.head(zone, order, type)];
    return first < this.#heads ? first : NONE;
  }

  /** The block that follows toward the tail, or NONE. */
  after(block: number): number {
    const next = this.#next[block];
    return next < this.#heads ? next : NONE;
  }

  /** True where a free block of exactly this order begins. */
  isFreeHead(index: number, order: Order): boolean {
    return (this.tag[index] & OWNER_ORDER_BITS) === (FREE | (order << ORDER_SHIFT));
  }

  isFree(block: number): boolean {
    return (this.tag[block] & OWNER_BITS) === FREE;
  }

  isMarked(block: number): boolean {
    return (this.tag[block] & REPORTED) !== 0;
  }

  orderOf(block: number): Order {
    return (this.tag[block] & ORDER_BITS) >> ORDER_SHIFT;
  }

  /** The first page of the block that covers a page, whoever has it, or NONE where the page is absent. */
  blockAround(index: number): number {
    for (let order = 0; order <= this.maxOrder; order++) {
      const block = index & (-1 << order);
      const tag = this.tag[block];
      if (tag !== 0 && (tag & ORDER_BITS) >> ORDER_SHIFT >= order) return block;
    }
    return NONE;
  }

  /** The migratetype of the pageblock around a page. */
  typeAt(index: number): number {
    return this.types[index >> this.pageblockOrder];
  }

  /** Sets the type of every pageblock that a block touches. */
  retag(block: number, order: Order, type: number): void {
    const shift = this.pageblockOrder;
    this.types.fill(type, block >> shift, ((block + (1 << order) - 1) >> shift) + 1);
  }

  // ---- one block, one list ----

  /** Takes a free block off its list, whichever that is; its mark goes with it. @returns true where it had one */
  remove(zone: ZoneIndex, block: number): boolean {
    const next = this.#next;
    const prev = this.#prev;
    const tag = this.tag[block];
    if ((tag & REPORTED) !== 0) this.clearMark(zone, block);
    const order = (tag & ORDER_BITS) >> ORDER_SHIFT;
    const type = tag & TYPE_BITS;
    const below = next[block];
    const above = prev[block];
    next[above] = below;
    prev[below] = above;
    // Alone on its list: both neighbours were the head.
    if (above === below) this.#available[(zone << TYPES_SHIFT) | type] &= ~(1 << order);
    this.#nrFree[(zone << ORDERS_SHIFT) | order]--;
    if (type !== ISOLATE) this.#free[zone] -= 1 << order;
    this.tag[block] = 0;
    return (tag & REPORTED) !== 0;
  }

  /** A marked block loses its mark because it leaves the lists. */
  clearMark(zone: ZoneIndex, block: number): void {
    const tag = this.tag[block];
    const order = (tag & ORDER_BITS) >> ORDER_SHIFT;
    const type = tag & TYPE_BITS;
    this.hooks.removing(zone, block, order, type);
    this.#runs.unlinking(this.head(zone, order, type), block);
    this.tag[block] = tag & ~REPORTED;
  }

  /** The host has dropped what this free block held. */
  setMark(zone: ZoneIndex, block: number): void {
    const tag = this.tag[block];
    this.tag[block] = tag | REPORTED;
    this.#runs.marked(this.#heads + zone * this.#listsPerZone + (tag & LIST_BITS), block);
  }

  /** Puts a block on a list, unmarked. */
  insert(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean): void {
    const head = this.head(zone, order, type);
    this.#enter(zone, block, order, type, toTail ? this.tailOf(zone, head, order, type) : this.#next[head]);
  }

  /** Puts a half of a marked block at the head of a list: its pages were reported with the whole. */
  insertHalf(zone: ZoneIndex, block: number, order: Order, type: number): void {
    this.#enter(zone, block, order, type, this.#next[this.head(zone, order, type)]);
    this.setMark(zone, block);
    this.hooks.inherited(zone, block, order, type);
  }

  /** Puts a marked block on a list: where the design wants it, or else to that end. */
  insertMarked(zone: ZoneIndex, block: number, order: Order, type: number, toTail: boolean): void {
    const head = this.head(zone, order, type);
    let below = toTail ? head : this.#next[head];
    if (this.hooks.placesMarked) {
      const place = this.hooks.place(zone, block, order, type);
      below = place === NONE ? head : place;
      this.#runs.parting(head, below);
    }
    this.#enter(zone, block, order, type, below);
    this.setMark(zone, block);
    this.hooks.placed(zone, block, order, type);
  }

  #enter(zone: ZoneIndex, block: number, order: Order, type: number, below: number): void {
    this.#link(block, below);
    this.tag[block] = FREE | (order << ORDER_SHIFT) | type;
    this.#available[(zone << TYPES_SHIFT) | type] |= 1 << order;
    this.#nrFree[(zone << ORDERS_SHIFT) | order]++;
    if (type !== ISOLATE) this.#free[zone] += 1 << order;
  }

  /** What a tail insertion goes before: the list's end, unless the design guards it. */
  tailOf(zone: ZoneIndex, head: number, order: Order, type: number): number {
    if (order < this.listensFrom) return head;
    const guard = this.hooks.tail(zone, order, type);
    if (guard === NONE) return head;
    this.#runs.parting(head, guard);
    return guard;
  }

  /** Moves a free block to the list of another type. Linux's `move_to_free_list` keeps its mark, `bubble`'s clears it. */
  move(zone: ZoneIndex, block: number, to: number): void {
    const tag = this.tag[block];
    const order = (tag & ORDER_BITS) >> ORDER_SHIFT;
    const from = tag & TYPE_BITS;
    const keepsMark = this.hooks.movesKeepMark;
    if ((tag & REPORTED) !== 0) {
      if (keepsMark) this.hooks.moving(zone, block, order, from, to);
      else this.hooks.removing(zone, block, order, from);
      this.#runs.unlinking(this.head(zone, order, from), block);
    }
    const below = this.#next[block];
    const above = this.#prev[block];
    this.#next[above] = below;
    this.#prev[below] = above;
    if (above === below) this.#available[(zone << TYPES_SHIFT) | from] &= ~(1 << order);
    const head = this.head(zone, order, to);
    this.#link(block, this.hooks.movesToTail() ? head : this.#next[head]);
    this.#available[(zone << TYPES_SHIFT) | to] |= 1 << order;
    this.tag[block] = (tag & (keepsMark ? ~TYPE_BITS : ~(TYPE_BITS | REPORTED))) | to;
    if (from !== ISOLATE && to === ISOLATE) this.#free[zone] -= 1 << order;
    if (from === ISOLATE && to !== ISOLATE) this.#free[zone] += 1 << order;
  }

  #link(block: number, below: number): void {
    const next = this.#next;
    const prev = this.#prev;
    const above = prev[below];
    next[above] = block;
    prev[block] = above;
    next[block] = below;
    prev[below] = block;
  }

  /** Cuts a list above a block and lets the parts change places, so that this block comes first. */
  rotate(zone: ZoneIndex, order: Order, type: number, first: number): void {
    const head = this.head(zone, order, type);
    const next = this.#next;
    const prev = this.#prev;
    if (next[head] === first) return;
    this.#runs.parting(head, first);
    next[prev[head]] = next[head];
    prev[next[head]] = prev[head];
    this.#link(head, first);
  }

  /** Pages from here to the next page where a block may begin. */
  stride(index: number): number {
    const tag = this.tag[index];
    return tag === 0 ? 1 : 1 << ((tag & ORDER_BITS) >> ORDER_SHIFT);
  }
}
