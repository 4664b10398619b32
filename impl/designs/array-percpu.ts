/**
 * Arrays of what each CPU freed, and a thread that takes it: Nitesh Lal's v8. `nitesh-wei-host.md` 4.2.
 *
 * A CPU notes each block it frees. When its array is full it looks which free blocks they have become; where that leaves it full, the
 * CPU's thread takes these blocks, one at a time, hands all to the host in one request, waits, and gives them back one by one. Until
 * then the array takes nothing: what is freed meanwhile is not noted (overrun).
 */
import type { Order, ReporterState } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import { CpuArrays } from "./cpu-arrays.ts";

const STAGES = ["", "isolate", "submit", "wait", "return"] as const;
const COLLECTING = 0;
const ISOLATING = 1;
const SUBMITTING = 2;
const WAITING = 3;
const RETURNING = 4;

const OVERRUN = "array-percpu: a block is written behind the end of hypervisor_pagelist";

/** Some thread is at work: the guest is not suspended meanwhile. */
const THREADS = 1;

export class ArrayPercpu extends Reporter {
  override readonly hearsRefusals = false;
  override readonly callersWait = false;
  override readonly stops = [OVERRUN];
  readonly arrays: CpuArrays;

  constructor(parts: Parts) {
    super(parts);
    this.arrays = new CpuArrays(parts.shape, parts.settings, this.words, OWN_WORDS);
  }

  // ---- the free path ----

  /** `arch_free_page`: the allocator has not seen the block yet, so its own entry finds no buddy. */
  override freed(block: number, order: Order): boolean {
    const { cpu, arrays } = this;
    if (!this.collects(cpu)) return false;
    this.inFreePath++;
    arrays.append(cpu, block, order);
    if (arrays.isFull(cpu)) this.arrayFull(cpu);
    return false;
  }

  /** While the thread is at work the index stays at the end (the overrun of 4.2 a). */
  collects(cpu: number): boolean {
    return this.device === "registered" && !this.frozen && this.stageOf(cpu) === COLLECTING && !this.arrays.isFull(cpu);
  }

  arrayFull(cpu: number): void {
    this.allocator.drainCaches(cpu);
    this.scanArray(cpu);
    if (this.arrays.isFull(cpu)) this.wakeThread(cpu);
  }

  /** Each entry becomes the free block around it, and each block stays once. */
  scanArray(cpu: number): void {
    const { arrays } = this;
    const entries = arrays.entries(cpu);
    let kept = 0;
    for (let entry = 0; entry < entries; entry++) {
      const freed = arrays.blockAt(cpu, entry);
      const around = this.freeBlockAround(freed);
      const block = around === NONE ? freed : around;
      this.inFreePath += kept + 1;
      if (arrays.has(cpu, block, kept)) continue;
      arrays.put(cpu, kept++, block, around === NONE ? arrays.orderAt(cpu, entry) : this.buddy.orderOf(block));
    }
    arrays.shorten(cpu, kept);
  }

  freeBlockAround(page: number): number {
    const block = this.buddy.blockAround(page);
    return block !== NONE && this.buddy.isFree(block) ? block : NONE;
  }

  wakeThread(cpu: number): void {
    this.moveTo(cpu, 0, 0);
    this.enter(cpu, ISOLATING);
  }

  // ---- where a thread stands ----

  stageOf(cpu: number): number {
    return this.arrays.stage(cpu);
  }

  enter(cpu: number, stage: number): void {
    this.arrays.setStage(cpu, stage);
    this.phase = this.arrays.areAtRest ? REST : THREADS;
  }

  moveTo(cpu: number, entry: number, page: number): void {
    this.arrays.setFirst(cpu, entry);
    this.arrays.setSecond(cpu, page);
  }

  override canProceed(cpu: number): boolean {
    const stage = this.stageOf(cpu);
    if (stage === WAITING) return this.answerTo(this.arrays.request(cpu)) !== "none";
    return stage !== COLLECTING;
  }

  override proceed(cpu: number): void {
    switch (this.stageOf(cpu)) {
      case ISOLATING:
        return this.isolateNext(cpu);
      case SUBMITTING:
        return this.submitList(cpu);
      case WAITING:
        return this.answered(cpu);
      default:
        return this.returnNext(cpu);
    }
  }

  // ---- the thread ----

  /** The zone lock is taken for each page: one block a step. */
  isolateNext(cpu: number): void {
    const page = this.nextPage(cpu);
    if (page === NONE) {
      if (this.arrays.listed(cpu) > 0) this.enter(cpu, SUBMITTING);
      else this.collectAnew(cpu);
      return;
    }
    if (this.isListFull(cpu)) {
      this.stop(OVERRUN);
      return;
    }
    const block = this.buddy.blockAround(page);
    if (this.take(this.shape.zoneOf(block), block, this.buddy.orderOf(block))) this.arrays.list(cpu, block);
    this.passPage(cpu);
  }

  /** One entry may have become several blocks, so the list can be full before the entries end (4.2 c). */
  isListFull(cpu: number): boolean {
    return this.arrays.listed(cpu) >= this.arrays.room;
  }

  /** The next page of the entries that lies in a free block, or NONE; the thread stands at it then. */
  nextPage(cpu: number): number {
    const { arrays } = this;
    while (arrays.first(cpu) < arrays.entries(cpu)) {
      const page = arrays.blockAt(cpu, arrays.first(cpu)) + arrays.second(cpu);
      this.visited++;
      if (this.isWanted(page)) return page;
      this.passPage(cpu);
    }
    return NONE;
  }

  isWanted(page: number): boolean {
    const block = this.freeBlockAround(page);
    return block !== NONE && this.buddy.orderOf(block) >= this.reportOrder;
  }

  passPage(cpu: number): void {
    const { arrays } = this;
    const entry = arrays.first(cpu);
    const page = arrays.second(cpu) + 1;
    if (page < 2 ** arrays.orderAt(cpu, entry)) this.moveTo(cpu, entry, page);
    else this.moveTo(cpu, entry + 1, 0);
  }

  /** Everything at once, however much it is. Without a device the blocks go straight back. */
  submitList(cpu: number): void {
    if (this.device !== "registered") {
      this.enter(cpu, RETURNING);
      return;
    }
    const { arrays } = this;
    const blocks = Array.from({ length: arrays.listed(cpu) }, (_, place) => arrays.listedAt(cpu, place));
    arrays.setRequest(cpu, this.submit(blocks.map((block) => this.rangeOf(block))));
    this.enter(cpu, WAITING);
  }

  answered(cpu: number): void {
    this.closeRequest(this.arrays.request(cpu));
    this.arrays.setRequest(cpu, 0);
    this.enter(cpu, RETURNING);
    this.returnNext(cpu);
  }

  /** `free_one_page`, one block a step. */
  returnNext(cpu: number): void {
    const block = this.arrays.unlistFirst(cpu);
    const order = this.buddy.orderOf(block);
    this.unhold(block);
    this.buddy.freeBlock(this.shape.zoneOf(block), block, order, false, true);
    this.wakes();
    this.log.push({ event: "release", pfn: this.shape.pfnOf(block), order, reported: false });
    if (this.arrays.listed(cpu) === 0) this.collectAnew(cpu);
  }

  /** Only now the array takes entries again. */
  collectAnew(cpu: number): void {
    this.arrays.shorten(cpu, 0);
    this.moveTo(cpu, 0, 0);
    this.enter(cpu, COLLECTING);
    this.leaveIfDone();
  }

  // ---- the device ----

  override isDone(): boolean {
    return this.arrays.areAtRest;
  }

  override goAway(): void {
    for (let cpu = 0; cpu < this.arrays.cpus; cpu++) this.arrays.shorten(cpu, 0);
    super.goAway();
  }

  // ---- what judges ask ----

  override noted(block: number, order: Order): boolean {
    const { arrays } = this;
    for (let cpu = 0; cpu < arrays.cpus; cpu++) {
      for (let entry = 0; entry < arrays.entries(cpu); entry++) {
        const first = arrays.blockAt(cpu, entry);
        if (first < block + 2 ** order && block < first + 2 ** arrays.orderAt(cpu, entry)) return true;
      }
    }
    return false;
  }

  override describe(): ReporterState {
    const { device, arrays } = this;
    return {
      device,
      stages: arrays.map((cpu) => STAGES[arrays.stage(cpu)]).join(","),
      entries: arrays.map((cpu) => arrays.entries(cpu)),
      pfns: arrays.blocks().map((block) => this.shape.pfnOf(block)),
      lists: arrays.map((cpu) => arrays.listed(cpu)),
      at: arrays.positions(),
      requests: arrays.map((cpu) => arrays.request(cpu)),
    };
  }
}
