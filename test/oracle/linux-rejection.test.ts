/** Refused captures are explained: the pages, how it came, and the nearest repair, found by judging the changed capture. */
import { expect, test } from "vitest";
import { judgeHostLogs } from "../../oracle/linux/host/host-only.ts";
import type { Rejection } from "../../properties/rejection/index.ts";
import { tellRejection } from "../../properties/rejection/index.ts";
import { delayed, drainedEarly, explained, lines, lostFree } from "./altered-capture.ts";
import type { Made } from "./made-capture.ts";
import {
  ACK,
  PASS,
  PASS_END,
  START,
  drain,
  explainMade,
  free,
  handedOut,
  isolate,
  leave,
  lineAt,
  mark,
  oom,
  report,
} from "./made-capture.ts";
import { DISCARDS_HEADER, MIB, REPORTS_HEADER, inFolder, jsonLines } from "./vmm-logs.ts";

const A = START;
const B = START + 1024;

/** The explanation of a made capture that is refused, and what follows where it is mended. */
async function mended(made: Made): Promise<string> {
  return repairOf(await explainMade(made));
}

function repairOf({ repair }: Rejection): string {
  if (repair === undefined) return "none";
  return repair.reach.holds === repair.reach.follow ? repair.text : `${repair.text} (not to the end)`;
}

test("a lost free: the step that took the page first, and the free just before the line", async () => {
  const made = { events: [leave(A, 0), leave(B, 0), leave(A, 0), free(A, 0)] };
  const rejection = await explainMade(made);
  expect(repairOf(rejection)).toBe(`one free of page ${A} was lost before line ${lineAt(2)}`);
  expect(rejection.chain.map(({ at }) => at)).toEqual([lineAt(0)]);
  expect(rejection.pages.before).toContainEqual({
    start: A,
    pages: 1,
    owner: "allocated",
    marked: false,
    acked: false,
  });
  expect(tellRejection(rejection).join("\n")).toContain("legal if one free of page 4096 was lost before line 6");
});

test("a lost free of a larger block, of which a part is taken", async () => {
  const events = [leave(A, 2), leave(A, 0), leave(A + 2, 1), free(A + 2, 1), leave(A + 1, 0)];
  expect(await mended({ events })).toBe(`one free of pages ${A}-${A + 3} was lost before line ${lineAt(1)}`);
});

test("a lost allocation, where the page comes back: what only the replay sees", async () => {
  const events = [handedOut(A, 2), free(A, 2)];
  const rejection = await explainMade({ events });
  expect(rejection.explanation).toContain("the buddy replay found");
  expect(repairOf(rejection)).toBe(`one allocation of pages ${A}-${A + 3} was lost before line ${lineAt(0)}`);
});

test("a line that is there twice: it only repeats the one before", async () => {
  for (const events of [
    [leave(A, 0), leave(A, 0), free(A, 0)],
    [leave(A, 2), free(A, 0), free(A, 0), leave(A, 0)],
  ]) {
    const twice = events.findIndex((event, index) => event === events[index + 1]) + 1;
    expect(await mended({ events })).toBe(`line ${lineAt(twice)} only repeats line ${lineAt(twice - 1)}`);
  }
});

test("two lines in each other's place", async () => {
  const blocks = [leave(A + 1, 0), leave(A, 0), free(A, 0), free(A + 1, 0)];
  expect(await mended({ events: blocks })).toBe(`line ${lineAt(0)} came after the line behind it`);
});

test("behind the last line nothing can stand", async () => {
  const { repair, others } = await explainMade({ events: [leave(B, 0), free(A, 0)] });
  expect(repair?.text).toBe(`one allocation of page ${A} was lost before line ${lineAt(1)}`);
  expect(others.map(({ text }) => text).join()).not.toContain("came after the line behind it");
});

test("a repair behind which the recorder contradicts itself breaks no rule there: it can't be judged further", async () => {
  const rejection = await explainMade({ events: [handedOut(A, 2), free(A, 2), isolate(B, 10)[1]] });
  const { repair } = rejection;
  expect(repair?.text).toBe(`one allocation of pages ${A}-${A + 3} was lost before line ${lineAt(0)}`);
  expect(repair?.reach.breaks).toEqual({
    at: lineAt(2),
    explanation: "found iso_ret on CPU 0 without an iso before it, expected both",
  });
  expect(tellRejection(rejection).join(" ")).toContain(`in line ${lineAt(2)} can't be judged: found iso_ret`);
});

test("the line is lost with which the reporter begins to give its blocks back", async () => {
  const events = [PASS, ...isolate(A, 10), report([A, 10]), ACK, ...drain([A, 10]).slice(1), PASS_END];
  expect(await mended({ events })).toBe(`one drain of the reporter was lost before line ${lineAt(5)}`);
});

test("a block taken from the middle: somebody took what stood before it", async () => {
  const events = [leave(A + 1, 0), free(A, 0)];
  expect(await mended({ events })).toBe(`one allocation of page ${A} was lost before line ${lineAt(0)}`);
});

test("a snapshot at the end that has a page more", async () => {
  const events = [leave(A, 0), mark("snapshot2 begin"), mark("snapshot2 end")];
  const rejection = await explainMade({ events, withClosing: true });
  expect(repairOf(rejection)).toBe(`one free of page ${A} was lost before line ${lineAt(2)}`);
  // Nobody doubts the mark itself.
  expect(rejection.others.map(({ text }) => text).filter((text) => text.includes("too many"))).toEqual([]);
});

test("a block that is not put back", async () => {
  const events = [
    PASS,
    ...isolate(B, 10),
    ...isolate(A, 10),
    report([A, 10], [B, 10]),
    ACK,
    ...drain([A, 10], [B, 10]),
  ];
  const lost = events.toSpliced(-2, 1);
  expect(await mended({ events: [...lost, PASS_END] })).toBe(
    `one release of pages ${B}-${B + 1023} was lost before line ${lineAt(lost.length - 1)}`,
  );
});

test("a request of a block that nobody isolated", async () => {
  const events = [PASS, report([A, 10]), ACK, ...drain([A, 10]), PASS_END];
  expect(await mended({ events })).toBe(`one isolation of pages ${A}-${A + 1023} was lost before line ${lineAt(1)}`);
});

test("a lost line explains all that follows; where two are lost, the repair of one goes only so far", async () => {
  const events = [leave(A, 0), leave(B, 0), leave(A, 0), leave(B, 0)];
  const { repair } = await explainMade({ events });
  expect(repair).toMatchObject({
    text: `one free of page ${A} was lost before line ${lineAt(2)}`,
    reach: { holds: 0, follow: 1, breaks: { at: lineAt(3), property: "ownership" } },
  });
});

test("an allocation of pages in flight: who holds them, since when, and that the ack came later", async () => {
  const events = [PASS, ...isolate(A, 10), report([A, 10]), `1|${leave(A, 0)}`, ACK];
  const rejection = await explainMade({ events });
  expect(rejection.chain.map(({ at, event }) => [at, event.event])).toEqual([
    [lineAt(2), "isolate"],
    [lineAt(3), "submit"],
  ]);
  expect(rejection.chain[1].what).toContain(`acked only in line ${lineAt(5)}`);
  expect(rejection.pages.before[0]).toMatchObject({ start: A, pages: 1024, owner: "held", request: 1 });
});

test("blocks that come back before the ack: it would have been right with the ack before", async () => {
  const rejection = await explained({ "trace.txt": drainedEarly });
  expect(rejection).toMatchObject({ property: "exclusion", at: 129, event: { event: "release", pfn: 59392 } });
  expect(repairOf(rejection)).toBe("the ack of request 1 (report_ret) came before line 127");
});

test("a fake kill: the request that was not acked, and that the ack would have been in time", async () => {
  const D = START + 3072;
  const taken = [START, START + 1024, START + 2048].map((pfn) => `1|${leave(pfn, 10)}`);
  const events = [PASS, ...isolate(D, 10), report([D, 10]), ...taken, oom(), ACK, ...drain([D, 10]), PASS_END];
  const rejection = await explainMade({ events });
  expect(rejection.chain.map(({ event }) => event.event)).toEqual(["isolate", "submit"]);
  const repairs = [rejection.repair, ...rejection.others].map((repair) => repair?.text);
  const inTime = /^the ack of request 1 .* and the release of .* came before .*, and the caller then got page/;
  expect(repairs.some((text) => inTime.test(text ?? ""))).toBe(true);
});

test("a discard after the ack: made in time it would have been right, and the rest of the capture with it", async () => {
  const late = lines((all) => (all[4] = all[4].replace(/^\S+ \S+/, "1795227090.990000 1795227090.990001")));
  expect(repairOf(await explained({ "madvise.log": late }))).toBe(
    "the discard in madvise.log line 5 had come before the ack of request 1",
  );
});

test("a discard that came too early among those of its request", async () => {
  const early = lines((all) => (all[9] = all[9].replace(/^\S+ \S+/, all[4].slice(0, 35))));
  // Equal times keep the order of the lines: so the one that comes after it must come later.
  const later = lines((all) => all.splice(4, 6, all[9].replace(/^\S+ \S+/, all[4].slice(0, 35)), ...all.slice(4, 9)));
  expect(repairOf(await explained({ "madvise.log": early }))).toContain("had come in the order of request 1");
  expect(repairOf(await explained({ "madvise.log": later }))).toBe(
    "the discard in madvise.log line 5 had come in the order of request 1",
  );
});

test("a discard in the window of another request", async () => {
  const late = lines((all) => (all[9] = all[9].replace(/^\S+ \S+/, all[38].slice(0, 35))));
  expect(repairOf(await explained({ "madvise.log": late }))).toBe(
    "the discard in madvise.log line 10 had come while request 1 was open",
  );
});

test("a discard before the submit", async () => {
  const early = lines((all) => (all[4] = all[4].replace(/^\S+ \S+/, "1795227090.900000 1795227090.900001")));
  expect(repairOf(await explained({ "madvise.log": early }))).toBe(
    "the discard in madvise.log line 5 had come after the submit of request 1",
  );
});

test("a host that is late for every request: all its discards before the acks, and the line is the ack's", async () => {
  const rejection = await explained({ "madvise.log": lines(delayed) });
  expect(repairOf(rejection)).toBe("all 45 discards that came after the acks of their requests had come before them");
  expect(rejection.event).toMatchObject({ event: "ack", request: 1 });
  expect(rejection.chain.at(-1)).toMatchObject({ at: rejection.at, what: "request 1 was acked" });
  expect(rejection.pages.touched).toMatchObject([{ owner: "held", request: 1, acked: false }]);
  expect(rejection.pages.after).toMatchObject([{ owner: "held", acked: true }]);
  // One of them alone mends nothing, and no event of the guest does.
  expect(rejection.others).toEqual([]);
});

test("a late host that also drops in another order: where the guest's memory begins is found all the same", async () => {
  const shuffled = lines((all) => {
    const parts = all.slice(0, -1).map((text) => text.split(" "));
    const reversed = [parts.slice(0, 32), parts.slice(32, 34), parts.slice(34)].flatMap((request) =>
      request.toReversed(),
    );
    for (const [index, [start, end]] of parts.entries())
      all[index] = [start, end, ...reversed[index].slice(2)].join(" ");
    delayed(all);
  });
  expect(repairOf(await explained({ "madvise.log": shuffled }))).toBe(
    "all 45 discards that came after the acks of their requests had come before them",
  );
});

test("a discard of a page too many", async () => {
  const long = lines((all) => (all[2] = all[2].replace(" 400000 ", " 401000 ")));
  expect(repairOf(await explained({ "madvise.log": long }))).toBe(
    "the discard in madvise.log line 3 had dropped only the 1024 pages that request 1 names",
  );
});

test("a lost free in a recorded kernel: all of the 60,944 events behind it hold", async () => {
  const { repair, unknown } = await explained({ "trace.txt": lostFree() });
  expect(repair).toMatchObject({
    text: "one free of page 57857 was lost before line 42926",
    reach: { holds: 60944, follow: 60944 },
  });
  expect(unknown?.advice.join("\n")).toContain("oom_kill_process");
});

test("what was not recorded is named, with the pages that nobody knew", async () => {
  const { unknown } = await explainMade({ events: [free(A, 0), free(A, 0)], withSnapshot: false, seesOomKills: false });
  expect(unknown?.pages).toBe(4095);
  expect(unknown?.advice.join("\n")).toMatch(/kpageflags[^]*madvise[^]*clock[^]*oom_kill_process/);
});

test("a VMM's own logs: the answer that came too early, by so much", async () => {
  const request = { received: 0, answered: 500, ranges: [{ gpa: 0, bytes: MIB }] };
  const discard = { started: 100, ended: 700, gpa: 0, bytes: MIB, result: 0 };
  const files = {
    "reports.jsonl": jsonLines(REPORTS_HEADER, request),
    "discards.jsonl": jsonLines(DISCARDS_HEADER, discard),
  };
  const { repair, others } = await inFolder(files, judgeHostLogs);
  expect(repair?.text).toMatch(/request 1 had been answered 200 ns later/);
  expect(others).toEqual([{ text: "the discard in discards.jsonl line 2 had not been made" }]);
});

test("a repair of the first of two wrong discards says where it breaks next", async () => {
  const files = {
    "reports.jsonl": jsonLines(REPORTS_HEADER, { received: 0, answered: 500, ranges: [{ gpa: 0, bytes: MIB }] }),
    "discards.jsonl": jsonLines(
      DISCARDS_HEADER,
      { started: 600, ended: 700, gpa: 0, bytes: 4096, result: 0 },
      { started: 800, ended: 900, gpa: 32 * MIB, bytes: 4096, result: 0 },
    ),
  };
  const { repair } = await inFolder(files, judgeHostLogs);
  expect(repair).toMatchObject({ breaks: { log: "discards.jsonl", line: 3 } });
});
