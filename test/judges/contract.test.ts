/** Every rule of `wire.md`, "The contract": broken by one story, kept by its neighbour (contract-stories/). */
import { describe, expect, it } from "vitest";
import { InputError, type Event, type Geometry } from "../../model/alphabet/index.ts";
import { Contract, type ContractOptions } from "../../properties/judges/contract.ts";
import type { PropertyId } from "../../properties/judges/properties.ts";
import {
  ack,
  alloc,
  discard,
  failed,
  free,
  isolate,
  judge,
  judgeAll,
  machine,
  offline,
  plain,
  release,
  reportBlock,
  submit,
  waits,
  write,
  zone,
} from "./events.ts";
import { COMPLETENESS, FAKE_OOM, QUIET, REST } from "./contract-stories/callers-and-rest.ts";
import { EXCLUSION, OWNERSHIP } from "./contract-stories/owners.ts";
import { UNKNOWN_START, UNSEEN } from "./contract-stories/recorders.ts";
import { HOST_WINDOW, MARKS, WELL_FORMED } from "./contract-stories/requests.ts";
import { GEOMETRY, inFlight, full, SMALL, COMPLETE, claims, UNKNOWN } from "./contract-stories/story.ts";

const STORIES = [
  ...EXCLUSION,
  ...OWNERSHIP,
  ...WELL_FORMED,
  ...HOST_WINDOW,
  ...MARKS,
  ...FAKE_OOM,
  ...REST,
  ...COMPLETENESS,
  ...QUIET,
  ...UNKNOWN_START,
  ...UNSEEN,
];

describe("every rule is broken by one story and kept by its neighbour", () => {
  it.each(STORIES)("$breaks: $rule", ({ breaks, story, legal, options, geometry = GEOMETRY }) => {
    const broken = judgeAll(geometry, story, options);
    expect({ property: broken.property, at: broken.at }).toEqual({ property: breaks, at: story.length - 1 });
    expect(broken.violation?.explanation).toMatch(/^\S.{20,}[^.]$/s);
    expect(judgeAll(geometry, legal, options)).toEqual({ property: undefined });
  });
});

describe("stranded at the end", () => {
  it.each<{ name: string; story: Event[]; legal: Event[] }>([
    { name: "pages are held", story: [isolate(8, 2)], legal: inFlight },
    { name: "a caller sleeps", story: [waits(0, 1)], legal: [waits(0, 1), alloc(0, 0, 1)] },
    {
      name: "a caller sleeps who was not the first",
      story: [waits(0, 1), waits(0, 2), alloc(0, 0, 1)],
      legal: [...inFlight, waits(0, 1)],
    },
  ])("$name", ({ story, legal }) => {
    expect(judgeAll(GEOMETRY, story)).toMatchObject({ property: "stranded", at: story.length });
    expect(judgeAll(GEOMETRY, legal).property).toBeUndefined();
  });

  it("completeness is no matter of the end, nor of those who do not claim it", () => {
    expect(judgeAll(COMPLETE, [alloc(0, 0), free(0, 0)], claims).property).toBeUndefined();
    expect(judgeAll(COMPLETE, [plain("idle")]).property).toBeUndefined();
    expect(judgeAll(COMPLETE, [plain("idle")], claims).property).toBe("completeness");
  });
});

describe("of several broken properties the first of the table is named", () => {
  const held = [isolate(8, 3), isolate(16, 3)];
  it.each<{ name: string; property: PropertyId; story: Event[]; options?: ContractOptions; geometry?: Geometry }>([
    {
      name: "exclusion before ownership",
      property: "exclusion",
      story: [alloc(12, 2), isolate(8, 2), submit(1, [8, 2]), alloc(8, 3)],
    },
    {
      name: "exclusion before ownership, in a later page",
      property: "exclusion",
      story: [alloc(8, 2), isolate(12, 2), submit(1, [12, 2]), alloc(8, 3)],
    },
    { name: "exclusion before well-formed", property: "exclusion", story: [...inFlight, alloc(7, 2)] },
    {
      name: "exclusion before well-formed, of an order over maxOrder",
      property: "exclusion",
      story: [...inFlight, write(0, 63)],
    },
    { name: "exclusion in a later range", property: "exclusion", story: [alloc(8, 2), submit(1, [2, 2], [8, 2])] },
    {
      name: "ownership in a later range before well-formed",
      property: "ownership",
      story: [...held, submit(1, [10, 2], [0, 2])],
    },
    { name: "ownership before well-formed", property: "ownership", story: [alloc(0, 0), alloc(0, 4)] },
    {
      name: "ownership before well-formed, half outside the zones",
      property: "ownership",
      story: [alloc(47, 0), isolate(46, 2)],
    },
    {
      name: "ownership before well-formed, of a hotplug range",
      property: "ownership",
      story: [alloc(47, 0), offline(40, 100)],
    },
    {
      name: "exclusion before ownership, of a hotplug range",
      property: "exclusion",
      story: [alloc(0, 0), isolate(24, 3), submit(1, [24, 3]), offline(0, 32)],
    },
    { name: "well-formed before host-window", property: "well-formed", story: [discard(1, 1, 1)] },
    { name: "well-formed before truthful-mark", property: "well-formed", story: [isolate(8, 3), release(10, 2)] },
    { name: "ownership before truthful-mark", property: "ownership", story: [isolate(8, 2), release(8, 3)] },
    { name: "exclusion before truthful-mark", property: "exclusion", story: [...inFlight, release(8, 3)] },
    {
      name: "well-formed before quiet",
      property: "well-formed",
      story: [isolate(8, 3), plain("unregistered"), submit(1, [8, 2], [8, 3])],
    },
    { name: "ownership before quiet", property: "ownership", story: [plain("unregistered"), submit(1, [8, 2])] },
    {
      name: "stranded before completeness",
      property: "stranded",
      story: [isolate(0, 2), plain("idle")],
      options: claims,
      geometry: COMPLETE,
    },
  ])("$name", ({ property, story, options, geometry = GEOMETRY }) => {
    expect(judgeAll(geometry, story, options)).toMatchObject({ property, at: story.length - 1 });
  });
});

describe("a recorder's mistakes are no verdicts", () => {
  const wrong = (events: readonly Event[], options?: ContractOptions) => () => judgeAll(GEOMETRY, events, options);

  it("a ticket that nobody waits with, or somebody already", () => {
    expect(wrong([alloc(0, 0, 3)])).toThrow(InputError);
    expect(wrong([failed(0, { ticket: 3 })])).toThrow("ticket: found ticket 3, with which nobody waits");
    expect(wrong([waits(0, 3), alloc(0, 0, 3), alloc(1, 0, 3)])).toThrow(InputError);
    expect(wrong([waits(0, 3), waits(0, 3)])).toThrow("somebody waits already");
    expect(wrong([waits(0, 3), alloc(0, 0, 3), waits(0, 3), failed(0, { ticket: 3 })])).not.toThrow();
  });

  it("from an unknown start, a ticket never seen is right once", () => {
    expect(wrong([alloc(0, 0, 3), alloc(1, 0, 4), waits(0, 3), alloc(2, 0, 3)], UNKNOWN)).not.toThrow();
    expect(wrong([alloc(0, 0, 3), alloc(1, 0, 3)], UNKNOWN)).toThrow("nobody waits");
    expect(wrong([waits(0, 3), alloc(0, 0, 3), alloc(1, 0, 3)], UNKNOWN)).toThrow("nobody waits");
  });

  it("pages that do not fit in memory", () => {
    expect(() => new Contract(machine([zone(0, 2 ** 32)]))).toThrow(InputError);
    expect(() => new Contract(machine([zone(0, 2 ** 32)]))).toThrow("more than fit in this machine's memory");
  });
});

describe("what no rule forbids is counted", () => {
  it("failures, and those while memory was free", () => {
    const contract = new Contract(SMALL);
    judge(contract, [
      failed(0),
      ...full,
      failed(0, { reason: "would-block" }),
      alloc(32, 3),
      failed(0),
      failed(0, { reason: "would-block" }),
    ]);
    expect(contract.counts).toEqual({ events: 9, failedNoMemory: 2, failedWouldBlock: 2, failedWithFreeMemory: 2 });
  });
});

describe("reset", () => {
  it("is as good as new", () => {
    const contract = new Contract(GEOMETRY, { ...UNKNOWN, ...claims });
    const story = [
      ack(5),
      alloc(96, 0, 4),
      waits(0, 9),
      isolate(8, 3),
      submit(1, [8, 3]),
      plain("unregistered"),
      offline(16, 16),
    ];
    for (let turn = 0; turn < 3; turn++) {
      expect(judge(contract, story).property).toBeUndefined();
      expect(contract.knows.owner(8)).toBe("held");
      expect(contract.counts.events).toBe(story.length);
      contract.reset();
      expect(contract.knows.owner(8)).toBe("unknown");
      expect(contract.knows.owner(100)).toBe("absent");
      expect(contract.counts).toEqual({ events: 0, failedNoMemory: 0, failedWouldBlock: 0, failedWithFreeMemory: 0 });
      expect(judge(contract, []).property).toBeUndefined();
    }
  });
});

describe("what other judges may ask", () => {
  it("owners and marks", () => {
    const contract = new Contract(GEOMETRY);
    judge(contract, [...reportBlock(8, 2), alloc(12, 1), isolate(16, 3), offline(32, 16)]);
    expect([8, 11, 12, 14, 16, 32, 48, 100, 2 ** 52].map((pfn) => contract.knows.owner(pfn))).toEqual([
      "free",
      "free",
      "allocated",
      "free",
      "held",
      "absent",
      "absent",
      "absent",
      "absent",
    ]);
    expect([7, 8, 11, 12, 48].map((pfn) => contract.knows.marked(pfn))).toEqual([false, true, true, false, false]);
  });
});

describe("explanations", () => {
  it("tell who has which pages, and since when", () => {
    const told = (events: readonly Event[], options?: ContractOptions) => judgeAll(GEOMETRY, events, options).violation;
    expect(told([...inFlight, alloc(8, 0)])).toEqual({
      property: "exclusion",
      explanation:
        "alloc of page 8, which is in flight with request 1 (submitted at event 2, not acked yet): " +
        "the host may still drop what is written there",
      pages: { start: 8, pages: 1 },
    });
    expect(told([isolate(4, 2), alloc(0, 3)])?.explanation).toBe(
      "alloc of pages 0-7: pages 4-7 are held by the reporter, not free",
    );
    expect(told([...inFlight, submit(1, [12, 2])], { unit: "line" })?.explanation).toContain("submitted at line 2");
  });
});
