import { describe, expect, test } from "vitest";
import { Monitor, type MonitorOptions } from "../../api/monitor.ts";
import type { Event } from "../../model/alphabet/index.ts";
import { tellRejection } from "../../properties/rejection/index.ts";

const SMALL = { maxOrder: 3, pageblockOrder: 2, reportOrder: 2, zones: [{ start: 0, pages: 32 }] };
const HELD: readonly Event[] = [
  { event: "isolate", pfn: 8, order: 2 },
  { event: "submit", request: 7, ranges: [{ pfn: 8, order: 2 }] },
];
const TAKEN: Event = { event: "alloc", pfn: 9, order: 0 };

function watch(events: readonly Event[], options: MonitorOptions = {}): Monitor {
  const monitor = new Monitor(SMALL, options);
  for (const event of events) monitor.see(event);
  return monitor;
}

describe("a running system, event by event", () => {
  test("what is right is passed over, and counted", () => {
    const monitor = watch([...HELD, { event: "ack", request: 7, ok: true }]);
    expect(monitor.see({ event: "release", pfn: 8, order: 2, reported: true })).toBeUndefined();
    expect(monitor.see({ event: "alloc-failed", order: 0 })).toBeUndefined();
    expect(monitor.end()).toBeUndefined();
    expect(monitor.counts).toMatchObject({ events: 5, failedNoMemory: 1, failedWithFreeMemory: 1, unjudged: 0 });
  });

  test("what is wrong is refused, with the events that led to it", () => {
    const rejection = watch(HELD).see(TAKEN);
    expect(rejection).toMatchObject({ property: "exclusion", at: 3, event: TAKEN, unit: "event" });
    expect(rejection?.chain.map(({ at }) => at)).toEqual([1, 2]);
    expect(rejection?.repair?.text).toContain("the ack of request 7");
  });

  test("pages that are held at the end are stranded, and the end can be judged again and again", () => {
    const monitor = watch([HELD[0]]);
    const rejection = monitor.end();
    expect(rejection).toMatchObject({ property: "stranded" });
    expect(monitor.end()).toBe(rejection);
    const resting = watch([]);
    expect([resting.end(), resting.see(TAKEN), resting.end()]).toEqual([undefined, undefined, undefined]);
  });

  test("after a violation nothing is judged until it is reset, to a system that goes on", () => {
    const monitor = watch([...HELD, TAKEN]);
    const { rejection } = monitor;
    expect(monitor.see({ event: "free", pfn: 9, order: 0 })).toBe(rejection);
    expect(monitor.counts).toMatchObject({ events: 3, unjudged: 1 });
    monitor.reset("unknown");
    expect(monitor.rejection).toBeUndefined();
    expect(monitor.counts).toMatchObject({ events: 0, unjudged: 0 });
    expect(monitor.owner(9)).toBe("unknown");
    expect(monitor.see({ event: "free", pfn: 9, order: 0 })).toBeUndefined();
    monitor.reset();
    expect(monitor.owner(9)).toBe("free");
    expect(monitor.see({ event: "free", pfn: 9, order: 0 })).toMatchObject({ property: "ownership", at: 1 });
  });

  test("events that its recorder can't see are not missed, and claims are held against it", () => {
    const unseen = watch([HELD[1]], { unseen: ["isolate"] });
    expect(unseen.rejection).toBeUndefined();
    expect(watch([HELD[1]]).rejection).toMatchObject({ property: "ownership" });
    expect(watch([{ event: "idle" }], { claims: ["completeness"] }).rejection).toMatchObject({
      property: "completeness",
    });
  });
});

describe("the memory of a monitor", () => {
  /** Enough that the first are forgotten. */
  const busy: Event[] = Array.from({ length: 30_000 }, () => ({ event: "registered" }));
  const rest = busy.slice(0, 15_000);

  test("holds the last events", () => {
    const monitor = watch([...busy, ...HELD, ...rest.slice(0, 9_000)]);
    const rejection = monitor.see(TAKEN);
    expect(rejection).toMatchObject({ property: "exclusion", at: 39_003 });
    expect(rejection?.chain.map(({ at }) => at)).toEqual([30_001, 30_002]);
    expect(monitor.counts.forgotten).toBe(20_000);
  });

  test("forgets how it came, and says so, but not who has the pages", () => {
    const rejection = watch([...HELD, ...busy]).see(TAKEN);
    expect(rejection).toMatchObject({ property: "exclusion", at: 30_003, chain: [] });
    if (rejection === undefined) throw new Error("no rejection");
    const told = tellRejection(rejection).join("\n");
    expect(told).toContain("0-7 free | 8-11 in flight with request 7 | 12-31 free");
    expect(told).toContain("the first 20,000 events were not kept");
  });

  test("is given back by a reset", () => {
    const monitor = watch([...busy, ...HELD]);
    monitor.reset();
    expect(monitor.counts.forgotten).toBe(0);
    expect(monitor.see(HELD[1])).toMatchObject({ property: "ownership", chain: [], at: 1 });
  });

  test("is one's own: two monitors know nothing of each other", () => {
    const [one, other] = [watch(HELD), watch([])];
    expect(other.see(TAKEN)).toBeUndefined();
    expect(one.see(TAKEN)).toMatchObject({ property: "exclusion" });
    expect([one.owner(9), other.owner(9)]).toEqual(["held", "allocated"]);
    expect(other.rejection).toBeUndefined();
  });
});

test("says what its silence says nothing about", () => {
  expect(watch([]).notChecked).toEqual([
    "lost-write: what pages hold is not in a trace",
    "completeness: the trace does not claim it",
  ]);
  const blind = watch([], { claims: ["completeness"], unseen: ["discard"] });
  blind.reset("unknown");
  expect(blind.notChecked.map((line) => line.split(":")[0])).toEqual([
    "lost-write",
    "what began before the recording",
    "host-window of discards",
  ]);
});

describe("what can't be used is told, and changes nothing", () => {
  const wrong: readonly (readonly [unknown, string])[] = [
    [undefined, "event 3: found nothing, expected an object with the key event"],
    [{ event: "malloc" }, 'event 3, event: found "malloc", expected one of alloc'],
    [{ event: "free", pfn: "9", order: 0 }, 'event 3, pfn: found "9", expected a page frame number'],
    [{ ...TAKEN, ticket: 4 }, "event 3, ticket: found ticket 4, with which nobody waits"],
  ];

  test.each(wrong)("%j", (event, message) => {
    const monitor = watch(HELD);
    expect(() => monitor.see(event as Event)).toThrow(message);
    expect(monitor.counts.events).toBe(2);
    expect(monitor.see({ event: "ack", request: 7, ok: true })).toBeUndefined();
    expect(monitor.see({ event: "release", pfn: 8, order: 2, reported: true })).toBeUndefined();
  });

  test("geometries and options, too", () => {
    expect(() => new Monitor({ zones: [{ start: 3, pages: 8 }] })).toThrow("geometry.zones[0].start: found 3");
    expect(() => watch([]).reset("somewhere" as "unknown")).toThrow(
      "start: found somewhere, expected one of free, unknown",
    );
    const none = { start: undefined, unseen: undefined } as unknown as MonitorOptions;
    expect(watch([TAKEN], none).counts.events).toBe(1);
    expect(() => watch([], { unsee: [] } as MonitorOptions)).toThrow("unsee: found an option that nobody knows");
    expect(() => watch([], null as unknown as MonitorOptions)).toThrow("found null, expected options: an object");
    expect(() => watch([], { claims: ["slip" as "completeness"] })).toThrow('claims[0]: found "slip"');
  });
});
