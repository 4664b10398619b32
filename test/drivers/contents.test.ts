/** The host's memory: dropped at once or lazily, taken back, swapped out, shared with a device. Steps by hand. */
import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, type Event, type Settings } from "../../model/alphabet/index.ts";
import { Environment } from "../../properties/drivers/environment.ts";
import type { Violation } from "../../properties/judges/properties.ts";
import { ack, alloc, discard, free, machine, submit, zone } from "../judges/events.ts";

function environment(settings: Partial<Settings> = {}): Environment {
  return new Environment(machine([zone(0, 16, { holes: [{ start: 12, pages: 4 }] })]), {
    ...DEFAULT_SETTINGS,
    ...settings,
  });
}

/** What happens, an event a step from step 0 on. @returns the first violation */
function happens(host: Environment, ...events: readonly Event[]): Violation | undefined {
  for (const [index, event] of events.entries()) {
    const violation = host.observe(event, index);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

const LAZILY = { hostDrops: "lazily" } as const;

describe("pages that are dropped", () => {
  test("at once lose what an owner wrote before", () => {
    expect(happens(environment(), submit(1, [4, 2]), alloc(4, 2), discard(1, 4, 2))).toMatchObject({
      property: "lost-write",
      pages: { start: 4, pages: 1 },
      explanation:
        "page 4 belongs to the caller of step 1, who wrote into it, but it contains zeroes: the write is lost",
    });
  });

  test("lazily keep it, until the host is short of memory", () => {
    const host = environment(LAZILY);
    expect(happens(host, submit(1, [4, 2]), alloc(4, 2), discard(1, 4, 2))).toBeUndefined();
    expect(host.host({ do: "squeeze", pages: 1 })).toMatchObject({ property: "lost-write", pages: { start: 4 } });
  });

  test("lazily are not lost where the owner gives them back in time", () => {
    const host = environment(LAZILY);
    expect(happens(host, submit(1, [4, 2]), alloc(4, 2), discard(1, 4, 2), free(4, 2))).toBeUndefined();
    expect(host.host({ do: "squeeze", pages: 4 })).toBeUndefined();
    expect(host.takenBack).toBe(4);
  });

  test("lazily stay with whoever writes to them afterwards", () => {
    const host = environment(LAZILY);
    expect(happens(host, submit(1, [4, 2]), discard(1, 4, 2), ack(1), alloc(4, 2))).toBeUndefined();
    expect(host.host({ do: "squeeze", pages: 16 })).toBeUndefined();
    expect(host.takenBack).toBe(0);
    expect(happens(host, free(4, 2))).toBeUndefined();
  });

  test("lazily may hold either content where the guest has zeroed them", () => {
    for (const pages of [0, 2]) {
      const host = environment({ ...LAZILY, freeContent: "zero" });
      expect(happens(host, submit(1, [4, 2]), discard(1, 4, 2), ack(1))).toBeUndefined();
      host.host({ do: "squeeze", pages });
      expect(happens(host, alloc(4, 2))).toBeUndefined();
    }
  });
});

describe("a host that is short of memory", () => {
  test("takes back what it dropped lazily before it swaps out, lowest first, and says for what", () => {
    const host = environment(LAZILY);
    happens(host, alloc(0, 1), submit(1, [8, 2]), discard(1, 8, 2), ack(1));
    host.host({ do: "squeeze", pages: 7 });
    expect(host.takenBack).toBe(4);
    expect(host.swapped).toEqual({ pages: 3, forNothing: 1 });
    expect(happens(host, free(0, 1))).toBeUndefined();
  });

  test("has no memory in holes, and none for what it dropped at once, until somebody writes to it", () => {
    const host = environment();
    happens(host, submit(1, [8, 2]), discard(1, 8, 2), ack(1));
    host.host({ do: "squeeze", pages: 100 });
    expect(host.swapped.pages).toBe(8);
    happens(host, alloc(8, 0));
    host.host({ do: "squeeze", pages: 100 });
    expect(host.swapped.pages).toBe(9);
  });
});

describe("while a device is assigned", () => {
  test("the host drops nothing, and answers all the same", () => {
    const host = environment();
    happens(host, submit(1, [4, 2]));
    host.host({ do: "assign" });
    expect(host.discard(1)).toBeUndefined();
    expect(host.action({ do: "ack", request: 1, ok: true })).toBeDefined();
    host.host({ do: "unassign" });
    expect(host.discard(1)).toEqual(discard(1, 4, 2));
  });

  test("what is dropped all the same is not what the device has, until it is gone", () => {
    for (const goes of [false, true]) {
      const host = environment();
      host.host({ do: "assign" });
      happens(host, submit(1, [4, 2]), discard(1, 4, 2), ack(1), alloc(4, 2));
      if (goes) host.host({ do: "unassign" });
      const violation = happens(host, free(4, 2));
      if (goes) expect(violation).toBeUndefined();
      else
        expect(violation).toMatchObject({
          property: "lost-write",
          explanation: expect.stringContaining("still has the page that the host dropped"),
        });
    }
  });
});
