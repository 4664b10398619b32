/** Faults of Wei Wang's hints, in the repaired form, which breaks nothing by itself. */
import { GetPutHints, RepairedHints } from "../../impl/designs/get-put-hints.ts";
import { worker, type Fault } from "./fault.ts";

const REPAIRED = { design: "get-put-hints", variant: "repaired" } as const;

/** Which blocks have a bit. */
const BITS: readonly Fault[] = [
  {
    id: "hints-largest-blocks-not-noted",
    what: "A free that ends in a block of the largest order finds no memory for its bits, and sets none.",
    source: "nitesh-wei-host.md XB-3",
    ...REPAIRED,
    killer: "missed",
    plant({ guest }) {
      const reporter = worker(guest, GetPutHints);
      const notify = reporter.notify.bind(reporter);
      reporter.notify = (zone, order, block) =>
        order === guest.shape.maxOrder ? undefined : notify(zone, order, block);
    },
  },
  {
    id: "hints-refused-block-forgotten",
    what: "A block that the watermark refuses loses its bit, as in the bitmap of 2018.",
    source: "nitesh-wei-host.md 5.4, 6 X4",
    ...REPAIRED,
    killer: "missed",
    plant({ guest }) {
      const reporter = worker(guest, RepairedHints);
      const choose = reporter.choose.bind(reporter);
      reporter.choose = (zone, page, around) => {
        const end = choose(zone, page, around);
        return reporter.isHeld(around) ? end : reporter.drop(page);
      };
    },
  },
  {
    id: "hints-put-without-bits",
    what: "What is put back is on its list again, but has no bit: nobody gets it as a hint any more.",
    source: "nitesh-wei-host.md XB-4, 6 X6",
    ...REPAIRED,
    killer: "lockstep",
    plant({ guest }) {
      const reporter = worker(guest, RepairedHints);
      reporter.put = () => {
        while (reporter.heldBlocks > 0) reporter.putBack(reporter.firstHeld, false);
      };
    },
  },
];

/** What a `get` takes. */
const GETS: readonly Fault[] = [
  {
    id: "hints-of-isolated-memory",
    what: "Blocks of isolated pageblocks are taken too, though they are about to go.",
    source: "duyck-line.md A.6, G-8",
    ...REPAIRED,
    killer: "ownership",
    also: ["exclusion", "watermark"],
    plant({ guest }) {
      worker(guest, RepairedHints).mayGo = () => true;
    },
  },
  {
    id: "hints-one-too-many",
    what: "A get goes on until it has more hints than a request holds.",
    source: "nitesh-wei-host.md BM-21, 6 X4",
    ...REPAIRED,
    killer: "bounded-hold",
    plant({ guest }) {
      const reporter = worker(guest, RepairedHints);
      reporter.isFull = () => reporter.heldBlocks > guest.shape.geometry.capacity;
    },
  },
  {
    id: "hints-of-two-zones",
    what: "A get that has not filled its request goes on in the next zone.",
    source: "nitesh-wei-host.md BM-9, 6 X4",
    ...REPAIRED,
    killer: "bounded-hold",
    plant({ guest }) {
      const reporter = worker(guest, RepairedHints);
      const get = reporter.get.bind(reporter);
      reporter.get = () => {
        get();
        if (reporter.heldBlocks > 0 && reporter.zone + 1 < guest.shape.zones) reporter.chooseFrom(reporter.zone + 1);
      };
    },
  },
];

/** What the host says, and when it is heard. */
const ROUNDS: readonly Fault[] = [
  {
    id: "hints-put-before-the-answer",
    what: "Hints are put back whether the host has looked at them or not.",
    source: "nitesh-wei-host.md XB-6, 6 X6",
    ...REPAIRED,
    killer: "exclusion",
    plant({ guest }) {
      const reporter = worker(guest, RepairedHints);
      const { canWork } = reporter;
      reporter.canWork = () => reporter.openRequests > 0 || canWork.call(reporter);
    },
  },
  {
    id: "hints-without-a-device",
    what: "A round is begun whether there is a device or not.",
    source: "nitesh-wei-host.md FPH-8; duyck-line.md G-7",
    ...REPAIRED,
    killer: "quiet",
    plant({ guest }) {
      const reporter = worker(guest, RepairedHints);
      reporter.hint = (command) => (command === "start" ? reporter.startRound() : reporter.stopRound());
    },
  },
  {
    id: "hints-lost-with-the-device",
    what: "The device leaves while hints are under way, and they are not put back.",
    source: "nitesh-wei-host.md FPH-8",
    ...REPAIRED,
    killer: "quiet",
    also: ["rest", "stranded"],
    plant({ guest }) {
      const reporter = worker(guest, RepairedHints);
      const put = reporter.put.bind(reporter);
      reporter.put = () => (reporter.device === "leaving" ? undefined : put());
    },
  },
];

export const GET_PUT_HINTS_FAULTS: readonly Fault[] = [...BITS, ...GETS, ...ROUNDS];
