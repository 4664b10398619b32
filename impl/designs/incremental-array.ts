/**
 * Linus' suggestion: take the largest blocks off the lists a batch at a time, by ordinary allocation, while enough are left. `nitesh-wei-host.md` 3.
 *
 * The variant `parked` keeps what the host has dropped (3a), until the host is done or somebody needs it (4): parking.ts.
 * The variant `put-back` is its own file.
 */
import type { ReporterState, ZoneIndex } from "../../model/alphabet/index.ts";
import { MIGRATETYPES, NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST } from "../reporter.ts";
import { MOVABLE } from "../state.ts";
import { PARKING_OWN_WORDS, ParkingReporter } from "./parking.ts";

const PHASES = ["rest", "take", "send", "wait", "release"] as const;
const TAKE = 1;
const SEND = 2;
const WAIT = 3;
const RELEASE = 4;

const AGAIN = PARKING_OWN_WORDS;
const FRESH = PARKING_OWN_WORDS + 1;
/** Words of its own. */
export const INCREMENTAL_ARRAY_WORDS = FRESH + 1 - OWN_WORDS;

const LISTED = MIGRATETYPES.indexOf("isolate");

export class IncrementalArray extends ParkingReporter {
  // ---- its words ----

  /** The host has said something while the worker was at it. */
  get again(): boolean {
    return this.words[AGAIN] !== 0;
  }
  protected set again(again: boolean) {
    this.words[AGAIN] = again ? 1 : 0;
  }

  /** Blocks taken, but not answered yet. */
  override get fresh(): number {
    return this.words[FRESH];
  }

  // ---- the host ----

  override hint(command: "start" | "stop" | "done"): void {
    if (this.device !== "registered") return;
    this.command = command;
    if (this.phase === REST) this.timer = 0;
    else this.again = true;
  }

  override arrived(): void {
    this.command = "none";
    this.again = false;
  }

  override goAway(): void {
    this.again = false;
    super.goAway();
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
      case TAKE:
        return this.takeFromZone();
      case SEND:
        return this.send();
      case WAIT:
        return this.answered();
      default:
        return this.releaseNext();
    }
  }

  begin(): void {
    this.timer = NONE;
    if (this.device === "leaving" || this.command === "done") this.phase = RELEASE;
    else if (this.command === "start") this.phase = TAKE;
    else this.rest();
  }

  /** Step 1, in one section under the lock of a zone. */
  takeFromZone(): void {
    if (!this.goesOn()) {
      this.sendOrRest();
      return;
    }
    this.fillFrom(this.zone);
    if (this.isFull()) {
      this.phase = SEND;
      return;
    }
    this.zone++;
    if (this.zone < this.shape.zones) return;
    if (this.fresh === 0) this.command = "stop";
    this.sendOrRest();
  }

  goesOn(): boolean {
    return this.command === "start" && this.device !== "leaving";
  }

  sendOrRest(): void {
    if (this.fresh > 0) this.phase = SEND;
    else this.rest();
  }

  fillFrom(zone: ZoneIndex): void {
    while (!this.isFull() && this.largestBlocks(zone) > this.reserve()) {
      this.visited++;
      if (this.allocateFrom(zone, this.shape.maxOrder, MOVABLE) === NONE) return;
      this.words[FRESH]++;
    }
  }

  isFull(): boolean {
    return this.fresh >= this.shape.geometry.capacity;
  }

  /** Blocks that are left to the guest, whatever the host wants (L-1). */
  reserve(): number {
    return this.settings.highWater;
  }

  /** Free blocks of the largest order, but those that are on their way out. */
  largestBlocks(zone: ZoneIndex): number {
    return countLargest(this.buddy, zone, this.shape.maxOrder);
  }

  /** Step 2. */
  send(): void {
    const ranges = this.ranges();
    this.submit(ranges.slice(ranges.length - this.fresh));
    this.phase = WAIT;
  }

  /** Step 3a. */
  answered(): void {
    this.closeRequest();
    this.words[FRESH] = 0;
    this.zone = 0;
    if (this.goesOn()) this.phase = TAKE;
    else this.rest();
  }

  rest(): void {
    if ((this.command === "done" || this.device === "leaving") && this.parked > 0) {
      this.phase = RELEASE;
      return;
    }
    this.phase = REST;
    this.zone = 0;
    if (this.device === "leaving") this.goAway();
    else if (this.again) this.lookAgain();
    else if (this.heldBlocks === 0) this.tell("idle");
  }

  lookAgain(): void {
    this.again = false;
    this.timer = 0;
  }

  override describe(): ReporterState {
    const { device, timer, command, again, zone, request, answer } = this;
    const pfns = this.ranges().map(({ pfn }) => pfn);
    return {
      device,
      timer,
      phase: PHASES[this.phase],
      command,
      again,
      zone,
      parked: pfns.slice(0, this.parked),
      fresh: pfns.slice(this.parked),
      request,
      answer,
    };
  }
}

/** Walks the lists: nobody counts free blocks by order and type. */
export function countLargest(
  buddy: { firstOf(zone: ZoneIndex, order: number, type: number): number; after(block: number): number },
  zone: ZoneIndex,
  order: number,
): number {
  let blocks = 0;
  for (let type = 0; type < LISTED; type++) {
    for (let block = buddy.firstOf(zone, order, type); block !== NONE; block = buddy.after(block)) blocks++;
  }
  return blocks;
}
