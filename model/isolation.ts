/**
 * Page isolation: a pageblock whose free pages nobody may have, because it is about to go (or has just come).
 *
 * What is in flight with the reporter is no obstacle: when it comes back, it goes to the list that its pageblock says
 * by then. Source: `duyck-line.md` A.6.
 */
import { zoneOf } from "./alphabet/geometry.ts";
import { pagesOf } from "./alphabet/units.ts";
import type { Pfn } from "./alphabet/units.ts";
import { alignDown, blockAround, blockAt, blocksOver, isFreeBlock, pageblockType, retag, setBlock } from "./blocks.ts";
import { freeBlock, FREED, isolateFree, movePageblock, putback, remove } from "./buddy.ts";
import { Block } from "./state.ts";
import type { Turn } from "./state.ts";

/**
 * `set_migratetype_isolate`. Refused where the pageblock is isolated already, or holds what can't be moved.
 *
 * @returns whether it is done
 */
export function setIsolate(turn: Turn, pageblock: Pfn): boolean {
  const type = pageblockType(turn, pageblock);
  if (type === "isolate" || holdsUnmovable(turn, pageblock)) {
    return false;
  }
  const zone = turn.zones[zoneOf(turn.geometry, pageblock)];
  if (type === "highatomic") {
    zone.reservedHighatomic -= pagesOf(turn.geometry.pageblockOrder);
  }
  changeType(turn, pageblock, "isolate");
  zone.isolatedPageblocks++;
  return true;
}

/**
 * `unset_migratetype_isolate`: an isolated pageblock becomes movable. A free block of just this pageblock, whose buddy
 * waits outside, is taken and put back so that the two merge. The reporter is told of neither.
 */
export function unsetIsolate(turn: Turn, pageblock: Pfn): void {
  const { pageblockOrder } = turn.geometry;
  if (mayMergeOutside(turn, pageblock)) {
    isolateFree(turn, pageblock);
    setBlock(turn, pageblock, new Block("held", pageblockOrder));
    retag(turn, pageblock, pageblockOrder, "movable");
    putback(turn, pageblock);
  } else {
    changeType(turn, pageblock, "movable");
  }
  turn.zones[zoneOf(turn.geometry, pageblock)].isolatedPageblocks--;
}

/** The pageblock changes its type with all that is free in it; a larger free block around it comes apart. */
function changeType(turn: Turn, pageblock: Pfn, to: "isolate" | "movable"): void {
  const { pageblockOrder } = turn.geometry;
  const head = blockAround(turn, pageblock);
  const around = blockAt(turn, head);
  if (around?.owner === "free" && around.order > pageblockOrder) {
    remove(turn, head);
    retag(turn, pageblock, pageblockOrder, to);
    freeBlock(turn, head, around.order, FREED);
  } else {
    movePageblock(turn, pageblock, to);
  }
}

/** Cached and held blocks come back by themselves; what was allocated as movable can be moved away. */
function holdsUnmovable(turn: Turn, pageblock: Pfn): boolean {
  return blocksOver(turn, pageblock, pagesOf(turn.geometry.pageblockOrder))
    .map((pfn) => blockAt(turn, pfn))
    .some((block) => block?.owner === "allocated" && block.migratetype !== "movable");
}

function mayMergeOutside(turn: Turn, pageblock: Pfn): boolean {
  const { maxOrder, pageblockOrder } = turn.geometry;
  if (pageblockOrder >= maxOrder || !isFreeBlock(turn, pageblock, pageblockOrder)) {
    return false;
  }
  const parent = alignDown(pageblock, pageblockOrder + 1);
  const buddy = pageblock === parent ? pageblock + pagesOf(pageblockOrder) : parent;
  return isFreeBlock(turn, buddy, pageblockOrder) && pageblockType(turn, buddy) !== "isolate";
}
