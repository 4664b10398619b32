/** Faults of Nitesh's v7: arrays on each CPU and one list of runs, under a sequence lock. */
import { ArraySeqlock } from "../../impl/designs/array-seqlock.ts";
import { worker, type Fault } from "./fault.ts";

const DESIGN = "array-seqlock";

/** When frees are noted. */
const ENTRIES: readonly Fault[] = [
  {
    id: "seqlock-notes-while-frozen",
    what: "A frozen guest goes on noting frees, and calls the host when an array is full.",
    source: "duyck-line.md G-20; nitesh-wei-host.md 4.1",
    design: DESIGN,
    killer: "quiet",
    plant({ guest }) {
      const reporter = worker(guest, ArraySeqlock);
      reporter.notes = () => reporter.device === "registered";
    },
  },
  {
    id: "seqlock-device-does-not-wait",
    what: "The device goes while a CPU is going through its array.",
    source: "nitesh-wei-host.md 4.1; duyck-line.md G-45",
    design: DESIGN,
    killer: "quiet",
    plant({ guest }) {
      worker(guest, ArraySeqlock).isDone = () => true;
    },
  },
];

/** What the writer does. */
const LOCK: readonly Fault[] = [
  {
    id: "seqlock-writer-does-not-wait",
    what: "The writer goes on whether the host has answered or not.",
    source: "duyck-line.md G-63; nitesh-wei-host.md 4.1 F3",
    design: DESIGN,
    killer: "well-formed",
    also: ["exclusion", "lockstep"],
    plant({ guest }) {
      const reporter = worker(guest, ArraySeqlock);
      reporter.canProceed = (cpu) => reporter.busy(cpu) && (reporter.stage(cpu) !== "lock" || reporter.isUnlocked());
    },
  },
  {
    id: "seqlock-block-in-hand-lost",
    what: "The entries are done, and the block that made the array full is never freed.",
    source: "nitesh-wei-host.md 4.1 F2, F3",
    design: DESIGN,
    killer: "conservation",
    plant({ guest: { allocator } }) {
      allocator.giveBack = () => undefined;
    },
  },
  {
    id: "seqlock-waiting-cpu-forgotten",
    what: "A CPU that has waited for the lock is not told that it is free.",
    source: "nitesh-wei-host.md 4.1 F2",
    design: DESIGN,
    scope: "two CPUs",
    killer: "rest",
    plant({ guest }) {
      const reporter = worker(guest, ArraySeqlock);
      const { canProceed } = reporter;
      reporter.canProceed = (cpu) => reporter.stage(cpu) !== "lock" && canProceed.call(reporter, cpu);
    },
  },
];

/** What is told to the host. */
const RUNS: readonly Fault[] = [
  {
    id: "seqlock-ranges-not-aligned",
    what: "A run is cut into blocks as large as its pages allow, wherever it begins.",
    source: "nitesh-wei-host.md 4.1 F3; wire.md, The contract",
    design: DESIGN,
    killer: "well-formed",
    plant({ guest }) {
      const { runs } = worker(guest, ArraySeqlock);
      runs.orderOfCut = (page, end) => Math.min(Math.floor(Math.log2(end - page)), guest.shape.maxOrder);
    },
  },
  {
    id: "seqlock-list-not-cleared",
    what: "A run of the last hypercall stays in the list, and is told again with the next one.",
    source: "nitesh-wei-host.md V7-4",
    design: DESIGN,
    scope: "one zone",
    killer: "lockstep",
    plant({ guest }) {
      const reporter = worker(guest, ArraySeqlock);
      reporter.clearList = () => reporter.runs.drop(reporter.runs.first(0));
    },
  },
  {
    id: "seqlock-runs-that-touch-stay-apart",
    what: "Only runs that overlap are merged: two halves of a block are never one range.",
    source: "nitesh-wei-host.md 4.1 F3, V7-5",
    design: DESIGN,
    scope: "one zone",
    killer: "lockstep",
    plant({ guest }) {
      const { runs } = worker(guest, ArraySeqlock);
      runs.joins = (last, run) => runs.first(run) < runs.end(last) && runs.isOneZone(runs.first(run), runs.first(last));
    },
  },
  {
    id: "seqlock-entries-outlive-the-device",
    what: "The device goes, and what was noted for it stays for the next one.",
    source: "nitesh-wei-host.md V7-4, BM-16",
    design: DESIGN,
    scope: "one zone",
    killer: "lockstep",
    plant({ guest }) {
      const reporter = worker(guest, ArraySeqlock);
      reporter.goAway = () => Object.getPrototypeOf(ArraySeqlock.prototype).goAway.call(reporter);
    },
  },
  {
    id: "seqlock-compared-before-merging",
    what: "The threshold is compared with the entries of the list before those that touch become one.",
    source: "nitesh-wei-host.md V7-5",
    design: DESIGN,
    scope: "far away",
    killer: "lockstep",
    plant({ guest }) {
      const reporter = worker(guest, ArraySeqlock);
      reporter.isWorthACall = () => true;
    },
  },
];

export const ARRAY_SEQLOCK_FAULTS: readonly Fault[] = [...ENTRIES, ...LOCK, ...RUNS];
