/** Faults of `reported-boundary`: the boundaries, the counters and the requests of v10 to v12. */
import { ReportedBoundary } from "../../impl/designs/reported-boundary.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { type Fault, worker } from "./fault.ts";

const DESIGN = "reported-boundary";

/** What keeps every block behind a boundary reported. */
const BOUNDARIES: readonly Fault[] = [
  {
    id: "tail-insert-unguarded",
    what: "A tail insertion goes to the end of the list, behind the boundary.",
    source: "seed 001; duyck-line.md D.2, G-5",
    design: DESIGN,
    killer: "slip",
    plant({ guest: { reporter } }) {
      reporter.tail = () => NONE;
    },
  },
  {
    id: "boundary-not-pulled-on-removal",
    what: "The boundary block leaves the lists and the boundary still points at it.",
    source: "duyck-line.md D.2, G-14",
    design: DESIGN,
    killer: "slip",
    plant({ guest }) {
      const reporter = worker(guest, ReportedBoundary);
      reporter.removing = (zone, _block, order) => reporter.countReported(zone, order, -1);
    },
  },
  {
    id: "boundary-not-pulled-on-move",
    what: "The boundary block moves to another list and the boundary of the old one still points at it.",
    source: "duyck-line.md D.2, G-14",
    design: DESIGN,
    killer: "slip",
    plant({ guest: { reporter } }) {
      reporter.moving = () => undefined;
    },
  },
  {
    id: "boundary-kept-over-compaction",
    what: "Compaction cuts and rotates a list without a reset of its boundary.",
    source: "seed 001; duyck-line.md D.7, G-9",
    design: DESIGN,
    killer: "slip",
    plant({ guest: { compaction } }) {
      compaction.reworking = () => undefined;
    },
  },
  {
    id: "boundaries-of-the-last-zone-kept",
    what: "The boundaries of the zone that was worked on last are not forgotten.",
    source: "duyck-line.md D.4, D.5 I6",
    design: DESIGN,
    killer: "slip",
    also: ["ownership", "bounded-hold"],
    // With larger sections the worker soon walks in a circle within one step.
    scope: "sections of two blocks",
    plant({ guest }) {
      worker(guest, ReportedBoundary).resetBoundaries = () => undefined;
    },
  },
];

/** What decides whether a zone asks for a pass. */
const REQUESTS: readonly Fault[] = [
  {
    id: "reported-block-stays-counted",
    what: "A reported block that leaves the lists is not taken off the counter, as where it merges.",
    source: "duyck-line.md G-13",
    design: DESIGN,
    killer: "accounting",
    plant({ guest }) {
      const reporter = worker(guest, ReportedBoundary);
      reporter.removing = (zone, block, order, type) => reporter.pull(zone, block, order, type);
    },
  },
  {
    id: "marks-not-followed-without-a-device",
    what: "While no device is registered nobody looks at marks: reported blocks that leave stay counted.",
    source: "duyck-line.md G-35",
    design: DESIGN,
    killer: "accounting",
    plant({ guest }) {
      const reporter = worker(guest, ReportedBoundary);
      const removing = reporter.removing.bind(reporter);
      reporter.removing = (zone, block, order, type) => {
        if (reporter.registered) removing(zone, block, order, type);
      };
    },
  },
  {
    id: "high-water-must-be-passed",
    what: "A zone asks for a pass only when more blocks than the high-water mark are unreported: `>` for `>=`.",
    source: "duyck-line.md D.3",
    design: DESIGN,
    killer: "wakeup",
    plant({ guest }) {
      const reporter = worker(guest, ReportedBoundary);
      const { settings } = guest.view();
      reporter.enoughUnreported = (zone, order) =>
        guest.view().freeBlocks(zone, order) > reporter.reportedBlocks(zone, order) + settings.highWater;
    },
  },
  {
    id: "request-counted-twice",
    what: "A zone that asks already is counted once more: the count never comes back to zero, and no request sets the clock again.",
    source: "duyck-line.md G-11",
    design: DESIGN,
    killer: "wakeup",
    plant({ guest }) {
      const reporter = worker(guest, ReportedBoundary);
      reporter.notify = (zone, order) => {
        if (order < reporter.reportOrder || reporter.device !== "registered") return;
        if (reporter.enoughUnreported(zone, order)) reporter.requestZone(zone);
      };
    },
  },
  {
    id: "request-survives-unregister",
    what: "A request that no worker has heard stays when the device goes: the next device finds it and does not set the clock.",
    source: "duyck-line.md G-10",
    design: DESIGN,
    killer: "wakeup",
    also: ["progress"],
    plant({ guest }) {
      worker(guest, ReportedBoundary).forgetRequests = () => undefined;
    },
  },
  {
    id: "request-never-cleared",
    what: "A zone whose lists are exhausted asks at once for the next pass.",
    source: "duyck-line.md D.4 3, G-11",
    design: DESIGN,
    killer: "rest",
    plant({ guest }) {
      const reporter = worker(guest, ReportedBoundary);
      const cancel = reporter.cancel.bind(reporter);
      reporter.cancel = (zone) => {
        cancel(zone);
        reporter.requestZone(zone);
      };
    },
  },
];

/** How a pass fills and drains. */
const PASSES: readonly Fault[] = [
  {
    id: "last-batch-dropped-on-cancel",
    what: "A request is taken for done when the lists are exhausted, and the last batch with it.",
    source: "duyck-line.md G-13b",
    design: DESIGN,
    killer: "stranded",
    also: ["fake-oom"],
    plant({ guest }) {
      const reporter = worker(guest, ReportedBoundary);
      const cancel = reporter.cancel.bind(reporter);
      reporter.cancel = (zone) => {
        cancel(zone);
        reporter.emptyBatch();
      };
    },
  },
  {
    id: "smallest-order-never-reported",
    what: "The walk ends before the smallest order: `>` for `>=`.",
    source: "duyck-line.md D.4, G-16",
    design: DESIGN,
    killer: "progress",
    plant({ guest }) {
      const reporter = worker(guest, ReportedBoundary);
      const fillFrom = reporter.fillFrom.bind(reporter);
      reporter.fillFrom = (zone, order, type) => order > reporter.reportOrder && fillFrom(zone, order, type);
    },
  },
  {
    id: "isolate-lists-reported",
    what: "The lists of isolated pageblocks are walked too: they are taken after offlining has found them free, and go away while they are held.",
    source: "duyck-line.md G-8",
    design: DESIGN,
    killer: "ownership",
    also: ["watermark", "exclusion"],
    plant({ guest }) {
      worker(guest, ReportedBoundary).reports = () => true;
    },
  },
];

export const REPORTED_BOUNDARY_FAULTS: readonly Fault[] = [...BOUNDARIES, ...REQUESTS, ...PASSES];
