/** Faults of taking a free block off its list for the reporter, and of putting it back: whatever the design. */
import { MERGEABLE_TYPES, MOVABLE } from "../../impl/state.ts";
import type { Fault } from "./fault.ts";

export const ISOLATING_FAULTS: readonly Fault[] = [
  {
    id: "watermark-not-checked",
    what: "A free block is isolated however little the zone has left.",
    source: "duyck-line.md G-41",
    design: "page-reporting",
    killer: "watermark",
    alone: true,
    plant({ guest: { watermark } }) {
      watermark.mayIsolate = () => true;
    },
  },
  {
    id: "watermark-without-the-block",
    what: "The watermark is compared with what is free before the block is taken, not after.",
    source: "duyck-line.md A.5, G-41",
    design: "reported-boundary",
    killer: "watermark",
    plant({ guest: { watermark } }) {
      watermark.mayIsolate = (zone) => watermark.reporterMayWork(zone, watermark.min(zone));
    },
  },
  {
    id: "watermark-reached",
    what: "A block is isolated that takes the zone to its minimum: `<=` for `<`.",
    source: "duyck-line.md G-42, H.4 10",
    design: "reported-boundary",
    killer: "watermark",
    plant({ guest: { watermark } }) {
      watermark.mayIsolate = (zone, order) => watermark.reporterMayWork(zone, watermark.min(zone) + (1 << order) - 1);
    },
  },
  {
    id: "watermark-counts-the-reserve",
    what: "Pages reserved for highatomic callers count as if everybody could have them.",
    source: "duyck-line.md A.4",
    design: "reported-boundary",
    killer: "watermark",
    plant({ guest: { watermark, state } }) {
      watermark.mayIsolate = (zone, order) => state.free[zone] > watermark.min(zone) + (1 << order);
    },
  },
  {
    id: "isolated-pageblock-keeps-its-type",
    what: "Isolating half a pageblock or more does not make the pageblock movable.",
    source: "duyck-line.md A.5, G-50",
    design: "page-reporting",
    killer: "migratetype",
    alone: true,
    plant({ guest: { buddy } }) {
      buddy.retagIsolated = () => undefined;
    },
  },
  {
    id: "isolating-retags-the-reserve",
    what: "Isolating half a pageblock or more makes the pageblock movable, also one that is reserved or isolated.",
    source: "duyck-line.md A.5, G-50",
    design: "page-reporting",
    killer: "migratetype",
    plant({ guest: { buddy, shape } }) {
      buddy.retagIsolated = (zone, block, order) => {
        const size = 1 << shape.pageblockOrder;
        const first = block & (-1 << shape.pageblockOrder);
        for (let at = first; at < block + (1 << order); at += size) buddy.movePageblock(zone, at, MOVABLE);
      };
    },
  },
  {
    id: "put-back-by-the-old-type",
    what: "A block comes back to the list that it was taken from, although its pageblock was isolated in between.",
    source: "duyck-line.md G-19",
    design: "page-reporting",
    killer: "migratetype",
    plant({ guest: { buddy } }) {
      const typeAt = buddy.typeAt.bind(buddy);
      buddy.putbackType = (block) => (typeAt(block) < MERGEABLE_TYPES ? typeAt(block) : MOVABLE);
    },
  },
  {
    id: "spanning-block-put-back-whole",
    what: "A block whose pageblocks have become different while it was held comes back in one piece.",
    source: "duyck-line.md E.8, G-18",
    design: "page-reporting",
    killer: "free-lists",
    plant({ guest: { buddy } }) {
      buddy.putsBackInParts = () => false;
    },
  },
];
