/**
 * A state of the model in the flat words that judges read (alphabet/words.ts). Where a part of a state is the very
 * value that was written last time, its words are still right: a step changes little, and states share the rest.
 */
import { MIGRATETYPES, pagesOf } from "./alphabet/units.ts";
import type { ZoneIndex } from "./alphabet/units.ts";
import { Layout, ORDERS_SHIFT, ORDER_SHIFT, OWNERS, OWNER_SHIFT, REPORTED_BIT } from "./alphabet/words.ts";
import type { Words } from "./alphabet/words.ts";
import type { Block, FreeList, Setup, State, Zone } from "./state.ts";

export class ModelWords implements Words {
  readonly tags: Uint16Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly types: Uint8Array;
  readonly freeBlocks: Int32Array;
  readonly freePages: Int32Array;
  readonly isolatedPageblocks: Int32Array;
  readonly reservedHighatomic: Int32Array;
  readonly reportedBlocks?: Float64Array;
  readonly boundaries?: (zone: ZoneIndex) => Float64Array | undefined;
  readonly #setup: Setup;
  readonly #layout: Layout;
  /** By zone: what its words were written from. */
  readonly #written: (Zone | undefined)[] = [];
  /** By zone: its boundaries, or undefined while none are kept. */
  readonly #boundaries: (Float64Array | undefined)[];
  #reporter: State["reporter"] | undefined;

  constructor(setup: Setup) {
    const { geometry, design } = setup;
    const zones = geometry.zones.length;
    const layout = new Layout(geometry);
    this.#setup = setup;
    this.#layout = layout;
    this.tags = new Uint16Array(layout.pages);
    this.next = new Int32Array(layout.listsOf(zones)).map((_, node) => node);
    this.previous = this.next.slice();
    this.types = new Uint8Array(layout.pages / pagesOf(geometry.pageblockOrder));
    this.freeBlocks = new Int32Array(zones << ORDERS_SHIFT);
    this.freePages = new Int32Array(zones);
    this.isolatedPageblocks = new Int32Array(zones);
    this.reservedHighatomic = new Int32Array(zones);
    if (design.reportedBlocks !== undefined) this.reportedBlocks = new Float64Array(zones << ORDERS_SHIFT);
    this.#boundaries = geometry.zones.map(() => undefined);
    if (design.boundary !== undefined) this.boundaries = (zone) => this.#boundaries[zone];
  }

  /** The words of this state. */
  show({ zones, reporter }: State): this {
    for (let z = 0; z < zones.length; z++) {
      if (this.#written[z] === zones[z]) continue;
      this.#writeZone(z, zones[z], this.#written[z]);
      this.#written[z] = zones[z];
    }
    if (this.#reporter !== reporter) this.#writeReporter(reporter);
    this.#reporter = reporter;
    return this;
  }

  #writeZone(z: ZoneIndex, zone: Zone, before: Zone | undefined): void {
    if (zone.blocks !== before?.blocks) this.#writeBlocks(z, zone.blocks);
    if (zone.pageblocks !== before?.pageblocks) this.#writePageblocks(z, zone.pageblocks);
    if (zone.lists !== before?.lists) this.#writeLists(z, zone.lists, before?.lists);
    this.freePages[z] = zone.free;
    this.isolatedPageblocks[z] = zone.isolatedPageblocks;
    this.reservedHighatomic[z] = zone.reservedHighatomic;
  }

  #writeBlocks(z: ZoneIndex, blocks: Zone["blocks"]): void {
    const { start, pages } = this.#setup.geometry.zones[z];
    const first = this.#layout.first[z];
    for (let page = 0; page < pages; page++) {
      const block = blocks[start + page];
      this.tags[first + page] = block === undefined ? 0 : tagOf(block);
    }
  }

  #writePageblocks(z: ZoneIndex, pageblocks: Zone["pageblocks"]): void {
    const { geometry } = this.#setup;
    const { start, pages } = geometry.zones[z];
    const size = pagesOf(geometry.pageblockOrder);
    let at = this.#layout.first[z] / size;
    for (let page = 0; page < pages; page += size) this.types[at++] = MIGRATETYPES.indexOf(pageblocks[start + page]);
  }

  #writeLists(z: ZoneIndex, lists: Zone["lists"], before: Zone["lists"] | undefined): void {
    for (let order = 0; order < lists.length; order++) {
      if (lists[order] === before?.[order]) continue;
      let blocks = 0;
      for (let type = 0; type < MIGRATETYPES.length; type++) {
        const list = lists[order][MIGRATETYPES[type]];
        blocks += list.length;
        if (list === before?.[order][MIGRATETYPES[type]]) continue;
        this.#writeRing(z, this.#layout.listsOf(z) + ((order << ORDER_SHIFT) | type), list);
      }
      this.freeBlocks[(z << ORDERS_SHIFT) | order] = blocks;
    }
  }

  #writeRing(z: ZoneIndex, head: number, list: FreeList): void {
    const shift = this.#layout.first[z] - this.#setup.geometry.zones[z].start;
    let last = head;
    for (const pfn of list.blocks) {
      this.next[last] = pfn + shift;
      this.previous[pfn + shift] = last;
      last = pfn + shift;
    }
    this.next[last] = head;
    this.previous[head] = last;
  }

  #writeReporter(reporter: State["reporter"]): void {
    const { geometry, design } = this.#setup;
    for (let z = 0; z < geometry.zones.length; z++) {
      for (let order = 0; this.reportedBlocks !== undefined && order <= geometry.maxOrder; order++) {
        this.reportedBlocks[(z << ORDERS_SHIFT) | order] = design.reportedBlocks?.(reporter, z, order) ?? 0;
      }
      this.#boundaries[z] = this.#boundariesOf(z, reporter);
    }
  }

  /** The boundaries of a zone by list number, or undefined where none are kept now. A list without one has -1. */
  #boundariesOf(z: ZoneIndex, reporter: State["reporter"]): Float64Array | undefined {
    const { geometry, design } = this.#setup;
    const words = new Float64Array(this.#layout.lists).fill(-1);
    let kept = false;
    for (let order = 0; order <= geometry.maxOrder; order++) {
      for (let type = 0; type < MIGRATETYPES.length; type++) {
        const boundary = design.boundary?.(reporter, z, order, MIGRATETYPES[type]);
        if (boundary === undefined) continue;
        words[(order << ORDER_SHIFT) | type] = this.#layout.pageOf(boundary);
        kept = true;
      }
    }
    return kept ? words : undefined;
  }
}

function tagOf({ owner, order, migratetype, reported }: Block): number {
  const type = owner === "free" && migratetype !== undefined ? MIGRATETYPES.indexOf(migratetype) : 0;
  return (reported ? REPORTED_BIT : 0) | (OWNERS.indexOf(owner) << OWNER_SHIFT) | (order << ORDER_SHIFT) | type;
}
