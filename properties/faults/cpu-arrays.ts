/** Faults of Nitesh's arrays on each CPU, v8 and v9. */
import { ArrayPercpuV9 } from "../../impl/designs/array-percpu-v9.ts";
import { ArrayPercpu } from "../../impl/designs/array-percpu.ts";
import { worker, type Fault } from "./fault.ts";

const DESIGN = "array-percpu";

const V8: readonly Fault[] = [
  {
    id: "percpu-returned-before-the-answer",
    what: "The thread gives the blocks back whether the host has answered or not.",
    source: "nitesh-wei-host.md V8-4",
    design: DESIGN,
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, ArrayPercpu);
      const { canProceed } = reporter;
      reporter.canProceed = (cpu) => reporter.arrays.request(cpu) !== 0 || canProceed.call(reporter, cpu);
    },
  },
  {
    id: "percpu-index-reset-too-early",
    what: "The array takes entries again before its blocks were handed over: they are overwritten.",
    source: "nitesh-wei-host.md V8-5",
    design: DESIGN,
    killer: "lockstep",
    also: ["missed", "rest", "stranded"],
    plant({ guest }) {
      const reporter = worker(guest, ArrayPercpu);
      const wakeThread = reporter.wakeThread.bind(reporter);
      reporter.wakeThread = (cpu) => {
        wakeThread(cpu);
        reporter.arrays.shorten(cpu, 1);
      };
    },
  },
  {
    id: "percpu-order-read-before-the-lock",
    what: "A block comes back with the order that its entry had, which may be stale.",
    source: "nitesh-wei-host.md V8-7",
    design: DESIGN,
    killer: "conservation",
    also: ["free-lists", "accounting", "merged"],
    plant({ guest }) {
      const reporter = worker(guest, ArrayPercpu);
      const { buddy } = guest;
      const freeBlock = buddy.freeBlock.bind(buddy);
      const returnNext = reporter.returnNext.bind(reporter);
      reporter.returnNext = (cpu) => {
        buddy.freeBlock = (zone, block, order, toTail, notify) =>
          freeBlock(zone, block, Math.max(order - 1, 0), toTail, notify);
        returnNext(cpu);
        buddy.freeBlock = freeBlock;
      };
    },
  },
  {
    id: "percpu-thread-never-woken",
    what: "The array is full, and nobody wakes the thread.",
    source: "nitesh-wei-host.md 4.2",
    design: DESIGN,
    killer: "lockstep",
    plant({ guest }) {
      worker(guest, ArrayPercpu).wakeThread = () => undefined;
    },
  },
  {
    id: "percpu-list-not-emptied",
    what: "The array is not emptied when its blocks have come back: it never takes an entry again.",
    source: "nitesh-wei-host.md 4.2 a",
    design: DESIGN,
    killer: "lockstep",
    also: ["missed"],
    plant({ guest }) {
      const reporter = worker(guest, ArrayPercpu);
      reporter.collectAnew = (cpu) => reporter.enter(cpu, 0);
    },
  },
  {
    id: "percpu-blocks-lost-without-a-device",
    what: "The device is gone when the thread is ready, and the blocks it has taken are forgotten.",
    source: "nitesh-wei-host.md 4.2; V9-4",
    design: DESIGN,
    killer: "quiet",
    also: ["rest", "stranded"],
    plant({ guest }) {
      const reporter = worker(guest, ArrayPercpu);
      const submitList = reporter.submitList.bind(reporter);
      reporter.submitList = (cpu) => {
        if (reporter.device === "registered") return submitList(cpu);
        reporter.arrays.forgetList(cpu);
        reporter.collectAnew(cpu);
      };
    },
  },
];

const V9: readonly Fault[] = [
  {
    id: "percpu-small-blocks-taken",
    what: "Entries are taken whatever order they have by then.",
    source: "nitesh-wei-host.md 4.3 E2",
    design: DESIGN,
    variant: "v9",
    killer: "well-formed",
    plant({ guest }) {
      const reporter = worker(guest, ArrayPercpuV9);
      reporter.takeEntry = (cpu, zone, block) => {
        if (guest.buddy.isFree(block) && reporter.take(zone, block, guest.buddy.orderOf(block))) {
          reporter.arrays.list(cpu, block);
        }
      };
    },
  },
  {
    id: "percpu-interrupt-without-an-answer",
    what: "The interrupt handler takes any request for an answered one.",
    source: "nitesh-wei-host.md 4.3 E4; duyck-line.md G-63",
    design: DESIGN,
    variant: "v9",
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, ArrayPercpuV9);
      reporter.firstAnswered = () => reporter.request;
    },
  },
  {
    id: "percpu-only-the-first-block-returned",
    what: "The handler frees the first block of an answered request and forgets the others.",
    source: "nitesh-wei-host.md 4.3 E4; HOST-8",
    design: DESIGN,
    variant: "v9",
    killer: "ownership",
    also: ["rest", "stranded", "exclusion"],
    plant({ guest }) {
      const reporter = worker(guest, ArrayPercpuV9);
      const returnNext = reporter.returnNext.bind(reporter);
      reporter.returnNext = () => {
        const request = reporter.handling;
        returnNext();
        reporter.closeRequest(request);
      };
    },
  },
  {
    id: "percpu-handed-over-in-silence",
    what: "Blocks that a CPU has taken are not handed to the host, and given back by nobody.",
    source: "nitesh-wei-host.md V9-6",
    design: DESIGN,
    variant: "v9",
    killer: "lockstep",
    also: ["rest", "stranded"],
    plant({ guest }) {
      const reporter = worker(guest, ArrayPercpuV9);
      reporter.submit = () => 0;
    },
  },
];

export const CPU_ARRAY_FAULTS: readonly Fault[] = [...V8, ...V9];
