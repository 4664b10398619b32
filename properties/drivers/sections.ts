/** Which sections of memory are there, and which are gone: what the administrator can take away or add next. */
import { inHole, sectionsOf, type Geometry, type PageRange, type Pfn } from "../../model/alphabet/index.ts";

export class Sections {
  /** Sections whose first page is there; the guest refuses those that have a hole further on. */
  readonly present: PageRange[] = [];
  readonly absent: PageRange[] = [];
  readonly #all: readonly PageRange[];
  readonly #absentAtBoot: readonly PageRange[];

  constructor(geometry: Geometry) {
    const zones = geometry.zones.map((zone) => ({ zone, sections: sectionsOf(geometry, zone) }));
    this.#all = zones.flatMap(({ sections }) => sections);
    this.#absentAtBoot = zones.flatMap(({ zone, sections }) => sections.filter(({ start }) => inHole(zone, start)));
    this.reset();
  }

  reset(): void {
    this.present.length = 0;
    this.absent.length = 0;
    for (const section of this.#all) (this.#absentAtBoot.includes(section) ? this.absent : this.present).push(section);
  }

  /** Which are absent: bit by bit, in the order of the geometry. @throws RangeError where there are more than 31 */
  get gone(): number {
    const all = this.#all;
    if (all.length > 31) throw new RangeError(`${all.length} sections are more than 31`);
    return this.absent.reduce((bits, section) => bits | (1 << all.indexOf(section)), 0);
  }
  set gone(bits: number) {
    this.present.length = 0;
    this.absent.length = 0;
    this.#all.forEach((section, at) => ((bits & (1 << at)) === 0 ? this.present : this.absent).push(section));
  }

  /** A section came or went. */
  moved(start: Pfn, to: "present" | "absent"): void {
    const [from, into] = to === "present" ? [this.absent, this.present] : [this.present, this.absent];
    const at = from.findIndex((section) => section.start === start);
    if (at >= 0) into.push(...from.splice(at, 1));
  }
}
