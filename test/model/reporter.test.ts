import { describe, expect, test } from "vitest";
import { NONE } from "../../model/alphabet/index.ts";
import { allocateFor, allocateFrom } from "../../model/alloc.ts";
import { freeListOf } from "../../model/blocks.ts";
import { freeHeld, hold, keep, letGo, requestOf, settle, submit, submitRanges } from "../../model/designs/holding.ts";
import { arrive, leaveIfDone, restingReporter } from "../../model/reporter.ts";
import type { Design, FreedBlock, Reporter } from "../../model/reporter.ts";
import { stop } from "../../model/state.ts";
import type { Turn } from "../../model/state.ts";
import { alloc, free, hotplug, lists, onStage, proceed, work } from "./stage.ts";
import { toy, worker } from "./toy.ts";

const ack = (request: number, ok = true) => ({ do: "ack", request, ok }) as const;
const pressure = { do: "pressure", pages: 4 } as const;

/** Isolates the first largest block and sends it off. */
const sender = (more: Partial<Design> = {}) =>
  worker((turn, mine) => {
    const pfn = freeListOf(turn, 0, 3, "movable").head;
    hold(turn, mine, pfn);
    submit(turn, mine, [pfn]);
  }, more);

/** Allocates a single movable page. */
const hoarder = (more: Partial<Design> = {}) =>
  worker((turn, mine) => keepOne(turn, mine, allocateFor(turn, 0, "movable")), { takes: "allocates", ...more });

function keepOne(turn: Turn, mine: Reporter, pfn: number): void {
  if (pfn !== NONE) {
    keep(turn, mine, pfn, 0);
  }
}

function freeOneHeld(turn: Turn, mine: Reporter): boolean {
  const [pfn] = mine.batch;
  if (pfn !== undefined) {
    freeHeld(turn, mine, pfn);
  }
  return pfn !== undefined;
}

describe("several requests", () => {
  test("the smallest number that is not open; each is answered once, in any order", () => {
    const acked: number[] = [];
    const { play, view } = onStage({
      pages: 32,
      design: sender({
        hearsRefusals: true,
        acked: (turn, mine, number) => {
          acked.push(number);
          const request = requestOf(mine, number);
          for (const pfn of request?.blocks ?? []) {
            letGo(turn, mine, pfn, request?.answer === "ok");
          }
          settle(mine, number);
        },
      }),
    });
    expect(play(work, work).filter(({ event }) => event === "submit")).toMatchObject([{ request: 1 }, { request: 2 }]);
    expect(play(ack(2, false), ack(2), ack(3), ack(0))).toEqual([
      { event: "ack", request: 2, ok: false },
      { event: "release", pfn: 8, order: 3, reported: false },
    ]);
    expect(view.held()).toEqual([0]);
    expect(play(work)).toMatchObject([{ pfn: 16 }, { event: "submit", request: 2, ranges: [{ pfn: 16, order: 3 }] }]);
    play(ack(1));
    expect(acked).toEqual([2, 1]);
    expect(lists(view)).toEqual({ "movable 3": "24 8 0*" });
  });

  test("without a hook the answer is noted; a refusal only where it is heard", () => {
    for (const hearsRefusals of [true, false]) {
      const { play, view } = onStage({
        pages: 32,
        design: sender({ hearsRefusals, describe: (mine) => ({ answer: mine.requests.map((r) => r.answer).join() }) }),
      });
      expect(play(work, work, ack(2, false), ack(2))).toHaveLength(5);
      expect(view.reporter()["answer"]).toBe(hearsRefusals ? "none,refused" : "none,ok");
    }
  });

  test("ranges of pages that stay on their lists", () => {
    const { play, view } = onStage({
      design: worker((turn, mine) => void submitRanges(turn, mine, [{ pfn: 4, order: 1 }])),
    });
    expect(play(work)).toEqual([{ event: "submit", request: 1, ranges: [{ pfn: 4, order: 1 }] }]);
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });
});

describe("a design that allocates", () => {
  test("takes as any caller, and frees as any owner", () => {
    const { play, view } = onStage({ design: hoarder({ pressure: (turn, mine) => void freeOneHeld(turn, mine) }) });
    expect(play(work)).toEqual([{ event: "isolate", pfn: 0, order: 0 }]);
    expect([view.owner(0), view.held()]).toEqual(["held", [0]]);
    expect(play(pressure)).toEqual([{ event: "release", pfn: 0, order: 0, reported: false }]);
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });

  test("from the CPU's cache and back into it", () => {
    const settings = { pcp: { maxOrder: 0, huge: false, high: 8, batch: 4 } };
    const { play, view } = onStage({
      settings,
      design: hoarder({ pressure: (turn, mine) => void freeOneHeld(turn, mine) }),
    });
    play(work);
    expect(view.cached(0, 0, 0, "movable")).toHaveLength(3);
    play(pressure);
    expect(view.cached(0, 0, 0, "movable")).toHaveLength(4);
  });

  test("down to the minimum and no further", () => {
    const { play, view } = onStage({ watermarks: { min: 14, low: 15, high: 15 }, design: hoarder() });
    play(work, work, work, work);
    expect(view.freePages(0)).toBe(14);
  });

  test("from one zone, though another has more", () => {
    const watermarks = { min: 0, low: 0, high: 0 };
    const zones = [0, 1].map((node) => ({ name: `N${node}`, node, start: node * 8, pages: 8, holes: [], watermarks }));
    const fromZone = worker((turn, mine) => keepOne(turn, mine, allocateFrom(turn, 1, 0, "movable")));
    const { play, view } = onStage({ geometry: { zones }, design: fromZone });
    play(...Array.from({ length: 9 }, () => work));
    expect([view.freePages(0), view.freePages(1)]).toEqual([8, 0]);
    const onNode = worker((turn, mine) => keepOne(turn, mine, allocateFor(turn, 0, "movable", 1)));
    const other = onStage({ geometry: { zones }, design: onNode });
    other.play(...Array.from({ length: 9 }, () => work));
    expect([other.view.freePages(0), other.view.freePages(1)]).toEqual([7, 0]);
  });

  test("callers wait for what it holds only where the design says so", () => {
    const all = Array.from({ length: 16 }, () => work);
    const told = onStage({ design: hoarder() });
    told.play(...all);
    expect(told.play(alloc(0, "movable", { wait: true }))).toMatchObject([{ reason: "no-memory" }]);
    const waits = onStage({ design: hoarder({ callersWait: true }) });
    waits.play(...all);
    expect(waits.play(alloc(0, "movable", { wait: true }))).toMatchObject([{ event: "alloc-waits", ticket: 1 }]);
  });
});

describe("out of memory", () => {
  const gives = hoarder({ outOfMemory: freeOneHeld });
  const all = Array.from({ length: 16 }, () => work);

  test("what the design finds goes to the caller at the end of the same action", () => {
    const { play } = onStage({ design: gives });
    play(...all);
    expect(play(alloc(0, "movable", { wait: true })).map(({ event }) => event)).toEqual([
      "release",
      "alloc-waits",
      "alloc",
    ]);
    expect(play(alloc(0)).map(({ event }) => event)).toEqual(["release", "alloc-failed"]);
  });

  test("waiters look once more as long as a round brings something", () => {
    const { play, view } = onStage({ design: gives });
    play(...all);
    // Pages 0 and 1 must both come back before anybody gets a block of order 1.
    const events = play(alloc(1, "movable", { wait: true }));
    expect(events.filter(({ event }) => event === "release")).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ event: "alloc", pfn: 0, order: 1, ticket: 1 });
    expect(view.waiters()).toEqual([]);
  });

  test("nothing comes any more: the waiter is told", () => {
    const { play } = onStage({ pages: 8, watermarks: { min: 8, low: 8, high: 8 }, design: gives });
    expect(play(alloc(0, "movable", { wait: true }))).toMatchObject([{ event: "alloc-failed", reason: "no-memory" }]);
  });

  test("kernel: at the last attempt only, and then it keeps that one", () => {
    const { play, view } = onStage({ design: gives, settings: { slowPath: "kernel", retries: 2 } });
    play(...all);
    const retry = { do: "retry", ticket: 1 } as const;
    expect(play(alloc(0, "movable", { wait: true }), retry)).toEqual([]);
    expect(view.waiters()).toMatchObject([{ retries: 1 }]);
    expect(play(retry)).toMatchObject([{ event: "release" }]);
    expect(view.waiters()).toMatchObject([{ retries: 1 }]);
    expect(play(retry)).toMatchObject([{ event: "alloc", pfn: 0 }]);
  });
});

describe("the free path", () => {
  test("a design may keep what its user gave back", () => {
    const freed: Design["freed"] = (turn, mine, pfn, order) => {
      keep(turn, mine, pfn, order);
      return order === 0;
    };
    const { play, view } = onStage({ design: toy({ freed }) });
    play(alloc(0));
    expect(play(free(0, 0))).toEqual([
      { event: "free", pfn: 0, order: 0 },
      { event: "isolate", pfn: 0, order: 0 },
    ]);
    expect(view.held()).toEqual([0]);
  });

  test("it sees what is about to be freed: a block, or all that leaves a cache at once", () => {
    const seen: (readonly FreedBlock[])[] = [];
    const freeing: Design["freeing"] = (_turn, _mine, blocks) => {
      seen.push(blocks.map((block) => ({ ...block })));
      return false;
    };
    const settings = { pcp: { maxOrder: 0, huge: false, high: 2, batch: 2 } };
    const { play, view } = onStage({ design: toy({ freeing }), settings });
    play(alloc(2), alloc(0), alloc(0), free(0, 2), free(4, 0), free(5, 0));
    play({ do: "drain", zone: "Normal", cpu: 0 });
    expect(seen).toEqual([
      [{ pfn: 0, order: 2, list: "movable" }],
      [
        { pfn: 4, order: 0, list: "movable" },
        { pfn: 5, order: 0, list: "movable" },
      ],
    ]);
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });

  test("it may free them itself", () => {
    const freeing: Design["freeing"] = (turn, mine, blocks) => {
      for (const { pfn, order } of blocks) {
        keep(turn, mine, pfn, order);
      }
      return true;
    };
    const { play, view } = onStage({ design: toy({ freeing }) });
    play(alloc(2), free(0, 2));
    expect([view.held(), lists(view)]).toEqual([[0], { "movable 2": "4", "movable 3": "8" }]);
  });

  test("it is told where the block is that became of a freed one", () => {
    const told: number[][] = [];
    const notify: Design["notify"] = (_turn, _mine, zone, order, pfn) => void told.push([zone, order, pfn]);
    const { play } = onStage({ design: toy({ notify }) });
    play(alloc(0), alloc(0), free(1, 0), free(0, 0));
    expect(told).toEqual([
      [0, 0, 1],
      [0, 3, 0],
    ]);
  });
});

describe("on the CPUs", () => {
  const onCpu1: Partial<Design> = {
    busy: (_mine, cpu) => cpu === 1,
    canProceed: (_mine, cpu) => cpu > 0,
    proceed: (turn) => void turn.events.push({ event: "idle", cpu: turn.cpu }),
    stalled: () => 1,
  };

  test("a busy CPU neither allocates nor frees nor drains, and hotplug waits for it", () => {
    const settings = { cpus: 2, pcp: { maxOrder: 0, huge: false, high: 8, batch: 4 } };
    const design = worker((_turn, mine) => void (mine.phase = "calls"), {
      ...onCpu1,
      busy: (mine, cpu) => mine.phase === "calls" && cpu === 1,
    });
    const { play, view } = onStage({ design, settings, geometry: { sectionPages: 8 } });
    play(alloc(3), alloc(0, "movable", { cpu: 1 }), work);
    expect(view.cached(0, 1, 0, "movable")).toHaveLength(3);
    const idle = [alloc(0, "movable", { cpu: 1 }), free(0, 3, 1), { do: "drain", zone: "Normal", cpu: 1 } as const];
    expect(play(...idle)).toEqual([]);
    play({ do: "offline", start: 8, pages: 8 }, hotplug, hotplug, hotplug);
    expect(view.hotplug()).toMatchObject({ phase: "drain", done: 1 });
    expect(view.cached(0, 1, 0, "movable")).toHaveLength(3);
    expect(view.stalled()).toBe(1);
  });

  test("what runs on them proceeds where it can: after the worker, before the clock", () => {
    const design = worker(() => {}, { ...onCpu1, start: (geometry) => ({ ...restingReporter(geometry), timer: 1 }) });
    const { play, enabled } = onStage({ design, settings: { cpus: 3 } });
    expect(enabled()).toEqual(["work", "proceed", "proceed", "tick"]);
    expect(play(proceed(0), proceed(1), proceed(2), proceed(3))).toEqual([
      { event: "idle", cpu: 1 },
      { event: "idle", cpu: 2 },
    ]);
  });
});

describe("the reporter's lock", () => {
  /** Locked while the worker is in a pass. */
  const locker = worker(
    (turn, mine) => {
      mine.phase = mine.phase === "rest" ? "locked" : "rest";
      if (mine.phase === "rest") {
        turn.wakes();
      }
    },
    { spins: (mine) => mine.phase === "locked" },
  );

  test("callers spin, even those that may not wait, and get their block when it opens", () => {
    const { play, view } = onStage({ design: locker });
    play(work);
    expect(play(alloc(0), alloc(1))).toMatchObject([
      { event: "alloc-waits", order: 0, ticket: 1 },
      { event: "alloc-waits", order: 1, ticket: 2 },
    ]);
    expect(view.stalled()).toBe(2);
    expect(play(work)).toMatchObject([
      { event: "alloc", pfn: 0, ticket: 1 },
      { event: "alloc", pfn: 2, ticket: 2 },
    ]);
    expect(view.stalled()).toBe(0);
  });

  test("too many of them, or too large a block: refused", () => {
    const { play } = onStage({ design: locker });
    play(work, ...Array.from({ length: 8 }, () => alloc(0)));
    expect(play(alloc(0))).toMatchObject([{ event: "alloc-failed", reason: "would-block" }]);
    expect(play(alloc(4))).toMatchObject([{ event: "alloc-failed", reason: "no-memory" }]);
  });

  test("kernel: an attempt against the lock does not count", () => {
    const { play, view } = onStage({ design: locker, settings: { slowPath: "kernel", retries: 0 } });
    const retry = { do: "retry", ticket: 1 } as const;
    expect(play(work, alloc(0), retry, retry)).toEqual([]);
    expect(view.waiters()).toMatchObject([{ retries: 1 }]);
    expect(play(work, retry)).toMatchObject([{ event: "alloc", pfn: 0 }]);
  });
});

test("a guest that stopped does nothing any more, and the first reason stays", () => {
  const design = worker((turn, mine) => {
    keepOne(turn, mine, allocateFor(turn, 0, "movable"));
    stop(turn, "BUG at page 0");
    stop(turn, "and again");
  });
  const { play, view, enabled } = onStage({ design });
  expect([view.stopped(), enabled()]).toEqual(["", ["work"]]);
  expect(play(work)).toHaveLength(1);
  expect([view.stopped(), enabled()]).toEqual(["BUG at page 0", []]);
  expect(play(work, alloc(0), { do: "unregister" })).toEqual([]);
});

test("nobody is woken in a guest that stops", () => {
  const design = worker(
    (turn, mine) => {
      if (mine.phase === "locked") {
        stop(turn, "BUG");
        turn.wakes();
      }
      mine.phase = mine.phase === "locked" ? "rest" : "locked";
    },
    { spins: (mine) => mine.phase === "locked" },
  );
  const { play, view } = onStage({ design });
  expect(play(work, alloc(0), work)).toMatchObject([{ event: "alloc-waits" }]);
  expect([view.waiters().length, view.stopped()]).toEqual([1, "BUG"]);
});

test("the host's wishes reach the designs that hear them", () => {
  const heard: unknown[] = [];
  const design = toy({
    balloon: (_turn, _mine, pages) => void heard.push(pages),
    hint: (_turn, _mine, command) => void heard.push(command),
    pressure: (_turn, _mine, pages) => void heard.push(-pages),
  });
  const wishes = [{ do: "balloon", pages: 3 }, { do: "hint", command: "stop" }, pressure] as const;
  onStage({ design }).play(...wishes);
  expect(heard).toEqual([3, "stop", -4]);
  expect(onStage().play(...wishes)).toEqual([]);
});

test("a device that leaves goes when its design has nothing in hand", () => {
  const design = hoarder({
    unregister(turn, mine) {
      mine.device = "leaving";
      leaveIfDone(turn, mine, mine.batch.length === 0);
    },
    register: arrive,
    pressure(turn, mine) {
      freeOneHeld(turn, mine);
      leaveIfDone(turn, mine, mine.batch.length === 0);
    },
  });
  const { play, view } = onStage({ design });
  expect(play(work, work, { do: "unregister" }, pressure)).toHaveLength(3);
  expect(view.registered()).toBe(true);
  expect(play(pressure)).toMatchObject([{ event: "release" }, { event: "unregistered" }]);
  expect(play({ do: "register" })).toEqual([{ event: "registered" }]);
});

test("what judges ask: by the design's own words, or by ours", () => {
  const silent = onStage().view;
  expect([silent.noted(0, 3), silent.due(), silent.resting(), silent.stopped()]).toEqual([true, false, true, ""]);
  const design = toy({
    noted: (sight, _mine, pfn) => freeListOf(sight, 0, 3, "movable").head === pfn,
    due: (sight) => sight.zones[0].free < 16,
    resting: () => false,
  });
  const { view, play } = onStage({ design });
  expect([view.noted(0, 3), view.noted(8, 3), view.due(), view.resting()]).toEqual([true, false, false, false]);
  play(alloc(0));
  expect(view.due()).toBe(true);
});
