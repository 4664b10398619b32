/**
 * Treated buddies: a free block is raw or treated, like sewage, and a free starts the treatment. `duyck-line.md` C.1.
 *
 * A mark means that the host has dropped all pages of a block. So two treated halves make a treated block, and the parts of a
 * treated block are treated. Treated blocks are inserted before the membrane of their order, which then is they: what is raw
 * can pass it only by treatment. An order has one membrane for all its lists, and treats one migratetype at a time.
 *
 * There is no worker: enough raw blocks of an order make the very free that left them there pull a batch, under the zone
 * lock; that CPU then hands it to the host, while it is inside the free. The host's answer is an interrupt, which
 * puts the batch back and pulls the next one.
 */
import type { Order, ReporterState, ZoneIndex } from "../../model/alphabet/index.ts";
import { MIGRATETYPES, NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import type { Shape } from "../shape.ts";
import { ISOLATE, ORDERS_SHIFT, ORDER_SHIFT, TYPES, TYPE_BITS } from "../state.ts";
import { Aeration } from "./aeration.ts";

const PHASES = ["rest", "react", "settle", "decant", "fill"] as const;
const REACT = 1;
const SETTLE = 2;
const DECANT = 3;
const FILL = 4;

const REQUESTS = OWN_WORDS;
/** The CPU that has pulled a batch inside a free and still has to hand it over, or NONE. */
const REACTOR = OWN_WORDS + 1;
const PER_ZONE = OWN_WORDS + 2;

/** The types that are treated come first; the last one is treated as if it were already. */
const TREATED_TYPES = ISOLATE;

/** Words of its own: two; of each zone a request bit, by order the type treated and a counter, by list the membrane. */
export function treatedBuddyWords(shape: Shape): number {
  return 2 + shape.zones * (1 + 2 * 2 ** ORDERS_SHIFT + ((shape.maxOrder + 1) << ORDER_SHIFT));
}

/** Of these, the membranes, which come last. */
export function treatedBuddyPageWords(shape: Shape): number[] {
  const membranes = shape.zones * ((shape.maxOrder + 1) << ORDER_SHIFT);
  return Array.from({ length: membranes }, (_, at) => treatedBuddyWords(shape) - membranes + at);
}

export class TreatedBuddy extends Reporter {
  override readonly hearsRefusals = false;
  override readonly inheritsMarks = true;
  /** By list number: a treated block of that order and type had no membrane. */
  override readonly stops: readonly string[] = Array.from(
    { length: (this.shape.maxOrder + 1) << ORDER_SHIFT },
    (_, list) =>
      `treated-buddy: a treated block of order ${list >> ORDER_SHIFT} goes to the ${MIGRATETYPES[list & TYPE_BITS]} list, ` +
      "but the membrane of that order is at another (BUG_ON)",
  );
  readonly aeration: Aeration;
  readonly #nrFree: Int32Array;
  readonly #treatments: number;
  readonly #treated: number;
  readonly #membranes: number;
  readonly #lists: number;
  /** By zone. */
  readonly #shown: readonly Float64Array[];

  constructor(parts: Parts) {
    super(parts);
    const { shape, state } = parts;
    this.aeration = new Aeration(this, parts.buddy, state);
    this.#nrFree = state.nrFree;
    this.#treatments = PER_ZONE + shape.zones;
    this.#treated = this.#treatments + (shape.zones << ORDERS_SHIFT);
    this.#membranes = this.#treated + (shape.zones << ORDERS_SHIFT);
    this.#lists = (shape.maxOrder + 1) << ORDER_SHIFT;
    this.#shown = Array.from({ length: shape.zones }, (_, zone) => {
      const first = this.#membranes + zone * this.#lists;
      return this.words.subarray(first, first + this.#lists);
    });
    this.words[REACTOR] = NONE;
    this.words.fill(TYPES - 1, this.#treatments, this.#treated);
    for (const membranes of this.#shown) membranes.fill(NONE);
  }

  // ---- what it remembers ----

  /** How many zones ask to be treated. */
  get requests(): number {
    return this.words[REQUESTS];
  }

  isRequested(zone: ZoneIndex): boolean {
    return this.words[PER_ZONE + zone] !== 0;
  }

  /** The type that was treated last in an order: the only one that has a membrane. */
  treatment(zone: ZoneIndex, order: Order): number {
    return this.words[this.#treatments + (zone << ORDERS_SHIFT) + order];
  }

  /** The first block behind the membrane of a list, or NONE for the list's end. */
  membrane(zone: ZoneIndex, order: Order, type: number): number {
    return this.aeration.standing(this.#shown[zone][(order << ORDER_SHIFT) | type], order, type);
  }

  setMembrane(zone: ZoneIndex, order: Order, type: number, block: number): void {
    this.#shown[zone][(order << ORDER_SHIFT) | type] = block;
  }

  /** Blocks of an order that the host has not dropped. What is isolated counts as treated: nobody may take it. */
  raw(zone: ZoneIndex, order: Order): number {
    const blocks = this.#nrFree[(zone << ORDERS_SHIFT) | order];
    return blocks - this.words[this.#treated + (zone << ORDERS_SHIFT) + order] - this.isolated(zone, order);
  }

  /** Blocks on the isolate list: hardly ever any, so they are not counted before somebody asks. */
  isolated(zone: ZoneIndex, order: Order): number {
    let blocks = 0;
    for (let at = this.buddy.firstOf(zone, order, ISOLATE); at !== NONE; at = this.buddy.after(at)) blocks++;
    this.visited += blocks;
    return blocks;
  }

  // ---- what the lists tell ----

  /** A treated block goes right before the membrane. Where that is at another list Duyck's code had a BUG_ON (G-4). */
  override place(zone: ZoneIndex, _block: number, order: Order, type: number): number {
    if (type === ISOLATE) return this.buddy.firstOf(zone, order, ISOLATE);
    if (this.treatment(zone, order) === type) return this.membrane(zone, order, type);
    this.stop(this.stops[(order << ORDER_SHIFT) | type]);
    return NONE;
  }

  override placed(zone: ZoneIndex, block: number, order: Order, type: number): void {
    this.countTreated(zone, order, type, 1);
    if (type !== ISOLATE && this.treatment(zone, order) === type) this.setMembrane(zone, order, type, block);
  }

  override inherited(zone: ZoneIndex, _block: number, order: Order, type: number): void {
    this.countTreated(zone, order, type, 1);
  }

  override removing(zone: ZoneIndex, block: number, order: Order, type: number): void {
    this.countTreated(zone, order, type, -1);
    this.pull(zone, block, order, type);
  }

  override moving(zone: ZoneIndex, block: number, order: Order, from: number, to: number): void {
    this.countTreated(zone, order, from, -1);
    this.countTreated(zone, order, to, 1);
    this.pull(zone, block, order, from);
  }

  override movesToTail(): boolean {
    return false;
  }

  /** The block at the membrane leaves its list: the next one is the first behind it. */
  pull(zone: ZoneIndex, block: number, order: Order, type: number): void {
    if (this.membrane(zone, order, type) !== block) return;
    this.setMembrane(zone, order, type, this.buddy.after(block));
  }

  countTreated(zone: ZoneIndex, order: Order, type: number, change: number): void {
    if (type !== ISOLATE) this.words[this.#treated + (zone << ORDERS_SHIFT) + order] += change;
  }

  // ---- what asks for treatment ----

  override notify(zone: ZoneIndex, order: Order, block: number): void {
    if (order < this.reportOrder || !this.listens()) return;
    if (this.isRequested(zone) || this.aeration.listOf(block) === ISOLATE || !this.enoughRaw(zone, order)) return;
    this.requestZone(zone);
    if (this.phase === REST) this.startInside(zone);
  }

  /** Does a free start a treatment? A frozen guest begins nothing. */
  listens(): boolean {
    return this.device === "registered" && !this.frozen;
  }

  enoughRaw(zone: ZoneIndex, order: Order): boolean {
    return this.raw(zone, order) >= this.settings.highWater;
  }

  requestZone(zone: ZoneIndex): void {
    this.words[PER_ZONE + zone] = 1;
    this.words[REQUESTS]++;
  }

  withdraw(zone: ZoneIndex): void {
    this.words[PER_ZONE + zone] = 0;
    this.words[REQUESTS]--;
  }

  /** Pulls the first batch right here, in a free, under its zone lock. What that looks at, the caller of free pays for. */
  startInside(zone: ZoneIndex): void {
    const visited = this.visited;
    this.fillZone(zone);
    this.inFreePath += this.visited - visited;
    this.visited = visited;
    if (this.heldBlocks > 0) {
      this.phase = REACT;
      this.words[REACTOR] = this.cpu;
    } else if (this.isRequested(zone)) {
      this.phase = FILL;
    }
  }

  override goAway(): void {
    this.words.fill(0, PER_ZONE, PER_ZONE + this.shape.zones);
    this.words[REQUESTS] = 0;
    super.goAway();
  }

  // ---- inside the free ----

  override busy(cpu: number): boolean {
    return this.words[REACTOR] === cpu;
  }

  override canProceed(cpu: number): boolean {
    return this.words[REACTOR] === cpu;
  }

  /** The zone lock is let go in the middle of the free (failure mode c), and the batch handed over. Nobody waits. */
  override proceed(_cpu: number): void {
    this.words[REACTOR] = NONE;
    this.handOver();
  }

  handOver(): void {
    this.submit(this.ranges());
    this.phase = SETTLE;
  }

  // ---- the interrupt ----

  override canWork(): boolean {
    switch (this.phase) {
      case SETTLE:
        return this.answer !== "none";
      case DECANT:
      case FILL:
        return true;
      default:
        return false;
    }
  }

  override work(): void {
    if (!this.canWork()) return;
    if (this.phase === FILL) return this.fill();
    if (this.phase === SETTLE) this.closeRequest();
    this.decant();
  }

  /** Puts one block back, in a section of its own: between two of them anybody may come. */
  decant(): void {
    this.phase = DECANT;
    this.putBack(this.firstHeld);
    if (this.heldBlocks > 0) return;
    this.phase = FILL;
    this.zone = 0;
  }

  /** The block is treated wherever it goes; it stays so if it merges with nothing but treated ones. */
  override putBack(block: number): void {
    const zone = this.shape.zoneOf(block);
    const order = this.buddy.orderOf(block);
    const type = this.aeration.listFor(zone, block);
    this.unhold(block);
    this.buddy.freeOne(zone, block, order, type, false, true, true);
    const reported = this.buddy.isFreeHead(block, order) && this.buddy.isMarked(block);
    this.wakes();
    this.log.push({ event: "release", pfn: this.shape.pfnOf(block), order, reported });
  }

  /** One zone that asks, in one section. The batch is shared by all of them. */
  fill(): void {
    const zone = this.nextRequested(this.zone);
    if (zone !== NONE) {
      this.zone = zone;
      this.fillZone(zone);
      if (this.heldBlocks > 0 && this.fillIsOver(zone)) this.handOver();
      else this.zone = zone + 1;
    } else if (this.heldBlocks > 0) {
      this.handOver();
    } else if (this.requests > 0) {
      this.zone = 0;
    } else {
      this.rest();
    }
  }

  fillIsOver(zone: ZoneIndex): boolean {
    return this.isBatchFull() || this.nextRequested(zone + 1) === NONE;
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
    if (this.device === "leaving") this.leaveIfDone();
    else this.tell("idle");
  }

  // ---- pulling ----

  /** Pulls raw blocks of a zone, the largest first. It asks no more when less than a batch is left. */
  fillZone(zone: ZoneIndex): void {
    let left = 0;
    for (let order = this.shape.maxOrder; order >= this.reportOrder; order--) {
      this.fillOrder(zone, order);
      left += this.raw(zone, order);
    }
    if (left < this.shape.geometry.capacity) this.withdraw(zone);
  }

  /** One type after the other, until one has given something: while its blocks are away, its membrane cannot move on. */
  fillOrder(zone: ZoneIndex, order: Order): void {
    for (let tries = 0; tries < TREATED_TYPES; tries++) {
      if (this.isBatchFull() || this.raw(zone, order) <= 0) return;
      if (this.fillFrom(zone, order, this.nextType(zone, order))) return;
    }
  }

  /** The type to treat now, round and round; the membrane stands at its list's end. */
  nextType(zone: ZoneIndex, order: Order): number {
    const last = this.treatment(zone, order);
    const type = last + 1 < TREATED_TYPES ? last + 1 : 0;
    this.setMembrane(zone, order, last, NONE);
    this.setMembrane(zone, order, type, NONE);
    this.words[this.#treatments + (zone << ORDERS_SHIFT) + order] = type;
    return type;
  }

  /** Pulls what one list has, as far as it is seen: raw blocks below the membrane are not (G-5). @returns true if any */
  fillFrom(zone: ZoneIndex, order: Order, type: number): boolean {
    let pulled = false;
    while (!this.isBatchFull()) {
      const block = this.aeration.next(zone, order, type, this.membrane(zone, order, type));
      if (block === NONE) break;
      this.take(zone, block, order);
      pulled = true;
    }
    return pulled;
  }

  /** Unlinks a block and holds it, whatever the watermark says (failure mode d). @returns true: nothing can refuse it */
  override take(zone: ZoneIndex, block: number, order: Order): boolean {
    const type = this.aeration.listOf(block);
    this.buddy.remove(zone, block);
    this.hold(block, order);
    this.aeration.remember(block, type);
    this.log.push({ event: "isolate", pfn: this.shape.pfnOf(block), order });
    return true;
  }

  // ---- what judges see ----

  /** The membranes of a zone as they stand in the buffer. Lists that are not treated have none. */
  override boundariesOf(zone: ZoneIndex): Float64Array {
    return this.#shown[zone];
  }

  override describe(): ReporterState {
    const { device, zone, requests, request, answer, reportOrder, shape } = this;
    const orders = shape.maxOrder - reportOrder + 1;
    return {
      device,
      phase: PHASES[this.phase],
      zone,
      requested: Array.from({ length: shape.zones }, (_, at) => (this.isRequested(at) ? 1 : 0)),
      requests,
      stages: Array.from({ length: this.settings.cpus }, (_, cpu) => (this.busy(cpu) ? "react" : "")).join(","),
      treatment: Array.from({ length: shape.zones * orders }, (_, at) =>
        this.treatment(Math.floor(at / orders), reportOrder + (at % orders)),
      ),
      request,
      answer,
    };
  }
}
