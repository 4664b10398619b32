/**
 * Wei Wang's counter-proposal: the host asks, and reads hints out of a bitmap. `nitesh-wei-host.md` 6, whose steps
 * are X1 to X6; seed 003.
 *
 * A bit says that its block is free and not given out as a hint. Frees set bits (X3). When the host begins a round
 * the guest gets as many hints as a request holds (X4), clears their bits, sends them, and puts them back when the
 * host has answered (X6). Clearing bits at an allocation (X2) shows nowhere but in what a `get` finds, so it is done
 * there: where a bit is set and its block is no longer free, the bit is cleared late.
 *
 * As written, a cleared bit hides a block from `get` alone: the block stays on its free list, and an allocation may
 * have it while the host drops it (XB-1). The variant `repaired` takes the blocks off their lists; `migration` reads
 * the bits, and clears none (X5).
 */
import type { Block, Order, Pfn, ReporterState, ZoneIndex } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import type { Shape } from "../shape.ts";
import { ISOLATE, TYPE_BITS } from "../state.ts";
import { BlockBits, blockBitWords } from "./block-bits.ts";

const PHASES = ["rest", "get", "send", "wait"] as const;
const GET = 1;
const SEND = 2;
const WAIT = 3;

const STARTS = OWN_WORDS;
const ACTIVE = OWN_WORDS + 1;
const STOPPING = OWN_WORDS + 2;
/** A pfn: behind the last block of a zone it may be in no zone at all. */
const CURSOR = OWN_WORDS + 3;
/** How many blocks are chosen, then these. */
const CHOSEN = OWN_WORDS + 4;
const FIRST_CHOSEN = OWN_WORDS + 5;

/** Words of its own: five, the blocks of one request, and the bits. */
export function getPutHintsWords(shape: Shape): number {
  return 5 + shape.geometry.capacity + blockBitWords(shape);
}

export class GetPutHints extends Reporter {
  override readonly hearsRefusals = false;
  protected readonly bits: BlockBits;
  /** Pages of a block of the report order. */
  protected readonly blockPages: number;

  constructor(parts: Parts) {
    super(parts);
    this.bits = new BlockBits(parts.shape, this.words, FIRST_CHOSEN + parts.shape.geometry.capacity);
    this.blockPages = 2 ** parts.shape.reportOrder;
    this.noteAllFree();
  }

  /** How many rounds the host has begun. */
  get starts(): number {
    return this.words[STARTS];
  }

  /** The round that the hints are for. */
  get active(): number {
    return this.words[ACTIVE];
  }

  /** Has the host ended the round while its last hints are still under way? */
  get stopping(): boolean {
    return this.words[STOPPING] !== 0;
  }
  protected set stopping(stopping: boolean) {
    this.words[STOPPING] = stopping ? 1 : 0;
  }

  /** The next `get` looks at the active zone's blocks from this pfn on; 0: from its start. */
  get cursor(): Pfn {
    return this.words[CURSOR];
  }
  protected set cursor(pfn: Pfn) {
    this.words[CURSOR] = pfn;
  }

  // ---- the bits ----

  /** A device finds every bit in order. */
  override arrived(): void {
    this.bits.reset();
    this.noteAllFree();
  }

  noteAllFree(): void {
    for (let page = 0; page < this.shape.pages;) {
      const block = this.freeBlockAround(page);
      const end = block === NONE ? page + this.blockPages : this.endOf(block);
      if (block !== NONE) this.bits.setAll(block, end);
      page = end;
    }
  }

  /** X3, under the zone lock, also where there is no device. */
  override notify(_zone: ZoneIndex, order: Order, block: number): void {
    if (order < this.reportOrder) return;
    const end = block + 2 ** order;
    this.inFreePath += this.bits.blocksIn(block, end);
    this.bits.setAll(block, end);
    this.hideAgain(block, end);
  }

  /** What is given out as a hint has no bit, whatever it merges with. */
  hideAgain(from: number, end: number): void {
    for (let place = 0; place < this.chosenBlocks; place++) {
      const page = this.chosenAt(place);
      if (page >= from && page < end) this.hide(page);
    }
  }

  hide(page: number): void {
    this.bits.clear(page);
  }

  /** The free block in which all pages of this block of the report order are, or NONE. */
  freeBlockAround(page: number): number {
    const block = this.buddy.blockAround(page);
    const holds = block !== NONE && this.buddy.isFree(block) && this.buddy.orderOf(block) >= this.reportOrder;
    return holds ? block : NONE;
  }

  endOf(block: number): number {
    return block + 2 ** this.buddy.orderOf(block);
  }

  // ---- what is chosen for a request ----

  get chosenBlocks(): number {
    return this.words[CHOSEN];
  }

  /** The first page of a chosen block, by its place in the order of choosing. */
  chosenAt(place: number): number {
    return this.words[FIRST_CHOSEN + place];
  }

  chosenRanges(): Block[] {
    return this.chosenPfns().map((pfn) => ({ pfn, order: this.reportOrder }));
  }

  chosenPfns(): Pfn[] {
    return Array.from({ length: this.chosenBlocks }, (_, place) => this.shape.pfnOf(this.chosenAt(place)));
  }

  forgetChosen(): void {
    this.words.fill(0, CHOSEN, FIRST_CHOSEN + this.shape.geometry.capacity);
  }

  // ---- what the host says ----

  override hint(command: "start" | "stop" | "done"): void {
    if (this.device !== "registered" || this.frozen) return;
    if (command === "start") this.startRound();
    else this.stopRound();
  }

  startRound(): void {
    this.words[ACTIVE] = ++this.words[STARTS];
    this.zone = 0;
    this.cursor = 0;
    this.stopping = false;
    if (this.phase === REST) this.phase = GET;
  }

  /** Hints that are under way come back first. */
  stopRound(): void {
    if (this.phase === GET) this.endRound();
    else if (this.phase !== REST) this.stopping = true;
  }

  endRound(): void {
    this.rest();
    this.tell("idle");
  }

  rest(): void {
    this.phase = REST;
    this.zone = 0;
    this.cursor = 0;
    this.stopping = false;
  }

  /** Between two requests nothing is in hand. */
  override isDone(): boolean {
    return this.phase === REST || this.phase === GET;
  }

  override goAway(): void {
    this.rest();
    super.goAway();
  }

  // ---- the worker ----

  override canWork(): boolean {
    return this.phase !== REST && (this.phase !== WAIT || this.answer !== "none");
  }

  override work(): void {
    if (!this.canWork()) return;
    switch (this.phase) {
      case GET:
        return this.get();
      case SEND:
        return this.send();
      default:
        return this.answered();
    }
  }

  /** X4: hints of one zone, the first that has any. */
  get(): void {
    for (;;) {
      this.chooseFrom(this.zone);
      if (this.chosenBlocks > 0) {
        this.phase = SEND;
        return;
      }
      if (this.zone + 1 === this.shape.zones) return this.endRound();
      this.zone++;
      this.cursor = this.shape.geometry.zones[this.zone].start;
    }
  }

  /** One section under the zone lock: from the cursor on, until a request is full. */
  chooseFrom(zone: ZoneIndex): void {
    const end = this.shape.first[zone + 1];
    let page = this.nextNoted(this.cursorIn(zone), end);
    while (page !== NONE && !this.isFull()) {
      const block = this.freeBlockAround(page);
      page = this.nextNoted(block === NONE ? this.drop(page) : this.choose(zone, page, block), end);
    }
  }

  /** The page of a zone at which the cursor stands, or the zone's end. */
  cursorIn(zone: ZoneIndex): number {
    const offset = Math.max(this.cursor - this.shape.geometry.zones[zone].start, 0);
    return Math.min(this.shape.first[zone] + offset, this.shape.first[zone + 1]);
  }

  /** The first block in these pages whose bit is set, or NONE. */
  nextNoted(from: number, end: number): number {
    const page = this.bits.next(from, end);
    this.visited += page === NONE ? this.bits.blocksIn(from, end) : this.bits.blocksIn(from, page) + 1;
    return page;
  }

  isFull(): boolean {
    return this.chosenBlocks >= this.shape.geometry.capacity;
  }

  /** X2, late: the block is not free any more. @returns the page from which to look on */
  drop(page: number): number {
    this.bits.clear(page);
    return page + this.blockPages;
  }

  /**
   * Gives out a block as a hint; it stays where it is.
   *
   * @param around the free block that has it
   * @returns the page from which to look on
   */
  choose(_zone: ZoneIndex, page: number, _around: number): number {
    this.words[FIRST_CHOSEN + this.words[CHOSEN]++] = page;
    this.hide(page);
    return this.moveBehind(page, page + this.blockPages);
  }

  /** The cursor goes behind what was chosen, as a pfn of that block's own zone. @returns the page there */
  moveBehind(block: number, end: number): number {
    this.cursor = this.shape.pfnOf(block) + (end - block);
    return end;
  }

  send(): void {
    this.submit(this.chosenRanges());
    this.phase = WAIT;
  }

  /** X6: the hints are put back. */
  answered(): void {
    this.closeRequest();
    this.put();
    this.forgetChosen();
    if (this.device === "leaving") this.goAway();
    else if (this.stopping) this.endRound();
    else this.phase = GET;
  }

  /** Whatever has become of the blocks meanwhile (XB-4): a stale bit is dropped by the next `get`. */
  put(): void {
    for (let place = 0; place < this.chosenBlocks; place++) this.bits.set(this.chosenAt(place));
  }

  // ---- what judges ask ----

  override noted(block: number, order: Order): boolean {
    return this.bits.next(block, block + 2 ** order) !== NONE;
  }

  override describe(): ReporterState {
    const { device, active, starts, stopping, zone, cursor, request, answer } = this;
    return {
      device,
      phase: PHASES[this.phase],
      active,
      starts,
      stopping,
      zone,
      cursor,
      bits: this.bits.pfns(),
      chosen: this.chosenPfns(),
      request,
      answer,
    };
  }
}

/** X5: hints for a migration. Nothing is dropped, so nothing needs to be hidden or put back. */
export class MigrationHints extends GetPutHints {
  override hide(_page: number): void {}
  override put(): void {}
}

/** The repair of XB-1: what is given out as a hint is off the lists, and nobody can have it. It is held: the batch. */
export class RepairedHints extends GetPutHints {
  readonly #tag: Uint16Array;

  constructor(parts: Parts) {
    super(parts);
    this.#tag = parts.state.tag;
  }

  override get chosenBlocks(): number {
    return this.heldBlocks;
  }

  /** Held blocks are on no list: no free can merge with one, and set its bits. */
  override hideAgain(_from: number, _end: number): void {}

  override chosenRanges(): Block[] {
    return this.ranges();
  }

  override chosenPfns(): Pfn[] {
    return this.ranges().map(({ pfn }) => pfn);
  }

  /** Takes the whole block around. What may not be taken now keeps its bits, for a later round. */
  override choose(zone: ZoneIndex, _page: number, around: number): number {
    const end = this.endOf(around);
    if (!this.mayGo(around) || !this.take(zone, around, this.buddy.orderOf(around))) return end;
    this.bits.clearAll(around, end);
    return this.moveBehind(around, end);
  }

  /** Isolated memory is about to go: it must stay on its list (`duyck-line.md` A.6). */
  mayGo(block: number): boolean {
    return (this.#tag[block] & TYPE_BITS) !== ISOLATE;
  }

  override put(): void {
    while (this.heldBlocks > 0) {
      const block = this.firstHeld;
      const end = this.endOf(block);
      this.putBack(block, false);
      this.bits.setAll(block, end);
    }
  }
}
