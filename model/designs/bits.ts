/**
 * A bitmap over memory: the first pages of those blocks whose bit is set, ascending. Which order a bit stands for, the
 * design knows.
 */
import { pagesOf } from "../alphabet/units.ts";
import type { Order, Pfn } from "../alphabet/units.ts";

export type Bits = readonly Pfn[];

/** With these bits set, of which some may be set already. */
export function withBits(bits: Bits, pfns: Bits): Pfn[] {
  return [...new Set([...bits, ...pfns])].toSorted((a, b) => a - b);
}

export function withoutBit(bits: Bits, pfn: Pfn): Pfn[] {
  return bits.filter((bit) => bit !== pfn);
}

/** The first pages of the aligned blocks of order `each` in a block that is not smaller, ascending. */
export function partsOf(pfn: Pfn, order: Order, each: Order): Pfn[] {
  return Array.from({ length: pagesOf(order - each) }, (_, index) => pfn + index * pagesOf(each));
}
