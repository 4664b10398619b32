/**
 * Pages numbered densely from 0 through all zones, so that judges can keep a word for each page in a flat array
 * although zones may start anywhere below 2^53.
 */
import { spannedPages, type Geometry, type Pages, type Pfn } from "../model/alphabet/index.ts";

export class PageIndex {
  readonly pages: Pages;
  readonly #starts: readonly Pfn[];
  readonly #ends: readonly Pfn[];
  readonly #bases: readonly number[];

  constructor(geometry: Geometry) {
    this.pages = spannedPages(geometry);
    this.#starts = geometry.zones.map((zone) => zone.start);
    this.#ends = geometry.zones.map((zone) => zone.start + zone.pages);
    this.#bases = geometry.zones.map((_, index) => spannedPages({ ...geometry, zones: geometry.zones.slice(0, index) }));
  }

  /** The number of a page, or -1 where no zone has it. */
  of(pfn: Pfn): number {
    for (let zone = 0; zone < this.#starts.length; zone++) {
      if (pfn >= this.#starts[zone] && pfn < this.#ends[zone]) return this.#bases[zone] + (pfn - this.#starts[zone]);
    }
    return -1;
  }
}
