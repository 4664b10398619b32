/**
 * Free page reporting as in Linux since 5.7: a flag, rotation, a budget. `duyck-line.md` E; step names W1..W9, C1..C8 are its.
 *
 * A free of a large block asks for a pass, some time later. The pass walks all lists, the smallest order first: it takes unreported
 * blocks from the head until a batch is full, rotates the list so that it will find the place again, hands the batch over
 * outside the lock, puts it back at the tail, and begins at the head again. A pass gives each list a budget of
 * requests; what is left over is for the next pass.
 */
import type { Order, ReporterState } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import { ISOLATE, ORDERS_SHIFT, TYPES } from "../state.ts";

const PHASES = ["rest", "zone", "list", "full", "full-wait", "left-wait", "finish"] as const;
const ZONE_PHASE = 1;
const LIST = 2;
const FULL = 3;
const FULL_WAIT = 4;
const LEFT_WAIT = 5;
const FINISH = 6;

type Status = "idle" | "requested" | "active";
const STATUSES: readonly Status[] = ["idle", "requested", "active"];

const STATUS = OWN_WORDS;
const ORDER = OWN_WORDS + 1;
const TYPE = OWN_WORDS + 2;
const BUDGET = OWN_WORDS + 3;
const REPORT_ORDER = OWN_WORDS + 4;
/** Words of its own. */
export const PAGE_REPORTING_WORDS = 5;

export class PageReporting extends Reporter {
  readonly #nrFree: Int32Array;

  constructor(parts: Parts) {
    super(parts);
    this.#nrFree = parts.state.nrFree;
    this.words[REPORT_ORDER] = parts.shape.reportOrder;
    this.status = "requested";
    this.startTimer();
  }

  get status(): Status {
    return STATUSES[this.words[STATUS]];
  }
  set status(status: Status) {
    this.words[STATUS] = STATUSES.indexOf(status);
  }

  /** The list that the pass is at. */
  get order(): Order {
    return this.words[ORDER];
  }
  get type(): number {
    return this.words[TYPE];
  }

  /** Requests that this list may still make; below 0 none. */
  get budget(): number {
    return this.words[BUDGET];
  }

  override get reportOrder(): Order {
    return this.words[REPORT_ORDER];
  }

  override setOrder(order: Order): void {
    if (order >= this.shape.reportOrder && order <= this.shape.maxOrder) this.words[REPORT_ORDER] = order;
  }

  // ---- what asks for a pass ----

  override notify(_zone: number, order: Order): void {
    if (order >= this.words[REPORT_ORDER] && this.device === "registered") this.requestPass();
  }

  /** A pass under way will see the request at its end; without one the clock is set. */
  requestPass(): void {
    const was = this.status;
    if (was === "requested") return;
    this.status = "requested";
    if (was === "idle") this.startTimer();
  }

  override arrived(): void {
    this.status = "requested";
    this.startTimer();
  }

  // ---- the worker ----

  override canWork(): boolean {
    const phase = this.phase;
    return this.mayStep(phase === FULL_WAIT || phase === LEFT_WAIT);
  }

  override work(): void {
    if (!this.canWork()) return;
    switch (this.phase) {
      case REST:
        return this.begin();
      case ZONE_PHASE:
        return this.enterZone();
      case LIST:
        return this.nextList();
      case FULL:
        return this.submitBatch(FULL_WAIT);
      case FULL_WAIT:
        return this.fullAnswered();
      case LEFT_WAIT:
        return this.leftAnswered();
      default:
        return this.finish();
    }
  }

  /** W1. What is freed from now on asks for another pass. */
  begin(): void {
    this.timer = NONE;
    this.status = "active";
    this.zone = 0;
    this.phase = ZONE_PHASE;
  }

  /** W2. */
  enterZone(): void {
    if (this.zoneHasPlenty()) this.goTo(LIST, this.reportOrder, 0);
    else this.nextZone();
  }

  /** A zone that could not spare a whole batch is left alone. */
  zoneHasPlenty(): boolean {
    const batch = this.shape.geometry.capacity * 2 ** this.reportOrder;
    return this.watermark.reporterMayWork(this.zone, this.watermark.low(this.zone) + batch);
  }

  nextZone(): void {
    if (this.zone + 1 < this.shape.zones) {
      this.zone++;
      this.phase = ZONE_PHASE;
    } else {
      this.phase = FINISH;
    }
  }

  /** W3, C1, C2: finds the next list that has blocks and scans it; after the last one hands over what is left, W4. */
  nextList(): void {
    if (!this.findList()) {
      this.goTo(LIST, this.shape.maxOrder + 1, 0);
      return this.heldBlocks === 0 ? this.nextZone() : this.submitBatch(LEFT_WAIT);
    }
    this.words[BUDGET] = this.budgetOf(this.order);
    this.scan();
  }

  /** Passes empty lists. Peeking changes nothing. @returns false where no list is left */
  findList(): boolean {
    let order = this.order;
    let type = this.type;
    while (order <= this.shape.maxOrder) {
      if (this.reports(type) && this.buddy.firstOf(this.zone, order, type) !== NONE) {
        this.goTo(LIST, order, type);
        return true;
      }
      if (++type === TYPES) {
        type = 0;
        order++;
      }
    }
    return false;
  }

  /** Isolated memory is about to go: it must stay on its list (`duyck-line.md` A.6). */
  reports(type: number): boolean {
    return type !== ISOLATE;
  }

  /** C2. Blocks of all types count, as in Linux. */
  budgetOf(order: Order): number {
    const blocks = this.#nrFree[(this.zone << ORDERS_SHIFT) | order];
    return Math.ceil(blocks / (this.shape.geometry.capacity * this.settings.budgetDivisor));
  }

  /** C3, C4, C5, C8: one section under the zone lock, from the list's head. */
  scan(): void {
    const { zone, order, type, buddy } = this;
    let stopped = NONE;
    let next = NONE;
    for (let block = buddy.firstOf(zone, order, type); block !== NONE && stopped === NONE; block = next) {
      // The successor is taken before the block may leave the list.
      next = buddy.after(block);
      this.visited++;
      if (buddy.isMarked(block)) continue;
      if (this.isSpent()) {
        this.askAgain();
        stopped = block;
      } else if (this.isBatchFull()) {
        this.rotateTo(block);
        this.phase = FULL;
        return;
      } else if (!this.take(zone, block, order)) {
        stopped = block;
      }
    }
    if (stopped !== NONE) this.rotateTo(stopped);
    this.leaveList();
  }

  /** What the budget left over is for the next pass. */
  askAgain(): void {
    this.status = "requested";
  }

  isSpent(): boolean {
    return this.budget < 0;
  }

  /** The next scan shall begin where this one ended. */
  rotateTo(block: number): void {
    this.buddy.rotate(this.zone, this.order, this.type, block);
  }

  /** On to the next type, skipping isolate; after the last to the next order. */
  leaveList(): void {
    const last = this.type + 1 >= ISOLATE;
    this.goTo(LIST, last ? this.order + 1 : this.order, last ? 0 : this.type + 1);
  }

  /** C6, W4. The list is filled from its end, so the host sees the last block first. */
  submitBatch(wait: number): void {
    this.submit(this.ranges().toReversed());
    this.phase = wait;
  }

  /** C7. The cursor is worthless after the lock was dropped: the same list is begun again. */
  fullAnswered(): void {
    this.words[BUDGET]--;
    if (this.drain()) this.scan();
    else this.phase = FINISH;
  }

  leftAnswered(): void {
    if (this.drain()) this.nextZone();
    else this.phase = FINISH;
  }

  /** Puts the batch back. @returns false where the host refused it */
  drain(): boolean {
    const ok = this.answer === "ok";
    this.closeRequest();
    while (this.heldBlocks > 0) this.putBack(this.lastHeld, ok);
    return ok;
  }

  /** W9. */
  finish(): void {
    this.zone = 0;
    this.words[BUDGET] = 0;
    this.goTo(REST, 0, 0);
    if (this.status === "active") this.status = "idle";
    else if (this.device === "registered") this.startTimer();
    if (this.device === "leaving") this.goAway();
    else if (this.status === "idle") this.tell("idle");
  }

  override describe(): ReporterState {
    const { device, status, timer, zone, order, budget, request, answer } = this;
    return {
      device,
      status,
      timer,
      phase: PHASES[this.phase],
      zone,
      order,
      migratetype: this.type,
      budget,
      request,
      answer,
    };
  }

  /** A phase, and the list that the pass is at. */
  goTo(phase: number, order: Order, type: number): void {
    this.phase = phase;
    this.words[ORDER] = order;
    this.words[TYPE] = type;
  }
}
