/**
 * What the designs with boundaries do alike: bubble hinting (`duyck-line.md` C.2) and what became of it (D).
 *
 * Each list of the zone that is worked on has a boundary, from which to the tail every block is reported. A zone asks for
 * a pass when enough of its blocks are not reported, and the worker goes from zone to zone, round and round:
 *
 *     rest ─▶ pick ─▶ submit ─▶ wait ─▶ submit …        the zone wants more
 *               ▲  ◀──────────────┘                     or not; none wants any: ─▶ rest
 *
 * When the boundaries are in force, which blocks are taken and how they come back, each design says for itself.
 */
import { match } from "ts-pattern";
import type { Geometry } from "../alphabet/geometry.ts";
import type { ReporterState } from "../alphabet/guest.ts";
import { NONE } from "../alphabet/guest.ts";
import type { Migratetype, Order, Pfn, ZoneIndex } from "../alphabet/units.ts";
import { freeBlocksOf, freeListOf } from "../blocks.ts";
import { leave, mayBegin, restingReporter } from "../reporter.ts";
import type { Reporter } from "../reporter.ts";
import type { Turn } from "../state.ts";
import { describeRequest, firstAnswer, submit } from "./holding.ts";

export interface BoundaryReporter extends Reporter {
  phase: "rest" | "pick" | "submit" | "wait";
  /** By zone: it wants a pass (ZONE_AERATION_REQUESTED). */
  requested: boolean[];
  /** How many zones want one (refcnt, without the guard). */
  wanted: number;
  /** Where the search for a zone stands, or the zone in hand. */
  zone: ZoneIndex;
  /** The zone whose boundaries are in force (ZONE_AERATION_ACTIVE), or -1. */
  active: ZoneIndex;
  /** By list (`listName`) of the active zone: the first block behind the boundary. A list that is not here has none. */
  boundaries: Record<string, Pfn>;
  /** By zone and order: blocks with the mark (nr_free_aerated). */
  reported: number[][];
}

/** Nothing is reported, and no zone wants a pass. */
export function withoutRequests(geometry: Geometry): BoundaryReporter {
  return {
    ...restingReporter(geometry),
    phase: "rest",
    requested: geometry.zones.map(() => false),
    wanted: 0,
    zone: 0,
    active: -1,
    boundaries: {},
    reported: geometry.zones.map(() => Array.from({ length: geometry.maxOrder + 1 }, () => 0)),
  };
}

/** True where the worker has a step to take: at rest when a pass is due, and once the host has answered. */
export function canWork(mine: Readonly<BoundaryReporter>): boolean {
  return match(mine.phase)
    .with("rest", () => mayBegin(mine))
    .with("wait", () => firstAnswer(mine) !== "none")
    .with("pick", "submit", () => true)
    .exhaustive();
}

/** Does a block of this order that was just freed make its zone ask for a pass? */
export function isDue(turn: Turn, mine: Readonly<BoundaryReporter>, zone: ZoneIndex, order: Order): boolean {
  if (mine.device !== "registered" || order < mine.reportOrder || mine.requested[zone]) {
    return false;
  }
  return freeBlocksOf(turn.zones[zone], order) >= mine.reported[zone][order] + turn.settings.highWater;
}

// ---- the boundaries ----

/** The zone's boundaries are in force from now on, each at the end of its list. */
export function activate(mine: BoundaryReporter, zone: ZoneIndex): void {
  mine.active = zone;
  mine.boundaries = {};
}

/** No boundary is in force. */
export function deactivate(mine: BoundaryReporter): void {
  mine.active = -1;
  mine.boundaries = {};
}

/** The first block behind the boundary of a list, or NONE: the list's end. */
export function boundaryOf(mine: Readonly<BoundaryReporter>, zone: ZoneIndex, order: Order, list: Migratetype): Pfn {
  return mine.active === zone ? (mine.boundaries[listName(order, list)] ?? NONE) : NONE;
}

/** Puts the boundary of a list of the active zone in front of this block; NONE: at the list's end. */
export function setBoundary(mine: BoundaryReporter, order: Order, list: Migratetype, pfn: Pfn): void {
  if (pfn === NONE) {
    delete mine.boundaries[listName(order, list)];
  } else {
    mine.boundaries[listName(order, list)] = pfn;
  }
}

/** The block that the boundary stands at leaves the list: the next one toward the tail takes its place. */
export function pullBoundary(
  turn: Turn,
  mine: BoundaryReporter,
  zone: ZoneIndex,
  pfn: Pfn,
  order: Order,
  list: Migratetype,
): void {
  if (boundaryOf(mine, zone, order, list) === pfn) {
    setBoundary(mine, order, list, freeListOf(turn, zone, order, list).after(pfn));
  }
}

function listName(order: Order, list: Migratetype): string {
  return `${list} ${order}`;
}

// ---- the round over the zones ----

/** The search for a zone begins at the first. Source: `duyck-line.md` C.2 step 1. */
export function begin(mine: BoundaryReporter): void {
  mine.timer = -1;
  mine.zone = 0;
  mine.phase = "pick";
}

/**
 * The next zone that wants a pass is in hand, round and round, until none does: then the pass is over.
 * Source: `duyck-line.md` C.2 steps 2 and 6, D.4 step 1.
 *
 * @returns whether there is one
 */
export function nextRequested(turn: Turn, mine: BoundaryReporter): boolean {
  if (mine.wanted === 0) {
    rest(turn, mine);
    return false;
  }
  const ahead = mine.requested.indexOf(true, mine.zone);
  mine.zone = ahead >= 0 ? ahead : mine.requested.indexOf(true);
  return true;
}

function rest(turn: Turn, mine: BoundaryReporter): void {
  mine.phase = "rest";
  mine.zone = 0;
  if (mine.device === "leaving") {
    leave(turn, mine);
  } else if (mine.timer === -1) {
    turn.events.push({ event: "idle" });
  }
}

/**
 * The lists of the zone in hand are exhausted: its request is withdrawn, although its last batch, if there is one, is still
 * to be sent.
 */
export function withdraw(mine: BoundaryReporter): void {
  mine.requested[mine.zone] = false;
  mine.wanted--;
  if (mine.batch.length > 0) {
    mine.phase = "submit";
  } else {
    nextZone(mine);
  }
}

/** The batch goes to the host. Source: `duyck-line.md` C.2 step 4. */
export function send(turn: Turn, mine: BoundaryReporter): void {
  submit(turn, mine, mine.batch);
  mine.phase = "wait";
}

/** The zone in hand wants no more: the search goes on behind it. */
export function nextZone(mine: BoundaryReporter): void {
  deactivate(mine);
  mine.zone++;
  mine.phase = "pick";
}

/** The private state, for people and for lockstep. */
export function describeBoundaries(mine: Readonly<BoundaryReporter>): ReporterState {
  return {
    device: mine.device,
    phase: mine.phase,
    timer: mine.timer,
    zone: mine.zone,
    active: mine.active,
    requested: mine.requested.map(Number),
    requests: mine.wanted,
    ...describeRequest(mine),
  };
}
