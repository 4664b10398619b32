/** Sizes of blocks as classes: what a small machine and a real one have in common. */
import type { Order } from "../../../../model/alphabet/index.ts";

/** No block is meant; below the report order; of it; above it. */
export const NO_SIZE = 0;
export const SIZES = ["", "below", "at", "above"] as const;

/** The class of an order, by its place in SIZES. */
export function sizeOf(order: Order, reportOrder: Order): number {
  return order < reportOrder ? 1 : order === reportOrder ? 2 : 3;
}

/** None, some, or as many as a request may have: by its place in AMOUNTS. */
export function amountOf(blocks: number, capacity: number): number {
  return blocks === 0 ? 0 : blocks < capacity ? 1 : 2;
}

export const AMOUNTS = ["", "holds some", "holds a batch"] as const;

/** Requests that the host has not answered: none, one, several. */
export function openOf(requests: number): number {
  return Math.min(requests, 2);
}

export const OPENS = ["", "one open", "several open"] as const;
