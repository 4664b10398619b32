/** The window through which judges look into a state: the same questions as are asked of the implementation. */
import type { Geometry } from "./alphabet/geometry.ts";
import { zoneOf } from "./alphabet/geometry.ts";
import { NONE } from "./alphabet/guest.ts";
import type { Hotplug, ReporterState, View, Waiter } from "./alphabet/guest.ts";
import type { Settings } from "./alphabet/settings.ts";
import { pagesOf } from "./alphabet/units.ts";
import type { Migratetype, Order, Owner, Pages, Pfn, ZoneIndex } from "./alphabet/units.ts";
import { alignDown, freeBlocksOf } from "./blocks.ts";
import type { Words } from "./alphabet/words.ts";
import { cacheIndex } from "./pcp.ts";
import { sightOf } from "./state.ts";
import type { Block, FreeList, State } from "./state.ts";
import { ModelWords } from "./words.ts";

/** A view of one state. */
export function viewOf(state: State): View {
  return new StateView(state);
}

/** A view that can be turned to another state, so that a judge may keep the view of a guest. */
export class StateView implements View {
  readonly geometry: Geometry;
  readonly settings: Settings;
  readonly boundary?: (zone: ZoneIndex, order: Order, migratetype: Migratetype) => Pfn | undefined;
  readonly reportedBlocks?: (zone: ZoneIndex, order: Order) => number;
  readonly #words: ModelWords;
  #state: State;

  constructor(state: State) {
    const { geometry, settings, design } = state.setup;
    this.#state = state;
    this.geometry = geometry;
    this.settings = settings;
    this.#words = new ModelWords(state.setup);
    const { boundary, reportedBlocks } = design;
    if (boundary !== undefined) {
      this.boundary = (zone, order, type) => boundary(this.#state.reporter, zone, order, type);
    }
    if (reportedBlocks !== undefined) {
      this.reportedBlocks = (zone, order) => reportedBlocks(this.#state.reporter, zone, order);
    }
  }

  /** From now on it shows this state. */
  show(state: State): void {
    this.#state = state;
  }

  words(): Words {
    return this.#words.show(this.#state);
  }

  freePages(zone: ZoneIndex): Pages {
    return this.#state.zones[zone].free;
  }
  freeBlocks(zone: ZoneIndex, order: Order): number {
    return freeBlocksOf(this.#state.zones[zone], order);
  }
  firstFree(zone: ZoneIndex, order: Order, migratetype: Migratetype): Pfn {
    return this.#state.zones[zone].lists[order][migratetype].head;
  }
  lastFree(zone: ZoneIndex, order: Order, migratetype: Migratetype): Pfn {
    return this.#state.zones[zone].lists[order][migratetype].tail;
  }
  nextFree(pfn: Pfn): Pfn {
    return this.#listOf(pfn)?.after(pfn) ?? NONE;
  }
  previousFree(pfn: Pfn): Pfn {
    return this.#listOf(pfn)?.before(pfn) ?? NONE;
  }

  owner(pfn: Pfn): Owner {
    const blocks = this.#blocks(pfn);
    for (let order = 0; order <= this.geometry.maxOrder; order++) {
      const head = alignDown(pfn, order);
      const block = blocks[head];
      if (block !== undefined) {
        return pfn < head + pagesOf(block.order) ? block.owner : "absent";
      }
    }
    return "absent";
  }
  orderAt(pfn: Pfn): Order | -1 {
    return this.#blocks(pfn)[pfn]?.order ?? -1;
  }
  reported(pfn: Pfn): boolean {
    return this.#blocks(pfn)[pfn]?.reported ?? false;
  }
  pageblock(pfn: Pfn): Migratetype {
    const { pageblocks } = this.#state.zones[zoneOf(this.geometry, pfn)];
    return pageblocks[alignDown(pfn, this.geometry.pageblockOrder)];
  }

  isolatedPageblocks(zone: ZoneIndex): number {
    return this.#state.zones[zone].isolatedPageblocks;
  }
  reservedHighatomic(zone: ZoneIndex): Pages {
    return this.#state.zones[zone].reservedHighatomic;
  }

  cached(zone: ZoneIndex, cpu: number, order: Order, migratetype: Migratetype): readonly Pfn[] {
    const index = cacheIndex(this.#state.setup, order, migratetype);
    return this.#state.zones[zone].caches[cpu]?.lists[index]?.blocks ?? [];
  }
  held(): readonly Pfn[] {
    return this.#state.reporter.batch;
  }
  waiters(): readonly Waiter[] {
    return this.#state.waiters;
  }
  hotplug(): Hotplug | undefined {
    return this.#state.hotplug;
  }
  reportOrder(): Order {
    return this.#state.reporter.reportOrder;
  }
  registered(): boolean {
    return this.#state.reporter.device !== "unregistered";
  }
  frozen(): boolean {
    return this.#state.reporter.frozen;
  }
  resting(): boolean {
    const { reporter, setup } = this.#state;
    return reporter.phase === "rest" && reporter.timer === -1 && (setup.design.resting?.(reporter) ?? true);
  }
  passing(): boolean {
    return this.#state.reporter.phase !== "rest";
  }
  phase(): string {
    const { phase } = this.passing() ? this.reporter() : { phase: "rest" };
    return typeof phase === "string" ? phase : "busy";
  }
  reporter(): ReporterState {
    return this.#state.setup.design.describe(this.#state.reporter);
  }
  stalled(): number {
    const { reporter, setup, waiters } = this.#state;
    const spinning = setup.design.spins?.(reporter) ? waiters.length : 0;
    return (setup.design.stalled?.(reporter) ?? 0) + spinning;
  }
  stopped(): string {
    return this.#state.stopped;
  }
  noted(pfn: Pfn, order: Order): boolean {
    const { reporter, setup } = this.#state;
    return setup.design.noted?.(sightOf(this.#state), reporter, pfn, order) ?? true;
  }
  due(): boolean {
    const { reporter, setup } = this.#state;
    return setup.design.due?.(sightOf(this.#state), reporter) ?? false;
  }

  #blocks(pfn: Pfn): Readonly<Record<Pfn, Block>> {
    return this.#state.zones[zoneOf(this.geometry, pfn)]?.blocks ?? {};
  }
  #listOf(pfn: Pfn): FreeList | undefined {
    const block = this.#blocks(pfn)[pfn];
    if (block?.owner !== "free" || block.migratetype === undefined) {
      return undefined;
    }
    return this.#state.zones[zoneOf(this.geometry, pfn)].lists[block.order][block.migratetype];
  }
}
