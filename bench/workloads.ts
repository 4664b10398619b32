/**
 * The seven workloads on the bare allocator: `perf.md` 1. twin.c does the very same, so equal digests mean equal work.
 *
 * One operation is one allocation or one free. Whatever a workload needs before it (a full zone, a shuffled order) is
 * prepared outside the measured time.
 */
import type { Order, Pages } from "../model/alphabet/index.ts";
import { DEFAULT_SETTINGS } from "../model/alphabet/index.ts";
import type { Allocator } from "../impl/alloc.ts";
import type { ImplGuest } from "../impl/guest.ts";
import { createImpl } from "../impl/guest.ts";
import { MOVABLE } from "../impl/state.ts";

export const WORKLOADS = [
  "order0_churn",
  "order0_hot",
  "thp_churn",
  "mixed",
  "fill",
  "drain_seq",
  "drain_rand",
] as const;
export type Workload = (typeof WORKLOADS)[number];

export interface Measured {
  readonly nanosecondsPerOp: number;
  /** Of all blocks that were handed out, in order. */
  readonly digest: number;
}

const MAX_ORDER = 10;
const PAGEBLOCK_ORDER = 9;
const NOTHING = -1;
/** Operations that a measurement shall have at least: small zones are gone through many times. */
const LEAST_OPS = 2 ** 22;
/** Operations before it at least: what is measured is compiled code in a zone that is in use. */
const LEAST_WARM_UP = 2 ** 21;

/** The state of a linear congruential generator and of the digest: both are the same in twin.c. */
class Tape {
  seed = 12345;
  digest = 0;

  next(): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) | 0;
    return this.seed;
  }

  take(block: number): void {
    this.digest = (Math.imul(this.digest ^ block, 0x01000193) + 1) | 0;
  }
}

/** A zone of that many pages (a power of two), with reporting compiled in and idle. */
export function benchGuest(pages: Pages, design: string): ImplGuest {
  const watermarks = { min: 0, low: 0, high: 0 };
  const geometry = {
    pageSize: 4096,
    maxOrder: MAX_ORDER,
    pageblockOrder: PAGEBLOCK_ORDER,
    reportOrder: PAGEBLOCK_ORDER,
    capacity: 32,
    zones: [{ name: "Normal", node: 0, start: 0, pages, holes: [], watermarks }],
  };
  return createImpl(design, geometry, DEFAULT_SETTINGS);
}

/** Runs a workload once in a fresh zone of that many pages, a power of two. */
export function measure(workload: Workload, pages: Pages, design: string): Measured {
  const { allocator } = benchGuest(pages, design);
  const tape = new Tape();
  switch (workload) {
    case "order0_churn":
      return churn(allocator, tape, pages, 0);
    case "thp_churn":
      return churn(allocator, tape, pages >> PAGEBLOCK_ORDER, PAGEBLOCK_ORDER);
    case "mixed":
      return mixed(allocator, tape, pages >> 2);
    case "order0_hot":
      return hot(allocator, tape);
    default:
      return fillAndDrain(allocator, tape, pages, workload);
  }
}

/** CPU time so far, of all threads. */
function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function timed(ops: number, tape: Tape, run: () => void): Measured {
  const before = cpuNanoseconds();
  run();
  return { nanosecondsPerOp: (cpuNanoseconds() - before) / ops, digest: tape.digest };
}

/** Random slots are filled if empty and emptied if full; measured from about half full on. */
function churn(allocator: Allocator, tape: Tape, slots: number, order: Order): Measured {
  const held = new Int32Array(slots).fill(NOTHING);
  const ops = Math.max(LEAST_OPS, slots);
  toggle(allocator, tape, held, order, Math.max(LEAST_WARM_UP, 2 * slots));
  return timed(ops, tape, () => toggle(allocator, tape, held, order, ops));
}

function toggle(allocator: Allocator, tape: Tape, held: Int32Array, order: Order, ops: number): void {
  const shift = Math.clz32(held.length) + 1;
  for (let op = 0; op < ops; op++) {
    const slot = shift === 32 ? 0 : tape.next() >>> shift;
    if (held[slot] === NOTHING) {
      const block = allocator.allocate(order, MOVABLE, 0, 0);
      held[slot] = block;
      tape.take(block);
    } else {
      allocator.release(held[slot], order, 0);
      held[slot] = NOTHING;
    }
  }
}

/** As churn, with orders 0 to 10, each half as frequent as the one before, and three migratetypes. */
function mixed(allocator: Allocator, tape: Tape, slots: number): Measured {
  const held = new Int32Array(slots).fill(NOTHING);
  const orders = new Uint8Array(slots);
  const ops = Math.max(LEAST_OPS, slots);
  toggleMixed(allocator, tape, held, orders, Math.max(LEAST_WARM_UP, 2 * slots));
  return timed(ops, tape, () => toggleMixed(allocator, tape, held, orders, ops));
}

function toggleMixed(allocator: Allocator, tape: Tape, held: Int32Array, orders: Uint8Array, ops: number): void {
  const shift = Math.clz32(held.length) + 1;
  for (let op = 0; op < ops; op++) {
    const slot = tape.next() >>> shift;
    if (held[slot] === NOTHING) {
      const draw = tape.next();
      const order = Math.min(Math.clz32(draw), MAX_ORDER);
      const block = allocator.allocate(order, ((draw >>> 8) & 0xff) % 3, 0, 0);
      held[slot] = block;
      orders[slot] = order;
      tape.take(block);
    } else {
      allocator.release(held[slot], orders[slot], 0);
      held[slot] = NOTHING;
    }
  }
}

/** One page is taken from an empty zone and given back: ten splits, ten merges. */
function hot(allocator: Allocator, tape: Tape): Measured {
  const pairs = LEAST_OPS / 4;
  takeAndGive(allocator, tape, LEAST_WARM_UP / 2);
  return timed(2 * pairs, tape, () => takeAndGive(allocator, tape, pairs));
}

function takeAndGive(allocator: Allocator, tape: Tape, pairs: number): void {
  for (let pair = 0; pair < pairs; pair++) {
    const block = allocator.allocate(0, MOVABLE, 0, 0);
    tape.take(block);
    allocator.release(block, 0, 0);
  }
}

/** Single pages until the zone is empty, then all back, in order or shuffled; only the part that was asked for is measured. */
function fillAndDrain(allocator: Allocator, tape: Tape, pages: Pages, workload: Workload): Measured {
  const held = new Int32Array(pages);
  const warmUp = Math.max(1, LEAST_WARM_UP / pages);
  const rounds = Math.max(1, LEAST_OPS / pages);
  let nanoseconds = 0;
  for (let round = -warmUp; round < rounds; round++) {
    const filled = timed(1, tape, () => fill(allocator, tape, held));
    if (workload === "drain_rand") shuffle(held, tape);
    const drained = timed(1, tape, () => drain(allocator, held));
    if (round >= 0) nanoseconds += (workload === "fill" ? filled : drained).nanosecondsPerOp;
  }
  return { nanosecondsPerOp: nanoseconds / (rounds * pages), digest: tape.digest };
}

function fill(allocator: Allocator, tape: Tape, held: Int32Array): void {
  for (let at = 0; at < held.length; at++) {
    const block = allocator.allocate(0, MOVABLE, 0, 0);
    held[at] = block;
    tape.take(block);
  }
}

function drain(allocator: Allocator, held: Int32Array): void {
  for (let at = 0; at < held.length; at++) allocator.release(held[at], 0, 0);
}

/** Swaps every entry with a random one: `held` has a power of two. */
function shuffle(held: Int32Array, tape: Tape): void {
  const shift = Math.clz32(held.length) + 1;
  for (let at = 0; at < held.length; at++) {
    const other = tape.next() >>> shift;
    const block = held[at];
    held[at] = held[other];
    held[other] = block;
  }
}
