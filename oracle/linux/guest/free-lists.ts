/**
 * The kernel's free lists, as the events leave them: which pages are on them (frames.ts), and from the opening snapshot on in
 * which blocks (buddy.ts) and how many of each zone (watermarks.ts). Predicts each step before it takes it.
 */
import type { Block, PageRange, Pages, Pfn } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import type { BlockStep } from "../capture/events.ts";
import { pagesText } from "../capture/machine.ts";
import { type Meta, endOf } from "../capture/meta.ts";
import type { CaptureCounts } from "../verdict.ts";
import { Buddy } from "./buddy.ts";
import { Frames } from "./frames.ts";
import { FreePages } from "./watermarks.ts";

export class FreeLists {
  readonly frames: Frames;
  private readonly meta: Meta;
  private readonly counts: CaptureCounts;
  /** From the opening snapshot on. */
  private buddy: Buddy | undefined;
  private zones: FreePages | undefined;

  constructor(meta: Meta, counts: CaptureCounts) {
    this.meta = meta;
    this.counts = counts;
    this.frames = new Frames(meta.geometry, endOf(meta));
  }

  /** All pages have an owner now: from here on everything is predicted. */
  begin(): void {
    const { maxOrder, pageblockOrder } = this.meta.geometry;
    const isFree = (pfn: Pfn): boolean => this.frames.isFree(pfn);
    this.buddy = new Buddy(endOf(this.meta), maxOrder, pageblockOrder, isFree);
    this.zones = new FreePages(this.meta, isFree);
  }

  isFree(pfn: Pfn): boolean {
    return this.frames.isFree(pfn);
  }

  /** The free block around a page, where steps are predicted and the page is free. */
  blockAround(pfn: Pfn): Block | undefined {
    return this.buddy?.blockAround(pfn);
  }

  /** True where a block that enters now would merge, and so lose its mark. */
  wouldMerge(block: Block): boolean {
    return this.buddy?.wouldMerge(block) ?? false;
  }

  /**
   * A block moves.
   *
   * @param captured what compaction takes of the merged block before it reaches a list
   * @param marked whether it carries the Reported mark from now on
   */
  move(step: BlockStep, captured: Block | undefined, marked: boolean): Violation | undefined {
    if (step.kind === "isolate" || step.kind === "take") this.answered(step, false);
    this.set(step.pfn, 2 ** step.order, step.kind === "enter");
    const wrong = this.predicted((buddy) => this.replay(buddy, step, captured), step.pfn, 2 ** step.order);
    if (wrong === undefined && marked) this.buddy?.mark(step.pfn);
    if (wrong === undefined && captured !== undefined) {
      this.counts.captured += 1;
      this.set(captured.pfn, 2 ** captured.order, false);
    }
    return wrong;
  }

  /** Pages in the hands of a caller are on no free list. */
  call(step: BlockStep): Violation | undefined {
    if (this.buddy === undefined) return undefined;
    this.counts.calls.of += 1;
    const free = this.buddy.firstFree(step.pfn, step.order);
    if (free === -1) {
      this.counts.calls.agree += 1;
      return undefined;
    }
    const pages = { start: step.pfn, pages: 2 ** step.order };
    const did = step.kind === "handed-out" ? "was handed to a caller" : "was freed by its owner";
    return odd(`${pagesText(pages.start, pages.pages)} ${did}, although page ${free} is on the free lists`, pages);
  }

  offline({ start, pages }: PageRange): Violation | undefined {
    this.set(start, pages, false);
    return this.predicted((buddy) => buddy.offline(start, pages), start, pages);
  }

  /** The pageblocks of a range become isolated, or ordinary again. */
  retype(range: PageRange, isolated: boolean): void {
    this.buddy?.doubt(range.start, range.pages);
    this.zones?.retype(range, isolated);
  }

  /** The watermark let a block be isolated, or refused it. */
  answered(block: Block, refused: boolean): void {
    this.counts.watermark[this.zones?.judge(block, refused) ?? "unknown"] += 1;
  }

  /** Compares the blocks with what `/proc/buddyinfo` said after the recording. */
  compareBuddyinfo(): void {
    const { buddyinfoAfter, geometry } = this.meta;
    if (this.buddy === undefined || buddyinfoAfter === undefined) return;
    for (const [index, figures] of buddyinfoAfter.entries()) {
      const zone = geometry.zones[index];
      const counts = this.buddy.countBlocks(zone.start, zone.pages);
      const differing = figures
        .map((byKernel, order) => ({ zone: zone.name, order, byEvents: counts[order] ?? 0, byKernel }))
        .filter(({ byEvents, byKernel }) => byEvents !== byKernel);
      this.counts.buddyinfo.of += figures.length;
      this.counts.buddyinfo.agree += figures.length - differing.length;
      this.counts.buddyinfoDiffers.push(...differing);
    }
  }

  private set(start: Pfn, pages: Pages, free: boolean): void {
    this.frames.set(start, pages, free);
    this.zones?.add(start, free ? pages : -pages);
  }

  private predicted(step: (buddy: Buddy) => string | undefined, start: Pfn, pages: Pages): Violation | undefined {
    if (this.buddy === undefined) return undefined;
    this.counts.predicted.of += 1;
    const wrong = step(this.buddy);
    if (wrong !== undefined) return odd(wrong, { start, pages });
    this.counts.predicted.agree += 1;
    return undefined;
  }

  private replay(buddy: Buddy, step: BlockStep, captured: Block | undefined): string | undefined {
    switch (step.kind) {
      case "leave":
        return buddy.leave(step);
      case "isolate":
      case "take":
      case "split":
        if (step.kind === "isolate" && buddy.isMarked(step.pfn)) this.counts.reportedAgain += 1;
        return buddy.isolate(step);
      case "enter":
        return captured === undefined ? buddy.enter(step, step.migratetype) : buddy.capture(step, captured);
      default:
        return undefined;
    }
  }
}

/** What no contract sees: the record is not that of a buddy allocator. */
export function odd(problem: string, pages: PageRange): Violation {
  return { property: "ownership", explanation: `the buddy replay found: ${problem}`, pages };
}
