/** Steps that the kept capture does not show: hotplug, compaction, refusals, allocations beside an open request. */
import { describe, expect, test } from "vitest";
import { widen } from "../../oracle/linux/capture/meta.ts";
import {
  ACK,
  PAGES,
  PASS,
  PASS_END,
  START,
  drain,
  free,
  handedOut,
  isolate,
  judgeMade,
  leave,
  lineAt,
  mark,
  pageAt,
  report,
} from "./made-capture.ts";

const A = START;
const B = START + 1024;

describe("the reporter", () => {
  test("a whole pass, while another CPU takes and frees other pages", async () => {
    const events = [
      PASS,
      ...isolate(B, 10),
      ...isolate(A, 10),
      report([A, 10], [B, 10]),
      `1|${leave(A + 2048, 0)}`,
      ACK,
      ...drain([A, 10], [B, 10]),
      PASS_END,
    ];
    const { verdict, counts, notChecked } = await judgeMade({ events });
    expect(verdict).toBe("holds");
    expect(counts).toMatchObject({ reports: 1, blocksReported: 2, pagesReported: 2048, allocationsInFlight: 1 });
    expect(counts.predicted).toEqual({ agree: 5, of: 5 });
    expect(notChecked.join("\n")).not.toContain("during a pass");
  });

  test("a refusal by the watermark takes nothing", async () => {
    const events = [leave(B, 0), ...isolate(A, 10, "page_reporting_process", 0), leave(A, 10), free(B, 0)];
    const { verdict, counts } = await judgeMade({ events });
    expect(verdict).toBe("holds");
    expect(counts.refusedIsolations).toBe(1);
  });

  test("a trace that ends during a pass says nothing of what is held then", async () => {
    const { verdict, notChecked } = await judgeMade({ events: [PASS, ...isolate(A, 10), report([A, 10]), ACK] });
    expect(verdict).toBe("holds");
    expect(notChecked.join("\n")).toContain("stranded");
  });

  test("what is held when the pass is over is stranded", async () => {
    const found = await judgeMade({ events: [PASS, ...isolate(A, 10), report([A, 10]), ACK, PASS_END] });
    expect(found).toMatchObject({ verdict: "violates", property: "stranded" });
  });

  test("a block that merges when it is put back loses the mark, so that the merged block is no repetition", async () => {
    const events = [
      leave(A, 9),
      ...isolate(A + 512, 9),
      report([A + 512, 9]),
      `1|${free(A, 9, "__free_pages_ok")}`,
      ACK,
      ...drain([A + 512, 9]),
      ...isolate(A, 10),
      report([A, 10]),
      ACK,
      ...drain([A, 10]),
      leave(A, 9),
      ...isolate(A + 512, 9),
      report([A + 512, 9]),
      ACK,
      ...drain([A + 512, 9]),
    ];
    const { verdict, counts } = await judgeMade({ events });
    expect(verdict).toBe("holds");
    expect(counts.reportedAgain).toBe(0);
  });

  test("a block reported twice without a change between is counted", async () => {
    const once = [...isolate(A, 10), report([A, 10]), ACK, ...drain([A, 10])];
    const { verdict, counts } = await judgeMade({ events: [...once, ...once] });
    expect(verdict).toBe("holds");
    expect(counts.reportedAgain).toBe(1);
  });

  test("page isolation puts a block back on another CPU while the reporter drains: a free, no release", async () => {
    const events = [
      ...isolate(B, 10, "unset_migratetype_isolate"),
      ...isolate(A, 10),
      report([A, 10]),
      ACK,
      ...drain([A, 10]).toSpliced(1, 0, `1|${free(B, 10, "__putback_isolated_page")}`),
    ];
    expect((await judgeMade({ events })).verdict).toBe("holds");
  });
});

describe("compaction", () => {
  test("takes free blocks as targets and gives their pages back one by one", async () => {
    const events = [
      leave(A, 0),
      ...isolate(A + 2, 1, "isolate_freepages_block"),
      free(A + 2, 0),
      free(A + 3, 0),
      free(A, 0),
      leave(A, 10),
    ];
    const { verdict, counts } = await judgeMade({ events });
    expect(verdict).toBe("holds");
    expect(counts.predicted).toEqual({ agree: 6, of: 6 });
  });

  const captured = [
    leave(A, 0),
    leave(A + 1, 0),
    leave(A + 2, 1),
    free(A, 0),
    free(A + 1, 0), // captured here, as a block of order 1
    free(A + 2, 1), // so that it can't merge
    leave(A + 2, 1),
    handedOut(A, 1),
    free(A, 1),
  ];

  test("captures a block that never reaches a list", async () => {
    const { verdict, counts } = await judgeMade({ events: captured, compactions: 1 });
    expect(verdict).toBe("holds");
    expect(counts.captured).toBe(1);
  });

  test("captured more blocks than it ran: then these are lines that were lost", async () => {
    const lost = [leave(A, 1), free(A, 1), handedOut(A, 1), leave(B, 1), free(B, 1), handedOut(B, 1)];
    const found = await judgeMade({ events: lost, compactions: 1 });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: lineAt(2),
      pages: { start: A, pages: 2 },
    });
  });

  test("captured nothing in a guest where it never ran: then the block is on a list", async () => {
    const found = await judgeMade({ events: captured });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: lineAt(6),
      pages: { start: A + 2, pages: 2 },
    });
  });
});

describe("hotplug", () => {
  const offline = [
    `iso_range: (start_isolate_page_range+0x0/0x1) start=0x${A.toString(16)} end=0x${B.toString(16)} mt=1`,
    `offline_iso: (__offline_isolated_pages+0x0/0x1) start=0x${A.toString(16)} end=0x${B.toString(16)}`,
  ];
  const online = [
    `gen_online: (generic_online_page+0x0/0x1) page=${pageAt(A)} order=10`,
    free(A, 10, "__free_pages_ok", 4),
    `undo_iso: (undo_isolate_page_range+0x0/0x1) start=0x${A.toString(16)} end=0x${B.toString(16)} mt=1`,
  ];

  test("a range goes and comes back", async () => {
    const { verdict, counts } = await judgeMade({ events: [leave(B, 0), ...offline, ...online, leave(A, 10)] });
    expect(verdict).toBe("holds");
    expect(counts.events).toBe(4);
  });

  test("pages that are gone can't be handed out", async () => {
    const found = await judgeMade({ events: [leave(B, 0), ...offline, leave(A, 0)] });
    expect(found).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: lineAt(3),
      pages: { start: A, pages: 1 },
    });
  });

  test("pages that the reporter holds can't go", async () => {
    const found = await judgeMade({ events: [...isolate(A, 10), report([A, 10]), ...offline] });
    expect(found).toMatchObject({ verdict: "violates", property: "exclusion" });
  });

  test("a block that is split for isolation asks no watermark", async () => {
    const split = `split_free: (split_free_page+0x0/0x1) page=${pageAt(A)} order=10 off=0x200`;
    const events = [
      leave(B, 0),
      free(B, 0),
      split,
      free(A, 9, "split_free_page"),
      free(A + 512, 9, "split_free_page", 4),
    ];
    const { verdict, counts } = await judgeMade({ events });
    expect(verdict).toBe("holds");
    expect(counts.events).toBe(5);
    expect(counts.watermark).toEqual({ right: 0, wrong: 0, unknown: 0 });
  });

  test("a free pageblock that was isolated silently does not merge with what is freed beside it", async () => {
    const isolateSecond = `iso_range: (start_isolate_page_range+0x0/0x1) start=0x${(A + 512).toString(16)} end=0x${B.toString(16)} mt=1`;
    const events = [
      leave(A, 9),
      isolateSecond,
      free(A, 9, "__free_pages_ok"),
      ...isolate(A, 9, "isolate_freepages_block"),
    ];
    expect((await judgeMade({ events })).verdict).toBe("holds");
    const found = await judgeMade({ events: events.toSpliced(1, 1) });
    expect(found).toMatchObject({ verdict: "violates", property: "ownership", pages: { start: A, pages: 512 } });
  });

  test("an isolated pageblock does not merge with an ordinary one", async () => {
    const isolateFirst = `iso_range: (start_isolate_page_range+0x0/0x1) start=0x${A.toString(16)} end=0x${(A + 512).toString(16)} mt=1`;
    const events = [
      leave(A, 9),
      isolateFirst,
      free(A, 9, "__free_pages_ok", 4),
      ...isolate(A, 9, "isolate_freepages_block"),
      leave(A + 512, 9),
    ];
    expect((await judgeMade({ events })).verdict).toBe("holds");
  });
});

describe("the recording", () => {
  test("without a header its end may be missing, and that is said", async () => {
    const { verdict, notChecked } = await judgeMade({ events: [leave(A, 0)], withHeader: false });
    expect(verdict).toBe("holds");
    expect(notChecked.join("\n")).toContain("no header");
  });

  test("an address that no line explains can't be judged", async () => {
    await expect(judgeMade({ events: isolate(A, 10) })).rejects.toThrow(/no line says where these begin/);
  });

  test("a return without a call can't be judged", async () => {
    await expect(judgeMade({ events: isolate(A, 10).slice(1) })).rejects.toThrow(/without an iso before it/);
  });

  const pass = [PASS, ...isolate(A, 10), report([A, 10]), ACK, ...drain([A, 10]), PASS_END];

  test.each([
    ["the report's return", 4],
    ["the end of the drain", 7],
  ])("a pass without %s can't be judged, where nothing else is wrong", async (_, index) => {
    await expect(judgeMade({ events: [...pass.toSpliced(index, 1), ...pass] })).rejects.toThrow(
      /a line is missing before/,
    );
  });

  test.each([
    ["without its report, in the first pass", pass.toSpliced(3, 1)],
    ["without its report, in a later pass", [...pass, ...pass.toSpliced(3, 1)]],
    ["twice", pass.toSpliced(4, 0, ACK)],
  ])("an answer %s can't be judged: no function returns that was not called", async (_, events) => {
    await expect(judgeMade({ events })).rejects.toThrow(/found the reporter's report-return/);
  });

  test("a call without its return can't be judged", async () => {
    await expect(judgeMade({ events: [...pass, ...isolate(A, 10).slice(0, 1), ...pass] })).rejects.toThrow(
      /a second iso/,
    );
  });

  test("a host that dropped something, and a guest that requested nothing: that is said", async () => {
    const files = { "madvise.log": "1.000000 1.000001 0x7f0000000000 1000 0\n" };
    const { verdict, notChecked } = await judgeMade({
      events: [PASS, PASS_END],
      files,
      times: ["1.000000: process: ()"],
    });
    expect(verdict).toBe("holds");
    expect(notChecked.join("\n")).toContain("host-window: the guest requested nothing");
  });

  test("a second trace instance that lost events, and was streamed: nothing has a time, and the rest is judged", async () => {
    const { verdict, notChecked } = await judgeMade({
      events: [PASS, PASS_END],
      times: ["1.000000: process: ()", "CPU:1 [LOST 5 EVENTS]"],
    });
    expect(verdict).toBe("holds");
    expect(notChecked.join("\n")).toContain("quiet: nothing here has a time");
  });

  test("events before the snapshot must agree with it", async () => {
    const found = await judgeMade({
      withSnapshot: true,
      events: [leave(A, 0), mark("snapshot begin"), mark("snapshot end")],
    });
    expect(found).toMatchObject({ verdict: "violates", property: "ownership", pages: { start: A, pages: 1 } });
    expect(found.explanation).toContain("opening snapshot");
  });

  test("a block outside the zones", async () => {
    const found = await judgeMade({ events: [leave(START + PAGES, 0)] });
    expect(found).toMatchObject({ verdict: "violates", property: "well-formed", line: lineAt(0) });
  });
});

describe("zones in whole blocks", () => {
  const DMA = { name: "DMA", node: 0, start: 1, spanned: 4095, present: 3998 };

  test("what is not the zone's own memory is a hole", () => {
    const memory = [
      { start: 1, pages: 158 },
      { start: 256, pages: 65248 },
    ];
    expect(widen(DMA, memory, 1024)).toEqual({
      start: 0,
      pages: 4096,
      holes: [
        { start: 0, pages: 1 },
        { start: 159, pages: 97 },
      ],
    });
  });

  test("where the memory map does not add up, the zone is taken as whole", () => {
    expect(widen(DMA, [], 1024)).toEqual({ start: 0, pages: 4096, holes: [{ start: 0, pages: 1 }] });
  });
});
