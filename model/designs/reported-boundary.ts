/**
 * Unused page reporting, v10 to v12: on each list a boundary, behind which every block is reported. What comes to the
 * tail while a zone is worked on is inserted in front of it, so that nothing unreported slips behind the worker.
 *
 *     head  u  u  R  u │ R  R  R  tail         u not reported, R reported, │ the boundary
 *                ◀──── │ the walk
 *
 * A zone asks for a pass when it has `highWater` more blocks of one order than reported ones.
 * Source: seed 001, `duyck-line.md` D.
 */
import { match } from "ts-pattern";
import { NONE } from "../alphabet/guest.ts";
import { MIGRATETYPES } from "../alphabet/units.ts";
import type { Migratetype, Order, Pfn, ZoneIndex } from "../alphabet/units.ts";
import { blockAt, freeListOf, orderOf } from "../blocks.ts";
import { arrive, leave } from "../reporter.ts";
import type { Design } from "../reporter.ts";
import { isPopulated } from "../state.ts";
import type { Turn } from "../state.ts";
import {
  activate,
  begin,
  boundaryOf,
  canWork,
  deactivate,
  describeBoundaries,
  isDue,
  nextRequested,
  nextZone,
  pullBoundary,
  send,
  setBoundary,
  withdraw,
  withoutRequests,
} from "./boundaries.ts";
import type { BoundaryReporter } from "./boundaries.ts";
import { hold, letGo, settle } from "./holding.ts";

/** The types of the lists that are walked, last first. */
const WALKED = MIGRATETYPES.filter((type) => type !== "isolate").toReversed();

export const reportedBoundary: Design<BoundaryReporter> = {
  id: "reported-boundary",
  variant: "",
  title: "a boundary on each list: Duyck v10 to v12",
  source: "seed 001",
  claims: ["slip", "watermark", "bounded-hold", "migratetype", "wakeup", "progress"],
  hearsRefusals: false,
  movesTo: "head",
  movesKeepMark: true,
  takes: "isolates",
  callersWait: true,
  marks: "this very block",
  hears: [],
  perCpu: false,

  start: (geometry, settings, populated) => {
    const wanted = populated.filter((present) => present).length;
    return {
      ...withoutRequests(geometry),
      timer: wanted > 0 ? settings.delay : -1,
      requested: [...populated],
      wanted,
    };
  },

  canWork,

  work: (turn, mine) =>
    match(mine.phase)
      .with("rest", () => begin(mine))
      .with("pick", () => pick(turn, mine))
      .with("submit", () => send(turn, mine))
      .with("wait", () => drain(turn, mine))
      .exhaustive(),

  notify(turn, mine, zone, order) {
    if (isDue(turn, mine, zone, order)) {
      request(turn, mine, zone);
    }
  },

  removing(turn, mine, zone, pfn, order, list) {
    mine.reported[zone][order]--;
    pullBoundary(turn, mine, zone, pfn, order, list);
  },

  moving: pullBoundary,

  reworking(_turn, mine, zone, order, list) {
    if (mine.active === zone) {
      setBoundary(mine, order, list, NONE);
    }
  },

  tail: boundaryOf,

  unregister(turn, mine) {
    if (mine.device !== "registered") {
      return;
    }
    if (mine.phase === "rest") {
      mine.requested = mine.requested.map(() => false);
      mine.wanted = 0;
      leave(turn, mine);
    } else {
      mine.device = "leaving";
    }
  },

  register(turn, mine) {
    if (mine.device !== "unregistered") {
      return;
    }
    turn.zones.forEach((zone, z) => {
      if (isPopulated(zone)) {
        request(turn, mine, z);
      }
    });
    arrive(turn, mine);
  },

  describe: describeBoundaries,

  boundary: (mine, zone, order, list) => (mine.active === zone ? boundaryOf(mine, zone, order, list) : undefined),
  reportedBlocks: (mine, zone, order) => mine.reported[zone][order],
};

/** The zone wants a pass; the first that does starts the clock. */
function request(turn: Turn, mine: BoundaryReporter, zone: ZoneIndex): void {
  if (mine.wanted === 0) {
    mine.timer = turn.settings.delay;
  }
  mine.requested[zone] = true;
  mine.wanted++;
}

/** (D.4 1) The next zone that wants a pass, round and round, until none does. */
function pick(turn: Turn, mine: BoundaryReporter): void {
  if (nextRequested(turn, mine)) {
    fill(turn, mine);
  }
}

/**
 * (D.4 3) In one section under the zone lock: from the largest blocks down, what is not reported goes into the batch.
 * The zone's request is cancelled as soon as the lists are exhausted, although the last batch is still to be sent.
 */
function fill(turn: Turn, mine: BoundaryReporter): void {
  if (mine.active !== mine.zone) {
    activate(mine, mine.zone);
  }
  for (let order = turn.geometry.maxOrder; order >= mine.reportOrder; order--) {
    for (const list of WALKED) {
      if (fillFrom(turn, mine, order, list)) {
        mine.phase = "submit";
        return;
      }
    }
  }
  deactivate(mine);
  withdraw(mine);
}

/** Takes from one list until nothing unreported is left in front of its boundary. @returns true: the batch is full */
function fillFrom(turn: Turn, mine: BoundaryReporter, order: Order, list: Migratetype): boolean {
  for (;;) {
    const pfn = nextUnreported(turn, mine, order, list);
    if (pfn === NONE || !hold(turn, mine, pfn)) {
      return false;
    }
    if (mine.batch.length === turn.geometry.capacity) {
      return true;
    }
  }
}

/** From the boundary toward the head: the boundary moves over reported blocks to the first that is not, or NONE. */
function nextUnreported(turn: Turn, mine: BoundaryReporter, order: Order, list: Migratetype): Pfn {
  const { blocks } = freeListOf(turn, mine.zone, order, list);
  const boundary = boundaryOf(mine, mine.zone, order, list);
  let at = boundary === NONE ? blocks.length : blocks.indexOf(boundary);
  while (at > 0 && blockAt(turn, blocks[at - 1])?.reported) {
    at--;
  }
  if (at < blocks.length) {
    setBoundary(mine, order, list, blocks[at]);
  }
  return blocks[at - 1] ?? NONE;
}

/** (D.4 5) Puts the batch back; where the zone wants more by then, goes on under the same lock. */
function drain(turn: Turn, mine: BoundaryReporter): void {
  for (const pfn of mine.batch) {
    const order = orderOf(turn, pfn);
    if (letGo(turn, mine, pfn, true)) {
      mine.reported[mine.zone][order]++;
    }
  }
  settle(mine, 1);
  if (mine.requested[mine.zone]) {
    fill(turn, mine);
  } else {
    nextZone(mine);
  }
}
