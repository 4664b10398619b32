/**
 * The host's device as the guest sees it: it comes and goes, the clock runs, the worker stands somewhere, and all may end.
 * The same in every design; the words of all this come first in the reporter's part of the buffer.
 */
import type { Order, ReporterState, Settings, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Allocator } from "./alloc.ts";
import type { Buddy } from "./buddy.ts";
import { Hooks } from "./hooks.ts";
import type { Log } from "./log.ts";
import type { Runs } from "./runs.ts";
import type { Shape } from "./shape.ts";
import type { State } from "./state.ts";
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

export type DeviceState = "registered" | "leaving" | "unregistered";

const DEVICES: readonly DeviceState[] = ["registered", "leaving", "unregistered"];

const DEVICE = 0;
const TIMER = 1;
const PHASE = 2;
const ZONE = 3;
const FROZEN = 4;
/** 0, or one more than the place in `stops` of the reason why the guest stopped. */
const STOPPED = 5;
export const HELD_BLOCKS = 6;
export const OPEN_REQUESTS = 7;
/** Where a design's own words begin. */
export const OWN_WORDS = 8;
/** The phase in which every worker has nothing in hand. */
export const REST = 0;

export abstract class Device extends Hooks {
  /** The reasons for which the guest may stop for good. */
  readonly stops: readonly string[] = [];
  /** What its own words take, in bytes: a cost. */
  readonly metadataBytes: number;
  protected readonly shape: Shape;
  protected readonly settings: Settings;
  protected readonly buddy: Buddy;
  protected readonly allocator: Allocator;
  protected readonly watermark: Watermark;
  protected readonly log: Log;
  /** The shared words, then its own from OWN_WORDS on. */
  protected readonly words: Float64Array;

  constructor(parts: Parts) {
    super();
    this.shape = parts.shape;
    this.settings = parts.settings;
    this.buddy = parts.buddy;
    this.allocator = parts.allocator;
    this.watermark = parts.watermark;
    this.log = parts.log;
    this.words = parts.state.reporter;
    this.metadataBytes = 8 * parts.room.own;
    this.timer = NONE;
  }

  /** How many blocks are held. */
  get heldBlocks(): number {
    return this.words[HELD_BLOCKS];
  }

  /** How many requests are open. */
  get openRequests(): number {
    return this.words[OPEN_REQUESTS];
  }

  /** The private state as plain data, in pfns where it names pages. */
  describe(): ReporterState {
    return { device: this.device };
  }

  // ---- the smallest order to report ----

  get reportOrder(): Order {
    return this.shape.reportOrder;
  }

  setOrder(_order: Order): void {}

  // ---- the device ----

  get device(): DeviceState {
    return DEVICES[this.words[DEVICE]];
  }
  protected set device(device: DeviceState) {
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

  tell(event: "registered" | "unregistered" | "idle"): void {
    this.log.push({ event });
  }
}
