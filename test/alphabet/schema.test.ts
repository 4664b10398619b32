/** What files may say: defaults, rules, sentences; and that the reader by hand agrees with the schema. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, InputError, MIGRATETYPES, type Step } from "../../model/alphabet/index.ts";
import { isEvent } from "../../model/alphabet/schema/event-by-hand.ts";
import { eventSchema } from "../../model/alphabet/schema/event.ts";
import {
  parseCounterexample,
  parseEvent,
  parseGeometry,
  parseSettings,
  parseStep,
  parseTraceHeader,
} from "../../model/alphabet/schema.ts";

const place = { file: "trace.jsonl", line: 7 };
const zone = { start: 0, pages: 1024 };

/** The message of the InputError that this throws. */
function problem(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "nothing was wrong";
}

describe("a geometry", () => {
  it("needs only zones with start and pages", () => {
    expect(parseGeometry({ zones: [zone, { start: 4096, pages: 2048 }] })).toEqual({
      pageSize: 4096,
      maxOrder: 10,
      pageblockOrder: 9,
      reportOrder: 9,
      capacity: 32,
      zones: [
        { name: "zone0", node: 0, ...zone, holes: [], watermarks: { min: 0, low: 0, high: 0 } },
        { name: "zone1", node: 0, start: 4096, pages: 2048, holes: [], watermarks: { min: 0, low: 0, high: 0 } },
      ],
    });
  });

  it("has orders of at most maxOrder where none are given", () => {
    expect(parseGeometry({ maxOrder: 3, zones: [{ start: 8, pages: 8 }] })).toMatchObject({
      pageblockOrder: 3,
      reportOrder: 3,
    });
  });

  it("keeps what is given, ignores what it does not know, and takes 512.0 for 512", () => {
    const given = {
      pageSize: 16384,
      maxOrder: 9,
      pageblockOrder: 4,
      reportOrder: 0,
      capacity: 1,
      sectionPages: 512,
      zones: [{ name: "a", node: 3, start: 2 ** 52, pages: 512, holes: [], watermarks: { min: 1, low: 2, high: 3 } }],
    };
    expect(parseGeometry({ ...given, color: "red" })).toEqual(given);
    expect(parseGeometry(JSON.parse('{"maxOrder":9,"zones":[{"start":512.0,"pages":5.12e2}]}')).zones[0].start).toBe(
      512,
    );
  });

  it("has holes in ascending order, and those that overlap are one", () => {
    const holes = [
      { start: 90, pages: 4 },
      { start: 8, pages: 8 },
      { start: 92, pages: 8 },
      { start: 16, pages: 1 },
      { start: 91, pages: 1 },
    ];
    expect(parseGeometry({ zones: [{ ...zone, holes }] }).zones[0].holes).toEqual([
      { start: 8, pages: 8 },
      { start: 16, pages: 1 },
      { start: 90, pages: 10 },
    ]);
  });

  it("takes the limits of what is allowed", () => {
    expect(parseGeometry({ maxOrder: 20, zones: [{ start: 0, pages: 2 ** 32 }] }).maxOrder).toBe(20);
    expect(parseGeometry({ zones: [{ start: 2 ** 53 - 1024, pages: 1024 }] }).zones[0].start).toBe(2 ** 53 - 1024);
    expect(
      parseGeometry({ maxOrder: 0, zones: [{ start: 1, pages: 1, holes: [{ start: 1, pages: 1 }] }] }).reportOrder,
    ).toBe(0);
  });

  it.each<[string, unknown, string]>([
    ["is an object", 5, "found 5, expected a geometry: an object with zones"],
    ["has zones", {}, "zones: found nothing, expected a list of zones"],
    ["has at least one zone", { zones: [] }, "zones: found an empty list, expected at least one zone"],
    [
      "has whole numbers",
      { zones: [{ start: 0.5, pages: 1024 }] },
      "zones[0].start: found 0.5, expected a page frame number from 0 to 2^53 - 1",
    ],
    [
      "has no numbers as texts",
      { capacity: "32", zones: [zone] },
      'capacity: found "32", expected a whole number from 1 to 2^53 - 1',
    ],
    [
      "has capacity >= 1",
      { capacity: 0, zones: [zone] },
      "capacity: found 0, expected a whole number from 1 to 2^53 - 1",
    ],
    ["has maxOrder <= 20", { maxOrder: 21, zones: [zone] }, "maxOrder: found 21, expected an order from 0 to 20"],
    [
      "has reportOrder >= 0",
      { reportOrder: -1, zones: [zone] },
      "reportOrder: found -1, expected an order from 0 to 20",
    ],
    [
      "has reportOrder <= maxOrder",
      { maxOrder: 2, reportOrder: 3, zones: [zone] },
      "reportOrder: found 3, expected an order of at most maxOrder, which is 2",
    ],
    [
      "has pageblockOrder <= maxOrder",
      { maxOrder: 2, pageblockOrder: 3, zones: [zone] },
      "pageblockOrder: found 3, expected an order of at most maxOrder, which is 2",
    ],
    [
      "has aligned zones",
      { zones: [{ start: 512, pages: 1024 }] },
      "zones[0].start: found 512, expected a multiple of 1024 pages, the largest block (maxOrder 10)",
    ],
    [
      "has whole zones",
      { zones: [zone, { start: 1024, pages: 512 }] },
      "zones[1].pages: found 512, expected a multiple of 1024 pages, the largest block (maxOrder 10)",
    ],
    [
      "has no empty zones",
      { zones: [{ start: 0, pages: 0 }] },
      "zones[0].pages: found 0, expected a number of pages from 1 to 4294967296",
    ],
    [
      "has no page frame number of 2^53",
      { zones: [{ start: 2 ** 53 - 1024, pages: 2048 }] },
      "zones[0].pages: found 2048, expected pages up to page 2^53 - 1 at most, from 9007199254739968",
    ],
    [
      "has unique names",
      {
        zones: [
          { ...zone, name: "zone1" },
          { start: 1024, pages: 1024 },
        ],
      },
      'zones[1].name: found "zone1", expected a name that zones[0] does not have',
    ],
    [
      "has zones apart",
      { zones: [{ start: 1024, pages: 2048 }, zone, { start: 2048, pages: 1024 }] },
      "zones[2].start: found 2048, expected zones that do not overlap: zones[0] has pages 1024..3071",
    ],
    [
      "has holes inside their zone",
      { zones: [{ ...zone, holes: [{ start: 1023, pages: 2 }] }] },
      'zones[0].holes: found "pages 1023..1024", expected holes inside their zone, which has pages 0..1023',
    ],
    [
      "has no hole before its zone",
      { zones: [{ start: 1024, pages: 1024, holes: [{ start: 1023, pages: 2 }] }] },
      'zones[0].holes: found "pages 1023..1024", expected holes inside their zone, which has pages 1024..2047',
    ],
    [
      "has no empty hole",
      { zones: [{ ...zone, holes: [{ start: 3, pages: 0 }] }] },
      "zones[0].holes[0].pages: found 0, expected a number of pages from 1 to 2^53 - 1",
    ],
    [
      "has watermarks that are numbers",
      { zones: [{ ...zone, watermarks: { min: null } }] },
      "zones[0].watermarks.min: found null, expected a whole number from 0 to 2^53 - 1",
    ],
    [
      "has at most 2^32 pages",
      {
        zones: [
          { start: 0, pages: 2 ** 32 },
          { start: 2 ** 40, pages: 1024 },
        ],
      },
      "zones: found 4294968320, expected at most 2^32 pages in all zones together",
    ],
    [
      "has sections of pages",
      { sectionPages: 0, zones: [zone] },
      "sectionPages: found 0, expected a number of pages from 1 to 2^53 - 1",
    ],
  ])("%s", (_, value, message) => {
    expect(problem(() => parseGeometry(value, { file: "g.json" }))).toBe(
      `g.json${message.startsWith("found") ? "" : ","}${message.startsWith("found") ? ":" : ""} ${message}`,
    );
  });
});

describe("an event", () => {
  it.each<[unknown, string]>([
    [null, "trace.jsonl, line 7: found null, expected an object with the key event"],
    [[{ event: "idle" }], "trace.jsonl, line 7: found a list of 1, expected an object with the key event"],
    [
      { event: "alloc", order: 0 },
      "trace.jsonl, line 7, pfn: found nothing, expected a page frame number from 0 to 2^53 - 1",
    ],
    [
      { event: "alloc", pfn: 2 ** 53, order: 0 },
      "trace.jsonl, line 7, pfn: found 9007199254740992, expected a page frame number from 0 to 2^53 - 1",
    ],
    [{ event: "free", pfn: 0, order: 64 }, "trace.jsonl, line 7, order: found 64, expected an order from 0 to 63"],
    [
      { event: "submit", request: 1, ranges: [{ pfn: 0, order: 0 }, { pfn: 1 }] },
      "trace.jsonl, line 7, ranges[1].order: found nothing, expected an order from 0 to 63",
    ],
    [{ event: "ack", request: 1, ok: "true" }, 'trace.jsonl, line 7, ok: found "true", expected true or false'],
    [
      { event: "alloc-failed", order: 0, reason: "later" },
      'trace.jsonl, line 7, reason: found "later", expected one of no-memory, would-block',
    ],
  ])("%j is refused in one sentence", (value, message) => {
    expect(problem(() => parseEvent(value, place))).toBe(message);
  });

  it("of an unknown name is refused, with the names that there are", () => {
    expect(problem(() => parseEvent({ event: "aloc", pfn: 0, order: 0 }))).toBe(
      'event: found "aloc", expected one of alloc, alloc-failed, alloc-waits, free, write, isolate, submit, discard, ack, release, offline, online, unregistered, registered, idle',
    );
  });

  it("may have keys that nobody knows, and of a key given twice the last counts", () => {
    expect(parseEvent(JSON.parse('{"event":"idle","mood":{"pfn":-1}}'))).toMatchObject({ event: "idle" });
    expect(parseEvent(JSON.parse('{"event":"alloc","pfn":-1,"order":0,"pfn":512.0}'))).toEqual({
      event: "alloc",
      pfn: 512,
      order: 0,
    });
  });

  it("is read by hand as the schema reads it", () => {
    const odd = fc.constantFrom<unknown>(
      -1,
      0,
      0.5,
      1,
      63,
      64,
      2 ** 53 - 1,
      2 ** 53,
      -0,
      1e300,
      "1",
      null,
      true,
      false,
      "x",
      [],
      {},
      [1],
      [{ pfn: 1, order: 1 }],
      [{ pfn: 1 }],
      [null],
      [[]],
      "movable",
      "no-memory",
      "would-block",
    );
    const good = {
      event: fc.constantFrom(
        "alloc",
        "alloc-failed",
        "alloc-waits",
        "free",
        "write",
        "isolate",
        "submit",
        "discard",
        "ack",
        "release",
        "offline",
        "online",
        "unregistered",
        "registered",
        "idle",
        "Idle",
        "toString",
      ),
      pfn: fc.maxSafeNat(),
      order: fc.nat(63),
      request: fc.nat(),
      ranges: fc.array(fc.record({ pfn: fc.nat(), order: fc.nat(63) }), { maxLength: 2 }),
      ok: fc.boolean(),
      reported: fc.boolean(),
      start: fc.nat(),
      pages: fc.nat(),
      ticket: fc.nat(),
      migratetype: fc.constantFrom(...MIGRATETYPES),
      reason: fc.constantFrom("no-memory", "would-block"),
      node: fc.nat(),
      time: fc.double({ noNaN: true, noDefaultInfinity: true }),
      cpu: fc.nat(),
    };
    const record = fc.record(good, {
      requiredKeys: ["event", "pfn", "order", "request", "ranges", "ok", "reported", "start", "pages"],
    });
    const spoiled = fc
      .tuple(record, fc.constantFrom(...Object.keys(good)), odd, fc.boolean())
      .map(([value, key, other, drop]): unknown => {
        const { [key]: _, ...rest }: Record<string, unknown> = value;
        return drop ? rest : { ...rest, [key]: other };
      });
    let right = 0;
    let wrong = 0;
    fc.assert(
      fc.property(fc.oneof(record, spoiled, spoiled, odd, fc.jsonValue()), (value) => {
        const known = eventSchema.safeParse(value);
        expect(isEvent(value)).toBe(known.success);
        if (known.success) {
          expect(value).toMatchObject({ ...known.data });
          right += 1;
        } else {
          wrong += 1;
          expect(problem(() => parseEvent(value, place))).toMatch(
            /^trace\.jsonl, line 7(, \S+)?: found .+, expected \S.+$/,
          );
        }
      }),
      { seed: 7, numRuns: 4000 },
    );
    expect(Math.min(right, wrong)).toBeGreaterThan(500);
  });
});

describe("settings", () => {
  it("are the defaults but for what is given", () => {
    expect(parseSettings({})).toEqual(DEFAULT_SETTINGS);
    expect(parseSettings({ delay: 0, pcp: { high: 2 } })).toEqual({
      ...DEFAULT_SETTINGS,
      delay: 0,
      pcp: { ...DEFAULT_SETTINGS.pcp, high: 2 },
    });
    const host = { variant: "v8", hostDrops: "lazily", hintsFor: "migration", dirtyLog: "chunk" };
    expect(parseSettings(host)).toEqual({ ...DEFAULT_SETTINGS, ...host });
  });

  it.each<[unknown, string]>([
    [{ cpus: 0 }, "cpus: found 0, expected a whole number from 1 to 2^53 - 1"],
    [{ pcp: { batch: 0 } }, "pcp.batch: found 0, expected a whole number from 1 to 2^53 - 1"],
    [{ putback: "half" }, 'putback: found "half", expected one of split, whole'],
    [{ variant: 8 }, "variant: found 8, expected a text"],
    [{ hostDrops: "never" }, 'hostDrops: found "never", expected one of at-once, lazily'],
    [{ hintsFor: "" }, 'hintsFor: found "", expected one of dropping, migration'],
    [{ dirtyLog: 1 }, "dirtyLog: found 1, expected one of bitmap, chunk"],
    [{ pcp: 3 }, "pcp: found 3, expected an object with maxOrder, huge, high and batch"],
  ])("%j are refused", (value, message) => {
    expect(problem(() => parseSettings(value))).toBe(message);
  });
});

describe("a step", () => {
  it("may leave out what is usual", () => {
    expect(parseStep({ do: "alloc", order: 2 })).toEqual({
      do: "alloc",
      order: 2,
      migratetype: "movable",
      node: 0,
      cpu: 0,
      wait: false,
    });
    expect(parseStep({ do: "free", of: 0 })).toEqual({ do: "free", of: 0, cpu: 0 });
    expect(parseStep({ do: "proceed" })).toEqual({ do: "proceed", cpu: 0 });
    expect(parseStep({ do: "compact", zone: "a", order: 1, at: 2, end: "head", why: 1 })).toEqual({
      do: "compact",
      zone: "a",
      order: 1,
      at: 2,
      end: "head",
    });
  });

  it.each<Step>([
    { do: "proceed", cpu: 1 },
    { do: "pressure", pages: 8 },
    { do: "balloon", pages: 0 },
    { do: "hint", command: "done" },
    { do: "assign" },
    { do: "unassign" },
    { do: "squeeze", pages: 3 },
    { do: "migrate", phase: "transfer" },
  ])("%j is one", (step) => {
    expect(parseStep(step)).toEqual(step);
  });

  it.each<[object, string]>([
    [{ do: "pressure" }, "pages: found nothing, expected a whole number from 0 to 2^53 - 1"],
    [{ do: "hint", command: "go" }, 'command: found "go", expected one of start, stop, done'],
    [{ do: "migrate", phase: "stop" }, 'phase: found "stop", expected one of begin, sync, transfer, end'],
  ])("%j is none", (value, message) => {
    expect(problem(() => parseStep(value))).toBe(message);
  });

  it("says what it does", () => {
    expect(problem(() => parseStep({ do: "free", pfn: 0 }))).toBe(
      "of: found nothing, expected a whole number from 0 to 2^53 - 1",
    );
    expect(problem(() => parseStep({ do: "sleep" }))).toMatch(
      /^do: found "sleep", expected one of alloc, free, .*, thaw$/,
    );
    expect(problem(() => parseStep("work"))).toBe('found "work", expected an object with the key do');
  });
});

describe("the header of a trace", () => {
  const header = { format: "free-page-trace", version: 1, geometry: { zones: [zone] } };

  it("needs format, version and geometry", () => {
    expect(parseTraceHeader(header)).toMatchObject({
      start: "free",
      claims: [],
      unseen: [],
      geometry: { maxOrder: 10 },
    });
    expect(
      parseTraceHeader({
        ...header,
        source: "a",
        start: "unknown",
        claims: ["completeness"],
        unseen: ["idle", "write"],
      }),
    ).toMatchObject({ start: "unknown", source: "a" });
  });

  it.each<[object, string]>([
    [
      { format: "free-page-counterexample" },
      'format: found "free-page-counterexample", expected "free-page-trace"; the first line must be the header, an object with "format":"free-page-trace"; it is a counterexample: fpr replay tells it',
    ],
    [{ version: 2 }, "version: found 2, expected 1, the only version so far"],
    [{ version: "1" }, 'version: found "1", expected 1, the only version so far'],
    [{ start: "full" }, 'start: found "full", expected one of free, unknown'],
    [{ claims: ["lost-write"] }, 'claims[0]: found "lost-write", expected one of completeness'],
    [{ unseen: ["idle", "alloc"] }, 'unseen[1]: found "alloc", expected one of isolate, release, discard, write, idle'],
    [
      { geometry: { zones: [{ start: 1, pages: 1024 }] } },
      "geometry.zones[0].start: found 1, expected a multiple of 1024 pages, the largest block (maxOrder 10)",
    ],
    [{ geometry: undefined }, "geometry: found nothing, expected a geometry: an object with zones"],
  ])("with %j is refused", (change, message) => {
    expect(problem(() => parseTraceHeader({ ...header, ...change }))).toBe(message);
  });
});

describe("a counterexample", () => {
  const file = {
    format: "free-page-counterexample",
    version: 1,
    subject: { design: "reported-boundary", system: "impl", fault: "tail-insert-unguarded" },
    geometry: { zones: [zone] },
    actions: [{ do: "alloc", order: 2 }, { do: "free", of: 0 }, { do: "work" }],
    violation: { property: "slip", step: 2, explanation: "it slipped" },
    found: { seed: -1234, run: 56 },
  };

  it("is read with its defaults", () => {
    const { subject, geometry, settings, actions, violation, found } = parseCounterexample(file);
    expect({ subject, violation, found }).toEqual({
      subject: file.subject,
      violation: file.violation,
      found: file.found,
    });
    expect([geometry.maxOrder, settings, actions[1]]).toEqual([10, DEFAULT_SETTINGS, { do: "free", of: 0, cpu: 0 }]);
    const { found: _, ...nothingFound } = file;
    expect(parseCounterexample({ ...nothingFound, subject: { command: ["./adapter"] } })).toMatchObject({
      subject: { command: ["./adapter"] },
    });
    const passing = { ...file.subject, claims: ["completeness"], ignored: ["exclusion"] };
    expect(parseCounterexample({ ...file, subject: passing }).subject).toEqual(passing);
  });

  it.each<[object, string]>([
    [{ subject: {} }, "subject.design: found nothing, expected a text"],
    [
      { subject: { design: "none", system: "impl", ignored: "exclusion" } },
      'subject.ignored: found "exclusion", expected a list of properties',
    ],
    [
      { subject: { command: "./adapter" } },
      'subject.command: found "./adapter", expected a list of texts: a program and its arguments',
    ],
    [{ subject: { design: "none", system: "both" } }, 'subject.system: found "both", expected one of model, impl'],
    [
      { actions: [{ do: "work" }, { do: "free", of: 0 }] },
      "actions[1].of: found 0, expected the number of an earlier action that gets a block, counted from 0",
    ],
    [
      {
        actions: [
          { do: "alloc", order: 0 },
          { do: "free", of: 2 },
          { do: "alloc", order: 0 },
        ],
      },
      "actions[1].of: found 2, expected the number of an earlier action that gets a block, counted from 0",
    ],
    [
      { actions: [{ do: "retry", of: 0 }] },
      "actions[0].of: found 0, expected the number of an earlier action that gets a block, counted from 0",
    ],
    [
      { violation: { property: "slip", step: -1, explanation: "" } },
      "violation.step: found -1, expected a whole number from 0 to 2^53 - 1",
    ],
    [{ found: { seed: 1 } }, "found.run: found nothing, expected a whole number from 0 to 2^53 - 1"],
  ])("with %j is refused", (change, message) => {
    expect(problem(() => parseCounterexample({ ...file, ...change }))).toBe(message);
  });
});
