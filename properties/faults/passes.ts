/** Faults of `page-reporting` as in Linux since 5.7: what begins a pass, which lists it walks, and what ends it. */
import { PageReporting } from "../../impl/designs/page-reporting.ts";
import { NONE } from "../../model/alphabet/index.ts";
import { type Fault, worker } from "./fault.ts";

const DESIGN = "page-reporting";

/** Which lists a pass walks, and how far. */
const WALKING: readonly Fault[] = [
  {
    id: "largest-blocks-never-reported",
    what: "The walk ends before the largest order: `<` for `<=`.",
    source: "duyck-line.md G-16",
    design: DESIGN,
    killer: "progress",
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
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
      const reporter = worker(guest, PageReporting);
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
      worker(guest, PageReporting).askAgain = () => undefined;
    },
  },
  {
    id: "budget-spent-too-early",
    what: "A list has no budget left when it has one request left, `<=` for `<`: more passes and no harm, so only lockstep sees it.",
    source: "duyck-line.md G-38",
    design: DESIGN,
    killer: "lockstep",
    plant({ guest }) {
      const reporter = worker(guest, PageReporting);
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
      const reporter = worker(guest, PageReporting);
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
      const reporter = worker(guest, PageReporting);
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
      const reporter = worker(guest, PageReporting);
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
      const reporter = worker(guest, PageReporting);
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
      const reporter = worker(guest, PageReporting);
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
      const reporter = worker(guest, PageReporting);
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
      const reporter = worker(guest, PageReporting);
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
  {
    id: "merge-on-return-asserted-away",
    what: "An assertion demands that every block comes back as it was taken: the first that merges stops the guest.",
    source: "duyck-line.md E.3, drain; G-4",
    design: DESIGN,
    killer: "alive",
    alone: true,
    plant({ guest: { reporter } }) {
      const assertion = "page-reporting: a block that came back is not as it was taken (BUG_ON)";
      Object.defineProperty(reporter, "stops", { value: [assertion] });
      reporter.marks = (acked, stands) => {
        if (!stands) reporter.stop(assertion);
        return acked && stands;
      };
    },
  },
  {
    id: "allocations-wait-for-the-host",
    what: "Nobody may allocate while the host works on a request, as if it held the reporter's lock.",
    source: "nitesh-wei-host.md 4.1; seed 000",
    design: DESIGN,
    killer: "stall",
    alone: true,
    plant({ guest: { reporter } }) {
      reporter.spins = () => reporter.openRequests > 0;
    },
  },
];

export const PASSES_FAULTS: readonly Fault[] = [...WALKING, ...PASSES];
