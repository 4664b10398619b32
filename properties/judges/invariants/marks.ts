/**
 * `flag`: which free blocks may carry the Reported mark. A block that came back as reported may, exactly as it came
 * back, until somebody takes a page of it. (That it was acked before it came back, the contract sees to: `truthful-mark`.)
 */
import {
  pagesOf,
  type Block,
  type Geometry,
  type Layout,
  type Order,
  type PageRange,
  type ReleaseEvent,
} from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import { broken, range } from "./explain.ts";

/** In the note on a block: pages of it were taken since. */
const TAKEN = 0x80;

export class Marks {
  readonly #geometry: Geometry;
  readonly #layout: Layout;
  /** By page: 1 + the order of the block that came back here as reported last; 0: none did. */
  readonly #cameBack: Uint8Array;

  constructor(geometry: Geometry, layout: Layout) {
    this.#geometry = geometry;
    this.#layout = layout;
    this.#cameBack = new Uint8Array(layout.pages);
  }

  reset(): void {
    this.#cameBack.fill(0);
  }

  /** A block came back to its list. */
  released(event: ReleaseEvent): void {
    const page = this.#layout.pageOf(event.pfn);
    if (page >= 0) this.#cameBack[page] = event.reported ? event.order + 1 : 0;
  }

  /** Somebody took pages off the lists: what was reported there, or around them, is not any more. */
  taken({ pfn, order }: Block): void {
    const page = this.#layout.pageOf(pfn);
    if (page < 0) return;
    this.#forget(page, pagesOf(order));
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
    return this.#cameBack[page] === order + 1 && order >= this.#geometry.reportOrder;
  }

  /** What is wrong with a mark that is not allowed. */
  explain(page: number, order: Order): Violation {
    const pfn = this.#layout.pfnOf(page);
    const marked = `block ${range(pfn, order)} is marked as reported, but`;
    return broken("flag", `${marked} ${this.#history(page, order)}`, pfn, pagesOf(order));
  }

  #history(page: number, order: Order): string {
    if (order < this.#geometry.reportOrder) return `blocks of order ${order} are never reported`;
    const cameBack = this.#cameBack[page];
    if (cameBack === 0) return "no such block came back as reported";
    if ((cameBack & TAKEN) !== 0) return "pages of it were taken since it was acked";
    return `what was acked there is a block of order ${cameBack - 1}`;
  }
}
