/**
 * The one ArrayBuffer that holds a guest, and its layout.
 *
 * Every word of a guest's state lives in it, so that a snapshot is one copy and restoring it another. For a page there are
 * ten bytes: two links and a tag. Free lists are rings through the links of their blocks and one head each; the heads
 * are further entries of the same link arrays, behind the pages, so that neither insertion nor removal ever asks
 * whether its neighbour is a head (`perf.md`, Design advice 1). So are per-CPU lists, and the batch of held blocks.
 *
 *     records      Float64 waiters, hotplug operation, the reporter's own words: they hold what a caller chose
 *     next, prev   Int32   pages, then (order, migratetype) heads of each zone, heads of the per-CPU lists, the batch's head
 *     counters     Int32   a few words a zone
 *     tag          Uint16  one a page: 0, except on the first page of a block
 *     types        Uint8   one a pageblock: its migratetype
 */
import type { Settings } from "../model/alphabet/index.ts";
import { InputError } from "../model/alphabet/index.ts";
import type { Shape } from "./shape.ts";

export const UNMOVABLE = 0;
export const MOVABLE = 1;
export const RECLAIMABLE = 2;
export const HIGHATOMIC = 3;
export const ISOLATE = 5;
export const TYPES = 6;
/** Unmovable, movable and reclaimable: they may merge with each other, have fallbacks and per-CPU lists. */
export const MERGEABLE_TYPES = 3;

/**
 * A tag is `reported:1 owner:3 order:5 migratetype:3`. Its low byte is the number of the list that a free block is on,
 * so a block always knows its list, even where the types of its pageblocks say otherwise (`duyck-line.md` G-18).
 */
export const TYPE_BITS = 0x07;
export const ORDER_SHIFT = 3;
export const ORDER_BITS = 0xf8;
export const LIST_BITS = 0xff;
export const FREE = 0x100;
export const ALLOCATED = 0x200;
export const CACHED = 0x300;
export const HELD = 0x400;
export const OWNER_BITS = 0x700;
export const REPORTED = 0x800;
/** Whose a block is and how large: what "a free head of exactly this order" depends on. */
export const OWNER_ORDER_BITS = OWNER_BITS | ORDER_BITS;

/** Callers that may sleep at a time. */
export const MAX_WAITERS = 8;
/** Words of one waiter: ticket, order, migratetype, node, cpu, retries. */
export const WAITER_WORDS = 6;
const HOTPLUG_WORDS = 6;
/** Words of `nrFree` for one zone: a power of two over the 21 orders, so that a shift finds them. */
export const ORDERS_SHIFT = 5;
/** Words of `available` for one zone. */
export const TYPES_SHIFT = 3;
/** Two runs of two ends for each list: see runs.ts. */
export const RUN_WORDS = 4;

export class State {
  readonly buffer: ArrayBuffer;
  readonly next: Int32Array;
  readonly prev: Int32Array;
  readonly tag: Uint16Array;
  readonly types: Uint8Array;
  /** Blocks of each order on the lists of all types. */
  readonly nrFree: Int32Array;
  /** For each type, one bit for each order whose list is not empty. */
  readonly available: Int32Array;
  /** Pages on all lists but those of type isolate. */
  readonly free: Int32Array;
  readonly present: Int32Array;
  readonly isolatedPageblocks: Int32Array;
  readonly reservedHighatomic: Int32Array;
  /** Pages on the lists of each (zone, cpu). */
  readonly pcpCount: Int32Array;
  readonly runs: Int32Array;
  /** How many wait, then their records. */
  readonly waiters: Float64Array;
  readonly hotplug: Float64Array;
  readonly reporter: Float64Array;

  /** List heads of one zone. */
  readonly listsPerZone: number;
  /** Where the free lists' heads begin in the link arrays; the pages stand before them. */
  readonly heads: number;
  /** Where the heads of the per-CPU lists begin. */
  readonly pcpHeads: number;
  /** The head of the batch: the blocks that the reporter holds, in take order. */
  readonly batch: number;

  /**
   * @param pcpLists heads of per-CPU lists, over all zones and CPUs
   * @param reporterWords words that the design keeps
   * @throws InputError where the machine cannot give that much memory
   */
  constructor(shape: Shape, settings: Settings, pcpLists: number, reporterWords: number) {
    const { zones, pages } = shape;
    this.listsPerZone = (shape.maxOrder + 1) << ORDER_SHIFT;
    this.heads = pages;
    this.pcpHeads = pages + zones * this.listsPerZone;
    this.batch = this.pcpHeads + pcpLists;
    const links = this.batch + 1;
    const pageblocks = pages / 2 ** shape.pageblockOrder;
    const runWords = zones * this.listsPerZone * RUN_WORDS + 1;
    const counters = zones * (2 ** ORDERS_SHIFT + 2 ** TYPES_SHIFT + 4 + settings.cpus) + runWords;
    const waiterWords = 1 + MAX_WAITERS * WAITER_WORDS;
    const records = waiterWords + HOTPLUG_WORDS + reporterWords;
    this.buffer = reserve(8 * records + 4 * (2 * links + counters) + 2 * pages + pageblocks);

    let at = 0;
    const float64 = (length: number): Float64Array => {
      at += 8 * length;
      return new Float64Array(this.buffer, at - 8 * length, length);
    };
    const int32 = (length: number): Int32Array => {
      at += 4 * length;
      return new Int32Array(this.buffer, at - 4 * length, length);
    };
    this.waiters = float64(waiterWords);
    this.hotplug = float64(HOTPLUG_WORDS);
    this.reporter = float64(reporterWords);
    this.next = int32(links);
    this.prev = int32(links);
    this.nrFree = int32(zones << ORDERS_SHIFT);
    this.available = int32(zones << TYPES_SHIFT);
    this.free = int32(zones);
    this.present = int32(zones);
    this.isolatedPageblocks = int32(zones);
    this.reservedHighatomic = int32(zones);
    this.pcpCount = int32(zones * settings.cpus);
    this.runs = int32(runWords).fill(-1);
    this.tag = new Uint16Array(this.buffer, at, pages);
    this.types = new Uint8Array(this.buffer, at + 2 * pages, pageblocks).fill(MOVABLE);
    for (let head = pages; head < links; head++) this.next[head] = this.prev[head] = head;
  }

  /** The whole state as bytes. */
  snapshot(): Uint8Array {
    return new Uint8Array(this.buffer.slice(0));
  }

  /** Takes the whole state back to where it was. @throws InputError where the bytes are of another guest */
  restore(snapshot: Uint8Array): void {
    if (snapshot.byteLength !== this.buffer.byteLength) {
      throw new InputError(
        { key: "snapshot" },
        `${snapshot.byteLength} bytes are not a state of this guest, which has ${this.buffer.byteLength}`,
      );
    }
    new Uint8Array(this.buffer).set(snapshot);
  }
}

function reserve(bytes: number): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(
      { key: "geometry.zones" },
      `the state of such a guest takes ${bytes} bytes, which is too much`,
    );
  }
}
