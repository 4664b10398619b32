/**
 * A geometry as the implementation computes with it: dense page indices instead of page frame numbers.
 *
 * A pfn may need 53 bits, where 32-bit operators are wrong. So all zones are laid end to end, and a page is its position
 * in that row, its `index`. Every zone begins at a multiple of 2^maxOrder and is a multiple of it long (`wire.md`,
 * Geometry), so alignment is kept: the buddy of a block is still one XOR away, and never in another zone. Pfns appear
 * only at the edges: in actions, in events, in the view.
 */
import type { Geometry, Order, Pages, Pfn, ZoneIndex } from "../model/alphabet/index.ts";
import { InputError, NONE, spannedPages } from "../model/alphabet/index.ts";

/** Links are 32-bit words, and list heads share them with the pages: a little room is left for the heads. */
const MOST_PAGES = 2 ** 31 - 2 ** 24;

export class Shape {
  readonly geometry: Geometry;
  readonly pages: Pages;
  readonly zones: number;
  readonly maxOrder: Order;
  readonly pageblockOrder: Order;
  /** The smallest order that may ever be reported: below it no design is asked anything. */
  readonly reportOrder: Order;
  /** The index of each zone's first page; one more entry closes the last zone. */
  readonly first: Int32Array;
  readonly #shift: Float64Array;
  readonly #nodes: readonly number[];
  readonly #zonelists: readonly Int32Array[];
  readonly #anyNode: Int32Array;
  readonly #names: ReadonlyMap<string, ZoneIndex>;

  /** @throws InputError where no guest could run in this geometry */
  constructor(geometry: Geometry) {
    refuseBrokenSections(geometry);
    this.geometry = geometry;
    this.pages = spannedPages(geometry);
    if (this.pages > MOST_PAGES) {
      throw new InputError({ key: "geometry.zones" }, `${this.pages} pages do not fit in memory, ${MOST_PAGES} would`);
    }
    this.zones = geometry.zones.length;
    this.maxOrder = geometry.maxOrder;
    this.pageblockOrder = geometry.pageblockOrder;
    this.reportOrder = geometry.reportOrder;
    this.first = new Int32Array(this.zones + 1);
    this.#shift = new Float64Array(this.zones);
    geometry.zones.forEach((zone, index) => {
      this.first[index + 1] = this.first[index] + zone.pages;
      this.#shift[index] = zone.start - this.first[index];
    });
    this.#nodes = [...new Set(geometry.zones.map((zone) => zone.node))];
    this.#zonelists = this.#nodes.map((node) => nearFirst(geometry, node));
    this.#anyNode = Int32Array.from(geometry.zones.keys());
    this.#names = new Map(geometry.zones.map((zone, index) => [zone.name, index]));
  }

  /** The zone of a page. */
  zoneOf(index: number): ZoneIndex {
    const first = this.first;
    let zone = 0;
    while (index >= first[zone + 1]) zone++;
    return zone;
  }

  /** The zone of that name, or -1. */
  zoneNamed(name: string): ZoneIndex {
    return this.#names.get(name) ?? NONE;
  }

  /** The index of a page frame, or NONE where it lies outside all zones. */
  indexOf(pfn: Pfn): number {
    for (let zone = 0; zone < this.zones; zone++) {
      const index = pfn - this.#shift[zone];
      if (index >= this.first[zone] && index < this.first[zone + 1]) return index;
    }
    return NONE;
  }

  /** The page frame number of a page; NONE stays NONE. */
  pfnOf(index: number): Pfn {
    return index === NONE ? NONE : index + this.#shift[this.zoneOf(index)];
  }

  /** The zones in the order in which an allocation that prefers this node tries them. */
  zonelist(node: number): Int32Array {
    if (this.#nodes.length === 1) return this.#anyNode;
    for (let at = 0; at < this.#nodes.length; at++) {
      if (this.#nodes[at] === node) return this.#zonelists[at];
    }
    return this.#anyNode;
  }
}

function nearFirst(geometry: Geometry, node: number): Int32Array {
  const all = geometry.zones.map((_, index) => index);
  const near = all.filter((index) => geometry.zones[index].node === node);
  return Int32Array.from([...near, ...all.filter((index) => geometry.zones[index].node !== node)]);
}

/** A section that cuts a pageblock could not be isolated by itself. */
function refuseBrokenSections(geometry: Geometry): void {
  const size = geometry.sectionPages;
  if (size === undefined || size % 2 ** geometry.pageblockOrder === 0) return;
  if (geometry.zones.every((zone) => zone.pages <= size)) return;
  const pageblock = 2 ** geometry.pageblockOrder;
  throw new InputError(
    { key: "geometry.sectionPages" },
    `${size} pages cut a pageblock of ${pageblock} pages in two; choose a multiple of ${pageblock}`,
  );
}
