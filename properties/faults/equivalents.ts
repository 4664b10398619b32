/**
 * Changes that look like faults and are none: they cost something, and break nothing. No property finds them, and none
 * should; one that did would judge how a design works, not what it promises.
 */
import { ArrayPutBack } from "../../impl/designs/array-put-back.ts";
import { Bitmap } from "../../impl/designs/bitmap.ts";
import { Bubble } from "../../impl/designs/bubble.ts";
import { GetPutHints } from "../../impl/designs/get-put-hints.ts";
import { ReportedBoundary } from "../../impl/designs/reported-boundary.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { worker, type Fault } from "./fault.ts";

export interface Equivalent extends Omit<Fault, "killer" | "also" | "alone"> {
  /** Why nothing breaks by it, and what it costs. */
  readonly reason: string;
}

const WALKS: readonly Equivalent[] = [
  {
    id: "runs-not-known",
    what: "The walk passes reported blocks one by one, wherever they stand side by side.",
    source: "duyck-line.md D.4",
    design: "reported-boundary",
    reason: "The index of runs only saves steps: the walk ends at the same block, and visits more on its way.",
    plant({ guest }) {
      worker(guest, ReportedBoundary).runs.passUp = (_head, _from, block) => block;
    },
  },
  {
    id: "walk-from-the-tail",
    what: "Each search begins at the tail of the list, not at the boundary.",
    source: "duyck-line.md D.2, G-37",
    design: "reported-boundary",
    reason: "All behind the boundary is reported, so it is passed: the same block is found after more entries.",
    plant({ guest }) {
      const reporter = worker(guest, ReportedBoundary);
      const getUnreported = reporter.getUnreported.bind(reporter);
      const boundary = reporter.boundary.bind(reporter);
      reporter.getUnreported = (zone, order, type) => {
        reporter.boundary = () => NONE;
        const found = getUnreported(zone, order, type);
        reporter.boundary = boundary;
        return found;
      };
    },
  },
  {
    id: "bubble-looks-behind-the-boundary",
    what: "Whatever is behind the boundary is looked at again before the block above it is taken.",
    source: "duyck-line.md C.2, G-37",
    design: "bubble",
    reason: "What is found there decides nothing: the block to take is the one above the boundary.",
    plant({ guest }) {
      const reporter = worker(guest, Bubble);
      const { aeration } = reporter;
      const next = aeration.next.bind(aeration);
      aeration.next = (zone, order, type, border) => {
        for (let block = border; block !== NONE; block = guest.buddy.after(block)) reporter.visited++;
        return next(zone, order, type, border);
      };
    },
  },
  {
    id: "put-back-walks-twice",
    what: "A zone's lists are walked once more when nothing new is left on them, or no room.",
    source: "nitesh-wei-host.md 3, L-3",
    design: "incremental-array",
    variant: "put-back",
    reason: "What the first walk took is marked or held by then: the second finds nothing, and visits it all again.",
    plant({ guest }) {
      const reporter = worker(guest, ArrayPutBack);
      const fillFrom = reporter.fillFrom.bind(reporter);
      reporter.fillFrom = (zone) => {
        fillFrom(zone);
        fillFrom(zone);
      };
    },
  },
];

const BITS: readonly Equivalent[] = [
  {
    id: "bitmap-searched-from-its-start",
    what: "Each search of a map begins at its first bit and passes over those behind the cursor.",
    source: "nitesh-wei-host.md BM-2, BM-3",
    design: "bitmap",
    variant: "v12",
    reason: "The cursor still says which bit is the next: the same is found, at a cost that grows with the zone.",
    plant({ guest }) {
      const reporter = worker(guest, Bitmap);
      const nextNoted = reporter.nextNoted.bind(reporter);
      reporter.nextNoted = () => {
        const { start } = guest.shape.geometry.zones[reporter.map];
        for (let pfn = start; pfn < reporter.cursor; pfn += 2 ** reporter.reportOrder) reporter.visited++;
        return nextNoted();
      };
    },
  },
  {
    id: "hints-bits-set-again",
    what: "A free sets the bits of its block twice, before it is told and after.",
    source: "nitesh-wei-host.md 6 X3, XB-5",
    design: "get-put-hints",
    variant: "repaired",
    reason: "A bit that is set stays set: the free only takes longer.",
    plant({ guest }) {
      const reporter = worker(guest, GetPutHints);
      const notify = reporter.notify.bind(reporter);
      reporter.notify = (zone, order, block) => {
        notify(zone, order, block);
        notify(zone, order, block);
      };
    },
  },
];

const HOST: readonly Equivalent[] = [
  {
    id: "host-drops-nothing",
    what: "The host says that it has dropped pages, and keeps them, as with memory that is shared.",
    source: "duyck-line.md G-57; nitesh-wei-host.md HOST-14",
    design: "page-reporting",
    reason: "Nobody may rely on what free pages hold: all that is lost is memory, and the host swaps out more.",
    plant({ environment: { contents } }) {
      contents.dropped = () => undefined;
    },
  },
];

export const EQUIVALENTS: readonly Equivalent[] = [...WALKS, ...BITS, ...HOST];
