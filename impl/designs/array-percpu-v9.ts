/**
 * Arrays on each CPU, filled after the merge and emptied by whoever filled them: Nitesh Lal's v9. `nitesh-wei-host.md` 4.3; E1 to E4 are its.
 *
 * A CPU that has noted enough goes inside the reporter before it does anything else: it takes the noted blocks zone by zone, hands
 * them over and waits for nothing. The interrupt for the host's answer frees the blocks of one request, one by one.
 * Several requests are open at a time, and nobody but the used ring knows which were answered: who throws an answer away (V9-3), or
 * takes the device away (V9-5), loses blocks for ever.
 */
import type { Order, ReporterState, Settings, ZoneIndex } from "../../model/alphabet/index.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { OWN_WORDS, REST, Reporter } from "../reporter.ts";
import type { Parts } from "../reporter.ts";
import type { Shape } from "../shape.ts";
import { CpuArrays, cpuArrayWords } from "./cpu-arrays.ts";

const STAGES = ["", "isolate", "submit"] as const;
const OUTSIDE = 0;
const ISOLATING = 1;
const SUBMITTING = 2;

const PHASES = ["rest", "call", "return"] as const;
const CALL = 1;
const RETURN = 2;

/** The request whose blocks the interrupt gives back, or 0, and how many of them it has. */
const HANDLING = OWN_WORDS;
const RETURNED = OWN_WORDS + 1;
const ARRAYS = OWN_WORDS + 2;

/** An entry's order: the block may be larger or smaller by the time anybody looks, so nobody asks what it was. */
const UNKNOWN = 0;

/** Words of its own. */
export function arrayPercpuV9Words(shape: Shape, settings: Settings): number {
  return 2 + cpuArrayWords(shape, settings);
}

/** Every open request has a block of its own. */
export function arrayPercpuV9Requests(shape: Shape): number {
  return shape.pages / 2 ** shape.reportOrder;
}

export class ArrayPercpuV9 extends Reporter {
  override readonly hearsRefusals = false;
  override readonly callersWait = false;
  readonly arrays: CpuArrays;

  constructor(parts: Parts) {
    super(parts);
    this.arrays = new CpuArrays(parts.shape, parts.settings, this.words, ARRAYS);
  }

  get handling(): number {
    return this.words[HANDLING];
  }

  // ---- the free path ----

  /** E1, under the zone lock. What finds no room is not noted (V9-8). */
  override notify(_zone: ZoneIndex, order: Order, block: number): void {
    const { cpu, arrays } = this;
    if (!this.collects() || order < this.reportOrder) return;
    this.inFreePath += 1 + arrays.entries(cpu);
    if (arrays.isFull(cpu) || arrays.has(cpu, block, arrays.entries(cpu))) return;
    arrays.append(cpu, block, UNKNOWN);
  }

  collects(): boolean {
    return this.device === "registered" && !this.frozen;
  }

  // ---- E2 and E3: inside the reporter, with preemption off ----

  override busy(cpu: number): boolean {
    return this.arrays.stage(cpu) !== OUTSIDE || this.isDue(cpu);
  }

  isDue(cpu: number): boolean {
    return this.collects() && this.arrays.entries(cpu) >= this.settings.highWater;
  }

  override canProceed(cpu: number): boolean {
    return this.busy(cpu);
  }

  override proceed(cpu: number): void {
    if (this.arrays.stage(cpu) === SUBMITTING) {
      this.send(cpu);
    } else {
      if (this.arrays.stage(cpu) === OUTSIDE) this.begin(cpu);
      this.isolateZone(cpu);
    }
    this.showPhase();
  }

  /** Sorts the entries by zone, so that each zone's lock is taken once. */
  begin(cpu: number): void {
    const { arrays } = this;
    for (let entry = 1; entry < arrays.entries(cpu); entry++) {
      const block = arrays.blockAt(cpu, entry);
      const order = arrays.orderAt(cpu, entry);
      let at = entry;
      for (; at > 0 && this.zoneAt(cpu, at - 1) > this.shape.zoneOf(block); at--) {
        arrays.put(cpu, at, arrays.blockAt(cpu, at - 1), arrays.orderAt(cpu, at - 1));
      }
      arrays.put(cpu, at, block, order);
    }
    arrays.setFirst(cpu, 0);
    arrays.setStage(cpu, ISOLATING);
  }

  zoneAt(cpu: number, entry: number): ZoneIndex {
    return this.shape.zoneOf(this.arrays.blockAt(cpu, entry));
  }

  /** One section under the lock of the next zone that has entries. */
  isolateZone(cpu: number): void {
    const { arrays } = this;
    const zone = this.nextZone(cpu);
    for (let entry = 0; zone !== NONE && entry < arrays.entries(cpu); entry++) {
      if (this.zoneAt(cpu, entry) === zone) this.takeEntry(cpu, zone, arrays.blockAt(cpu, entry));
    }
    if (zone !== NONE) arrays.setFirst(cpu, zone + 1);
    if (this.nextZone(cpu) === NONE) arrays.setStage(cpu, SUBMITTING);
  }

  /** The first zone with an entry that was not looked at yet, or NONE. */
  nextZone(cpu: number): ZoneIndex {
    for (let entry = 0; entry < this.arrays.entries(cpu); entry++) {
      const zone = this.zoneAt(cpu, entry);
      if (zone >= this.arrays.first(cpu)) return zone;
    }
    return NONE;
  }

  takeEntry(cpu: number, zone: ZoneIndex, block: number): void {
    this.visited++;
    if (!this.buddy.isFree(block)) return;
    const order = this.buddy.orderOf(block);
    if (order >= this.reportOrder && this.take(zone, block, order)) this.arrays.list(cpu, block);
  }

  /** E3. With the device gone the list is lost (V9-4). */
  send(cpu: number): void {
    const { arrays } = this;
    this.drainUsedRing();
    if (this.device === "registered" && arrays.listed(cpu) > 0) {
      const blocks = Array.from({ length: arrays.listed(cpu) }, (_, place) => arrays.listedAt(cpu, place));
      this.submit(blocks.map((block) => this.rangeOf(block)));
    }
    arrays.shorten(cpu, 0);
    arrays.forgetList(cpu);
    arrays.setFirst(cpu, 0);
    arrays.setStage(cpu, OUTSIDE);
  }

  /** "while get_buf;": answers that the interrupt has not seen yet are thrown away, and their blocks with them (V9-3). */
  drainUsedRing(): void {
    for (let place = this.openRequests - 1; place >= 0; place--) {
      const request = this.requestAt(place);
      if (request !== this.handling && this.answerTo(request) !== "none") this.closeRequest(request);
    }
  }

  // ---- E4: the interrupt ----

  override canWork(): boolean {
    return this.device === "registered" && (this.handling !== 0 || this.firstAnswered() !== 0);
  }

  override work(): void {
    if (!this.canWork()) return;
    if (this.handling === 0) this.words[HANDLING] = this.firstAnswered();
    this.returnNext();
    this.showPhase();
  }

  /** The lowest number of a request that was answered, or 0. */
  firstAnswered(): number {
    let first = 0;
    for (let place = 0; place < this.openRequests; place++) {
      const request = this.requestAt(place);
      if (this.answerTo(request) !== "none" && (first === 0 || request < first)) first = request;
    }
    return first;
  }

  /** `hinting_ack`: the next block is freed, under the zone lock. */
  returnNext(): void {
    const block = this.blockOf(this.handling, this.words[RETURNED]++);
    const order = this.buddy.orderOf(block);
    this.unhold(block);
    this.buddy.freeBlock(this.shape.zoneOf(block), block, order, false, false);
    this.wakes();
    this.log.push({ event: "release", pfn: this.shape.pfnOf(block), order, reported: false });
    if (this.words[RETURNED] < this.rangesOf(this.handling)) return;
    this.closeRequest(this.handling);
    this.words[HANDLING] = 0;
    this.words[RETURNED] = 0;
  }

  showPhase(): void {
    if (this.handling !== 0) this.phase = RETURN;
    else this.phase = this.arrays.areAtRest ? REST : CALL;
  }

  // ---- the device ----

  /** V9-5: at once, whatever is in flight. */
  override unregister(): void {
    if (this.device !== "registered") return;
    for (let cpu = 0; cpu < this.arrays.cpus; cpu++) this.arrays.shorten(cpu, 0);
    this.goAway();
  }

  // ---- what judges ask ----

  override get resting(): boolean {
    return super.resting && this.stalled() === 0 && !(this.device === "registered" && this.firstAnswered() !== 0);
  }

  override stalled(): number {
    let busy = 0;
    for (let cpu = 0; cpu < this.arrays.cpus; cpu++) if (this.busy(cpu)) busy++;
    return busy;
  }

  override noted(block: number, _order: Order): boolean {
    for (let cpu = 0; cpu < this.arrays.cpus; cpu++) {
      if (this.arrays.has(cpu, block, this.arrays.entries(cpu))) return true;
    }
    return false;
  }

  override describe(): ReporterState {
    const { device, handling, arrays } = this;
    const open = Array.from({ length: this.openRequests }, (_, place) => this.requestAt(place));
    return {
      device,
      phase: PHASES[this.phase],
      handling,
      stages: arrays.map((cpu) => STAGES[arrays.stage(cpu)]).join(","),
      entries: arrays.map((cpu) => arrays.entries(cpu)),
      pfns: arrays.blocks().map((block) => this.shape.pfnOf(block)),
      lists: arrays.map((cpu) => arrays.listed(cpu)),
      zones: arrays.map((cpu) => arrays.first(cpu)),
      open: open.flatMap((request) => [request, this.rangesOf(request), this.answerTo(request) === "none" ? 0 : 1]),
    };
  }
}
