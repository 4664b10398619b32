/**
 * Wei Wang's free page hinting: the host starts a round, and a worker in the guest allocates every largest block that
 * it can get, tells the host of each, and parks it. When the host is done, what is parked goes back.
 *
 * The host may treat a hinted page as worthless, but nobody waits for it: a shrinker may take a parked block back before
 * the host has looked at the hint, and then its next owner's data is what the host finds there (FPH-9).
 *
 *     free ─▶ taken: allocated, one at a time ─▶ hinted ─▶ parked ─▶ freed: the host is done, or memory is short
 *                       └─▶ freed: the ring is full
 *
 * The worker, one line a step; only `wait`, of the variant wait-on-ack, waits for the host:
 *
 *     rest ─▶ read ─▶ take ─▶ kick ─▶ [wait ─▶] park ─▶ take …     until no block is left, or the host says otherwise
 *                └──▶ release ⟲                                    the host is done
 *
 * The host's word is a number in the config space: 0 stop, 1 done, else the id of a round; here the rounds are counted.
 * The ring has room for `capacity` hints, beside the slot that is kept for the id.
 *
 * Source: `nitesh-wei-host.md` 2; the steps in parentheses are those of 2.2. wait-on-ack is the cure of 2.5.
 */
import { match } from "ts-pattern";
import { NONE } from "../alphabet/guest.ts";
import type { Pfn } from "../alphabet/units.ts";
import { allocateFor } from "../alloc.ts";
import { arrive, leave, mayBegin, restingReporter } from "../reporter.ts";
import type { Design } from "../reporter.ts";
import type { Turn } from "../state.ts";
import { firstAnswer, freeHeld, keep, settle, submit } from "./holding.ts";
import { releaseNext, shrink, startLeaving } from "./parking.ts";
import type { ParkingReporter } from "./parking.ts";

interface FreePageHint extends ParkingReporter {
  phase: "rest" | "read" | "take" | "kick" | "wait" | "park" | "release";
  /** READ_CMD_ID: the config has changed since the worker read it. */
  read: boolean;
  /** How many rounds the host has started: the id of the last one. */
  starts: number;
  /** cmd_id_active: the id of the round that was echoed last. */
  active: number;
  /** The block between its allocation and its parking, which nobody but the worker sees; or NONE. */
  taken: Pfn;
}

/** Whether a block is parked before the host has answered. */
interface Form {
  readonly variant: "plain" | "wait-on-ack";
  readonly title: string;
  readonly waits: boolean;
}

export const freePageHintPlain = freePageHint({
  variant: "plain",
  title: "free page hinting, nobody waits for the host: Wei Wang",
  waits: false,
});

export const freePageHintWaitOnAck = freePageHint({
  variant: "wait-on-ack",
  title: "free page hinting, each block waits for the host: HINT_WAIT_ON_ACK",
  waits: true,
});

function freePageHint(form: Form): Design<FreePageHint> {
  return {
    id: "free-page-hint",
    variant: form.variant,
    title: form.title,
    source: "nitesh-wei-host.md 2; seed 000",
    claims: [],
    hearsRefusals: false,
    movesTo: "tail",
    movesKeepMark: true,
    takes: "allocates",
    callersWait: false,
    marks: "never",
    hears: ["hint", "pressure"],
    perCpu: false,

    start: (geometry) => ({
      ...restingReporter(geometry),
      phase: "rest",
      command: "none",
      read: false,
      starts: 0,
      active: 0,
      parked: [],
      taken: NONE,
    }),

    canWork: (mine) =>
      match(mine.phase)
        .with("rest", () => mayBegin(mine))
        .with("read", "take", "kick", "park", "release", () => true)
        .with("wait", () => firstAnswer(mine) !== "none")
        .exhaustive(),

    work: (turn, mine) =>
      match(mine.phase)
        .with("rest", () => begin(mine))
        .with("read", () => read(turn, mine))
        .with("take", () => take(turn, mine))
        .with("kick", () => kick(turn, mine, form))
        .with("wait", () => acked(mine))
        .with("park", () => park(mine))
        .with("release", () => release(turn, mine))
        .exhaustive(),

    /** (G1) The config interrupt. */
    hint(_turn, mine, command) {
      if (mine.device !== "registered") {
        return;
      }
      if (command === "start") {
        mine.starts++;
      }
      mine.command = command;
      mine.read = true;
      if (mine.phase === "rest") {
        mine.timer = 0;
      }
    },

    /** (Shrinker, under the list lock) From free_page_list, whether or not the host has looked at the blocks. */
    pressure: shrink,

    /** (Acks are ignored.) An answer that comes late only frees its place in the ring. */
    acked(_turn, mine, request) {
      if (mine.phase === "rest") {
        settle(mine, request);
      }
    },

    unregister(turn, mine) {
      if (mine.device !== "registered") {
        return;
      }
      mine.command = "done";
      mine.read = false;
      startLeaving(turn, mine);
    },

    register(turn, mine) {
      if (mine.device === "unregistered") {
        mine.command = "none";
        mine.read = false;
        arrive(turn, mine);
      }
    },

    describe: (mine) => ({
      device: mine.device,
      timer: mine.timer,
      phase: mine.phase,
      command: mine.command,
      read: mine.read,
      starts: mine.starts,
      active: mine.active,
      parked: [...mine.parked],
      taken: mine.taken,
      open: mine.requests.map(({ number }) => number),
    }),
  };
}

/** The worker starts: to read the config, or, as the device goes, to free what is parked. */
function begin(mine: FreePageHint): void {
  mine.timer = -1;
  mine.phase = mine.device === "leaving" ? "release" : "read";
}

/** (G2, G3) What does the host want? (G4) A round that is new is echoed. */
function read(turn: Turn, mine: FreePageHint): void {
  mine.read = false;
  if (mine.device === "leaving") {
    rest(turn, mine);
  } else if (mine.command === "done") {
    mine.phase = "release";
  } else if (mine.command === "start" && mine.starts !== mine.active) {
    mine.active = mine.starts;
    mine.phase = "take";
  } else {
    rest(turn, mine);
  }
}

/** (G5) Unless the host has said something else, (G6) the used ring is drained, (G7) a block is allocated. */
function take(turn: Turn, mine: FreePageHint): void {
  const { maxOrder } = turn.geometry;
  if (mine.device === "leaving" || mine.read || mine.command !== "start" || mine.starts !== mine.active) {
    rest(turn, mine);
    return;
  }
  drainRing(mine);
  const pfn = allocateFor(turn, maxOrder, "unmovable");
  if (pfn === NONE) {
    rest(turn, mine);
  } else {
    keep(turn, mine, pfn, maxOrder);
    mine.taken = pfn;
    mine.phase = "kick";
  }
}

/** (G8) The hint goes to the host; where the ring is full, the block is freed, and the worker tries again (FPH-13). */
function kick(turn: Turn, mine: FreePageHint, form: Form): void {
  drainRing(mine);
  if (mine.requests.length < turn.geometry.capacity) {
    submit(turn, mine, [mine.taken]);
    mine.phase = form.waits ? "wait" : "park";
  } else {
    freeHeld(turn, mine, mine.taken);
    mine.taken = NONE;
    mine.phase = "take";
  }
}

/** (2.5) wait-on-ack: no other request is open. */
function acked(mine: FreePageHint): void {
  settle(mine, 1);
  mine.phase = "park";
}

/** (G8, under the list lock) From here on the shrinker sees the block. */
function park(mine: FreePageHint): void {
  mine.parked.push(mine.taken);
  mine.taken = NONE;
  mine.phase = "take";
}

/** (G3, DONE) The next parked block is freed. */
function release(turn: Turn, mine: FreePageHint): void {
  if (!releaseNext(turn, mine)) {
    rest(turn, mine);
  }
}

/** (G9) The worker stops; what the host has said meanwhile starts it again. */
function rest(turn: Turn, mine: FreePageHint): void {
  drainRing(mine);
  mine.phase = "rest";
  if (mine.read) {
    mine.timer = 0;
  } else if (mine.device === "leaving" && mine.parked.length > 0) {
    mine.phase = "release";
  } else if (mine.device === "leaving") {
    leave(turn, mine);
  } else if (mine.batch.length === 0) {
    turn.events.push({ event: "idle" });
  }
}

/** (G6, G9) What the host has answered leaves the ring; what the answer was, nobody looks at. */
function drainRing(mine: FreePageHint): void {
  mine.requests = mine.requests.filter(({ answer }) => answer === "none");
}
