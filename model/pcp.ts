/**
 * Per-CPU lists: small blocks that a CPU frees stay with it, out of the sight of the buddy allocator and the reporter.
 *
 * A cache has lists for the small orders, and for pageblockOrder, where huge blocks are cached too.
 * Source: `duyck-line.md` A.9.
 */
import { zoneOf } from "./alphabet/geometry.ts";
import { NONE } from "./alphabet/guest.ts";
import { pagesOf } from "./alphabet/units.ts";
import type { Migratetype, Order, Pages, Pfn, ZoneIndex } from "./alphabet/units.ts";
import { freeAll } from "./buddy.ts";
import { rmqueueBuddy } from "./fallback.ts";
import { dropBlock, orderOf, pageblockType, setBlock } from "./blocks.ts";
import type { FreedBlock } from "./reporter.ts";
import { Block, CACHED_TYPES, cachedOrders } from "./state.ts";
import type { Setup, Turn } from "./state.ts";

/** The place of a list among those of its cache, or -1 where such blocks are not cached. */
export function cacheIndex(setup: Setup, order: Order, migratetype: Migratetype): number {
  const place = cachedOrders(setup.geometry, setup.settings).indexOf(order);
  const type = CACHED_TYPES.indexOf(migratetype);
  return place < 0 || type < 0 ? -1 : place * CACHED_TYPES.length + type;
}

/** True where blocks of this order go through the caches. These are off in a zone that is losing a section. */
export function isCached(turn: Turn, z: ZoneIndex, order: Order): boolean {
  const { hotplug } = turn.state;
  const off = hotplug?.kind === "offline" && zoneOf(turn.geometry, hotplug.start) === z;
  return !off && cachedOrders(turn.geometry, turn.settings).includes(order);
}

/** A block that nobody has goes to the CPU's cache; a cache that is full gives back a batch. */
export function cacheFree(turn: Turn, pfn: Pfn, order: Order, cpu: number): void {
  const type = pageblockType(turn, pfn);
  if (type === "isolate") {
    freeAll(turn, [{ pfn, order, list: type }]);
    return;
  }
  const z = zoneOf(turn.geometry, pfn);
  const cache = turn.zones[z].caches[cpu];
  const index = cacheIndex(turn, order, type === "highatomic" ? "movable" : type);
  cache.lists[index] = cache.lists[index].withHead(pfn);
  cache.pages += pagesOf(order);
  setBlock(turn, pfn, new Block("cached", order));
  if (cache.pages >= turn.settings.pcp.high) {
    bulkFree(turn, z, cpu, turn.settings.pcp.batch, index);
  }
}

/** `free_pcppages_bulk`, as in Linux 5.0: all blocks leave the cache before the first of them is freed. */
function bulkFree(turn: Turn, z: ZoneIndex, cpu: number, pages: Pages, start: number): void {
  freeAll(turn, takeOut(turn, z, cpu, pages, start));
}

/** Takes `pages` or a little more out of the cache, list after list from `start` on, oldest blocks first. */
function takeOut(turn: Turn, z: ZoneIndex, cpu: number, pages: Pages, start: number): FreedBlock[] {
  const cache = turn.zones[z].caches[cpu];
  const taken: FreedBlock[] = [];
  let wanted = Math.min(pages, cache.pages);
  for (let at = start; wanted > 0; at = (at + 1) % cache.lists.length) {
    while (wanted > 0 && cache.lists[at].length > 0) {
      const pfn = cache.lists[at].tail;
      const order = orderOf(turn, pfn);
      cache.lists[at] = cache.lists[at].without(pfn);
      cache.pages -= pagesOf(order);
      wanted -= pagesOf(order);
      dropBlock(turn, pfn);
      taken.push({ pfn, order, list: pageblockType(turn, pfn) });
    }
  }
  return taken;
}

/** All of one CPU's blocks of a zone go back to the buddy allocator. */
export function drainCache(turn: Turn, z: ZoneIndex, cpu: number): void {
  bulkFree(turn, z, cpu, turn.zones[z].caches[cpu].pages, 0);
}

/** Takes a block from the CPU's cache, which is refilled first where it is empty. NONE: there is none in this zone. */
export function cacheAlloc(turn: Turn, z: ZoneIndex, order: Order, migratetype: Migratetype, cpu: number): Pfn {
  const cache = turn.zones[z].caches[cpu];
  const index = cacheIndex(turn, order, migratetype);
  if (cache.lists[index].length === 0) {
    refill(turn, z, order, migratetype, cpu);
  }
  const pfn = cache.lists[index].head;
  if (pfn !== NONE) {
    cache.lists[index] = cache.lists[index].without(pfn);
    cache.pages -= pagesOf(order);
    dropBlock(turn, pfn);
  }
  return pfn;
}

function refill(turn: Turn, z: ZoneIndex, order: Order, migratetype: Migratetype, cpu: number): void {
  const { batch } = turn.settings.pcp;
  const cache = turn.zones[z].caches[cpu];
  const index = cacheIndex(turn, order, migratetype);
  const blocks = batch > 1 ? Math.max(Math.floor(batch / pagesOf(order)), 2) : 1;
  for (let taken = 0; taken < blocks; taken++) {
    const pfn = rmqueueBuddy(turn, z, order, migratetype);
    if (pfn === NONE) {
      return;
    }
    cache.lists[index] = cache.lists[index].withBefore(pfn, NONE);
    cache.pages += pagesOf(order);
    setBlock(turn, pfn, new Block("cached", order));
  }
}
