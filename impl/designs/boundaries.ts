/**
 * What the designs with boundaries share: bubble hinting (`duyck-line.md` C.2) and what became of it (D).
 *
 * Each list of the one zone that is worked on has a boundary: the first block of what has been reported, up to the tail. A tail
 * insertion goes before it, so nothing unreported slips behind it. A zone asks for a pass when enough of its blocks are
 * unreported, which counters of reported blocks tell; the worker goes from zone to zone, round and round, until none asks.
 *
 * Which blocks are taken and how they come back, each design says for itself.
 */
import type { Order, ReporterState, ZoneIndex } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import type { Shape } from "../shape.ts";
import { ORDERS_SHIFT, ORDER_SHIFT, TYPES } from "../state.ts";

const PHASES = ["rest", "pick", "submit", "wait"] as const;
const PICK = 1;
const SUBMIT = 2;
const WAIT = 3;

const ACTIVE = OWN_WORDS;
const REQUESTS = OWN_WORDS + 1;
const PER_ZONE = OWN_WORDS + 2;

/** Words of its own: two, a request bit and the counters of each zone, and the boundaries of the one active zone. */
export function boundaryWords(shape: Shape): number {
  return 2 + shape.zones * (1 + 2 ** ORDERS_SHIFT) + ((shape.maxOrder + 1) << ORDER_SHIFT);
}

/** Of these, the boundaries, which come last. */
export function boundaryPageWords(shape: Shape): number[] {
  const lists = (shape.maxOrder + 1) << ORDER_SHIFT;
  return Array.from({ length: lists }, (_, list) => boundaryWords(shape) - lists + list);
}

export abstract class BoundaryReporter extends Reporter {
  override readonly hearsRefusals = false;
  readonly #nrFree: Int32Array;
  readonly #counters: number;
  readonly #boundaries: number;
  readonly #boundariesEnd: number;
  readonly #shown: Float64Array;

  constructor(parts: Parts) {
    super(parts);
    this.#nrFree = parts.state.nrFree;
    this.#counters = PER_ZONE + parts.shape.zones;
    this.#boundaries = this.#counters + (parts.shape.zones << ORDERS_SHIFT);
    this.#boundariesEnd = this.#boundaries + ((parts.shape.maxOrder + 1) << ORDER_SHIFT);
    this.#shown = this.words.subarray(this.#boundaries, this.#boundariesEnd);
    this.deactivate();
  }

  /** One section under the zone lock: takes what the zone has, until the batch is full. */
  abstract fill(): void;
  /** Takes what one list has. @returns true where the batch has become full */
  abstract fillFrom(zone: ZoneIndex, order: Order, type: number): boolean;
  /** Are the blocks of lists of this type reported? */
  abstract reports(type: number): boolean;
  /** The host has answered. */
  abstract answered(): void;

  /** The zone whose boundaries are in force, or NONE. */
  get active(): ZoneIndex {
    return this.words[ACTIVE];
  }
  protected set active(zone: ZoneIndex) {
    this.words[ACTIVE] = zone;
  }

  /** How many zones ask for a pass. */
  get requests(): number {
    return this.words[REQUESTS];
  }

  isRequested(zone: ZoneIndex): boolean {
    return this.words[PER_ZONE + zone] !== 0;
  }

  /** The counter of reported blocks of an order. */
  reportedBlocks(zone: ZoneIndex, order: Order): number {
    return this.words[this.#counters + (zone << ORDERS_SHIFT) + order];
  }

  /** The first block behind the boundary of a list of the active zone, or NONE for the list's end. */
  boundary(order: Order, type: number): number {
    return this.words[this.#boundaries + ((order << ORDER_SHIFT) | type)];
  }

  setBoundary(order: Order, type: number, block: number): void {
    this.words[this.#boundaries + ((order << ORDER_SHIFT) | type)] = block;
  }

  resetBoundaries(): void {
    this.words.fill(NONE, this.#boundaries, this.#boundariesEnd);
  }

  activate(zone: ZoneIndex): void {
    this.active = zone;
    this.resetBoundaries();
  }

  deactivate(): void {
    this.active = NONE;
    this.resetBoundaries();
  }

  // ---- what the lists tell ----

  override removing(zone: ZoneIndex, block: number, order: Order, type: number): void {
    this.countReported(zone, order, -1);
    this.pull(zone, block, order, type);
  }

  /** The boundary block leaves its list: the next one is the first behind the boundary. */
  pull(zone: ZoneIndex, block: number, order: Order, type: number): void {
    if (this.active !== zone || this.boundary(order, type) !== block) return;
    this.setBoundary(order, type, this.buddy.after(block));
  }

  override tail(zone: ZoneIndex, order: Order, type: number): number {
    return this.active === zone && order >= this.reportOrder ? this.boundary(order, type) : NONE;
  }

  override movesToTail(): boolean {
    return false;
  }

  override mark(zone: ZoneIndex, block: number, order: Order): void {
    super.mark(zone, block, order);
    this.countReported(zone, order, 1);
  }

  countReported(zone: ZoneIndex, order: Order, change: number): void {
    this.words[this.#counters + (zone << ORDERS_SHIFT) + order] += change;
  }

  // ---- what asks for a pass ----

  override notify(zone: ZoneIndex, order: Order): void {
    if (order < this.reportOrder || this.isRequested(zone) || this.device !== "registered") return;
    if (this.enoughUnreported(zone, order)) this.requestZone(zone);
  }

  enoughUnreported(zone: ZoneIndex, order: Order): boolean {
    const blocks = this.#nrFree[(zone << ORDERS_SHIFT) | order];
    return blocks >= this.reportedBlocks(zone, order) + this.settings.highWater;
  }

  requestZone(zone: ZoneIndex): void {
    this.words[PER_ZONE + zone] = 1;
    if (this.words[REQUESTS]++ === 0) this.schedulePass();
  }

  /** The first zone asks. */
  schedulePass(): void {
    this.startTimer();
  }

  /** A zone that asked has been seen to. */
  withdraw(zone: ZoneIndex): void {
    this.words[PER_ZONE + zone] = 0;
    this.words[REQUESTS]--;
  }

  /** A request left behind would keep its zone from ever asking again (G-10). */
  forgetRequests(): void {
    this.words.fill(0, PER_ZONE, PER_ZONE + this.shape.zones);
    this.words[REQUESTS] = 0;
  }

  // ---- the worker ----

  override canWork(): boolean {
    return this.mayStep(this.phase === WAIT);
  }

  override work(): void {
    if (!this.canWork()) return;
    switch (this.phase) {
      case REST:
        return this.begin();
      case PICK:
        return this.pick();
      case SUBMIT:
        return this.submitBatch();
      default:
        return this.answered();
    }
  }

  begin(): void {
    this.timer = NONE;
    this.zone = 0;
    this.phase = PICK;
  }

  /** On to the next zone that asks, round and round until none does. */
  pick(): void {
    let zone = this.nextRequested(this.zone);
    if (zone === NONE && this.requests > 0) zone = this.nextRequested(0);
    if (zone === NONE) return this.rest();
    this.zone = zone;
    this.fill();
  }

  /** The first zone from there on that asks, or NONE. */
  nextRequested(from: ZoneIndex): ZoneIndex {
    for (let zone = from; zone < this.shape.zones; zone++) {
      if (this.isRequested(zone)) return zone;
    }
    return NONE;
  }

  rest(): void {
    this.phase = REST;
    this.zone = 0;
    if (this.device === "leaving") this.goAway();
    else if (this.timer === NONE) this.tell("idle");
  }

  /** Takes what all lists of a zone have, the largest blocks first. @returns true where the batch has become full */
  fillFromAll(zone: ZoneIndex): boolean {
    for (let order = this.shape.maxOrder; order >= this.reportOrder; order--) {
      for (let type = TYPES - 1; type >= 0; type--) {
        if (this.reports(type) && this.fillFrom(zone, order, type)) return true;
      }
    }
    return false;
  }

  /** What the fill has found is for the host; where it has found nothing, the next zone's turn comes. */
  leaveFill(): void {
    if (this.heldBlocks === 0) this.nextZone();
    else this.phase = SUBMIT;
  }

  nextZone(): void {
    this.phase = PICK;
    this.zone++;
  }

  submitBatch(): void {
    this.submit(this.ranges());
    this.phase = WAIT;
  }

  // ---- what judges see ----

  /** The counters of reported blocks as they stand in the buffer: by zone and order. */
  override counters(): Float64Array {
    return this.words.subarray(this.#counters, this.#boundaries);
  }

  /** The boundaries as they stand in the buffer, while the zone is worked on. */
  override boundariesOf(zone: ZoneIndex): Float64Array | undefined {
    return this.active === zone ? this.#shown : undefined;
  }

  override describe(): ReporterState {
    const { device, timer, zone, active, requests, request, answer } = this;
    const requested = Array.from({ length: this.shape.zones }, (_, at) => (this.isRequested(at) ? 1 : 0));
    return { device, phase: PHASES[this.phase], timer, zone, active, requested, requests, request, answer };
  }
}
