/**
 * Unused page reporting, v10 to v12: each list has a boundary, and behind it every block is reported. `duyck-line.md` D.
 *
 * While a zone is worked on, a tail insertion goes before the boundary, so nothing unreported slips behind it; the worker walks
 * from the boundary toward the head and needs to look at each block once. Whoever reorders a list must pull or reset its
 * boundary. A zone asks for a pass when enough of its blocks are unreported, which counters of reported blocks tell.
 */
import type { Order, ReporterState, ZoneIndex } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import type { Runs } from "../runs.ts";
import type { Shape } from "../shape.ts";
import { ISOLATE, ORDERS_SHIFT, ORDER_SHIFT, TYPES } from "../state.ts";

const PHASES = ["rest", "pick", "submit", "wait"] as const;
const PICK = 1;
const SUBMIT = 2;
const WAIT = 3;

const ACTIVE = OWN_WORDS;
const REQUESTS = OWN_WORDS + 1;
const PER_ZONE = OWN_WORDS + 2;

/** Words of its own: two, a request bit and the counters of each zone, and the boundaries of the one active zone. */
export function reportedBoundaryWords(shape: Shape): number {
  return 2 + shape.zones * (1 + 2 ** ORDERS_SHIFT) + ((shape.maxOrder + 1) << ORDER_SHIFT);
}

export class ReportedBoundary extends Reporter {
  override readonly hearsRefusals = false;
  readonly #runs: Runs;
  readonly #nrFree: Int32Array;
  readonly #prev: Int32Array;
  readonly #present: Int32Array;
  readonly #counters: number;
  readonly #boundaries: number;
  readonly #boundariesEnd: number;
  readonly #shown: Float64Array;

  constructor(parts: Parts) {
    super(parts);
    this.#runs = parts.runs;
    this.#nrFree = parts.state.nrFree;
    this.#prev = parts.state.prev;
    this.#present = parts.state.present;
    this.#counters = PER_ZONE + parts.shape.zones;
    this.#boundaries = this.#counters + (parts.shape.zones << ORDERS_SHIFT);
    this.#boundariesEnd = this.#boundaries + ((parts.shape.maxOrder + 1) << ORDER_SHIFT);
    this.#shown = this.words.subarray(this.#boundaries, this.#boundariesEnd);
    this.active = NONE;
    this.resetBoundaries();
    this.requestAll();
  }

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

  // ---- what the lists tell ----

  override removing(zone: ZoneIndex, block: number, order: Order, type: number): void {
    this.countReported(zone, order, -1);
    this.pull(zone, block, order, type);
  }

  override moving(zone: ZoneIndex, block: number, order: Order, from: number, _to: number): void {
    this.pull(zone, block, order, from);
  }

  /** The boundary block leaves its list: the next one is the first behind the boundary. */
  pull(zone: ZoneIndex, block: number, order: Order, type: number): void {
    if (this.active !== zone || this.boundary(order, type) !== block) return;
    this.setBoundary(order, type, this.buddy.after(block));
  }

  /** Compaction may bring anything behind the boundary (G-9). */
  override reworking(zone: ZoneIndex, order: Order, type: number): void {
    if (this.active === zone) this.setBoundary(order, type, NONE);
  }

  override tail(zone: ZoneIndex, order: Order, type: number): number {
    return this.active === zone && order >= this.reportOrder ? this.boundary(order, type) : NONE;
  }

  override movesToTail(): boolean {
    return false;
  }

  override notify(zone: ZoneIndex, order: Order): void {
    if (order < this.reportOrder || this.isRequested(zone) || this.device !== "registered") return;
    if (this.enoughUnreported(zone, order)) this.requestZone(zone);
  }

  enoughUnreported(zone: ZoneIndex, order: Order): boolean {
    const blocks = this.#nrFree[(zone << ORDERS_SHIFT) | order];
    return blocks >= this.reportedBlocks(zone, order) + this.settings.highWater;
  }

  // ---- what asks for a pass ----

  requestZone(zone: ZoneIndex): void {
    this.words[PER_ZONE + zone] = 1;
    if (this.words[REQUESTS]++ === 0) this.startTimer();
  }

  /** A new device hears of everything there is. */
  requestAll(): void {
    for (let zone = 0; zone < this.shape.zones; zone++) {
      if (this.#present[zone] > 0) this.requestZone(zone);
    }
  }

  override arrived(): void {
    this.requestAll();
  }

  override goAway(): void {
    this.forgetRequests();
    super.goAway();
  }

  /** A request left behind would keep its zone from ever asking again (G-10). */
  forgetRequests(): void {
    this.words.fill(0, PER_ZONE, PER_ZONE + this.shape.zones);
    this.words[REQUESTS] = 0;
  }

  // ---- the worker ----

  override canWork(): boolean {
    if (this.phase === REST) return this.canBegin();
    return this.phase !== WAIT || this.answer !== "none";
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

  /** One section under the zone lock: takes unreported blocks, the largest first, until the batch is full. */
  fill(): void {
    const zone = this.zone;
    if (this.active !== zone) this.activate(zone);
    for (let order = this.shape.maxOrder; order >= this.reportOrder; order--) {
      for (let type = TYPES - 1; type >= 0; type--) {
        if (!this.reports(type)) continue;
        if (this.fillFrom(zone, order, type)) {
          this.phase = SUBMIT;
          return;
        }
      }
    }
    this.cancel(zone);
    if (this.heldBlocks === 0) this.nextZone();
    else this.phase = SUBMIT;
  }

  /** Isolated memory is about to go: it must stay on its list (`duyck-line.md` A.6). */
  reports(type: number): boolean {
    return type !== ISOLATE;
  }

  /** Takes what one list has. @returns true where the batch has become full */
  fillFrom(zone: ZoneIndex, order: Order, type: number): boolean {
    for (;;) {
      const block = this.getUnreported(zone, order, type);
      if (block === NONE || !this.take(zone, block, order)) return false;
      if (this.isBatchFull()) return true;
    }
  }

  /**
   * The lowest unreported block above the boundary, or NONE; the boundary moves up over the reported ones passed.
   *
   * Isolating a block may move others to the heads of lists, so no cursor is kept: each search begins at the boundary.
   * Where reported blocks are known to stand side by side the walk passes them at once (runs.ts): it ends at the same block.
   */
  getUnreported(zone: ZoneIndex, order: Order, type: number): number {
    const head = this.buddy.head(zone, order, type);
    const boundary = this.boundary(order, type);
    let passed = boundary === NONE ? head : boundary;
    let block = this.#above(passed);
    while (block !== NONE) {
      this.visited++;
      if (!this.buddy.isMarked(block)) break;
      passed = this.#runs.passUp(head, passed, block);
      block = this.#above(passed);
    }
    if (passed !== head) this.setBoundary(order, type, passed);
    return block;
  }

  #above(node: number): number {
    const block = this.#prev[node];
    return block < this.shape.pages ? block : NONE;
  }

  activate(zone: ZoneIndex): void {
    this.active = zone;
    this.resetBoundaries();
  }

  /** The zone's lists are exhausted, though the last batch is not reported yet: as v10 does it. */
  cancel(zone: ZoneIndex): void {
    this.active = NONE;
    this.resetBoundaries();
    this.words[PER_ZONE + zone] = 0;
    this.words[REQUESTS]--;
  }

  submitBatch(): void {
    this.submit(this.ranges());
    this.phase = WAIT;
  }

  answered(): void {
    this.drain();
    if (this.isRequested(this.zone)) this.fill();
    else this.nextZone();
  }

  drain(): void {
    this.closeRequest();
    while (this.heldBlocks > 0) this.putBack(this.firstHeld, true);
  }

  override mark(zone: ZoneIndex, block: number, order: Order): void {
    super.mark(zone, block, order);
    this.countReported(zone, order, 1);
  }

  countReported(zone: ZoneIndex, order: Order, change: number): void {
    this.words[this.#counters + (zone << ORDERS_SHIFT) + order] += change;
  }

  nextZone(): void {
    this.phase = PICK;
    this.zone++;
  }

  setBoundary(order: Order, type: number, block: number): void {
    this.words[this.#boundaries + ((order << ORDER_SHIFT) | type)] = block;
  }

  resetBoundaries(): void {
    this.words.fill(NONE, this.#boundaries, this.#boundariesEnd);
  }

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
