/**
 * An exact replay of Linux's buddy allocator: from the free pages at the opening snapshot on, it knows every free block,
 * and so predicts of each step of the kernel where it finds the block.
 *
 * - free buddies are always merged, so the set of free pages determines the blocks (but see `doubtful`);
 * - a block that leaves is the FIRST part of a free block of its order or more; the halves split off stay free (expand);
 * - a block that is isolated is exactly a free block;
 * - a block that enters is not free, and merges with its buddy, if that is free and whole, as often as it can.
 *
 * Which of several free blocks the kernel picks is not predicted: the lists' order is not in the trace.
 * Source: `linux-guest.md` 5 (b); `duyck-line.md` A.2, A.3.
 */
import type { Block, Order, Pages, Pfn } from "../../../model/alphabet/index.ts";
import { pagesText } from "../capture/machine.ts";

/** From this migratetype on (highatomic, isolate), pageblocks don't merge with others. Source: migratetype_is_mergeable. */
const FIRST_UNMERGEABLE = 3;
const NONE = -1;

export class Buddy {
  private readonly maxOrder: Order;
  private readonly pageblockOrder: Order;
  /** The order of the free block that begins at this page, or NONE. */
  private readonly orders: Int8Array;
  /** Free blocks that carry the Reported mark. */
  private readonly marks: Uint8Array;
  /**
   * Pageblocks that once were highatomic or isolated. Free pageblocks of such a type stand apart from their buddies, but
   * the type changes silently: around them both readings of two free pageblocks, merged and apart, are accepted.
   */
  private readonly doubtful: Uint8Array;

  /**
   * @param pages one past the last page
   * @param isFree which pages are free at the start
   */
  constructor(pages: Pages, maxOrder: Order, pageblockOrder: Order, isFree: (pfn: Pfn) => boolean) {
    this.maxOrder = maxOrder;
    this.pageblockOrder = pageblockOrder;
    this.orders = new Int8Array(pages).fill(NONE);
    this.marks = new Uint8Array(pages);
    this.doubtful = new Uint8Array(Math.ceil(pages / 2 ** pageblockOrder));
    for (let pfn = 0; pfn < pages; pfn++) if (isFree(pfn)) this.merge(pfn, 0);
  }

  /** The block leaves the lists, split off from a larger one where need be. @returns what is wrong with it, if anything */
  leave({ pfn, order }: Block): string | undefined {
    const head = this.find(pfn, order);
    if (head === NONE) return this.notFree(pfn, order);
    if (head !== pfn || this.orders[head] < order) {
      const found = this.orders[head];
      return (
        `${pagesText(pfn, 2 ** order)} left the free lists, but the free block there is ${pagesText(head, 2 ** found)}: ` +
        `only the first part of a free block can be handed out, of its order ${found} or less`
      );
    }
    for (let half = this.remove(head) - 1; half >= order; half--) this.orders[pfn + 2 ** half] = half;
    return undefined;
  }

  /** Exactly this free block is taken off the lists. */
  isolate({ pfn, order }: Block): string | undefined {
    const head = this.find(pfn, order);
    if (head === NONE) return this.notFree(pfn, order);
    if (head === pfn && this.orders[head] === order) {
      this.remove(head);
      return undefined;
    }
    return (
      `${pagesText(pfn, 2 ** order)} was isolated, but the free block there is ` +
      `${pagesText(head, 2 ** this.orders[head])}: only whole free blocks are isolated`
    );
  }

  /** The block enters the lists. @param migratetype the kernel's number for it */
  enter({ pfn, order }: Block, migratetype: number): string | undefined {
    const free = this.firstFree(pfn, order);
    if (free !== NONE) return `${pagesText(pfn, 2 ** order)} entered the free lists, but page ${free} was free already`;
    if (migratetype >= FIRST_UNMERGEABLE) this.doubt(pfn, 2 ** order);
    this.merge(pfn, order);
    return undefined;
  }

  /** The block enters and is captured by compaction, as part of a block of `captured` order, before it reaches a list. */
  capture({ pfn, order }: Block, captured: Block): string | undefined {
    const free = this.firstFree(pfn, order);
    if (free !== NONE) return `${pagesText(pfn, 2 ** order)} entered the free lists, but page ${free} was free already`;
    for (let size = order; size < captured.order; size++) {
      const buddy = buddyOf(pfn - (pfn % 2 ** size), size);
      if (this.orders[buddy] !== size) {
        return (
          `${pagesText(captured.pfn, 2 ** captured.order)} was captured by compaction when ${pagesText(pfn, 2 ** order)} ` +
          `was freed, but ${pagesText(buddy, 2 ** size)} was no free block to merge with`
        );
      }
      this.remove(buddy);
    }
    return undefined;
  }

  /** True where a block that enters now would merge with its buddy. */
  wouldMerge({ pfn, order }: Block): boolean {
    return order < this.maxOrder && this.orders[buddyOf(pfn, order)] === order;
  }

  /** The block that begins here carries, from now on, the Reported mark. */
  mark(pfn: Pfn): void {
    this.marks[pfn] = 1;
  }

  isMarked(pfn: Pfn): boolean {
    return this.marks[pfn] === 1;
  }

  /** A range goes away with all its free blocks, which lie wholly inside. */
  offline(start: Pfn, pages: Pages): string | undefined {
    for (let pfn = start; pfn < start + pages;) {
      const head = this.containing(pfn);
      if (head !== pfn) return `${pagesText(start, pages)} went offline, but page ${pfn} did not begin a free block`;
      pfn += 2 ** this.remove(head);
    }
    return undefined;
  }

  /** The pageblocks of a range become isolated, or ordinary again. */
  doubt(start: Pfn, pages: Pages): void {
    const size = 2 ** this.pageblockOrder;
    this.doubtful.fill(1, Math.floor(start / size), Math.ceil((start + pages) / size));
  }

  /** The first page of the block that is free, or -1. */
  firstFree(pfn: Pfn, order: Order): Pfn {
    if (this.containing(pfn) !== NONE) return pfn;
    for (let at = pfn + 1; at < pfn + 2 ** order; at++)
      if (this.orders[at] !== NONE && this.orders[at] !== undefined) return at;
    return NONE;
  }

  /** The free block around a page, or undefined where it is not free. */
  blockAround(pfn: Pfn): Block | undefined {
    const head = this.containing(pfn);
    return head === NONE ? undefined : { pfn: head, order: this.orders[head] };
  }

  /** Free blocks of each order in a range. */
  countBlocks(start: Pfn, pages: Pages): number[] {
    const counts = Array.from({ length: this.maxOrder + 1 }, () => 0);
    for (let pfn = start; pfn < start + pages; pfn++) if (this.orders[pfn] !== NONE) counts[this.orders[pfn]] += 1;
    return counts;
  }

  /** The head of the free block around a page, or NONE. */
  private containing(pfn: Pfn): Pfn {
    for (let order = 0; order <= this.maxOrder; order++) {
      const head = pfn - (pfn % 2 ** order);
      if (this.orders[head] >= order) return head;
    }
    return NONE;
  }

  /** As `containing`; where types are in doubt, blocks are read so that this one can be there. */
  private find(pfn: Pfn, order: Order): Pfn {
    const head = this.containing(pfn);
    if (head === NONE || !this.inDoubt(pfn)) return head;
    if (this.orders[head] > this.pageblockOrder && (head !== pfn || this.orders[head] > order)) {
      const half = this.remove(head) - 1;
      this.orders[head] = half;
      this.orders[head + 2 ** half] = half;
      return this.find(pfn, order);
    }
    if (head === pfn && this.orders[head] >= this.pageblockOrder && this.orders[head] < order) {
      const buddy = buddyOf(pfn, this.orders[head]);
      if (this.orders[buddy] !== this.orders[head]) return head;
      const joined = this.remove(head) + 1;
      this.remove(buddy);
      this.orders[Math.min(head, buddy)] = joined;
      return this.find(pfn, order);
    }
    return head;
  }

  private merge(pfn: Pfn, order: Order): void {
    let head = pfn;
    let size = order;
    while (this.wouldMerge({ pfn: head, order: size })) {
      const buddy = buddyOf(head, size);
      this.remove(buddy);
      head = Math.min(head, buddy);
      size += 1;
    }
    this.orders[head] = size;
  }

  private remove(head: Pfn): Order {
    const order = this.orders[head];
    this.orders[head] = NONE;
    this.marks[head] = 0;
    return order;
  }

  private inDoubt(pfn: Pfn): boolean {
    const first = (pfn - (pfn % 2 ** this.maxOrder)) >>> this.pageblockOrder;
    const count = 2 ** (this.maxOrder - this.pageblockOrder);
    for (let at = first; at < first + count; at++) if (this.doubtful[at] === 1) return true;
    return false;
  }

  private notFree(pfn: Pfn, order: Order): string {
    return `${pagesText(pfn, 2 ** order)} was taken from the free lists, but page ${pfn} was on none of them`;
  }
}

function buddyOf(pfn: Pfn, order: Order): Pfn {
  const size = 2 ** order;
  return pfn % (2 * size) === 0 ? pfn + size : pfn - size;
}
