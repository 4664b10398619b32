/**
 * What every reporting design is: a worker that takes free blocks off the lists, hands them to the host, and puts them back;
 * and hooks through which the page allocator talks to it.
 *
 * The designs differ in what starts the worker, in which order it looks, and what it remembers; they share the device's
 * comings and goings, the clock, the requests to the host, and the batch of blocks they hold. Everything that is state stands
 * in the guest's buffer: the shared words below, then a design's own (`words[OWN_WORDS]` and on), then the open
 * requests. Held blocks are on no list, so their links are free for one more ring: the batch, in take order.
 *
 * A design extends this class, has a row in designs/index.ts, and overrides what it needs. A hook that it does not override means:
 * the allocator goes on as if there were no reporter. Blocks are page indices (shape.ts), migratetypes their numbers (state.ts).
 */
import type { Block, Order, Pages, ReporterState, Settings, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Allocator } from "./alloc.ts";
import type { Buddy } from "./buddy.ts";
import type { FreedBlock, ListHooks } from "./free-lists.ts";
import type { Log } from "./log.ts";
import type { Runs } from "./runs.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { HELD, ORDER_SHIFT, OWNER_BITS } from "./state.ts";
import type { Watermark } from "./watermark.ts";

/** What a design works with. */
export interface Parts {
  readonly shape: Shape;
  readonly state: State;
  readonly settings: Settings;
  readonly buddy: Buddy;
  readonly runs: Runs;
  readonly allocator: Allocator;
  readonly watermark: Watermark;
  readonly log: Log;
  readonly room: Room;
}

/** How much of the buffer a design has, in the words' own units. */
export interface Room {
  /** Words of its own. */
  readonly own: number;
  /** Requests that may be open at a time. */
  readonly requests: number;
  /** Ranges in one request. */
  readonly ranges: number;
}

export type Device = "registered" | "leaving" | "unregistered";
export type Answer = "none" | "ok" | "refused";

const DEVICES: readonly Device[] = ["registered", "leaving", "unregistered"];
const ANSWERS: readonly Answer[] = ["none", "ok", "refused"];
const UNANSWERED = ANSWERS.indexOf("none");

const DEVICE = 0;
const TIMER = 1;
const PHASE = 2;
const ZONE = 3;
const FROZEN = 4;
const HELD_BLOCKS = 5;
const OPEN_REQUESTS = 6;
/** 0, or one more than the place in `stops` of the reason why the guest stopped. */
const STOPPED = 7;
/** Where a design's own words begin. */
export const OWN_WORDS = 8;
/** The phase in which every worker has nothing in hand. */
export const REST = 0;

/** A request in the buffer: its number, the answer, how many ranges, then these, each as `block * ORDERS + order`. */
const ANSWER = 1;
const LENGTH = 2;
const RANGES = 3;
const ORDERS = 64;

/** How many words a design needs in the buffer. */
export function reporterWords(room: Room): number {
  return OWN_WORDS + room.own + room.requests * (RANGES + room.ranges);
}

export abstract class Reporter implements ListHooks {
  // ---- traits: constants of a design ----

  /** Does it hear that the host refused? */
  readonly hearsRefusals: boolean = true;
  /** Does a caller who finds nothing wait for what is held? Else held pages look allocated to him. */
  readonly callersWait: boolean = true;
  /** Does a mark mean all pages of a block, so that merged marked halves and split parts have it too? */
  readonly inheritsMarks: boolean = false;
  /** Does a marked block stay marked when it changes its list? */
  readonly movesKeepMark: boolean = true;
  /** The reasons for which the guest may stop for good. */
  readonly stops: readonly string[] = [];

  // ---- costs: no state ----

  /** Entries of lists, arrays and bitmaps that the worker has looked at since the guest began. */
  visited = 0;
  /**
   * Units of work done inside allocations and frees since the guest began: one for each array append, entry compared,
   * bit set, list entry or page looked at in a hook.
   */
  inFreePath = 0;
  /** What its own words take, in bytes. */
  readonly metadataBytes: number;

  /** The CPU on which the action under way runs. */
  cpu = 0;

  /** Which hooks has the design of its own? Asked once: the hot paths then test a constant, and make no call. */
  readonly interceptsFrees: boolean = this.freed !== Reporter.prototype.freed;
  readonly freesItself: boolean = this.freeing !== Reporter.prototype.freeing;
  readonly placesMarked: boolean = this.place !== Reporter.prototype.place;
  readonly runsOnCpus: boolean = this.canProceed !== Reporter.prototype.canProceed;
  readonly judgesMemory: boolean = this.outOfMemory !== Reporter.prototype.outOfMemory;

  protected readonly shape: Shape;
  protected readonly settings: Settings;
  protected readonly buddy: Buddy;
  protected readonly allocator: Allocator;
  protected readonly watermark: Watermark;
  protected readonly log: Log;
  /** The shared words, then its own from OWN_WORDS on. */
  protected readonly words: Float64Array;
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
    const { room, state } = parts;
    this.shape = parts.shape;
    this.settings = parts.settings;
    this.buddy = parts.buddy;
    this.allocator = parts.allocator;
    this.watermark = parts.watermark;
    this.log = parts.log;
    this.words = state.reporter;
    this.metadataBytes = 8 * room.own;
    this.#next = state.next;
    this.#prev = state.prev;
    this.#tag = state.tag;
    this.#batch = state.batch;
    this.#requests = OWN_WORDS + room.own;
    this.#requestWords = RANGES + room.ranges;
    this.#mostRequests = room.requests;
    this.timer = NONE;
  }

  // ---- the worker ----

  /** May the worker take a step now? */
  canWork(): boolean {
    return false;
  }

  /** One step of the worker. Where it can take none, nothing. */
  work(): void {}

  /** May what runs on this CPU for the reporter take a step now? */
  canProceed(_cpu: number): boolean {
    return false;
  }

  /** That step. Only called where it may be taken. */
  proceed(_cpu: number): void {}

  /** The private state as plain data, in pfns where it names pages. */
  describe(): ReporterState {
    return { device: this.device };
  }

  // ---- hooks of the free lists (free-lists.ts, ListHooks) ----

  removing(_zone: ZoneIndex, _block: number, _order: Order, _type: number): void {}
  moving(_zone: ZoneIndex, _block: number, _order: Order, _from: number, _to: number): void {}
  reworking(_zone: ZoneIndex, _order: Order, _type: number): void {}
  notify(_zone: ZoneIndex, _order: Order, _block: number): void {}
  placed(_zone: ZoneIndex, _block: number, _order: Order, _type: number): void {}
  inherited(_zone: ZoneIndex, _block: number, _order: Order, _type: number): void {}

  movesToTail(): boolean {
    return true;
  }

  tail(_zone: ZoneIndex, _order: Order, _type: number): number {
    return NONE;
  }

  place(_zone: ZoneIndex, _block: number, _order: Order, _type: number): number {
    return NONE;
  }

  // ---- hooks of allocation and free ----

  /**
   * An owner gives back a block, before the allocator sees it (`arch_free_page`). The block has no owner now.
   *
   * @returns true where the design has the block now: it has taken it with `hold`, or has passed it on
   */
  freed(_block: number, _order: Order): boolean {
    return false;
  }

  /** Blocks are about to be freed to the lists, all at once. They have no owner now. @returns true where the design frees them */
  freeing(_blocks: readonly FreedBlock[]): boolean {
    return false;
  }

  /** Is the CPU inside the reporter? Then nothing can be allocated, freed or drained on it. */
  busy(_cpu: number): boolean {
    return false;
  }

  /** Does everyone who wants to allocate spin on the reporter's lock? */
  spins(): boolean {
    return false;
  }

  /** A caller has found nothing. @returns true where something will come back for which he may wait */
  outOfMemory(): boolean {
    return this.callersWait && this.heldBlocks > 0;
  }

  /** Shrinkers run: somebody wants so many pages. */
  pressure(_pages: Pages): void {}
  /** The host sets the balloon's target. */
  balloon(_pages: Pages): void {}
  /** The host begins, pauses or ends a round of hinting. */
  hint(_command: "start" | "stop" | "done"): void {}
  /** The host has answered a request. Most designs hear it in the worker's next step. */
  acked(_request: number): void {}

  // ---- what judges ask ----

  /** CPUs that can't go on because of the reporter, beside those who spin in `alloc`. */
  stalled(): number {
    return 0;
  }

  /** Will the reporter yet look at this free block? */
  noted(_block: number, _order: Order): boolean {
    return true;
  }

  /** Does the design's own rule say that a pass is due? */
  due(): boolean {
    return false;
  }

  /** Boundary designs: of a zone, by list number, the first block behind the boundary or NONE; undefined where none are kept now. */
  boundariesOf?(zone: ZoneIndex): Float64Array | undefined;
  /** Designs that count reported blocks: the counters, at `zone << ORDERS_SHIFT | order`. */
  counters?(): Float64Array;

  // ---- the smallest order to report ----

  get reportOrder(): Order {
    return this.shape.reportOrder;
  }

  setOrder(_order: Order): void {}

  // ---- the device ----

  get device(): Device {
    return DEVICES[this.words[DEVICE]];
  }
  protected set device(device: Device) {
    this.words[DEVICE] = DEVICES.indexOf(device);
  }

  /** A device that is leaving is still there. */
  get registered(): boolean {
    return this.device !== "unregistered";
  }

  /** The host's device comes, where there is none. */
  register(): void {
    if (this.registered) return;
    this.device = "registered";
    this.tell("registered");
    this.arrived();
  }

  /** What a device that has just come makes the design do. */
  arrived(): void {}

  /** The host's device goes. What is under way runs to its end. */
  unregister(): void {
    if (this.device !== "registered") return;
    this.device = "leaving";
    this.leaveIfDone();
  }

  /** To be called wherever the last thing in hand may just have been finished. */
  leaveIfDone(): void {
    if (this.device === "leaving" && this.isDone()) this.goAway();
  }

  /** Is there nothing in hand for which a device that leaves must wait? */
  isDone(): boolean {
    return this.phase === REST && this.heldBlocks === 0 && this.openRequests === 0;
  }

  goAway(): void {
    this.device = "unregistered";
    this.timer = NONE;
    this.tell("unregistered");
  }

  // ---- the clock ----

  /** Ticks until the next pass may begin, or -1. */
  get timer(): number {
    return this.words[TIMER];
  }
  protected set timer(ticks: number) {
    this.words[TIMER] = ticks;
  }

  canBegin(): boolean {
    return this.timer === 0 && this.registered && !this.frozen;
  }

  startTimer(): void {
    this.timer = this.settings.delay;
  }

  tick(): void {
    if (this.timer > 0) this.timer--;
  }

  get frozen(): boolean {
    return this.words[FROZEN] !== 0;
  }

  freeze(): void {
    if (this.phase === REST) this.words[FROZEN] = 1;
  }

  thaw(): void {
    this.words[FROZEN] = 0;
  }

  // ---- where the worker stands ----

  /** REST, or a number of the design's own. */
  get phase(): number {
    return this.words[PHASE];
  }
  protected set phase(phase: number) {
    this.words[PHASE] = phase;
  }

  get zone(): ZoneIndex {
    return this.words[ZONE];
  }
  protected set zone(zone: ZoneIndex) {
    this.words[ZONE] = zone;
  }

  /** No pass runs or is scheduled. */
  get resting(): boolean {
    return this.phase === REST && this.timer === NONE;
  }

  /** The guest stops for good, at the end of the action under way. The first reason counts. @param reason one of `stops` */
  stop(reason: string): void {
    const place = this.stops.indexOf(reason);
    if (place < 0) throw new RangeError(`${JSON.stringify(reason)} is not among the stops of this design`);
    if (this.words[STOPPED] === 0) this.words[STOPPED] = place + 1;
  }

  /** Why the guest stopped, or empty. */
  get stopped(): string {
    return this.words[STOPPED] === 0 ? "" : this.stops[this.words[STOPPED] - 1];
  }

  get isStopped(): boolean {
    return this.words[STOPPED] !== 0;
  }

  // ---- the batch ----

  get heldBlocks(): number {
    return this.words[HELD_BLOCKS];
  }

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

  /** How many requests are open. */
  get openRequests(): number {
    return this.words[OPEN_REQUESTS];
  }

  /** The request that was submitted first of those open, or 0. */
  get request(): number {
    return this.openRequests === 0 ? 0 : this.words[this.#requests];
  }

  /** What the host said to that. */
  get answer(): Answer {
    return this.openRequests === 0 ? "none" : ANSWERS[this.words[this.#requests + ANSWER]];
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

  tell(event: "registered" | "unregistered" | "idle"): void {
    this.log.push({ event });
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
