/**
 * Allocating, and what a caller does who finds nothing.
 *
 * Pages that the reporter holds are only blocked for a moment (seed 001). In the slow path `waits` nobody is told
 * "out of memory" while some will come back; in `kernel` callers try a few times and give up, as in Linux.
 * Source: `duyck-line.md` A.3.
 */
import type { AllocAction, RetryAction } from "./alphabet/action.ts";
import type { FailureReason } from "./alphabet/event.ts";
import { zonelist } from "./alphabet/geometry.ts";
import { NONE } from "./alphabet/guest.ts";
import type { Waiter } from "./alphabet/guest.ts";
import type { Migratetype, Order, Pfn, ZoneIndex } from "./alphabet/units.ts";
import { isMergeable, setBlock } from "./blocks.ts";
import { reserve, rmqueueBuddy, smallest, unreserve } from "./fallback.ts";
import { cacheAlloc, isCached } from "./pcp.ts";
import { Block } from "./state.ts";
import type { Turn } from "./state.ts";
import { allocMayTake } from "./watermark.ts";

/** The most callers that sleep or try again at a time. */
export const MAX_WAITERS = 8;

/** What a caller wants. */
interface Request {
  readonly order: Order;
  readonly migratetype: Migratetype;
  readonly node: number;
  readonly cpu: number;
}

export function alloc(turn: Turn, action: AllocAction): void {
  if (action.order > turn.geometry.maxOrder) {
    fail(turn, action, "no-memory");
    return;
  }
  if (spins(turn)) {
    spin(turn, action);
    return;
  }
  const zones = zonelist(turn.geometry, action.node);
  let pfn = attempt(turn, action, zones);
  while (pfn === NONE && action.migratetype !== "highatomic" && unreserve(turn, action.node, action.migratetype)) {
    pfn = attempt(turn, action, zones);
  }
  if (pfn !== NONE) {
    handOut(turn, action, pfn);
  } else if (turn.settings.slowPath === "waits") {
    sleep(turn, action);
  } else {
    tryAgain(turn, action);
  }
}

/** The slow path `waits`: sleep, if something will come back, there is room and the caller may. */
function sleep(turn: Turn, action: AllocAction): void {
  if (!comesBack(turn)) {
    fail(turn, action, "no-memory");
  } else if (action.wait && !isFull(turn)) {
    const ticket = enqueue(turn, action, 0);
    turn.events.push({ event: "alloc-waits", order: action.order, ticket });
  } else {
    fail(turn, action, "would-block");
  }
}

/** The slow path `kernel`: a few attempts more, without a word. */
function tryAgain(turn: Turn, action: AllocAction): void {
  if (!action.wait) {
    fail(turn, action, "would-block");
  } else if (isFull(turn) || turn.settings.retries === 0) {
    fail(turn, action, "no-memory");
  } else {
    enqueue(turn, action, turn.settings.retries);
  }
}

/** The reporter's lock is in the way: nobody is asked whether he may wait. */
function spin(turn: Turn, action: AllocAction): void {
  if (isFull(turn)) {
    fail(turn, action, "would-block");
  } else if (turn.settings.slowPath === "waits") {
    const ticket = enqueue(turn, action, 0);
    turn.events.push({ event: "alloc-waits", order: action.order, ticket });
  } else {
    enqueue(turn, action, Math.max(turn.settings.retries, 1));
  }
}

/** The caller joins those who wait, with the smallest ticket that none of them has. */
function enqueue(turn: Turn, { order, migratetype, node, cpu }: Request, retries: number): number {
  const { waiters } = turn.state;
  let ticket = 1;
  while (waiters.some((waiter) => waiter.ticket === ticket)) {
    ticket++;
  }
  waiters.push({ ticket, order, migratetype, node, cpu, retries });
  return ticket;
}

/**
 * A caller of the `kernel` slow path looks at the zones once more; after its last attempt it is out of memory, unless
 * the design then finds something to give back.
 */
export function retry(turn: Turn, action: RetryAction): void {
  const { state, design } = turn;
  const waiter = state.waiters.find((other) => other.ticket === action.ticket);
  if (turn.settings.slowPath !== "kernel" || waiter === undefined || spins(turn)) {
    return;
  }
  const pfn = attempt(turn, waiter, zonelist(turn.geometry, waiter.node));
  if (pfn !== NONE) {
    leave(turn, waiter);
    handOut(turn, waiter, pfn);
  } else if (waiter.retries > 1) {
    state.waiters = state.waiters.map((other) =>
      other.ticket === action.ticket ? { ...other, retries: other.retries - 1 } : other,
    );
  } else if (!design.outOfMemory?.(turn, state.reporter)) {
    leave(turn, waiter);
    fail(turn, waiter, "no-memory");
  }
}

/** Something came back: who sleeps looks again, the first first. Where nothing more will come, nobody sleeps on. */
export function wake(turn: Turn): void {
  if (spins(turn)) {
    return;
  }
  for (const waiter of turn.state.waiters) {
    const pfn = attempt(turn, waiter, zonelist(turn.geometry, waiter.node));
    if (pfn !== NONE) {
      leave(turn, waiter);
      handOut(turn, waiter, pfn, waiter.ticket);
    } else if (!comesBack(turn)) {
      leave(turn, waiter);
      fail(turn, waiter, "no-memory", waiter.ticket);
    }
  }
}

/**
 * An ordinary allocation for the reporter, on the CPU of the action: from the zones of the preferred node first, and
 * without the slow path.
 *
 * @returns a block that nobody has, or NONE
 */
export function allocateFor(turn: Turn, order: Order, migratetype: Migratetype, node = 0): Pfn {
  return attempt(turn, { order, migratetype, node, cpu: turn.cpu }, zonelist(turn.geometry, node));
}

/** The same from one zone only (`__GFP_THISNODE`). */
export function allocateFrom(turn: Turn, z: ZoneIndex, order: Order, migratetype: Migratetype): Pfn {
  const { node } = turn.geometry.zones[z];
  return attempt(turn, { order, migratetype, node, cpu: turn.cpu }, [z]);
}

/**
 * One look at these zones, in this order; first down to the low watermark, then down to the minimum.
 *
 * @returns a block that nobody has, or NONE
 */
function attempt(turn: Turn, request: Request, zones: readonly ZoneIndex[]): Pfn {
  // A single page has no right to the reserve.
  const ordinary = request.migratetype === "highatomic" && request.order === 0;
  const migratetype = ordinary ? "unmovable" : request.migratetype;
  for (const mark of ["low", "min"] as const) {
    for (const z of zones) {
      const pages = turn.geometry.zones[z].watermarks[mark];
      if (allocMayTake(turn, z, request.order, pages, migratetype)) {
        const pfn = rmqueue(turn, z, request.order, migratetype, request.cpu);
        if (pfn !== NONE) {
          return pfn;
        }
      }
    }
  }
  return NONE;
}

function rmqueue(turn: Turn, z: ZoneIndex, order: Order, migratetype: Migratetype, cpu: number): Pfn {
  if (isMergeable(migratetype) && isCached(turn, z, order)) {
    return cacheAlloc(turn, z, order, migratetype, cpu);
  }
  if (migratetype !== "highatomic") {
    return rmqueueBuddy(turn, z, order, migratetype);
  }
  const reserved = smallest(turn, z, order, "highatomic");
  const pfn = reserved === NONE ? rmqueueBuddy(turn, z, order, "unmovable") : reserved;
  if (pfn !== NONE) {
    reserve(turn, z, pfn, order);
  }
  return pfn;
}

function handOut(turn: Turn, { order, migratetype }: Request, pfn: Pfn, ticket?: number): void {
  setBlock(turn, pfn, new Block("allocated", order, migratetype));
  turn.events.push({ event: "alloc", pfn, order, migratetype, ...(ticket !== undefined && { ticket }) });
}

function fail(turn: Turn, { order, migratetype }: Request, reason: FailureReason, ticket?: number): void {
  turn.events.push({ event: "alloc-failed", order, migratetype, reason, ...(ticket !== undefined && { ticket }) });
}

function leave(turn: Turn, waiter: Waiter): void {
  turn.state.waiters = turn.state.waiters.filter((other) => other.ticket !== waiter.ticket);
}

function isFull(turn: Turn): boolean {
  return turn.state.waiters.length >= MAX_WAITERS;
}

/** True where the reporter's lock keeps every caller away. */
function spins({ design, state }: Turn): boolean {
  return design.spins?.(state.reporter) ?? false;
}

/** Nothing is left to try: will the reporter give something back? */
function comesBack(turn: Turn): boolean {
  const { design, state } = turn;
  const held = design.callersWait && state.reporter.batch.length > 0;
  return design.outOfMemory?.(turn, state.reporter) ?? held;
}
