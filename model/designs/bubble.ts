/**
 * Bubble hinting, June 2019, the first version that was called v1: a worker takes unaerated blocks from the tails of
 * the lists, lets the host have them ("aerates" them), and puts them back to the tails, marked. Each list of the zone
 * in hand has a boundary, and what comes to a tail meanwhile is inserted in front of it.
 *
 *     head  u  u  u  u │ A  A  A  tail         u not aerated, A aerated, │ the boundary
 *                 ◀─── │ the walk; where an A stands above the boundary, it looks at the head instead
 *
 * A zone asks for a pass when it has `highWater` more blocks of one order than aerated ones.
 * Source: seed 004, `duyck-line.md` C.2; step numbers in parentheses are those of its worker.
 *
 * What is wrong with it is kept: isolated lists are walked and NR_FREE is lowered for them too (G-8), no watermark is
 * looked at, and compaction reorders what is behind a boundary (G-9).
 */
import { match } from "ts-pattern";
import { zoneOf } from "../alphabet/geometry.ts";
import { NONE } from "../alphabet/guest.ts";
import { MIGRATETYPES, pagesOf } from "../alphabet/units.ts";
import type { Migratetype, Order, Pfn } from "../alphabet/units.ts";
import { blockAt, dropBlock, freeListOf, isFreeBlock, orderOf, pageblockType } from "../blocks.ts";
import { freeOne, remove } from "../buddy.ts";
import { arrive, leaveIfDone } from "../reporter.ts";
import type { Design } from "../reporter.ts";
import type { Turn } from "../state.ts";
import {
  activate,
  begin,
  boundaryOf,
  canWork,
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
import { keep, settle, unlist } from "./holding.ts";

interface Bubble extends BoundaryReporter {
  /** By held block: the list that it was taken from (pcppage_migratetype). */
  lists: Record<Pfn, Migratetype>;
}

/** (3) All types, last first: isolate too. */
const WALKED = MIGRATETYPES.toReversed();

export const bubble: Design<Bubble> = {
  id: "bubble",
  variant: "",
  title: "aerated pages behind a boundary: Duyck v1, bubble hinting",
  source: "seed 004",
  claims: ["slip", "wakeup"],
  hearsRefusals: false,
  movesTo: "head",
  movesKeepMark: false,
  takes: "isolates",
  callersWait: true,
  marks: "this very block",
  hears: [],
  perCpu: false,

  start: (geometry) => ({ ...withoutRequests(geometry), lists: {} }),

  canWork,

  work: (turn, mine) =>
    match(mine.phase)
      .with("rest", () => begin(mine))
      .with("pick", () => pick(turn, mine))
      .with("submit", () => send(turn, mine))
      .with("wait", () => drain(turn, mine))
      .exhaustive(),

  /** (Trigger) Whoever is the first to want a pass starts the clock. */
  notify(turn, mine, zone, order) {
    if (!isDue(turn, mine, zone, order)) {
      return;
    }
    if (mine.wanted === 0 && mine.phase === "rest") {
      mine.timer = turn.settings.delay;
    }
    mine.requested[zone] = true;
    mine.wanted++;
  },

  /** (List rule) del and move_to_free_area: the mark goes, and the boundary moves to the next entry. */
  removing(turn, mine, zone, pfn, order, list) {
    mine.reported[zone][order]--;
    pullBoundary(turn, mine, zone, pfn, order, list);
  },

  /** (List rule) A normal tail insert goes before the boundary, and so does an aerated one. */
  tail: boundaryOf,
  place: (_turn, mine, zone, _pfn, order, list) => boundaryOf(mine, zone, order, list),

  /** (List rule) Nothing merged with the aerated block: it is marked, counted, and the boundary from now on. */
  placed(_turn, mine, zone, pfn, order, list) {
    mine.reported[zone][order]++;
    setBoundary(mine, order, list, pfn);
  },

  /** (Unregister) Polls until nobody wants a pass: one that is scheduled still runs. */
  unregister(turn, mine) {
    if (mine.device === "registered") {
      mine.device = "leaving";
      leaveIfDone(turn, mine, mine.phase === "rest" && mine.timer === -1);
    }
  },

  register(turn, mine) {
    if (mine.device === "unregistered") {
      arrive(turn, mine);
    }
  },

  describe: describeBoundaries,
  boundary: (mine, zone, order, list) => (mine.active === zone ? boundaryOf(mine, zone, order, list) : undefined),
  reportedBlocks: (mine, zone, order) => mine.reported[zone][order],
};

/** (2) The next zone that wants a pass, round and round; (6) until none does. */
function pick(turn: Turn, mine: Bubble): void {
  if (nextRequested(turn, mine)) {
    fill(turn, mine);
  }
}

/**
 * (3) In one section under the zone lock: from the largest blocks down, what is not aerated goes into the batch.
 * The zone's request is withdrawn as soon as the lists ran out, although the last batch is still to be sent.
 */
function fill(turn: Turn, mine: Bubble): void {
  for (let order = turn.geometry.maxOrder; order >= mine.reportOrder; order--) {
    for (const list of WALKED) {
      if (fillFrom(turn, mine, order, list)) {
        mine.phase = "submit";
        return;
      }
    }
  }
  withdraw(mine);
}

/** Takes from one list until nothing more is found. @returns true: the batch is full */
function fillFrom(turn: Turn, mine: Bubble, order: Order, list: Migratetype): boolean {
  for (;;) {
    const pfn = pageToAerate(turn, mine, order, list);
    if (pfn === NONE) {
      return false;
    }
    take(turn, mine, pfn, order, list);
    if (mine.batch.length === turn.geometry.capacity) {
      return true;
    }
  }
}

/**
 * (3, get_aeration_page) The block above the boundary; where that is aerated, the head of the list instead. A boundary
 * that compaction pulled to a block without the mark may have left the list unheard: then there is none.
 */
function pageToAerate(turn: Turn, mine: Bubble, order: Order, list: Migratetype): Pfn {
  const area = freeListOf(turn, mine.zone, order, list);
  const boundary = boundaryOf(mine, mine.zone, order, list);
  const above = area.blocks.includes(boundary) ? area.before(boundary) : area.tail;
  if (above === NONE) {
    return NONE;
  }
  const at = isAerated(turn, above) ? area.head : above;
  return isAerated(turn, at) ? NONE : at;
}

function isAerated(turn: Turn, pfn: Pfn): boolean {
  return blockAt(turn, pfn)?.reported === true;
}

/** (3) Unlinked by hand: no watermark is looked at. */
function take(turn: Turn, mine: Bubble, pfn: Pfn, order: Order, list: Migratetype): void {
  remove(turn, pfn);
  if (list === "isolate") {
    // NR_FREE is lowered unconditionally, but pages on an isolate list are not in it (G-8).
    turn.zones[mine.zone].free -= pagesOf(order);
  }
  mine.lists[pfn] = list;
  keep(turn, mine, pfn, order);
}

/** (5) Puts the batch back; where the zone wants more by then, goes on under the same lock. (6) Else the next zone. */
function drain(turn: Turn, mine: Bubble): void {
  if (mine.active !== mine.zone) {
    activate(mine, mine.zone);
  }
  for (const pfn of mine.batch) {
    putBack(turn, mine, pfn);
  }
  settle(mine, 1);
  if (mine.requested[mine.zone]) {
    fill(turn, mine);
  } else {
    nextZone(mine);
  }
}

/** (5) To the list that it came from, or, where the zone has isolated pageblocks, to that of its pageblock. */
function putBack(turn: Turn, mine: Bubble, pfn: Pfn): void {
  const order = orderOf(turn, pfn);
  const isolated = turn.zones[zoneOf(turn.geometry, pfn)].isolatedPageblocks > 0;
  const list = isolated ? pageblockType(turn, pfn) : mine.lists[pfn];
  dropBlock(turn, pfn);
  delete mine.lists[pfn];
  unlist(mine, pfn);
  freeOne(turn, pfn, order, list, { toTail: true, notify: true }, true);
  turn.events.push({ event: "release", pfn, order, reported: isFreeBlock(turn, pfn, order) });
}
