/**
 * Duyck's first RFC: a hypercall for each large free, from inside the free path. `duyck-line.md` B.
 *
 * A large block is told to the host before the allocator sees it. A small one that grows to the report order by
 * merging is told in the middle of the merge loop: the zone lock is dropped there, the CPU waits for the host, takes
 * the lock again, and goes on. There is no worker; whoever frees pays, and its CPU stands still meanwhile.
 *
 * One loop may have to free more blocks than the one in hand: those of a per-CPU list. They wait in a queue of that
 * CPU, each with the list that was read for it before the lock was first dropped, though its pageblock may have been
 * isolated since (G-1). A queued block is on no list, so its link leads to the next one.
 */
import type { Order, ReporterState, Settings } from "../../model/alphabet/index.ts";
import { MIGRATETYPES, NONE } from "../../model/alphabet/index.ts";
import type { FreedBlock } from "../free-lists.ts";
import { OWN_WORDS, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import type { Shape } from "../shape.ts";
import { CACHED, MOVABLE, ORDER_SHIFT, TYPE_BITS } from "../state.ts";

/** Where a CPU stands. */
const STAGES = ["", "before", "inside"] as const;
const OUTSIDE = 0;
/** The allocator has not seen the block yet. */
const BEFORE = 1;
/** In the middle of the merge loop. */
const INSIDE = 2;

/** The words of one CPU: its stage, its open request or 0, the block in hand or NONE, the queue's ends and length. */
const STAGE = 0;
const REQUEST = 1;
const IN_HAND = 2;
const FIRST = 3;
const LAST = 4;
const WAITING = 5;
const CPU_WORDS = 6;

/** Words of its own. */
export function syncHypercallWords(_shape: Shape, settings: Settings): number {
  return settings.cpus * CPU_WORDS;
}

export class SyncHypercall extends Reporter {
  override readonly hearsRefusals = false;
  /** Blocks in a queue are on no list: their links are free, and their tags can say to which list they go. */
  readonly #next: Int32Array;
  readonly #tag: Uint16Array;

  constructor(parts: Parts) {
    super(parts);
    this.#next = parts.state.next;
    this.#tag = parts.state.tag;
    for (let cpu = 0; cpu < parts.settings.cpus; cpu++) {
      this.#set(cpu, IN_HAND, NONE);
      this.#set(cpu, FIRST, NONE);
      this.#set(cpu, LAST, NONE);
    }
  }

  /** The request that a CPU waits for, or 0. */
  requestOf(cpu: number): number {
    return this.#get(cpu, REQUEST);
  }

  /** The block that a CPU has told the host, or NONE. */
  inHand(cpu: number): number {
    return this.#get(cpu, IN_HAND);
  }

  /** The list that a queued or held block was to go to when its free began. */
  listOf(block: number): number {
    return this.#tag[block] & TYPE_BITS;
  }

  // ---- the free path ----

  /** `arch_free_page`: B.2, free >= 9, 1. */
  override freed(block: number, order: Order): boolean {
    if (!this.calls() || order < this.reportOrder) return false;
    this.call(this.cpu, block, order, MOVABLE, BEFORE);
    return true;
  }

  /** Is there anybody to call? A frozen guest begins nothing. */
  calls(): boolean {
    return this.device === "registered" && !this.frozen;
  }

  /** `__free_one_page` with a lock that may be dropped: all lists are read before the first block goes. */
  override freeing(blocks: readonly FreedBlock[]): boolean {
    if (this.device !== "registered") return false;
    for (const { block, order, type } of blocks) this.queuePieces(block, order, type);
    this.run(this.cpu);
    return true;
  }

  /** A block that spans pageblocks goes in their pieces, each to its own list. */
  queuePieces(block: number, order: Order, list: number): void {
    const { pageblockOrder } = this.shape;
    if (order <= pageblockOrder) {
      this.enqueue(this.cpu, block, order, list);
      return;
    }
    for (let piece = block; piece < block + 2 ** order; piece += 2 ** pageblockOrder) {
      this.enqueue(this.cpu, piece, pageblockOrder, this.buddy.typeAt(piece));
    }
  }

  /** What waits is in its CPU's hands, as what it caches is. */
  enqueue(cpu: number, block: number, order: Order, list: number): void {
    this.inFreePath++;
    this.#tag[block] = CACHED | (order << ORDER_SHIFT) | list;
    this.#next[block] = NONE;
    if (this.#get(cpu, FIRST) === NONE) this.#set(cpu, FIRST, block);
    else this.#next[this.#get(cpu, LAST)] = block;
    this.#set(cpu, LAST, block);
    this.#set(cpu, WAITING, this.#get(cpu, WAITING) + 1);
  }

  /** Takes the first block out of a CPU's queue. It has no owner then. */
  dequeue(cpu: number): number {
    const block = this.#get(cpu, FIRST);
    const next = this.#next[block];
    this.#set(cpu, FIRST, next);
    if (next === NONE) this.#set(cpu, LAST, NONE);
    this.#set(cpu, WAITING, this.#get(cpu, WAITING) - 1);
    this.#tag[block] = 0;
    return block;
  }

  /** Frees what a CPU has queued, until there is nothing left or the host must be told of something. */
  run(cpu: number): void {
    while (this.#get(cpu, WAITING) > 0) {
      const first = this.#get(cpu, FIRST);
      const order = this.buddy.orderOf(first);
      const list = this.listOf(first);
      if (!this.merge(cpu, this.dequeue(cpu), order, list)) return;
    }
  }

  /**
   * The merge loop, for a block that has no owner. Where it reaches exactly the report order the lock is dropped:
   * a block that grows on from there is not told again (B.3).
   *
   * @returns false where the CPU is inside a hypercall now
   */
  merge(cpu: number, block: number, order: Order, list: number): boolean {
    const { buddy } = this;
    const zone = this.shape.zoneOf(block);
    let merged = block;
    let k = order;
    for (let other = buddy.partner(block, k, list); other !== NONE; other = buddy.partner(merged, k, list)) {
      buddy.absorb(zone, other, k, list);
      merged &= other;
      k++;
      if (this.callsInside(k)) {
        this.call(cpu, merged, k, list, INSIDE);
        return false;
      }
    }
    buddy.insertMerged(zone, merged, k, list, false, false);
    return true;
  }

  /** `arch_merge_page`: B.2, free < 9, 2. */
  callsInside(order: Order): boolean {
    return order === this.reportOrder && this.calls();
  }

  /** The CPU tells the host of a block and waits. */
  call(cpu: number, block: number, order: Order, list: number, stage: number): void {
    this.inFreePath++;
    this.hold(block, order);
    this.#tag[block] |= list;
    const range = this.rangeOf(block);
    this.log.push({ event: "isolate", ...range });
    this.#set(cpu, IN_HAND, block);
    this.#set(cpu, REQUEST, this.submit([range]));
    this.enter(cpu, stage);
  }

  // ---- the CPU comes back ----

  override canProceed(cpu: number): boolean {
    return this.busy(cpu) && this.answerTo(this.requestOf(cpu)) !== "none";
  }

  override proceed(cpu: number): void {
    const block = this.inHand(cpu);
    const inside = this.#get(cpu, STAGE) === INSIDE;
    this.closeRequest(this.requestOf(cpu));
    this.leave(cpu);
    if (inside) this.goOn(cpu, block);
    else this.giveBack(block);
    this.leaveIfDone();
  }

  /** The merge loop goes on where the lock was dropped, with the list that was read before. */
  goOn(cpu: number, block: number): void {
    const order = this.buddy.orderOf(block);
    const list = this.listOf(block);
    this.unhold(block);
    this.wakes();
    this.log.push({ event: "release", pfn: this.shape.pfnOf(block), order, reported: false });
    if (this.merge(cpu, block, order, list)) this.run(cpu);
  }

  override busy(cpu: number): boolean {
    return this.#get(cpu, STAGE) !== OUTSIDE;
  }

  /** The phase counts the CPUs that are inside: none of them is a guest at rest. */
  enter(cpu: number, stage: number): void {
    this.#set(cpu, STAGE, stage);
    this.phase++;
  }

  leave(cpu: number): void {
    this.#set(cpu, STAGE, OUTSIDE);
    this.#set(cpu, REQUEST, 0);
    this.#set(cpu, IN_HAND, NONE);
    this.phase--;
  }

  // ---- what judges ask ----

  override stalled(): number {
    return this.phase;
  }

  /** Nothing is remembered: what was not told when it was freed never is. */
  override noted(_block: number, _order: Order): boolean {
    return false;
  }

  override describe(): ReporterState {
    const cpus = Array.from({ length: this.settings.cpus }, (_, cpu) => cpu);
    return {
      device: this.device,
      stages: cpus.map((cpu) => STAGES[this.#get(cpu, STAGE)]).join(","),
      queued: cpus.map((cpu) => (this.busy(cpu) ? 1 : 0) + this.#get(cpu, WAITING)),
      lists: cpus.map((cpu) => (this.busy(cpu) ? MIGRATETYPES[this.listOf(this.inHand(cpu))] : "")).join(","),
      requests: cpus.map((cpu) => this.requestOf(cpu)),
    };
  }

  #get(cpu: number, word: number): number {
    return this.words[OWN_WORDS + cpu * CPU_WORDS + word];
  }

  #set(cpu: number, word: number, value: number): void {
    this.words[OWN_WORDS + cpu * CPU_WORDS + word] = value;
  }
}
