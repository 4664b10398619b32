/**
 * What happens to a caller that got nothing: it waits for held pages (seed 001), tries again, or is told so.
 *
 * `waits` is the semantics the seeds ask for: pages that the reporter holds are blocked for a moment only. `kernel` is what
 * Linux does: a bounded number of retries, then out of memory. Where a design's lock is held, callers spin on it instead.
 */
import type { AllocAction, Order, Settings } from "../model/alphabet/index.ts";
import { MIGRATETYPES, NONE } from "../model/alphabet/index.ts";
import type { Allocator } from "./alloc.ts";
import type { Log } from "./log.ts";
import type { Reporter } from "./reporter.ts";
import type { Shape } from "./shape.ts";
import { HIGHATOMIC } from "./state.ts";
import type { Waiters } from "./waiters.ts";

export class SlowPath {
  readonly #shape: Shape;
  readonly #settings: Settings;
  readonly #allocator: Allocator;
  readonly #reporter: Reporter;
  readonly #waiters: Waiters;
  readonly #log: Log;

  constructor(shape: Shape, settings: Settings, allocator: Allocator, reporter: Reporter, waiters: Waiters, log: Log) {
    this.#shape = shape;
    this.#settings = settings;
    this.#allocator = allocator;
    this.#reporter = reporter;
    this.#waiters = waiters;
    this.#log = log;
  }

  /** The action `alloc`, whole. */
  alloc(action: AllocAction): void {
    const { order, node, cpu } = action;
    const type = MIGRATETYPES.indexOf(action.migratetype);
    if (order > this.#shape.maxOrder) {
      this.#log.allocFailed(order, type, "no-memory", 0);
      return;
    }
    if (this.#reporter.spins()) {
      this.spin(order, type, action);
      return;
    }
    let block = this.#allocator.allocate(order, type, node, cpu);
    if (block === NONE && type !== HIGHATOMIC) block = this.emptyReserve(order, type, node, cpu);
    if (block !== NONE) this.#log.alloc(block, order, type, 0);
    else if (this.#settings.slowPath === "waits") this.sleep(order, type, action);
    else this.tryLater(order, type, action);
  }

  /** Gives up the reserve, block by block, until the caller is served. */
  emptyReserve(order: Order, type: number, node: number, cpu: number): number {
    let block = NONE;
    while (block === NONE && this.#allocator.unreserve(type, node)) {
      block = this.#allocator.allocate(order, type, node, cpu);
    }
    return block;
  }

  /** Nobody gets past the reporter's lock, whether he may sleep or not: a spinner stands in the queue like a sleeper. */
  spin(order: Order, type: number, action: AllocAction): void {
    if (this.#waiters.isFull()) this.#log.allocFailed(order, type, "would-block", 0);
    else if (this.#settings.slowPath === "waits") this.queue(order, type, action);
    else this.#waiters.append(order, type, action.node, action.cpu, Math.max(this.#settings.retries, 1));
  }

  sleep(order: Order, type: number, action: AllocAction): void {
    if (!this.somethingComesBack()) this.#log.allocFailed(order, type, "no-memory", 0);
    else if (action.wait && !this.#waiters.isFull()) this.queue(order, type, action);
    else this.#log.allocFailed(order, type, "would-block", 0);
  }

  /** A caller is seen to wait. */
  queue(order: Order, type: number, { node, cpu }: AllocAction): void {
    const ticket = this.#waiters.append(order, type, node, cpu, 0);
    this.#log.push({ event: "alloc-waits", order, ticket });
  }

  tryLater(order: Order, type: number, { node, cpu, wait }: AllocAction): void {
    const { retries } = this.#settings;
    if (!wait) this.#log.allocFailed(order, type, "would-block", 0);
    else if (retries === 0 || this.#waiters.isFull()) this.#log.allocFailed(order, type, "no-memory", 0);
    else this.#waiters.append(order, type, node, cpu, retries);
  }

  /** A caller in the `kernel` slow path looks once more. Nobody saw it wait, so its events have no ticket. */
  retry(ticket: number): void {
    if (this.#settings.slowPath !== "kernel" || this.#reporter.spins()) return;
    const place = this.#waiters.placeOf(ticket);
    if (place === NONE) return;
    const order = this.#waiters.order(place);
    const type = this.#waiters.type(place);
    const block = this.#attemptOf(place);
    if (block !== NONE) {
      this.#waiters.remove(place);
      this.#log.alloc(block, order, type, 0);
    } else if (this.#waiters.retries(place) > 1) {
      this.#waiters.countRetry(place);
    } else if (!this.#reporter.judgesMemory || !this.somethingComesBack()) {
      this.#waiters.remove(place);
      this.#log.allocFailed(order, type, "no-memory", 0);
    }
  }

  /** Held pages, or a lock, have come back: sleepers look again, and those whom nothing can help any more are told. */
  wake(): void {
    if (this.#settings.slowPath !== "waits" || this.#reporter.spins()) return;
    for (let place = 0; place < this.#waiters.length;) {
      if (!this.wakeOne(place)) place++;
    }
  }

  /** @returns true if this sleeper is gone */
  wakeOne(place: number): boolean {
    const ticket = this.#waiters.ticket(place);
    const order = this.#waiters.order(place);
    const type = this.#waiters.type(place);
    const block = this.#attemptOf(place);
    if (block === NONE && this.somethingComesBack()) return false;
    this.#waiters.remove(place);
    if (block === NONE) this.#log.allocFailed(order, type, "no-memory", ticket);
    else this.#log.alloc(block, order, type, ticket);
    return true;
  }

  /** Is there reason to wait? The design may also make it so: it may give up what it has. */
  somethingComesBack(): boolean {
    return this.#reporter.outOfMemory();
  }

  #attemptOf(place: number): number {
    const waiters = this.#waiters;
    return this.#allocator.allocate(waiters.order(place), waiters.type(place), waiters.node(place), waiters.cpu(place));
  }
}
