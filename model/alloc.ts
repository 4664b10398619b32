/**
 * Allocating and freeing, and what a caller does who finds nothing.
 *
 * Pages that the reporter holds are only blocked for a moment (seed 001). In the slow path `waits` nobody is told
 * "out of memory" while some are held; in `kernel` callers try a few times and give up, as in Linux.
 * Source: `duyck-line.md` A.3.
 */
import type { AllocAction, FreeAction, RetryAction } from "./alphabet/action.ts";
import type { FailureReason } from "./alphabet/event.ts";
import { zonelist, zoneOf } from "./alphabet/geometry.ts";
import { NONE } from "./alphabet/guest.ts";
import type { Waiter } from "./alphabet/guest.ts";
import type { Migratetype, Order, Pfn, ZoneIndex } from "./alphabet/units.ts";
import { blockAt, dropBlock, isMergeable, setBlock } from "./blocks.ts";
import { freeBlock, FREED } from "./buddy.ts";
import { reserve, rmqueueBuddy, smallest, unreserve } from "./fallback.ts";
import { cacheAlloc, cacheFree, isCached } from "./pcp.ts";
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
  let pfn = attempt(turn, action);
  while (pfn === NONE && action.migratetype !== "highatomic" && unreserve(turn, action.node, action.migratetype)) {
    pfn = attempt(turn, action);
  }
  if (pfn === NONE) {
    slowPath(turn, action);
  } else {
    handOut(turn, action, pfn);
  }
}

/** Nothing is free: sleep, try again later, or give up. */
function slowPath(turn: Turn, action: AllocAction): void {
  const waits = turn.settings.slowPath === "waits";
  const full = turn.state.waiters.length >= MAX_WAITERS;
  if (waits && nothingHeld(turn)) {
    fail(turn, action, "no-memory");
  } else if (waits && action.wait && !full) {
    const ticket = enqueue(turn, action, 0);
    turn.events.push({ event: "alloc-waits", order: action.order, ticket });
  } else if (waits || !action.wait) {
    fail(turn, action, "would-block");
  } else if (full || turn.settings.retries === 0) {
    fail(turn, action, "no-memory");
  } else {
    enqueue(turn, action, turn.settings.retries);
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

/** A caller of the `kernel` slow path looks at the zones once more; after its last attempt it is out of memory. */
export function retry(turn: Turn, action: RetryAction): void {
  const { state } = turn;
  const waiter = state.waiters.find((other) => other.ticket === action.ticket);
  if (turn.settings.slowPath !== "kernel" || waiter === undefined) {
    return;
  }
  const pfn = attempt(turn, waiter);
  if (pfn !== NONE) {
    leave(turn, waiter);
    handOut(turn, waiter, pfn);
  } else if (waiter.retries > 1) {
    state.waiters = state.waiters.map((other) =>
      other.ticket === action.ticket ? { ...other, retries: other.retries - 1 } : other,
    );
  } else {
    leave(turn, waiter);
    fail(turn, waiter, "no-memory");
  }
}

/** The reporter has put blocks back: who sleeps looks again, the first first. With nothing held, nobody sleeps on. */
export function wake(turn: Turn): void {
  for (const waiter of turn.state.waiters) {
    const pfn = attempt(turn, waiter);
    if (pfn !== NONE) {
      leave(turn, waiter);
      handOut(turn, waiter, pfn, waiter.ticket);
    } else if (nothingHeld(turn)) {
      leave(turn, waiter);
      fail(turn, waiter, "no-memory", waiter.ticket);
    }
  }
}

/** The owner gives back a whole allocation; a block that nobody owns as given changes nothing. */
export function free(turn: Turn, { pfn, order, cpu }: FreeAction): void {
  const block = blockAt(turn, pfn);
  if (block?.owner !== "allocated" || block.order !== order) {
    return;
  }
  turn.events.push({ event: "free", pfn, order });
  dropBlock(turn, pfn);
  if (isCached(turn, zoneOf(turn.geometry, pfn), order)) {
    cacheFree(turn, pfn, order, cpu);
  } else {
    freeBlock(turn, pfn, order, FREED);
  }
}

/**
 * One look at all zones, those of the preferred node first; first down to the low watermark, then down to the minimum.
 *
 * @returns a block that nobody has, or NONE
 */
function attempt(turn: Turn, request: Request): Pfn {
  // A single page has no right to the reserve.
  const ordinary = request.migratetype === "highatomic" && request.order === 0;
  const migratetype = ordinary ? "unmovable" : request.migratetype;
  for (const mark of ["low", "min"] as const) {
    for (const z of zonelist(turn.geometry, request.node)) {
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

function nothingHeld(turn: Turn): boolean {
  return turn.state.reporter.batch.length === 0;
}
