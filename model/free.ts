/** Giving back: a user's block on its way to the allocator. Source: `duyck-line.md` A.2, A.9. */
import type { FreeAction } from "./alphabet/action.ts";
import { zoneOf } from "./alphabet/geometry.ts";
import type { Order, Pfn } from "./alphabet/units.ts";
import { blockAt, dropBlock, pageblockType } from "./blocks.ts";
import { freeAll } from "./buddy.ts";
import { cacheFree, isCached } from "./pcp.ts";
import type { Turn } from "./state.ts";

/** The owner gives back a whole allocation; a block that nobody owns as given changes nothing. */
export function free(turn: Turn, { pfn, order }: FreeAction): void {
  const { design, state, events } = turn;
  const block = blockAt(turn, pfn);
  if (block?.owner !== "allocated" || block.order !== order) {
    return;
  }
  events.push({ event: "free", pfn, order });
  dropBlock(turn, pfn);
  if (!design.freed?.(turn, state.reporter, pfn, order)) {
    giveBack(turn, pfn, order);
  }
}

/** A block that nobody has goes where users' blocks go: into the cache of this CPU, or to the lists. */
export function giveBack(turn: Turn, pfn: Pfn, order: Order): void {
  if (isCached(turn, zoneOf(turn.geometry, pfn), order)) {
    cacheFree(turn, pfn, order, turn.cpu);
  } else {
    freeAll(turn, [{ pfn, order, list: pageblockType(turn, pfn) }]);
  }
}
