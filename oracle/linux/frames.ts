/**
 * What the last event said of each page: on the free lists, or off them. Knows nothing of blocks.
 *
 * While a snapshot is being read, the kernel runs on: pages with an event in that time are excepted from the comparison.
 */
import type { Order, Pages, Pfn } from "../../model/alphabet/index.ts";

const NEVER = 0;
const ON_LISTS = 1;
const OFF_LISTS = 2;

export class Frames {
  private readonly last: Uint8Array;
  private readonly touched: Uint8Array;
  private watching = false;

  /** @param pages one past the last page */
  constructor(pages: Pages) {
    this.last = new Uint8Array(pages);
    this.touched = new Uint8Array(pages);
  }

  /** An event moved these pages. Pages outside are left out: the contract speaks of them. */
  set(pfn: Pfn, order: Order, free: boolean): void {
    const end = pfn + 2 ** order;
    this.last.fill(free ? ON_LISTS : OFF_LISTS, pfn, end);
    if (this.watching) this.touched.fill(1, pfn, end);
  }

  /** A snapshot begins. */
  watch(): void {
    this.touched.fill(0);
    this.watching = true;
  }

  /** A snapshot has ended. */
  unwatch(): void {
    this.watching = false;
  }

  isFree(pfn: Pfn): boolean {
    return this.last[pfn] === ON_LISTS;
  }

  /** True where no event spoke of this page yet. */
  isUnknown(pfn: Pfn): boolean {
    return this.last[pfn] === NEVER;
  }

  /** True where an event moved the page while the last snapshot was read. */
  wasTouched(pfn: Pfn): boolean {
    return this.touched[pfn] === 1;
  }
}
