import { describe, expect, it } from "vitest";
import type { AllocAction, Event, Geometry, WireAction } from "../../../model/alphabet/index.ts";
import { AdapterFault, type Fault } from "../../../oracle/conform/adapter-fault.ts";
import { conform } from "../../../oracle/conform/conform.ts";
import { Fit } from "../../../oracle/conform/fit.ts";
import { SmallAllocator } from "./small-allocator.ts";

const ALLOC: AllocAction = { do: "alloc", order: 1, migratetype: "movable", node: 0, cpu: 0, wait: false };
const MAY_SLEEP: AllocAction = { ...ALLOC, wait: true };
const FREE: WireAction = { do: "free", pfn: 4, order: 2, cpu: 0 };
const WORK: WireAction = { do: "work" };
const ACK: WireAction = { do: "ack", request: 3, ok: true };
const OFFLINE: WireAction = { do: "offline", start: 8, pages: 8 };
const release: Event = { event: "release", pfn: 0, order: 0, reported: false };
const submit: Event = { event: "submit", request: 1, ranges: [{ pfn: 0, order: 1 }] };

function fault(action: WireAction, answer: readonly unknown[] | unknown, registered = true, fit = new Fit()): Fault {
  try {
    // What doesn't keep to the types is what this is about.
    fit.check(action, answer as readonly Event[], registered);
  } catch (error) {
    if (error instanceof AdapterFault) return error.fault;
    throw error;
  }
  throw new Error("it fits");
}

describe("an answer that fits", () => {
  it.each<[string, WireAction, readonly Event[]]>([
    ["a block", ALLOC, [{ event: "alloc", pfn: 2, order: 1 }]],
    ["no block", ALLOC, [{ event: "alloc-failed", order: 1, reason: "would-block" }]],
    ["a balloon that deflates for the caller first", ALLOC, [release, { event: "alloc", pfn: 0, order: 1 }, release]],
    ["a caller that waits", MAY_SLEEP, [{ event: "alloc-waits", order: 1, ticket: 0 }, submit]],
    [
      "one that waits and is woken at once",
      MAY_SLEEP,
      [
        { event: "alloc-waits", order: 1, ticket: 0 },
        { event: "alloc", pfn: 0, order: 1, ticket: 0 },
      ],
    ],
    ["a free", FREE, [{ event: "free", pfn: 4, order: 2 }, submit]],
    ["an ack, and what follows", ACK, [{ event: "ack", request: 3, ok: true }, release, submit, { event: "idle" }]],
    ["an ack that nobody asked for: it breaks a rule", WORK, [{ event: "ack", request: 3, ok: true }]],
    ["hotplug", OFFLINE, [{ event: "offline", start: 8, pages: 8 }]],
    ["hotplug that is refused", OFFLINE, []],
    ["the device goes", { do: "unregister" }, [{ event: "unregistered" }]],
    ["the device is there already", { do: "register" }, []],
    ["nothing to do", WORK, []],
  ])("%s", (_, action, answer) => {
    expect(() => new Fit().check(action, answer, true)).not.toThrow();
  });

  it("may be of a block for whoever waits", () => {
    const fit = new Fit();
    fit.check(MAY_SLEEP, [{ event: "alloc-waits", order: 1, ticket: 7 }], true);
    fit.check(
      FREE,
      [
        { event: "free", pfn: 4, order: 2 },
        { event: "alloc", pfn: 4, order: 1, ticket: 7 },
      ],
      true,
    );
    expect(fault(WORK, [{ event: "alloc", pfn: 6, order: 1, ticket: 7 }], true, fit).problem).toContain("nobody waits");
  });

  it("forgets who waits when a run begins", () => {
    const fit = new Fit();
    fit.check(MAY_SLEEP, [{ event: "alloc-waits", order: 1, ticket: 7 }], true);
    fit.reset();
    fit.check(MAY_SLEEP, [{ event: "alloc-waits", order: 1, ticket: 7 }], true);
  });
});

describe("an answer that does not fit", () => {
  it.each<[string, WireAction, readonly unknown[] | unknown, RegExp, string]>([
    ["no list", WORK, undefined, /no list of events/, 'An answer is `{"events":[…]}`'],
    ["no event", WORK, ["isolate"], /events? that can't be read/, "a wrong type"],
    ["an unknown event", WORK, [{ event: "steal", pfn: 1 }], /"steal"/, "An unknown `event`"],
    ["a missing key", WORK, [{ event: "isolate", pfn: 1 }], /order/, "a missing key"],
    ["a page that is no number", WORK, [{ event: "isolate", pfn: "1", order: 0 }], /pfn/, "a wrong type"],
    ["alloc: nothing", ALLOC, [], /the answer to "alloc" is empty; expected "alloc" or "alloc-failed"/, "one `alloc`"],
    [
      "alloc: of another order",
      ALLOC,
      [{ event: "alloc", pfn: 0, order: 0 }],
      /begins with "alloc 0"/,
      "of that order",
    ],
    ["alloc: fails for another order", ALLOC, [{ event: "alloc-failed", order: 0 }], /of order 1/, "of that order"],
    [
      "alloc: two blocks",
      ALLOC,
      [
        { event: "alloc", pfn: 0, order: 1 },
        { event: "alloc", pfn: 2, order: 1 },
      ],
      /one more answer to the caller/,
      "plays everyone else",
    ],
    ["alloc: behind something else", ALLOC, [submit, { event: "alloc", pfn: 0, order: 1 }], /"submit 1: 0-1"/, "first"],
    [
      "alloc: waits, but may not",
      ALLOC,
      [{ event: "alloc-waits", order: 1, ticket: 0 }],
      /may not wait/,
      '"wait":true',
    ],
    [
      "alloc: with a ticket",
      ALLOC,
      [{ event: "alloc", pfn: 0, order: 1, ticket: 1 }],
      /without a ticket/,
      "one `alloc`",
    ],
    [
      "alloc: fails on a node",
      ALLOC,
      [{ event: "alloc-failed", order: 1, node: 0 }],
      /names node 0/,
      "does not name it",
    ],
    ["free: nothing", FREE, [], /expected "free" of pfn 4, order 2/, "`free`, and what follows"],
    ["free: another block", FREE, [{ event: "free", pfn: 8, order: 2 }], /begins with "free 8-11"/, "`free`"],
    ["free: a part", FREE, [{ event: "free", pfn: 4, order: 1 }], /begins with "free 4-5"/, "`free`"],
    ["free: not first", FREE, [submit, { event: "free", pfn: 4, order: 2 }], /begins with "submit/, "own event first"],
    [
      "free: one more",
      FREE,
      [
        { event: "free", pfn: 4, order: 2 },
        { event: "free", pfn: 8, order: 2 },
      ],
      /"free 8-11", which nobody asked for/,
      "plays everyone else",
    ],
    ["ack: another request", ACK, [{ event: "ack", request: 4, ok: true }], /expected "ack" of request 3/, "`ack`"],
    ["ack: another answer", ACK, [{ event: "ack", request: 3, ok: false }], /ok true/, "`ack`"],
    ["offline: other pages", OFFLINE, [{ event: "offline", start: 8, pages: 4 }], /8 pages from 8/, "refused for now"],
    ["offline: online", OFFLINE, [{ event: "online", start: 8, pages: 8 }], /nobody asked for/, "administrator"],
    [
      "offline: not first",
      OFFLINE,
      [release, { event: "offline", start: 8, pages: 8 }],
      /nobody asked/,
      "administrator",
    ],
    ["unregister: nothing", { do: "unregister" }, [], /expected "unregistered"/, "none where it is so already"],
    ["register: twice", { do: "register" }, [{ event: "registered" }], /it was so already/, "none where it is so"],
    ["work: unregistered", WORK, [{ event: "unregistered" }], /nobody asked for/, "the host"],
    ["work: a block", WORK, [{ event: "alloc", pfn: 0, order: 1 }], /without a ticket/, "users of memory"],
    [
      "work: a caller waits",
      WORK,
      [{ event: "alloc-waits", order: 0, ticket: 0 }],
      /nobody asked for/,
      "users of memory",
    ],
    [
      "work: a ticket of nobody",
      WORK,
      [{ event: "alloc-failed", order: 1, ticket: 5 }],
      /ticket 5/,
      "nobody waits with",
    ],
    ["work: a discard", WORK, [{ event: "discard", request: 1, pfn: 0, order: 0 }], /"discard"/, "the driver's alone"],
  ])("%s", (_, action, answer, problem, rule) => {
    const found = fault(action, answer);
    expect(found.problem).toMatch(problem);
    expect(found.rule).toContain(rule);
    expect(found.sent).toBe(JSON.stringify(action));
    expect(found.came).toBe(JSON.stringify({ events: answer }));
  });

  it("has a ticket with which somebody waits already, or a block of an order that he does not wait for", () => {
    const fit = new Fit();
    const waits: Event = { event: "alloc-waits", order: 1, ticket: 7 };
    fit.check(MAY_SLEEP, [waits], true);
    expect(fault(MAY_SLEEP, [waits], true, fit).problem).toContain("somebody waits already");
    const block = { event: "alloc", pfn: 0, order: 2, ticket: 7 };
    expect(fault(WORK, [block], true, fit).problem).toContain("is of order 2; he waits for order 1");
  });
});

describe("in a campaign", () => {
  it("an answer that does not fit is no verdict, whatever else it would break", () => {
    /** Says nothing of frees; the pages that it isolates then are allocated, as far as anyone knows. */
    class Silent extends SmallAllocator {
      override perform(action: WireAction): readonly Event[] {
        const events = super.perform(action);
        return action.do === "free" ? events.slice(1) : events;
      }
    }
    expect(() => conform(new Silent(), { runs: 50, seed: 1 })).toThrow(/the answer to "free" is empty/);
  });

  it("a start with a geometry that can't be served is no verdict either", () => {
    class Choosy extends SmallAllocator {
      override start(geometry: Geometry): ReturnType<SmallAllocator["start"]> {
        if (geometry.zones.length > 1) throw new Error("one zone only, please");
        return super.start(geometry);
      }
    }
    expect(() => conform(new Choosy(), { runs: 50, seed: 1 })).toThrow("the system threw: one zone only, please");
  });
});
