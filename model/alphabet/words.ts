/**
 * The lists and blocks of a guest as flat words: what judges read who look at everything after every step.
 *
 * Pages are numbered densely from 0, zone after zone in the order of the geometry: a pfn may need 53 bits, a number
 * never more than 32. Free lists are rings of nodes: a page that is the head of a free block is a node by its number,
 * and each list has a node of its own, in which its ring begins and ends. These stand behind the pages.
 *
 *     node   0 … pages-1     pages … pages+L-1     … pages+2L-1         L = (maxOrder + 1) << LIST_SHIFT
 *            pages           lists of zone 0       lists of zone 1
 */
import type { Geometry } from "./geometry.ts";
import { spannedPages } from "./geometry.ts";
import type { Order, Owner, Pfn, ZoneIndex } from "./units.ts";

/**
 * A tag is `reported:1 owner:3 order:5 migratetype:3`, and 0 on a page at which no block begins. The migratetype, by
 * its place in MIGRATETYPES, is that of the list that a free block stands on; on other blocks it says nothing.
 */
export const TYPE_BITS = 0x07;
export const ORDER_SHIFT = 3;
export const ORDER_BITS = 0xf8;
/** Order and migratetype: the number of a free block's list in its zone. */
export const LIST_BITS = 0xff;
export const OWNER_SHIFT = 8;
export const OWNER_BITS = 0x700;
export const FREE_TAG = 0x100;
export const REPORTED_BIT = 0x800;
/** Whose a block is and how large. */
export const OWNER_ORDER_BITS = OWNER_BITS | ORDER_BITS;

/** By the owner's number in a tag. */
export const OWNERS: readonly Owner[] = ["absent", "free", "allocated", "cached", "held"];

/** Words of one zone in what is counted by order: `zone << ORDERS_SHIFT | order`. */
export const ORDERS_SHIFT = 5;

/** Read-only for judges. The arrays stay the same ones; what they hold is true until the next action. */
export interface Words {
  /** By page. */
  readonly tags: Uint16Array;
  /** By node: the next one toward the tail. On a page that is not the head of a free block it says nothing. */
  readonly next: Int32Array;
  /** By node: the one before, toward the head. */
  readonly previous: Int32Array;
  /** By pageblock, `page >> pageblockOrder`: its migratetype. */
  readonly types: Uint8Array;
  /** nr_free, by zone and order. */
  readonly freeBlocks: Int32Array;
  /** NR_FREE_PAGES, by zone. */
  readonly freePages: Int32Array;
  readonly isolatedPageblocks: Int32Array;
  /** Pages in pageblocks of type highatomic, by zone. */
  readonly reservedHighatomic: Int32Array;
  /** Boundary designs: the counter of reported blocks, by zone and order. */
  readonly reportedBlocks?: Float64Array;
  /** Boundary designs: of a zone, by list number, the first page behind the boundary or -1; undefined where none are kept now. */
  readonly boundaries?: (zone: ZoneIndex) => Float64Array | undefined;
}

/** Where things stand in the words of a guest. */
export class Layout {
  readonly pages: number;
  /** The first page of each zone; one more entry closes the last. */
  readonly first: Int32Array;
  /** Nodes of lists of one zone. */
  readonly lists: number;
  readonly #starts: Float64Array;

  constructor(geometry: Geometry) {
    const { zones, maxOrder } = geometry;
    this.pages = spannedPages(geometry);
    this.lists = (maxOrder + 1) << ORDER_SHIFT;
    this.first = new Int32Array(zones.length + 1);
    this.#starts = Float64Array.from(zones, (zone) => zone.start);
    zones.forEach((zone, index) => (this.first[index + 1] = this.first[index] + zone.pages));
  }

  /** The node of the first list of a zone; a list's number is to be added. */
  listsOf(zone: ZoneIndex): number {
    return this.pages + zone * this.lists;
  }

  /** The number of a page, or -1 outside all zones. */
  pageOf(pfn: Pfn): number {
    for (let zone = 0; zone < this.#starts.length; zone++) {
      const page = pfn - this.#starts[zone] + this.first[zone];
      if (page >= this.first[zone] && page < this.first[zone + 1]) return page;
    }
    return -1;
  }

  /** The zone of a page. */
  zoneOf(page: number): ZoneIndex {
    let zone = 0;
    while (page >= this.first[zone + 1]) zone++;
    return zone;
  }

  /** The pfn of a page; -1 for a node that is none. */
  pfnOf(node: number): Pfn {
    if (node < 0 || node >= this.pages) return -1;
    const zone = this.zoneOf(node);
    return node - this.first[zone] + this.#starts[zone];
  }
}

/** The order of the block with this tag. */
export function orderOfTag(tag: number): Order {
  return (tag & ORDER_BITS) >> ORDER_SHIFT;
}

/** The first page of the block that covers a page, whoever has it, or -1 where the page is absent. */
export function blockAround(tags: Uint16Array, page: number, maxOrder: Order): number {
  for (let order = 0; order <= maxOrder; order++) {
    const head = page & (-1 << order);
    if (tags[head] !== 0 && orderOfTag(tags[head]) >= order) return head;
  }
  return -1;
}
