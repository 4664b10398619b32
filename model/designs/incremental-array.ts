/**
 * Linus Torvalds' suggestion, parked: the largest blocks are taken off the free lists by an ordinary allocation, up to
 * `capacity` at a time and zone by zone, while the zone has more than `highWater` of them left. The host gets the array,
 * answers, and the blocks stay parked until it is done, or memory is short.
 *
 *     free ─▶ fresh: allocated ─▶ at the host ─▶ parked ─▶ freed: the host is done, or the shrinker came
 *
 * The worker, one line a step; in `wait` it waits for the host:
 *
 *     rest ─▶ take ⟲ zone by zone ─▶ send ─▶ wait ─▶ take …       until no zone has more than the reserve
 *        └──▶ release ⟲                                           the host is done
 *
 * Source: `nitesh-wei-host.md` 3, "Executable reading"; its steps in parentheses. 3a is this file; 3b, which puts the
 * blocks back, is array-put-back.ts.
 */
import { match } from "ts-pattern";
import { NONE } from "../alphabet/guest.ts";
import type { Pfn, ZoneIndex } from "../alphabet/units.ts";
import { allocateFrom } from "../alloc.ts";
import { freeBlocksOf, freeListOf } from "../blocks.ts";
import { arrive, leave, mayBegin, restingReporter } from "../reporter.ts";
import type { Design } from "../reporter.ts";
import type { Sight, Turn } from "../state.ts";
import { describeRequest, firstAnswer, keep, settle, submit } from "./holding.ts";
import { releaseNext, shrink, startLeaving } from "./parking.ts";
import type { ParkingReporter } from "./parking.ts";

interface Parking extends ParkingReporter {
  phase: "rest" | "take" | "send" | "wait" | "release";
  /** The host has said something while the worker was at work. */
  again: boolean;
  /** The zone in hand. */
  zone: ZoneIndex;
  /** The array: taken, and not answered yet. */
  fresh: Pfn[];
}

export const incrementalArrayParked: Design<Parking> = {
  id: "incremental-array",
  variant: "parked",
  title: "an array of the largest blocks, parked: Linus' suggestion",
  source: "nitesh-wei-host.md 3; seed 000",
  claims: [],
  hearsRefusals: false,
  movesTo: "tail",
  movesKeepMark: true,
  takes: "allocates",
  callersWait: false,
  marks: "never",
  hears: ["hint", "pressure"],
  perCpu: false,

  start: (geometry) => ({
    ...restingReporter(geometry),
    phase: "rest",
    command: "none",
    again: false,
    zone: 0,
    parked: [],
    fresh: [],
  }),

  canWork: (mine) =>
    match(mine.phase)
      .with("rest", () => mayBegin(mine))
      .with("take", "send", "release", () => true)
      .with("wait", () => firstAnswer(mine) !== "none")
      .exhaustive(),

  work: (turn, mine) =>
    match(mine.phase)
      .with("rest", () => begin(turn, mine))
      .with("take", () => take(turn, mine))
      .with("send", () => send(turn, mine))
      .with("wait", () => park(turn, mine))
      .with("release", () => release(turn, mine))
      .exhaustive(),

  hint(_turn, mine, command) {
    if (mine.device !== "registered") {
      return;
    }
    mine.command = command;
    if (mine.phase === "rest") {
      mine.timer = 0;
    } else {
      mine.again = true;
    }
  },

  /** (4) */
  pressure: shrink,

  unregister(turn, mine) {
    if (mine.device === "registered") {
      startLeaving(turn, mine);
    }
  },

  register(turn, mine) {
    if (mine.device === "unregistered") {
      mine.command = "none";
      mine.again = false;
      arrive(turn, mine);
    }
  },

  describe: (mine) => ({
    device: mine.device,
    timer: mine.timer,
    phase: mine.phase,
    command: mine.command,
    again: mine.again,
    zone: mine.zone,
    parked: [...mine.parked],
    fresh: [...mine.fresh],
    ...describeRequest(mine),
  }),
};

function begin(turn: Turn, mine: Parking): void {
  mine.timer = -1;
  if (mustRelease(mine)) {
    mine.phase = "release";
  } else if (mine.command === "start") {
    mine.zone = 0;
    mine.phase = "take";
  } else {
    rest(turn, mine);
  }
}

/** Nothing is to stay parked. */
function mustRelease(mine: Readonly<Parking>): boolean {
  return mine.command === "done" || mine.device === "leaving";
}

function isStarted(mine: Readonly<Parking>): boolean {
  return mine.command === "start" && mine.device === "registered";
}

/** (1, zone lock) What one zone can spare, as far as the array has room. */
function take(turn: Turn, mine: Parking): void {
  const { capacity, zones } = turn.geometry;
  if (!isStarted(mine)) {
    sendFresh(turn, mine);
    return;
  }
  takeFrom(turn, mine);
  if (mine.fresh.length === capacity) {
    mine.phase = "send";
    return;
  }
  mine.zone++;
  if (mine.zone === zones.length) {
    if (mine.fresh.length === 0) {
      // An exhausted round counts as stopped.
      mine.command = "stop";
    }
    sendFresh(turn, mine);
  }
}

function takeFrom(turn: Turn, mine: Parking): void {
  const { maxOrder, capacity } = turn.geometry;
  while (mine.fresh.length < capacity && largestBlocks(turn, mine.zone) > turn.settings.highWater) {
    const pfn = allocateFrom(turn, mine.zone, maxOrder, "movable");
    if (pfn === NONE) {
      return;
    }
    keep(turn, mine, pfn, maxOrder);
    mine.fresh.push(pfn);
  }
}

/** (1) nr_max_order_free: the largest blocks of a zone that are free, and not isolated. */
export function largestBlocks(sight: Sight, z: ZoneIndex): number {
  const { maxOrder } = sight.geometry;
  return freeBlocksOf(sight.zones[z], maxOrder) - freeListOf(sight, z, maxOrder, "isolate").length;
}

function sendFresh(turn: Turn, mine: Parking): void {
  if (mine.fresh.length > 0) {
    mine.phase = "send";
  } else {
    rest(turn, mine);
  }
}

/** (2) The array goes to the host. */
function send(turn: Turn, mine: Parking): void {
  submit(turn, mine, mine.fresh);
  mine.phase = "wait";
}

/** (3a) The host has answered: the blocks are kept. */
function park(turn: Turn, mine: Parking): void {
  settle(mine, 1);
  mine.parked.push(...mine.fresh);
  mine.fresh = [];
  mine.zone = 0;
  if (isStarted(mine)) {
    mine.phase = "take";
  } else {
    rest(turn, mine);
  }
}

/** The next parked block is freed. */
function release(turn: Turn, mine: Parking): void {
  if (!releaseNext(turn, mine)) {
    rest(turn, mine);
  }
}

/** The worker stops, unless what is parked is to go; what the host has said meanwhile starts it again. */
function rest(turn: Turn, mine: Parking): void {
  if (mustRelease(mine) && mine.parked.length > 0) {
    mine.phase = "release";
    return;
  }
  const { again } = mine;
  mine.phase = "rest";
  mine.zone = 0;
  mine.again = false;
  if (mine.device === "leaving") {
    leave(turn, mine);
  } else if (again) {
    mine.timer = 0;
  } else if (mine.batch.length === 0) {
    turn.events.push({ event: "idle" });
  }
}
