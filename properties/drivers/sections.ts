/** Which sections of memory are there, and which are gone: what the administrator can take away or add next. */
import { inHole, sectionsOf, type Geometry, type PageRange, type Pfn } from "../../model/alphabet/index.ts";

export class Sections {
  /** Sections whose first page is there; the guest refuses those that have a hole further on. */
  readonly present: PageRange[] = [];
  readonly absent: PageRange[] = [];
  readonly #geometry: Geometry;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
    this.reset();
  }

  reset(): void {
    this.present.length = 0;
    this.absent.length = 0;
    for (const zone of this.#geometry.zones) {
      for (const section of sectionsOf(this.#geometry, zone)) {
        (inHole(zone, section.start) ? this.absent : this.present).push(section);
      }
    }
  }

  /** A section came or went. */
  moved(start: Pfn, to: "present" | "absent"): void {
    const [from, into] = to === "present" ? [this.absent, this.present] : [this.present, this.absent];
    const at = from.findIndex((section) => section.start === start);
    if (at >= 0) into.push(...from.splice(at, 1));
  }
}
