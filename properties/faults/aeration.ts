/** Faults of the two aerators: bubble hinting, and treated buddies. */
import { Bubble } from "../../impl/designs/bubble.ts";
import { TreatedBuddy } from "../../impl/designs/treated-buddy.ts";
import { worker, type Fault } from "./fault.ts";

const BUBBLE: readonly Fault[] = [
  {
    id: "bubble-merged-block-marked",
    what: "A block that merges as it comes back is marked as reported, with all that it merged with.",
    source: "duyck-line.md C.2, G-33",
    design: "bubble",
    killer: "flag",
    plant({ guest }) {
      const reporter = worker(guest, Bubble);
      const { buddy } = guest;
      reporter.tellMerged = (zone, block) => {
        const merged = buddy.blockAround(block);
        reporter.standsReported(zone, merged, buddy.orderOf(merged), buddy.typeAt(merged));
      };
    },
  },
  {
    id: "bubble-clock-not-set",
    what: "A zone asks for a pass, and nobody sets the clock.",
    source: "duyck-line.md C.2, H.3 L-notify",
    design: "bubble",
    killer: "wakeup",
    plant({ guest }) {
      worker(guest, Bubble).schedulePass = () => undefined;
    },
  },
  {
    id: "bubble-request-never-seen-to",
    what: "A zone whose lists are exhausted goes on asking: the worker goes round for ever.",
    source: "duyck-line.md G-11",
    design: "bubble",
    killer: "rest",
    plant({ guest }) {
      worker(guest, Bubble).withdraw = () => undefined;
    },
  },
  {
    id: "bubble-drains-one-block",
    what: "Of an answered batch the first block is drained, and the others are left to the next answer.",
    source: "duyck-line.md G-32, G-40",
    design: "bubble",
    killer: "quiet",
    also: ["rest", "stranded"],
    plant({ guest }) {
      const reporter = worker(guest, Bubble);
      reporter.drain = () => {
        reporter.closeRequest();
        reporter.putBack(reporter.firstHeld);
      };
    },
  },
  {
    id: "bubble-shutdown-does-not-poll",
    what: "Unregistering does not wait until the pass that is under way is done.",
    source: "duyck-line.md G-7",
    design: "bubble",
    killer: "quiet",
    plant({ guest }) {
      worker(guest, Bubble).isDone = () => true;
    },
  },
];

const TREATED: readonly Fault[] = [
  {
    id: "treated-raw-half-counts-as-treated",
    what: "A treated block that merges with a raw one stays treated.",
    source: "duyck-line.md C.1, G-33, G-34",
    design: "treated-buddy",
    killer: "flag",
    plant({ guest: { buddy } }) {
      const absorb = buddy.absorb.bind(buddy);
      buddy.absorb = (zone, partner, order, type) => {
        absorb(zone, partner, order, type);
        return true;
      };
    },
  },
  {
    id: "treated-last-range-not-sent",
    what: "Of a batch of several blocks the last one is not handed to the host, and decanted as treated.",
    source: "duyck-line.md G-39, G-40",
    design: "treated-buddy",
    killer: "truthful-mark",
    plant({ guest }) {
      const reporter = worker(guest, TreatedBuddy);
      const ranges = reporter.ranges.bind(reporter);
      reporter.ranges = () => ranges().slice(0, Math.max(reporter.heldBlocks - 1, 1));
    },
  },
  {
    id: "treated-not-waited-for",
    what: "The interrupt decants a batch that the host has not answered.",
    source: "duyck-line.md G-63, C.1",
    design: "treated-buddy",
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, TreatedBuddy);
      const { canWork } = reporter;
      reporter.canWork = () => reporter.openRequests > 0 || canWork.call(reporter);
    },
  },
  {
    id: "treated-in-a-frozen-guest",
    what: "A free starts a treatment although the guest is frozen.",
    source: "duyck-line.md G-20",
    design: "treated-buddy",
    killer: "quiet",
    plant({ guest }) {
      const reporter = worker(guest, TreatedBuddy);
      reporter.listens = () => reporter.device === "registered";
    },
  },
  {
    id: "treated-shutdown-does-not-poll",
    what: "Unregistering does not wait for the batch that is being treated.",
    source: "duyck-line.md G-7, G-45",
    design: "treated-buddy",
    killer: "quiet",
    plant({ guest }) {
      worker(guest, TreatedBuddy).isDone = () => true;
    },
  },
];

export const AERATION_FAULTS: readonly Fault[] = [...BUBBLE, ...TREATED];
