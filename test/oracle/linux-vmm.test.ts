/** What other VMMs write of their side: reports.jsonl and discards.jsonl, alone. */
import { describe, expect, test } from "vitest";
import { FIXTURE, events, judgeAltered, refusal } from "./altered-capture.ts";
import type { HostVerdict } from "../../oracle/linux/host/host-only.ts";
import { isHostOnly, judgeHostLogs } from "../../oracle/linux/host/host-only.ts";
import type { VmmLogs } from "./vmm-logs.ts";
import { DISCARDS_HEADER, MIB, REPORTS_HEADER, inFolder, jsonLines, logsOfFixture } from "./vmm-logs.ts";

const FOUR = 4 * MIB;
/** Request 1: 4 MiB from 8 MiB and from 64 MiB; request 2: 4 MiB from 8 MiB again. */
const FIRST = {
  received: 1000,
  answered: 5000,
  ok: true,
  ranges: [
    { gpa: 8 * MIB, bytes: FOUR },
    { gpa: 64 * MIB, bytes: FOUR },
  ],
};
const SECOND = { received: 9000, answered: 9500, ok: true, ranges: [{ gpa: 8 * MIB, bytes: FOUR }] };

const drop = (started: number, ended: number, gpa: number, bytes = FOUR, result = 0): object => ({
  started,
  ended,
  gpa,
  bytes,
  result,
});
const SERVED = [drop(1000, 2000, 8 * MIB), drop(2000, 5000, 64 * MIB), drop(9100, 9200, 8 * MIB)];

function judge(reports: readonly object[], discards: readonly object[] | undefined): Promise<HostVerdict> {
  const files = {
    "reports.jsonl": jsonLines(REPORTS_HEADER, ...reports),
    ...(discards === undefined ? {} : { "discards.jsonl": jsonLines(DISCARDS_HEADER, ...discards) }),
  };
  return inFolder(files, judgeHostLogs);
}

describe("logs that hold", () => {
  test("a range dropped whole, at the very edges of its window", async () => {
    const found = await judge([FIRST, SECOND], SERVED);
    expect(found).toMatchObject({
      verdict: "holds",
      counts: {
        reports: 2,
        unanswered: 0,
        ranges: 3,
        pagesReported: 3072,
        pagesDropped: 3072,
        discards: 3,
        discardsFailed: 0,
        longestWindow: 4000,
      },
    });
    expect(found.notChecked.join("\n")).toContain("nothing of it was recorded");
  });

  test("a range dropped in parts, out of order, and one twice", async () => {
    const parts = [
      drop(3000, 3100, 10 * MIB, 2 * MIB),
      drop(1500, 1600, 64 * MIB),
      drop(2500, 2600, 8 * MIB, 2 * MIB),
      drop(4000, 4100, 64 * MIB),
    ];
    expect(await judge([FIRST], parts)).toMatchObject({ verdict: "holds", counts: { pagesDropped: 2048 } });
  });

  test("neighbouring ranges dropped at once, also of two requests that are open", async () => {
    const one = { ...FIRST, ranges: [{ gpa: 8 * MIB, bytes: FOUR }] };
    const other = { ...FIRST, received: 1200, ranges: [{ gpa: 12 * MIB, bytes: FOUR }] };
    expect(await judge([other, one], [drop(1300, 1400, 8 * MIB, 2 * FOUR)])).toMatchObject({
      verdict: "holds",
      counts: { pagesDropped: 2048 },
    });
  });

  test("what failed and what was never dropped is counted", async () => {
    const found = await judge([FIRST], [drop(1000, 2000, 8 * MIB), drop(6000, 7000, 128 * MIB, FOUR, -22)]);
    expect(found).toMatchObject({ verdict: "holds", counts: { discardsFailed: 1, pagesDropped: 1024 } });
  });

  test("a request that the log's end left open", async () => {
    const { answered: _, ...open } = FIRST;
    expect(await judge([open], SERVED.slice(0, 2))).toMatchObject({ verdict: "holds", counts: { unanswered: 1 } });
  });

  test("an answer that is null is one that the log does not have", async () => {
    const { counts } = await judge([{ ...FIRST, answered: null }], [SERVED[0]]);
    expect(counts).toMatchObject({ unanswered: 1, discards: 1 });
  });

  test("a log of requests that begins in the middle says when: earlier discards are counted", async () => {
    const began = (time: object): Promise<HostVerdict> =>
      inFolder(
        {
          "reports.jsonl": jsonLines({ ...REPORTS_HEADER, ...time }, SECOND),
          "discards.jsonl": jsonLines(DISCARDS_HEADER, ...SERVED),
        },
        judgeHostLogs,
      );
    expect(await began({ began: 8000 })).toMatchObject({
      verdict: "holds",
      counts: { reports: 1, discards: 1, discardsBefore: 2, pagesDropped: 1024 },
    });
    expect(await began({ began: 1500 })).toMatchObject({ verdict: "violates", log: "discards.jsonl", line: 3 });
    expect(await began({})).toMatchObject({ verdict: "violates", log: "discards.jsonl", line: 2 });
  });

  test("the next request of the same pages, at the moment of the answer", async () => {
    const next = { ...SECOND, received: FIRST.answered };
    expect((await judge([FIRST, next], SERVED)).verdict).toBe("holds");
  });

  test("without discards the requests alone are judged, and that is said", async () => {
    const found = await judge([FIRST], undefined);
    expect(found.verdict).toBe("holds");
    expect(found.notChecked[0]).toContain("no discards.jsonl");
  });

  test("a byte order mark, CRLF, blank lines, unknown keys, no ok", async () => {
    const { ok: _, ...quiet } = { ...FIRST, call: "virtio" };
    const reports = `\uFEFF${jsonLines(REPORTS_HEADER, quiet)}\n`.replaceAll("\n", "\r\n");
    const found = await inFolder({ "reports.jsonl": reports }, judgeHostLogs);
    expect(found.counts.reports).toBe(1);
  });

  test("nanoseconds since 1970, of which doubles can't tell neighbours apart", async () => {
    const epoch = 1_795_227_090_000_000_000;
    const text = (shift: number): string => String(BigInt(epoch) + BigInt(shift));
    const header = jsonLines(REPORTS_HEADER);
    const reports = `${header}{"received":${text(0)},"answered":${text(1001)},"ranges":[{"gpa":0,"bytes":4096}]}\n`;
    const discards = `${jsonLines(DISCARDS_HEADER)}{"started":${text(1)},"ended":${text(1000)},"gpa":0,"bytes":4096,"result":0}\n`;
    const found = await inFolder({ "reports.jsonl": reports, "discards.jsonl": discards }, judgeHostLogs);
    expect(found.verdict).toBe("holds");
  });
});

describe("what a host may not do", () => {
  const broken: readonly (readonly [what: string, discard: object, line: number, reason: RegExp, pages: object])[] = [
    ["drops after the answer", drop(7000, 7100, 64 * MIB), 4, /2000 ns after request 1 was answered/, { start: 16384, pages: 1024 }],
    ["answers while it still drops", drop(4000, 5001, 64 * MIB), 4, /until 1 ns after request 1 was answered/, { start: 16384, pages: 1024 }],
    ["drops before it was asked", drop(100, 1100, 8 * MIB), 2, /900 ns before request 1, the first to name it/, { start: 2048, pages: 1024 }],
    ["drops what nobody named", drop(4000, 4100, 32 * MIB), 4, /which no request names/, { start: 8192, pages: 1024 }],
    ["drops a page too many", drop(4000, 4100, 64 * MIB, FOUR + 4096), 4, /page 17408 \(gpa 0x4400000\) .* no request names/, { start: 17408, pages: 1 }],
    ["drops a part of a page too many", drop(4000, 4100, 64 * MIB - 1, FOUR), 4, /page 16383 /, { start: 16383, pages: 1 }],
    ["drops beyond the memory", drop(4000, 4100, 256 * MIB), 4, /no request names/, { start: 65536, pages: 1024 }],
  ]; // prettier-ignore

  test.each(broken)("%s", async (_, discard, line, reason, pages) => {
    const rest = line === 2 ? SERVED.slice(1) : [SERVED[0], SERVED[2]];
    const found = await judge([FIRST, SECOND], line === 2 ? [discard, ...rest] : [...rest, discard]);
    expect(found).toMatchObject({ verdict: "violates", property: "host-window", log: "discards.jsonl", line, pages });
    expect(found.explanation).toMatch(reason);
  });

  test("drops in a later request's window what only an earlier one named", async () => {
    const found = await judge([FIRST, SECOND], [...SERVED, drop(9100, 9200, 64 * MIB)]);
    expect(found).toMatchObject({ verdict: "violates", property: "host-window", line: 5 });
    expect(found.explanation).toContain("4100 ns after request 1 was answered");
  });
});

describe("logs in which not one discard fits: what is likelier than such a host", () => {
  const perhaps = async (...discards: readonly object[]): Promise<string | undefined> =>
    (await judge([FIRST, SECOND], discards)).perhaps;

  test("another clock, or another unit of time", async () => {
    expect(await perhaps(drop(1, 2, 64 * MIB), drop(2, 3, 8 * MIB))).toMatch(/one clock, in nanoseconds\?/);
    expect(await perhaps(drop(4_000_000, 4_100_000, 64 * MIB))).toMatch(/one clock, in nanoseconds\?/);
  });

  test("addresses of the host", async () => {
    expect(await perhaps(drop(4000, 4100, 2 ** 40), drop(4200, 4300, 2 ** 41))).toMatch(/guest physical addresses/);
  });

  test("another run", async () => {
    expect(await perhaps(drop(4000, 4100, 32 * MIB))).toMatch(/one run/);
  });

  test("where one is right, the other is wrong", async () => {
    expect(await perhaps(SERVED[0], drop(4000, 4100, 32 * MIB))).toBeUndefined();
  });
});

describe("what a request may not be", () => {
  const request = (ranges: readonly object[], received = 2000): object => ({ ...SECOND, received, ranges });

  test("of pages that are in flight already", async () => {
    const found = await judge([FIRST, request([{ gpa: 66 * MIB, bytes: FOUR }])], []);
    expect(found).toMatchObject({
      verdict: "violates",
      property: "exclusion",
      log: "reports.jsonl",
      line: 3,
      pages: { start: 16896, pages: 1024 },
    });
    expect(found.explanation).toContain("in flight with request 1 (reports.jsonl line 2)");
  });

  test("of pages in flight with a request that nobody answers", async () => {
    const { answered: _, ...open } = FIRST;
    const found = await judge([open, request([{ gpa: 8 * MIB, bytes: 4096 }], 9400)], []);
    expect(found.explanation).toContain("which was never answered");
  });

  test.each([
    ["empty", [], /names no pages/],
    ["of parts of pages", [{ gpa: 100, bytes: 4096 }], /no whole pages/],
    ["of what is no memory", [{ gpa: 255 * MIB, bytes: 2 * MIB }], /not all memory/],
    ["of a page twice", [{ gpa: 0, bytes: 8192 }, { gpa: 4096, bytes: 4096 }], /twice/],
  ] as const)("%s", async (_, ranges, reason) => {
    const found = await judge([request(ranges)], []);
    expect(found).toMatchObject({ verdict: "violates", property: "well-formed", line: 2 });
    expect(found.explanation).toMatch(reason);
  }); // prettier-ignore
});

describe("logs that can't be read", () => {
  const reports = (text: string): Record<string, string> => ({ "reports.jsonl": text });
  const header = jsonLines(REPORTS_HEADER);
  const withDiscard = (text: string): Record<string, string> => ({
    "reports.jsonl": header,
    "discards.jsonl": `${jsonLines(DISCARDS_HEADER)}${text}`,
  });

  test.each([
    ["nothing", reports(""), /reports.jsonl, line 1: found nothing/],
    ["another format", reports('{"format":"free-page-trace","version":1}\n'), /line 1, format: .*"free-page-reports"/],
    ["another version", reports(header.replace('"version":1', '"version":2')), /line 1, version: found 2/],
    ["no page size", reports(header.replace('"pageSize":4096,', "")), /line 1, pageSize: found nothing/],
    ["memory of half pages", reports(header.replace('"gpa":0', '"gpa":1')), /line 1, memory: .*whole pages/],
    ["no JSON", reports(`${header}{"received":\n`), /reports.jsonl, line 2: .*not JSON/],
    ["no ranges", reports(`${header}{"received":1}\n`), /line 2, ranges: found nothing/],
    ["a range without bytes", reports(`${header}{"received":1,"ranges":[{"gpa":0}]}\n`), /line 2, ranges\[0\].bytes: found nothing/],
    ["an address as text", reports(`${header}{"received":1,"ranges":[{"gpa":"0x0","bytes":4096}]}\n`), /line 2, ranges\[0\].gpa: found "0x0"/],
    ["an answer before its request", reports(`${header}{"received":9,"answered":8,"ranges":[]}\n`), /line 2, answered: found 8, expected at least received 9/],
    ["a discard without result", withDiscard('{"started":1,"ended":2,"gpa":0,"bytes":4096}\n'), /discards.jsonl, line 2, result: found nothing/],
    ["a discard that ends before it starts", withDiscard('{"started":3,"ended":2,"gpa":0,"bytes":4096,"result":0}\n'), /discards.jsonl, line 2, ended: found 2/],
    ["discards with the other header", { "reports.jsonl": header, "discards.jsonl": header }, /discards.jsonl, line 1, format/],
  ] as const)("%s", async (_, files, reason) => {
    await expect(inFolder(files, judgeHostLogs)).rejects.toThrow(reason);
  }); // prettier-ignore

  test("only a folder without a trace is judged by these logs alone", async () => {
    expect(await inFolder(reports(header), isHostOnly)).toBe(true);
    expect(await inFolder({ ...reports(header), "trace.txt": "" }, isHostOnly)).toBe(false);
    expect(await inFolder({ "discards.jsonl": "" }, isHostOnly)).toBe(false);
  });
});

describe("beside a guest's trace", () => {
  /** The fixture with these logs in place of QEMU's. */
  const beside = (logs: VmmLogs): Parameters<typeof judgeAltered>[0] => ({
    "host.log": undefined,
    "madvise.log": undefined,
    "reports.jsonl": () => jsonLines(REPORTS_HEADER, ...logs.reports),
    "discards.jsonl": () => jsonLines(DISCARDS_HEADER, ...logs.discards),
  });

  test("what QEMU's own logs say, in the format for all", async () => {
    const found = await judgeAltered(beside(await logsOfFixture(FIXTURE)));
    expect(found).toMatchObject({ verdict: "holds", counts: { discards: 45, discardsFrom: "discards.jsonl" } });
    expect(found.notChecked.some((text) => text.startsWith("host-window"))).toBe(false);
  });

  test("the same with each discard in two halves", async () => {
    const { reports, discards } = await logsOfFixture(FIXTURE);
    const halves = discards.flatMap((one) => [
      { ...one, gpa: one.gpa + one.bytes / 2, bytes: one.bytes / 2 },
      { ...one, bytes: one.bytes / 2 },
    ]);
    const found = await judgeAltered(beside({ reports, discards: halves }));
    expect(found).toMatchObject({ verdict: "holds", counts: { discards: 90, rangesNotDropped: 0 } });
  });

  test("a range not dropped is counted, in however many parts the others were", async () => {
    const { reports, discards } = await logsOfFixture(FIXTURE);
    const halves = discards.slice(1).flatMap((one) => [
      { ...one, gpa: one.gpa + one.bytes / 2, bytes: one.bytes / 2 },
      { ...one, bytes: one.bytes / 2 },
    ]);
    const found = await judgeAltered(beside({ reports, discards: halves }));
    expect(found).toMatchObject({ verdict: "holds", counts: { discards: 88, rangesNotDropped: 1 } });
  });

  test("reports.jsonl beside QEMU's logs: these are not read, and that is said", async () => {
    const { reports } = await logsOfFixture(FIXTURE);
    const found = await judgeAltered({ "reports.jsonl": () => jsonLines(REPORTS_HEADER, ...reports) });
    expect(found).toMatchObject({ verdict: "holds", counts: { discards: 0, discardsFrom: "nobody" } });
    expect(found.notChecked.filter((text) => text.startsWith("host-window"))).toEqual([
      "host-window: beside reports.jsonl only discards.jsonl tells what the host dropped, and there is none; madvise.log and host.log are not read then",
    ]);
  });

  test("a discard after the answer is told at the guest's line of that answer", async () => {
    const { reports, discards } = await logsOfFixture(FIXTURE);
    const late = discards.with(4, { ...discards[4], ended: reports[0].answered + 3000 });
    const found = await judgeAltered(beside({ reports, discards: late }));
    expect(found).toMatchObject({ verdict: "violates", property: "host-window", line: 127 });
    expect(found.explanation).toMatch(/discards.jsonl line 6\) until \d+ ns after request 1 was answered/);
  });

  test("a page too many", async () => {
    const { reports, discards } = await logsOfFixture(FIXTURE);
    const long = discards.with(2, { ...discards[2], bytes: discards[2].bytes + 4096 });
    // Page 58368 is of another range of the same request: one page more is one that the request names.
    expect((await judgeAltered(beside({ reports, discards: long }))).verdict).toBe("holds");
    const first = discards.with(0, { ...discards[0], bytes: discards[0].bytes + 4096 });
    const found = await judgeAltered(beside({ reports, discards: first }));
    expect(found).toMatchObject({
      verdict: "violates",
      property: "host-window",
      line: 127,
      pages: { start: 60416, pages: 1 },
    });
  });

  test("a discard where no log of requests is: the guest's trace names them", async () => {
    const { reports: _, discards } = await logsOfFixture(FIXTURE);
    const alone = { ...beside({ reports: [], discards }), "reports.jsonl": undefined };
    expect(await judgeAltered(alone)).toMatchObject({ verdict: "holds", counts: { discards: 45 } });
    const extra = { ...discards[0], gpa: 0x1200000, bytes: 4096 };
    const found = await judgeAltered({
      ...alone,
      "discards.jsonl": () => jsonLines(DISCARDS_HEADER, ...discards, extra),
    });
    expect(found).toMatchObject({ verdict: "violates", property: "host-window", pages: { start: 0x1200, pages: 1 } });
    expect(found.explanation).toContain("which the request does not name");
  });

  test("a request that the guest did not submit: these are two runs", async () => {
    const { reports, discards } = await logsOfFixture(FIXTURE);
    const other = reports.with(1, { ...reports[1], ranges: reports[1].ranges.slice(1) });
    const error = await refusal(beside({ reports: other, discards }));
    expect(error.message).toMatch(/reports.jsonl, line 3: found \d+ pages in request 2, .* not of one run/);
  });

  test("a report altered in the trace", async () => {
    const altered = events((all) => (all[125] = all[125].replace("p0=0xffd40000003a0000", "p0=0xffd40000003c0000")));
    const found = await judgeAltered({ ...beside(await logsOfFixture(FIXTURE)), "trace.txt": altered });
    expect(found).toMatchObject({ verdict: "violates", property: "ownership", line: 126 });
  });
});
