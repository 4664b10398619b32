/**
 * Unused page reporting, v10 to v12: each list has a boundary, and behind it every block is reported. `duyck-line.md` D.
 *
 * While a zone is worked on, a tail insertion goes before the boundary, so nothing unreported slips behind it; the worker walks
 * from the boundary toward the head and needs to look at each block once. Whoever reorders a list must pull or reset its
 * boundary.
 */
import type { Order, ZoneIndex } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import type { Parts } from "../reporter.ts";
import type { Runs } from "../runs.ts";
import { ISOLATE } from "../state.ts";
import { BoundaryReporter } from "./boundaries.ts";

export class ReportedBoundary extends BoundaryReporter {
  /** Saves steps, decides nothing. */
  readonly runs: Runs;
  readonly #prev: Int32Array;
  readonly #present: Int32Array;

  constructor(parts: Parts) {
    super(parts);
    this.runs = parts.runs;
    this.#prev = parts.state.prev;
    this.#present = parts.state.present;
    this.requestAll();
  }

  // ---- what the lists tell ----

  override moving(zone: ZoneIndex, block: number, order: Order, from: number, _to: number): void {
    this.pull(zone, block, order, from);
  }

  /** Compaction may bring anything behind the boundary (G-9). */
  override reworking(zone: ZoneIndex, order: Order, type: number): void {
    if (this.active === zone) this.setBoundary(order, type, NONE);
  }

  // ---- the device ----

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

  // ---- the worker ----

  /** One section under the zone lock: takes unreported blocks, the largest first, until the batch is full. */
  fill(): void {
    const zone = this.zone;
    if (this.active !== zone) this.activate(zone);
    if (!this.fillFromAll(zone)) this.cancel(zone);
    this.leaveFill();
  }

  /** Isolated memory is about to go: it must stay on its list (`duyck-line.md` A.6). */
  reports(type: number): boolean {
    return type !== ISOLATE;
  }

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
      passed = this.runs.passUp(head, passed, block);
      block = this.#above(passed);
    }
    if (passed !== head) this.setBoundary(order, type, passed);
    return block;
  }

  #above(node: number): number {
    const block = this.#prev[node];
    return block < this.shape.pages ? block : NONE;
  }

  /** The zone's lists are exhausted, though the last batch is not reported yet: as v10 does it. */
  cancel(zone: ZoneIndex): void {
    this.deactivate();
    this.withdraw(zone);
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
}
