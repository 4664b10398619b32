/**
 * `free-lists`, `slip` and `accounting`: every ring of a zone from its node round to it again, held against the blocks
 * that the walk over the pages has found (blocks.ts).
 *
 * A ring is followed toward the tail while each block's link back is checked, so no ring can be entered from two sides
 * or run in a circle of its own; a list that holds as many blocks as were found with its number holds them all.
 */
import {
  FREE_TAG,
  LIST_BITS,
  MIGRATETYPES,
  ORDERS_SHIFT,
  ORDER_SHIFT,
  OWNERS,
  OWNER_BITS,
  OWNER_SHIFT,
  REPORTED_BIT,
  TYPE_BITS,
  orderOfTag,
  pagesOf,
  type Geometry,
  type Layout,
  type Order,
  type Words,
  type ZoneIndex,
} from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import { listText, type Blocks } from "./blocks.ts";
import { broken, range } from "./explain.ts";

const TYPES = MIGRATETYPES.length;
const HIGHATOMIC = MIGRATETYPES.indexOf("highatomic");
const ISOLATE = MIGRATETYPES.indexOf("isolate");

export class Lists {
  readonly #geometry: Geometry;
  readonly #layout: Layout;
  readonly #blocks: Blocks;

  constructor(geometry: Geometry, layout: Layout, blocks: Blocks) {
    this.#geometry = geometry;
    this.#layout = layout;
    this.#blocks = blocks;
  }

  /** The lists and counters of the zone that `blocks` has just walked over. */
  check(words: Words, zone: ZoneIndex): Violation | undefined {
    const { found } = this.#blocks;
    const { next, previous, freeBlocks } = words;
    const { maxOrder } = this.#geometry;
    const first = this.#layout.listsOf(zone);
    let pages = 0;
    for (let order = 0; order <= maxOrder; order++) {
      let blocks = 0;
      const end = (order << ORDER_SHIFT) + TYPES;
      for (let list = order << ORDER_SHIFT; list < end; list++) {
        const count = found[list];
        if (count === 0 && next[first + list] === first + list && previous[first + list] === first + list) continue;
        const violation = this.#ring(words, zone, list, count);
        if (violation !== undefined) return violation;
        blocks += count;
        if ((list & TYPE_BITS) !== ISOLATE) pages += count << order;
      }
      const counted = freeBlocks[(zone << ORDERS_SHIFT) | order];
      if (counted !== blocks) {
        return broken("accounting", `zone ${zone} counts ${counted} free blocks of order ${order}, but has ${blocks}`);
      }
    }
    if (words.freePages[zone] !== pages) {
      return broken("accounting", `zone ${zone} counts ${words.freePages[zone]} free pages, but its lists (isolate excluded) hold ${pages}`);
    }
    return this.#reportedBlocks(words, zone) ?? this.#pageblocks(words, zone);
  }

  #ring(words: Words, zone: ZoneIndex, list: number, count: number): Violation | undefined {
    const { next, previous, tags, types } = words;
    const { pageblockOrder } = this.#geometry;
    const first = this.#layout.first[zone];
    const end = this.#layout.first[zone + 1];
    const head = this.#layout.listsOf(zone) + list;
    const order = list >> ORDER_SHIFT;
    const type = list & TYPE_BITS;
    let blocks = 0;
    let last = head;
    for (let node = next[head]; node !== head; node = next[node]) {
      const fits = node >= first && node < end && (tags[node] & (OWNER_BITS | LIST_BITS)) === (FREE_TAG | list);
      if (!fits) return this.#stranger(words, zone, list, node);
      if (previous[node] !== last) return this.#linkBack(words, zone, list, node, last);
      const lastPageblock = (node + (1 << order) - 1) >> pageblockOrder;
      for (let pageblock = node >> pageblockOrder; pageblock <= lastPageblock; pageblock++) {
        if (types[pageblock] !== type) return this.#wrongType(words, zone, list, node, pageblock);
      }
      blocks++;
      last = node;
    }
    if (previous[head] !== last) {
      const [final, tail] = [last, previous[head]].map((node) => this.#layout.pfnOf(node));
      return broken("free-lists", `${listText(zone, order, type)} ends at ${final}, but its tail says ${tail}`);
    }
    if (blocks === count) return undefined;
    return broken("free-lists", `zone ${zone} has ${count} free blocks that belong to ${listText(zone, order, type)}, but ${blocks} stand on it`);
  }

  #reportedBlocks({ reportedBlocks }: Words, zone: ZoneIndex): Violation | undefined {
    if (reportedBlocks === undefined) return undefined;
    const { marked } = this.#blocks;
    for (let order = 0; order < marked.length; order++) {
      const counted = reportedBlocks[(zone << ORDERS_SHIFT) | order];
      if (counted === marked[order]) continue;
      return broken("accounting", `zone ${zone} counts ${counted} reported blocks of order ${order}, but ${marked[order]} carry the mark`);
    }
    return undefined;
  }

  #pageblocks(words: Words, zone: ZoneIndex): Violation | undefined {
    const { pageblockOrder } = this.#geometry;
    const end = this.#layout.first[zone + 1] >> pageblockOrder;
    let isolated = 0;
    let reserved = 0;
    for (let pageblock = this.#layout.first[zone] >> pageblockOrder; pageblock < end; pageblock++) {
      if (words.types[pageblock] === ISOLATE) isolated++;
      else if (words.types[pageblock] === HIGHATOMIC) reserved += 1 << pageblockOrder;
    }
    if (words.isolatedPageblocks[zone] !== isolated) {
      return broken("accounting", `zone ${zone} counts ${words.isolatedPageblocks[zone]} isolated pageblocks, but has ${isolated}`);
    }
    if (words.reservedHighatomic[zone] === reserved) return undefined;
    return broken("accounting", `zone ${zone} counts ${words.reservedHighatomic[zone]} pages reserved for highatomic callers, but has ${reserved}`);
  }

  /**
   * `slip`: from its tail to the boundary every block of a list is reported.
   * @param zone the zone that is being worked on
   */
  slip(words: Words, zone: ZoneIndex): Violation | undefined {
    const { boundaries } = words;
    if (boundaries === undefined) return undefined;
    for (let order = this.#geometry.reportOrder; order <= this.#geometry.maxOrder; order++) {
      for (let type = 0; type < TYPES; type++) {
        const list = (order << ORDER_SHIFT) | type;
        const violation = boundaries[list] < 0 ? undefined : this.#behind(words, zone, list, boundaries[list]);
        if (violation !== undefined) return violation;
      }
    }
    return undefined;
  }

  #behind({ tags, previous }: Words, zone: ZoneIndex, list: number, boundary: number): Violation | undefined {
    const order = list >> ORDER_SHIFT;
    const head = this.#layout.listsOf(zone) + list;
    // A broken ring may never come back to its head: no list is longer than all pages.
    let node = previous[head];
    for (let steps = 0; steps < this.#layout.pages && node < this.#layout.pages; steps++) {
      if ((tags[node] & REPORTED_BIT) === 0) {
        const pfn = this.#layout.pfnOf(node);
        return broken("slip", `block ${range(pfn, order)} stands behind the boundary of ${listText(zone, order, list & TYPE_BITS)} and is not reported: no pass will find it there`, pfn, pagesOf(order));
      }
      if (node === boundary) return undefined;
      node = previous[node];
    }
    const pfn = this.#layout.pfnOf(boundary);
    return broken("slip", `the boundary of ${listText(zone, order, list & TYPE_BITS)} points at ${pfn}, which is not on that list`, pfn, 1);
  }

  // ---- what is wrong with a ring, for people ----

  #stranger({ tags }: Words, zone: ZoneIndex, list: number, node: number): Violation {
    const where = listText(zone, list >> ORDER_SHIFT, list & TYPE_BITS);
    const pfn = this.#layout.pfnOf(node);
    if (pfn < 0) return broken("free-lists", `${where} runs into another list`);
    if (this.#layout.zoneOf(node) !== zone) return broken("free-lists", `${where} holds ${pfn}, which is of another zone`, pfn, 1);
    const owner = OWNERS[(tags[node] & OWNER_BITS) >> OWNER_SHIFT];
    const what = tags[node] === 0 ? "at which no block begins" : `which is ${owner}, of order ${orderOfTag(tags[node])}`;
    const own = owner === "free" ? `, and belongs to the ${MIGRATETYPES[tags[node] & TYPE_BITS]} list` : "";
    return broken("free-lists", `${where} holds ${pfn}, ${what}${own}`, pfn, 1);
  }

  #linkBack({ previous }: Words, zone: ZoneIndex, list: number, node: number, last: number): Violation {
    const where = listText(zone, list >> ORDER_SHIFT, list & TYPE_BITS);
    const [pfn, follows, says] = [node, last, previous[node]].map((one) => this.#layout.pfnOf(one));
    return broken("free-lists", `on ${where}, ${pfn} follows ${follows}, but its link back says ${says}`, pfn, 1);
  }

  #wrongType({ types }: Words, zone: ZoneIndex, list: number, node: number, pageblock: number): Violation {
    const order: Order = list >> ORDER_SHIFT;
    const { pageblockOrder } = this.#geometry;
    const page = Math.max(node, pageblock << pageblockOrder);
    const [block, at] = [node, page].map((one) => this.#layout.pfnOf(one));
    const type = MIGRATETYPES[types[pageblock]];
    return broken("free-lists", `block ${range(block, order)} stands on ${listText(zone, order, list & TYPE_BITS)}, but the pageblock at ${at} is ${type}`, at, 1);
  }
}
