import { describe, expect, it } from "vitest";
import type { Event, Geometry, Step } from "../../../model/alphabet/index.ts";
import { Everyone } from "../../../oracle/conform/everyone.ts";

const NONE = { min: 0, low: 0, high: 0 };
const GEOMETRY: Geometry = {
  pageSize: 4096,
  maxOrder: 2,
  pageblockOrder: 1,
  reportOrder: 1,
  capacity: 2,
  sectionPages: 4,
  zones: [
    { name: "low", node: 0, start: 0, pages: 8, holes: [], watermarks: NONE },
    { name: "high", node: 2, start: 8, pages: 8, holes: [{ start: 12, pages: 4 }], watermarks: NONE },
  ],
};

function after(...events: readonly Event[]): Everyone {
  const everyone = new Everyone(GEOMETRY);
  events.forEach((event, index) => everyone.heard(event, index));
  return everyone;
}

const alloc = (node: number, order: number): Step => ({
  do: "alloc",
  order,
  migratetype: "movable",
  node,
  cpu: 0,
  wait: true,
});

describe("everyone around a system", () => {
  it("answers the request that a step counts, or else the one of that number", () => {
    const everyone = after(
      { event: "submit", request: 7, ranges: [{ pfn: 0, order: 1 }] },
      { event: "submit", request: 1, ranges: [{ pfn: 4, order: 1 }] },
    );
    const asked = (request: number): unknown => everyone.action({ do: "ack", request, ok: true });
    expect(asked(1)).toEqual({ do: "ack", request: 7, ok: true });
    expect(asked(2)).toEqual({ do: "ack", request: 1, ok: true });
    expect(asked(7)).toEqual({ do: "ack", request: 7, ok: true });
    expect(asked(3)).toBeUndefined();
  });

  it.each<[string, Step]>([
    ["frees what nobody has", { do: "free", of: 0, cpu: 0 }],
    ["answers a request that is not open", { do: "ack", request: 1, ok: true }],
    ["takes away what is gone", { do: "offline", start: 12, pages: 4 }],
    ["takes away what is no section", { do: "offline", start: 0, pages: 8 }],
    ["adds what is there", { do: "online", start: 8, pages: 4 }],
    ["reworks a zone that there is not", { do: "compact", zone: "middle", order: 0, at: 0, end: "head" }],
    ["asks for a node that there is not", alloc(1, 0)],
    ["asks for an order that there is not", alloc(0, 3)],
    ["takes a step that is not of the protocol", { do: "tick" }],
  ])("sends nothing where it %s", (_, step) => {
    expect(new Everyone(GEOMETRY).action(step)).toBeUndefined();
  });

  it("asks as the protocol has it", () => {
    const everyone = after(
      { event: "alloc", pfn: 4, order: 1 },
      { event: "isolate", pfn: 0, order: 1 },
      { event: "submit", request: 1, ranges: [{ pfn: 0, order: 1 }] },
    );
    expect(everyone.action({ do: "free", of: 0, cpu: 1 })).toEqual({ do: "free", pfn: 4, order: 1, cpu: 1 });
    expect(everyone.action({ do: "ack", request: 1, ok: false })).toEqual({ do: "ack", request: 1, ok: false });
    expect(everyone.action({ do: "offline", start: 8, pages: 4 })).toEqual({ do: "offline", start: 8, pages: 4 });
    expect(everyone.action({ do: "online", start: 12, pages: 4 })).toEqual({ do: "online", start: 12, pages: 4 });
    expect(everyone.action({ do: "compact", zone: "low", order: 0, at: 0, end: "head" })).toEqual({
      do: "compact",
      zone: "low",
    });
    expect(everyone.action(alloc(2, 2))).toEqual(alloc(2, 2));
  });

  it("knows which step asked for the block of a caller that was woken", () => {
    const everyone = after(
      { event: "alloc-waits", order: 0, ticket: 5 },
      { event: "idle" },
      { event: "alloc", pfn: 3, order: 0, ticket: 5 },
    );
    expect(everyone.users.live).toEqual([{ pfn: 3, order: 0, of: 0 }]);
  });

  it("knows what is held, open, there and registered, and forgets it", () => {
    const everyone = after(
      { event: "isolate", pfn: 0, order: 2 },
      { event: "isolate", pfn: 4, order: 1 },
      { event: "release", pfn: 2, order: 1, reported: false },
      { event: "submit", request: 1, ranges: [{ pfn: 0, order: 1 }] },
      { event: "submit", request: 2, ranges: [{ pfn: 4, order: 1 }] },
      { event: "ack", request: 1, ok: true },
      { event: "unregistered" },
      { event: "offline", start: 8, pages: 4 },
    );
    everyone.asked({ do: "balloon", pages: 3 });
    everyone.asked({ do: "hint", command: "start" });
    expect(everyone).toMatchObject({ held: 4, registered: false, balloonTarget: 3, hinting: "start" });
    expect(everyone.requests.map(({ request }) => request)).toEqual([2]);
    expect(everyone.sections.absent.map(({ start }) => start)).toEqual([12, 8]);
    everyone.reset();
    expect(everyone).toMatchObject({ held: 0, registered: true, balloonTarget: 0, hinting: "done", requests: [] });
    expect(everyone.sections.absent.map(({ start }) => start)).toEqual([12]);
  });
});
