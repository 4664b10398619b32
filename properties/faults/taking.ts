/** Faults of the designs that take memory like any caller: the balloon, free page hinting, Linus' array. */
import { ArrayPutBack } from "../../impl/designs/array-put-back.ts";
import { Balloon } from "../../impl/designs/balloon.ts";
import { FreePageHint } from "../../impl/designs/free-page-hint.ts";
import { IncrementalArray } from "../../impl/designs/incremental-array.ts";
import { worker, type Fault } from "./fault.ts";

const BALLOON: readonly Fault[] = [
  {
    id: "balloon-numbers-before-pages",
    what: "The number of pages in a request is raised before the last page is written down: the host reads the first page of the machine.",
    source: "nitesh-wei-host.md BAL-2",
    design: "balloon",
    killer: "well-formed",
    also: ["ownership", "exclusion"],
    plant({ guest }) {
      const reporter = worker(guest, Balloon);
      const lastRanges = reporter.lastRanges.bind(reporter);
      const pfn = guest.shape.pfnOf(0);
      reporter.lastRanges = (blocks) => [...lastRanges(blocks).slice(0, -1), { pfn, order: reporter.reportOrder }];
    },
  },
  {
    id: "balloon-target-not-rounded",
    what: "A target between two units is kept as it is: one page too few, then one too many, for ever.",
    source: "nitesh-wei-host.md BAL-6",
    design: "balloon",
    killer: "lockstep",
    plant({ guest }) {
      worker(guest, Balloon).rounded = (pages) => pages;
    },
  },
  {
    id: "balloon-freed-before-the-answer",
    what: "Pages leave the balloon as soon as the host is told, whether it has answered or not.",
    source: "nitesh-wei-host.md 8.2 N12, 1.2",
    design: "balloon",
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, Balloon);
      const canWork = reporter.canWork.bind(reporter);
      reporter.canWork = () => reporter.leaking > 0 || canWork();
    },
  },
  {
    id: "balloon-left-full",
    what: "The driver is removed and leaves its pages in the balloon.",
    source: "nitesh-wei-host.md 1.2, FPH-8",
    design: "balloon",
    killer: "quiet",
    plant({ guest }) {
      const reporter = worker(guest, Balloon);
      reporter.unregister = () => {
        if (reporter.device === "registered") reporter.goAway();
      };
    },
  },
  {
    id: "balloon-notifier-ignores-the-worker",
    what: "The notifier promises memory, but the worker that would give it back never hears of it.",
    source: "nitesh-wei-host.md BAL-1, BAL-7",
    design: "balloon",
    killer: "lockstep",
    also: ["stranded", "rest"],
    plant({ guest }) {
      worker(guest, Balloon).wantBack = () => undefined;
    },
  },
  {
    id: "balloon-target-never-reached-from-above",
    what: "The worker inflates, but never deflates for a lower target.",
    source: "nitesh-wei-host.md 8.2 N09",
    design: "balloon",
    killer: "rest",
    also: ["stranded"],
    plant({ guest }) {
      const reporter = worker(guest, Balloon);
      const { mustDeflate } = reporter;
      reporter.mustDeflate = () => reporter.target >= reporter.actual && mustDeflate.call(reporter);
    },
  },
];

const HINTING: readonly Fault[] = [
  {
    id: "hint-parked-before-the-answer",
    what: "The worker promises to wait for the host and does not: a shrinker may return the block before the host has looked at it.",
    source: "nitesh-wei-host.md 2.5, FPH-9",
    design: "free-page-hint",
    variant: "wait-on-ack",
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, FreePageHint);
      reporter.afterKick = () => FreePageHint.prototype.afterKick.call(reporter);
    },
  },
  {
    id: "hint-shrinker-takes-the-block-in-hand",
    what: "The shrinker counts the block in hand, that the host still has, among those that are parked.",
    source: "nitesh-wei-host.md 2.2, 2.5",
    design: "free-page-hint",
    variant: "wait-on-ack",
    killer: "exclusion",
    also: ["free-lists", "conservation"],
    plant({ guest }) {
      const reporter = worker(guest, FreePageHint);
      const pressure = reporter.pressure.bind(reporter);
      reporter.pressure = (pages) => {
        if (reporter.parked === 0 && reporter.hasInHand && pages > 0) reporter.giveBack(reporter.lastHeld);
        else pressure(pages);
      };
    },
  },
  {
    id: "hint-done-not-heard",
    what: "The host is done, and the guest is never told: it believes for ever that it has no memory.",
    source: "nitesh-wei-host.md FPH-3",
    design: "free-page-hint",
    variant: "wait-on-ack",
    killer: "rest",
    also: ["stranded"],
    plant({ guest }) {
      const reporter = worker(guest, FreePageHint);
      const hint = reporter.hint.bind(reporter);
      reporter.hint = (command) => (command === "done" ? undefined : hint(command));
    },
  },
  {
    id: "hint-unloaded-with-parked-blocks",
    what: "The module is unloaded while it hints, and what is parked is lost.",
    source: "nitesh-wei-host.md FPH-8",
    design: "free-page-hint",
    variant: "wait-on-ack",
    killer: "quiet",
    also: ["rest", "stranded"],
    plant({ guest }) {
      const reporter = worker(guest, FreePageHint);
      reporter.unregister = () => {
        if (reporter.device === "registered") reporter.goAway();
      };
    },
  },
  {
    id: "hint-any-id-starts-a-round",
    what: "The command that was answered already begins a round anew.",
    source: "nitesh-wei-host.md FPH-1",
    design: "free-page-hint",
    variant: "wait-on-ack",
    killer: "lockstep",
    plant({ guest }) {
      const reporter = worker(guest, FreePageHint);
      reporter.startsNewRound = () => reporter.command !== "none";
    },
  },
  {
    id: "hint-kept-in-a-full-ring",
    what: "The ring is full, and the block that found no place is parked without a word to the host.",
    source: "nitesh-wei-host.md 2.2 G8",
    design: "free-page-hint",
    killer: "lockstep",
    plant({ guest }) {
      const reporter = worker(guest, FreePageHint);
      const kick = reporter.kick.bind(reporter);
      reporter.kick = () => (reporter.hasRoom() ? kick() : reporter.park());
    },
  },
];

const ARRAY: readonly Fault[] = [
  {
    id: "array-takes-the-reserve",
    what: "The last of the largest blocks are taken too.",
    source: "nitesh-wei-host.md L-1",
    design: "incremental-array",
    variant: "put-back",
    killer: "lockstep",
    plant({ guest }) {
      worker(guest, ArrayPutBack).reserve = () => 0;
    },
  },
  {
    id: "array-names-blocks-it-does-not-have",
    what: "Addresses of free blocks go to the host, and the blocks stay on their lists.",
    source: "nitesh-wei-host.md L-2",
    design: "incremental-array",
    variant: "put-back",
    killer: "ownership",
    plant({ guest }) {
      const reporter = worker(guest, ArrayPutBack);
      reporter.take = (_zone, block, order) => {
        reporter.submit([{ pfn: guest.shape.pfnOf(block), order }]);
        return false;
      };
    },
  },
  {
    id: "array-reports-what-was-reported",
    what: "No block is told apart by its mark: the same ones are reported for ever.",
    source: "nitesh-wei-host.md L-3",
    design: "incremental-array",
    variant: "put-back",
    killer: "rest",
    plant({ guest }) {
      worker(guest, ArrayPutBack).isNew = () => true;
    },
  },
  {
    id: "array-request-never-closed",
    what: "The array of a request is used again before the host has given it back.",
    source: "nitesh-wei-host.md 3",
    design: "incremental-array",
    variant: "put-back",
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, ArrayPutBack);
      const canWork = reporter.canWork.bind(reporter);
      reporter.canWork = () => reporter.openRequests > 0 || canWork();
    },
  },
  {
    id: "array-fresh-blocks-freed",
    what: "The shrinker frees blocks of which the host has not answered yet.",
    source: "nitesh-wei-host.md 3, step 4",
    design: "incremental-array",
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, IncrementalArray);
      reporter.pressure = () => {
        if (reporter.openRequests > 0 && reporter.fresh > 1) reporter.giveBack(reporter.lastHeld);
      };
    },
  },
];

export const TAKING_FAULTS: readonly Fault[] = [...BALLOON, ...HINTING, ...ARRAY];
