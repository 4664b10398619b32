import { describe, expect, test } from "vitest";
import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { judgeCapture } from "../../oracle/linux/judge.ts";
import {
  FIXTURE,
  delayed,
  drainedEarly,
  eventLine,
  events,
  judgeAltered,
  lineOf,
  lines,
  refusal,
} from "./altered-capture.ts";

/** The first request of the fixture: 32 ranges, of which the first is pages 59392 to 60415, order 10. */
const REPORT = 126;
const FIRST = { pfn: "0xe800", start: 59392, pages: 1024 };
const LEAVE = "mm_page_alloc_zone_locked: page=0000000000000000";

/** Index of the line `number`. */
const at = (number: number): number => number - 1;

describe("the capture as recorded", () => {
  test("holds, with every step predicted and every page of the closing snapshot as the events left it", async () => {
    const { verdict, counts, notChecked } = await judgeCapture(FIXTURE);
    expect(verdict).toBe("holds");
    expect(counts).toMatchObject({
      events: 103702,
      passes: 2,
      reports: 3,
      blocksReported: 45,
      pagesReported: 43008,
      predicted: { agree: 103649, of: 103649 },
      closing: { agree: 65390, of: 65390 },
      buddyinfo: { agree: 22, of: 22 },
      discards: 45,
      discardsFrom: "madvise.log",
      rangesNotDropped: 0,
      discardsLate: 0,
    });
    expect(notChecked.some((text) => text.startsWith("host-window"))).toBe(false);
  });

  test("is read the same when its text is packed under a plain name", async () => {
    const { verdict, counts } = await judgeAltered({ "trace.txt": (bytes) => gzipSync(bytes) });
    expect(verdict).toBe("holds");
    expect(counts.events).toBe(103702);
  });

  test("holds with line ends of another system", async () => {
    const { verdict } = await judgeAltered({
      "meta.txt": lines((all) => all.forEach((text, index) => (all[index] = `${text}\r`))),
    });
    expect(verdict).toBe("holds");
  });
});

describe("a capture with less", () => {
  test("without snapshots: pages have no known owner at first, and that is said", async () => {
    const { verdict, counts, notChecked } = await judgeAltered({
      "kpageflags.bin": undefined,
      "kpageflags2.bin": undefined,
    });
    expect(verdict).toBe("holds");
    expect(counts.predicted.of).toBe(0);
    expect(notChecked.join("\n")).toContain("no kpageflags.bin");
  });

  test("without madvise.log: QEMU's own lines are taken", async () => {
    const { verdict, counts, notChecked } = await judgeAltered({ "madvise.log": undefined });
    expect(verdict).toBe("holds");
    expect(counts).toMatchObject({ discards: 45, discardsFrom: "host.log" });
    expect(notChecked.join("\n")).toContain("QEMU's own trace");
  });

  test("without times, or without what the recorder lost: that is said", async () => {
    const without = (name: string): ((bytes: Buffer) => string) =>
      lines((all) => {
        const begin = all.indexOf(`== ${name}`);
        const end = all.findIndex((text, index) => index > begin && text.startsWith("== "));
        all.splice(begin, (end === -1 ? all.length : end) - begin);
      });
    const said = async (name: string): Promise<string> =>
      (await judgeAltered({ "meta.txt": without(name) })).notChecked.join("\n");
    expect(await said("time instance")).toContain("quiet: nothing here has a time");
    expect(await said("time instance")).toContain("host-window: no request has a time");
    expect(await said("stats")).toContain("whether the recorder lost events: meta.txt has no stats");
    expect(await said("kprobe_profile")).toContain("meta.txt has no kprobe_profile");
  });

  test("without any record of the host: discards are not judged, and that is said", async () => {
    const { verdict, counts, notChecked } = await judgeAltered({ "madvise.log": undefined, "host.log": undefined });
    expect(verdict).toBe("holds");
    expect(counts).toMatchObject({ discards: 0, discardsFrom: "nobody" });
    expect(notChecked.join("\n")).toContain("host-window");
  });

  test("a guest with memory behind 4 GiB: QEMU's discards have no one distance from its addresses, and that is said", async () => {
    const high = lines((all) => {
      const zone = all.findIndex((text) => /^Node 0, zone +Normal/.test(text));
      for (const [name, pages] of [
        ["spanned", 1024],
        ["present", 1024],
      ])
        all[all.findIndex((text, index) => index > zone && text.trim().startsWith(`${name} `))] = `  ${name} ${pages}`;
      all.splice(zone + 1, 0, "  start_pfn:           1048576");
      const counts = all.findIndex((text, index) => index > zone && /^Node 0, zone +DMA32 +\d/.test(text));
      all.splice(counts + 1, 0, all[counts].replace(/DMA32.*/, `Normal${"   0".repeat(11)}`));
    });
    const altered = { "meta.txt": high, "kpageflags.bin": undefined, "kpageflags2.bin": undefined };
    const { verdict, counts, notChecked } = await judgeAltered(altered);
    expect(verdict).toBe("holds");
    expect(counts.discards).toBe(0);
    expect(notChecked.filter((text) => text.startsWith("host-window"))).toEqual([
      "host-window: the guest has memory behind 4 GiB, which QEMU keeps at another distance from the guest's addresses: record with 3 GiB at most, or write discards.jsonl",
    ]);
  });

  test("with madvise.log alone: its own times bound the clocks", async () => {
    const { verdict, counts } = await judgeAltered({ "host.log": undefined });
    expect(verdict).toBe("holds");
    expect(counts.discards).toBe(45);
  });
});

describe("events that must not be: the contract sees them", () => {
  test("an allocation while the host works on its pages", async () => {
    const insert = events((all) =>
      all.splice(REPORT, 0, eventLine(`${LEAVE} pfn=0xe800 order=0 migratetype=1 percpu_refill=1`)),
    );
    const found = await judgeAltered({ "trace.txt": insert });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "exclusion",
      line: REPORT + 1,
      pages: { start: FIRST.start, pages: 1 },
    });
    expect(found.explanation).toContain("59392");
  });

  test("the same, with nothing else in the file made to fit", async () => {
    const insert = lines((all) =>
      all.splice(REPORT, 0, eventLine(`${LEAVE} pfn=0xe800 order=0 migratetype=1 percpu_refill=1`)),
    );
    const found = await judgeAltered({ "trace.txt": insert });
    expect(found).toMatchObject({ verdict: "violates", property: "exclusion", line: REPORT + 1 });
    expect(found.explanation).toContain("not in the order");
  });

  describe("of another reporter, where the recorder lost nothing", () => {
    test("blocks that come back while the host has them", async () => {
      const found = await judgeAltered({ "trace.txt": drainedEarly });
      expect(found).toMatchObject({ verdict: "violates", property: "exclusion", line: 129, pages: FIRST_PAGES });
      expect(found.explanation).toContain("the reporter's drain while it was waiting for the host");
    });

    test("where it may have lost some, nobody knows", async () => {
      const { message } = await refusal({
        "trace.txt": drainedEarly,
        "meta.txt": lines((all) => all.splice(all.indexOf("== kprobe_profile"), 1, "== other")),
      });
      expect(message).toMatch(
        /line 127: found the reporter's drain while .*: a line is missing before, or one is too many/,
      );
    });

    test("a block that it isolates outside a pass and keeps", async () => {
      const isolated = events((all) => {
        const ended = lineOf(all, " process_ret: ");
        const call = all.findLastIndex((text, index) => index < REPORT && text.includes(" iso: "));
        all.splice(ended, 0, all[call], all[call + 1]);
      });
      // Somebody gets its first page later.
      const found = await judgeAltered({ "trace.txt": isolated });
      expect(found).toMatchObject({ verdict: "violates", pages: { start: FIRST.start, pages: 1 } });
      expect(found.explanation).toContain("the reporter's isolate while it was between passes");
    });

    test("a pass in a pass breaks nothing, but is not Linux's", async () => {
      const twice = events((all) => all.splice(lineOf(all, " report: "), 0, all[lineOf(all, " process: ") - 1]));
      const { message } = await refusal({ "trace.txt": twice });
      expect(message).toMatch(/the reporter's pass while it was waiting/);
    });
  });

  test("a request submitted again while it is open", async () => {
    const found = await judgeAltered({ "trace.txt": events((all) => all.splice(REPORT, 0, all[at(REPORT)])) });
    expect(found).toMatchObject({ verdict: "violates", property: "exclusion", line: REPORT + 1 });
    expect(found.explanation).toContain("59392");
  });

  test("a request submitted again after its blocks were put back", async () => {
    const after = 193;
    const again = events((all) => all.splice(after, 0, all[at(REPORT)]));
    const found = await judgeAltered({ "trace.txt": again });
    expect(found).toMatchObject({ verdict: "violates", property: "ownership", line: after + 1 });
    expect(found.explanation).toContain("59392");
  });

  test("one range twice in a request", async () => {
    const twice = events(
      (all) => (all[at(REPORT)] = all[at(REPORT)].replace(/p1=0x[0-9a-f]+/, "p1=0xffd40000003a0000")),
    );
    const found = await judgeAltered({ "trace.txt": twice });
    expect(found).toMatchObject({ verdict: "violates", property: "well-formed", line: REPORT });
    expect(found.explanation).toContain("59392");
  });

  test("a request that names pages in use", async () => {
    // Page 0x1000 holds the kernel: by the snapshot it is not free.
    const used = events(
      (all) => (all[at(REPORT)] = all[at(REPORT)].replace("p0=0xffd40000003a0000", "p0=0xffd4000000040000")),
    );
    const found = await judgeAltered({ "trace.txt": used });
    expect(found).toMatchObject({ verdict: "violates", property: "exclusion", line: REPORT });
    expect(found.explanation).toContain("4096");
  });

  test("a request that names free pages which nobody isolated", async () => {
    const free = events(
      (all) => (all[at(REPORT)] = all[at(REPORT)].replace("p0=0xffd40000003a0000", "p0=0xffd40000003c0000")),
    );
    const found = await judgeAltered({ "trace.txt": free });
    expect(found).toMatchObject({ verdict: "violates", property: "ownership", line: REPORT });
    expect(found.explanation).toContain("61440");
  });

  test("a mark although the host refused", async () => {
    const refused = events((all) => (all[at(REPORT + 1)] = all[at(REPORT + 1)].replace("ret=0", "ret=-5")));
    const found = await judgeAltered({ "trace.txt": refused });
    expect(found).toMatchObject({ verdict: "violates", property: "truthful-mark", line: 130, pages: FIRST_PAGES });
  });

  test("two events in each other's place", async () => {
    let freed = 0;
    let pfn = 0;
    const swapped = events((all) => {
      const pair = freedAndTaken(all);
      ({ freed, pfn } = pair);
      [all[at(pair.freed)], all[at(pair.taken)]] = [all[at(pair.taken)], all[at(pair.freed)]];
    });
    const found = await judgeAltered({ "trace.txt": swapped });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: freed,
      pages: { start: pfn, pages: 1 },
    });
  });

  test("a lost free, when its page is handed out again", async () => {
    let taken = 0;
    let pfn = 0;
    const lost = events((all) => {
      const pair = freedAndTaken(all);
      ({ taken, pfn } = pair);
      all.splice(at(pair.freed), 1);
    });
    const found = await judgeAltered({ "trace.txt": lost });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: taken - 1,
      pages: { start: pfn, pages: 1 },
    });
  });

  test("a pass that ends with blocks not put back", async () => {
    const putback = lineOf(await fixtureLines(), "free_one: (__putback_isolated_page", 45);
    const found = await judgeAltered({ "trace.txt": events((all) => all.splice(at(putback), 1)) });
    expect(found).toMatchObject({ verdict: "violates", property: "stranded", line: putback });
  });
});

describe("what only the exact replay sees", () => {
  const AFTER_DRAIN = 193;

  test("a page handed out from the middle of a free block", async () => {
    const insert = events((all) =>
      all.splice(AFTER_DRAIN, 0, eventLine(`${LEAVE} pfn=0xe801 order=0 migratetype=1 percpu_refill=1`)),
    );
    const found = await judgeAltered({ "trace.txt": insert });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: AFTER_DRAIN + 1,
      pages: { start: FIRST.start + 1, pages: 1 },
    });
    expect(found.explanation).toMatch(/buddy replay.*only the first part/);
  });

  test("a part of a free block isolated", async () => {
    const insert = events((all) =>
      all.splice(
        AFTER_DRAIN,
        0,
        eventLine(
          "iso: (__isolate_free_page+0x0/0x2b0) page=0xffd40000003a0000 order=9 caller=arch_rethook_trampoline+0x0/0x60",
        ),
        eventLine("iso_ret: (isolate_freepages_block+0x1/0x2 <- __isolate_free_page) ret=512"),
      ),
    );
    const found = await judgeAltered({ "trace.txt": insert });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: AFTER_DRAIN + 2,
      pages: { start: FIRST.start, pages: 512 },
    });
    expect(found.explanation).toMatch(/buddy replay.*only whole free blocks/);
  });

  test("a free that was lost and whose page nobody takes again: the closing snapshot has it", async () => {
    let pfn = 0;
    let line = 0;
    const lost = events((all) => {
      const last = lastFreed(all);
      ({ pfn } = last);
      all.splice(at(last.line), 1);
      line = lineOf(all, "snapshot2 end");
    });
    const found = await judgeAltered({ "trace.txt": lost });
    expect(found).toMatchObject({ verdict: "violates", property: "ownership", line, pages: { start: pfn, pages: 1 } });
    expect(found.explanation).toContain("closing snapshot");
  });

  test("a block handed to a caller although it is on the free lists, in a guest that never compacted", async () => {
    const insert = events((all) =>
      all.splice(
        AFTER_DRAIN,
        0,
        eventLine("mm_page_alloc: page=0000000000000000 pfn=0xe800 order=1 migratetype=0 gfp_flags=GFP_KERNEL"),
      ),
    );
    const found = await judgeAltered({ "trace.txt": insert });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: AFTER_DRAIN + 1,
      pages: { start: FIRST.start, pages: 2 },
    });
    expect(found.explanation).toContain("on the free lists");
  });
});

describe("what only Linux's reporter promises", () => {
  test("a request that is not the isolated batch in reverse", async () => {
    const swap = events((all) => {
      const [, p0, p1] = / p0=(\S+) .* p1=(\S+) /.exec(all[at(REPORT)]) ?? [];
      all[at(REPORT)] = all[at(REPORT)].replace(`p0=${p0}`, `p0=${p1}`).replace(`p1=${p1}`, `p1=${p0}`);
    });
    const found = await judgeAltered({ "trace.txt": swap });
    expect(found).toMatchObject({ verdict: "violates", property: "ownership", line: REPORT });
    expect(found.explanation).toContain("the last block first");
  });

  test("blocks put back in another order than the request's", async () => {
    const first = 130;
    const swap = events((all) => ([all[at(first)], all[at(first + 2)]] = [all[at(first + 2)], all[at(first)]]));
    const found = await judgeAltered({ "trace.txt": swap });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: first,
      pages: { start: 0xe400, pages: 1024 },
    });
  });

  test("an order under page_reporting_order", async () => {
    const raised = events((all) => {
      const pass = at(lineOf(all, "process: (page_reporting_process"));
      all[pass] = all[pass].replace("order=9", "order=10");
    });
    const found = await judgeAltered({ "trace.txt": raised });
    expect(found).toMatchObject({ verdict: "violates", property: "well-formed", line: REPORT });
    expect(found.explanation).toContain("page_reporting_order was 10");
  });

  test("33 ranges in a request", async () => {
    const found = await judgeAltered({
      "trace.txt": events((all) => (all[at(REPORT)] = all[at(REPORT)].replace("nents=32", "nents=33"))),
    });
    expect(found).toMatchObject({ verdict: "violates", property: "well-formed", line: REPORT });
  });

  test("a pass that begins less than 2 s after the one before", async () => {
    const early = lines((all) => {
      const second = at(lineOf(all, ": process: (", 2));
      all[second] = all[second].replace("12.096354", "10.600000");
    });
    const found = await judgeAltered({ "meta.txt": early });
    expect(found).toMatchObject({ verdict: "violates", property: "quiet" });
    expect(found.line).toBe(lineOf(await fixtureLines(), ": process: (", 2));
    expect(found.explanation).toContain("1.924664 s");
  });
});

describe("what the host may not do", () => {
  const LATE = "1795227090.990000 1795227090.990001";

  test("a discard after the ack", async () => {
    const late = lines((all) => (all[4] = all[4].replace(/^\S+ \S+/, LATE)));
    const found = await judgeAltered({ "madvise.log": late });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "host-window",
      pages: { start: 0xdc00 - 0x400, pages: 1024 },
    });
    expect(found.explanation).toMatch(/madvise.log line 5.*us after request \d was acked/);
  });

  test("the same with no other record to tell the clocks apart", async () => {
    const late = lines((all) => (all[4] = all[4].replace(/^\S+ \S+/, LATE)));
    const found = await judgeAltered({ "madvise.log": late, "host.log": undefined });
    expect(found).toMatchObject({ verdict: "violates", property: "host-window" });
    expect(found.explanation).toContain("madvise.log line 5");
  });

  test("every request dropped 5 ms late, as QEMU's own trace does not show", async () => {
    const found = await judgeAltered({ "madvise.log": lines(delayed) });
    expect(found).toMatchObject({ verdict: "violates", property: "host-window", line: REPORT + 1 });
    expect(found.explanation).toContain("us after request 1 was acked");
  });

  test("a discard after the ack in QEMU's own trace", async () => {
    const late = lines((all) => {
      const line = at(lineOf(all, "ram_block_discard_range", 3));
      all[line] = all[line].replace("1795227090.967427", "1795227090.990000");
    });
    const found = await judgeAltered({ "madvise.log": undefined, "host.log": late });
    expect(found).toMatchObject({ verdict: "violates", property: "host-window" });
    expect(found.explanation).toContain("after request");
  });

  test("a discard before the request", async () => {
    const early = lines((all) => (all[0] = all[0].replace(/^\S+ \S+/, "1795227090.900000 1795227090.900001")));
    const found = await judgeAltered({ "madvise.log": early });
    expect(found).toMatchObject({ verdict: "violates", property: "host-window", line: REPORT + 1, pages: FIRST_PAGES });
    expect(found.explanation).toContain("us before request 1 was submitted");
  });

  test("a discard that is one page too long", async () => {
    const long = lines((all) => (all[2] = all[2].replace(" 400000 ", " 401000 ")));
    const found = await judgeAltered({ "madvise.log": long });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "host-window",
      line: REPORT + 1,
      pages: { start: 0xe000, pages: 1025 },
    });
    expect(found.explanation).toContain("page 58368 (pfn 0xe400) may be in use");
  });

  test("a discard of other pages than the request's", async () => {
    const other = lines((all) => (all[0] = all[0].replace("0x7f609a600000", "0x7f608ce00000")));
    const found = await judgeAltered({ "madvise.log": other });
    expect(found).toMatchObject({ verdict: "violates", property: "host-window", line: REPORT + 1 });
    expect(found.explanation).toContain("does not name");
  });

  test("discards in another order than the request's", async () => {
    const swapped = lines((all) => {
      const [one, other] = [all[0].split(" "), all[1].split(" ")];
      [one[2], other[2]] = [other[2], one[2]];
      [all[0], all[1]] = [one.join(" "), other.join(" ")];
    });
    const found = await judgeAltered({ "madvise.log": swapped });
    expect(found).toMatchObject({ verdict: "violates", property: "host-window", line: REPORT + 1, pages: FIRST_PAGES });
  });

  test("a range that was not dropped is counted: an ack does not say that anything was dropped", async () => {
    const { verdict, counts } = await judgeAltered({ "madvise.log": lines((all) => all.splice(10, 1)) });
    expect(verdict).toBe("holds");
    expect(counts.rangesNotDropped).toBe(1);
  });

  test("a discard of pages that no request names", async () => {
    const extra = lines((all) => all.splice(34, 0, "1795227092.000000 1795227092.000001 0x7f608d000000 1000 0"));
    const found = await judgeAltered({ "madvise.log": extra });
    const ack = lineOf(await fixtureLines(), ": report_ret: ", 2);
    expect(found).toMatchObject({
      verdict: "violates",
      property: "host-window",
      line: ack,
      pages: { start: 0x1200, pages: 1 },
    });
    expect(found.explanation).toMatch(/madvise.log line 35.*after request 2 was acked/);
  });

  test("what the host drops after the recording has ended", async () => {
    const later = lines((all) => all.splice(45, 0, "1795227097.000000 1795227097.000001 0x7f609a600000 400000 0"));
    const { verdict, counts } = await judgeAltered({ "madvise.log": later });
    expect(verdict).toBe("holds");
    expect(counts.discardsLater).toBe(1);
  });

  test("the host's record of another run is not judged, and that is said", async () => {
    const hourLater = lines((all) =>
      all.forEach((text, index) => (all[index] = text.replaceAll(/1795227(\d{3})\./g, "1795230$1."))),
    );
    const found = await judgeAltered({ "madvise.log": hourLater });
    expect(found).toMatchObject({ verdict: "holds", counts: { discards: 0, discardsLater: 0 } });
    expect(found.notChecked.join("\n")).toContain("of another run?");
  });

  test("nor where QEMU's answers are not those to these requests", async () => {
    const slower = lines((all) =>
      all.forEach((text, index) => (all[index] = text.replace(/@1795227094\.39/, "@1795227094.59"))),
    );
    const smaller = lines((all) =>
      all.forEach((text, index) => (all[index] = text.replace("in_num 32 out_num 0", "in_num 31 out_num 0"))),
    );
    for (const other of [slower, smaller]) {
      const { verdict, notChecked } = await judgeAltered({ "host.log": other });
      expect(verdict).toBe("holds");
      expect(notChecked.join("\n")).toContain("of another run?");
    }
  });

  test("memory of the host itself is nobody's business", async () => {
    const { verdict } = await judgeAltered({
      "madvise.log": lines((all) => {
        for (const address of ["7f5000000000", "7f60e0000000"]) {
          all.splice(3, 0, `1795227090.967427 1795227090.967427 0x${address} 1000 0`);
        }
      }),
    });
    expect(verdict).toBe("holds");
  });
});

describe("what can't be judged", () => {
  test.each([
    [
      "an overrun in the header",
      "trace.txt",
      lines((all) => (all[2] = all[2].replace("/103859", "/276777"))),
      /lost 172918/,
    ],
    [
      "lost events in the text",
      "trace.txt",
      lines((all) => all.splice(500, 0, "CPU:0 [LOST 17 EVENTS]")),
      /line 501: .*lost 17 events/,
    ],
    [
      "an overrun in the statistics",
      "meta.txt",
      lines((all) => (all[at(lineOf(all, "overrun: 0"))] = "overrun: 3")),
      /line 269: .*overrun: 3/,
    ],
    [
      "a probe that missed calls",
      "meta.txt",
      lines((all) => (all[at(lineOf(all, "  putback "))] = "  putback   45   2")),
      /putback missed 2/,
    ],
    [
      "a trace that was cut off",
      "trace.txt",
      lines((all) => all.splice(103000)),
      /announces 103859 events, and there are 102988/,
    ],
    ["a trace cut off in a line", "trace.txt", (bytes: Buffer) => bytes.subarray(0, 1_000_000), /line \d+/],
    [
      "a gzip file that was cut off",
      "trace.txt",
      (bytes: Buffer) => gzipSync(bytes).subarray(0, 500_000),
      /gzip data ends too early/,
    ],
    ["a gzip file that is damaged", "trace.txt", (bytes: Buffer) => damaged(gzipSync(bytes)), /trace.txt/],
    ["no trace", "trace.txt", undefined, /found no trace.txt/],
    ["an empty trace", "trace.txt", () => "", /no event/],
    ["no meta.txt", "meta.txt", undefined, /found no meta.txt/],
    ["an empty meta.txt", "meta.txt", () => "", /== buddyinfo before/],
    [
      "a meta.txt without zones",
      "meta.txt",
      lines((all) => (all[at(lineOf(all, "== zoneinfo"))] = "== something")),
      /== zoneinfo/,
    ],
    ["a zone without bounds", "meta.txt", lines((all) => all.splice(at(lineOf(all, "spanned  61408")), 1)), /spanned/],
    ["times of another run", "meta.txt", lines((all) => all.splice(at(lineOf(all, ": report: ")), 1)), /time instance/],
    [
      "a snapshot that is too short",
      "kpageflags.bin",
      (bytes: Buffer) => bytes.subarray(8),
      /found 524280 bytes, expected 524288/,
    ],
    [
      "a snapshot that is too long",
      "kpageflags2.bin",
      (bytes: Buffer) => Buffer.concat([bytes, bytes.subarray(0, 8)]),
      /found 524296 bytes/,
    ],
    ["bytes that are no text", "trace.txt", (bytes: Buffer) => spoiled(bytes), /line 15: .*not UTF-8/],
    [
      "a line that is no event",
      "trace.txt",
      lines((all) => (all[59] = "what is this")),
      /line 60: found "what is this"/,
    ],
    [
      "an event without its fields",
      "trace.txt",
      lines((all) => (all[129] = all[129].replace("pfn=0xe800 ", ""))),
      /line 130, pfn: found nothing in the event free_one/,
    ],
    [
      "a number that is none",
      "trace.txt",
      lines((all) => (all[129] = all[129].replace("order=10", "order=ten"))),
      /line 130, order/,
    ],
    [
      "two lines that are not in order",
      "trace.txt",
      lines((all) => all.splice(20, 2, all[21], all[20])),
      /line 22: .*not in the order/,
    ],
    ["a line of madvise.log", "madvise.log", lines((all) => (all[3] = "1 2 3")), /madvise.log, line 4/],
    ["a line of host.log", "host.log", lines((all) => (all[3] = "1 2 3")), /host.log, line 4/],
  ] as const)("%s", async (_, file, alter, reason) => {
    const error = await refusal({ [file]: alter });
    expect(error.message).toMatch(reason);
  });

  test("a snapshot without its marks", async () => {
    const unmarked = lines(
      (all) => (all[at(lineOf(all, "snapshot end"))] = eventLine("tracing_mark_write: x").replace(" 0: ", "34: ")),
    );
    expect((await refusal({ "trace.txt": unmarked })).message).toContain('no mark "snapshot end"');
  });

  test.each([
    [
      "without its begin",
      (all: string[]) => all.splice(markAt(all, "snapshot2 begin"), 1),
      /"snapshot2 end", expected "snapshot2 begin" before it/,
    ],
    [
      "begun twice",
      (all: string[]) => all.splice(markAt(all, "snapshot begin"), 0, all[markAt(all, "snapshot begin")]),
      /"snapshot begin" a second time/,
    ],
    [
      "ended twice",
      (all: string[]) => all.splice(markAt(all, "snapshot end"), 0, all[markAt(all, "snapshot end")]),
      /"snapshot end", expected "snapshot begin" before it/,
    ],
  ])("a snapshot %s: nobody knows what moved while it was read", async (_, change, expected) => {
    expect((await refusal({ "trace.txt": events(change) })).message).toMatch(expected);
  });

  test("a judging that was stopped", async () => {
    await expect(judgeCapture(FIXTURE, AbortSignal.abort())).rejects.toThrow(/aborted/);
  });

  test("a call of madvise that ended before it began", async () => {
    const alterations = { "madvise.log": lines((all) => (all[39] = all[39].replace(/^(\d+)/, "1999999999"))) };
    expect((await refusal(alterations)).message).toMatch(
      /madvise\.log, line 40: found an end \S+ before the start 1999999999\.\d+: time runs forwards$/,
    );
  });

  test("a directory that is none", async () => {
    await expect(judgeCapture(`${FIXTURE}/console.log`)).rejects.toThrow(/found no trace.txt/);
  });
});

const FIRST_PAGES = { start: FIRST.start, pages: FIRST.pages };

function markAt(all: readonly string[], text: string): number {
  return all.findIndex((line) => line.endsWith(` ${text}`));
}

async function fixtureLines(): Promise<string[]> {
  const packed = await readFile(`${FIXTURE}/trace.txt.gz`);
  return gunzipSync(packed).toString().split("\n");
}

/** A line that frees one page, and the line that takes exactly this page next. */
function freedAndTaken(all: readonly string[]): { freed: number; taken: number; pfn: number } {
  for (let index = 40000; index < all.length; index++) {
    const pfn = /free_one: .*(pfn=0x[0-9a-f]+) order=0 /.exec(all[index])?.[1];
    if (pfn === undefined) continue;
    const taken = all.findIndex(
      (text, later) => later > index && text.includes(`zone_locked: `) && text.includes(` ${pfn} order=0 `),
    );
    if (taken !== -1) return { freed: index + 1, taken: taken + 1, pfn: Number(pfn.slice("pfn=".length)) };
  }
  throw new Error("the fixture frees no page that it takes again");
}

/** The last line before the closing snapshot that frees one page on its own, far from all pages of later lines. */
function lastFreed(all: readonly string[]): { line: number; pfn: number } {
  const later = new Set<number>();
  for (let index = all.length - 1; index > 0; index--) {
    const pfn = Number(/pfn=(0x[0-9a-f]+)/.exec(all[index])?.[1] ?? 0);
    const far = !later.has(pfn >> 10);
    later.add(pfn >> 10);
    if (far && /free_one: .* order=0 /.test(all[index])) return { line: index + 1, pfn };
  }
  throw new Error("the fixture frees no page far from all later ones");
}

function damaged(bytes: Buffer): Buffer {
  bytes.fill(0xff, 100_000, 100_100);
  return bytes;
}

/** Byte 0xff in the middle of line 15. */
function spoiled(bytes: Buffer): Buffer {
  let start = 0;
  for (let line = 1; line < 15; line++) start = bytes.indexOf(0x0a, start) + 1;
  bytes[start + 20] = 0xff;
  return bytes;
}
