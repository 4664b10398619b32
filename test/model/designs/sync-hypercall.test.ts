import { describe, expect, test } from "vitest";
import { alloc, free, hotplug, lists, ok, onStage } from "../stage.ts";
import type { Stage } from "../stage.ts";

/** Two blocks of order 3: 0 and 8; two CPUs. */
const stage = (more: Stage = {}) =>
  onStage({ design: "sync-hypercall", ...more, settings: { cpus: 2, ...more.settings } });

const proceed = (cpu = 0) => ({ do: "proceed", cpu }) as const;
const okTo = (request: number) => ({ do: "ack", request, ok: true }) as const;

test("a large block: the hypercall comes before the free", () => {
  const { view, play, enabled } = stage();
  expect(play(alloc(2), free(0, 2))).toEqual([
    { event: "alloc", pfn: 0, order: 2, migratetype: "movable" },
    { event: "free", pfn: 0, order: 2 },
    { event: "isolate", pfn: 0, order: 2 },
    { event: "submit", request: 1, ranges: [{ pfn: 0, order: 2 }] },
  ]);
  expect(view.reporter()).toMatchObject({ stages: "before,", queued: [1, 0], requests: [1, 0] });
  expect([view.held(), view.stalled(), view.resting(), enabled()]).toEqual([[0], 1, false, []]);

  play(ok);
  expect(enabled()).toEqual(["proceed"]);
  expect(play(proceed())).toEqual([{ event: "release", pfn: 0, order: 2, reported: false }]);
  // It merges to order 3: r is not reached anew, so there is no second hypercall.
  expect(lists(view)).toEqual({ "movable 3": "0 8" });
  expect(view.reporter()).toMatchObject({ stages: ",", queued: [0, 0], requests: [0, 0] });
  expect([view.stalled(), view.resting()]).toEqual([0, true]);
});

test("small blocks: the lock is dropped where the merge reaches the report order, and the merge goes on", () => {
  const { view, play } = stage();
  expect(play(alloc(0), free(0, 0))).toMatchObject([
    { event: "alloc" },
    { event: "free", pfn: 0, order: 0 },
    { event: "isolate", pfn: 0, order: 2 },
    { event: "submit", request: 1, ranges: [{ pfn: 0, order: 2 }] },
  ]);
  expect(view.reporter()).toMatchObject({ stages: "inside,", lists: "movable,", queued: [1, 0] });
  // While the lock is dropped, another CPU takes the buddy.
  expect(play({ ...alloc(2), cpu: 1 })).toMatchObject([{ event: "alloc", pfn: 4 }]);
  play(ok, proceed());
  expect(lists(view)).toEqual({ "movable 2": "0", "movable 3": "8" });
});

test("one page allocated and freed: all of its block is told to the host again", () => {
  const { play } = stage();
  for (let round = 0; round < 3; round++) {
    expect(play(alloc(0), free(0, 0)).at(-1)).toMatchObject({ event: "submit", ranges: [{ pfn: 0, order: 2 }] });
    play(ok, proceed());
  }
});

test("a CPU in the hypercall does nothing else; the others do", () => {
  const { view, play } = stage();
  play(alloc(2), alloc(2), alloc(2), free(0, 2));
  expect(play(alloc(0), free(4, 2), { do: "drain", zone: "Normal", cpu: 0 })).toEqual([]);
  expect(play(free(4, 2, 1))).toMatchObject([{ event: "free" }, { event: "isolate" }, { event: "submit", request: 2 }]);
  expect(view.reporter()).toMatchObject({ stages: "before,before", requests: [1, 2] });
  expect([view.stalled(), view.held()]).toEqual([2, [0, 4]]);
  expect(play(okTo(2), proceed(0))).toEqual([{ event: "ack", request: 2, ok: true }]);
  expect(play(proceed(1))).toMatchObject([{ event: "release", pfn: 4 }]);
  expect(lists(view)).toEqual({ "movable 2": "4 12" });
  expect(play(ok, proceed(0))).toMatchObject([{ event: "ack" }, { event: "release", pfn: 0 }]);
});

test("who finds nothing waits for what is in the hypercall", () => {
  const { play } = stage({ pages: 8 });
  play(alloc(3), free(0, 3));
  expect(play({ ...alloc(3, "movable", { wait: true }), cpu: 1 })).toEqual([
    { event: "alloc-waits", order: 3, ticket: 1 },
  ]);
  expect(play(ok, proceed())).toMatchObject([
    { event: "ack" },
    { event: "release" },
    { event: "alloc", pfn: 0, ticket: 1 },
  ]);
});

describe("a batch from a CPU's cache", () => {
  /** All six cached pages go back, the oldest first: 5, which the last refill brought, then 0, 1, 2, 3 and 4. */
  const batch = () => {
    const player = stage({ settings: { pcp: { maxOrder: 0, huge: false, high: 6, batch: 6 } } });
    player.play(alloc(0), alloc(0), alloc(0), alloc(0), alloc(0));
    player.play(free(0, 0), free(1, 0), free(2, 0), free(3, 0));
    expect(player.play(free(4, 0))).toMatchObject([
      { event: "free", pfn: 4 },
      { event: "isolate", pfn: 0, order: 2 },
      { event: "submit", request: 1 },
    ]);
    return player;
  };

  test("what comes after the block in hand stays with the CPU, and may lead into the next hypercall", () => {
    const { view, play } = batch();
    expect(view.reporter()).toMatchObject({ stages: "inside,", queued: [2, 0] });
    expect([view.held(), view.owner(4)]).toEqual([[0], "cached"]);
    expect(play(ok, proceed())).toMatchObject([
      { event: "ack" },
      { event: "release", pfn: 0 },
      { event: "isolate", pfn: 4, order: 2 },
      { event: "submit", request: 1 },
    ]);
    expect(view.reporter()).toMatchObject({ stages: "inside,", queued: [1, 0] });
    play(ok, proceed());
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });

  test("but into none where the device is leaving by then", () => {
    const { view, play } = batch();
    expect(play({ do: "unregister" }, ok, proceed())).toMatchObject([
      { event: "ack" },
      { event: "release", pfn: 0 },
      { event: "unregistered" },
    ]);
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });
});

test("G-1: a pageblock is isolated meanwhile, and its block goes to the list read before", () => {
  const { view, play } = stage({ geometry: { sectionPages: 8 } });
  play(alloc(0), free(0, 0), { do: "offline", start: 0, pages: 8 }, hotplug);
  expect([view.pageblock(0), view.isolatedPageblocks(0)]).toEqual(["isolate", 1]);
  play(ok, proceed());
  expect(lists(view)).toEqual({ "movable 3": "0 8" });
  expect(play(alloc(3))).toMatchObject([{ event: "alloc", pfn: 0 }]);
});

test("a block larger than a pageblock is freed in parts", () => {
  const { view, play } = stage({ geometry: { pageblockOrder: 1, reportOrder: 3 } });
  play(alloc(3), free(0, 3), ok);
  // The four parts merge to order 3 again, and so lead into the hypercall again.
  expect(play(proceed())).toMatchObject([
    { event: "release", pfn: 0 },
    { event: "isolate", pfn: 0, order: 3 },
    { event: "submit" },
  ]);
  expect(view.reporter()).toMatchObject({ stages: "inside,", queued: [1, 0] });
  play(ok, proceed());
  expect(lists(view)).toEqual({ "movable 3": "0 8" });
});

describe("the device goes", () => {
  test("at once where no CPU is in the hypercall; then frees are plain", () => {
    const { view, play } = stage();
    expect(play({ do: "unregister" }, { do: "unregister" })).toEqual([{ event: "unregistered" }]);
    expect(play(alloc(2), free(0, 2))).toMatchObject([{ event: "alloc" }, { event: "free" }]);
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
    expect(play({ do: "register" }, { do: "register" })).toEqual([{ event: "registered" }]);
  });

  test("when the last CPU comes back; no further hypercall begins", () => {
    const { view, play } = stage();
    play(alloc(2), alloc(0), free(0, 2), { do: "unregister" });
    expect(view.registered()).toBe(true);
    expect(play(free(4, 0, 1))).toEqual([{ event: "free", pfn: 4, order: 0 }]);
    expect(play(ok, proceed())).toMatchObject([{ event: "ack" }, { event: "release" }, { event: "unregistered" }]);
    expect(lists(view)).toEqual({ "movable 3": "0 8" });
  });
});

test("the system is not suspended inside a hypercall, and begins none while it is", () => {
  const { view, play } = stage();
  play(alloc(2), free(0, 2), { do: "freeze" });
  expect(view.frozen()).toBe(false);
  play(ok, proceed(), { do: "freeze" }, alloc(2));
  expect(play(free(0, 2))).toEqual([{ event: "free", pfn: 0, order: 2 }]);
  expect([view.frozen(), lists(view)]).toEqual([true, { "movable 3": "0 8" }]);
});
