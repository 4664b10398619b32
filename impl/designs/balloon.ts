/**
 * The balloon: the guest allocates pages like any caller, and hands them to the host for as long as the host wants. `nitesh-wei-host.md` 1.
 *
 * The batch, in take order, says which block is where; two counters cut it:
 *
 *     in the balloon …          private: taken, not handed over yet          while it inflates
 *     in the balloon …          leak: told to the host, on its way back      while it deflates
 *
 * The one never goes on during the other, so both cuts are counted from the end.
 */
import type { Block, Pages, ReporterState } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import { MOVABLE } from "../state.ts";

const PHASES = ["rest", "inflate", "send", "wait", "tell", "tell-wait", "leak"] as const;
const INFLATE = 1;
const SEND = 2;
const WAIT = 3;
const TELL = 4;
const TELL_WAIT = 5;
const LEAK = 6;

const TARGET = OWN_WORDS;
const PRIVATE = OWN_WORDS + 1;
const LEAKING = OWN_WORDS + 2;
const WANTED = OWN_WORDS + 3;
const PUFF = OWN_WORDS + 4;
/** Words of its own. */
export const BALLOON_WORDS = 5;

/** As merged: blocks come back only where the host lowers the target. */
export class Balloon extends Reporter {
  override readonly hearsRefusals = false;
  override readonly callersWait: boolean = false;

  // ---- its words ----

  /** Pages that the host wants. */
  get target(): Pages {
    return this.words[TARGET];
  }
  protected set target(pages: Pages) {
    this.words[TARGET] = pages;
  }

  /** Blocks taken, but not handed to the host yet. */
  get privateBlocks(): number {
    return this.words[PRIVATE];
  }
  protected set privateBlocks(blocks: number) {
    this.words[PRIVATE] = blocks;
  }

  /** Blocks of which the host was told, and that are not given back yet. */
  get leaking(): number {
    return this.words[LEAKING];
  }
  protected set leaking(blocks: number) {
    this.words[LEAKING] = blocks;
  }

  /** Pages that somebody in need wants back. */
  get wanted(): Pages {
    return this.words[WANTED];
  }
  protected set wanted(pages: Pages) {
    this.words[WANTED] = pages;
  }

  /** No page was to be had: when the request under way is answered, it sleeps and tries again. */
  get outOfPuff(): boolean {
    return this.words[PUFF] !== 0;
  }
  protected set outOfPuff(out: boolean) {
    this.words[PUFF] = out ? 1 : 0;
  }

  get ballooned(): number {
    return this.heldBlocks - this.privateBlocks - this.leaking;
  }

  /** Pages of the block that is taken at a time. */
  get unit(): Pages {
    return 2 ** this.reportOrder;
  }

  /** What the guest counts as given away. */
  get actual(): Pages {
    return this.unit * (this.ballooned + this.privateBlocks);
  }

  // ---- what starts the worker ----

  override balloon(pages: Pages): void {
    if (this.device !== "registered") return;
    this.target = Math.min(this.rounded(pages), this.shape.pages);
    this.lookSoon();
  }

  /** A target between two units would be missed for ever, from above and from below (BAL-6). */
  rounded(pages: Pages): Pages {
    return Math.ceil(pages / this.unit) * this.unit;
  }

  lookSoon(): void {
    if (this.phase === REST) this.timer = 0;
  }

  wantBack(pages: Pages): void {
    this.wanted = Math.max(this.wanted, pages);
    this.lookSoon();
  }

  override arrived(): void {
    this.words.fill(0, OWN_WORDS, OWN_WORDS + BALLOON_WORDS);
  }

  override unregister(): void {
    if (this.device !== "registered") return;
    this.device = "leaving";
    if (this.phase !== REST) return;
    if (this.ballooned === 0) this.goAway();
    else this.timer = 0;
  }

  // ---- the worker ----

  override canWork(): boolean {
    return this.mayStep(this.phase === WAIT || this.phase === TELL_WAIT);
  }

  override work(): void {
    if (!this.canWork()) return;
    switch (this.phase) {
      case REST:
        return this.begin();
      case INFLATE:
        return this.inflate();
      case SEND:
        return this.send();
      case WAIT:
        return this.handedOver();
      case TELL:
        return this.tellHost();
      case TELL_WAIT:
        return this.told();
      default:
        return this.leak();
    }
  }

  begin(): void {
    this.timer = NONE;
    this.next();
  }

  /** What is to be done, now that nothing is in hand? Need first, then the target. */
  next(): void {
    if (this.ballooned === 0) this.wanted = 0;
    if (this.mustDeflate()) this.phase = TELL;
    else if (this.device === "leaving") this.rest(true);
    else if (this.mayInflate()) this.phase = INFLATE;
    else this.rest(this.heldBlocks === 0);
  }

  mustDeflate(): boolean {
    if (this.ballooned === 0) return false;
    return this.wanted > 0 || this.device === "leaving" || this.target < this.actual;
  }

  mayInflate(): boolean {
    return this.target > this.actual;
  }

  /** @param done true where it has nothing to do until the host says so */
  rest(done: boolean): void {
    this.phase = REST;
    if (this.device === "leaving" && this.ballooned === 0) this.goAway();
    else if (done) this.tell("idle");
  }

  /** 1.2 step 2, the form of 2017: one page, and no lock. */
  inflate(): void {
    if (this.endsInflating()) {
      if (this.privateBlocks > 0) this.phase = SEND;
      else this.next();
    } else if (this.allocateFor(this.reportOrder, MOVABLE, 0) !== NONE) {
      this.privateBlocks++;
    } else if (this.privateBlocks > 0) {
      this.outOfPuff = true;
      this.phase = SEND;
    } else {
      this.sleep();
    }
  }

  endsInflating(): boolean {
    const needed = this.wanted > 0 && this.ballooned > 0;
    return needed || this.device === "leaving" || !this.mayInflate() || this.isRequestFull();
  }

  isRequestFull(): boolean {
    return this.privateBlocks >= this.shape.geometry.capacity;
  }

  /** "Out of puff": 200 ms, then once more; an unreachable target is an endless loop. */
  sleep(): void {
    this.phase = REST;
    this.timer = Math.max(this.settings.delay, 1);
  }

  /** 1.2 step 3: under the mutex they enter the balloon, and go to the host. */
  send(): void {
    const ranges = this.lastRanges(this.privateBlocks);
    this.privateBlocks = 0;
    this.submit(ranges);
    this.phase = WAIT;
  }

  /** So many blocks, those taken last, in take order. */
  lastRanges(blocks: number): Block[] {
    const ranges: Block[] = [];
    for (let block = this.lastHeld; ranges.length < blocks; block = this.heldBefore(block)) {
      ranges.push(this.rangeOf(block));
    }
    return ranges.toReversed();
  }

  handedOver(): void {
    this.closeRequest();
    if (!this.outOfPuff) return this.next();
    this.outOfPuff = false;
    this.sleep();
  }

  /** Deflate: the host is told first, and waited for (N12). */
  tellHost(): void {
    // The target may have been raised since, so that nothing is to be given any more.
    if (!this.mustDeflate()) return this.next();
    this.leaking = this.blocksToLeak();
    this.wanted = Math.max(0, this.wanted - this.unit * this.leaking);
    this.submit(this.lastRanges(this.leaking));
    this.phase = TELL_WAIT;
  }

  blocksToLeak(): number {
    const most = Math.min(this.shape.geometry.capacity, this.ballooned);
    if (this.device === "leaving") return most;
    const pages = this.wanted > 0 ? this.wanted : this.actual - this.target;
    return Math.min(most, Math.ceil(pages / this.unit));
  }

  told(): void {
    this.closeRequest();
    this.phase = LEAK;
    this.leak();
  }

  /** The first of those that leave. */
  leak(): void {
    let block = this.lastHeld;
    for (let behind = 1; behind < this.leaking; behind++) block = this.heldBefore(block);
    this.leaking--;
    this.giveBack(block);
    if (this.leaking === 0) this.next();
  }

  override describe(): ReporterState {
    const { device, timer, target, ballooned, wanted, request, answer } = this;
    return {
      device,
      timer,
      phase: PHASES[this.phase],
      target,
      ballooned,
      private: this.privateBlocks,
      leak: this.leaking,
      wanted,
      puff: this.outOfPuff,
      request,
      answer,
    };
  }
}

/** VIRTIO_BALLOON_F_DEFLATE_ON_OOM: who would be told that memory is out gets some of the balloon. */
export class BalloonWithOomNotifier extends Balloon {
  /** Pages that are taken but not in the balloon yet it does not see (BAL-3). */
  override outOfMemory(): boolean {
    if (this.ballooned > 0) {
      this.wantBack(this.shape.geometry.capacity * this.unit);
      return true;
    }
    return this.phase === TELL || this.phase === TELL_WAIT || this.phase === LEAK;
  }
}

/** Linux 4.20 to 5.6: a shrinker, which any pressure on the caches calls (BAL-4). */
export class BalloonWithShrinker extends Balloon {
  override pressure(pages: Pages): void {
    if (this.device === "registered" && this.ballooned > 0) this.wantBack(this.rounded(pages));
  }
}
