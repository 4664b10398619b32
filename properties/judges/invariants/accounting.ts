/** `accounting`: what a zone counts is what it has. Its blocks and lists have just been found sound (blocks.ts, lists.ts). */
import {
  MIGRATETYPES,
  ORDERS_SHIFT,
  ORDER_SHIFT,
  pagesOf,
  type Geometry,
  type Layout,
  type Words,
  type ZoneIndex,
} from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import type { Blocks } from "./blocks.ts";
import { amount } from "../contract/explain.ts";
import { broken } from "./explain.ts";
import type { Lists } from "./lists.ts";

const HIGHATOMIC = MIGRATETYPES.indexOf("highatomic");
const ISOLATE = MIGRATETYPES.indexOf("isolate");

export class Accounting {
  readonly #geometry: Geometry;
  readonly #layout: Layout;
  readonly #blocks: Blocks;
  readonly #lists: Lists;

  constructor(geometry: Geometry, layout: Layout, blocks: Blocks, lists: Lists) {
    this.#geometry = geometry;
    this.#layout = layout;
    this.#blocks = blocks;
    this.#lists = lists;
  }

  check(words: Words, zone: ZoneIndex): Violation | undefined {
    return this.#free(words, zone) ?? this.#pageblocks(words, zone);
  }

  #free({ freeBlocks, freePages, reportedBlocks }: Words, zone: ZoneIndex): Violation | undefined {
    const { maxOrder } = this.#geometry;
    let pages = 0;
    for (let order = 0; order <= maxOrder; order++) {
      const blocks = this.#lists.blocks[order];
      pages += (blocks - this.#blocks.free[(order << ORDER_SHIFT) | ISOLATE]) << order;
      const counted = freeBlocks[(zone << ORDERS_SHIFT) | order];
      if (counted !== blocks)
        return broken("accounting", `zone ${zone} counts ${counted} free blocks of order ${order}, but has ${blocks}`);
      if (reportedBlocks === undefined) continue;
      const reported = reportedBlocks[(zone << ORDERS_SHIFT) | order];
      const marked = this.#lists.marked[order];
      if (reported === marked) continue;
      return broken(
        "accounting",
        `zone ${zone} counts ${reported} reported blocks of order ${order}, but ${marked} carry the mark`,
      );
    }
    if (freePages[zone] === pages) return undefined;
    return broken(
      "accounting",
      `zone ${zone} counts ${freePages[zone]} free pages, but its lists (isolate excluded) hold ${pages}`,
    );
  }

  #pageblocks({ types, isolatedPageblocks, reservedHighatomic }: Words, zone: ZoneIndex): Violation | undefined {
    const { pageblockOrder } = this.#geometry;
    const end = this.#layout.first[zone + 1] >> pageblockOrder;
    let isolated = 0;
    let highatomic = 0;
    for (let pageblock = this.#layout.first[zone] >> pageblockOrder; pageblock < end; pageblock++) {
      if (types[pageblock] === ISOLATE) isolated++;
      else if (types[pageblock] === HIGHATOMIC) highatomic++;
    }
    if (isolatedPageblocks[zone] !== isolated) {
      return broken(
        "accounting",
        `zone ${zone} counts ${amount(isolatedPageblocks[zone], "isolated pageblock")}, but has ${isolated}`,
      );
    }
    const reserved = highatomic * pagesOf(pageblockOrder);
    if (reservedHighatomic[zone] === reserved) return undefined;
    return broken(
      "accounting",
      `zone ${zone} counts ${reservedHighatomic[zone]} pages reserved for highatomic callers, but has ${reserved}`,
    );
  }
}
