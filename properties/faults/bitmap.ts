/** Faults of Nitesh's bitmap: mostly in v12, which breaks least by itself; of wakeups in v10, which breaks none. */
import { Bitmap } from "../../impl/designs/bitmap.ts";
import { MOVABLE } from "../../impl/state.ts";
import { worker, type Fault } from "./fault.ts";

const V12 = { design: "bitmap", variant: "v12" } as const;
const V10 = { design: "bitmap", variant: "v10" } as const;

/** Which bits are set, and when they go. */
const BITS: readonly Fault[] = [
  {
    id: "bitmap-last-block-has-no-bit",
    what: "The map is one bit too short: the last block of the memory has none.",
    source: "nitesh-wei-host.md BM-5",
    ...V12,
    scope: "one zone",
    killer: "missed",
    plant({ guest }) {
      const reporter = worker(guest, Bitmap);
      const note = reporter.note.bind(reporter);
      const last = guest.shape.pages - 2 ** reporter.reportOrder;
      reporter.note = (map, block) => (block < last ? note(map, block) : undefined);
    },
  },
  {
    id: "bitmap-only-the-smallest-noted",
    what: "A block that has merged beyond the smallest order sets no bit.",
    source: "nitesh-wei-host.md 5.2 B1; duyck-line.md G-48",
    ...V12,
    scope: "one zone",
    killer: "missed",
    plant({ guest }) {
      const reporter = worker(guest, Bitmap);
      const notify = reporter.notify.bind(reporter);
      reporter.notify = (zone, order, block) => (order > reporter.reportOrder ? undefined : notify(zone, order, block));
    },
  },
  {
    id: "bitmap-bit-cleared-outside-the-lock",
    what: "The bit is cleared once more after the section under the lock: what is freed in between loses its bit.",
    source: "nitesh-wei-host.md BM-12, BM-18",
    ...V12,
    scope: "one zone",
    killer: "missed",
    plant({ guest }) {
      const reporter = worker(guest, Bitmap);
      const takeFound = reporter.takeFound.bind(reporter);
      const find = reporter.find.bind(reporter);
      reporter.takeFound = () => {
        const looked = reporter.at;
        takeFound();
        reporter.find = () => {
          reporter.find = find;
          reporter.forget(looked);
          find();
        };
      };
    },
  },
  {
    id: "bitmap-absent-bit-found-for-ever",
    what: "The search finds the bit of memory that is gone, and does not move on.",
    source: "nitesh-wei-host.md BM-8",
    ...V12,
    killer: "rest",
    plant({ guest }) {
      worker(guest, Bitmap).passAbsent = () => undefined;
    },
  },
];

/** What makes a scan start. */
const STARTS: readonly Fault[] = [
  {
    id: "bitmap-threshold-must-be-passed",
    what: "The worker is queued only when more bits than the threshold are set: `>` for `>=`.",
    source: "nitesh-wei-host.md 5.2 B1b",
    ...V10,
    killer: "wakeup",
    plant({ guest }) {
      const reporter = worker(guest, Bitmap);
      const { highWater } = guest.view().settings;
      reporter.isOverThreshold = (map) => reporter.counter(map) > highWater;
    },
  },
  {
    id: "bitmap-work-never-queued",
    what: "Enough bits are set, and nobody queues the worker.",
    source: "nitesh-wei-host.md 5.2 B1b",
    ...V10,
    killer: "wakeup",
    plant({ guest }) {
      worker(guest, Bitmap).queueWork = () => undefined;
    },
  },
  {
    id: "bitmap-outlives-its-device",
    what: "The device goes and leaves its bits and counters to the next one, for which they start nothing.",
    source: "nitesh-wei-host.md BM-15, BM-16",
    ...V10,
    killer: "wakeup",
    plant({ guest }) {
      const reporter = worker(guest, Bitmap);
      reporter.goAway = () => Object.getPrototypeOf(Bitmap.prototype).goAway.call(reporter);
    },
  },
];

/** What a scan takes, and what becomes of it. */
const SCANS: readonly Fault[] = [
  {
    id: "bitmap-order-not-asked",
    what: "Whatever free block begins at a set bit is taken, however small it has become.",
    source: "nitesh-wei-host.md 5.2 B3",
    ...V12,
    killer: "well-formed",
    plant({ guest }) {
      worker(guest, Bitmap).isStillFree = (block) => guest.buddy.isFree(block);
    },
  },
  {
    id: "bitmap-batch-goes-on-in-the-next-map",
    what: "What is left of a batch at the end of a map is filled up from the next zone.",
    source: "nitesh-wei-host.md BM-9",
    ...V12,
    killer: "bounded-hold",
    plant({ guest }) {
      const reporter = worker(guest, Bitmap);
      const flush = reporter.flush.bind(reporter);
      reporter.flush = () => {
        const next = reporter.map + 1;
        if (next < guest.shape.zones && reporter.isOverThreshold(next)) reporter.enterMap(next);
        else flush();
      };
    },
  },
  {
    id: "bitmap-partial-batch-unreported",
    what: "At the end of a map a batch that is not full comes back without having been reported.",
    source: "nitesh-wei-host.md BM-18",
    ...V12,
    scope: "one zone",
    killer: "missed",
    alone: true,
    plant({ guest }) {
      const reporter = worker(guest, Bitmap);
      const flush = reporter.flush.bind(reporter);
      reporter.flush = () => (reporter.heldBlocks > 0 ? reporter.returnNext() : flush());
    },
  },
  {
    id: "bitmap-order-lost",
    what: "A block comes back with the smallest order, whatever it had when it was taken.",
    source: "nitesh-wei-host.md BM-17",
    ...V12,
    killer: "conservation",
    plant({ guest }) {
      const reporter = worker(guest, Bitmap);
      const freeQuietly = reporter.freeQuietly.bind(reporter);
      reporter.freeQuietly = (zone, block) => freeQuietly(zone, block, reporter.reportOrder);
    },
  },
  {
    id: "bitmap-type-read-too-early",
    what: "A block comes back to the movable list, as if its type were that which isolating it has given it.",
    source: "nitesh-wei-host.md BM-14",
    ...V12,
    killer: "migratetype",
    also: ["free-lists", "accounting"],
    plant({ guest }) {
      worker(guest, Bitmap).freeQuietly = (zone, block, order) =>
        guest.buddy.freeOne(zone, block, order, MOVABLE, false, false);
    },
  },
  {
    id: "bitmap-device-does-not-wait",
    what: "The bitmap is freed with the device while a scan is under way.",
    source: "nitesh-wei-host.md BM-16; duyck-line.md G-45",
    ...V12,
    killer: "quiet",
    plant({ guest }) {
      worker(guest, Bitmap).isDone = () => true;
    },
  },
];

export const BITMAP_FAULTS: readonly Fault[] = [...BITS, ...STARTS, ...SCANS];
