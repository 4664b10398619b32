import { describe, expect, test } from "vitest";
import { alloc, lists, ok, onStage, work } from "../stage.ts";
import type { Stage } from "../stage.ts";

/** Three blocks of order 3: 0, 8 and 16; the ring has room for two hints. */
const stage = (more: Stage = {}) => onStage({ design: "free-page-hint", pages: 24, ...more });

const hint = (command: "start" | "stop" | "done") => ({ do: "hint", command }) as const;
const pressure = (pages: number) => ({ do: "pressure", pages }) as const;
const ack = (request: number) => ({ do: "ack", request, ok: true }) as const;

/** Two blocks are parked, 0 and 8, and the host has looked at neither of them. */
const parked = (more: Stage = {}) => {
  const player = stage(more);
  player.play(hint("start"), work, work, work, work, work, work, work, work);
  expect(player.view.reporter()).toMatchObject({ parked: [0, 8], open: [1, 2] });
  return player;
};

test("a round, step by step: nobody waits for the host (2.2)", () => {
  const { view, play, enabled } = stage();
  expect(play(hint("start"))).toEqual([]);
  expect(view.reporter()).toMatchObject({ command: "start", read: true, starts: 1, active: 0, timer: 0 });
  play(work);
  expect(view.reporter()).toMatchObject({ phase: "read", timer: -1, read: true });
  play(work);
  expect(view.reporter()).toMatchObject({ phase: "take", active: 1, read: false });
  expect(play(work)).toEqual([{ event: "isolate", pfn: 0, order: 3 }]);
  expect(view.reporter()).toMatchObject({ phase: "kick", taken: 0, parked: [] });
  expect(play(work)).toEqual([{ event: "submit", request: 1, ranges: [{ pfn: 0, order: 3 }] }]);
  expect(view.reporter()).toMatchObject({ phase: "park", taken: 0, open: [1] });
  expect(play(work)).toEqual([]);
  expect(view.reporter()).toMatchObject({ phase: "take", taken: -1, parked: [0] });

  // (G6) The answer's place in the ring is free at the next look.
  play(work, work, work, ok);
  expect(view.reporter()).toMatchObject({ open: [1, 2] });
  expect(play(work, work)).toMatchObject([
    { event: "isolate", pfn: 16 },
    { event: "submit", request: 1 },
  ]);
  expect(view.reporter()).toMatchObject({ open: [2, 1] });
  // (G7) All free blocks are taken: the round is over, and not idle.
  expect(play(work, work)).toEqual([]);
  expect(view.reporter()).toMatchObject({ phase: "rest", timer: -1, parked: [0, 8, 16], open: [2, 1] });
  expect(lists(view)).toEqual({});
  // An answer at rest frees its place at once.
  play(ack(2));
  expect(view.reporter()).toMatchObject({ open: [1] });
  play(ack(1));

  // (G3) Done: what is parked goes back, block by block.
  play(hint("done"), work, work);
  expect(view.reporter()).toMatchObject({ phase: "release" });
  expect(play(work, work, work)).toMatchObject([
    { event: "release", pfn: 0, reported: false },
    { event: "release", pfn: 8 },
    { event: "release", pfn: 16 },
  ]);
  expect(play(work)).toEqual([{ event: "idle" }]);
  expect(enabled()).toEqual([]);
});

test("a stop pauses and keeps; the same round is not begun again, a new one is (G3, G9)", () => {
  const { view, play } = stage();
  play(hint("start"), work, work, work, work, work, hint("stop"));
  expect(play(work)).toEqual([]);
  expect(view.reporter()).toMatchObject({ phase: "rest", timer: 0, read: true, parked: [0] });
  play(work, work);
  expect(view.reporter()).toMatchObject({ phase: "rest", timer: -1, read: false, parked: [0] });
  play(hint("start"), work, work);
  expect(view.reporter()).toMatchObject({ phase: "take", starts: 2, active: 2 });
});

test("a ring that is full: the hint is dropped, and the worker spins (FPH-13)", () => {
  const { view, play } = parked();
  expect(play(work, work)).toEqual([
    { event: "isolate", pfn: 16, order: 3 },
    { event: "release", pfn: 16, order: 3, reported: false },
  ]);
  expect(view.reporter()).toMatchObject({ phase: "take", taken: -1 });
  expect(play(work)).toMatchObject([{ event: "isolate", pfn: 16 }]);
});

test("the shrinker frees the youngest parked block, which the host has not looked at yet (FPH-9)", () => {
  const { view, play } = parked();
  expect(play(pressure(0))).toEqual([]);
  expect(play(pressure(3))).toEqual([{ event: "release", pfn: 8, order: 3, reported: false }]);
  expect(view.reporter()).toMatchObject({ parked: [0], open: [1, 2] });
  // Its next owner writes what the host takes for worthless.
  expect(play(alloc(3, "unmovable"))).toMatchObject([{ event: "alloc", pfn: 8 }]);
  expect(play(pressure(100))).toMatchObject([{ event: "release", pfn: 0 }]);
});

test("a caller is told that memory is out, although blocks are only parked (1.3)", () => {
  const { play } = parked();
  play(alloc(3));
  expect(play(alloc(0, "movable", { wait: true }))).toMatchObject([{ event: "alloc-failed", reason: "no-memory" }]);
});

test("the device goes: what is parked goes back first (FPH-8)", () => {
  const { view, play } = parked();
  play({ do: "unregister" });
  expect(view.reporter()).toMatchObject({ device: "leaving", command: "done", phase: "take" });
  play(work);
  expect(view.reporter()).toMatchObject({ phase: "release" });
  expect(play(work, work, work)).toMatchObject([{ pfn: 0 }, { pfn: 8 }, { event: "unregistered" }]);
  expect(play(hint("start"))).toEqual([]);
  play({ do: "register" });
  expect(view.reporter()).toMatchObject({ device: "registered", command: "none", starts: 1, active: 1 });
});

describe("wait-on-ack (2.5)", () => {
  const settings = { variant: "wait-on-ack" };

  test("a block is parked when the host has answered, and the shrinker sees it only then", () => {
    const { view, play, enabled } = stage({ settings });
    play(hint("start"), work, work, work, work);
    expect(view.reporter()).toMatchObject({ phase: "wait", taken: 0 });
    expect(enabled()).toEqual([]);
    expect(play(pressure(8))).toEqual([]);
    play(ok, work);
    expect(view.reporter()).toMatchObject({ phase: "park", taken: 0, open: [] });
    play(work);
    expect(view.reporter()).toMatchObject({ phase: "take", parked: [0] });
    expect(play(pressure(8))).toMatchObject([{ event: "release", pfn: 0 }]);
  });
});
