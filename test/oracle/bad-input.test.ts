/**
 * Input that can't be used: each time exactly one InputError, one sentence that names the file and the line (or, in a
 * counterexample, the key), and never anything else.
 */
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { InputError, type Event } from "../../model/alphabet/index.ts";
import { LONGEST_LINE } from "../../oracle/lines.ts";
import { judgeTrace } from "../../oracle/trace.ts";
import { readCounterexample } from "../../properties/drivers/counterexample.ts";
import {
  ack,
  alloc,
  discard,
  failed,
  free,
  isolate,
  offline,
  online,
  plain,
  release,
  submit,
  waits,
  write,
} from "../judges/events.ts";
import { Folder, header, lines } from "./traces.ts";

const folder = new Folder();

/** One sentence for people: no list, no stack, nothing of a library's own words. */
const SENTENCE = /^[^\n]{10,600}[^.\n]$/;
const NOT_FOR_PEOPLE = /undefined|\[object|NaN|invalid_|Invalid (input|option)|Error:|at .+\.ts:\d+/;

function expectClear(error: unknown, file: string): InputError {
  expect(error).toBeInstanceOf(InputError);
  if (!(error instanceof InputError)) throw error;
  expect(error.message).toMatch(SENTENCE);
  expect(error.message.replace(file, "")).not.toMatch(NOT_FOR_PEOPLE);
  expect(error.message.startsWith(file)).toBe(true);
  return error;
}

async function refusal(file: string): Promise<InputError> {
  const outcome = await judgeTrace(file).then(
    (verdict) => new Error(`judged, though it is broken: ${JSON.stringify(verdict)}`),
    (error: unknown) => error,
  );
  return expectClear(outcome, file);
}

const ZONE = '{"start":0,"pages":1024}';
const withGeometry = (geometry: string): string => `{"format":"free-page-trace","version":1,"geometry":${geometry}}`;
const withZones = (zones: string): string => withGeometry(`{"zones":${zones}}`);

/** First lines that are wrong, and the key that must be named. */
const FIRST_LINES: readonly (readonly [what: string, line: string, key: string | undefined])[] = [
  ["no JSON", "free-page-trace", undefined],
  ["half an object", '{"format":"free-page-trace","vers', undefined],
  ["two objects", '{"format":"free-page-trace"}{"version":1}', undefined],
  ["a list", "[]", undefined],
  ["a number", "42", undefined],
  ["null", "null", undefined],
  ["a text", '"free-page-trace"', undefined],
  ["a deep nest of lists", "[".repeat(100_000), undefined],
  ["a deep nest of lists that ends", "[".repeat(100_000) + "]".repeat(100_000), undefined],
  ["an event", '{"event":"idle"}', "format"],
  ["no format", '{"version":1}', "format"],
  ["another format", '{"format":"free-page-counterexample","version":1}', "format"],
  ["no version", '{"format":"free-page-trace"}', "version"],
  ["a later version", '{"format":"free-page-trace","version":2}', "version"],
  ["a version as text", '{"format":"free-page-trace","version":"1"}', "version"],
  ["no geometry", '{"format":"free-page-trace","version":1}', "geometry"],
  ["a geometry that is a list", withGeometry("[]"), "geometry"],
  ["a geometry that is null", withGeometry("null"), "geometry"],
  ["a source that is a number", header({ source: 3 }), "source"],
  ["a start that nobody knows", header({ start: "middle" }), "start"],
  ["a claim that nobody knows", header({ claims: ["speed"] }), "claims[0]"],
  ["a claim that is always checked", header({ claims: ["exclusion"] }), "claims[0]"],
  ["claims that are a text", header({ claims: "completeness" }), "claims"],
  ["an unseen event that must be seen", header({ unseen: ["submit"] }), "unseen[0]"],
  ["no zones", withGeometry("{}"), "geometry.zones"],
  ["an empty list of zones", withZones("[]"), "geometry.zones"],
  ["zones as an object", withZones(ZONE), "geometry.zones"],
  ["a zone that is a number", withZones("[7]"), "geometry.zones[0]"],
  ["a zone without start", withZones('[{"pages":1024}]'), "geometry.zones[0].start"],
  ["a zone without pages", withZones('[{"start":0}]'), "geometry.zones[0].pages"],
  ["a zone that starts below 0", withZones('[{"start":-1024,"pages":1024}]'), "geometry.zones[0].start"],
  ["a zone of no pages", withZones('[{"start":0,"pages":0}]'), "geometry.zones[0].pages"],
  ["a zone of fewer than no pages", withZones('[{"start":0,"pages":-1024}]'), "geometry.zones[0].pages"],
  ["a zone of half a page", withZones('[{"start":0,"pages":0.5}]'), "geometry.zones[0].pages"],
  ["a zone of endless pages", withZones('[{"start":0,"pages":1e999}]'), "geometry.zones[0].pages"],
  ["a zone of more pages than 2^32", withZones('[{"start":0,"pages":8589934592}]'), "geometry.zones[0].pages"],
  [
    "zones of more pages than 2^32",
    withZones(`[{"start":0,"pages":4294967296},{"start":8589934592,"pages":1024}]`),
    "geometry.zones",
  ],
  ["more pages than fit in memory", withZones('[{"start":0,"pages":4294967296}]'), "zones"],
  [
    "a zone beyond the last page frame number",
    withZones('[{"start":9007199254739968,"pages":2048}]'),
    "geometry.zones[0].pages",
  ],
  ["a zone that is not aligned", withZones('[{"start":512,"pages":1024}]'), "geometry.zones[0].start"],
  ["a zone that ends inside a block", withZones('[{"start":0,"pages":1536}]'), "geometry.zones[0].pages"],
  ["zones that overlap", withZones(`[${ZONE},${ZONE}]`), "geometry.zones[1].start"],
  [
    "zones that overlap, the larger one second",
    withZones(`[{"start":1024,"pages":1024},{"start":0,"pages":4096}]`),
    "geometry.zones[0].start",
  ],
  [
    "zones of one name",
    withZones('[{"name":"a","start":0,"pages":1024},{"name":"a","start":1024,"pages":1024}]'),
    "geometry.zones[1].name",
  ],
  ["a name that is a number", withZones('[{"name":1,"start":0,"pages":1024}]'), "geometry.zones[0].name"],
  ["a node that is a text", withZones('[{"node":"0","start":0,"pages":1024}]'), "geometry.zones[0].node"],
  [
    "a hole outside its zone",
    withZones('[{"start":0,"pages":1024,"holes":[{"start":1024,"pages":1}]}]'),
    "geometry.zones[0].holes",
  ],
  ["a hole that is a number", withZones('[{"start":0,"pages":1024,"holes":[5]}]'), "geometry.zones[0].holes[0]"],
  ["holes that are a number", withZones('[{"start":0,"pages":1024,"holes":5}]'), "geometry.zones[0].holes"],
  [
    "a watermark below 0",
    withZones('[{"start":0,"pages":1024,"watermarks":{"min":-5}}]'),
    "geometry.zones[0].watermarks.min",
  ],
  [
    "watermarks that are a number",
    withZones('[{"start":0,"pages":1024,"watermarks":5}]'),
    "geometry.zones[0].watermarks",
  ],
  ["maxOrder over 20", withGeometry(`{"maxOrder":21,"zones":[${ZONE}]}`), "geometry.maxOrder"],
  [
    "reportOrder over maxOrder",
    withGeometry(`{"maxOrder":9,"reportOrder":10,"zones":[${ZONE}]}`),
    "geometry.reportOrder",
  ],
  [
    "pageblockOrder over maxOrder",
    withGeometry(`{"maxOrder":9,"pageblockOrder":10,"zones":[${ZONE}]}`),
    "geometry.pageblockOrder",
  ],
  ["reportOrder below 0", withGeometry(`{"reportOrder":-1,"zones":[${ZONE}]}`), "geometry.reportOrder"],
  ["no capacity", withGeometry(`{"capacity":0,"zones":[${ZONE}]}`), "geometry.capacity"],
  ["a capacity that is true", withGeometry(`{"capacity":true,"zones":[${ZONE}]}`), "geometry.capacity"],
  ["pages of no bytes", withGeometry(`{"pageSize":0,"zones":[${ZONE}]}`), "geometry.pageSize"],
  ["sections of no pages", withGeometry(`{"sectionPages":0,"zones":[${ZONE}]}`), "geometry.sectionPages"],
];

/** Third lines that are wrong, after a good first event. */
const EVENTS: readonly (readonly [what: string, line: string, key: string | undefined])[] = [
  ["no JSON", "isolate 0 3", undefined],
  ["half an object", '{"event":"alloc","pfn":0,"or', undefined],
  ["an object with a comma too many", '{"event":"idle",}', undefined],
  ["a number that JSON does not know", '{"event":"alloc","pfn":0x10,"order":0}', undefined],
  ["control characters", "\u0000\u0001", undefined],
  ["a list", "[1,2]", undefined],
  ["null", "null", undefined],
  ["an empty object", "{}", "event"],
  ["a second first line", header(), "event"],
  ["an unknown event", '{"event":"report","pfn":0,"order":3}', "event"],
  ["an event in capitals", '{"event":"ALLOC","pfn":0,"order":3}', "event"],
  ["an event that is a number", '{"event":1}', "event"],
  ["an event that is a very long text", `{"event":"${"x".repeat(100_000)}"}`, "event"],
  ["an event of the prototype", '{"event":"constructor"}', "event"],
  ["an event in __proto__", '{"__proto__":{"event":"idle"}}', "event"],
  ["no pfn", '{"event":"alloc","order":0}', "pfn"],
  ["a pfn as text", '{"event":"alloc","pfn":"0","order":0}', "pfn"],
  ["a pfn below 0", '{"event":"free","pfn":-1,"order":0}', "pfn"],
  ["a pfn of 2^53", '{"event":"free","pfn":9007199254740992,"order":0}', "pfn"],
  ["an endless pfn", '{"event":"free","pfn":1e400,"order":0}', "pfn"],
  ["a pfn with a fraction", '{"event":"write","pfn":0.25,"order":0}', "pfn"],
  ["no order", '{"event":"isolate","pfn":0}', "order"],
  ["an order of 64", '{"event":"isolate","pfn":0,"order":64}', "order"],
  ["an order below 0", '{"event":"isolate","pfn":0,"order":-1}', "order"],
  ["an order that is null", '{"event":"isolate","pfn":0,"order":null}', "order"],
  ["an unknown migratetype", '{"event":"alloc","pfn":0,"order":0,"migratetype":"dma"}', "migratetype"],
  ["a time that is a text", '{"event":"idle","time":"now"}', "time"],
  ["a cpu below 0", '{"event":"idle","cpu":-1}', "cpu"],
  ["an unknown reason", '{"event":"alloc-failed","order":0,"reason":"mood"}', "reason"],
  ["a node that is a list", '{"event":"alloc-failed","order":0,"node":[]}', "node"],
  ["no ticket to wait with", '{"event":"alloc-waits","order":0}', "ticket"],
  ["no ranges", '{"event":"submit","request":1}', "ranges"],
  ["ranges as an object", '{"event":"submit","request":1,"ranges":{"pfn":0,"order":3}}', "ranges"],
  ["a range that is null", '{"event":"submit","request":1,"ranges":[null]}', "ranges[0]"],
  [
    "a range without order",
    '{"event":"submit","request":1,"ranges":[{"pfn":0,"order":3},{"pfn":8}]}',
    "ranges[1].order",
  ],
  ["no request", '{"event":"submit","ranges":[]}', "request"],
  ["a request that is a text", '{"event":"discard","request":"1","pfn":0,"order":0}', "request"],
  ["an ack that says nothing", '{"event":"ack","request":1}', "ok"],
  ["an ack that says 1", '{"event":"ack","request":1,"ok":1}', "ok"],
  ["a release without a mark", '{"event":"release","pfn":0,"order":3}', "reported"],
  ["no start", '{"event":"offline","pages":32}', "start"],
  ["pages below 0", '{"event":"online","start":0,"pages":-32}', "pages"],
  ["of a key given twice the last is wrong", '{"event":"alloc","pfn":0,"order":0,"pfn":-1}', "pfn"],
  ["a ticket that nobody waits with", '{"event":"alloc","pfn":0,"order":0,"ticket":4}', "ticket"],
  ["a failure's ticket that nobody waits with", '{"event":"alloc-failed","order":0,"ticket":4}', "ticket"],
];

describe("a trace whose first line is", () => {
  it.each(FIRST_LINES)("%s", async (_, line, key) => {
    const { place } = await refusal(folder.file(`${line}\n{"event":"idle"}\n`));
    expect(place).toMatchObject(key === undefined ? { line: 1 } : { line: 1, key });
  });
});

describe("a trace with a line that is", () => {
  it.each(EVENTS)("%s", async (_, line, key) => {
    const { place } = await refusal(
      folder.file(
        `${header()}\r\n\r\n${JSON.stringify(alloc(31, 0))}\r\n${line}\r\n${JSON.stringify(free(31, 0))}\r\n`,
      ),
    );
    expect(place).toMatchObject(key === undefined ? { line: 4 } : { line: 4, key });
  });
});

describe("a trace as a file that is", () => {
  const good = lines([alloc(0, 0), free(0, 0)]).join("\n");
  const packed = gzipSync(good);
  it.each<[string, string | Uint8Array, number]>([
    ["empty", "", 1],
    ["blank", "\n \r\n\n", 1],
    ["a byte order mark alone", "\uFEFF", 1],
    ["empty, gzipped", gzipSync(""), 1],
    ["not UTF-8 at once", Buffer.from([0xff, 0xfe, 0x7b, 0x00]), 1],
    ["UTF-16", Buffer.from(`\uFEFF${good}`, "utf16le"), 1],
    [
      "not UTF-8 in its last line",
      Buffer.concat([Buffer.from(`${good}\n{"event":"idle","note":"`), Buffer.from([0xe4]), Buffer.from('"}')]),
      4,
    ],
    ["UTF-8 that is cut in a character", Buffer.concat([Buffer.from(`${good}\n"`), Buffer.from([0xf0, 0x9f])]), 4],
    ["a line of 17 MiB", `${good}\n${"x".repeat(17 * 1024 * 1024)}\n`, 4],
    ["a line of 16 MiB and a byte without an end", `${good}\n${" ".repeat(LONGEST_LINE + 1)}`, 4],
    ["a line of 17 MiB, gzipped", gzipSync(`${good}\n${"x".repeat(17 * 1024 * 1024)}\n`), 4],
    ["no gzip but its first bytes", Buffer.from([0x1f, 0x8b]), 1],
    ["gzip cut off in its head", packed.subarray(0, 7), 1],
    ["gzip cut off in the middle", packed.subarray(0, packed.length >> 1), 1],
    ["gzip cut off before its last byte", packed.subarray(0, -1), 3],
    ["gzip with a wrong sum", Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)]), 1],
    ["gzip that is damaged", Buffer.concat([packed.subarray(0, 10), Buffer.alloc(50, 0xff)]), 1],
    ["zip", Buffer.from("PK\u0003\u0004"), 1],
  ])("%s", async (_, content, line) => {
    expect((await refusal(folder.file(content))).place.line).toBe(line);
  });

  it("not there, or a folder", async () => {
    expect((await refusal("no-such-trace.jsonl")).problem).toBe("there is no such file");
    const file = folder.file("");
    const directory = file.slice(0, file.lastIndexOf("/"));
    expect((await refusal(directory)).problem).toBe("found a directory, expected a file");
    expect((await refusal("no\u0000name")).problem).toMatch(/^can't be read/);
  });
});

describe("a counterexample that is", () => {
  const good = {
    format: "free-page-counterexample",
    version: 1,
    subject: { design: "reported-boundary", system: "impl" },
    geometry: { maxOrder: 3, zones: [{ start: 0, pages: 32 }] },
    actions: [{ do: "alloc", order: 2 }, { do: "free", of: 0 }, { do: "work" }],
    violation: { property: "slip", step: 2, explanation: "it slipped" },
  };
  const text = (change: object): string => JSON.stringify({ ...good, ...change });

  it("as it should be is read", () => {
    expect(readCounterexample(folder.file(text({}), "good.json")).steps).toHaveLength(3);
  });

  it.each<[string, string | Uint8Array]>([
    ["empty", ""],
    ["no JSON", "{'format':1}"],
    ["cut off", text({}).slice(0, -30)],
    ["not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
    ["a list", "[]"],
    ["a trace", header()],
    ["of a later version", text({ version: 2 })],
    ["about nobody", text({ subject: null })],
    ["about a number", text({ subject: { design: 4, system: "impl" } })],
    ["about half a program", text({ subject: { command: [] } })],
    ["without a machine", text({ geometry: undefined })],
    [
      "on a machine with zones that overlap",
      text({
        geometry: {
          zones: [
            { start: 0, pages: 1024 },
            { start: 0, pages: 1024, name: "b" },
          ],
        },
      }),
    ],
    ["without actions", text({ actions: undefined })],
    ["with actions as an object", text({ actions: {} })],
    ["with an unknown action", text({ actions: [{ do: "dance" }] })],
    ["with an action that says nothing", text({ actions: [{}] })],
    ["with an action that is null", text({ actions: [null] })],
    ["with a huge order", text({ actions: [{ do: "alloc", order: 1e9 }] })],
    ["with an unknown migratetype", text({ actions: [{ do: "alloc", order: 0, migratetype: "dma" }] })],
    ["with a free of nothing", text({ actions: [{ do: "free" }] })],
    [
      "with a free of a later step",
      text({
        actions: [
          { do: "free", of: 1 },
          { do: "alloc", order: 0 },
        ],
      }),
    ],
    ["with a free of itself", text({ actions: [{ do: "free", of: 0 }] })],
    ["with a free of a work", text({ actions: [{ do: "work" }, { do: "free", of: 0 }] })],
    ["with a negative request", text({ actions: [{ do: "ack", request: -1, ok: true }] })],
    ["with settings that are wrong", text({ settings: { cpus: 0 } })],
    ["without a violation", text({ violation: undefined })],
    ["with a violation at step -1", text({ violation: { property: "slip", step: -1, explanation: "" } })],
  ])("%s", (_, content) => {
    const file = folder.file(content, "counterexample.json");
    let caught: unknown;
    try {
      readCounterexample(file);
    } catch (error) {
      caught = error;
    }
    expectClear(caught, file);
  });
});

describe("a good trace with one thing changed", () => {
  const story: readonly Event[] = [
    alloc(0, 0),
    write(0, 0),
    waits(3, 1),
    alloc(8, 3, 1),
    isolate(16, 3),
    submit(1, [16, 2], [20, 2]),
    discard(1, 16, 2),
    failed(3, { reason: "would-block" }),
    ack(1),
    release(16, 3),
    plain("unregistered"),
    plain("registered"),
    free(0, 0),
    free(8, 3),
    offline(0, 32),
    online(0, 32),
    plain("idle"),
  ];
  const good = Buffer.from(lines(story, { claims: [], unseen: [] }).join("\n"));
  const rows = good.toString().split("\n");
  const line = fc.integer({ min: 1, max: rows.length - 1 });
  const at = fc.nat(good.length - 1);
  const snippet = fc.constantFrom(
    "",
    "\n",
    "\r",
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "-",
    "0",
    "9",
    "e9",
    ".5",
    "null",
    "true",
    "\u00e4",
    "\\u0000",
    '"pfn":',
    '{"event":"idle"}\n',
  );
  const mutation = fc.oneof(
    fc
      .tuple(at, fc.nat(255))
      .map(([place, byte]) => Buffer.concat([good.subarray(0, place), Buffer.from([byte]), good.subarray(place + 1)])),
    fc
      .tuple(at, fc.nat(12), snippet)
      .map(([place, drop, added]) =>
        Buffer.concat([good.subarray(0, place), Buffer.from(added), good.subarray(place + drop)]),
      ),
    at.map((place) => good.subarray(0, place)),
    fc.tuple(line, line).map(([from, to]) => Buffer.from(rows.toSpliced(to, 0, rows[from]).join("\n"))),
    line.map((gone) => Buffer.from(rows.toSpliced(gone, 1).join("\n"))),
    fc
      .tuple(at, at, at)
      .map(([from, length, to]) =>
        Buffer.concat([good.subarray(0, to), good.subarray(from, from + length), good.subarray(to)]),
      ),
    at.map((place) => gzipSync(good).subarray(0, place)),
    fc.tuple(at, fc.nat(255)).map(([place, byte]) => {
      const packed = gzipSync(good);
      packed[place % packed.length] = byte;
      return packed;
    }),
  );

  it("is judged, or refused in one sentence that names the line", async () => {
    const outcomes = { holds: 0, violates: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(mutation, async (content) => {
        const file = folder.file(content, "mutant.jsonl");
        const outcome = await judgeTrace(file).catch((error: unknown) => expectClear(error, file));
        if (outcome instanceof InputError) {
          outcomes.refused += 1;
          expect(outcome.place.line).toBeGreaterThan(0);
          expect(outcome.place.line).toBeLessThanOrEqual(2 * rows.length + 2);
        } else outcomes[outcome.verdict] += 1;
      }),
      { seed: 4711, numRuns: 2000 },
    );
    expect(Math.min(outcomes.holds, outcomes.violates, outcomes.refused), JSON.stringify(outcomes)).toBeGreaterThan(
      100,
    );
  });
});
