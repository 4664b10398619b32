/**
 * Wei Wang's counter-proposal: a bit for each block that is free and not given out as a hint. The host asks; the guest
 * gets hints from the bitmap, `capacity` at a time, sends them, and puts them back when the host is done.
 *
 * Nothing leaves the free lists. As it is written, a cleared bit is all that says "the host has it", and the allocator
 * does not look at bits: whoever allocates the block meanwhile shares it with the host (XB-1).
 *
 *     as written   free, bit 1 ─▶ get: bit 0, still on its list ─▶ at the host ─▶ put: bit 1, whoever has it by now
 *     repaired     free, bit 1 ─▶ get: taken off its list, bits 0 ─▶ at the host ─▶ put: back on its list, bits 1
 *     migration    free, bit 1 ─▶ get: bit 1 still ─▶ the host clears its dirty bitmap ─▶ nothing to put
 *
 * The worker, one line a step; in `wait` it waits for the host, which has started it in the first place:
 *
 *     rest ─▶ get ─▶ send ─▶ wait ─▶ get …           until the zones end, or the host says stop or done
 *
 * Source: `nitesh-wei-host.md` 6, whose steps are named in parentheses (X1 to X6); seed 003. It was never code.
 */
import { match } from "ts-pattern";
import type { Geometry, PageRange } from "../alphabet/geometry.ts";
import { NONE } from "../alphabet/guest.ts";
import { pagesOf } from "../alphabet/units.ts";
import type { Block as Range, Order, Pfn } from "../alphabet/units.ts";
import { blockAround, blockAt, orderOf, pageblockType } from "../blocks.ts";
import { arrive, leave, restingReporter } from "../reporter.ts";
import type { Design, Reporter } from "../reporter.ts";
import type { Turn } from "../state.ts";
import { partsOf, withBits, withoutBit } from "./bits.ts";
import { describeRequest, firstAnswer, hold, letGo, settle, submitRanges } from "./holding.ts";

interface GetPutHints extends Reporter {
  phase: "rest" | "get" | "send" | "wait";
  /** The bits that are set, each for an aligned block of the report order. */
  bits: Pfn[];
  /** How many times the host has said start. */
  starts: number;
  /** Which of them the hints belong to. */
  active: number;
  /** The host has said stop or done while hints were on their way. */
  stopping: boolean;
  zone: number;
  /** Where the next look at the bitmap begins. */
  cursor: Pfn;
  /** The hints in hand, in the order in which they were chosen. */
  chosen: Range[];
}

/** What becomes of a block while the host has it. */
interface Form {
  readonly variant: "as-written" | "repaired" | "migration";
  readonly title: string;
  readonly claims: readonly string[];
  /** Off its list, as a whole: the allocator can't hand it out. */
  readonly hides: boolean;
  /** Its bits are cleared by get and set by put: the `clear` argument of X4. */
  readonly clears: boolean;
}

export const getPutHintsAsWritten = getPutHints({
  variant: "as-written",
  title: "hints from a bitmap, nothing leaves the lists: Wei Wang's proposal",
  claims: ["missed"],
  hides: false,
  clears: true,
});

export const getPutHintsRepaired = getPutHints({
  variant: "repaired",
  title: "hints from a bitmap, their blocks off the lists: Wei Wang's proposal, repaired",
  claims: ["missed", "watermark", "migratetype", "bounded-hold"],
  hides: true,
  clears: true,
});

export const getPutHintsMigration = getPutHints({
  variant: "migration",
  title: "hints for a migration, bits are only read: Wei Wang's first step",
  claims: [],
  hides: false,
  clears: false,
});

function getPutHints(form: Form): Design<GetPutHints> {
  return {
    id: "get-put-hints",
    variant: form.variant,
    title: form.title,
    source: "nitesh-wei-host.md 6; seed 003",
    claims: form.claims,
    hearsRefusals: false,
    movesTo: "tail",
    movesKeepMark: true,
    takes: form.hides ? "isolates" : "in-place",
    callersWait: true,
    marks: "never",
    hears: ["hint"],
    perCpu: false,

    start: (geometry) => ({
      ...restingReporter(geometry),
      phase: "rest",
      bits: bitsAtBoot(geometry),
      starts: 0,
      active: 0,
      stopping: false,
      zone: 0,
      cursor: 0,
      chosen: [],
    }),

    canWork: (mine) =>
      match(mine.phase)
        .with("rest", () => false)
        .with("get", "send", () => true)
        .with("wait", () => firstAnswer(mine) !== "none")
        .exhaustive(),

    work: (turn, mine) =>
      match(mine.phase)
        .with("rest", () => {})
        .with("get", () => get(turn, mine, form))
        .with("send", () => send(turn, mine))
        .with("wait", () => put(turn, mine, form))
        .exhaustive(),

    hint(turn, mine, command) {
      if (mine.device !== "registered" || mine.frozen) {
        return;
      }
      match(command)
        .with("start", () => startRound(mine))
        .with("stop", "done", () => endRound(turn, mine))
        .exhaustive();
    },

    notify(_turn, mine, _zone, order, pfn) {
      if (order >= mine.reportOrder) {
        setFreed(mine, pfn, order);
      }
    },

    unregister(turn, mine) {
      if (mine.device !== "registered") {
        return;
      }
      if (mine.phase === "rest" || mine.phase === "get") {
        rest(mine);
        leave(turn, mine);
      } else {
        mine.device = "leaving";
      }
    },

    register(turn, mine) {
      if (mine.device === "unregistered") {
        mine.bits = bitsNow(turn, mine);
        arrive(turn, mine);
      }
    },

    describe: (mine) => ({
      device: mine.device,
      phase: mine.phase,
      active: mine.active,
      starts: mine.starts,
      stopping: mine.stopping,
      zone: mine.zone,
      cursor: mine.cursor,
      bits: [...mine.bits],
      chosen: mine.chosen.map(({ pfn }) => pfn),
      ...describeRequest(mine),
    }),

    noted: (_sight, mine, pfn, order) => partsOf(pfn, order, mine.reportOrder).some((part) => mine.bits.includes(part)),
    due: () => false,
  };
}

/** The host begins a round: from the first zone on, also where hints of an earlier one are still on their way. */
function startRound(mine: GetPutHints): void {
  mine.starts++;
  mine.active = mine.starts;
  mine.stopping = false;
  mine.zone = 0;
  mine.cursor = 0;
  if (mine.phase === "rest") {
    mine.phase = "get";
  }
}

/** The host says stop or done: nothing more is got. */
function endRound(turn: Turn, mine: GetPutHints): void {
  if (mine.phase === "get") {
    rest(mine);
    turn.events.push({ event: "idle" });
  } else if (mine.phase !== "rest") {
    mine.stopping = true;
  }
}

function rest(mine: GetPutHints): void {
  mine.phase = "rest";
  mine.zone = 0;
  mine.cursor = 0;
  mine.stopping = false;
}

/**
 * (X3) Under the zone lock a block was freed, merged and inserted: its bits are set, but for those of hints in hand.
 * (X2 clears bits as blocks are taken. Nobody sees a difference, as get looks whether a block is free still.)
 */
function setFreed(mine: GetPutHints, pfn: Pfn, order: Order): void {
  const parts = partsOf(pfn, order, mine.reportOrder);
  mine.bits = withBits(
    mine.bits,
    parts.filter((part) => !isChosen(mine, part)),
  );
}

function isChosen(mine: GetPutHints, pfn: Pfn): boolean {
  return mine.chosen.some((hint) => hint.pfn <= pfn && pfn < hint.pfn + pagesOf(hint.order));
}

/** (X4) `get_free_page_hints`, under the lock of the zone: as many as a request can hold, from one zone. */
function get(turn: Turn, mine: GetPutHints, form: Form): void {
  while (mine.zone < turn.geometry.zones.length) {
    getFromZone(turn, mine, form);
    if (mine.chosen.length > 0) {
      mine.phase = "send";
      return;
    }
    mine.zone++;
    mine.cursor = turn.geometry.zones[mine.zone]?.start ?? 0;
  }
  rest(mine);
  turn.events.push({ event: "idle" });
}

function getFromZone(turn: Turn, mine: GetPutHints, form: Form): void {
  const { start, pages } = turn.geometry.zones[mine.zone];
  let at = Math.max(mine.cursor, start);
  while (at < start + pages && mine.chosen.length < turn.geometry.capacity) {
    at = mine.bits.includes(at) ? lookAt(turn, mine, form, at) : at + pagesOf(mine.reportOrder);
  }
}

/** A bit is set: is its block free still? @returns where to look next */
function lookAt(turn: Turn, mine: GetPutHints, form: Form, pfn: Pfn): Pfn {
  const order = mine.reportOrder;
  const next = pfn + pagesOf(order);
  const head = freeAround(turn, pfn, order);
  if (head === NONE) {
    mine.bits = withoutBit(mine.bits, pfn);
    return next;
  }
  if (form.hides) {
    return hide(turn, mine, head);
  }
  if (form.clears) {
    mine.bits = withoutBit(mine.bits, pfn);
  }
  mine.chosen.push({ pfn, order });
  mine.cursor = next;
  return next;
}

/** Takes a free block off its list, as a whole, unless it is isolated or the watermark refuses. @returns its end */
function hide(turn: Turn, mine: GetPutHints, head: Pfn): Pfn {
  const order = orderOf(turn, head);
  const end = head + pagesOf(order);
  if (pageblockType(turn, head) !== "isolate" && hold(turn, mine, head)) {
    mine.bits = mine.bits.filter((bit) => bit < head || end <= bit);
    mine.chosen.push({ pfn: head, order });
    mine.cursor = end;
  }
  return end;
}

/** (X6, report_vq; for a migration X5) The hints go to the host. */
function send(turn: Turn, mine: GetPutHints): void {
  submitRanges(turn, mine, mine.chosen);
  mine.phase = "wait";
}

/** (X6, ack_vq) `put_free_page_hints`, under the lock: the host is done, what was got is ready again. */
function put(turn: Turn, mine: GetPutHints, form: Form): void {
  settle(mine, 1);
  for (const { pfn, order } of mine.chosen) {
    if (form.hides) {
      letGo(turn, mine, pfn, false);
    }
    if (form.clears) {
      mine.bits = withBits(mine.bits, partsOf(pfn, order, mine.reportOrder));
    }
  }
  mine.chosen = [];
  if (mine.device === "leaving") {
    rest(mine);
    leave(turn, mine);
  } else if (mine.stopping) {
    rest(mine);
    turn.events.push({ event: "idle" });
  } else {
    mine.phase = "get";
  }
}

/** The head of the free block that has all of the aligned block of this order at `pfn`, or NONE. */
function freeAround(turn: Turn, pfn: Pfn, order: Order): Pfn {
  const head = blockAround(turn, pfn);
  const block = blockAt(turn, head);
  return block?.owner === "free" && block.order >= order ? head : NONE;
}

/** Every page that is present is free at boot, in the largest blocks that fit. */
function bitsAtBoot({ zones, reportOrder }: Geometry): Pfn[] {
  const pages = pagesOf(reportOrder);
  const whole = zones.flatMap((zone) => {
    const inHole = (pfn: Pfn): boolean =>
      zone.holes.some((hole) => hole.start < pfn + pages && pfn < hole.start + hole.pages);
    return partsOfZone(zone, reportOrder).filter((pfn) => !inHole(pfn));
  });
  return withBits([], whole);
}

/** The bits of what is free now. */
function bitsNow(turn: Turn, { reportOrder }: GetPutHints): Pfn[] {
  const parts = turn.geometry.zones.flatMap((zone) => partsOfZone(zone, reportOrder));
  return withBits(
    [],
    parts.filter((pfn) => freeAround(turn, pfn, reportOrder) !== NONE),
  );
}

/** The first pages of a zone's aligned blocks of this order. */
function partsOfZone({ start, pages }: PageRange, order: Order): Pfn[] {
  return Array.from({ length: pages / pagesOf(order) }, (_, index) => start + index * pagesOf(order));
}
