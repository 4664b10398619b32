/** What one action did: events in order, in a list that is used again for the next action. Pfns leave the guest here. */
import type { Event, FailureReason, Order } from "../model/alphabet/index.ts";
import { MIGRATETYPES } from "../model/alphabet/index.ts";
import type { Shape } from "./shape.ts";

export class Log {
  readonly events: Event[] = [];
  readonly #shape: Shape;

  constructor(shape: Shape) {
    this.#shape = shape;
  }

  clear(): void {
    // Popping keeps the array's storage; setting the length to 0 would give it back at every step.
    while (this.events.length > 0) this.events.pop();
  }

  /** An `idle` among the events becomes the last. */
  idleLast(): void {
    const at = this.events.findIndex(({ event }) => event === "idle");
    if (at >= 0) this.events.push(...this.events.splice(at, 1));
  }

  push(event: Event): void {
    this.events.push(event);
  }

  /** @param ticket of the caller that was seen to wait, or 0 */
  alloc(block: number, order: Order, type: number, ticket: number): void {
    const pfn = this.#shape.pfnOf(block);
    const migratetype = MIGRATETYPES[type];
    this.events.push(
      ticket === 0 ? { event: "alloc", pfn, order, migratetype } : { event: "alloc", pfn, order, migratetype, ticket },
    );
  }

  /** @param ticket of the caller that was seen to wait, or 0 */
  allocFailed(order: Order, type: number, reason: FailureReason, ticket: number): void {
    const migratetype = MIGRATETYPES[type];
    this.events.push(
      ticket === 0
        ? { event: "alloc-failed", order, migratetype, reason }
        : { event: "alloc-failed", order, migratetype, reason, ticket },
    );
  }
}
