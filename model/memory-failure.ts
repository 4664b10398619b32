/** Memory failure: the hardware reports a page that must not be used any more. Source: `duyck-line.md` A.8. */
import { pagesOf } from "./alphabet/units.ts";
import type { Pfn } from "./alphabet/units.ts";
import { blockAround, blockAt, setBlock } from "./blocks.ts";
import { insert, remove } from "./buddy.ts";
import { Block } from "./state.ts";
import type { Turn } from "./state.ts";

/**
 * `take_page_off_buddy`: a page in a free block is taken out, and the rest of the block goes back in halves, quietly.
 * A page that is anybody else's, the reporter's included, is left alone; so is one in an isolated pageblock, which may
 * be on its way out: Linux lets a bad page go offline though it is not free, and the contract has no word for that.
 */
export function memoryFailure(turn: Turn, bad: Pfn): void {
  const head = blockAround(turn, bad);
  const block = blockAt(turn, head);
  if (block?.owner !== "free" || block.migratetype === undefined || block.migratetype === "isolate") {
    return;
  }
  remove(turn, head);
  let base = head;
  for (let order = block.order - 1; order >= 0; order--) {
    const upper = base + pagesOf(order);
    insert(turn, bad >= upper ? base : upper, order, block.migratetype, "head");
    base = bad >= upper ? upper : base;
  }
  setBlock(turn, bad, new Block("allocated", 0, "unmovable"));
  turn.events.push({ event: "alloc", pfn: bad, order: 0, migratetype: "unmovable" });
}
