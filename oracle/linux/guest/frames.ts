/**
 * What the last event said of each page: on the free lists, or off them. Knows nothing of blocks.
 *
 * Snapshots are compared with it, page by page. While one is being read, the kernel runs on: pages with an event in that
 * time take the event's word. Pages in holes are left out, and so are pages that the kernel says it does not have.
 */
import type { Block, Geometry, Order, PageRange, Pages, Pfn, ZoneGeometry } from "../../../model/alphabet/index.ts";
import { blocksOf } from "../../../model/alphabet/index.ts";
import type { Snapshot } from "../capture/snapshot.ts";

const NEVER = 0;
const ON_LISTS = 1;
const OFF_LISTS = 2;

/** How a snapshot agrees with the events before it. */
export interface Comparison {
  readonly agree: Pages;
  readonly of: Pages;
  /** The first page that differs. */
  readonly first: Pfn | undefined;
}

/** A block of pages that no event has named, and whether the snapshot says that it is free. */
export interface Unnamed extends Block {
  readonly free: boolean;
}

export class Frames {
  private readonly maxOrder: Order;
  /** All pages that are in no hole. */
  private readonly present: readonly PageRange[];
  private readonly last: Uint8Array;
  private readonly touched: Uint8Array;
  private watching = false;

  /** @param pages one past the last page */
  constructor(geometry: Geometry, pages: Pages) {
    this.maxOrder = geometry.maxOrder;
    this.present = geometry.zones.flatMap(presentRanges);
    this.last = new Uint8Array(pages);
    this.touched = new Uint8Array(pages);
  }

  /** An event moved these pages. Pages outside are left out: the contract speaks of them. */
  set(start: Pfn, pages: Pages, free: boolean): void {
    this.last.fill(free ? ON_LISTS : OFF_LISTS, start, start + pages);
    if (this.watching) this.touched.fill(1, start, start + pages);
  }

  isFree(pfn: Pfn): boolean {
    return this.last[pfn] === ON_LISTS;
  }

  /** A snapshot begins. */
  watch(): void {
    this.touched.fill(0);
    this.watching = true;
  }

  /** A snapshot has ended. Pages that events name, and that none moved while it was read, must be in it as they are here. */
  compare(snapshot: Snapshot): Comparison {
    this.watching = false;
    let agree = 0;
    let of = 0;
    let first: Pfn | undefined;
    for (const { start, pages } of this.present) {
      for (let pfn = start; pfn < start + pages; pfn++) {
        if (this.last[pfn] === NEVER || this.touched[pfn] === 1) continue;
        of += 1;
        if (snapshot.isFree(pfn) === this.isFree(pfn)) agree += 1;
        else first ??= pfn;
      }
    }
    return { agree, of, first };
  }

  /** Takes the snapshot's word for all pages that no event has named, and tells of them in the largest blocks. */
  adopt(snapshot: Snapshot, tell: (block: Unnamed) => void): void {
    for (const { start, pages } of this.present) {
      const unnamed = (pfn: Pfn): boolean => this.last[pfn] === NEVER && !snapshot.isAbsent(pfn);
      for (let pfn = start; pfn < start + pages; pfn++) {
        if (!unnamed(pfn)) continue;
        const free = snapshot.isFree(pfn);
        let end = pfn + 1;
        while (end < start + pages && unnamed(end) && snapshot.isFree(end) === free) end += 1;
        for (const block of blocksOf({ start: pfn, pages: end - pfn }, this.maxOrder)) tell({ ...block, free });
        this.set(pfn, end - pfn, free);
        pfn = end - 1;
      }
    }
  }
}

/** What of a zone is not a hole. */
function presentRanges({ start, pages, holes }: ZoneGeometry): PageRange[] {
  const ranges: PageRange[] = [];
  let at = start;
  for (const hole of [...holes, { start: start + pages, pages: 0 }]) {
    if (hole.start > at) ranges.push({ start: at, pages: hole.start - at });
    at = hole.start + hole.pages;
  }
  return ranges;
}
