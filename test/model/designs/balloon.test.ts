import { describe, expect, test } from "vitest";
import { alloc, free, lists, ok, onStage, tick, work } from "../stage.ts";
import type { Stage } from "../stage.ts";

/** Two blocks of order 3, 0 and 8; a page of the balloon is a block of order 2, and a request has two at most. */
const stage = (more: Stage = {}) => onStage({ design: "balloon", pages: 16, ...more });

const balloon = (pages: number) => ({ do: "balloon", pages }) as const;
const pressure = (pages: number) => ({ do: "pressure", pages }) as const;
const unregister = { do: "unregister" } as const;

/** Twelve pages are in the balloon: 0, 4 and 8. */
const inflated = (more: Stage = {}) => {
  const player = stage(more);
  player.play(balloon(12), work, work, work, work, work, ok, work, work, work, work, ok, work);
  expect(player.view.reporter()).toMatchObject({ phase: "rest", ballooned: 3 });
  return player;
};

test("inflated, step by step: the target is rounded up, the second request has one page (1.2)", () => {
  const { view, play, enabled } = stage();
  expect(enabled()).toEqual([]);
  play(balloon(9));
  expect(view.reporter()).toMatchObject({ target: 12, timer: 0, phase: "rest" });
  expect(play(work)).toEqual([]);
  expect(view.reporter()).toMatchObject({ timer: -1, phase: "inflate" });

  expect(play(work, work)).toEqual([
    { event: "isolate", pfn: 0, order: 2 },
    { event: "isolate", pfn: 4, order: 2 },
  ]);
  expect(view.reporter()).toMatchObject({ phase: "inflate", private: 2, ballooned: 0 });
  // The request is full: only that is found out.
  expect(play(work)).toEqual([]);
  const ranges = [0, 4].map((pfn) => ({ pfn, order: 2 }));
  expect(play(work)).toEqual([{ event: "submit", request: 1, ranges }]);
  expect(view.reporter()).toMatchObject({ phase: "wait", private: 0, ballooned: 2 });
  expect(enabled()).toEqual([]);

  play(ok, work);
  expect(view.reporter()).toMatchObject({ phase: "inflate", request: 0 });
  expect(play(work, work, work)).toMatchObject([{ pfn: 8 }, { event: "submit", ranges: [{ pfn: 8, order: 2 }] }]);
  // A balloon with something in it is not idle.
  expect(play(ok, work)).toEqual([{ event: "ack", request: 1, ok: true }]);
  expect(view.reporter()).toMatchObject({ phase: "rest", ballooned: 3 });
  expect(view.held()).toEqual([0, 4, 8]);
  expect(view.resting()).toBe(true);
  expect(lists(view)).toEqual({ "movable 2": "12" });
});

test("deflated, step by step: the host is told first, and its answer frees the youngest pages (1.2 Deflate)", () => {
  const { view, play, enabled } = inflated();
  play(balloon(4), work);
  expect(view.reporter()).toMatchObject({ phase: "tell" });
  const ranges = [4, 8].map((pfn) => ({ pfn, order: 2 }));
  expect(play(work)).toEqual([{ event: "submit", request: 1, ranges }]);
  expect(view.reporter()).toMatchObject({ phase: "tell-wait", ballooned: 1, leak: 2 });
  expect(view.held()).toEqual([0, 4, 8]);
  expect(enabled()).toEqual([]);
  play(ok);
  expect(play(work)).toEqual([{ event: "release", pfn: 4, order: 2, reported: false }]);
  expect(view.reporter()).toMatchObject({ phase: "leak", leak: 1 });
  expect(play(work)).toEqual([{ event: "release", pfn: 8, order: 2, reported: false }]);
  expect(view.reporter()).toMatchObject({ phase: "rest", ballooned: 1 });
  expect(lists(view)).toEqual({ "movable 2": "4", "movable 3": "8" });

  play(balloon(0), work, work, ok);
  expect(play(work)).toEqual([{ event: "release", pfn: 0, order: 2, reported: false }, { event: "idle" }]);
});

test("the target is raised again before the host is told", () => {
  const { view, play } = inflated();
  play(balloon(4), work, balloon(12));
  expect(play(work)).toEqual([]);
  expect(view.reporter()).toMatchObject({ phase: "rest", ballooned: 3, request: 0 });
});

test("the target is lowered while the balloon is inflated", () => {
  const { view, play } = stage();
  play(balloon(12), work, work, balloon(0), work);
  expect(view.reporter()).toMatchObject({ phase: "send", private: 1 });
  play(work, ok, work);
  expect(view.reporter()).toMatchObject({ phase: "tell", ballooned: 1 });
});

test("out of puff: what there is goes to the host, and the worker sleeps and tries again (1.2 step 4)", () => {
  const { view, play, enabled } = stage({ settings: { delay: 2 } });
  play(alloc(3), balloon(16), work, work, work, work, work, ok, work, work);
  expect(view.reporter()).toMatchObject({ phase: "rest", timer: 2, ballooned: 2, puff: false });
  play(tick, tick, work, free(0, 3), work);
  expect(view.reporter()).toMatchObject({ phase: "inflate", private: 1 });
  play(alloc(2), work);
  expect(view.reporter()).toMatchObject({ phase: "send", puff: true });
  play(work, ok, work);
  expect(view.reporter()).toMatchObject({ phase: "rest", timer: 2, ballooned: 3, puff: false });
  expect(enabled()).toEqual(["tick"]);
});

test("the device goes: the balloon is let out first, as the host hears", () => {
  const { view, play } = inflated();
  expect(play(unregister)).toEqual([]);
  expect(view.reporter()).toMatchObject({ device: "leaving", timer: 0 });
  // Two pages, then the last one.
  expect(play(work, work, ok, work, work)).toMatchObject([{ event: "submit" }, {}, { pfn: 4 }, { pfn: 8 }]);
  expect(play(work, ok, work)).toEqual([
    { event: "submit", request: 1, ranges: [{ pfn: 0, order: 2 }] },
    { event: "ack", request: 1, ok: true },
    { event: "release", pfn: 0, order: 2, reported: false },
    { event: "unregistered" },
  ]);
  expect(play(balloon(4))).toEqual([]);
  expect(play({ do: "register" })).toEqual([{ event: "registered" }]);
  expect(view.reporter()).toMatchObject({ device: "registered", target: 0, ballooned: 0, timer: -1 });
});

test("the device goes while the balloon is inflated: no further page is taken", () => {
  const { view, play } = stage();
  play(balloon(16), work, work, unregister);
  expect(play(work)).toEqual([]);
  expect(view.reporter()).toMatchObject({ phase: "send", private: 1 });
  play(work, ok, work, work, ok);
  expect(play(work)).toMatchObject([{ event: "release", pfn: 0 }, { event: "unregistered" }]);
});

describe("a caller finds nothing", () => {
  const movable3 = { event: "alloc-failed", order: 3, migratetype: "movable" } as const;

  test("plain: he is told that memory is out, although pages are only parked (1.3)", () => {
    const { play } = inflated({ settings: { variant: "plain" } });
    expect(play(alloc(3, "movable", { wait: true }))).toEqual([{ ...movable3, reason: "no-memory" }]);
  });

  test("oom: he waits, while a request's worth is taken from the balloon", () => {
    const { view, play } = inflated();
    expect(play(alloc(3, "movable", { wait: true }))).toEqual([{ event: "alloc-waits", order: 3, ticket: 1 }]);
    expect(view.reporter()).toMatchObject({ timer: 0, wanted: 8 });
    expect(play(work, work)).toMatchObject([{ event: "submit", ranges: [{ pfn: 4 }, { pfn: 8 }] }]);
    expect(view.reporter()).toMatchObject({ wanted: 0 });
    expect(play(ok, work)).toMatchObject([{ event: "ack" }, { event: "release", pfn: 4 }]);
    // After the first page he looked in vain, and the notifier was called again.
    expect(view.reporter()).toMatchObject({ wanted: 8 });
    expect(play(work)).toMatchObject([
      { event: "release", pfn: 8 },
      { event: "alloc", pfn: 8, order: 3, ticket: 1 },
    ]);
    expect(view.reporter()).toMatchObject({ phase: "tell" });
  });

  test("oom: pages that are not in the balloon yet are seen by no notifier (BAL-3)", () => {
    const { view, play } = stage();
    play(balloon(16), work, work, work);
    expect(view.reporter()).toMatchObject({ private: 2, ballooned: 0 });
    play(alloc(3));
    expect(play(alloc(3, "movable", { wait: true }))).toEqual([{ ...movable3, reason: "no-memory" }]);
  });
});

test("shrinker: any pressure deflates the balloon, and the worker inflates it anew (BAL-4)", () => {
  const { view, play } = inflated({ settings: { variant: "shrinker" } });
  play(pressure(1));
  expect(view.reporter()).toMatchObject({ wanted: 4, timer: 0 });
  play(work, work, ok, work);
  expect(view.reporter()).toMatchObject({ wanted: 0, ballooned: 2, phase: "inflate" });
  const oom = inflated();
  oom.play(pressure(1));
  expect(oom.view.reporter()).toMatchObject({ wanted: 0, timer: -1 });
});
