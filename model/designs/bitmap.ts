/**
 * A bitmap of what was freed, Nitesh Lal's v10 to v12: a free of a large block sets one bit, that of its head, and
 * counts it. Where `highWater` bits are counted, a worker looks for set bits, takes those blocks that are still free
 * and hands them to the host, `capacity` at a time.
 *
 * A bit says only "was once free as a large block": nobody clears it when the block is allocated, merged or split.
 * The life of a block:
 *
 *     free ─▶ bit set ─▶ found ─▶ taken, bit cleared ─▶ in the batch ─▶ at the host ─▶ back, and no bit is set
 *                          └▶ no free block begins there any more: bit cleared, nothing else
 *
 * The worker, one line a step; in `wait` it waits for the host:
 *
 *     rest ─▶ map ─▶ find ─▶ take ─▶ find …          bit by bit, until the batch is full or the bits end
 *              ▲       │       └───▶ submit ─▶ wait ─▶ return ⟲ ─▶ find       the batch is full
 *              └───────┴─────────────────────▶ wait …                         the bits end: what is there is sent
 *
 * Source: `nitesh-wei-host.md` 5; the names in parentheses are those of its steps (5.2) and findings (5.5).
 */
import { match } from "ts-pattern";
import { zoneOf } from "../alphabet/geometry.ts";
import type { Geometry } from "../alphabet/geometry.ts";
import { NONE } from "../alphabet/guest.ts";
import { pagesOf } from "../alphabet/units.ts";
import type { Pfn, ZoneIndex } from "../alphabet/units.ts";
import { blockAround, blockAt } from "../blocks.ts";
import type { FreeHow } from "../buddy.ts";
import { arrive, leaveIfDone, mayBegin, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import type { Turn } from "../state.ts";
import { withBits, withoutBit } from "./bits.ts";
import { describeRequest, firstAnswer, hold, letGo, settle, submit } from "./holding.ts";

interface Bitmap extends Reporter {
  phase: "rest" | "map" | "find" | "take" | "submit" | "wait" | "return";
  /** The bits that are set, of all maps. Each is for an aligned block of the report order. */
  bits: Pfn[];
  /** By map: how many of its bits are set, as far as the worker knows. */
  counters: number[];
  /** A scan runs: frees need not start one. */
  scanning: boolean;
  /** The map in hand. */
  map: number;
  /** Where the search for the next bit goes on. */
  cursor: Pfn;
  /** The bit that was found, or NONE. */
  at: Pfn;
}

/** In what the posted versions differ (5.1). */
interface Version {
  readonly variant: "v10" | "v11" | "v12";
  readonly title: string;
  /** Each zone has a map; before, zones of several nodes with the same index shared one. */
  readonly mapPerZone: boolean;
  /** A flag says that a scan runs. */
  readonly scanFlag: boolean;
  /** The counter is zeroed before a scan (BM-7), not counted down with each bit. */
  readonly zeroesCounter: boolean;
  /** A bit whose page is not online is passed over; before, the search never got past it (BM-8). */
  readonly passesAbsent: boolean;
  /** A batch comes back in one section under the lock, not block by block. */
  readonly returnsTogether: boolean;
}

/** (B5) Back as a user's block is, but with `hint` false: no bit is set. */
const UNNOTED: FreeHow = { toTail: false, notify: false };

export const bitmapV10 = bitmap({
  variant: "v10",
  title: "a bitmap, its counter zeroed before each scan: Nitesh v10",
  mapPerZone: false,
  scanFlag: false,
  zeroesCounter: true,
  passesAbsent: false,
  returnsTogether: false,
});

export const bitmapV11 = bitmap({
  variant: "v11",
  title: "a bitmap, and a flag while it is scanned: Nitesh v11",
  mapPerZone: false,
  scanFlag: true,
  zeroesCounter: false,
  passesAbsent: false,
  returnsTogether: false,
});

export const bitmapV12 = bitmap({
  variant: "v12",
  title: "a bitmap for each zone: Nitesh v12",
  mapPerZone: true,
  scanFlag: true,
  zeroesCounter: false,
  passesAbsent: true,
  returnsTogether: true,
});

function bitmap(version: Version): Design<Bitmap> {
  return {
    id: "bitmap",
    variant: version.variant,
    title: version.title,
    source: "nitesh-wei-host.md 5; seed 004",
    claims: ["missed", "watermark", "migratetype", "bounded-hold"],
    hearsRefusals: false,
    movesTo: "tail",
    movesKeepMark: true,
    takes: "isolates",
    callersWait: true,
    marks: "never",
    hears: [],
    perCpu: false,

    start: (geometry) => ({
      ...restingReporter(geometry),
      phase: "rest",
      bits: [],
      counters: Array.from({ length: mapsOf(geometry, version) }, () => 0),
      scanning: false,
      map: 0,
      cursor: 0,
      at: NONE,
    }),

    canWork: (mine) =>
      match(mine.phase)
        .with("rest", () => mayBegin(mine))
        .with("wait", () => firstAnswer(mine) !== "none")
        .with("map", "find", "take", "submit", "return", () => true)
        .exhaustive(),

    work: (turn, mine) =>
      match(mine.phase)
        .with("rest", () => begin(mine, version))
        .with("map", () => pickMap(turn, mine, version))
        .with("find", () => find(turn, mine, version))
        .with("take", () => take(turn, mine, version))
        .with("submit", () => send(turn, mine))
        .with("wait", () => acked(turn, mine, version))
        .with("return", () => returnNext(turn, mine))
        .exhaustive(),

    notify(turn, mine, zone, order, pfn) {
      if (mine.device === "registered" && order >= mine.reportOrder) {
        note(turn, mine, mapOf(turn.geometry, version, zone), pfn);
      }
    },

    unregister(turn, mine) {
      if (mine.device === "registered") {
        mine.device = "leaving";
        goIfAtRest(turn, mine);
      }
    },

    register(turn, mine) {
      if (mine.device === "unregistered") {
        arrive(turn, mine);
      }
    },

    describe: (mine) => ({
      device: mine.device,
      timer: mine.timer,
      phase: mine.phase,
      scanning: mine.scanning,
      map: mine.map,
      cursor: mine.cursor,
      at: mine.at,
      counters: [...mine.counters],
      bits: [...mine.bits],
      ...describeRequest(mine),
    }),

    noted: (_sight, mine, pfn) => mine.bits.includes(pfn),
    due: ({ settings }, mine) => mine.counters.some((counter) => counter >= settings.highWater),
  };
}

/** (B1) A block was freed: its bit is set and counted (B1a); enough bits start the worker, unless it runs (B1b). */
function note(turn: Turn, mine: Bitmap, map: number, pfn: Pfn): void {
  if (!mine.bits.includes(pfn)) {
    mine.bits = withBits(mine.bits, [pfn]);
    mine.counters[map]++;
  }
  if (!mine.scanning && mine.counters[map] >= turn.settings.highWater && mine.timer === -1) {
    mine.timer = 0;
  }
}

/** The worker starts. */
function begin(mine: Bitmap, version: Version): void {
  mine.timer = -1;
  mine.scanning = version.scanFlag;
  mine.map = 0;
  mine.phase = "map";
}

/** The next map with enough bits; a look without a lock. */
function pickMap(turn: Turn, mine: Bitmap, version: Version): void {
  const { settings, geometry } = turn;
  const found = mine.counters.findIndex((counter, map) => map >= mine.map && counter >= settings.highWater);
  if (found < 0) {
    finish(turn, mine);
    return;
  }
  if (version.zeroesCounter) {
    mine.counters[found] = 0;
  }
  const zones = geometry.zones.filter((_, z) => mapOf(geometry, version, z) === found);
  mine.map = found;
  mine.cursor = Math.min(...zones.map(({ start }) => start));
  mine.phase = "find";
}

/** After the last map. What was freed while the flag was set, and is less than enough, waits for the next free (BM-1). */
function finish(turn: Turn, mine: Bitmap): void {
  mine.scanning = false;
  mine.map = 0;
  mine.cursor = 0;
  mine.phase = "rest";
  if (mine.device === "leaving") {
    goIfAtRest(turn, mine);
  } else if (mine.timer === -1) {
    turn.events.push({ event: "idle" });
  }
}

/** (B2) The next set bit of the map from the cursor on, without a lock; after the last one what is held is sent. */
function find(turn: Turn, mine: Bitmap, version: Version): void {
  const { geometry } = turn;
  const inMap = (pfn: Pfn): boolean => mapOf(geometry, version, zoneOf(geometry, pfn)) === mine.map;
  const bit = mine.bits.find((pfn) => pfn >= mine.cursor && inMap(pfn));
  if (bit === undefined) {
    endOfMap(turn, mine);
  } else if (blockAround(turn, bit) !== NONE) {
    mine.at = bit;
    mine.phase = "take";
  } else if (version.passesAbsent) {
    mine.cursor = bit + pagesOf(mine.reportOrder);
  }
}

function endOfMap(turn: Turn, mine: Bitmap): void {
  if (mine.batch.length > 0) {
    send(turn, mine);
  } else {
    mine.map++;
    mine.phase = "map";
  }
}

/**
 * (B3) Under the lock: if a large free block begins there still, it is taken, whatever list it is on; the watermark may
 * refuse. The bit is cleared in any case (5.4).
 */
function take(turn: Turn, mine: Bitmap, version: Version): void {
  const block = blockAt(turn, mine.at);
  if (block?.owner === "free" && block.order >= mine.reportOrder) {
    hold(turn, mine, mine.at);
  }
  mine.bits = withoutBit(mine.bits, mine.at);
  if (!version.zeroesCounter) {
    mine.counters[mine.map] = Math.max(0, mine.counters[mine.map] - 1);
  }
  mine.cursor = mine.at + pagesOf(mine.reportOrder);
  mine.at = NONE;
  mine.phase = mine.batch.length === turn.geometry.capacity ? "submit" : "find";
}

/** (B4) No lock is held, and nobody may have the batch while the host works on it. */
function send(turn: Turn, mine: Bitmap): void {
  submit(turn, mine, mine.batch);
  mine.phase = "wait";
}

/** The host has answered. */
function acked(turn: Turn, mine: Bitmap, version: Version): void {
  settle(mine, 1);
  do {
    returnNext(turn, mine);
  } while (version.returnsTogether && mine.batch.length > 0);
}

/** (B5) Under the lock, the next block of the batch comes back. */
function returnNext(turn: Turn, mine: Bitmap): void {
  letGo(turn, mine, mine.batch[0], false, UNNOTED);
  mine.phase = mine.batch.length > 0 ? "return" : "find";
}

/** A device that is leaving is gone between two scans, and its maps with it. */
function goIfAtRest(turn: Turn, mine: Bitmap): void {
  if (mine.phase === "rest") {
    mine.bits = [];
    mine.counters = mine.counters.map(() => 0);
  }
  leaveIfDone(turn, mine, mine.phase === "rest");
}

/** The map of a zone: its own, or that of the zones with the same place in their node. */
function mapOf(geometry: Geometry, { mapPerZone }: Version, z: ZoneIndex): number {
  const { node } = geometry.zones[z];
  return mapPerZone ? z : geometry.zones.slice(0, z).filter((zone) => zone.node === node).length;
}

function mapsOf(geometry: Geometry, version: Version): number {
  return Math.max(...geometry.zones.map((_, z) => mapOf(geometry, version, z))) + 1;
}
