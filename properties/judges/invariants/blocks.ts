/**
 * `conservation`: the blocks of a zone stand side by side, each aligned, each somebody's, none inside another, and
 * together they have all pages that are present. One walk from block to block; the free ones are counted by the list
 * that their tags name, so that the lists can be held against them (lists.ts).
 */
import {
  FREE_TAG,
  LIST_BITS,
  OWNERS,
  OWNER_BITS,
  OWNER_SHIFT,
  REPORTED_BIT,
  orderOfTag,
  pagesOf,
  type Event,
  type Geometry,
  type Layout,
  type Order,
  type Pages,
  type Words,
  type ZoneIndex,
} from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import { broken, range } from "./explain.ts";

/** By `tag >> OWNER_SHIFT`: 1 where a block has an owner, and a mark only where that is nobody. */
const SOUND = Uint8Array.from({ length: 16 }, (_, bits) => {
  const owner = OWNERS[bits & 7];
  return owner === "free" || (owner !== undefined && owner !== "absent" && bits < 8) ? 1 : 0;
});

export class Blocks {
  /** By list: free blocks of the zone walked last whose tags name it. */
  readonly free: Int32Array;
  /** By owner and list: all blocks, so that the walk need not ask whose one is. Only the free ones are kept clean. */
  readonly #found = new Int32Array(OWNER_BITS | (LIST_BITS + 1));
  /** By zone: pages that are present, as far as events tell. */
  readonly #present: Pages[] = [];
  readonly #geometry: Geometry;
  readonly #layout: Layout;

  constructor(geometry: Geometry, layout: Layout) {
    this.#geometry = geometry;
    this.#layout = layout;
    this.free = this.#found.subarray(FREE_TAG, FREE_TAG + layout.lists);
    this.reset();
  }

  reset(): void {
    this.#geometry.zones.forEach((zone, index) => {
      this.#present[index] = zone.pages - zone.holes.reduce((sum, hole) => sum + hole.pages, 0);
    });
  }

  /** Pages that must be in blocks, zone by zone. */
  get present(): Pages[] {
    return this.#present;
  }

  /** A section came or went. */
  follow(event: Extract<Event, { event: "online" | "offline" }>): void {
    const zone = this.#layout.zoneOf(this.#layout.pageOf(event.start));
    this.#present[zone] += event.event === "online" ? event.pages : -event.pages;
  }

  check({ tags }: Words, zone: ZoneIndex): Violation | undefined {
    const found = this.#found;
    const { maxOrder } = this.#geometry;
    const first = this.#layout.first[zone];
    const end = this.#layout.first[zone + 1];
    for (let list = 0; list < this.free.length; list++) this.free[list] = 0;
    let blocks = 0;
    let present = 0;
    for (let page = first; page < end;) {
      const tag = tags[page];
      if (tag === 0) {
        page++;
        continue;
      }
      const order = orderOfTag(tag);
      const size = 1 << order;
      if (SOUND[tag >> OWNER_SHIFT] !== 1) return this.#unsound(tag, page);
      // Zones are whole numbers of the largest block: what is aligned ends inside.
      if (order > maxOrder || (page & (size - 1)) !== 0) return this.#doesNotFit(page, order);
      found[tag & (OWNER_BITS | LIST_BITS)]++;
      blocks++;
      present += size;
      page += size;
    }
    // Nothing begins inside a block: there are no more tags than blocks. So the walk needs no look inside.
    let begun = 0;
    for (let page = first; page < end; page++) begun += (tags[page] + 0xffff) >> 16;
    if (begun !== blocks) return this.#beginsInside(tags, first, end);
    return present === this.#present[zone] ? undefined : this.#notConserved(zone, present);
  }

  // ---- what is wrong, for people ----

  /** @param around the tag of the block that has the page */
  #unsound(tag: number, page: number, around = tag): Violation {
    const pfn = this.#layout.pfnOf(page);
    if ((tag & REPORTED_BIT) === 0)
      return broken("conservation", `a block begins at page ${pfn}, but nobody has it`, pfn, 1);
    const owner = OWNERS[(around & OWNER_BITS) >> OWNER_SHIFT] ?? "nobody's";
    return broken(
      "flag",
      `page ${pfn} is marked as reported, but it is ${owner} and not the head of a free block`,
      pfn,
      1,
    );
  }

  #doesNotFit(page: number, order: Order): Violation {
    const pfn = this.#layout.pfnOf(page);
    return broken("conservation", `the block at ${pfn} has order ${order}, which does not fit there`, pfn, 1);
  }

  #beginsInside(tags: Uint16Array, first: number, end: number): Violation | undefined {
    for (let page = first; page < end; page += tags[page] === 0 ? 1 : pagesOf(orderOfTag(tags[page]))) {
      const order = orderOfTag(tags[page]);
      for (let inside = page + 1; tags[page] !== 0 && inside < page + pagesOf(order); inside++) {
        if (tags[inside] === 0) continue;
        if (SOUND[tags[inside] >> OWNER_SHIFT] !== 1) return this.#unsound(tags[inside], inside, tags[page]);
        const pfn = this.#layout.pfnOf(inside);
        const block = range(this.#layout.pfnOf(page), order);
        return broken(
          "conservation",
          `a block begins at ${pfn}, inside block ${block}: page ${pfn} has two owners`,
          pfn,
          1,
        );
      }
    }
    return undefined;
  }

  #notConserved(zone: ZoneIndex, present: Pages): Violation {
    return broken(
      "conservation",
      `zone ${zone} has ${this.#present[zone]} present pages, but ${present} in blocks: the sums must be the same`,
    );
  }
}
