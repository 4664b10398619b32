/**
 * Free page reporting, v16 to today's Linux: a flag on each reported block, a budget for each list, a pass every two
 * seconds while something is freed. Source: seed 002, `duyck-line.md` E; step names in parentheses are those of E.3.
 *
 * The worker, one line a step; in the phases with -wait it waits for the host:
 *
 *     rest ─▶ zone ─▶ list ⟲ ─┬▶ full ─▶ full-wait ─▶ list …        a batch became full
 *               ▲             ├▶ left-wait ─▶ next zone             the lists ended, and something is left
 *               └─────────────┴▶ finish ─▶ rest                     after the last zone, or when the host refused
 *
 * Blocks stay held from list to list, until the batch is full or the zone ends.
 */
import { match } from "ts-pattern";
import { MIGRATETYPES, pagesOf } from "../alphabet/units.ts";
import type { Order, Pfn, ZoneIndex } from "../alphabet/units.ts";
import { blockAt, freeBlocksOf, freeListOf } from "../blocks.ts";
import { arrive, leave, leaveIfDone, mayBegin, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import type { Turn } from "../state.ts";
import { reporterMayWork } from "../watermark.ts";
import { describeRequest, firstAnswer, hold, letGo, settle, submit } from "./holding.ts";

interface PageReporting extends Reporter {
  /** Idle, a pass is wanted, or a pass runs and nobody has asked for another. */
  status: "idle" | "requested" | "active";
  phase: "rest" | "zone" | "list" | "full" | "full-wait" | "left-wait" | "finish";
  zone: ZoneIndex;
  /** The cursor: the list to look at, by order and by the index of its type. */
  order: Order;
  migratetype: number;
  /** Full batches that the list may still send. */
  budget: number;
}

/** The types of the lists that are walked. */
const WALKED = MIGRATETYPES.filter((type) => type !== "isolate");

export const pageReporting: Design<PageReporting> = {
  id: "page-reporting",
  variant: "",
  title: "a flag, rotation and a budget: Linux since 5.7",
  source: "seed 002",
  claims: ["watermark", "bounded-hold", "migratetype", "wakeup", "progress"],
  hearsRefusals: true,
  movesTo: "tail",
  movesKeepMark: true,
  takes: "isolates",
  callersWait: true,
  marks: "this very block",
  hears: [],
  perCpu: false,

  start: (geometry, settings) => ({
    ...restingReporter(geometry),
    phase: "rest",
    timer: settings.delay,
    status: "requested",
    zone: 0,
    order: 0,
    migratetype: 0,
    budget: 0,
  }),

  canWork: (mine) =>
    match(mine.phase)
      .with("rest", () => mayBegin(mine))
      .with("full-wait", "left-wait", () => firstAnswer(mine) !== "none")
      .with("zone", "list", "full", "finish", () => true)
      .exhaustive(),

  work: (turn, mine) =>
    match(mine.phase)
      .with("rest", () => begin(mine))
      .with("zone", () => enterZone(turn, mine))
      .with("list", () => enterList(turn, mine))
      .with("full", () => sendFull(turn, mine))
      .with("full-wait", () => drainFull(turn, mine))
      .with("left-wait", () => drainRest(turn, mine))
      .with("finish", () => finish(turn, mine))
      .exhaustive(),

  notify(turn, mine, _zone, order) {
    if (mine.device !== "registered" || order < mine.reportOrder || mine.status === "requested") {
      return;
    }
    if (mine.status === "idle") {
      mine.timer = turn.settings.delay;
    }
    mine.status = "requested";
  },

  unregister(turn, mine) {
    if (mine.device === "registered") {
      mine.device = "leaving";
      leaveIfDone(turn, mine, mine.phase === "rest");
    }
  },

  register(turn, mine) {
    if (mine.device === "unregistered") {
      mine.status = "requested";
      mine.timer = turn.settings.delay;
      arrive(turn, mine);
    }
  },

  setOrder(turn, mine, order) {
    if (turn.geometry.reportOrder <= order && order <= turn.geometry.maxOrder) {
      mine.reportOrder = order;
    }
  },

  describe: (mine) => ({
    device: mine.device,
    status: mine.status,
    timer: mine.timer,
    phase: mine.phase,
    zone: mine.zone,
    order: mine.order,
    migratetype: mine.migratetype,
    budget: mine.budget,
    ...describeRequest(mine),
  }),
};

/** (W1) */
function begin(mine: PageReporting): void {
  mine.timer = -1;
  mine.status = "active";
  mine.zone = 0;
  mine.phase = "zone";
}

/** (W2) A zone that a whole batch would bring to its low watermark is left alone. */
function enterZone(turn: Turn, mine: PageReporting): void {
  const { capacity, zones } = turn.geometry;
  if (reporterMayWork(turn, mine.zone, zones[mine.zone].watermarks.low + capacity * pagesOf(mine.reportOrder))) {
    mine.phase = "list";
    mine.order = mine.reportOrder;
    mine.migratetype = 0;
  } else {
    nextZone(turn, mine);
  }
}

function nextZone(turn: Turn, mine: PageReporting): void {
  if (mine.zone + 1 < turn.geometry.zones.length) {
    mine.zone++;
    mine.phase = "zone";
  } else {
    mine.phase = "finish";
  }
}

/** (W3, C1, C2; W4 after the last list) A look at an empty list changes nothing, so all of these are one step. */
function enterList(turn: Turn, mine: PageReporting): void {
  const { maxOrder, capacity } = turn.geometry;
  while (mine.order <= maxOrder && listLength(turn, mine) === 0) {
    nextList(mine);
  }
  if (mine.order <= maxOrder) {
    const blocks = freeBlocksOf(turn.zones[mine.zone], mine.order);
    mine.budget = Math.ceil(blocks / (capacity * turn.settings.budgetDivisor));
    scan(turn, mine);
  } else if (mine.batch.length === 0) {
    nextZone(turn, mine);
  } else {
    submit(turn, mine, mine.batch.toReversed());
    mine.phase = "left-wait";
  }
}

function listLength(turn: Turn, mine: PageReporting): number {
  return freeListOf(turn, mine.zone, mine.order, WALKED[mine.migratetype]).length;
}

function nextList(mine: PageReporting): void {
  mine.migratetype++;
  if (mine.migratetype === WALKED.length) {
    mine.order++;
    mine.migratetype = 0;
  }
}

/**
 * (C3, C4, C5, C8) From the head of the list, in one section under the zone lock: takes what is not reported, until
 * the batch is full, the budget is spent or the zone runs low. Where it stops, the list will begin the next time.
 */
function scan(turn: Turn, mine: PageReporting): void {
  for (const pfn of freeListOf(turn, mine.zone, mine.order, WALKED[mine.migratetype]).blocks) {
    if (blockAt(turn, pfn)?.reported) {
      continue;
    }
    if (mine.budget < 0) {
      mine.status = "requested";
      rotateTo(turn, mine, pfn);
      break;
    }
    if (mine.batch.length === turn.geometry.capacity) {
      rotateTo(turn, mine, pfn);
      mine.phase = "full";
      return;
    }
    if (!hold(turn, mine, pfn)) {
      rotateTo(turn, mine, pfn);
      break;
    }
  }
  nextList(mine);
  mine.phase = "list";
}

/** `list_rotate_to_front`: cuts the list so that this block comes first. */
function rotateTo(turn: Turn, mine: PageReporting, pfn: Pfn): void {
  const area = turn.zones[mine.zone].lists[mine.order];
  const type = WALKED[mine.migratetype];
  area[type] = area[type].rotated(area[type].blocks.indexOf(pfn));
}

/** (C6) The sg list is filled from its end. */
function sendFull(turn: Turn, mine: PageReporting): void {
  submit(turn, mine, mine.batch.toReversed());
  mine.phase = "full-wait";
}

/** (C7) The old place in the list is gone: from its head once more, under the same lock. */
function drainFull(turn: Turn, mine: PageReporting): void {
  mine.budget--;
  if (drain(turn, mine)) {
    scan(turn, mine);
  } else {
    mine.phase = "finish";
  }
}

/** (W4) */
function drainRest(turn: Turn, mine: PageReporting): void {
  if (drain(turn, mine)) {
    nextZone(turn, mine);
  } else {
    mine.phase = "finish";
  }
}

/** Puts the batch back as the sg list says it. @returns false where the host refused */
function drain(turn: Turn, mine: PageReporting): boolean {
  const ok = firstAnswer(mine) === "ok";
  for (const pfn of mine.batch.toReversed()) {
    letGo(turn, mine, pfn, ok);
  }
  settle(mine, 1);
  return ok;
}

/** (W9) */
function finish(turn: Turn, mine: PageReporting): void {
  mine.phase = "rest";
  mine.zone = 0;
  mine.order = 0;
  mine.migratetype = 0;
  mine.budget = 0;
  if (mine.status === "active") {
    mine.status = "idle";
  } else if (mine.device === "registered") {
    mine.timer = turn.settings.delay;
  }
  if (mine.device === "leaving") {
    leave(turn, mine);
  } else if (mine.status === "idle") {
    turn.events.push({ event: "idle" });
  }
}
