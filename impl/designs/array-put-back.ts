/**
 * Linus' suggestion in the flavour that Duyck built on: what the host has dropped goes back at once, with a mark. `nitesh-wei-host.md` 3, 3b.
 *
 * Only the largest blocks are taken, a batch at a time, under the lock of one zone; the last few of a zone are left alone. Without
 * the mark the same blocks would be reported for ever.
 */
import type { Order, ReporterState, ZoneIndex } from "../../model/alphabet/index.ts";
import { MIGRATETYPES, NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import { countLargest } from "./incremental-array.ts";

const PHASES = ["rest", "take", "send", "wait"] as const;
const TAKE = 1;
const SEND = 2;
const WAIT = 3;

const AGAIN = OWN_WORDS;
/** Words of its own. */
export const ARRAY_PUT_BACK_WORDS = 1;

/** The types whose lists are walked: those before isolate. */
const WALKED = MIGRATETYPES.indexOf("isolate");

export class ArrayPutBack extends Reporter {
  override readonly hearsRefusals = false;

  constructor(parts: Parts) {
    super(parts);
    this.startTimer();
  }

  override get reportOrder(): Order {
    return this.shape.maxOrder;
  }

  /** Something was freed while the worker was at it. */
  get again(): boolean {
    return this.words[AGAIN] !== 0;
  }
  protected set again(again: boolean) {
    this.words[AGAIN] = again ? 1 : 0;
  }

  override notify(_zone: ZoneIndex, order: Order, _block: number): void {
    if (this.device !== "registered" || order !== this.reportOrder) return;
    if (this.phase !== REST) this.again = true;
    else if (this.timer === NONE) this.startTimer();
  }

  override arrived(): void {
    this.startTimer();
  }

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
      default:
        return this.answered();
    }
  }

  begin(): void {
    this.timer = NONE;
    this.zone = 0;
    this.again = false;
    this.phase = TAKE;
  }

  /** Step 1. */
  takeFromZone(): void {
    this.fillFrom(this.zone);
    if (this.heldBlocks > 0) this.phase = SEND;
    else if (this.zone + 1 < this.shape.zones) this.zone++;
    else this.finish();
  }

  fillFrom(zone: ZoneIndex): void {
    let spare = countLargest(this.buddy, zone, this.reportOrder) - this.reserve();
    for (let type = 0; type < WALKED; type++) {
      let block = this.buddy.firstOf(zone, this.reportOrder, type);
      while (block !== NONE && spare > 0 && !this.isBatchFull()) {
        const after = this.buddy.after(block);
        this.visited++;
        if (this.isNew(block)) {
          if (!this.take(zone, block, this.reportOrder)) break;
          spare--;
        }
        block = after;
      }
    }
  }

  /** Blocks that are left to the guest (L-1). */
  reserve(): number {
    return this.settings.highWater;
  }

  /** Not reported yet (L-3). */
  isNew(block: number): boolean {
    return !this.buddy.isMarked(block);
  }

  /** Step 2. */
  send(): void {
    this.submit(this.ranges());
    this.phase = WAIT;
  }

  /** Step 3b, in one section under the lock. */
  answered(): void {
    while (this.heldBlocks > 0) this.putBack(this.firstHeld, true);
    this.closeRequest();
    this.phase = TAKE;
  }

  finish(): void {
    this.phase = REST;
    this.zone = 0;
    if (this.device === "leaving") this.goAway();
    else if (this.again) this.startTimer();
    else this.tell("idle");
  }

  override describe(): ReporterState {
    const { device, timer, again, zone, request, answer } = this;
    return { device, timer, phase: PHASES[this.phase], again, zone, request, answer };
  }
}
