/**
 * Free page hinting: when a migration begins the guest allocates all that is free, block by block, and tells the host of each; it
 * gives them back when the host is done with it, or when somebody needs them. `nitesh-wei-host.md` 2; G1 to G9 are its steps.
 *
 * Beside what is parked (parking.ts) there is at most one block in hand: taken, not parked yet.
 * Nothing waits for the host: an answer only frees a place in the ring. That is why a block may come back, and be written
 * to, while the host has not looked at it yet (2.5); the variant `wait-on-ack` waits.
 */
import type { ReporterState } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST } from "../reporter.ts";
import type { Shape } from "../shape.ts";
import { UNMOVABLE } from "../state.ts";
import { PARKING_OWN_WORDS, ParkingReporter } from "./parking.ts";

const PHASES = ["rest", "read", "take", "kick", "park", "wait", "release"] as const;
const READ = 1;
const TAKE = 2;
const KICK = 3;
const PARK = 4;
const WAIT = 5;
const RELEASE = 6;

const READ_PENDING = PARKING_OWN_WORDS;
const STARTS = PARKING_OWN_WORDS + 1;
const ACTIVE = PARKING_OWN_WORDS + 2;
const IN_HAND = PARKING_OWN_WORDS + 3;
const HAND_REQUEST = PARKING_OWN_WORDS + 4;
/** Words of its own. */
export const FREE_PAGE_HINT_WORDS = HAND_REQUEST + 1 - OWN_WORDS;

/** As many as the ring has room for, beside the place that is kept for the id (G8). */
export function freePageHintRequests(shape: Shape): number {
  return shape.geometry.capacity;
}

export class FreePageHint extends ParkingReporter {
  // ---- its words ----

  /** READ_CMD_ID: the host has announced something that was not read yet. */
  get readPending(): boolean {
    return this.words[READ_PENDING] !== 0;
  }
  protected set readPending(pending: boolean) {
    this.words[READ_PENDING] = pending ? 1 : 0;
  }

  /** Rounds that the host began, and the one that the guest has answered. */
  get starts(): number {
    return this.words[STARTS];
  }
  get active(): number {
    return this.words[ACTIVE];
  }

  /** Is the block that was taken last not parked yet? */
  get hasInHand(): boolean {
    return this.words[IN_HAND] !== 0;
  }
  protected set hasInHand(has: boolean) {
    this.words[IN_HAND] = has ? 1 : 0;
  }

  override get fresh(): number {
    return this.words[IN_HAND];
  }

  // ---- the host's command ----

  /** G1, the interrupt. */
  override hint(command: "start" | "stop" | "done"): void {
    if (this.device !== "registered") return;
    this.command = command;
    if (command === "start") this.words[STARTS]++;
    this.readPending = true;
    if (this.phase === REST) this.timer = 0;
  }

  override arrived(): void {
    this.command = "none";
    this.readPending = false;
  }

  override unregister(): void {
    if (this.device !== "registered") return;
    this.command = "done";
    this.readPending = false;
    super.unregister();
  }

  /** Between two rounds nobody looks for answers but this. */
  override acked(request: number): void {
    if (this.phase === REST) this.closeRequest(request);
  }

  // ---- the worker ----

  override canWork(): boolean {
    if (this.phase === REST) return this.canBegin();
    return this.phase !== WAIT || this.isHandAnswered();
  }

  override work(): void {
    if (!this.canWork()) return;
    switch (this.phase) {
      case REST:
        return this.begin();
      case READ:
        return this.read();
      case TAKE:
        return this.takeNext();
      case KICK:
        return this.kick();
      case PARK:
        return this.park();
      case WAIT:
        return this.handAnswered();
      default:
        return this.releaseNext();
    }
  }

  begin(): void {
    this.timer = NONE;
    this.phase = this.device === "leaving" ? RELEASE : READ;
  }

  /** G2, G3. */
  read(): void {
    this.readPending = false;
    if (this.device === "leaving") this.rest();
    else if (this.command === "done") this.phase = RELEASE;
    else if (this.startsNewRound()) this.echo();
    else this.rest();
  }

  startsNewRound(): boolean {
    return this.command === "start" && this.starts !== this.active;
  }

  /** G4: the id goes out, and hints are for it from now on. */
  echo(): void {
    this.words[ACTIVE] = this.starts;
    this.phase = TAKE;
  }

  /** G5 to G7. */
  takeNext(): void {
    if (this.isRoundOver()) return this.rest();
    this.drainRing();
    if (this.allocateFor(this.shape.maxOrder, UNMOVABLE, 0) === NONE) return this.rest();
    this.hasInHand = true;
    this.phase = KICK;
  }

  isRoundOver(): boolean {
    return this.readPending || this.device === "leaving" || this.command !== "start" || this.starts !== this.active;
  }

  /** G6: answered requests make room, and mean nothing else. */
  drainRing(): void {
    for (let place = this.openRequests - 1; place >= 0; place--) {
      const request = this.requestAt(place);
      if (this.answerTo(request) !== "none") this.closeRequest(request);
    }
  }

  /** G8. Where the ring is full the block is freed, and it tries again: a slow host makes the guest spin (FPH-13). */
  kick(): void {
    this.drainRing();
    if (this.hasRoom()) {
      this.words[HAND_REQUEST] = this.submit([this.rangeOf(this.lastHeld)]);
      this.phase = this.afterKick();
    } else {
      this.hasInHand = false;
      this.giveBack(this.lastHeld);
      this.phase = TAKE;
    }
  }

  hasRoom(): boolean {
    return this.openRequests < this.shape.geometry.capacity;
  }

  afterKick(): number {
    return PARK;
  }

  isHandAnswered(): boolean {
    return this.answerTo(this.words[HAND_REQUEST]) !== "none";
  }

  handAnswered(): void {
    this.closeRequest(this.words[HAND_REQUEST]);
    this.phase = PARK;
  }

  park(): void {
    this.hasInHand = false;
    this.words[HAND_REQUEST] = 0;
    this.phase = TAKE;
  }

  /** G9. What the host has announced meanwhile is read at once. */
  rest(): void {
    this.drainRing();
    this.phase = REST;
    if (this.readPending) this.timer = 0;
    else if (this.device !== "leaving") this.tellIdle();
    else if (this.parked === 0) this.goAway();
    else this.phase = RELEASE;
  }

  tellIdle(): void {
    if (this.heldBlocks === 0) this.tell("idle");
  }

  // ---- what judges ask ----

  override describe(): ReporterState {
    const { device, timer, command, starts, active } = this;
    const parked: number[] = [];
    for (let block = this.firstHeld; parked.length < this.parked; block = this.heldAfter(block)) {
      parked.push(this.shape.pfnOf(block));
    }
    return {
      device,
      timer,
      phase: PHASES[this.phase],
      command,
      read: this.readPending,
      starts,
      active,
      parked,
      taken: this.hasInHand ? this.shape.pfnOf(this.lastHeld) : NONE,
      open: Array.from({ length: this.openRequests }, (_, place) => this.requestAt(place)),
    };
  }
}

/** Out of tree (2.5): the worker waits for the host before it parks a block, so what a shrinker can find was answered. */
export class WaitingFreePageHint extends FreePageHint {
  override afterKick(): number {
    return WAIT;
  }

  /** The one request that may be answered is that of the block in hand, and `handAnswered` closes it. */
  override drainRing(): void {}

  override acked(_request: number): void {}
}
