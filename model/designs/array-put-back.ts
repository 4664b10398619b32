/**
 * Linus Torvalds' suggestion, with the blocks put back: up to `capacity` of the largest blocks of a zone are taken off
 * the free lists while it has more than `highWater` of them left. The host drops them, and they come back with a mark:
 * without one, the same blocks would be reported for ever (L-3). From here it is one step to Duyck's design.
 *
 *     free ─▶ in the batch: isolated ─▶ at the host ─▶ free, marked
 *
 * The worker, one line a step; in `wait` it waits for the host:
 *
 *     rest ─▶ take ⟲ zone by zone ─▶ send ─▶ wait ─▶ take …       until no zone has unmarked ones to spare
 *
 * It starts `delay` after one of the largest blocks was freed, and again after a pass in which one was.
 *
 * Source: `nitesh-wei-host.md` 3, "Executable reading"; its steps in parentheses. 3b is this file; 3a, which parks the
 * blocks, is incremental-array.ts.
 */
import { match } from "ts-pattern";
import { MIGRATETYPES } from "../alphabet/units.ts";
import type { Migratetype, ZoneIndex } from "../alphabet/units.ts";
import { blockAt, freeListOf } from "../blocks.ts";
import { arrive, leave, leaveIfDone, mayBegin, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import type { Turn } from "../state.ts";
import { describeRequest, firstAnswer, hold, letGo, settle, submit } from "./holding.ts";
import { largestBlocks } from "./incremental-array.ts";

interface PuttingBack extends Reporter {
  phase: "rest" | "take" | "send" | "wait";
  /** One of the largest blocks was freed while the worker was at work. */
  again: boolean;
  /** The zone in hand. */
  zone: ZoneIndex;
}

export const incrementalArrayPutBack: Design<PuttingBack> = {
  id: "incremental-array",
  variant: "put-back",
  title: "an array of the largest blocks, put back with a mark: Linus' suggestion",
  source: "nitesh-wei-host.md 3; seed 000",
  claims: ["bounded-hold", "watermark", "migratetype"],
  hearsRefusals: false,
  movesTo: "tail",
  movesKeepMark: true,
  takes: "isolates",
  callersWait: true,
  marks: "this very block",
  hears: [],
  perCpu: false,

  start: (geometry, settings) => ({
    ...restingReporter(geometry),
    reportOrder: geometry.maxOrder,
    timer: settings.delay,
    phase: "rest",
    again: false,
    zone: 0,
  }),

  canWork: (mine) =>
    match(mine.phase)
      .with("rest", () => mayBegin(mine))
      .with("take", "send", () => true)
      .with("wait", () => firstAnswer(mine) !== "none")
      .exhaustive(),

  work: (turn, mine) =>
    match(mine.phase)
      .with("rest", () => begin(mine))
      .with("take", () => take(turn, mine))
      .with("send", () => send(turn, mine))
      .with("wait", () => putBack(turn, mine))
      .exhaustive(),

  notify(turn, mine, _zone, order) {
    if (mine.device !== "registered" || order !== turn.geometry.maxOrder) {
      return;
    }
    if (mine.phase !== "rest") {
      mine.again = true;
    } else if (mine.timer === -1) {
      mine.timer = turn.settings.delay;
    }
  },

  unregister(turn, mine) {
    if (mine.device === "registered") {
      mine.device = "leaving";
      leaveIfDone(turn, mine, mine.phase === "rest");
    }
  },

  register(turn, mine) {
    if (mine.device === "unregistered") {
      mine.timer = turn.settings.delay;
      arrive(turn, mine);
    }
  },

  describe: (mine) => ({
    device: mine.device,
    timer: mine.timer,
    phase: mine.phase,
    again: mine.again,
    zone: mine.zone,
    ...describeRequest(mine),
  }),
};

function begin(mine: PuttingBack): void {
  mine.timer = -1;
  mine.again = false;
  mine.zone = 0;
  mine.phase = "take";
}

/** (1, zone lock) What one zone can spare, as far as the array has room. */
function take(turn: Turn, mine: PuttingBack): void {
  for (const type of MIGRATETYPES.filter((one) => one !== "isolate")) {
    takeFrom(turn, mine, type);
  }
  if (mine.batch.length > 0) {
    mine.phase = "send";
    return;
  }
  mine.zone++;
  if (mine.zone === turn.geometry.zones.length) {
    finish(turn, mine);
  }
}

/** (1) The unmarked blocks of a list, the first first; where the watermark refuses one, no other is tried. */
function takeFrom(turn: Turn, mine: PuttingBack, type: Migratetype): void {
  const { maxOrder, capacity } = turn.geometry;
  for (const pfn of freeListOf(turn, mine.zone, maxOrder, type).blocks) {
    if (mine.batch.length === capacity || largestBlocks(turn, mine.zone) <= turn.settings.highWater) {
      return;
    }
    const isMarked = blockAt(turn, pfn)?.reported === true;
    if (!isMarked && !hold(turn, mine, pfn)) {
      return;
    }
  }
}

/** (2) The array goes to the host. */
function send(turn: Turn, mine: PuttingBack): void {
  submit(turn, mine, mine.batch);
  mine.phase = "wait";
}

/** (3b, zone lock) The host has answered: the blocks come back, each with the mark if it stands as it was. */
function putBack(turn: Turn, mine: PuttingBack): void {
  settle(mine, 1);
  for (const pfn of mine.batch) {
    letGo(turn, mine, pfn, true);
  }
  mine.phase = "take";
}

/** After the last zone. */
function finish(turn: Turn, mine: PuttingBack): void {
  mine.phase = "rest";
  mine.zone = 0;
  if (mine.device === "leaving") {
    leave(turn, mine);
  } else if (mine.again) {
    mine.timer = turn.settings.delay;
  } else {
    turn.events.push({ event: "idle" });
  }
}
