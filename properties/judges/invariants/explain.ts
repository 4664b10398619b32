/** Words for what the invariants find. */
import { pagesOf, type Order, type Pfn } from "../../../model/alphabet/index.ts";
import type { PropertyId, Violation } from "../properties.ts";

/** `4-7` or `4`: the pages of a block. */
export function range(pfn: Pfn, order: Order): string {
  return order === 0 ? `${pfn}` : `${pfn}-${pfn + pagesOf(order) - 1}`;
}

export function broken(property: PropertyId, explanation: string, start?: Pfn, pages?: number): Violation {
  return start === undefined || pages === undefined
    ? { property, explanation }
    : { property, explanation, pages: { start, pages } };
}
