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
  const busy: Event[] = Array.from({ length: 100 }, () => ({ event: "registered" }));

  test("holds the last events, at least as many as asked for", () => {
    for (let before = 0; before < 60; before++) {
      const monitor = watch([...busy.slice(0, before), ...HELD, ...busy.slice(0, 6)], { memory: 10 });
      const rejection = monitor.see(TAKEN);
      expect(rejection?.chain.map(({ at }) => at)).toEqual([before + 1, before + 2]);
      expect(monitor.counts.forgotten).toBeLessThanOrEqual(before);
      expect(before + 9 - monitor.counts.forgotten).toBeLessThanOrEqual(20);
    }
  });

  test("forgets how it came, but not who has the pages", () => {
    const monitor = watch([...HELD, ...busy], { memory: 10 });
    const rejection = monitor.see(TAKEN);
    expect(rejection).toMatchObject({ property: "exclusion", at: 103, chain: [] });
    expect(monitor.counts.forgotten).toBe(90);
    if (rejection === undefined) throw new Error("no rejection");
    expect(tellRejection(rejection).join("\n")).toContain("0-7 free | 8-11 in flight with request 7 | 12-31 free");
  });

  test("is given back by a reset", () => {
    const monitor = watch([...busy, ...HELD], { memory: 10 });
    monitor.reset();
    expect(monitor.counts.forgotten).toBe(0);
    expect(monitor.see(HELD[1])).toMatchObject({ property: "ownership", chain: [], at: 1 });
  });
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
    expect(() => watch([], { memory: 0 })).toThrow("memory: found 0, expected a whole number of events from 1");
    expect(() => watch([], { claims: ["slip" as "completeness"] })).toThrow('claims[0]: found "slip"');
  });
});
