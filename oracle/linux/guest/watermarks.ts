/**
 * Whether the kernel's refusals to isolate a block were right, as far as can be known.
 *
 * `__isolate_free_page` refuses where the zone's free pages, less highatomic reserves, are at most min + 2^order. The replay knows the pages
 * on the free lists. The kernel's own count may be off by what its CPUs have not added yet, and leaves out pages
 * that the trace does not tell apart: highatomic reserves (at most a hundredth of the zone and one pageblock) and isolated pageblocks.
 * Between the sure bounds lie answers that nobody can judge. Nothing of this is in the contract: it is told, with numbers.
 * Source: mm/page_alloc.c of 6.1; mm/vmstat.c.
 */
import type { Block, PageRange, Pages, Pfn } from "../../../model/alphabet/index.ts";
import { pagesOf } from "../../../model/alphabet/index.ts";
import type { Meta } from "../capture/meta.ts";
import type { KernelZone } from "../capture/zoneinfo.ts";

/** Answers of the kernel's watermark test to whoever would isolate a block. */
export interface Answers {
  /** Surely as the rule says. */
  right: number;
  /** Surely not. */
  wrong: number;
  /** Too near the watermark to tell, or before the opening snapshot. */
  unknown: number;
}

export class FreePages {
  private readonly zones: readonly KernelZone[];
  private readonly pageblock: Pages;
  private readonly free: Pages[];
  /** Pages in pageblocks that are isolated now, by the first: free ones among them the kernel does not count. */
  private readonly isolated = new Map<Pfn, Pages>();

  /** @param isFree which pages are on the free lists now */
  constructor({ zones, geometry }: Meta, isFree: (pfn: Pfn) => boolean) {
    this.zones = zones;
    this.pageblock = pagesOf(geometry.pageblockOrder);
    this.free = zones.map(({ start, spanned }) => {
      let pages = 0;
      for (let pfn = start; pfn < start + spanned; pfn++) if (isFree(pfn)) pages += 1;
      return pages;
    });
  }

  /** Pages entered the free lists, or left them. */
  add(pfn: Pfn, pages: Pages): void {
    const zone = this.zoneOf(pfn);
    if (zone !== -1) this.free[zone] += pages;
  }

  /** The pageblocks of a range become isolated, or ordinary again. */
  retype({ start, pages }: PageRange, isolated: boolean): void {
    if (isolated) this.isolated.set(start, pages);
    else this.isolated.delete(start);
  }

  /** @param refused what the kernel said to whoever wanted to isolate this block, which is still counted as free */
  judge(block: Block, refused: boolean): keyof Answers {
    const at = this.zoneOf(block.pfn);
    if (at === -1) return "unknown";
    const { managed, watermarks, drift } = this.zones[at];
    const bound = watermarks.min + pagesOf(block.order);
    const most = this.free[at] + drift;
    let least = this.free[at] - drift - Math.ceil(managed / 100) - this.pageblock;
    for (const [start, pages] of this.isolated) if (this.zoneOf(start) === at) least -= pages;
    if (most <= bound) return refused ? "right" : "wrong";
    if (least > bound) return refused ? "wrong" : "right";
    return "unknown";
  }

  private zoneOf(pfn: Pfn): number {
    return this.zones.findIndex(({ start, spanned }) => pfn >= start && pfn < start + spanned);
  }
}
