/**
 * What every reporting design is: a worker that takes free blocks off the lists, hands them to the host, and puts them back;
 * and hooks through which the page allocator talks to it (hooks.ts).
 *
 * The designs differ in what starts the worker, in which order it looks, and what it remembers; they share the device's
 * comings and goings and the clock (device.ts), the batch of blocks that are held, and the requests to the host. Everything
 * that is state stands in the guest's buffer: first the shared words, then a design's own (`words[OWN_WORDS]` and on), then
 * the open requests. Held blocks are on no list, so their links are free for one more ring: the batch, in take order.
 *
 * A design extends this class, overrides what it needs, and has a row in designs/index.ts.
 */
import type { Block, Order, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import { Device, HELD_BLOCKS, OPEN_REQUESTS, OWN_WORDS, REST } from "./device.ts";
import type { Parts, Room } from "./device.ts";
import { HELD, ORDER_SHIFT, OWNER_BITS } from "./state.ts";

export { OWN_WORDS, REST };
export type { Parts, Room };

export type Answer = "none" | "ok" | "refused";

const ANSWERS: readonly Answer[] = ["none", "ok", "refused"];
const UNANSWERED = ANSWERS.indexOf("none");

/** A request in the buffer: its number, the answer, how many ranges, then these, each as `block * ORDERS + order`. */
const ANSWER = 1;
const LENGTH = 2;
const RANGES = 3;
const ORDERS = 64;

/** How many words a design needs in the buffer. */
export function reporterWords(room: Room): number {
  return OWN_WORDS + room.own + room.requests * (RANGES + room.ranges);
}

/** Where the open requests stand among all its words: for each, the word that says how many ranges it has, and the first of them. */
export function requestWords(room: Room): { readonly length: number; readonly first: number }[] {
  return Array.from({ length: room.requests }, (_, place) => {
    const at = OWN_WORDS + room.own + place * (RANGES + room.ranges);
    return { length: at + LENGTH, first: at + RANGES };
  });
}

export abstract class Reporter extends Device {
  readonly #next: Int32Array;
  readonly #prev: Int32Array;
  readonly #tag: Uint16Array;
  /** The head of the batch in the link arrays. */
  readonly #batch: number;
  readonly #requests: number;
  readonly #requestWords: number;
  readonly #mostRequests: number;
  #wakes = false;

  constructor(parts: Parts) {
    super(parts);
    const { room, state } = parts;
    this.#next = state.next;
    this.#prev = state.prev;
    this.#tag = state.tag;
    this.#batch = state.batch;
    this.#requests = OWN_WORDS + room.own;
    this.#requestWords = RANGES + room.ranges;
    this.#mostRequests = room.requests;
  }

  // ---- the batch ----

  /** The held block that was taken first, or NONE. */
  get firstHeld(): number {
    return this.#block(this.#next[this.#batch]);
  }

  /** The held block that was taken last, or NONE. */
  get lastHeld(): number {
    return this.#block(this.#prev[this.#batch]);
  }

  /** The held block that was taken next after that one, or NONE. */
  heldAfter(block: number): number {
    return this.#block(this.#next[block]);
  }

  /** The held block that was taken right before that one, or NONE. */
  heldBefore(block: number): number {
    return this.#block(this.#prev[block]);
  }

  isHeld(block: number): boolean {
    return (this.#tag[block] & OWNER_BITS) === HELD;
  }

  isBatchFull(): boolean {
    return this.heldBlocks >= this.shape.geometry.capacity;
  }

  /** Holds a block that has no owner and is on no list: it is the last of the batch. No event. */
  hold(block: number, order: Order): void {
    const above = this.#prev[this.#batch];
    this.#next[above] = block;
    this.#prev[block] = above;
    this.#next[block] = this.#batch;
    this.#prev[this.#batch] = block;
    this.#tag[block] = HELD | (order << ORDER_SHIFT);
    this.words[HELD_BLOCKS]++;
  }

  /** Takes a block out of the batch, from wherever it stands. It has no owner then. No event. */
  unhold(block: number): void {
    const below = this.#next[block];
    const above = this.#prev[block];
    this.#next[above] = below;
    this.#prev[below] = above;
    this.#tag[block] = 0;
    this.words[HELD_BLOCKS]--;
  }

  /** Forgets the batch: whoever calls this has given the blocks away. */
  emptyBatch(): void {
    this.#next[this.#batch] = this.#prev[this.#batch] = this.#batch;
    this.words[HELD_BLOCKS] = 0;
  }

  // ---- isolating designs: off the lists and back ----

  /** Isolates a free block and holds it. @returns false where the zone may not give it */
  take(zone: ZoneIndex, block: number, order: Order): boolean {
    if (!this.buddy.isolateFree(zone, block, order)) return false;
    this.hold(block, order);
    this.log.push({ event: "isolate", pfn: this.shape.pfnOf(block), order });
    return true;
  }

  /**
   * Puts back one held block; it is marked if it may be, and stands as it was taken.
   *
   * @param toTail false: by the rule for every free block, which may be the head
   */
  putBack(block: number, acked: boolean, toTail = this.buddy.putsBackToTail()): void {
    const zone = this.shape.zoneOf(block);
    const order = this.buddy.orderOf(block);
    this.unhold(block);
    const comesMarked = this.inheritsMarks && acked;
    const stands = this.buddy.putback(zone, block, order, comesMarked, toTail);
    const reported = this.marks(acked, stands);
    if (reported && !comesMarked) this.mark(zone, block, order);
    this.wakes();
    this.log.push({ event: "release", pfn: this.shape.pfnOf(block), order, reported });
  }

  /** Only a block that the host dropped, and that did not merge, is what was reported (G-31, G-33). */
  marks(acked: boolean, stands: boolean): boolean {
    return acked && stands;
  }

  mark(zone: ZoneIndex, block: number, _order: Order): void {
    this.buddy.setMark(zone, block);
  }

  // ---- allocating designs: like any other caller ----

  /**
   * Allocates a block and holds it: one ordinary attempt on this CPU, per-CPU lists included, without the slow path.
   *
   * @param type number of the migratetype asked for
   * @returns its first page, or NONE
   */
  allocateFor(order: Order, type: number, node: number): number {
    return this.#keep(this.allocator.attempt(order, type, node, this.cpu), order);
  }

  /** The same from one zone alone (`__GFP_THISNODE`, where a node is a zone). */
  allocateFrom(zone: ZoneIndex, order: Order, type: number): number {
    return this.#keep(this.allocator.attemptIn(zone, order, type, this.cpu), order);
  }

  #keep(block: number, order: Order): number {
    if (block === NONE) return NONE;
    this.hold(block, order);
    this.log.push({ event: "isolate", pfn: this.shape.pfnOf(block), order });
    return block;
  }

  /** Frees a held block as any owner would, on this CPU: it may land on a per-CPU list, and notifies. */
  giveBack(block: number): void {
    const order = this.buddy.orderOf(block);
    this.unhold(block);
    this.wakes();
    this.log.push({ event: "release", pfn: this.shape.pfnOf(block), order, reported: false });
    this.allocator.giveBack(block, order, this.cpu);
  }

  /** At the end of this action, callers who wait look again: blocks were given back, or a lock. */
  wakes(): void {
    this.#wakes = true;
  }

  /** Has anything come back for which callers wait, since this was asked last? */
  takeReleased(): boolean {
    const wakes = this.#wakes;
    this.#wakes = false;
    return wakes;
  }

  // ---- requests to the host ----

  /** The request that was submitted first of those open, or 0. */
  get request(): number {
    return this.openRequests === 0 ? 0 : this.words[this.#requests];
  }

  /** What the host said to that. */
  get answer(): Answer {
    return this.openRequests === 0 ? "none" : ANSWERS[this.words[this.#requests + ANSWER]];
  }

  /**
   * What `canWork` is where one request is open at a time: at rest a pass must be due, and else only the host holds it up.
   *
   * @param waits is this a phase in which the worker waits for the host?
   */
  protected mayStep(waits: boolean): boolean {
    if (this.phase === REST) return this.canBegin();
    return !waits || this.answer !== "none";
  }

  /** The number of an open request, by its place in order of submission. */
  requestAt(place: number): number {
    return this.words[this.#requests + place * this.#requestWords];
  }

  /** What the host said to a request; `none` where it is not open. */
  answerTo(request: number): Answer {
    const at = this.#wordOf(request);
    return at === NONE ? "none" : ANSWERS[this.words[at + ANSWER]];
  }

  /** How many ranges a request has; 0 where it is not open. */
  rangesOf(request: number): number {
    const at = this.#wordOf(request);
    return at === NONE ? 0 : this.words[at + LENGTH];
  }

  /** The first page of a range of an open request, by its place in what was submitted. */
  blockOf(request: number, place: number): number {
    return Math.floor(this.words[this.#wordOf(request) + RANGES + place] / ORDERS);
  }

  /** The order of a range of an open request. */
  orderIn(request: number, place: number): Order {
    return this.words[this.#wordOf(request) + RANGES + place] % ORDERS;
  }

  /**
   * Hands ranges to the host, as a new request.
   *
   * @param ranges in the order in which the host sees them
   * @returns the request: the smallest positive number that no open one has
   * @throws RangeError where the design's row in the registry promised fewer requests or ranges
   */
  submit(ranges: readonly Block[]): number {
    const { words } = this;
    const open = this.openRequests;
    if (open >= this.#mostRequests || ranges.length > this.#requestWords - RANGES) {
      const room = `${this.#mostRequests} requests of ${this.#requestWords - RANGES} ranges`;
      throw new RangeError(`request ${open + 1} with ${ranges.length} ranges, but there is room for ${room}`);
    }
    let request = 1;
    while (this.#wordOf(request) !== NONE) request++;
    const at = this.#requests + open * this.#requestWords;
    words[at] = request;
    words[at + ANSWER] = UNANSWERED;
    words[at + LENGTH] = ranges.length;
    ranges.forEach(({ pfn, order }, place) => {
      words[at + RANGES + place] = this.shape.indexOf(pfn) * ORDERS + order;
    });
    words[OPEN_REQUESTS]++;
    this.announce(request, ranges);
    return request;
  }

  announce(request: number, ranges: readonly Block[]): void {
    this.log.push({ event: "submit", request, ranges });
  }

  /** All held blocks as ranges, in take order. */
  ranges(): Block[] {
    const ranges: Block[] = [];
    for (let block = this.firstHeld; ranges.length < this.heldBlocks; block = this.heldAfter(block)) {
      ranges.push(this.rangeOf(block));
    }
    return ranges;
  }

  /** A block as the host sees it. */
  rangeOf(block: number): Block {
    return { pfn: this.shape.pfnOf(block), order: this.buddy.orderOf(block) };
  }

  /** The host answers an open request that it has not answered yet. */
  ack(request: number, ok: boolean): void {
    const at = this.#wordOf(request);
    if (at === NONE || this.words[at + ANSWER] !== UNANSWERED) return;
    this.words[at + ANSWER] = ANSWERS.indexOf(ok || !this.hearsRefusals ? "ok" : "refused");
    this.log.push({ event: "ack", request, ok });
    this.acked(request);
  }

  /** Forgets a request, by default the oldest. Its blocks are not touched: put them back first, or keep their names. */
  closeRequest(request = this.request): void {
    const at = this.#wordOf(request);
    if (at === NONE) return;
    const end = this.#requests + this.openRequests * this.#requestWords;
    this.words.copyWithin(at, at + this.#requestWords, end);
    this.words.fill(0, end - this.#requestWords, end);
    this.words[OPEN_REQUESTS]--;
  }

  /** Where the words of an open request begin, or NONE. */
  #wordOf(request: number): number {
    const end = this.#requests + this.openRequests * this.#requestWords;
    for (let at = this.#requests; at < end; at += this.#requestWords) {
      if (this.words[at] === request) return at;
    }
    return NONE;
  }

  /** A node of the batch, or NONE at its end. */
  #block(node: number): number {
    return node === this.#batch ? NONE : node;
  }
}
