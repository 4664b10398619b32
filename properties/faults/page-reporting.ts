/** Faults of `page-reporting`: the worker of Linux 5.7 and later, and what asks for its passes. */
import { NONE } from "../../model/alphabet/index.ts";
import { pageReporting, type Fault } from "./fault.ts";

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
      const reporter = pageReporting(guest);
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
      const reporter = pageReporting(guest);
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
      const reporter = pageReporting(guest);
      const submit = reporter.submit.bind(reporter);
      reporter.submit = (ranges) => {
        submit(ranges);
        submit(ranges);
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
      const reporter = pageReporting(guest);
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
      const reporter = pageReporting(guest);
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
      const reporter = pageReporting(guest);
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
      const reporter = pageReporting(guest);
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
      const reporter = pageReporting(guest);
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
      const reporter = pageReporting(guest);
      reporter.drain = () => {
        const ok = reporter.answer === "ok";
        reporter.closeRequest();
        for (let place = reporter.heldBlocks - 1; place >= 1; place--) reporter.putBack(reporter.held(place), ok);
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
      const reporter = pageReporting(guest);
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

/** Which lists a pass walks, and how far. */
const WALKING: readonly Fault[] = [
  {
    id: "largest-blocks-never-reported",
    what: "The walk ends before the largest order: `<` for `<=`.",
    source: "duyck-line.md G-16",
    design: DESIGN,
    killer: "progress",
    plant({ guest }) {
      const reporter = pageReporting(guest);
      const findList = reporter.findList.bind(reporter);
      reporter.findList = () => findList() && reporter.order < guest.shape.maxOrder;
    },
  },
  {
    id: "walk-ends-at-a-reported-block",
    what: "A list whose first block is reported is believed to be reported as a whole.",
    source: "duyck-line.md G-37",
    design: DESIGN,
    killer: "progress",
    alone: true,
    plant({ guest }) {
      const reporter = pageReporting(guest);
      const findList = reporter.findList.bind(reporter);
      reporter.findList = () => {
        while (findList()) {
          if (!guest.buddy.isMarked(guest.buddy.firstOf(reporter.zone, reporter.order, reporter.type))) return true;
          reporter.leaveList();
        }
        return false;
      };
    },
  },
  {
    id: "spent-budget-forgotten",
    what: "A pass whose budget is spent does not ask for another one.",
    source: "duyck-line.md E.3 C3, G-38",
    design: DESIGN,
    killer: "progress",
    plant({ guest }) {
      pageReporting(guest).askAgain = () => undefined;
    },
  },
  {
    id: "budget-spent-too-early",
    what: "A list has no budget left when it has one request left, `<=` for `<`: more passes and no harm, so only lockstep sees it.",
    source: "duyck-line.md G-38",
    design: DESIGN,
    killer: "lockstep",
    plant({ guest }) {
      const reporter = pageReporting(guest);
      reporter.isSpent = () => reporter.budget <= 0;
    },
  },
  {
    id: "pcp-block-isolated",
    what: "The worker takes a block from a CPU's list as if it stood on a free list.",
    source: "duyck-line.md G-47",
    design: DESIGN,
    killer: "accounting",
    plant({ guest }) {
      const reporter = pageReporting(guest);
      const scan = reporter.scan.bind(reporter);
      reporter.scan = () => {
        const list = guest.pcp.listOf(reporter.order, reporter.type);
        const cached = list === NONE ? NONE : guest.pcp.firstOf(reporter.zone, 0, list);
        if (cached !== NONE && !reporter.isBatchFull()) reporter.take(reporter.zone, cached, reporter.order);
        scan();
      };
    },
  },
];

/** What begins and ends a pass. */
const PASSES: readonly Fault[] = [
  {
    id: "smallest-order-wakes-nobody",
    what: "A free of exactly the report order asks for no pass: `>` for `>=`.",
    source: "duyck-line.md E.2, H.3 L-notify",
    design: DESIGN,
    killer: "wakeup",
    plant({ guest }) {
      const reporter = pageReporting(guest);
      const notify = reporter.notify.bind(reporter);
      reporter.notify = (zone, order) => {
        if (order > reporter.reportOrder) notify(zone, order);
      };
    },
  },
  {
    id: "request-lost-during-a-pass",
    what: "A free during a pass asks for no further one.",
    source: "duyck-line.md E.2, G-43",
    design: DESIGN,
    killer: "wakeup",
    plant({ guest }) {
      const reporter = pageReporting(guest);
      const requestPass = reporter.requestPass.bind(reporter);
      reporter.requestPass = () => {
        if (reporter.status === "idle") requestPass();
      };
    },
  },
  {
    id: "request-overwritten-at-the-end",
    what: "A pass that ends stores its new status without looking: a request that came in between is lost.",
    source: "duyck-line.md G-43",
    design: DESIGN,
    killer: "wakeup",
    plant({ guest }) {
      const reporter = pageReporting(guest);
      const finish = reporter.finish.bind(reporter);
      reporter.finish = () => {
        reporter.status = "active";
        finish();
      };
    },
  },
  {
    id: "passes-never-end",
    what: "Every pass asks for the next one.",
    source: "duyck-line.md G-11, H.3 L-quiesce",
    design: DESIGN,
    killer: "rest",
    alone: true,
    plant({ guest }) {
      const reporter = pageReporting(guest);
      const finish = reporter.finish.bind(reporter);
      reporter.finish = () => {
        reporter.askAgain();
        finish();
      };
    },
  },
  {
    id: "idle-with-blocks-in-hand",
    what: "The worker says that it is idle before it has handed over what is left.",
    source: "wire.md, stranded; duyck-line.md E.3 W4",
    design: DESIGN,
    killer: "stranded",
    alone: true,
    plant({ guest }) {
      const reporter = pageReporting(guest);
      const submitBatch = reporter.submitBatch.bind(reporter);
      reporter.submitBatch = (wait) => {
        if (!reporter.isBatchFull()) reporter.tell("idle");
        submitBatch(wait);
      };
    },
  },
  {
    id: "unregister-does-not-wait",
    what: "Unregistering does not wait for the pass under way.",
    source: "duyck-line.md E.6, G-45",
    design: DESIGN,
    killer: "quiet",
    alone: true,
    plant({ guest }) {
      const reporter = pageReporting(guest);
      reporter.unregister = () => {
        if (reporter.registered) reporter.goAway();
      };
    },
  },
  {
    id: "pass-begins-while-frozen",
    what: "The worker is not frozen with the system: a pass begins while the device is asleep.",
    source: "duyck-line.md E.6, G-20",
    design: DESIGN,
    killer: "quiet",
    plant({ guest: { reporter } }) {
      reporter.canBegin = () => reporter.timer === 0 && reporter.registered;
    },
  },
];

export const PAGE_REPORTING_FAULTS: readonly Fault[] = [...REQUESTS, ...DRAINING, ...WALKING, ...PASSES];
