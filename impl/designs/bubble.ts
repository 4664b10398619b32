/**
 * Bubble hinting, the aerator's first version: a boundary for each list, a worker that runs later. `duyck-line.md` C.2.
 *
 * Reported blocks gather behind the boundary like air below ice. It is the ancestor of `reported-boundary`, with what was still
 * wrong in it: lists of isolated pageblocks are reported too, and their pages taken off NR_FREE though they are not in it
 * (G-8); no watermark holds it back; compaction may bring unreported blocks behind the boundary, where nobody finds them.
 */
import type { Order, ZoneIndex } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { REST } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import { ISOLATE } from "../state.ts";
import { Aeration } from "./aeration.ts";
import { BoundaryReporter } from "./boundaries.ts";

export class Bubble extends BoundaryReporter {
  override readonly movesKeepMark = false;
  readonly aeration: Aeration;
  readonly #free: Int32Array;

  constructor(parts: Parts) {
    super(parts);
    this.aeration = new Aeration(this, parts.buddy, parts.state);
    this.#free = parts.state.free;
  }

  override boundary(order: Order, type: number): number {
    return this.aeration.standing(super.boundary(order, type), order, type);
  }

  /** A pass under way goes round until no zone asks: it needs no clock. */
  override schedulePass(): void {
    if (this.phase === REST) this.startTimer();
  }

  /** Unregistering polls a count of what is under way and what is scheduled, until that is nothing. */
  override isDone(): boolean {
    return this.resting;
  }

  // ---- the worker ----

  /** One section under the zone lock. The boundaries are in force from the first return on, not from the first fill. */
  fill(): void {
    if (!this.fillFromAll(this.zone)) this.withdraw(this.zone);
    if (this.heldBlocks === 0) this.deactivate();
    this.leaveFill();
  }

  /** All of them: that isolated memory is about to go was not thought of (G-8). */
  reports(_type: number): boolean {
    return true;
  }

  fillFrom(zone: ZoneIndex, order: Order, type: number): boolean {
    for (;;) {
      const block = this.aeration.next(zone, order, type, this.boundary(order, type));
      if (block === NONE) return false;
      this.take(zone, block, order);
      if (this.isBatchFull()) return true;
    }
  }

  /** Unlinks a block and holds it, whatever the watermark says. @returns true: nothing can refuse it */
  override take(zone: ZoneIndex, block: number, order: Order): boolean {
    const type = this.aeration.listOf(block);
    this.buddy.remove(zone, block);
    if (type === ISOLATE) this.uncountIsolated(zone, order);
    this.hold(block, order);
    this.aeration.remember(block, type);
    this.log.push({ event: "isolate", pfn: this.shape.pfnOf(block), order });
    return true;
  }

  /** NR_FREE goes down for every block that is taken, also where its pages were not counted there (G-8). */
  uncountIsolated(zone: ZoneIndex, order: Order): void {
    this.#free[zone] -= 1 << order;
  }

  answered(): void {
    if (this.active !== this.zone) this.activate(this.zone);
    this.drain();
    if (this.isRequested(this.zone)) return this.fill();
    this.deactivate();
    this.nextZone();
  }

  /** All of one batch, in one section. */
  drain(): void {
    this.closeRequest();
    while (this.heldBlocks > 0) this.putBack(this.firstHeld);
  }

  /** Inserts a block right before the boundary and moves that up to it; where the block merged, it is raw and news. */
  override putBack(block: number): void {
    const zone = this.shape.zoneOf(block);
    const order = this.buddy.orderOf(block);
    const type = this.aeration.listFor(zone, block);
    this.unhold(block);
    this.buddy.freeOne(zone, block, order, type, true, false);
    const stands = this.buddy.isFreeHead(block, order);
    if (stands) this.standsReported(zone, block, order, type);
    else this.tellMerged(zone, block);
    this.wakes();
    this.log.push({ event: "release", pfn: this.shape.pfnOf(block), order, reported: stands });
  }

  standsReported(zone: ZoneIndex, block: number, order: Order, type: number): void {
    this.mark(zone, block, order);
    this.setBoundary(order, type, block);
  }

  /** The mark was lost with the merge, so the whole counts as freed just now. */
  tellMerged(zone: ZoneIndex, block: number): void {
    const merged = this.buddy.blockAround(block);
    this.buddy.notify(zone, this.buddy.orderOf(merged), merged);
  }
}
