/** The requests that the host is working on: submitted, not acked. */
import type { Block, Pages, Pfn } from "../../../model/alphabet/index.ts";
import { pagesOf } from "../../../model/alphabet/index.ts";

export interface OpenRequest {
  readonly request: number;
  readonly ranges: readonly Block[];
  /** The number of the event that submitted it. */
  readonly at: number;
}

export class OpenRequests {
  private readonly open = new Map<number, OpenRequest>();
  /** Ranges by ascending pfn, for requests that the host has begun to discard. */
  private readonly ascending = new Map<number, readonly Block[]>();
  private readonly kept: OpenRequest[] = [];

  get size(): number {
    return this.open.size;
  }

  get(request: number): OpenRequest | undefined {
    return this.open.get(request);
  }

  /** All numbers, the oldest first. */
  numbers(): number[] {
    return [...this.open.keys()];
  }

  add(request: number, ranges: readonly Block[], at: number): void {
    this.open.set(request, { request, ranges: ranges.slice(), at });
  }

  remove(request: number): void {
    this.open.delete(request);
    if (this.ascending.size > 0) this.ascending.delete(request);
  }

  /** Remembers which are open, to come back to it soon. */
  keep(): void {
    while (this.kept.length > 0) this.kept.pop();
    if (this.open.size === 0) return;
    for (const request of this.open.values()) this.kept.push(request);
  }

  /** Those are open that were kept last. */
  undo(): void {
    this.clear();
    for (let place = 0; place < this.kept.length; place++) this.open.set(this.kept[place].request, this.kept[place]);
  }

  /** Those are open that are open there. */
  copy(other: OpenRequests): void {
    this.clear();
    for (const [request, open] of other.open) this.open.set(request, open);
  }

  clear(): void {
    if (this.open.size > 0) this.open.clear();
    if (this.ascending.size > 0) this.ascending.clear();
  }

  /** True where all pages of the block are in ranges of this request. */
  covers(open: OpenRequest, block: Block): boolean {
    const ranges = this.sorted(open);
    const end = block.pfn + pagesOf(block.order);
    let index = lastAtOrBefore(ranges, block.pfn);
    for (let at = block.pfn; at < end; index++) {
      const range = ranges[index];
      if (range === undefined || range.pfn > at || at >= endOf(range)) return false;
      at = endOf(range);
    }
    return true;
  }

  /** The request that a page is in flight with, and in which range. Looks at all of them: for explanations. */
  holding(pfn: Pfn): { readonly open: OpenRequest; readonly range: Block } | undefined {
    for (const open of this.open.values()) {
      const range = open.ranges.find((one) => pfn >= one.pfn && pfn < endOf(one));
      if (range !== undefined) return { open, range };
    }
    return undefined;
  }

  private sorted(open: OpenRequest): readonly Block[] {
    if (open.ranges.length === 1) return open.ranges;
    let ranges = this.ascending.get(open.request);
    if (ranges === undefined) {
      ranges = open.ranges.toSorted((a, b) => a.pfn - b.pfn);
      this.ascending.set(open.request, ranges);
    }
    return ranges;
  }
}

function endOf(range: Block): Pages {
  return range.pfn + pagesOf(range.order);
}

/** The last range that begins at this page or before, or -1. */
function lastAtOrBefore(ranges: readonly Block[], pfn: Pfn): number {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle].pfn <= pfn) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
