/** Faults of `page-reporting` as in Linux since 5.7: what it hands to the host, and how it gives it back. */
import { PageReporting } from "../../impl/designs/page-reporting.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { type Fault, worker } from "./fault.ts";

const DESIGN = "page-reporting";

/** What goes to the host. */
const REQUESTS: readonly Fault[] = [
  {
    id: "range-named-twice",
    what: "A request that is not full names its last range twice.",
    source: "duyck-line.md G-39",
    design: DESIGN,
    killer: "well-formed",
    alone: true,
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      const ranges = reporter.ranges.bind(reporter);
      reporter.ranges = () => (reporter.isBatchFull() ? ranges() : [...ranges(), ...ranges().slice(-1)]);
    },
  },
  {
    id: "blocks-too-small-submitted",
    what: "A pass begins at order 0, under the smallest order that may be reported.",
    source: "duyck-line.md G-17",
    design: DESIGN,
    killer: "well-formed",
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      const enterZone = reporter.enterZone.bind(reporter);
      reporter.enterZone = () => {
        enterZone();
        if (reporter.order > 0) reporter.goTo(reporter.phase, 0, 0);
      };
    },
  },
  {
    id: "taken-in-silence",
    what: "The worker does not tell that it isolates blocks: the host is given pages that everyone believes to be free.",
    source: "wire.md, ownership; duyck-line.md H.2 S5",
    design: DESIGN,
    killer: "ownership",
    alone: true,
    plant({ guest: { machine } }) {
      const perform = machine.perform.bind(machine);
      machine.perform = (action) => perform(action).filter(({ event }) => event !== "isolate");
    },
  },
  {
    id: "submitted-twice",
    what: "A request is put on the queue a second time while the host works on it.",
    source: "duyck-line.md H.2 S1, S9",
    design: DESIGN,
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      const announce = reporter.announce.bind(reporter);
      reporter.announce = (request, ranges) => {
        announce(request, ranges);
        announce(request, ranges);
      };
    },
  },
  {
    id: "batch-over-capacity",
    what: "A batch is full only when it has one block too many.",
    source: "duyck-line.md H.2 S9",
    design: DESIGN,
    killer: "bounded-hold",
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      reporter.isBatchFull = () => reporter.heldBlocks > guest.shape.geometry.capacity;
    },
  },
  {
    id: "batch-of-two-zones",
    what: "What is left over in one zone is carried into the next one's batch.",
    source: "duyck-line.md E.4, H.2 S9",
    design: DESIGN,
    killer: "bounded-hold",
    alone: true,
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      const submitBatch = reporter.submitBatch.bind(reporter);
      reporter.submitBatch = (wait) => {
        if (reporter.isBatchFull() || reporter.zone + 1 >= guest.shape.zones) return submitBatch(wait);
        const { phase } = reporter;
        reporter.nextZone();
        reporter.goTo(phase, reporter.reportOrder, 0);
      };
    },
  },
  {
    id: "leftover-not-submitted",
    what: "What is held when all lists are walked is forgotten, neither submitted nor put back.",
    source: "duyck-line.md E.3 W4, G-32",
    design: DESIGN,
    killer: "stranded",
    also: ["fake-oom"],
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      const submitBatch = reporter.submitBatch.bind(reporter);
      reporter.submitBatch = (wait) => {
        if (reporter.isBatchFull()) return submitBatch(wait);
        reporter.emptyBatch();
        reporter.nextZone();
      };
    },
  },
];

/** What comes back. */
const DRAINING: readonly Fault[] = [
  {
    id: "spurious-wakeup-taken-for-an-ack",
    what: "Any wake-up makes the worker give its batch back, whether the host has answered or not.",
    source: "duyck-line.md G-63",
    design: DESIGN,
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      const canWork = reporter.canWork.bind(reporter);
      reporter.canWork = () => reporter.request !== 0 || canWork();
    },
  },
  {
    id: "put-back-before-the-answer-is-taken",
    what: "The host's interrupt makes the worker give its batch back before the answer is taken off the queue.",
    source: "duyck-line.md G-63, S1",
    design: DESIGN,
    killer: "exclusion",
    alone: true,
    plant({ guest: { machine } }) {
      const perform = machine.perform.bind(machine);
      machine.perform = (action) => {
        const events = [...perform(action)];
        return action.do === "ack" && events.length > 0 ? [...perform({ do: "work" }), ...events] : events;
      };
    },
  },
  {
    id: "marked-although-refused",
    what: "A block is marked as reported although the host refused it.",
    source: "duyck-line.md G-31",
    design: DESIGN,
    killer: "truthful-mark",
    alone: true,
    plant({ guest: { reporter } }) {
      reporter.marks = (_acked, stands) => stands;
    },
  },
  {
    id: "marked-although-merged",
    what: "A block is marked as reported without asking whether it merged when it came back.",
    source: "duyck-line.md G-33",
    design: DESIGN,
    killer: "flag",
    plant({ guest: { reporter } }) {
      reporter.marks = (acked) => acked;
    },
  },
  {
    id: "refused-batch-lost",
    what: "A batch that the host refused is forgotten, not put back.",
    source: "duyck-line.md G-32",
    design: DESIGN,
    killer: "stranded",
    also: ["fake-oom"],
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      const drain = reporter.drain.bind(reporter);
      reporter.drain = () => {
        if (reporter.answer === "refused") reporter.emptyBatch();
        return drain();
      };
    },
  },
  {
    id: "leftover-drained-from-the-wrong-slot",
    what: "The drain begins one slot too far: the first block of a batch is not put back.",
    source: "duyck-line.md G-40",
    design: DESIGN,
    killer: "stranded",
    also: ["fake-oom"],
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      reporter.drain = () => {
        const ok = reporter.answer === "ok";
        reporter.closeRequest();
        while (reporter.heldBlocks > 1) reporter.putBack(reporter.lastHeld, ok);
        reporter.emptyBatch();
        return ok;
      };
    },
  },
  {
    id: "cursor-kept-over-the-unlocked-section",
    what: "After the lock was dropped the worker goes on with the block that it stood at, though it may be allocated by now.",
    source: "duyck-line.md G-36",
    design: DESIGN,
    killer: "ownership",
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
      const scan = reporter.scan.bind(reporter);
      let cursor = NONE;
      reporter.scan = () => {
        const stale = cursor !== NONE && guest.allocator.isAllocated(cursor, reporter.order);
        if (stale) reporter.take(reporter.zone, cursor, reporter.order);
        else scan();
        cursor = reporter.isBatchFull() ? guest.buddy.firstOf(reporter.zone, reporter.order, reporter.type) : NONE;
      };
    },
  },
];

export const PAGE_REPORTING_FAULTS: readonly Fault[] = [...REQUESTS, ...DRAINING];
