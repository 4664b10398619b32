/**
 * `flag`: which free blocks may carry the Reported mark. What a mark says differs: where it is of this very block, a
 * block that came back as reported may carry it, exactly as it came back, until somebody takes a page of it; where it is
 * of all its pages, any block may whose every page was acked with ok and not taken since, in whatever blocks they came
 * back. (That a block was acked before it came back as reported, the contract sees to: `truthful-mark`.)
 */
import {
  FREE_TAG,
  OWNER_BITS,
  REPORTED_BIT,
  orderOfTag,
  pagesOf,
  type AckEvent,
  type Block,
  type Geometry,
  type Layout,
  type Order,
  type PageRange,
  type ReleaseEvent,
  type SubmitEvent,
} from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import type { Traits } from "../traits.ts";
import { broken, range } from "./explain.ts";

/** In the note on a block: pages of it were taken since. */
const TAKEN = 0x80;

export class Marks {
  readonly #geometry: Geometry;
  readonly #layout: Layout;
  readonly #means: Traits["marks"];
  /**
   * By page. Where marks are of this very block: 1 + the order of the block that came back here as reported last; 0:
   * none did. Where they are of all its pages: 1 on each page that was acked with ok and not taken since.
   */
  readonly #cameBack: Uint8Array;
  /** Where marks are of all pages: what the open requests name. */
  readonly #open = new Map<number, readonly Block[]>();

  constructor(geometry: Geometry, layout: Layout, means: Traits["marks"]) {
    this.#geometry = geometry;
    this.#layout = layout;
    this.#means = means;
    this.#cameBack = new Uint8Array(layout.pages);
  }

  reset(): void {
    this.#cameBack.fill(0);
    this.#open.clear();
  }

  /** So many cells does `save` write. */
  get cells(): number {
    return this.#means === "all its pages" ? this.#layout.pages : 0;
  }

  /** Writes what it remembers; what the marks themselves tell is left out. */
  save(cells: Int32Array, at: number): void {
    for (let page = 0; page < this.cells; page++) cells[at + page] = this.#cameBack[page];
  }

  /**
   * Goes on from a state of the guest. What came back as reported there, and is not marked any more, is forgotten: a mark
   * that appears on it later without being reported again is refused, so that this judges a little more sharply.
   * @param tags of all pages
   * @param requests those that are open
   */
  load(cells: Int32Array, at: number, tags: Uint16Array, requests: Iterable<Omit<SubmitEvent, "event">>): void {
    if (this.#open.size > 0) this.#open.clear();
    if (this.#means === "all its pages") {
      for (let page = 0; page < this.cells; page++) this.#cameBack[page] = cells[at + page];
      for (const { request, ranges } of requests) this.#open.set(request, ranges);
      return;
    }
    for (let page = 0; page < tags.length; page++) {
      this.#cameBack[page] = (tags[page] & REPORTED_BIT) === 0 ? 0 : orderOfTag(tags[page]) + 1;
    }
  }

  /** A request was sent. */
  submitted({ request, ranges }: SubmitEvent): void {
    if (this.#means === "all its pages") this.#open.set(request, ranges);
  }

  /** The host has answered. */
  acked({ request, ok }: AckEvent): void {
    for (const { pfn, order } of this.#open.get(request) ?? []) {
      const page = this.#layout.pageOf(pfn);
      if (ok) this.#cameBack.fill(1, page, page + pagesOf(order));
    }
    this.#open.delete(request);
  }

  /** A block came back to its list. */
  released({ pfn, order, reported }: ReleaseEvent): void {
    const page = this.#layout.pageOf(pfn);
    if (page >= 0 && this.#means !== "all its pages") this.#cameBack[page] = reported ? order + 1 : 0;
  }

  /** Somebody took pages off the lists: what was reported there, or around them, is not any more. */
  taken({ pfn, order }: Block): void {
    const page = this.#layout.pageOf(pfn);
    if (page < 0) return;
    this.#forget(page, pagesOf(order));
    if (this.#means === "all its pages") return;
    for (let larger = order + 1; larger <= this.#geometry.maxOrder; larger++) {
      const head = page & (-1 << larger);
      if (this.#cameBack[head] > larger) this.#cameBack[head] |= TAKEN;
    }
  }

  /** A section came or went. */
  moved({ start, pages }: PageRange): void {
    this.#forget(this.#layout.pageOf(start), pages);
  }

  #forget(page: number, pages: number): void {
    for (let at = page; at < page + pages; at++) this.#cameBack[at] = 0;
  }

  /** True where the free block that begins at this page may carry the mark. */
  allows(page: number, order: Order): boolean {
    switch (this.#means) {
      case "this very block":
        return this.#cameBack[page] === order + 1 && order >= this.#geometry.reportOrder;
      case "all its pages":
        return order >= this.#geometry.reportOrder && this.#firstOther(page, order) < 0;
      case "never":
        return true;
    }
  }

  /** The first page of a block that was not acked, or was taken since; or -1. */
  #firstOther(page: number, order: Order): number {
    const other = this.#cameBack.indexOf(0, page);
    return other >= 0 && other < page + pagesOf(order) ? other : -1;
  }

  /** True where all free blocks that carry the mark may. @param tags of all pages */
  allowAll(tags: Uint16Array): boolean {
    for (let page = 0; page < tags.length; page++) {
      const tag = tags[page];
      if ((tag & REPORTED_BIT) !== 0 && (tag & OWNER_BITS) === FREE_TAG && !this.allows(page, orderOfTag(tag)))
        return false;
    }
    return true;
  }

  /** What is wrong with a mark that is not allowed. */
  explain(page: number, order: Order): Violation {
    const pfn = this.#layout.pfnOf(page);
    const marked = `block ${range(pfn, order)} is marked as reported, but`;
    return broken("flag", `${marked} ${this.#history(page, order)}`, pfn, pagesOf(order));
  }

  #history(page: number, order: Order): string {
    if (order < this.#geometry.reportOrder) return `blocks of order ${order} are never reported`;
    if (this.#means === "all its pages") {
      const other = this.#layout.pfnOf(this.#firstOther(page, order));
      return `page ${other} of it was not acked, or was taken since`;
    }
    const cameBack = this.#cameBack[page];
    if (cameBack === 0) return "no such block came back as reported";
    if ((cameBack & TAKEN) !== 0) return "pages of it were taken since it was acked";
    return `what was acked there is a block of order ${cameBack - 1}`;
  }
}
