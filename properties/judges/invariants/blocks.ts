/**
 * `conservation`, `flag` and `merged`: one walk over the pages of a zone, block by block. What is found on the way is
 * counted, so that the lists can be held against it (lists.ts).
 */
import {
  FREE_TAG,
  LIST_BITS,
  OWNERS,
  OWNER_BITS,
  OWNER_ORDER_BITS,
  OWNER_SHIFT,
  REPORTED_BIT,
  MIGRATETYPES,
  orderOfTag,
  pagesOf,
  type Geometry,
  type Layout,
  type Migratetype,
  type Order,
  type Pages,
  type Pfn,
  type Words,
  type ZoneIndex,
} from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import { broken, range } from "./explain.ts";

/** Blocks of these types merge with each other and are retagged freely (`duyck-line.md` A.2 5c). */
export const MERGEABLE: ReadonlySet<Migratetype> = new Set(["unmovable", "movable", "reclaimable"]);
/** They come first among the migratetypes. */
const MERGEABLE_TYPES = MERGEABLE.size;

/** What the judge of marks needs of the contract: were all pages of this block acked with ok, and free ever since? */
export interface Marks {
  marked(pfn: Pfn, order: Order): boolean;
}

export class Blocks {
  /** Free blocks of the zone walked last, by the number of their list. */
  readonly found: Int32Array;
  /** Those of them that are marked, by order. */
  readonly marked: Int32Array;
  /** Pages in blocks. */
  present: Pages = 0;
  /** By page: 1 + the order of the block that came back here as reported last; 0: none since it was taken. */
  readonly acked: Uint8Array;
  readonly #geometry: Geometry;
  readonly #layout: Layout;
  readonly #marks: Marks;

  constructor(geometry: Geometry, layout: Layout, marks: Marks) {
    this.#geometry = geometry;
    this.#layout = layout;
    this.#marks = marks;
    this.found = new Int32Array(layout.lists);
    this.marked = new Int32Array(geometry.maxOrder + 1);
    this.acked = new Uint8Array(layout.pages);
  }

  check(words: Words, zone: ZoneIndex): Violation | undefined {
    const { tags } = words;
    const { found } = this;
    const { maxOrder } = this.#geometry;
    const end = this.#layout.first[zone + 1];
    let present = 0;
    found.fill(0);
    this.marked.fill(0);
    for (let page = this.#layout.first[zone]; page < end; ) {
      const tag = tags[page];
      if (tag === 0) {
        page++;
        continue;
      }
      const order = orderOfTag(tag);
      const size = 1 << order;
      const after = page + size;
      if (order > maxOrder || (page & (size - 1)) !== 0 || after > end) return this.#doesNotFit(page, order);
      for (let inside = page + 1; inside < after; inside++) {
        if (tags[inside] !== 0) return this.#blockInside(tags, inside, page);
      }
      if ((tag & OWNER_BITS) === FREE_TAG) {
        found[tag & LIST_BITS]++;
        if ((tag & REPORTED_BIT) !== 0) {
          this.marked[order]++;
          if (!this.#maySayReported(page, order)) return this.#falseMark(page, order);
        }
        // The lower one of two free buddies of the same size.
        if ((page & size) === 0 && order < maxOrder && ((tags[after] ^ tag) & OWNER_ORDER_BITS) === 0) {
          if (this.#mayMerge(words.types, page, after, order)) return this.#apart(page, order);
        }
      } else if ((tag & REPORTED_BIT) !== 0 || (tag & OWNER_BITS) === 0) {
        return this.#notAFreeBlock(tag, page);
      }
      present += size;
      page = after;
    }
    this.present = present;
    return undefined;
  }

  #maySayReported(page: number, order: Order): boolean {
    if (order < this.#geometry.reportOrder || this.acked[page] !== order + 1) return false;
    return this.#marks.marked(this.#layout.pfnOf(page), order);
  }

  #mayMerge(types: Uint8Array, lower: number, upper: number, order: Order): boolean {
    const { pageblockOrder } = this.#geometry;
    if (order < pageblockOrder) return true;
    return types[lower >> pageblockOrder] < MERGEABLE_TYPES && types[upper >> pageblockOrder] < MERGEABLE_TYPES;
  }

  // ---- what is wrong, for people ----

  #doesNotFit(page: number, order: Order): Violation {
    const pfn = this.#layout.pfnOf(page);
    return broken("conservation", `the block at ${pfn} has order ${order}, which does not fit there`, pfn, 1);
  }

  #blockInside(tags: Uint16Array, inside: number, page: number): Violation {
    if ((tags[inside] & OWNER_BITS) === 0) return this.#notAFreeBlock(tags[inside], inside, tags[page]);
    const pfn = this.#layout.pfnOf(inside);
    const block = range(this.#layout.pfnOf(page), orderOfTag(tags[page]));
    return broken("conservation", `a block begins at ${pfn}, inside block ${block}: page ${pfn} has two owners`, pfn, 1);
  }

  /** @param around the tag of the block that has the page */
  #notAFreeBlock(tag: number, page: number, around = tag): Violation {
    const pfn = this.#layout.pfnOf(page);
    if ((tag & REPORTED_BIT) === 0) return broken("conservation", `a block begins at page ${pfn}, but nobody has it`, pfn, 1);
    const owner = OWNERS[(around & OWNER_BITS) >> OWNER_SHIFT];
    return broken("flag", `page ${pfn} is marked as reported, but it is ${owner} and not the head of a free block`, pfn, 1);
  }

  #falseMark(page: number, order: Order): Violation {
    const pfn = this.#layout.pfnOf(page);
    const block = `block ${range(pfn, order)} is marked as reported, but`;
    if (order < this.#geometry.reportOrder) {
      return broken("flag", `${block} blocks of order ${order} are never reported`, pfn, pagesOf(order));
    }
    const acked = this.acked[page] - 1;
    const taken = acked === order ? "pages of it were taken since it was acked" : `what was acked there is a block of order ${acked}`;
    return broken("flag", `${block} ${acked < 0 ? "no such block came back as reported" : taken}`, pfn, pagesOf(order));
  }

  #apart(page: number, order: Order): Violation {
    const pfn = this.#layout.pfnOf(page);
    const size = pagesOf(order);
    return broken(
      "merged",
      `blocks ${range(pfn, order)} and ${range(pfn + size, order)} are free buddies and may merge, but stand apart`,
      pfn,
      2 * size,
    );
  }
}

/** "the movable list of order 2 in zone 0". */
export function listText(zone: ZoneIndex, order: Order, type: number): string {
  return `the ${MIGRATETYPES[type]} list of order ${order} in zone ${zone}`;
}
