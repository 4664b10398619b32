/**
 * What every reporting design is: a worker that takes free blocks off the lists, hands them to the host, and puts them back.
 *
 * The designs differ in what starts the worker, in which order it looks, and what it remembers; they share the device's
 * comings and goings, the clock, the one open request, and the batch of blocks they hold. A design's words stand in the
 * guest's buffer: first the shared ones below, then its own, and last the batch.
 */
import type { Block, Order, ReporterState, Settings, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Buddy } from "./buddy.ts";
import type { ListHooks } from "./free-lists.ts";
import type { Log } from "./log.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
import { HELD, ORDER_SHIFT } from "./state.ts";
import type { Watermark } from "./watermark.ts";

/** What a design works with. */
export interface Parts {
  readonly shape: Shape;
  readonly state: State;
  readonly settings: Settings;
  readonly buddy: Buddy;
  readonly watermark: Watermark;
  readonly log: Log;
}

export type Device = "registered" | "leaving" | "unregistered";
export type Answer = "none" | "ok" | "refused";

const DEVICES: readonly Device[] = ["registered", "leaving", "unregistered"];
const ANSWERS: readonly Answer[] = ["none", "ok", "refused"];

const DEVICE = 0;
const TIMER = 1;
const PHASE = 2;
const ZONE = 3;
const REQUEST = 4;
const ANSWER = 5;
const FROZEN = 6;
const HELD_BLOCKS = 7;
/** Where a design's own words begin. */
export const OWN_WORDS = 8;
/** The phase in which every worker has nothing in hand. */
export const REST = 0;

/** The most blocks that one guest can ever hold: it has no more. */
export function batchCapacity(shape: Shape): number {
  return Math.min(shape.geometry.capacity, shape.pages / 2 ** shape.reportOrder);
}

/** How many words a design needs in the buffer that has so many of its own. */
export function reporterWords(shape: Shape, own: number): number {
  return OWN_WORDS + own + batchCapacity(shape);
}

export abstract class Reporter implements ListHooks {
  /** Does it hear that the host refused? */
  abstract readonly hearsRefusals: boolean;
  /** List entries that the worker has looked at since the guest began: a cost, not a state. */
  visited = 0;
  protected readonly shape: Shape;
  protected readonly settings: Settings;
  protected readonly buddy: Buddy;
  protected readonly watermark: Watermark;
  protected readonly log: Log;
  protected readonly words: Float64Array;
  readonly #tag: Uint16Array;
  readonly #batch: number;
  #released = false;

  /** @param own words between the shared ones and the batch */
  constructor(parts: Parts, own: number) {
    this.shape = parts.shape;
    this.settings = parts.settings;
    this.buddy = parts.buddy;
    this.watermark = parts.watermark;
    this.log = parts.log;
    this.words = parts.state.reporter;
    this.#tag = parts.state.tag;
    this.#batch = OWN_WORDS + own;
    this.timer = NONE;
  }

  /** May the worker take a step now? */
  abstract canWork(): boolean;
  /** One step of the worker. */
  abstract work(): void;
  /** The host's device comes, where there is none. */
  abstract register(): void;
  /** The host's device goes. A pass under way runs to its end. */
  abstract unregister(): void;
  /** The private state as plain data, in pfns where it names pages. */
  abstract describe(): ReporterState;

  // ---- hooks: a design overrides what it needs ----

  removing(_zone: ZoneIndex, _block: number, _order: Order, _type: number): void {}
  moving(_zone: ZoneIndex, _block: number, _order: Order, _from: number, _to: number): void {}
  reworking(_zone: ZoneIndex, _order: Order, _type: number): void {}
  notify(_zone: ZoneIndex, _order: Order): void {}

  movesToTail(): boolean {
    return true;
  }

  tail(_zone: ZoneIndex, _order: Order, _type: number): number {
    return NONE;
  }

  // ---- the smallest order to report ----

  get reportOrder(): Order {
    return this.shape.reportOrder;
  }

  setOrder(_order: Order): void {}

  // ---- the device and the clock ----

  get device(): Device {
    return DEVICES[this.words[DEVICE]];
  }
  protected set device(device: Device) {
    this.words[DEVICE] = DEVICES.indexOf(device);
  }

  /** Ticks until the next pass may begin, or -1. */
  get timer(): number {
    return this.words[TIMER];
  }
  protected set timer(ticks: number) {
    this.words[TIMER] = ticks;
  }

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

  /** The open request, or 0. */
  get request(): number {
    return this.words[REQUEST];
  }

  get answer(): Answer {
    return ANSWERS[this.words[ANSWER]];
  }

  get frozen(): boolean {
    return this.words[FROZEN] !== 0;
  }

  /** A device that is leaving is still there. */
  get registered(): boolean {
    return this.device !== "unregistered";
  }

  /** No pass runs or is scheduled. */
  get resting(): boolean {
    return this.phase === REST && this.timer === NONE;
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

  freeze(): void {
    if (this.phase === REST) this.words[FROZEN] = 1;
  }

  thaw(): void {
    this.words[FROZEN] = 0;
  }

  // ---- the batch ----

  get heldBlocks(): number {
    return this.words[HELD_BLOCKS];
  }

  /** A held block by its place in the batch, in take order. */
  held(place: number): number {
    return this.words[this.#batch + place];
  }

  isBatchFull(): boolean {
    return this.heldBlocks >= this.shape.geometry.capacity;
  }

  /** Isolates a free block and holds it. @returns false where the zone may not give it */
  take(zone: ZoneIndex, block: number, order: Order): boolean {
    if (!this.buddy.isolateFree(zone, block, order)) return false;
    this.#tag[block] = HELD | (order << ORDER_SHIFT);
    this.words[this.#batch + this.words[HELD_BLOCKS]++] = block;
    this.log.push({ event: "isolate", pfn: this.shape.pfnOf(block), order });
    return true;
  }

  /** Puts back one held block; it is marked if it may be, and stands as it was taken. The batch must be emptied after. */
  putBack(block: number, acked: boolean): void {
    const zone = this.shape.zoneOf(block);
    const order = this.buddy.orderOf(block);
    const stands = this.buddy.putback(zone, block, order);
    const reported = this.marks(acked, stands);
    if (reported) this.mark(zone, block, order);
    this.#released = true;
    this.log.push({ event: "release", pfn: this.shape.pfnOf(block), order, reported });
  }

  /** Only a block that the host dropped, and that did not merge, is what was reported (G-31, G-33). */
  marks(acked: boolean, stands: boolean): boolean {
    return acked && stands;
  }

  mark(zone: ZoneIndex, block: number, _order: Order): void {
    this.buddy.setMark(zone, block);
  }

  emptyBatch(): void {
    this.words[HELD_BLOCKS] = 0;
  }

  /** Were blocks put back since this was asked last? */
  takeReleased(): boolean {
    const released = this.#released;
    this.#released = false;
    return released;
  }

  // ---- the one request ----

  /** Hands the batch to the host. @param ranges in the order in which the host sees them */
  submit(ranges: readonly Block[]): void {
    this.words[REQUEST] = 1;
    this.words[ANSWER] = ANSWERS.indexOf("none");
    this.log.push({ event: "submit", request: 1, ranges });
  }

  /** The held blocks as ranges, in take order. */
  ranges(): Block[] {
    return Array.from({ length: this.heldBlocks }, (_, place) => ({
      pfn: this.shape.pfnOf(this.held(place)),
      order: this.buddy.orderOf(this.held(place)),
    }));
  }

  /** The host answers; the worker hears it in its own next step. */
  ack(request: number, ok: boolean): void {
    if (this.request === 0 || request !== this.request || this.answer !== "none") return;
    this.words[ANSWER] = ANSWERS.indexOf(ok || !this.hearsRefusals ? "ok" : "refused");
    this.log.push({ event: "ack", request, ok });
  }

  closeRequest(): void {
    this.words[REQUEST] = 0;
    this.words[ANSWER] = ANSWERS.indexOf("none");
  }

  tell(event: "registered" | "unregistered" | "idle"): void {
    this.log.push({ event });
  }
}
