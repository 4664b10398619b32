/** Rejections of recordings: files are read again, of pipes the latest events are kept, and what is unknown is said. */
import { execFileSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Event } from "../../model/alphabet/index.ts";
import { judgeTrace, type TraceVerdict } from "../../oracle/trace.ts";
import { Contract } from "../../properties/judges/contract.ts";
import { tellRejection, type Rejection } from "../../properties/rejection/index.ts";
import { ack, alloc, free, isolate, judge, release, submit } from "../judges/events.ts";
import { Folder, lines } from "../oracle/traces.ts";
import { legalRun } from "./legal.ts";
import { repaired } from "./repaired.ts";

const folder = new Folder();

/** The same bytes out of a pipe, which says them once. */
async function judgePipe(text: string, name: string): Promise<TraceVerdict> {
  const path = `${folder.file("", `${name}.empty`)}.pipe`;
  execFileSync("mkfifo", [path]);
  const stream = createWriteStream(path);
  // A judge that has seen enough closes the pipe.
  stream.on("error", () => undefined);
  stream.end(text);
  return judgeTrace(path);
}

function rejectionOf({ rejection }: TraceVerdict): Rejection {
  if (rejection === undefined) throw new Error("nothing is rejected");
  return rejection;
}

/** Allocates and frees the same blocks, again and again. */
function busy(count: number): Event[] {
  return Array.from({ length: count }, (_, at) => (at % 2 === 0 ? alloc(16, 2) : free(16, 2)));
}

describe("the rejection of a file", () => {
  const story = [isolate(8, 2), submit(7, [8, 2]), alloc(16, 1), alloc(10, 0), ack(7), release(8, 2), free(16, 1)];

  it("names lines, before and after the one that breaks the rule", async () => {
    const found = rejectionOf(await judgeTrace(folder.file(lines(story).join("\n"))));
    expect(found.chain.map(({ at }) => at)).toEqual([2, 3]);
    expect(found.repair).toMatchObject({ reach: { holds: 3, follow: 3 } });
    expect(tellRejection(found).join("\n")).toContain(
      "(line 5) came after the release of pages 8-11 as reported (line 7)",
    );
  });

  it("is the same of a gzipped file and of a pipe", async () => {
    const text = lines(story).join("\n");
    const plain = rejectionOf(await judgeTrace(folder.file(text)));
    expect(rejectionOf(await judgeTrace(folder.file(gzipSync(text), "trace.gz")))).toEqual(plain);
    expect(rejectionOf(await judgePipe(text, "same"))).toEqual(plain);
  });

  it("goes as far as the file can be read", async () => {
    const [header, ...rest] = lines(story);
    const text = [header, ...rest.slice(0, 4), '{"event":"nothing of the kind"}', ...rest.slice(4)].join("\n");
    const found = rejectionOf(await judgeTrace(folder.file(text)));
    expect(found.at).toBe(5);
    expect(found.repair?.reach).toEqual({ holds: 0, follow: 0 });
    expect(rejectionOf(await judgePipe(text, "cut"))).toEqual(found);
  });

  it("tells how it came, however long ago", async () => {
    const events = [isolate(8, 2), submit(7, [8, 2]), ...busy(60_000), alloc(10, 0)];
    const found = rejectionOf(await judgeTrace(folder.file(lines(events).join("\n"))));
    expect(found.chain.map(({ at }) => at)).toEqual([2, 3]);
    expect(found.unknown).toBeUndefined();
  });
});

describe("the rejection of a pipe", () => {
  it("tells what the latest events show, and that older ones were not kept", async () => {
    const events = [isolate(8, 2), submit(7, [8, 2]), ...busy(60_000), alloc(10, 0), ack(7), release(8, 2)];
    const found = rejectionOf(await judgePipe(lines(events).join("\n"), "long"));
    expect(found.pages.before).toContainEqual({
      start: 8,
      pages: 4,
      owner: "held",
      marked: false,
      acked: false,
      request: 7,
    });
    expect(found.chain).toEqual([]);
    expect(found.unknown).toMatchObject({ forgotten: 50_000 });
    expect(found.repair?.reach).toEqual({ holds: 2, follow: 2 });
    expect(tellRejection(found).join("\n")).toContain("the first 50,000 events were not kept");
  });

  it("reads on for a while behind the violation", async () => {
    const events = [isolate(8, 2), submit(7, [8, 2]), alloc(10, 0), ack(7), release(8, 2), ...busy(40_000)];
    const found = rejectionOf(await judgePipe(lines(events).join("\n"), "behind"));
    expect(found.chain.map(({ at }) => at)).toEqual([2, 3]);
    expect(found.repair?.reach).toEqual({ holds: 10_000, follow: 10_000 });
  });
});

describe("what is unknown", () => {
  const start = { start: "unknown", unseen: ["isolate", "release"] };

  it("is told in numbers, with what to record", async () => {
    const events = [ack(3), free(8, 2), submit(4, [8, 2], [16, 3]), alloc(16, 1), ack(4)];
    const found = rejectionOf(await judgeTrace(folder.file(lines(events, start).join("\n"))));
    expect(found.unknown).toMatchObject({ pages: 20, requests: 1, callers: 0, unseen: ["isolate", "release"] });
    expect(tellRejection(found).filter((line) => /snapshot|record (isolate|release)/.test(line))).toHaveLength(3);
  });

  it("is nothing where all was seen from the start", async () => {
    const found = rejectionOf(await judgeTrace(folder.file(lines([free(8, 2)]).join("\n"))));
    expect(found.unknown).toBeUndefined();
  });
});

describe("a recording of thousands of events", () => {
  it("that lost one free is repaired by it, down to its end", async () => {
    const { geometry, options, events } = legalRun({ design: "page-reporting", variant: "" }, 0, 11, 12_000);
    expect(events.length).toBeGreaterThan(5000);
    const half = events.findIndex(({ event }, place) => event === "free" && place > events.length / 2);
    const lost = events[half];
    const altered = events.toSpliced(half, 1);
    const file = folder.file(gzipSync(lines(altered, { geometry }).join("\n")), "altered.gz");
    const { repair } = rejectionOf(await judgeTrace(file));
    expect(repair?.changes).toMatchObject([
      { do: "insert", event: { event: "free", ...("pfn" in lost ? { pfn: lost.pfn } : {}) } },
    ]);
    expect(repair?.reach.breaks).toBeUndefined();
    expect(judge(new Contract(geometry, options), repaired(altered, repair?.changes ?? [])).property).toBeUndefined();
  });
});
