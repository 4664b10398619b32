import { describe, expect, test } from "vitest";
import { alloc, free, lists, ok, onStage, tick, work } from "../stage.ts";
import type { Stage } from "../stage.ts";

const unregister = { do: "unregister" } as const;

describe("parked", () => {
  /** Four blocks of order 3: 0, 8, 16 and 24; one is left alone, and the array has room for two. */
  const stage = (more: Stage = {}) =>
    onStage({ design: "incremental-array", pages: 32, ...more, settings: { highWater: 1, ...more.settings } });

  const hint = (command: "start" | "stop" | "done") => ({ do: "hint", command }) as const;
  const pressure = (pages: number) => ({ do: "pressure", pages }) as const;

  /** 0, 8 and 16 are parked. */
  const parked = (more: Stage = {}) => {
    const player = stage(more);
    player.play(hint("start"), work, work, work, ok, work, work, work, ok, work, work);
    expect(player.view.reporter()).toMatchObject({ parked: [0, 8, 16], phase: "rest" });
    return player;
  };

  test("a round, step by step: the reserve is left alone", () => {
    const { view, play, enabled } = stage();
    expect(enabled()).toEqual([]);
    play(hint("start"));
    expect(view.reporter()).toMatchObject({ command: "start", timer: 0 });
    expect(play(work)).toEqual([]);
    expect(view.reporter()).toMatchObject({ phase: "take", zone: 0, timer: -1 });
    expect(play(work)).toEqual([
      { event: "isolate", pfn: 0, order: 3 },
      { event: "isolate", pfn: 8, order: 3 },
    ]);
    expect(view.reporter()).toMatchObject({ phase: "send", fresh: [0, 8], parked: [] });
    const ranges = [0, 8].map((pfn) => ({ pfn, order: 3 }));
    expect(play(work)).toEqual([{ event: "submit", request: 1, ranges }]);
    expect(enabled()).toEqual([]);
    expect(play(ok, work)).toEqual([{ event: "ack", request: 1, ok: true }]);
    expect(view.reporter()).toMatchObject({ phase: "take", fresh: [], parked: [0, 8] });

    // The third one can be spared, and then the last zone is through.
    expect(play(work)).toEqual([{ event: "isolate", pfn: 16, order: 3 }]);
    expect(view.reporter()).toMatchObject({ phase: "send", zone: 1, fresh: [16] });
    play(work, ok, work);
    expect(view.reporter()).toMatchObject({ phase: "take", zone: 0, command: "start" });
    expect(play(work)).toEqual([]);
    expect(view.reporter()).toMatchObject({ phase: "rest", zone: 0, command: "stop", parked: [0, 8, 16] });
    expect(lists(view)).toEqual({ "movable 3": "24" });
    expect(view.resting()).toBe(true);

    play(hint("done"), work);
    expect(view.reporter()).toMatchObject({ phase: "release" });
    expect(play(work, work, work, work)).toMatchObject([{ pfn: 0 }, { pfn: 8 }, { pfn: 16 }, { event: "idle" }]);
  });

  test("zone by zone, each with its own reserve", () => {
    const watermarks = { min: 0, low: 0, high: 0 };
    const zone = (name: string, node: number, start: number) => {
      return { name, node, start, pages: 16, holes: [], watermarks };
    };
    const { view, play } = stage({ geometry: { zones: [zone("Normal", 0, 0), zone("Far", 1, 16)] } });
    play(hint("start"), work);
    expect(play(work)).toEqual([{ event: "isolate", pfn: 0, order: 3 }]);
    expect(view.reporter()).toMatchObject({ phase: "take", zone: 1 });
    expect(play(work)).toEqual([{ event: "isolate", pfn: 16, order: 3 }]);
    expect(view.reporter()).toMatchObject({ phase: "send", fresh: [0, 16] });
  });

  test("stopped while the array is filled: what is in it still goes to the host", () => {
    const { view, play } = stage({ geometry: { capacity: 3 } });
    play(hint("start"), work, work, hint("stop"));
    expect(view.reporter()).toMatchObject({ phase: "send", again: true });
    expect(play(work)).toMatchObject([{ event: "submit" }]);
    play(ok, work);
    expect(view.reporter()).toMatchObject({ phase: "rest", timer: 0, again: false, parked: [0, 8, 16] });
  });

  test("shrunk while parked: the youngest blocks go (4)", () => {
    const { view, play } = parked();
    expect(play(pressure(0))).toEqual([]);
    expect(play(pressure(9))).toMatchObject([
      { event: "release", pfn: 8 },
      { event: "release", pfn: 16 },
    ]);
    expect(view.reporter()).toMatchObject({ parked: [0] });
  });

  test("a caller is told that memory is out, although blocks are only parked (1.3)", () => {
    const { play } = parked();
    play(alloc(3));
    expect(play(alloc(0, "movable", { wait: true }))).toMatchObject([{ event: "alloc-failed", reason: "no-memory" }]);
  });

  test("the device goes: what is parked goes back first", () => {
    const { view, play } = parked();
    expect(play(unregister)).toEqual([]);
    expect(view.reporter()).toMatchObject({ device: "leaving", timer: 0 });
    const gone = [{ pfn: 0 }, { pfn: 8 }, { pfn: 16 }, { event: "unregistered" }];
    expect(play(work, work, work, work, work)).toMatchObject(gone);
    play({ do: "register" });
    expect(view.reporter()).toMatchObject({ command: "none", again: false, timer: -1 });
  });
});

describe("put-back", () => {
  /** Three blocks of order 3: 0, 8 and 16; one is left alone. */
  const stage = (more: Stage = {}) =>
    onStage({
      design: "incremental-array",
      pages: 24,
      ...more,
      settings: { variant: "put-back", highWater: 1, delay: 1, ...more.settings },
    });

  test("a pass, step by step: the blocks come back with a mark, which ends it (3b)", () => {
    const { view, play, enabled } = stage();
    expect(view.reportOrder()).toBe(3);
    expect(enabled()).toEqual(["tick"]);
    play(tick, work);
    expect(view.reporter()).toMatchObject({ phase: "take", timer: -1, zone: 0 });
    expect(play(work)).toEqual([
      { event: "isolate", pfn: 0, order: 3 },
      { event: "isolate", pfn: 8, order: 3 },
    ]);
    const ranges = [0, 8].map((pfn) => ({ pfn, order: 3 }));
    expect(play(work)).toEqual([{ event: "submit", request: 1, ranges }]);
    expect(play(ok, work)).toEqual([
      { event: "ack", request: 1, ok: true },
      { event: "release", pfn: 0, order: 3, reported: true },
      { event: "release", pfn: 8, order: 3, reported: true },
    ]);
    expect(lists(view)).toEqual({ "movable 3": "16 0* 8*" });
    expect(view.reporter()).toMatchObject({ phase: "take", zone: 0 });
    // Marked blocks count for the reserve: the last one can be spared, too.
    expect(play(work, work, ok, work)).toMatchObject([{ pfn: 16 }, { event: "submit" }, {}, { reported: true }]);
    expect(play(work)).toEqual([{ event: "idle" }]);
    expect(lists(view)).toEqual({ "movable 3": "0* 8* 16*" });
    expect(view.resting()).toBe(true);
  });

  test("the reserve: with as many blocks as are to be left alone, none is taken", () => {
    const { view, play } = stage({ settings: { highWater: 3 } });
    expect(play(tick, work, work)).toEqual([{ event: "idle" }]);
    expect(lists(view)).toEqual({ "movable 3": "0 8 16" });
  });

  test("where the watermark refuses a block, its list is given up", () => {
    const { play } = stage({ watermarks: { min: 12, low: 12, high: 12 } });
    expect(play(tick, work, work)).toEqual([{ event: "isolate", pfn: 0, order: 3 }]);
  });

  test("a free of the largest order starts it; one in the middle of a pass starts it again", () => {
    const { view, play } = stage({ settings: { highWater: 0 } });
    play(alloc(3), alloc(0), tick, work, work, free(8, 0));
    expect(view.reporter()).toMatchObject({ phase: "send", again: true });
    play(work, ok, work);
    expect(play(work)).toMatchObject([{ event: "isolate", pfn: 8 }]);
    expect(play(work, ok, work, work)).toMatchObject([{ event: "submit" }, {}, { reported: true }]);
    expect(view.reporter()).toMatchObject({ phase: "rest", timer: 1, again: true });
    play(tick, work, work);
    expect(view.reporter()).toMatchObject({ phase: "rest", timer: -1, again: false });
    play(free(0, 3));
    expect(view.reporter()).toMatchObject({ timer: 1 });
  });

  test("the device goes at the end of the pass", () => {
    const { view, play } = stage();
    play(tick, work, work, work, unregister);
    expect(view.reporter()).toMatchObject({ device: "leaving", phase: "wait" });
    expect(play(ok, work, work, work, ok, work, work).at(-1)).toEqual({ event: "unregistered" });
    expect(play({ do: "register" })).toEqual([{ event: "registered" }]);
    expect(view.reporter()).toMatchObject({ timer: 1 });
    expect(play(unregister)).toEqual([{ event: "unregistered" }]);
    expect(view.reporter()).toMatchObject({ timer: -1 });
  });
});
