/**
 * Compaction, as far as a reporter can feel it: free lists are cut and rotated under its feet, and a free scanner
 * takes blocks from the end of the zone as targets to migrate to. No page content moves here.
 *
 * Source: `duyck-line.md` A.7.
 */
import type { CompactAction } from "./alphabet/action.ts";
import { pagesOf } from "./alphabet/units.ts";
import type { Pfn, ZoneIndex } from "./alphabet/units.ts";
import { blockAround, blockAt, blocksIn, orderOf, pageblocksOver, pageblockType, setBlock } from "./blocks.ts";
import { isolateFree } from "./buddy.ts";
import { Block } from "./state.ts";
import type { Turn } from "./state.ts";

/** `move_freelist_head` and `move_freelist_tail`: the reporter is told first. */
export function compact(turn: Turn, z: ZoneIndex, { order, at, end }: CompactAction): void {
  const area = turn.zones[z].lists[order];
  if (area === undefined) {
    return;
  }
  const first = end === "head" ? at : at + 1;
  if (at < 0 || first < 1 || first >= area.movable.length) {
    return;
  }
  turn.design.reworking?.(turn, turn.state.reporter, z, order, "movable");
  area.movable = area.movable.rotated(first);
}

/** The free scanner: the first block of the last movable pageblock that has one, unless a whole pageblock is free. */
export function scan(turn: Turn, z: ZoneIndex): void {
  const { start, pages } = turn.geometry.zones[z];
  const found = pageblocksOver(turn, start, pages)
    .toReversed()
    .filter((pageblock) => pageblockType(turn, pageblock) === "movable" && !isWhollyFree(turn, pageblock))
    .map((pageblock) => firstFreeIn(turn, pageblock))
    .find((pfn) => pfn !== undefined);
  if (found === undefined) {
    return;
  }
  const order = orderOf(turn, found);
  if (isolateFree(turn, found)) {
    setBlock(turn, found, new Block("allocated", order, "movable"));
    turn.events.push({ event: "alloc", pfn: found, order, migratetype: "movable" });
  }
}

/** True where the pageblock is part of one free block. */
function isWhollyFree(turn: Turn, pageblock: Pfn): boolean {
  const block = blockAt(turn, blockAround(turn, pageblock));
  return block?.owner === "free" && block.order >= turn.geometry.pageblockOrder;
}

function firstFreeIn(turn: Turn, pageblock: Pfn): Pfn | undefined {
  const inside = blocksIn(turn, pageblock, pagesOf(turn.geometry.pageblockOrder));
  return inside.find((pfn) => blockAt(turn, pfn)?.owner === "free");
}
