/** `flag`: which free blocks may carry the Reported mark, as far as events tell. */
import { pagesOf, type Geometry, type Layout, type Order, type Pfn, type ReleaseEvent } from "../../../model/alphabet/index.ts";
import type { Block } from "../../../model/alphabet/index.ts";
import type { Violation } from "../properties.ts";
import { broken, range } from "./explain.ts";

/** What is needed of the contract: were all pages of this block acked with ok, and free ever since? */
export interface Acked {
  marked(pfn: Pfn, order: Order): boolean;
}

export class Marks {
  readonly #geometry: Geometry;
  readonly #layout: Layout;
  readonly #acked: Acked;
  /** By page: 1 + the order of the block that came back here as reported last; 0: none since it was taken. */
  readonly #cameBack: Uint8Array;

  constructor(geometry: Geometry, layout: Layout, acked: Acked) {
    this.#geometry = geometry;
    this.#layout = layout;
    this.#acked = acked;
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

  /** Somebody took pages off the lists. */
  taken({ pfn, order }: Block): void {
    const page = this.#layout.pageOf(pfn);
    const pages = page < 0 ? 0 : pagesOf(order);
    for (let at = 0; at < pages; at++) this.#cameBack[page + at] = 0;
  }

  /** True where the free block that begins at this page may carry the mark. */
  allows(page: number, order: Order): boolean {
    if (order < this.#geometry.reportOrder || this.#cameBack[page] !== order + 1) return false;
    return this.#acked.marked(this.#layout.pfnOf(page), order);
  }

  /** What is wrong with a mark that is not allowed. */
  explain(page: number, order: Order): Violation {
    const pfn = this.#layout.pfnOf(page);
    const block = `block ${range(pfn, order)} is marked as reported, but`;
    if (order < this.#geometry.reportOrder) {
      return broken("flag", `${block} blocks of order ${order} are never reported`, pfn, pagesOf(order));
    }
    const acked = this.#cameBack[page] - 1;
    const taken = acked === order ? "pages of it were taken since it was acked" : `what was acked there is a block of order ${acked}`;
    return broken("flag", `${block} ${acked < 0 ? "no such block came back as reported" : taken}`, pfn, pagesOf(order));
  }
}
