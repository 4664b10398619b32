/**
 * The classic balloon: the host sets a target, and a worker in the guest allocates pages as any caller does until it
 * has that many. What is in the balloon looks allocated to everybody: if a caller finds nothing, he is told that memory
 * is out, unless the variant deflates for him.
 *
 *     free ─▶ private: allocated, the host does not know of it ─▶ in the balloon: the host has it
 *              ▲                                                   │ deflate: told first,
 *              └──────────────── freed, page by page ◀─ leaving ◀──┘ and freed when it has answered
 *
 * The worker, one line a step; in `wait` and `tell-wait` it waits for the host, under the balloon's mutex:
 *
 *     rest ─▶ NEXT ─▶ inflate ⟲ ─▶ send ─▶ wait ─▶ NEXT          the target is above what it has
 *                └──▶ tell ─▶ tell-wait ─▶ leak ⟲ ─▶ NEXT        it is below, or somebody wants pages back
 *
 * NEXT is not a step: it ends one, by looking what is to be done. The unit is one block of the report order.
 *
 * What is wrong with it is kept: pages in `private` are seen by no callback (BAL-3), and a host that never answers
 * blocks the worker for ever.
 *
 * Source: `nitesh-wei-host.md` 1; the steps in parentheses are those of 1.2.
 */
import { match } from "ts-pattern";
import { spannedPages } from "../alphabet/geometry.ts";
import { NONE } from "../alphabet/guest.ts";
import { pagesOf } from "../alphabet/units.ts";
import type { Pages, Pfn } from "../alphabet/units.ts";
import { allocateFor } from "../alloc.ts";
import { arrive, leave, mayBegin, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import type { Turn } from "../state.ts";
import { describeRequest, firstAnswer, freeHeld, keep, settle, submit } from "./holding.ts";

interface Balloon extends Reporter {
  phase: "rest" | "inflate" | "send" | "wait" | "tell" | "tell-wait" | "leak";
  /** How much the host wants, a multiple of the unit. */
  target: Pages;
  /** What is in the balloon, in the order in which it came. */
  balloon: Pfn[];
  /** Allocated, and not in the balloon yet. */
  private: Pfn[];
  /** On the way out: not in the balloon any more, and not free yet. */
  leak: Pfn[];
  /** How much callers out of memory, or a shrinker, want back. */
  wanted: Pages;
  /** The last allocation failed: sleep, once what is there has been sent. */
  puff: boolean;
}

/** How pages come back other than by a lower target. */
interface Form {
  readonly variant: "oom" | "shrinker" | "plain";
  readonly title: string;
  /** DEFLATE_ON_OOM: who finds no memory gets some of the balloon's. */
  readonly deflatesOnOom: boolean;
  /** Linux 4.20: any memory pressure deflates the balloon (BAL-4). */
  readonly shrinks: boolean;
}

export const balloonOom = balloon({
  variant: "oom",
  title: "the classic balloon, deflated where memory is out",
  deflatesOnOom: true,
  shrinks: false,
});

export const balloonShrinker = balloon({
  variant: "shrinker",
  title: "the classic balloon, with a shrinker: Linux 4.20",
  deflatesOnOom: false,
  shrinks: true,
});

export const balloonPlain = balloon({
  variant: "plain",
  title: "the classic balloon: only the host deflates it",
  deflatesOnOom: false,
  shrinks: false,
});

function balloon(form: Form): Design<Balloon> {
  return {
    id: "balloon",
    variant: form.variant,
    title: form.title,
    source: "nitesh-wei-host.md 1; seed 000",
    claims: [],
    hearsRefusals: false,
    movesTo: "tail",
    movesKeepMark: true,
    takes: "allocates",
    callersWait: false,
    marks: "never",
    hears: form.shrinks ? ["balloon", "pressure"] : ["balloon"],
    perCpu: false,

    start: (geometry) => ({ ...restingReporter(geometry), phase: "rest", ...empty() }),

    canWork: (mine) =>
      match(mine.phase)
        .with("rest", () => mayBegin(mine))
        .with("inflate", "send", "tell", "leak", () => true)
        .with("wait", "tell-wait", () => firstAnswer(mine) !== "none")
        .exhaustive(),

    work: (turn, mine) =>
      match(mine.phase)
        .with("rest", () => begin(turn, mine))
        .with("inflate", () => inflate(turn, mine))
        .with("send", () => send(turn, mine))
        .with("wait", () => sent(turn, mine))
        .with("tell", () => tell(turn, mine))
        .with("tell-wait", () => told(turn, mine))
        .with("leak", () => leak(turn, mine))
        .exhaustive(),

    /** (1.2 step 1, config change) The target is rounded up to whole units (BAL-6). */
    balloon(turn, mine, pages) {
      if (mine.device === "registered") {
        const wanted = Math.ceil(pages / unit(mine)) * unit(mine);
        mine.target = Math.min(wanted, spannedPages(turn.geometry));
        wakeWorker(mine);
      }
    },

    /** (Shrinker, BAL-4) */
    pressure(_turn, mine, pages) {
      if (form.shrinks && mine.device === "registered" && mine.balloon.length > 0) {
        wantBack(mine, Math.ceil(pages / unit(mine)) * unit(mine));
      }
    },

    /** (OOM notifier) One request's worth from the balloon; what is private it can't see (BAL-3). */
    outOfMemory(turn, mine) {
      if (!form.deflatesOnOom) {
        return false;
      }
      if (mine.balloon.length > 0) {
        wantBack(mine, turn.geometry.capacity * unit(mine));
        return true;
      }
      return mine.phase === "tell" || mine.phase === "tell-wait" || mine.phase === "leak";
    },

    unregister(turn, mine) {
      if (mine.device !== "registered") {
        return;
      }
      mine.device = "leaving";
      if (mine.phase === "rest" && mine.balloon.length === 0) {
        leave(turn, mine);
      } else {
        wakeWorker(mine);
      }
    },

    register(turn, mine) {
      if (mine.device === "unregistered") {
        Object.assign(mine, empty());
        arrive(turn, mine);
      }
    },

    describe: (mine) => ({
      device: mine.device,
      timer: mine.timer,
      phase: mine.phase,
      target: mine.target,
      ballooned: mine.balloon.length,
      private: mine.private.length,
      leak: mine.leak.length,
      wanted: mine.wanted,
      puff: mine.puff,
      ...describeRequest(mine),
    }),
  };
}

function empty(): Omit<Balloon, keyof Reporter> {
  return { target: 0, balloon: [], private: [], leak: [], wanted: 0, puff: false };
}

/** Pages in one block of the balloon. */
function unit({ reportOrder }: Readonly<Balloon>): Pages {
  return pagesOf(reportOrder);
}

/** `actual`: what the balloon has, or will have when the worker has sent it. */
function actual(mine: Readonly<Balloon>): Pages {
  return unit(mine) * (mine.balloon.length + mine.private.length);
}

/** At rest, or asleep after an allocation that failed, the worker starts at once; at work it will look anyway. */
function wakeWorker(mine: Balloon): void {
  if (mine.phase === "rest") {
    mine.timer = 0;
  }
}

function wantBack(mine: Balloon, pages: Pages): void {
  mine.wanted = Math.max(mine.wanted, pages);
  wakeWorker(mine);
}

function begin(turn: Turn, mine: Balloon): void {
  mine.timer = -1;
  lookNext(turn, mine);
}

/** NEXT. Nothing is private here, and nothing is on its way out. */
function lookNext(turn: Turn, mine: Balloon): void {
  const isEmpty = mine.balloon.length === 0;
  if (isEmpty) {
    mine.wanted = 0;
  }
  if (mine.wanted > 0 || (mine.device === "leaving" && !isEmpty)) {
    mine.phase = "tell";
  } else if (mine.device === "leaving") {
    mine.phase = "rest";
    leave(turn, mine);
  } else if (mine.target > actual(mine)) {
    mine.phase = "inflate";
  } else if (mine.target < actual(mine)) {
    mine.phase = "tell";
  } else {
    rest(turn, mine, isEmpty);
  }
}

/** A balloon with pages in it is not idle, although there is nothing to do. */
function rest(turn: Turn, mine: Balloon, isEmpty: boolean): void {
  mine.phase = "rest";
  if (isEmpty) {
    turn.events.push({ event: "idle" });
  }
}

/** (1.2 step 2, as fixed in 2017) One page to the private list, without a lock. */
function inflate(turn: Turn, mine: Balloon): void {
  if (hasEnough(turn, mine)) {
    sendPrivate(turn, mine);
    return;
  }
  const pfn = allocateFor(turn, mine.reportOrder, "movable");
  if (pfn === NONE) {
    outOfPuff(turn, mine);
  } else {
    keep(turn, mine, pfn, mine.reportOrder);
    mine.private.push(pfn);
  }
}

/** True where no further page is to be allocated: the request is full, the target is met, or pages are to go back. */
function hasEnough(turn: Turn, mine: Readonly<Balloon>): boolean {
  return (
    (mine.wanted > 0 && mine.balloon.length > 0) ||
    mine.device === "leaving" ||
    mine.target <= actual(mine) ||
    mine.private.length === turn.geometry.capacity
  );
}

function sendPrivate(turn: Turn, mine: Balloon): void {
  if (mine.private.length > 0) {
    mine.phase = "send";
  } else {
    lookNext(turn, mine);
  }
}

/** (1.2 step 4) An allocation failed: the worker sends what it has, sleeps, and tries again. */
function outOfPuff(turn: Turn, mine: Balloon): void {
  if (mine.private.length > 0) {
    mine.puff = true;
    mine.phase = "send";
  } else {
    sleep(turn, mine);
  }
}

function sleep(turn: Turn, mine: Balloon): void {
  mine.puff = false;
  mine.phase = "rest";
  mine.timer = Math.max(turn.settings.delay, 1);
}

/** (1.2 steps 2 and 3, mutex) The private pages are in the balloon now, and the host is told. */
function send(turn: Turn, mine: Balloon): void {
  submit(turn, mine, mine.private);
  mine.balloon.push(...mine.private);
  mine.private = [];
  mine.phase = "wait";
}

/** (1.2 step 4) The host has answered. */
function sent(turn: Turn, mine: Balloon): void {
  settle(mine, 1);
  if (mine.puff) {
    sleep(turn, mine);
  } else {
    lookNext(turn, mine);
  }
}

/** (1.2 Deflate, mutex) The youngest pages leave the balloon; the host is told first, and may touch them until then. */
function tell(turn: Turn, mine: Balloon): void {
  const blocks = Math.min(turn.geometry.capacity, Math.ceil(excess(mine) / unit(mine)), mine.balloon.length);
  if (blocks <= 0) {
    // The target was raised in the meantime.
    lookNext(turn, mine);
    return;
  }
  mine.leak = mine.balloon.slice(-blocks);
  mine.balloon = mine.balloon.slice(0, -blocks);
  mine.wanted = Math.max(0, mine.wanted - unit(mine) * blocks);
  submit(turn, mine, mine.leak);
  mine.phase = "tell-wait";
}

/** How much is to leave the balloon: all of it, what is wanted back, or what is above the target. */
function excess(mine: Readonly<Balloon>): Pages {
  if (mine.device === "leaving") {
    return actual(mine);
  }
  return mine.wanted > 0 ? mine.wanted : actual(mine) - mine.target;
}

/** (1.2 Deflate) The host has answered. */
function told(turn: Turn, mine: Balloon): void {
  settle(mine, 1);
  mine.phase = "leak";
  leak(turn, mine);
}

/** (1.2 Deflate) The next page goes back to the page allocator. */
function leak(turn: Turn, mine: Balloon): void {
  freeHeld(turn, mine, mine.leak[0]);
  mine.leak = mine.leak.slice(1);
  if (mine.leak.length === 0) {
    lookNext(turn, mine);
  }
}
