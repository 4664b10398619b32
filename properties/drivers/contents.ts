/**
 * What every page contains, and what the host keeps of it.
 *
 * Contents answer the question that it is all about: does every owner read what it wrote last? An owner writes its mark
 * into all pages of a block the moment it gets them, and reads them back when it frees them; the guest fills free pages
 * as `Settings.freeContent` says. A page that is dropped at once reads as zeroes. One that is dropped lazily keeps what
 * it holds until the host is short of memory, and is not dropped any more once somebody writes to it (MADV_FREE;
 * `nitesh-wei-host.md` 7.1): whoever reads it before may find either.
 */
import {
  Layout,
  pagesOf,
  type Block,
  type Geometry,
  type Pages,
  type Pfn,
  type Settings,
} from "../../model/alphabet/index.ts";
import type { Violation } from "../judges/properties.ts";
import type { Arrived, Migration } from "./migration.ts";
import { ANYTHING, contentText, freeContent, ZERO } from "./page-content.ts";

// What the host keeps of a page.
/** It has memory of its own. */
const RESIDENT = 1 << 0;
/** It is dropped, but not taken back yet. */
const LAZY = 1 << 1;
/** It was dropped while a device was assigned, which goes on with the memory of before. */
const STALE = 1 << 2;

/** Pages that the host had to swap out. */
export interface Swapped {
  pages: Pages;
  /** Of these, pages that held nothing that anybody wants. */
  forNothing: Pages;
}

export class Contents {
  /** True while a device has direct access to the guest's memory. */
  assigned = false;
  /** Pages that the host took back after it had dropped them lazily. */
  takenBack: Pages = 0;
  readonly swapped: Swapped = { pages: 0, forNothing: 0 };
  readonly #geometry: Geometry;
  readonly #layout: Layout;
  readonly #lazily: boolean;
  /** What the guest writes into pages that are freed. */
  readonly #free: number;
  readonly #migration: Migration | undefined;
  /** By page. */
  readonly #content: Int32Array;
  readonly #host: Uint8Array;
  #kept: Int32Array | undefined;

  /** @param migration learns of every write; absent: the guest stays where it is */
  constructor(geometry: Geometry, settings: Settings, migration: Migration | undefined) {
    this.#geometry = geometry;
    this.#layout = new Layout(geometry);
    this.#lazily = settings.hostDrops === "lazily";
    this.#free = freeContent(settings);
    this.#migration = migration;
    this.#content = new Int32Array(this.#layout.pages);
    this.#host = new Uint8Array(this.#layout.pages);
    this.reset();
  }

  /** The guest ran before: every page that is there has been touched. */
  reset(): void {
    this.assigned = false;
    this.takenBack = 0;
    this.swapped.pages = 0;
    this.swapped.forNothing = 0;
    this.#content.fill(this.#free);
    this.#host.fill(RESIDENT);
    this.#geometry.zones.forEach((zone, index) => {
      const first = this.#layout.first[index] - zone.start;
      for (const { start, pages } of zone.holes) this.#host.fill(0, first + start, first + start + pages);
    });
  }

  /** So many cells does `save` write. */
  get cells(): number {
    return this.#free === ANYTHING ? 0 : this.#layout.pages;
  }

  /**
   * Writes what every page holds. Where free pages may hold anything there is nothing to write: every owner has what it
   * wrote, or that was a violation.
   * @throws RangeError where that is not all: with lazy drops, an assigned device or a migration
   */
  save(cells: Int32Array, at: number): void {
    if (this.#lazily || this.assigned || this.#migration !== undefined) {
      throw new RangeError("lazy drops, assigned devices and migrations can't be saved");
    }
    for (let page = 0; page < this.cells; page++) cells[at + page] = this.#content[page];
  }

  /** Goes on from what was written. @param live the blocks that have owners: they hold what these wrote */
  load(cells: Int32Array, at: number, live: Iterable<Block & { readonly of: number }>): void {
    if (this.#free === ANYTHING) {
      const content = this.#content;
      for (let page = 0; page < content.length; page++) content[page] = ANYTHING;
      for (const { pfn, order, of } of live) this.#fill(pfn, pagesOf(order), of + 1);
    }
    for (let page = 0; page < this.cells; page++) this.#content[page] = cells[at + page];
  }

  /** Remembers what every page holds, to come back to it soon. */
  keep(): void {
    this.#kept ??= this.#content.slice();
    for (let page = 0; page < this.#content.length; page++) this.#kept[page] = this.#content[page];
  }

  /** Every page holds what it held when that was kept. */
  undo(): void {
    const kept = this.#kept;
    if (kept === undefined) return;
    for (let page = 0; page < kept.length; page++) this.#content[page] = kept[page];
  }

  /** A caller gets pages, may read what the guest should have left in them, and writes. */
  handedOut({ pfn, order }: Block, of: number): Violation | undefined {
    const pages = pagesOf(order);
    const violation = this.#free === ANYTHING ? undefined : this.#unexpected(pfn, pages);
    this.#fill(pfn, pages, of + 1);
    return violation;
  }

  /** The owner reads what it wrote, for the last time; the guest fills the pages. */
  givenBack({ pfn, order }: Block, of: number): Violation | undefined {
    const pages = pagesOf(order);
    const first = this.#layout.pageOf(pfn);
    for (let page = 0; page < pages; page++) {
      if (this.#content[first + page] !== of + 1) return lost(pfn + page, of, this.#content[first + page]);
      if (this.assigned && (this.#host[first + page] & STALE) !== 0) return diverged(pfn + page, of);
    }
    this.#fill(pfn, pages, this.#free);
    return undefined;
  }

  /** A section came: the guest fills its pages. */
  onlined(start: Pfn, pages: Pages): void {
    this.#fill(start, pages, this.#free);
  }

  /** A section went, and its memory with it. */
  offlined(start: Pfn, pages: Pages): void {
    const first = this.#layout.pageOf(start);
    if (first >= 0) this.#host.fill(0, first, first + pages);
  }

  /** The host drops pages. @returns the first write that is lost by it */
  dropped({ pfn, order }: Block): Violation | undefined {
    const first = this.#layout.pageOf(pfn);
    if (first < 0) return undefined;
    let violation: Violation | undefined;
    const end = Math.min(first + pagesOf(order), this.#content.length);
    for (let page = first; page < end; page++) {
      if (this.assigned) this.#host[page] |= STALE;
      if (this.#lazily) this.#host[page] |= LAZY;
      else violation = this.#zeroed(page, violation);
    }
    return violation;
  }

  /**
   * The host is short of so many pages: those that were dropped lazily go first, then it swaps out.
   * @returns the first write that is lost by it
   */
  squeeze(pages: Pages): Violation | undefined {
    const host = this.#host;
    let violation: Violation | undefined;
    let left = pages;
    for (let page = 0; page < host.length && left > 0; page++) {
      if ((host[page] & LAZY) === 0) continue;
      violation = this.#zeroed(page, violation);
      this.takenBack++;
      left--;
    }
    for (let page = 0; page < host.length && left > 0; page++) {
      if ((host[page] & RESIDENT) === 0) continue;
      host[page] &= ~RESIDENT;
      this.swapped.pages++;
      if (this.#content[page] <= 0) this.swapped.forNothing++;
      left--;
    }
    return violation;
  }

  /** The device goes: nothing is left of the memory that it had. */
  unassign(): void {
    this.assigned = false;
    for (let page = 0; page < this.#host.length; page++) this.#host[page] &= ~STALE;
  }

  /** The next dirty pages are sent to the destination. */
  transfer(): void {
    this.#migration?.transfer(this.#content);
  }

  /** The guest moves over: what it finds there is what was sent. @returns the first write that did not arrive */
  moveOver(): Violation | undefined {
    const arrived = this.#migration?.end(this.#content);
    if (arrived === undefined) return undefined;
    const violation = this.#notArrived(arrived);
    for (let page = 0; page < this.#host.length; page++) {
      // What nobody wants is not asked for at the destination either.
      if (this.#content[page] !== ANYTHING) this.#content[page] = arrived.content[page];
      this.#host[page] = arrived.sent[page] === 1 ? RESIDENT : 0;
    }
    return violation;
  }

  /** @param found what was lost before in the same step: the first is told */
  #zeroed(page: number, found: Violation | undefined): Violation | undefined {
    const before = this.#content[page];
    this.#content[page] = ZERO;
    this.#host[page] &= ~(RESIDENT | LAZY);
    return found ?? (before > 0 ? lost(this.#layout.pfnOf(page), before - 1, ZERO) : undefined);
  }

  /** What is not written stays as the host has it: only a write makes a page resident, and dirty. */
  #fill(start: Pfn, pages: Pages, content: number): void {
    const first = this.#layout.pageOf(start);
    if (first < 0) return;
    for (let page = first; page < first + pages; page++) {
      this.#content[page] = content;
      if (content !== ANYTHING) this.#host[page] = RESIDENT | (this.#host[page] & STALE);
    }
    if (content !== ANYTHING) this.#migration?.wrote(first, pages);
  }

  /** What the guest finds in pages that it filled when they were freed. */
  #unexpected(pfn: Pfn, pages: Pages): Violation | undefined {
    const first = this.#layout.pageOf(pfn);
    for (let page = 0; first >= 0 && page < pages; page++) {
      const found = this.#content[first + page];
      if (found === this.#free) continue;
      return {
        property: "lost-write",
        pages: { start: pfn + page, pages: 1 },
        explanation:
          `page ${pfn + page} is handed out and should still contain ${contentText(this.#free)}, ` +
          `which the guest wrote into it when it was freed, but it contains ${contentText(found)}`,
      };
    }
    return undefined;
  }

  #notArrived({ content, clearedBy }: Arrived): Violation | undefined {
    for (let page = 0; page < content.length; page++) {
      const owned = this.#content[page];
      if (owned <= 0 || content[page] === owned) continue;
      const pfn = this.#layout.pfnOf(page);
      const hint = clearedBy(page);
      const why =
        hint === undefined
          ? "it was never sent after that"
          : `request ${hint.request}, applied as a hint in step ${hint.index}, took the page off what is still to be sent, and the dirty log did not name it again`;
      return {
        property: "migrated",
        pages: { start: pfn, pages: 1 },
        explanation: `page ${pfn} belongs to the caller of step ${owned - 1}, who wrote into it, but the destination has ${contentText(content[page])}: ${why}`,
      };
    }
    return undefined;
  }
}

function lost(pfn: Pfn, of: number, found: number): Violation {
  return {
    property: "lost-write",
    pages: { start: pfn, pages: 1 },
    explanation: `page ${pfn} belongs to the caller of step ${of}, who wrote into it, but it contains ${contentText(found)}: the write is lost`,
  };
}

function diverged(pfn: Pfn, of: number): Violation {
  return {
    property: "lost-write",
    pages: { start: pfn, pages: 1 },
    explanation:
      `page ${pfn} belongs to the caller of step ${of}, but the device that is assigned to the guest still has the page ` +
      `that the host dropped: what it writes there, the owner never reads`,
  };
}
