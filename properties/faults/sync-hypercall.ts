/** Faults of Duyck's first RFC: a hypercall inside each large free. */
import { SyncHypercall } from "../../impl/designs/sync-hypercall.ts";
import { worker, type Fault } from "./fault.ts";

const DESIGN = "sync-hypercall";
/** Where the design breaks `merged` only by what is planted. */
const SCOPE = "one zone";

/** What is told to the host. */
const CALLS: readonly Fault[] = [
  {
    id: "hypercall-not-inside-merges",
    what: "Only blocks that are freed whole are told, not those that grow in the merge loop.",
    source: "duyck-line.md B.2, G-48",
    design: DESIGN,
    killer: "missed",
    plant({ guest }) {
      worker(guest, SyncHypercall).callsInside = () => false;
    },
  },
  {
    id: "hypercall-smallest-order-not-told",
    what: "A block that is freed with just the smallest order is taken for one that merges: `>` for `>=`.",
    source: "duyck-line.md B.2, G-16",
    design: DESIGN,
    killer: "missed",
    plant({ guest }) {
      const reporter = worker(guest, SyncHypercall);
      const freed = reporter.freed.bind(reporter);
      reporter.freed = (block, order) => order > reporter.reportOrder && freed(block, order);
    },
  },
  {
    id: "hypercall-in-a-frozen-guest",
    what: "A free calls the host although the guest is frozen.",
    source: "duyck-line.md G-20",
    design: DESIGN,
    killer: "quiet",
    plant({ guest }) {
      const reporter = worker(guest, SyncHypercall);
      reporter.calls = () => reporter.device === "registered";
    },
  },
  {
    id: "hypercall-without-a-device",
    what: "A free calls the host, whether it wants to hear of it or not: its feature bit is read wrongly.",
    source: "duyck-line.md G-2",
    design: DESIGN,
    killer: "quiet",
    plant({ guest }) {
      const reporter = worker(guest, SyncHypercall);
      reporter.calls = () => !reporter.frozen;
    },
  },
  {
    id: "hypercall-device-does-not-wait",
    what: "The device goes while a CPU is inside a hypercall.",
    source: "duyck-line.md G-7, G-45",
    design: DESIGN,
    killer: "quiet",
    plant({ guest }) {
      worker(guest, SyncHypercall).isDone = () => true;
    },
  },
];

/** How a CPU comes back. */
const RETURNS: readonly Fault[] = [
  {
    id: "hypercall-not-waited-for",
    what: "The CPU goes on whether the host has answered or not.",
    source: "duyck-line.md G-63, B.1",
    design: DESIGN,
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, SyncHypercall);
      reporter.canProceed = (cpu) => reporter.busy(cpu);
    },
  },
  {
    id: "hypercall-answer-to-another-cpu",
    what: "A CPU takes the answer to the oldest call for that to its own.",
    source: "duyck-line.md G-63",
    design: DESIGN,
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, SyncHypercall);
      reporter.requestOf = () => reporter.request;
    },
  },
  {
    id: "hypercall-order-before-the-merge",
    what: "After the call the merge loop goes on with the order that the free began with.",
    source: "duyck-line.md G-1, G-48",
    design: DESIGN,
    killer: "conservation",
    plant({ guest }) {
      const reporter = worker(guest, SyncHypercall);
      const goOn = reporter.goOn.bind(reporter);
      const merge = reporter.merge.bind(reporter);
      reporter.goOn = (cpu, block) => {
        reporter.merge = (at, head, order, list) => merge(at, head, order - 1, list);
        goOn(cpu, block);
        reporter.merge = merge;
      };
    },
  },
  {
    id: "hypercall-merge-not-taken-up",
    what: "After the call the block goes straight to its list: the merge loop is not taken up again.",
    source: "duyck-line.md B.2, G-1",
    design: DESIGN,
    scope: SCOPE,
    killer: "merged",
    plant({ guest }) {
      const reporter = worker(guest, SyncHypercall);
      const { buddy, shape } = guest;
      const goOn = reporter.goOn.bind(reporter);
      const merge = reporter.merge.bind(reporter);
      reporter.goOn = (cpu, block) => {
        reporter.merge = (_cpu, head, order, list) => {
          buddy.insertMerged(shape.zoneOf(head), head, order, list, false, false);
          return true;
        };
        goOn(cpu, block);
        reporter.merge = merge;
      };
    },
  },
  {
    id: "hypercall-queue-left-behind",
    what: "After the call the CPU forgets the blocks that still wait to be freed in the same loop.",
    source: "duyck-line.md G-1; wire.md, The contract",
    design: DESIGN,
    scope: SCOPE,
    killer: "merged",
    also: ["lockstep"],
    plant({ guest }) {
      const reporter = worker(guest, SyncHypercall);
      const proceed = reporter.proceed.bind(reporter);
      const run = reporter.run.bind(reporter);
      reporter.proceed = (cpu) => {
        reporter.run = () => undefined;
        proceed(cpu);
        reporter.run = run;
      };
    },
  },
  {
    id: "hypercall-left-twice",
    what: "A CPU that comes back is counted out twice: the count says that nobody is inside when somebody is.",
    source: "duyck-line.md G-6",
    design: DESIGN,
    killer: "rest",
    also: ["quiet"],
    plant({ guest }) {
      const reporter = worker(guest, SyncHypercall);
      const leave = reporter.leave.bind(reporter);
      reporter.leave = (cpu) => {
        leave(cpu);
        leave(cpu);
      };
    },
  },
];

export const SYNC_HYPERCALL_FAULTS: readonly Fault[] = [...CALLS, ...RETURNS];
