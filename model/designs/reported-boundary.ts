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
import { blockAt, freeBlocksOf, freeListOf, orderOf } from "../blocks.ts";
import { arrive, leave, mayBegin, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import { isPopulated } from "../state.ts";
import type { Turn } from "../state.ts";
import { describeRequest, firstAnswer, hold, letGo, settle, submit } from "./holding.ts";

interface ReportedBoundary extends Reporter {
  phase: "rest" | "pick" | "submit" | "wait";
  /** By zone: it wants a pass. */
  requested: boolean[];
  /** How many zones want one. */
  wanted: number;
  /** Where the search for a zone stands, or the zone in hand. */
  zone: ZoneIndex;
  /** The zone whose boundaries are kept, or -1. */
  active: ZoneIndex;
  /** By list (`listName`): the first block behind the boundary. A list that is not here has nothing behind it. */
  boundaries: Record<string, Pfn>;
  /** By zone and order: blocks with the mark. */
  reported: number[][];
}

/** The types of the lists that are walked, last first. */
const WALKED = MIGRATETYPES.filter((type) => type !== "isolate").toReversed();

export const reportedBoundary: Design<ReportedBoundary> = {
  id: "reported-boundary",
  variant: "",
  title: "a boundary on each list: Duyck v10 to v12",
  source: "seed 001",
  claims: ["slip", "missed", "watermark", "bounded-hold", "migratetype", "wakeup", "progress"],
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
      ...restingReporter(geometry),
      phase: "rest",
      timer: wanted > 0 ? settings.delay : -1,
      requested: [...populated],
      wanted,
      zone: 0,
      active: -1,
      boundaries: {},
      reported: geometry.zones.map(() => Array.from({ length: geometry.maxOrder + 1 }, () => 0)),
    };
  },

  canWork: (mine) =>
    match(mine.phase)
      .with("rest", () => mayBegin(mine))
      .with("wait", () => firstAnswer(mine) !== "none")
      .with("pick", "submit", () => true)
      .exhaustive(),

  work: (turn, mine) =>
    match(mine.phase)
      .with("rest", () => begin(mine))
      .with("pick", () => pick(turn, mine))
      .with("submit", () => send(turn, mine))
      .with("wait", () => drain(turn, mine))
      .exhaustive(),

  notify(turn, mine, zone, order) {
    if (mine.device !== "registered" || order < mine.reportOrder || mine.requested[zone]) {
      return;
    }
    if (freeBlocksOf(turn.zones[zone], order) >= mine.reported[zone][order] + turn.settings.highWater) {
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
      delete mine.boundaries[listName(order, list)];
    }
  },

  tail: (mine, zone, order, list) => (mine.active === zone ? boundaryOf(mine, order, list) : NONE),

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

  describe: (mine) => ({
    device: mine.device,
    phase: mine.phase,
    timer: mine.timer,
    zone: mine.zone,
    active: mine.active,
    requested: mine.requested.map(Number),
    requests: mine.wanted,
    ...describeRequest(mine),
  }),

  boundary: (mine, zone, order, list) => (mine.active === zone ? boundaryOf(mine, order, list) : undefined),
  reportedBlocks: (mine, zone, order) => mine.reported[zone][order],
};

/** The zone wants a pass; the first that does starts the clock. */
function request(turn: Turn, mine: ReportedBoundary, zone: ZoneIndex): void {
  if (mine.wanted === 0) {
    mine.timer = turn.settings.delay;
  }
  mine.requested[zone] = true;
  mine.wanted++;
}

/** The block that the boundary stands at leaves the list: the next one toward the tail takes its place. */
function pullBoundary(
  turn: Turn,
  mine: ReportedBoundary,
  zone: ZoneIndex,
  pfn: Pfn,
  order: Order,
  list: Migratetype,
): void {
  if (mine.active === zone && boundaryOf(mine, order, list) === pfn) {
    mine.boundaries[listName(order, list)] = freeListOf(turn, zone, order, list).after(pfn);
  }
}

function begin(mine: ReportedBoundary): void {
  mine.timer = -1;
  mine.zone = 0;
  mine.phase = "pick";
}

/** (D.4 1) The next zone that wants a pass, round and round, until none does. */
function pick(turn: Turn, mine: ReportedBoundary): void {
  if (mine.wanted === 0) {
    rest(turn, mine);
    return;
  }
  const ahead = mine.requested.indexOf(true, mine.zone);
  mine.zone = ahead >= 0 ? ahead : mine.requested.indexOf(true);
  fill(turn, mine);
}

function rest(turn: Turn, mine: ReportedBoundary): void {
  mine.phase = "rest";
  mine.zone = 0;
  if (mine.device === "leaving") {
    leave(turn, mine);
  } else if (mine.timer === -1) {
    turn.events.push({ event: "idle" });
  }
}

/**
 * (D.4 3) In one section under the zone lock: from the largest blocks down, what is not reported goes into the batch.
 * The zone's request is cancelled as soon as the lists are exhausted, although the last batch is still to be sent.
 */
function fill(turn: Turn, mine: ReportedBoundary): void {
  if (mine.active !== mine.zone) {
    mine.active = mine.zone;
    mine.boundaries = {};
  }
  for (let order = turn.geometry.maxOrder; order >= mine.reportOrder; order--) {
    for (const list of WALKED) {
      if (fillFrom(turn, mine, order, list)) {
        mine.phase = "submit";
        return;
      }
    }
  }
  mine.active = -1;
  mine.boundaries = {};
  mine.requested[mine.zone] = false;
  mine.wanted--;
  if (mine.batch.length > 0) {
    mine.phase = "submit";
  } else {
    nextZone(mine);
  }
}

/** Takes from one list until nothing unreported is left in front of its boundary. @returns true: the batch is full */
function fillFrom(turn: Turn, mine: ReportedBoundary, order: Order, list: Migratetype): boolean {
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
function nextUnreported(turn: Turn, mine: ReportedBoundary, order: Order, list: Migratetype): Pfn {
  const { blocks } = freeListOf(turn, mine.zone, order, list);
  const boundary = boundaryOf(mine, order, list);
  let at = boundary === NONE ? blocks.length : blocks.indexOf(boundary);
  while (at > 0 && blockAt(turn, blocks[at - 1])?.reported) {
    at--;
  }
  if (at < blocks.length) {
    mine.boundaries[listName(order, list)] = blocks[at];
  }
  return blocks[at - 1] ?? NONE;
}

function send(turn: Turn, mine: ReportedBoundary): void {
  submit(turn, mine, mine.batch);
  mine.phase = "wait";
}

/** (D.4 5) Puts the batch back; where the zone wants more by then, goes on under the same lock. */
function drain(turn: Turn, mine: ReportedBoundary): void {
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

function nextZone(mine: ReportedBoundary): void {
  mine.zone++;
  mine.phase = "pick";
}

function listName(order: Order, list: Migratetype): string {
  return `${list} ${order}`;
}

function boundaryOf(mine: Readonly<ReportedBoundary>, order: Order, list: Migratetype): Pfn {
  return mine.boundaries[listName(order, list)] ?? NONE;
}
