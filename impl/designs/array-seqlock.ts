/**
 * Arrays on each CPU and one list of runs for all, under a sequence lock. `nitesh-wei-host.md` 4.1; step names F1..F3 are its.
 *
 * A CPU notes every block that it frees, before the allocator sees it. When its array is full it takes the lock and goes through
 * its entries page by page: pages that nobody refers to are gathered as runs in the one list; a full list is sorted, merged
 * and handed to the host, while the lock is held. No page leaves the free lists; instead, nobody may allocate meanwhile: every
 * caller on every CPU spins until the writer is done.
 *
 * The test is a page's reference count, and 0 does not say that the page is free.
 */
import type { Block, Order, Pages, Pfn, ReporterState, Settings } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import type { Shape } from "../shape.ts";
import { RunList, runListWords } from "./run-list.ts";
import { ALLOCATED, OWNER_BITS } from "../state.ts";

/** Where a CPU stands. */
const STAGES = ["", "lock", "scan", "call"] as const;
const OUTSIDE = 0;
/** Its array is full and another CPU is the writer. */
const LOCK = 1;
const SCAN = 2;
/** The writer waits for the host. */
const CALL = 3;

/** Some CPU is inside the reporter, in the middle of a free. */
const BUSY = 1;

/** The CPU that has the lock, or NONE. */
const WRITER = OWN_WORDS;
const RUNS = OWN_WORDS + 1;

/** The words of one CPU: stage, block in hand or NONE, where the scan stands, how many entries, then block and order of each. */
const STAGE = 0;
const IN_HAND = 1;
const ENTRY = 2;
const PAGE = 3;
const ENTRY_COUNT = 4;
const ENTRIES = 5;
const ENTRY_WORDS = 2;

/** Words of its own: one, the list of runs, and an array for each CPU; both have as many places as a request has ranges. */
export function arraySeqlockWords({ geometry }: Shape, { cpus }: Settings): number {
  return 1 + runListWords(geometry.capacity) + cpus * (ENTRIES + geometry.capacity * ENTRY_WORDS);
}

export class ArraySeqlock extends Reporter {
  override readonly hearsRefusals = false;
  /** The one list that all CPUs fill. */
  readonly runs: RunList;
  readonly #tag: Uint16Array;
  /** Places in an array. */
  readonly #places: number;
  readonly #cpus: number;
  readonly #cpuWords: number;

  constructor(parts: Parts) {
    super(parts);
    this.#tag = parts.state.tag;
    this.#places = parts.shape.geometry.capacity;
    this.#cpus = RUNS + runListWords(this.#places);
    this.runs = new RunList(parts.shape, this.#places, this.words.subarray(RUNS, this.#cpus));
    this.#cpuWords = ENTRIES + this.#places * ENTRY_WORDS;
    this.words[WRITER] = NONE;
    for (let cpu = 0; cpu < parts.settings.cpus; cpu++) this.#set(cpu, IN_HAND, NONE);
  }

  /** The CPU that goes through its array, or NONE. */
  get writer(): number {
    return this.words[WRITER];
  }

  stage(cpu: number): (typeof STAGES)[number] {
    return STAGES[this.#get(cpu, STAGE)];
  }

  // ---- the free hook ----

  /** F1, F2. A full array keeps the CPU inside: the block in hand is freed when its entries are done. */
  override freed(block: number, order: Order): boolean {
    if (!this.notes()) return false;
    this.note(this.cpu, block, order);
    if (this.#get(this.cpu, ENTRY_COUNT) < this.#places) return false;
    this.hold(block, order);
    this.#set(this.cpu, IN_HAND, block);
    this.phase = BUSY;
    if (this.isUnlocked()) this.lock(this.cpu);
    else this.#set(this.cpu, STAGE, LOCK);
    return true;
  }

  /** Are frees noted? A frozen guest begins nothing. */
  notes(): boolean {
    return this.device === "registered" && !this.frozen;
  }

  note(cpu: number, block: number, order: Order): void {
    const place = this.#get(cpu, ENTRY_COUNT);
    const at = this.#wordOf(cpu) + ENTRIES + place * ENTRY_WORDS;
    this.words[at] = block;
    this.words[at + 1] = order;
    this.#set(cpu, ENTRY_COUNT, place + 1);
    this.inFreePath++;
  }

  /** The places are cleared too: what stood in them must not tell two states from each other. */
  forgetEntries(cpu: number): void {
    const entries = this.#wordOf(cpu) + ENTRIES;
    this.words.fill(0, entries, entries + this.#get(cpu, ENTRY_COUNT) * ENTRY_WORDS);
    this.#set(cpu, ENTRY_COUNT, 0);
  }

  // ---- the lock ----

  isUnlocked(): boolean {
    return this.writer === NONE;
  }

  lock(cpu: number): void {
    this.words[WRITER] = cpu;
    this.#set(cpu, STAGE, SCAN);
  }

  /** The alloc hook: whoever has got a page spins until no writer is active. */
  override spins(): boolean {
    return !this.isUnlocked();
  }

  /** The entries are done: the array is empty, the lock is free, and the block in hand goes on its way at last. */
  unlock(cpu: number): void {
    const block = this.#get(cpu, IN_HAND);
    const order = this.buddy.orderOf(block);
    this.#set(cpu, STAGE, OUTSIDE);
    this.#set(cpu, IN_HAND, NONE);
    this.#set(cpu, ENTRY, 0);
    this.#set(cpu, PAGE, 0);
    this.forgetEntries(cpu);
    this.words[WRITER] = NONE;
    this.wakes();
    this.unhold(block);
    if (this.heldBlocks === 0) this.phase = REST;
    this.allocator.giveBack(block, order, cpu);
    this.leaveIfDone();
  }

  override goAway(): void {
    this.clearList();
    for (let cpu = 0; cpu < this.settings.cpus; cpu++) this.forgetEntries(cpu);
    super.goAway();
  }

  // ---- inside the free ----

  override busy(cpu: number): boolean {
    return this.#get(cpu, STAGE) !== OUTSIDE;
  }

  override canProceed(cpu: number): boolean {
    switch (this.#get(cpu, STAGE)) {
      case LOCK:
        return this.isUnlocked();
      case SCAN:
        return true;
      case CALL:
        return this.answer !== "none";
      default:
        return false;
    }
  }

  override proceed(cpu: number): void {
    switch (this.#get(cpu, STAGE)) {
      case LOCK:
        return this.lock(cpu);
      case CALL:
        return this.answered(cpu);
      default:
        return this.scan(cpu);
    }
  }

  /** F3, one entry a step: page by page, what is not in use joins the list. */
  scan(cpu: number): void {
    const entry = this.#get(cpu, ENTRY);
    if (entry < this.#get(cpu, ENTRY_COUNT)) {
      const at = this.#wordOf(cpu) + ENTRIES + entry * ENTRY_WORDS;
      const block = this.words[at];
      const end = block + 2 ** this.words[at + 1];
      for (let page = block + this.#get(cpu, PAGE); page < end; page++) {
        if (this.isInUse(page) || !this.gather(page)) continue;
        this.goOnBehind(cpu, entry, page - block, end - block);
        this.#set(cpu, STAGE, CALL);
        return;
      }
      this.goTo(cpu, entry + 1, 0);
    }
    if (this.#get(cpu, ENTRY) === this.#get(cpu, ENTRY_COUNT)) this.unlock(cpu);
  }

  /** After the call the scan goes on with the next page of the entry, or with the next entry. */
  goOnBehind(cpu: number, entry: number, page: number, pages: Pages): void {
    if (page + 1 < pages) this.goTo(cpu, entry, page + 1);
    else this.goTo(cpu, entry + 1, 0);
  }

  goTo(cpu: number, entry: number, page: number): void {
    this.#set(cpu, ENTRY, entry);
    this.#set(cpu, PAGE, page);
  }

  /**
   * Is the page's reference count other than 0? Only the first page of an allocated block has one, unless the block is
   * compound; so the others pass for free.
   */
  isInUse(page: number): boolean {
    this.visited++;
    this.inFreePath++;
    const block = this.buddy.blockAround(page);
    return block === NONE || (block === page && (this.#tag[block] & OWNER_BITS) === ALLOCATED);
  }

  // ---- the hypercall ----

  /** A page that is not in use. @returns true where that has led to a call */
  gather(page: number): boolean {
    this.runs.add(page);
    if (!this.runs.isFull()) return false;
    this.runs.sort();
    this.runs.merge();
    if (this.isWorthACall()) return this.beginCall();
    if (this.runs.isFull()) this.runs.drop(page);
    return false;
  }

  /** The threshold. Runs are compared with it after merging (V7-5). */
  isWorthACall(): boolean {
    return this.runs.count >= this.settings.highWater;
  }

  /** @returns false where no run has a block that is large enough: the list is empty then, and the scan goes on */
  beginCall(): boolean {
    this.runs.beginCut();
    if (this.submitNext()) return true;
    this.clearList();
    return false;
  }

  /** One hypercall after the other, as a request has so many ranges; then the scan goes on where it was. */
  answered(cpu: number): void {
    this.closeRequest();
    if (this.submitNext()) return;
    this.clearList();
    this.#set(cpu, STAGE, SCAN);
  }

  /** @returns false where no range is left for the host */
  submitNext(): boolean {
    const ranges: Block[] = [];
    for (let range = this.runs.cutNext(); range !== undefined; range = this.runs.cutNext()) {
      ranges.push(range);
      if (ranges.length === this.#places) break;
    }
    if (ranges.length === 0) return false;
    this.submit(ranges);
    return true;
  }

  /** What the host was told must not be told again: it may have been allocated by then. */
  clearList(): void {
    this.runs.clear();
  }

  // ---- what judges see ----

  override stalled(): number {
    let stalled = 0;
    for (let cpu = 0; cpu < this.settings.cpus; cpu++) {
      const stage = this.#get(cpu, STAGE);
      if (stage === LOCK || stage === CALL) stalled++;
    }
    return stalled;
  }

  /** Some entry or run has a page of the block. */
  override noted(block: number, order: Order): boolean {
    const end = block + 2 ** order;
    if (this.runs.meets(block, order)) return true;
    for (let cpu = 0; cpu < this.settings.cpus; cpu++) {
      const entries = this.#wordOf(cpu) + ENTRIES;
      const past = entries + this.#get(cpu, ENTRY_COUNT) * ENTRY_WORDS;
      for (let at = entries; at < past; at += ENTRY_WORDS) {
        if (this.words[at] < end && this.words[at] + 2 ** this.words[at + 1] > block) return true;
      }
    }
    return false;
  }

  override describe(): ReporterState {
    const cpus = Array.from({ length: this.settings.cpus }, (_, cpu) => cpu);
    const runs = Array.from({ length: this.runs.count }, (_, run) => run);
    return {
      device: this.device,
      writer: this.writer,
      stages: cpus.map((cpu) => this.stage(cpu)).join(","),
      entries: cpus.map((cpu) => this.#get(cpu, ENTRY_COUNT)),
      pfns: cpus.flatMap((cpu) => this.pfns(cpu)),
      runs: runs.flatMap((run) => [this.shape.pfnOf(this.runs.first(run)), this.runs.pages(run)]),
      at: cpus.flatMap((cpu) => [this.#get(cpu, ENTRY), this.#get(cpu, PAGE)]),
      waiting: this.openRequests === 0 ? 0 : this.rangesOf(this.request) + this.runs.uncut,
      requests: cpus.map((cpu) => (this.#get(cpu, STAGE) === CALL ? this.request : 0)),
    };
  }

  /** What a CPU has noted. */
  pfns(cpu: number): Pfn[] {
    const entries = this.#wordOf(cpu) + ENTRIES;
    return Array.from({ length: this.#get(cpu, ENTRY_COUNT) }, (_, place) =>
      this.shape.pfnOf(this.words[entries + place * ENTRY_WORDS]),
    );
  }

  #wordOf(cpu: number): number {
    return this.#cpus + cpu * this.#cpuWords;
  }

  #get(cpu: number, word: number): number {
    return this.words[this.#wordOf(cpu) + word];
  }

  #set(cpu: number, word: number, value: number): void {
    this.words[this.#wordOf(cpu) + word] = value;
  }
}
