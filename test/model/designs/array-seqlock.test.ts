import { describe, expect, test } from "vitest";
import { alloc, free, hotplug, lists, ok, onStage } from "../stage.ts";
import type { Stage } from "../stage.ts";

/** Arrays of two entries, a list of two runs that goes to the host when both are there. */
const stage = (more: Stage = {}) =>
  onStage({
    design: "array-seqlock",
    ...more,
    geometry: { reportOrder: 1, ...more.geometry },
    settings: { highWater: 2, ...more.settings },
  });

const proceed = { do: "proceed", cpu: 0 } as const;
const other = { do: "proceed", cpu: 1 } as const;

test("frees are noted until the array of the CPU is full; the last one stays in its hands", () => {
  const { view, play, enabled } = stage();
  play(alloc(1), alloc(1), alloc(1), free(0, 1));
  expect(lists(view)).toMatchObject({ "movable 1": "0 6" });
  expect(view.reporter()).toMatchObject({ entries: [1], pfns: [0], stages: "", writer: -1 });
  expect(view.noted(0, 1)).toBe(true);
  expect(view.noted(6, 1)).toBe(false);
  expect(view.resting()).toBe(true);

  expect(play(free(4, 1))).toEqual([{ event: "free", pfn: 4, order: 1 }]);
  expect(view.held()).toEqual([4]);
  expect(view.reporter()).toMatchObject({ entries: [2], pfns: [0, 4], stages: "scan", writer: 0 });
  expect(view.resting()).toBe(false);
  expect(enabled()).toEqual(["proceed"]);
});

/** 0 to 1 and 4 to 5 are noted, 4 is in hand, 2 is allocated. */
const full = (more: Stage = {}) => {
  const player = stage(more);
  player.play(alloc(1), alloc(1), alloc(1), free(0, 1), free(4, 1));
  return player;
};

test("a scan, step by step", () => {
  const { view, play, enabled } = full();
  // An entry a step.
  expect(play(proceed)).toEqual([]);
  expect(view.reporter()).toMatchObject({ runs: [0, 2], at: [1, 0] });
  // Page 4 begins the second run, and the list is full: the call is in the middle of the entry. Page 4 is too small.
  const range = { pfn: 0, order: 1 };
  expect(play(proceed)).toEqual([{ event: "submit", request: 1, ranges: [range] }]);
  expect(view.reporter()).toMatchObject({ stages: "call", runs: [0, 2, 4, 1], at: [1, 1], waiting: 1, requests: [1] });
  expect(view.stalled()).toBe(1);
  expect(enabled()).toEqual([]);

  expect(play(ok)).toEqual([{ event: "ack", request: 1, ok: true }]);
  expect(play(proceed)).toEqual([]);
  expect(view.reporter()).toMatchObject({ stages: "scan", runs: [], at: [1, 1], waiting: 0, requests: [0] });
  // Page 5 is left, and stays in the list over the unlock.
  expect(play(proceed)).toEqual([]);
  expect(view.reporter()).toMatchObject({ stages: "", writer: -1, entries: [0], runs: [5, 1], at: [0, 0] });
  expect(lists(view)).toMatchObject({ "movable 2": "4" });
  expect(view.held()).toEqual([]);
  expect(view.noted(4, 2)).toBe(true);
  expect(view.resting()).toBe(true);
});

describe("while the lock is held", () => {
  const two = { settings: { cpus: 2 } };

  test("every allocation on another CPU spins, whatever is free, and succeeds as soon as it is released", () => {
    const { view, play } = full(two);
    expect(play(alloc(3))).toEqual([]);
    expect(play({ ...alloc(3), cpu: 1 })).toEqual([{ event: "alloc-waits", order: 3, ticket: 1 }]);
    expect(view.stalled()).toBe(1);
    expect(play(proceed, proceed)).toMatchObject([{ event: "submit" }]);
    expect(view.stalled()).toBe(2);
    play(ok, proceed);
    expect(play(proceed)).toMatchObject([{ event: "alloc", pfn: 8, ticket: 1 }]);
    expect(view.stalled()).toBe(0);
  });

  test("a free on another CPU goes on, and one whose array is full waits for the lock", () => {
    const { view, play, enabled } = stage(two);
    play(alloc(1), alloc(1), alloc(1), alloc(1), free(0, 1), free(2, 1, 1), free(4, 1));
    expect(lists(view)).toMatchObject({ "movable 2": "0" });
    play(free(6, 1, 1));
    expect(view.reporter()).toMatchObject({ stages: "scan,lock", writer: 0, pfns: [0, 4, 2, 6] });
    expect(view.held()).toEqual([4, 6]);
    expect(view.stalled()).toBe(1);
    expect(play(other)).toEqual([]);
    play(proceed, proceed, ok, proceed, proceed);
    expect(view.reporter()).toMatchObject({ stages: ",lock", writer: -1 });
    expect(enabled()).toEqual(["proceed"]);
    play(other);
    expect(view.reporter()).toMatchObject({ stages: ",scan", writer: 1 });
  });
});

describe("the list of runs", () => {
  test("is sorted and merged when it is full, and kept where that made room", () => {
    const { view, play } = stage();
    play(alloc(1), alloc(0), alloc(0), free(3, 0), free(2, 0), proceed, proceed);
    expect(view.reporter()).toMatchObject({ runs: [2, 2], stages: "" });
  });

  test("drops a page where it is full and not long enough to be sent", () => {
    const { view, play } = stage({ settings: { highWater: 3 } });
    play(alloc(1), alloc(1), alloc(1), free(4, 1), free(0, 1), proceed, proceed);
    // 0 was dropped, and 1 after it.
    expect(view.reporter()).toMatchObject({ runs: [4, 2], stages: "" });
  });

  test("is cleared where nothing on it is large enough to be sent", () => {
    const { view, play } = full({ geometry: { reportOrder: 2 } });
    play(proceed);
    expect(play(proceed)).toEqual([]);
    expect(view.reporter()).toMatchObject({ runs: [5, 1], stages: "" });
  });

  test("has no run over the border of two zones; it goes to the host in aligned blocks, a queue at a time", () => {
    const watermarks = { min: 0, low: 0, high: 0 };
    const zones = [0, 8].map((start) => ({ name: `${start}`, node: 0, start, pages: 8, holes: [], watermarks }));
    const { view, play } = stage({ geometry: { zones, capacity: 3, reportOrder: 0 }, settings: { highWater: 3 } });
    play(alloc(1), alloc(0), alloc(0), alloc(2), alloc(3), free(3, 0), free(4, 2), free(8, 3));
    play(proceed, proceed, proceed);
    expect(view.reporter()).toMatchObject({ runs: [3, 5, 8, 8], stages: "" });

    play(free(0, 1), alloc(3), free(8, 3), alloc(3), free(8, 3));
    const ranges = [
      { pfn: 0, order: 0 },
      { pfn: 3, order: 0 },
      { pfn: 4, order: 2 },
      { pfn: 8, order: 3 },
    ];
    expect(play(proceed)).toEqual([{ event: "submit", request: 1, ranges: ranges.slice(0, 3) }]);
    expect(view.reporter()).toMatchObject({ runs: [0, 1, 3, 5, 8, 8], waiting: 4, at: [0, 1] });
    play(ok);
    expect(play(proceed)).toEqual([{ event: "submit", request: 1, ranges: ranges.slice(3) }]);
    expect(view.reporter()).toMatchObject({ stages: "call", waiting: 1 });
    play(ok, proceed);
    expect(view.reporter()).toMatchObject({ stages: "scan", runs: [], waiting: 0 });
  });
});

describe("what goes to the host though it is in use", () => {
  test("the later pages of a block: only the first has a count", () => {
    const { view, play } = stage();
    // 0 to 3 are noted, and allocated again before the array is full.
    play(alloc(2), alloc(2), alloc(1), free(0, 2), alloc(2), free(8, 1), proceed);
    expect(view.reporter()).toMatchObject({ runs: [1, 3] });
    expect(play(proceed)).toEqual([{ event: "submit", request: 1, ranges: [{ pfn: 2, order: 1 }] }]);
    expect(view.owner(2)).toBe("allocated");
  });

  test("a run that stays in the list over an unlock", () => {
    const { view, play } = full({ geometry: { reportOrder: 0 } });
    play(proceed, proceed, ok, proceed, proceed);
    expect(view.reporter()).toMatchObject({ runs: [5, 1] });
    expect(play(alloc(2))).toMatchObject([{ event: "alloc", pfn: 4 }]);
    play(free(2, 1), alloc(3), free(8, 3));
    const ranges = [2, 5].map((pfn) => ({ pfn, order: 0 }));
    expect(play(proceed)).toEqual([{ event: "submit", request: 1, ranges }]);
    expect(view.owner(5)).toBe("allocated");
  });
});

test("a page that is gone by the time of the scan is passed over", () => {
  const { view, play } = stage({ geometry: { sectionPages: 8 } });
  const steps = Array.from({ length: 4 }, () => hotplug);
  play(alloc(3), free(0, 3), { do: "offline", start: 0, pages: 8 }, ...steps);
  expect(view.owner(0)).toBe("absent");
  play(alloc(1), free(8, 1), proceed, proceed);
  expect(view.reporter()).toMatchObject({ runs: [8, 2], stages: "" });
});

test("nothing is noted while the system is suspended; it is not while a CPU is busy", () => {
  const { view, play } = full();
  play({ do: "freeze" });
  expect(view.frozen()).toBe(false);
  play(proceed, proceed, ok, proceed, proceed, { do: "freeze" });
  expect(view.frozen()).toBe(true);
  play(free(2, 1));
  expect(view.reporter()).toMatchObject({ entries: [0] });
});

test("the device goes with the last CPU that is busy, and all that was noted with it", () => {
  const { view, play } = full();
  expect(play({ do: "unregister" })).toEqual([]);
  play(proceed, proceed, ok, proceed);
  expect(play(proceed)).toEqual([{ event: "unregistered" }]);
  expect(view.reporter()).toMatchObject({ entries: [0], runs: [] });
  play(free(2, 1), { do: "register" });
  expect(view.reporter()).toMatchObject({ device: "registered", entries: [0] });
});
