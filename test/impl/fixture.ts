/** Small guests, and a check of every link, count and tag in their buffers. */
import type { Geometry, Settings, ZoneGeometry } from "../../model/alphabet/index.ts";
import { DEFAULT_SETTINGS } from "../../model/alphabet/index.ts";
import { DESIGNS as ROWS, addDesign } from "../../impl/designs/index.ts";
import type { ImplGuest } from "../../impl/guest.ts";
import { createImpl } from "../../impl/guest.ts";
import type { Parts, Reporter } from "../../impl/reporter.ts";
import {
  FREE,
  HELD,
  ISOLATE,
  ORDERS_SHIFT,
  ORDER_SHIFT,
  OWNER_BITS,
  REPORTED,
  TYPES,
  TYPES_SHIFT,
} from "../../impl/state.ts";

/** Every design in each of its variants, as `id` or `id/variant`. */
export const DESIGNS: readonly string[] = ROWS.map(({ id, variant }) => (variant === "" ? id : `${id}/${variant}`));

/** Adds a design for one test. */
export function addToy(id: string, create: (parts: Parts) => Reporter, rest: object = {}): void {
  addDesign({ id, variant: "", create, ...rest });
}

export function zone(start: number, pages: number, rest: Partial<ZoneGeometry> = {}): ZoneGeometry {
  return { name: `zone${start}`, node: 0, start, pages, holes: [], watermarks: { min: 0, low: 0, high: 0 }, ...rest };
}

export function geometry(zones: readonly ZoneGeometry[], rest: Partial<Geometry> = {}): Geometry {
  return { pageSize: 4096, maxOrder: 3, pageblockOrder: 2, reportOrder: 2, capacity: 2, zones, ...rest };
}

/** Settings under which a few blocks are enough to see everything. */
export const SMALL: Settings = { ...DEFAULT_SETTINGS, highWater: 1, budgetDivisor: 1, delay: 0 };

/** @param design as in DESIGNS */
export function guestOf(design: string, shape: Geometry, settings: Partial<Settings> = {}): ImplGuest {
  const [id, variant = ""] = design.split("/");
  return createImpl(id, shape, { ...SMALL, variant, ...settings });
}

/** Lets the worker run, with a host that answers at once. @returns pfns of the blocks that came back reported */
export function runPass(guest: ImplGuest): number[] {
  const reported: number[] = [];
  for (let step = 0; step < 10_000 && guest.enabled().length > 0; step++) {
    for (const action of guest.enabled()) {
      for (const event of guest.perform(action)) {
        if (event.event === "release" && event.reported) reported.push(event.pfn);
      }
    }
    for (let place = guest.reporter.openRequests - 1; place >= 0; place--) {
      guest.perform({ do: "ack", request: guest.reporter.requestAt(place), ok: true });
    }
  }
  return reported;
}

/** Throws where a link, a count, a mask or a tag disagrees with the lists, or a known run with the marks. */
export function checkLists(guest: ImplGuest): void {
  const { state, shape } = guest;
  let listed = 0;
  for (let at = 0; at < shape.zones; at++) {
    let free = 0;
    const counted = new Int32Array(shape.maxOrder + 1);
    for (let order = 0; order <= shape.maxOrder; order++) {
      for (let type = 0; type < TYPES; type++) {
        const blocks = checkList(guest, at, order, type);
        counted[order] += blocks;
        listed += blocks;
        if (type !== ISOLATE) free += blocks * 2 ** order;
        const bit = (state.available[(at << TYPES_SHIFT) | type] >> order) & 1;
        expectEqual(bit, blocks > 0 ? 1 : 0, `bit of zone ${at} order ${order} type ${type}`);
      }
      expectEqual(state.nrFree[(at << ORDERS_SHIFT) | order], counted[order], `nrFree of zone ${at} order ${order}`);
    }
    expectEqual(state.free[at], free, `free pages of zone ${at}`);
  }
  const heads = state.tag.filter((tag) => (tag & OWNER_BITS) === FREE).length;
  expectEqual(heads, listed, "free heads, and blocks on lists");
  checkBatch(guest);
}

/** The batch is a ring of exactly the held blocks. */
function checkBatch({ state, reporter }: ImplGuest): void {
  let above = state.batch;
  let held = 0;
  for (let block = state.next[state.batch]; block !== state.batch; block = state.next[block]) {
    expectEqual(state.prev[block], above, `link up of held block ${block}`);
    expectEqual(state.tag[block] & OWNER_BITS, HELD, `owner of held block ${block}`);
    if (++held > state.heads) throw new Error("the batch never ends");
    above = block;
  }
  expectEqual(held, reporter.heldBlocks, "blocks in the batch, and their count");
  const owned = state.tag.filter((tag) => (tag & OWNER_BITS) === HELD).length;
  expectEqual(owned, held, "blocks whose tag says held, and blocks in the batch");
}

function checkList(guest: ImplGuest, zoneIndex: number, order: number, type: number): number {
  const { state, buddy } = guest;
  const head = buddy.head(zoneIndex, order, type);
  const blocks: number[] = [];
  let above = head;
  for (let node = state.next[head]; node !== head; node = state.next[node]) {
    expectEqual(state.prev[node], above, `link up of block ${node}`);
    expectEqual(state.tag[node] & ~REPORTED, FREE | (order << ORDER_SHIFT) | type, `tag of block ${node}`);
    blocks.push(node);
    if (blocks.length > state.heads) throw new Error(`the list of order ${order} and type ${type} never ends`);
    above = node;
  }
  expectEqual(state.prev[head], above, `tail of zone ${zoneIndex} order ${order} type ${type}`);
  checkRuns(guest, head, blocks);
  return blocks.length;
}

function checkRuns({ state }: ImplGuest, head: number, blocks: readonly number[]): void {
  for (const slot of [0, 2]) {
    const [top, bottom] = state.runs.subarray((head - state.heads) * 4 + slot);
    if (top === -1 && bottom === -1) continue;
    const from = blocks.indexOf(top);
    const to = blocks.indexOf(bottom);
    if (from === -1 || to < from) throw new Error(`run ${top}..${bottom} is not on its list ${blocks.join(" ")}`);
    for (const block of blocks.slice(from, to + 1)) {
      if ((state.tag[block] & REPORTED) === 0) throw new Error(`block ${block} in run ${top}..${bottom} is not marked`);
    }
  }
}

function expectEqual(found: number, expected: number, what: string): void {
  if (found !== expected) throw new Error(`${what}: found ${found}, expected ${expected}`);
}
