/**
 * Nitesh Lal's v10 to v12: a bitmap of what was freed, a threshold, a work item. `nitesh-wei-host.md` 5, whose steps
 * are B1 to B6.
 *
 * A free that ends in a large block sets the bit of its head. Enough bits in one map queue the worker, which goes
 * over the maps once: it finds a set bit without a lock, and under the lock takes the block that begins there, if
 * there still is one. The bit is gone either way. Full batches go to the host; afterwards the blocks come back, and
 * nobody is told of that.
 *
 * A bit says that a block was free once, and nothing of the block: whatever merges into another or is split loses
 * its report (BM-10, BM-11). The class is v11; v10 and v12 are what differs from it, at the end.
 */
import type { Order, Pfn, ReporterState, ZoneIndex } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import type { Shape } from "../shape.ts";
import { BlockBits, blockBitWords } from "./block-bits.ts";

const PHASES = ["rest", "map", "find", "take", "submit", "wait", "return"] as const;
const MAP_PHASE = 1;
const FIND = 2;
const TAKE = 3;
const SUBMIT = 4;
const WAIT = 5;
const RETURN = 6;

const SCANNING = OWN_WORDS;
const MAP = OWN_WORDS + 1;
/** A pfn: behind the last block of a zone it may be in no zone at all. */
const CURSOR = OWN_WORDS + 2;
const AT = OWN_WORDS + 3;
const COUNTERS = OWN_WORDS + 4;

/** Words of its own: four, a counter for each zone, which is as many as there can be maps, and the bits. */
export function bitmapWords(shape: Shape): number {
  return 4 + shape.zones + blockBitWords(shape);
}

export class Bitmap extends Reporter {
  override readonly hearsRefusals = false;
  protected readonly bits: BlockBits;
  /** By zone: its map. */
  readonly #mapOf: readonly number[];
  /** By map: its zones, by their first page. */
  readonly #zonesOf: readonly (readonly ZoneIndex[])[];
  readonly #counters: Float64Array;

  constructor(parts: Parts) {
    super(parts);
    const { zones } = parts.shape.geometry;
    this.bits = new BlockBits(parts.shape, this.words, COUNTERS + zones.length);
    this.#mapOf = zones.map((_, zone) => this.mapFor(zone));
    const maps = Math.max(...this.#mapOf) + 1;
    this.#zonesOf = Array.from({ length: maps }, (_, map) =>
      [...zones.keys()]
        .filter((zone) => this.#mapOf[zone] === map)
        .sort((one, other) => zones[one].start - zones[other].start),
    );
    this.#counters = this.words.subarray(COUNTERS, COUNTERS + maps);
    this.at = NONE;
  }

  /** The map of a zone: zones that stand at the same place in their nodes share one. */
  mapFor(zone: ZoneIndex): number {
    const { zones } = this.shape.geometry;
    return zones.slice(0, zone).filter(({ node }) => node === zones[zone].node).length;
  }

  /** Is the flag up that a scan is under way? */
  get scanning(): boolean {
    return this.words[SCANNING] !== 0;
  }
  protected set scanning(scanning: boolean) {
    this.words[SCANNING] = scanning ? 1 : 0;
  }

  get map(): number {
    return this.words[MAP];
  }
  protected set map(map: number) {
    this.words[MAP] = map;
  }

  /** The search goes on at this pfn. */
  get cursor(): Pfn {
    return this.words[CURSOR];
  }
  protected set cursor(pfn: Pfn) {
    this.words[CURSOR] = pfn;
  }

  /** The block whose bit was found, or NONE. */
  get at(): number {
    return this.words[AT];
  }
  protected set at(block: number) {
    this.words[AT] = block;
  }

  /** How many bits of a map are set, as the design counts. */
  counter(map: number): number {
    return this.#counters[map];
  }

  // ---- the free path ----

  /** B1. */
  override notify(zone: ZoneIndex, order: Order, block: number): void {
    if (order < this.reportOrder || this.device !== "registered") return;
    const map = this.#mapOf[zone];
    if (!this.bits.has(block)) this.note(map, block);
    if (this.queuesWork(map)) this.queueWork();
  }

  /** B1a. */
  note(map: number, block: number): void {
    this.inFreePath++;
    this.bits.set(block);
    this.#counters[map]++;
  }

  /** B1b. What is noted while a scan runs waits for a free after its end, if the cursor has passed it (BM-1). */
  queuesWork(map: number): boolean {
    return !this.scanning && this.isOverThreshold(map) && this.timer === NONE;
  }

  isOverThreshold(map: number): boolean {
    return this.counter(map) >= this.settings.highWater;
  }

  queueWork(): void {
    this.timer = 0;
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
      case MAP_PHASE:
        return this.pickMap();
      case FIND:
        return this.find();
      case TAKE:
        return this.takeFound();
      case SUBMIT:
        return this.submitBatch();
      case WAIT:
        return this.answered();
      default:
        return this.returnNext();
    }
  }

  begin(): void {
    this.timer = NONE;
    this.raiseFlag();
    this.map = 0;
    this.phase = MAP_PHASE;
  }

  raiseFlag(): void {
    this.scanning = true;
  }

  /** On to the next map that has enough bits. */
  pickMap(): void {
    let map = this.map;
    while (map < this.#counters.length && !this.isOverThreshold(map)) map++;
    if (map === this.#counters.length) this.finish();
    else this.enterMap(map);
  }

  enterMap(map: number): void {
    this.map = map;
    this.cursor = this.shape.geometry.zones[this.#zonesOf[map][0]].start;
    this.phase = FIND;
  }

  /** B2, without a lock: the next set bit. */
  find(): void {
    const block = this.nextNoted();
    if (block === NONE) this.flush();
    else if (this.isAbsent(block)) this.passAbsent(block);
    else this.found(block);
  }

  found(block: number): void {
    this.at = block;
    this.phase = TAKE;
  }

  /** The first block of the map, from the cursor on, whose bit is set, or NONE. */
  nextNoted(): number {
    for (const zone of this.#zonesOf[this.map]) {
      const { start } = this.shape.geometry.zones[zone];
      const end = this.shape.first[zone + 1];
      const from = Math.min(this.shape.first[zone] + Math.max(this.cursor - start, 0), end);
      const block = this.bits.next(from, end);
      this.visited += block === NONE ? this.bits.blocksIn(from, end) : this.bits.blocksIn(from, block) + 1;
      if (block !== NONE) return block;
    }
    return NONE;
  }

  /** Has the memory gone since its bit was set? */
  isAbsent(block: number): boolean {
    return this.buddy.blockAround(block) === NONE;
  }

  /** The cursor stays: the next search finds the same bit, for ever (BM-8). */
  passAbsent(_block: number): void {}

  /** B6: at the end of a map a batch that is not full is handed over as well. */
  flush(): void {
    if (this.heldBlocks > 0) {
      this.submitBatch();
    } else {
      this.map++;
      this.phase = MAP_PHASE;
    }
  }

  /** B3, under the zone lock. The bit is gone, whether or not there was anything to take (5.4). */
  takeFound(): void {
    const block = this.at;
    if (this.isStillFree(block)) this.take(this.shape.zoneOf(block), block, this.buddy.orderOf(block));
    this.forget(block);
    this.moveBehind(block);
    this.at = NONE;
    this.phase = this.isBatchFull() ? SUBMIT : FIND;
  }

  /** Does a free block begin there that is large enough? The list is not asked: it may be of isolated memory. */
  isStillFree(block: number): boolean {
    return this.buddy.isFree(block) && this.buddy.orderOf(block) >= this.reportOrder;
  }

  forget(block: number): void {
    this.bits.clear(block);
    this.countDown(this.map);
  }

  countDown(map: number): void {
    if (this.#counters[map] > 0) this.#counters[map]--;
  }

  /** From here on a map counts as empty, whatever bits it has. */
  resetCounter(map: number): void {
    this.#counters[map] = 0;
  }

  moveBehind(block: number): void {
    this.cursor = this.shape.pfnOf(block) + 2 ** this.reportOrder;
  }

  /** B4. */
  submitBatch(): void {
    this.submit(this.ranges());
    this.phase = WAIT;
  }

  /** B5 begins: each block has a lock section of its own. */
  answered(): void {
    this.closeRequest();
    this.returnNext();
  }

  returnNext(): void {
    this.returnBlock(this.firstHeld);
    this.phase = this.heldBlocks > 0 ? RETURN : FIND;
  }

  /** B5. */
  returnBlock(block: number): void {
    const order = this.buddy.orderOf(block);
    this.unhold(block);
    this.freeQuietly(this.shape.zoneOf(block), block, order);
    this.wakes();
    this.log.push({ event: "release", pfn: this.shape.pfnOf(block), order, reported: false });
  }

  /** Merges like any free, and goes to the end that any free would choose; but it sets no bit (`hint` false, BM-10). */
  freeQuietly(zone: ZoneIndex, block: number, order: Order): void {
    const { buddy } = this;
    if (buddy.putsBackInParts(block, order)) buddy.freeInPieces(zone, block, order, false, false);
    else buddy.freeOne(zone, block, order, buddy.putbackType(block), false, false);
  }

  finish(): void {
    this.scanning = false;
    this.map = 0;
    this.cursor = 0;
    this.phase = REST;
    if (this.device === "leaving") this.leaveIfDone();
    else if (this.timer === NONE) this.tell("idle");
  }

  /** The bitmaps are freed with the device. */
  override goAway(): void {
    this.bits.reset();
    this.#counters.fill(0);
    super.goAway();
  }

  // ---- what judges ask ----

  override noted(block: number, _order: Order): boolean {
    return this.bits.has(block);
  }

  override due(): boolean {
    return this.#counters.some((bits) => bits >= this.settings.highWater);
  }

  override describe(): ReporterState {
    const { device, timer, scanning, map, cursor, request, answer } = this;
    return {
      device,
      timer,
      phase: PHASES[this.phase],
      scanning,
      map,
      cursor,
      at: this.shape.pfnOf(this.at),
      counters: [...this.#counters],
      bits: this.bits.pfns(),
      request,
      answer,
    };
  }
}

/** v10: no flag, so frees queue the worker anew while it scans; and a counter that starts from zero with each scan. */
export class BitmapV10 extends Bitmap {
  override raiseFlag(): void {}

  /** The bits stay: those that this scan does not reach are never counted again (BM-7). */
  override enterMap(map: number): void {
    this.resetCounter(map);
    super.enterMap(map);
  }

  override countDown(_map: number): void {}
}

/** v12: the bitmap is the zone's own, memory that is gone is passed, and a batch comes back in one step. */
export class BitmapV12 extends Bitmap {
  override mapFor(zone: ZoneIndex): number {
    return zone;
  }

  /** Bit and counter stay (BM-8). */
  override passAbsent(block: number): void {
    this.moveBehind(block);
  }

  override answered(): void {
    this.closeRequest();
    while (this.heldBlocks > 0) this.returnBlock(this.firstHeld);
    this.phase = FIND;
  }
}
