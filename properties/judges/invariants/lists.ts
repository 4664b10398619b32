/**
 * `free-lists`, `flag` and `merged`: every ring of a zone from its node round to it again, held against the blocks that
 * the walk over the pages has found (blocks.ts).
 *
 * A ring is followed toward the tail while each block's link back is checked, so no ring can be entered from two sides
 * or run in a circle of its own; a list that holds as many blocks as were found with its number holds them all.
 */
import {
  FREE_TAG,
  LIST_BITS,
  MIGRATETYPES,
  ORDER_SHIFT,
  OWNERS,
  OWNER_BITS,
  OWNER_ORDER_BITS,
  OWNER_SHIFT,
  REPORTED_BIT,
  TYPE_BITS,
  orderOfTag,
  pagesOf,
  type Geometry,
  type Layout,
  type Migratetype,
  type Order,
  type Words,
  type ZoneIndex,
} from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import type { Blocks } from "./blocks.ts";
import { broken, range } from "./explain.ts";
import type { Marks } from "./marks.ts";

/** Blocks of these types merge with each other and are retagged freely (`duyck-line.md` A.2 5c). */
export const MERGEABLE: ReadonlySet<Migratetype> = new Set(["unmovable", "movable", "reclaimable"]);
/** They come first among the migratetypes. */
const MERGEABLE_TYPES = MERGEABLE.size;
const TYPES = MIGRATETYPES.length;

export class Lists {
  /** By order: free blocks of the zone checked last, and the marked ones of them. */
  readonly blocks: Int32Array;
  readonly marked: Int32Array;
  readonly #geometry: Geometry;
  readonly #layout: Layout;
  readonly #blocks: Blocks;
  readonly #marks: Marks;

  constructor(geometry: Geometry, layout: Layout, blocks: Blocks, marks: Marks) {
    this.blocks = new Int32Array(geometry.maxOrder + 1);
    this.marked = new Int32Array(geometry.maxOrder + 1);
    this.#geometry = geometry;
    this.#layout = layout;
    this.#blocks = blocks;
    this.#marks = marks;
  }

  /** The lists of the zone that `blocks` has just walked over. */
  check(words: Words, zone: ZoneIndex): Violation | undefined {
    const { maxOrder } = this.#geometry;
    const { free } = this.#blocks;
    for (let order = 0; order <= maxOrder; order++) {
      let blocks = 0;
      this.marked[order] = 0;
      for (let types = this.#notEmpty(words, zone, order); types !== 0; types &= types - 1) {
        const list = (order << ORDER_SHIFT) + 31 - Math.clz32(types & -types);
        const violation = this.#ring(words, zone, list, free[list]);
        if (violation !== undefined) return violation;
        blocks += free[list];
      }
      this.blocks[order] = blocks;
    }
    return undefined;
  }

  /**
   * Types whose lists have, or should have, anything on them, as bits: those with a block in the walk or a link that
   * does not lead back to the list's own node. Sums without a question: no processor guesses which lists are empty.
   */
  #notEmpty({ next, previous }: Words, zone: ZoneIndex, order: Order): number {
    const { free } = this.#blocks;
    const first = this.#layout.listsOf(zone);
    let types = 0;
    for (let type = 0; type < TYPES; type++) {
      const list = (order << ORDER_SHIFT) + type;
      const head = first + list;
      const odd = free[list] | (next[head] ^ head) | (previous[head] ^ head);
      types |= ((odd | -odd) >>> 31) << type;
    }
    return types;
  }

  /** @param count blocks that must be on the list */
  #ring(words: Words, zone: ZoneIndex, list: number, count: number): Violation | undefined {
    const { next, previous, tags, types } = words;
    const { maxOrder, pageblockOrder } = this.#geometry;
    const first = this.#layout.first[zone];
    const end = this.#layout.first[zone + 1];
    const head = this.#layout.listsOf(zone) + list;
    const order = list >> ORDER_SHIFT;
    const type = list & TYPE_BITS;
    const size = 1 << order;
    const pageblock = 1 << pageblockOrder;
    const merges = order < maxOrder && (order < pageblockOrder || type < MERGEABLE_TYPES);
    let blocks = 0;
    let last = head;
    for (let node = next[head]; node !== head; node = next[node]) {
      if (node < first || node >= end) return this.#stranger(words, zone, list, node);
      const tag = tags[node];
      if ((tag & (OWNER_BITS | LIST_BITS)) !== (FREE_TAG | list)) return this.#stranger(words, zone, list, node);
      if (previous[node] !== last) return this.#linkBack(words, zone, list, node, last);
      if ((tag & REPORTED_BIT) !== 0) {
        if (!this.#marks.allows(node, order)) return this.#marks.explain(node, order);
        this.marked[order]++;
      }
      if (
        merges &&
        (tags[node ^ size] & OWNER_ORDER_BITS) === (tag & OWNER_ORDER_BITS) &&
        this.#mayMerge(types, node ^ size, order)
      ) {
        return this.#apart(node & ~size, order);
      }
      for (let page = node; page < node + size; page += pageblock) {
        if (types[page >> pageblockOrder] !== type) return this.#wrongType(words, zone, list, node, page);
      }
      blocks++;
      last = node;
    }
    if (previous[head] !== last) return this.#tail(words, zone, list, last);
    return blocks === count ? undefined : this.#missing(zone, list, count, blocks);
  }

  #mayMerge(types: Uint8Array, buddy: number, order: number): boolean {
    const { pageblockOrder } = this.#geometry;
    return order < pageblockOrder || types[buddy >> pageblockOrder] < MERGEABLE_TYPES;
  }

  // ---- what is wrong with a ring, for people ----

  #apart(page: number, order: number): Violation {
    const pfn = this.#layout.pfnOf(page);
    const size = pagesOf(order);
    const blocks = `blocks ${range(pfn, order)} and ${range(pfn + size, order)}`;
    return broken("merged", `${blocks} are free buddies and may merge, but stand apart`, pfn, 2 * size);
  }

  #stranger({ tags }: Words, zone: ZoneIndex, list: number, node: number): Violation {
    const where = listText(zone, list);
    const pfn = this.#layout.pfnOf(node);
    if (pfn < 0) return broken("free-lists", `${where} runs into another list`);
    if (this.#layout.zoneOf(node) !== zone)
      return broken("free-lists", `${where} holds ${pfn}, which is of another zone`, pfn, 1);
    const owner = OWNERS[(tags[node] & OWNER_BITS) >> OWNER_SHIFT];
    const what =
      tags[node] === 0 ? "at which no block begins" : `which is ${owner}, of order ${orderOfTag(tags[node])}`;
    const own = owner === "free" ? `, and belongs to the ${MIGRATETYPES[tags[node] & TYPE_BITS]} list` : "";
    return broken("free-lists", `${where} holds ${pfn}, ${what}${own}`, pfn, 1);
  }

  #linkBack({ previous }: Words, zone: ZoneIndex, list: number, node: number, last: number): Violation {
    const [pfn, follows, says] = [node, last, previous[node]].map((one) => this.#layout.pfnOf(one));
    return broken(
      "free-lists",
      `on ${listText(zone, list)}, ${pfn} follows ${follows}, but its link back says ${says}`,
      pfn,
      1,
    );
  }

  #tail({ previous }: Words, zone: ZoneIndex, list: number, last: number): Violation {
    const [end, tail] = [last, previous[this.#layout.listsOf(zone) + list]].map((node) => this.#layout.pfnOf(node));
    return broken("free-lists", `${listText(zone, list)} ends at ${end}, but its tail says ${tail}`);
  }

  #missing(zone: ZoneIndex, list: number, count: number, blocks: number): Violation {
    return broken(
      "free-lists",
      `zone ${zone} has ${count} free blocks that belong to ${listText(zone, list)}, but ${blocks} stand on it`,
    );
  }

  #wrongType({ types }: Words, zone: ZoneIndex, list: number, node: number, page: number): Violation {
    const [block, at] = [node, page].map((one) => this.#layout.pfnOf(one));
    const type = MIGRATETYPES[types[page >> this.#geometry.pageblockOrder]];
    return broken(
      "free-lists",
      `block ${range(block, list >> ORDER_SHIFT)} stands on ${listText(zone, list)}, but the pageblock at ${at} is ${type}`,
      at,
      1,
    );
  }
}

/** "the movable list of order 2 in zone 0". */
export function listText(zone: ZoneIndex, list: number): string {
  return `the ${MIGRATETYPES[list & TYPE_BITS]} list of order ${list >> ORDER_SHIFT} in zone ${zone}`;
}
