/** Traces: every way in which a file may be written, and what is said of it. */
import { spawnSync } from "node:child_process";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { LONGEST_LINE, readLines } from "../../oracle/lines.ts";
import { judgeTrace } from "../../oracle/trace.ts";
import { ack, alloc, failed, free, isolate, plain, release, reportBlock, submit, waits } from "../judges/events.ts";
import { Folder, header, lines } from "./traces.ts";

const folder = new Folder();

const STORY = [
  alloc(0, 0),
  isolate(8, 3),
  submit(1, [8, 2]),
  ack(1),
  release(8, 2),
  release(12, 2, false),
  plain("idle"),
];
const GOOD = lines(STORY);
/** What it shows, in the order of kinds of events. */
const MOMENTS = [
  "alloc below; nothing held",
  "isolate above; nothing held",
  "submit a part; holds some",
  "ack ok; holds some, one open",
  "release marked at; holds some",
  "release unmarked at; nothing held",
  "idle; nothing held",
];
const TWICE = [...lines([alloc(0, 0), free(0, 0), alloc(1, 0)]), JSON.stringify(alloc(1, 0))];

const judged = async (content: string | Uint8Array, name?: string): ReturnType<typeof judgeTrace> =>
  judgeTrace(folder.file(content, name));

describe("a trace", () => {
  it("holds, with what was seen and what was not checked", async () => {
    const { strength: _, ...said } = await judged(GOOD.join("\n"));
    expect(said).toEqual({
      verdict: "holds",
      events: 7,
      failures: { failedNoMemory: 0, failedWouldBlock: 0, failedWithFreeMemory: 0 },
      notChecked: ["lost-write: what pages hold is not in a trace", "completeness: the trace does not claim it"],
      unseen: [],
      moments: MOMENTS,
    });
  });

  it("violates, with the line and what happened there", async () => {
    const told = await judged(TWICE.join("\n"));
    expect(told).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: 5,
      events: 4,
      pages: { start: 1, pages: 1 },
    });
    expect(told.explanation).toBe("alloc of page 1, which is allocated, not free");
  });

  it("violates at its end, which is its last line", async () => {
    const open = lines([alloc(0, 0), isolate(8, 3)]);
    expect(await judged(`${open.join("\n")}\n\n  \n`)).toMatchObject({
      verdict: "violates",
      property: "stranded",
      line: 3,
    });
    expect(await judged(lines([waits(0, 1)]).join("\n"))).toMatchObject({ property: "stranded", line: 2 });
  });

  it("without an event can't be judged: nothing was put to any test", async () => {
    const problem = "line 2: the trace has no events behind its header: there is nothing to judge";
    await expect(judged(`\n${header()}\n\n`)).rejects.toThrow(problem);
  });

  it("that holds says how often an event came that could have broken a rule", async () => {
    const { strength } = await judged(lines([...STORY, free(0, 0)]).join("\n"));
    expect(strength).toMatchObject({ requests: 1, reported: 1, releasedAsReported: 1 });
    const times = (property: string): unknown => strength?.rules.find((rule) => rule.property === property);
    expect(times("exclusion")).toMatchObject({ checked: true, tested: 0 });
    expect(times("ownership")).toMatchObject({ checked: true, tested: 6 });
    expect(times("stranded")).toMatchObject({ checked: true, tested: 2 });
    expect(times("completeness")).toMatchObject({ checked: false });
    const busy = [isolate(8, 3), submit(3, [8, 2], [12, 2]), alloc(0, 0), failed(0), plain("unregistered"), free(0, 0)];
    const more = (await judged(lines([...busy, ack(3, false), release(8, 3, false)]).join("\n"))).strength;
    expect(more).toMatchObject({ requests: 1, reported: 0, releasedAsReported: 0 });
    expect(more?.rules.filter(({ tested }) => tested > 0).map(({ property, tested }) => [property, tested])).toEqual([
      ["exclusion", 1],
      ["ownership", 5],
      ["well-formed", 1],
      ["host-window", 1],
      ["fake-oom", 1],
      ["stranded", 1],
      ["quiet", 3],
    ]);
    expect((await judged(TWICE.join("\n"))).strength).toBeUndefined();
  });

  it("says which rules its end did not put to the test", async () => {
    const open = [isolate(8, 3), submit(3, [8, 2]), submit(4, [12, 2])];
    const claims = ["completeness"];
    const told = (await judged(lines(open, { claims }).join("\n"))).notChecked;
    expect(told).toContain("completeness: there is no idle in the trace");
    expect(told).toContain("stranded at the end: requests 3 and 4 are still open");
    const one = lines([...open, ack(3), plain("idle")], { claims }).join("\n");
    expect((await judged(one)).notChecked).toEqual([
      "lost-write: what pages hold is not in a trace",
      "stranded at the end: request 4 is still open",
    ]);
    const blind = (await judged(lines(open, { claims, unseen: ["idle"] }).join("\n"))).notChecked;
    expect(blind).not.toContain("completeness: there is no idle in the trace");
  });

  it("names lines, not events, where it looks back", async () => {
    const blank = ["", header(), "", ...lines([isolate(8, 3), submit(1, [8, 2]), alloc(8, 0)]).slice(1)];
    expect((await judged(blank.join("\n"))).explanation).toContain("submitted at line 5, not acked yet");
  });

  it("counts failures that no rule forbids", async () => {
    const story = lines([failed(0), failed(0, { reason: "would-block" }), failed(4)]);
    expect((await judged(story.join("\n"))).failures).toEqual({
      failedNoMemory: 2,
      failedWouldBlock: 1,
      failedWithFreeMemory: 2,
    });
  });

  it("claims, starts and is blind as its first line says", async () => {
    expect(await judged(lines(STORY, { claims: ["completeness"] }).join("\n"))).toMatchObject({
      property: "completeness",
      line: 8,
    });
    const later = lines([ack(7), free(3, 0)], { start: "unknown" }).join("\n");
    expect((await judged(later)).notChecked).toContainEqual(expect.stringContaining("before the recording"));
    expect(await judged(later.replace("unknown", "free"))).toMatchObject({
      verdict: "violates",
      property: "host-window",
    });
    const blind = lines([submit(1, [8, 2]), ack(1), alloc(8, 0)], { unseen: ["isolate", "release"] });
    const told = await judged(blind.join("\n"));
    expect(told.verdict).toBe("holds");
    expect(told.notChecked).toHaveLength(4);
    const unseen = ["isolate", "release", "discard", "write", "idle"];
    expect((await judged(lines([alloc(0, 0)], { unseen }).join("\n"))).notChecked).toHaveLength(7);
  });
});

describe("however it is written, a trace means the same", () => {
  const good = GOOD.join("\n");
  const bad = TWICE.join("\n");
  it.each<[string, (text: string) => string | Uint8Array]>([
    ["with an end of the last line", (text) => `${text}\n`],
    ["with CRLF", (text) => text.replaceAll("\n", "\r\n")],
    ["with a byte order mark", (text) => `\uFEFF${text}`],
    ["with a byte order mark and CRLF, gzipped", (text) => gzipSync(`\uFEFF${text.replaceAll("\n", "\r\n")}`)],
    ["gzipped", (text) => gzipSync(text)],
    ["gzipped in two parts", (text) => Buffer.concat([gzipSync(text.slice(0, 300)), gzipSync(text.slice(300))])],
    ["with unknown keys, and keys twice", (text) => text.replaceAll('"order":', '"order":99,"weight":[1],"order":')],
    ["with other texts than ASCII", (text) => text.replaceAll('"order":', '"note":"Größe \u{1F4C4} \u2028","order":')],
    ["with numbers that have a point", (text) => text.replaceAll('"order":0', '"order":0.0')],
    ["with spaces around", (text) => text.replaceAll("\n", " \t\n ")],
  ])("%s", async (_, written) => {
    expect(await judged(written(good), "trace.dat")).toMatchObject({ verdict: "holds", events: 7 });
    expect(await judged(written(bad), "trace.dat")).toMatchObject({
      verdict: "violates",
      property: "ownership",
      line: 5,
    });
  });

  it("with blank lines, which count", async () => {
    expect(await judged(`\n\r\n${bad.replaceAll("\n", "\n\n")}`)).toMatchObject({ property: "ownership", line: 11 });
  });
});

describe("a violation before a bad line stands", () => {
  const bad = Buffer.from(`${TWICE.join("\n")}\n`);
  const more = Buffer.from(`${JSON.stringify(alloc(2, 0))}\n`.repeat(20_000));
  it.each<[string, () => Uint8Array]>([
    ["that is no JSON", () => Buffer.concat([bad, Buffer.from("{]\n")])],
    ["that is no event", () => Buffer.concat([bad, Buffer.from('{"event":"no"}\n')])],
    ["that is not UTF-8", () => Buffer.concat([bad, Buffer.from([0xff, 0xfe, 0x0a])])],
    ["that is too long", () => Buffer.concat([bad, Buffer.alloc(LONGEST_LINE + 2, "x")])],
    ["where gzip data is cut off", () => gzipSync(Buffer.concat([bad, more])).subarray(0, -4)],
    [
      "where gzip data is cut off further ahead",
      () => gzipSync(Buffer.concat([bad, more]), { level: 0 }).subarray(0, 100_000),
    ],
    [
      "where gzip data is damaged",
      () => {
        const packed = gzipSync(Buffer.concat([bad, more]), { level: 0 });
        packed.fill(0xff, 300_000, 300_100);
        return packed.fill(0xff, packed.length - 8);
      },
    ],
  ])("%s", async (_, content) => {
    expect(await judged(content())).toMatchObject({ verdict: "violates", property: "ownership", line: 5 });
  });
});

describe("lines", () => {
  const all = async (content: string | Uint8Array): Promise<string[]> => {
    const texts: string[] = [];
    for await (const part of readLines(folder.file(content))) {
      expect(part.first).toBe(texts.length + 1);
      texts.push(...part.texts);
    }
    return texts;
  };

  it("come whole, wherever the file is cut into parts", async () => {
    const texts = Array.from(
      { length: 3000 },
      (_, index) => `${index}:${"\u00e4\u{1F4C4}".repeat((index * 7919) % 97)}`,
    );
    texts[17] = "x".repeat(300_000);
    expect(await all(texts.join("\n"))).toEqual(texts);
    expect(await all(gzipSync(`${texts.join("\r\n")}\r\n`))).toEqual(texts);
  });

  it("may have 16 MiB, and not a byte more", async () => {
    const longest = "x".repeat(LONGEST_LINE);
    const lengths = async (text: string): Promise<number[]> => (await all(text)).map((line) => line.length);
    expect(await lengths(`a\r\n${longest}\r\nb`)).toEqual([1, LONGEST_LINE, 1]);
    expect(await lengths(`a\n${longest}`)).toEqual([1, LONGEST_LINE]);
    await expect(all(`a\n${longest}x\nb`)).rejects.toThrow("line 2: found a line of more than 16 MiB");
    await expect(all(`a\n${longest}x`)).rejects.toThrow("line 2: found a line of more than 16 MiB");
  });

  it("that stand before the cut of gzip data are handed out, whatever the cut", async () => {
    const texts = Array.from({ length: 4000 }, (_, index) => `line ${index} ${(index * 48271) % 65537}`);
    const packed = gzipSync(texts.join("\n"));
    for (let cut = 2000; cut < packed.length; cut += 3001) {
      const seen: string[] = [];
      const read = async (): Promise<void> => {
        for await (const part of readLines(folder.file(packed.subarray(0, cut)))) seen.push(...part.texts);
      };
      await expect(read()).rejects.toThrow("ends too early");
      const there = gunzipSync(packed.subarray(0, cut), { finishFlush: 2 }).toString().split("\n").slice(0, -1);
      expect(seen).toEqual(there);
    }
  });
});

describe("standard input", () => {
  const script =
    'import { judgeTrace } from "./oracle/trace.ts"; console.log(JSON.stringify(await judgeTrace("-").catch((error) => ({ error: error.message }))));';
  const judge = (input: string | Uint8Array): unknown => {
    const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
      input,
      encoding: "utf8",
    });
    return JSON.parse(stdout);
  };

  it("is read as a file is", () => {
    expect(judge(GOOD.join("\n"))).toMatchObject({ verdict: "holds", events: 7 });
    expect(judge(gzipSync(TWICE.join("\n")))).toMatchObject({ verdict: "violates", line: 5 });
    expect(judge("")).toEqual({ error: expect.stringMatching(/^standard input, line 1: found nothing/) });
    expect(judge(`${header()}\n`)).toEqual({
      error: expect.stringMatching(/^standard input, line 1: the trace has no/),
    });
    expect(judge(`${header()}\nno`)).toEqual({
      error: 'standard input, line 2: found "no", which is not JSON; expected one JSON object in a line',
    });
  });
});

describe("a first line that is no header", () => {
  const problem = (first: string): Promise<unknown> => judged(`${first}\n`).catch((error: Error) => error.message);
  const header = 'the first line must be the header, an object with "format":"free-page-trace"';

  it("is told what it must be", async () => {
    expect(await problem('{"event":"idle"}')).toContain(`format: found nothing, expected "free-page-trace"; ${header}`);
    expect(await problem("[]")).toContain(`line 1: found an empty list, expected an object; ${header}`);
  });

  it("is told what it is, where it begins another file of ours", async () => {
    for (const format of ["free-page-discards", "free-page-reports"]) {
      const said = await problem(JSON.stringify({ format, version: 1 }));
      expect(said).toContain(`${header}; it is a VMM's log: fpr judge takes the folder that has it`);
    }
  });
});

describe("long traces", () => {
  it("are judged in memory that does not grow with them", async () => {
    const turn = reportBlock(8, 3)
      .map((event) => JSON.stringify(event))
      .join("\n");
    const path = folder.file(gzipSync(`${header()}\n${`${turn}\n`.repeat(100_000)}`));
    const script = `import { judgeTrace } from "./oracle/trace.ts"; const { events } = await judgeTrace(process.argv[1]); console.log(events, process.resourceUsage().maxRSS);`;
    const { stdout } = spawnSync(
      process.execPath,
      ["--max-old-space-size=48", "--import", "tsx", "--input-type=module", "--eval", script, path],
      { encoding: "utf8" },
    );
    const [events, kibibytes] = stdout.split(" ").map(Number);
    expect(events).toBe(400_000);
    expect(kibibytes).toBeLessThan(400 * 1024);
  });
});
