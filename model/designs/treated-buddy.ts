/**
 * Treated buddies, May 2019: a mark that says of every page of a block that the host has it ("treated"). It survives
 * the merge of two treated halves, and the parts of a treated block inherit it. Of each order one list at a time has
 * a membrane, and treated blocks come back just in front of it; so what is behind it is treated.
 *
 *     head  R  R  T  T │ T  T  T  tail         R raw, T treated, │ the membrane
 *
 * A free that finds `highWater` raw blocks of its order starts a cycle itself, inside the allocator; the host's
 * interrupt takes it up, and repeats it as long as zones want it:
 *
 *     rest ─▶ react ──────▶ settle ─▶ decant ⟲ ─▶ fill ⟲ ─▶ rest
 *     a free  that CPU goes    ▲      a block a     │ zone by zone
 *     fills   on and sends     └──────── step ──────┘
 *
 * Source: seed 000 [6], `duyck-line.md` C.1; numbers in parentheses are those of its cycle. What is wrong with it is
 * kept: raw blocks go to the very tail, behind the membrane, where fill does not find them (G-5); treated blocks whose
 * merge arrives at an order with its membrane elsewhere stop the kernel (G-4); no watermark is looked at.
 */
import { match } from "ts-pattern";
import { zoneOf } from "../alphabet/geometry.ts";
import { NONE } from "../alphabet/guest.ts";
import { MIGRATETYPES } from "../alphabet/units.ts";
import type { Migratetype, Order, Pfn, ZoneIndex } from "../alphabet/units.ts";
import { blockAt, dropBlock, freeListOf, isFreeBlock, orderOf, pageblockType } from "../blocks.ts";
import { FREED, freeOne, remove } from "../buddy.ts";
import { arrive, leave, leaveIfDone, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import { stop } from "../state.ts";
import type { Turn } from "../state.ts";
import { describeRequest, firstAnswer, keep, settle, submit, unlist } from "./holding.ts";

/** What a free_area has of it. */
interface Area {
  /** treatment_mt: the type of the list that has the membrane, by its index. */
  treatmentMt: number;
  /** The first block behind it, or NONE: it is at the list's end. */
  membrane: Pfn;
}

interface TreatedBuddy extends Reporter {
  phase: "rest" | "react" | "settle" | "decant" | "fill";
  /** By zone: aerator_hwm. */
  requested: boolean[];
  /** How many zones want a cycle: refcnt without the guard. */
  wanted: number;
  /** Where the fill stands. */
  zone: ZoneIndex;
  /** By zone and order. */
  areas: Area[][];
  /** By held block: the list that it was pulled from. */
  lists: Record<Pfn, Migratetype>;
  /** By CPU: it is about to send the batch. */
  stages: ("" | "react")[];
}

/** The types whose lists are treated, in turn. */
const TREATED = MIGRATETYPES.filter((type) => type !== "isolate");

export const treatedBuddy: Design<TreatedBuddy> = {
  id: "treated-buddy",
  variant: "",
  title: "treated buddies and a membrane: Duyck, May 2019",
  source: "seed 000",
  claims: ["slip"],
  hearsRefusals: false,
  movesTo: "head",
  movesKeepMark: true,
  takes: "isolates",
  callersWait: true,
  marks: "all its pages",
  hears: [],
  perCpu: true,

  start: (geometry, settings) => ({
    ...restingReporter(geometry),
    phase: "rest",
    requested: geometry.zones.map(() => false),
    wanted: 0,
    zone: 0,
    areas: geometry.zones.map(() => Array.from({ length: geometry.maxOrder + 1 }, newArea)),
    lists: {},
    stages: Array.from({ length: settings.cpus }, () => ""),
  }),

  canWork: (mine) =>
    match(mine.phase)
      .with("rest", "react", () => false)
      .with("settle", () => firstAnswer(mine) !== "none")
      .with("decant", "fill", () => true)
      .exhaustive(),

  work: (turn, mine) =>
    match(mine.phase)
      .with("rest", "react", () => {})
      .with("settle", () => {
        settle(mine, 1);
        decant(turn, mine);
      })
      .with("decant", () => decant(turn, mine))
      .with("fill", () => fill(turn, mine))
      .exhaustive(),

  busy: (mine, cpu) => mine.stages[cpu] === "react",
  canProceed: (mine, cpu) => mine.stages[cpu] === "react",

  /** (2, react) The zone lock is dropped inside the free path: the freer sends, and does not wait. */
  proceed(turn, mine, cpu) {
    mine.stages[cpu] = "";
    send(turn, mine);
  },

  /** (Trigger) Whoever frees one raw block too many starts the cycle, if none runs. */
  notify(turn, mine, zone, order, pfn) {
    const deaf = mine.device !== "registered" || mine.frozen || order < mine.reportOrder;
    if (deaf || mine.requested[zone] || blockAt(turn, pfn)?.migratetype === "isolate") {
      return;
    }
    if (rawBlocks(turn, zone, order) < turn.settings.highWater) {
      return;
    }
    mine.requested[zone] = true;
    mine.wanted++;
    if (mine.phase === "rest") {
      begin(turn, mine, zone);
    }
  },

  removing: passMembrane,
  moving: passMembrane,

  /** (add_to_free_area_treated) On an isolate list anywhere; else just in front of the membrane of its order. */
  place(turn, mine, zone, _pfn, order, list) {
    const { treatmentMt, membrane } = mine.areas[zone][order];
    if (list === "isolate") {
      return freeListOf(turn, zone, order, list).head;
    }
    if (treatmentMt !== MIGRATETYPES.indexOf(list)) {
      const where = `a treated block of order ${order} goes to the ${list} list`;
      stop(turn, `treated-buddy: ${where}, but the membrane of that order is at another (BUG_ON)`);
      return NONE;
    }
    return membrane;
  },

  placed(_turn, mine, zone, pfn, order, list) {
    const area = mine.areas[zone][order];
    if (list !== "isolate" && area.treatmentMt === MIGRATETYPES.indexOf(list)) {
      area.membrane = pfn;
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
      arrive(turn, mine);
    }
  },

  describe: (mine) => ({
    device: mine.device,
    phase: mine.phase,
    zone: mine.zone,
    requested: mine.requested.map(Number),
    requests: mine.wanted,
    stages: mine.stages.join(","),
    treatment: mine.areas.flatMap((areas) => areas.slice(mine.reportOrder).map(({ treatmentMt }) => treatmentMt)),
    ...describeRequest(mine),
  }),

  boundary(mine, zone, order, list) {
    const { treatmentMt, membrane } = mine.areas[zone][order];
    return order >= mine.reportOrder && treatmentMt === MIGRATETYPES.indexOf(list) ? membrane : undefined;
  },
};

/** So that the first list to be treated is the first of all. */
function newArea(): Area {
  return { treatmentMt: MIGRATETYPES.indexOf("isolate"), membrane: NONE };
}

/** (move, del) The block that the membrane stands at leaves the list: the next one takes its place. */
function passMembrane(
  turn: Turn,
  mine: TreatedBuddy,
  zone: ZoneIndex,
  pfn: Pfn,
  order: Order,
  list: Migratetype,
): void {
  const area = mine.areas[zone][order];
  if (area.membrane === pfn) {
    area.membrane = freeListOf(turn, zone, order, list).after(pfn);
  }
}

/** nr_free_raw: free blocks without the mark. What is on isolate lists counts as treated. */
function rawBlocks(turn: Turn, zone: ZoneIndex, order: Order): number {
  const blocks = TREATED.flatMap((type) => freeListOf(turn, zone, order, type).blocks);
  return blocks.filter((pfn) => !isTreated(turn, pfn)).length;
}

function isTreated(turn: Turn, pfn: Pfn): boolean {
  return blockAt(turn, pfn)?.reported === true;
}

/** (1) Inside `__free_one_page`: this CPU fills the first batch. Where nothing is found, the next turn tries again. */
function begin(turn: Turn, mine: TreatedBuddy, zone: ZoneIndex): void {
  fillZone(turn, mine, zone);
  if (mine.batch.length > 0) {
    mine.phase = "react";
    mine.stages[turn.cpu] = "react";
  } else if (mine.requested[zone]) {
    mine.phase = "fill";
  }
}

/** (1, fill) In one section under the zone lock: from the largest order down, some raw blocks of one type of each. */
function fillZone(turn: Turn, mine: TreatedBuddy, zone: ZoneIndex): void {
  const { capacity, maxOrder } = turn.geometry;
  let left = 0;
  for (let order = maxOrder; order >= mine.reportOrder; order--) {
    fillFrom(turn, mine, zone, order);
    left += rawBlocks(turn, zone, order);
  }
  if (left < capacity) {
    mine.requested[zone] = false;
    mine.wanted--;
  }
}

/** Type after type has its turn, each once, until one has something to pull. */
function fillFrom(turn: Turn, mine: TreatedBuddy, zone: ZoneIndex, order: Order): void {
  const area = mine.areas[zone][order];
  let pulled = 0;
  for (let types = 0; types < TREATED.length && pulled === 0; types++) {
    if (isFull(turn, mine) || rawBlocks(turn, zone, order) === 0) {
      return;
    }
    area.treatmentMt = area.treatmentMt + 1 < TREATED.length ? area.treatmentMt + 1 : 0;
    area.membrane = NONE;
    pulled = pull(turn, mine, zone, order, MIGRATETYPES[area.treatmentMt]);
  }
}

/** Takes raw blocks from one list into the batch. @returns how many */
function pull(turn: Turn, mine: TreatedBuddy, zone: ZoneIndex, order: Order, list: Migratetype): number {
  let pulled = 0;
  while (!isFull(turn, mine)) {
    const pfn = rawPage(turn, zone, order, list);
    if (pfn === NONE) {
      break;
    }
    remove(turn, pfn);
    mine.lists[pfn] = list;
    keep(turn, mine, pfn, order);
    pulled++;
  }
  return pulled;
}

/**
 * The block just above the membrane, which was set to the list's end before and can't move until blocks come back;
 * where that is treated, the head of the list instead.
 */
function rawPage(turn: Turn, zone: ZoneIndex, order: Order, list: Migratetype): Pfn {
  const { head, tail } = freeListOf(turn, zone, order, list);
  const at = isTreated(turn, tail) ? head : tail;
  return isTreated(turn, at) ? NONE : at;
}

function isFull(turn: Turn, mine: TreatedBuddy): boolean {
  return mine.batch.length === turn.geometry.capacity;
}

function send(turn: Turn, mine: TreatedBuddy): void {
  submit(turn, mine, mine.batch);
  mine.phase = "settle";
}

/** (3) In the interrupt: the next block becomes treated and is freed, in a section of its own under the zone lock. */
function decant(turn: Turn, mine: TreatedBuddy): void {
  mine.phase = "decant";
  const [pfn] = mine.batch;
  const order = orderOf(turn, pfn);
  const isolated = turn.zones[zoneOf(turn.geometry, pfn)].isolatedPageblocks > 0;
  const list = isolated ? pageblockType(turn, pfn) : mine.lists[pfn];
  dropBlock(turn, pfn);
  delete mine.lists[pfn];
  unlist(mine, pfn);
  freeOne(turn, pfn, order, list, FREED, true);
  turn.events.push({ event: "release", pfn, order, reported: isFreeBlock(turn, pfn, order) && isTreated(turn, pfn) });
  if (mine.batch.length === 0) {
    mine.phase = "fill";
    mine.zone = 0;
  }
}

/** (4) Zone after zone that wants it, up to one batch for all of them. */
function fill(turn: Turn, mine: TreatedBuddy): void {
  const zone = mine.requested.indexOf(true, mine.zone);
  if (zone < 0) {
    lastZone(turn, mine);
    return;
  }
  mine.zone = zone;
  fillZone(turn, mine, zone);
  const last = !mine.requested.includes(true, zone + 1);
  if (mine.batch.length > 0 && (last || isFull(turn, mine))) {
    send(turn, mine);
  } else {
    mine.zone++;
  }
}

/** (4) What there is goes to the host; nothing and nobody wants more: idle; else it tries again from the first zone. */
function lastZone(turn: Turn, mine: TreatedBuddy): void {
  if (mine.batch.length > 0) {
    send(turn, mine);
    return;
  }
  mine.zone = 0;
  if (mine.wanted > 0) {
    return;
  }
  mine.phase = "rest";
  if (mine.device === "leaving") {
    leave(turn, mine);
  } else {
    turn.events.push({ event: "idle" });
  }
}
