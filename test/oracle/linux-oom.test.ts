/** Kills for lack of memory: which of them are fake, and which are only told. The zone has 4096 pages, min 10 and high 30. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { judgeCapture } from "../../oracle/linux/judge.ts";
import type { Made } from "./made-capture.ts";
import {
  ACK,
  PASS,
  PASS_END,
  START,
  drain,
  free,
  isolate,
  judgeMade,
  leave,
  lineAt,
  oom,
  report,
} from "./made-capture.ts";

const [A, B, C, D] = [START, START + 1024, START + 2048, START + 3072];
const VICTIM = "mark_victim: pid=196 comm=hog total-vm=123912kB";

/** D is given to the host, who does not answer; all else is taken but the first pages of A, so many as a block of `order`. */
function starved(freeOrder: number, kill: string): string[] {
  return [
    PASS,
    ...isolate(D, 10),
    report([D, 10]),
    ...[A, B, C].map((pfn) => `1|${leave(pfn, 10)}`),
    `1|${free(A, freeOrder)}`,
    kill,
    VICTIM,
    ACK,
    ...drain([D, 10]),
    PASS_END,
  ];
}

describe("a kill while blocks are held whose request is not answered", () => {
  test("is fake: the held blocks, their request, who asked and who died are named", async () => {
    const found = await judgeMade({ events: starved(3, oom()) });
    expect(found).toMatchObject({ verdict: "violates", property: "fake-oom", line: lineAt(8) });
    expect(found.explanation).toContain("init-1 found no memory (order 0, movable, gfp 0x140dca)");
    expect(found.explanation).toContain(
      `1 block (1,024 pages, 4 MiB) of request 1, which was submitted in line ${lineAt(3)} and is not acked`,
    );
    expect(found.explanation).toContain("1024 pages are held by the reporter beside 8 free");
    expect(found.explanation).toContain("The victim is hog (pid 196)");
    expect(found.oomKills).toMatchObject([
      { victim: { pid: 196, name: "hog" }, held: { request: 1, pages: 1024, blocks: [{ pfn: D, order: 10 }] } },
    ]);
  });

  test("is not called fake where by the events the caller could have had a page: 16 free, of which 10 must stay", async () => {
    const { verdict, oomKills } = await judgeMade({ events: starved(4, oom()) });
    expect(verdict).toBe("holds");
    expect(oomKills[0].genuine).toContain("memory was free");
  });

  test("is fake with 16 pages free where 20 more are kept back from this caller (protection)", async () => {
    const found = await judgeMade({ events: starved(4, oom()), protection: "(0, 20, 20, 20, 20)" });
    expect(found).toMatchObject({ verdict: "violates", property: "fake-oom" });
    const enough = await judgeMade({ events: starved(5, oom()), protection: "(0, 20, 20, 20, 20)" });
    expect(enough.verdict).toBe("holds");
  });

  test.each([
    ["may not use the highest zone", oom(0, 0x1), "highest zones"],
    ["is at a cgroup's limit", oom(0, 0x140dca, "memcg=0xffff888003b5c000 nodemask=0x0 constraint=3"), "cgroup"],
    ["is confined by a policy", oom(0, 0x140dca, "memcg=0x0 nodemask=0xffff888003b5c000 constraint=2"), "some nodes"],
    ["is confined by a cpuset", oom(0, 0x140dca, "memcg=0x0 nodemask=0x0 constraint=1"), "some nodes"],
    ["is a person with SysRq", oom(-1), "SysRq"],
  ])("is told and not judged where the caller %s", async (_, kill, reason) => {
    const { verdict, oomKills } = await judgeMade({ events: starved(3, kill) });
    expect(verdict).toBe("holds");
    expect(oomKills).toHaveLength(1);
    expect(oomKills[0].genuine).toContain(reason);
  });

  test("is told and not judged where the held block is too small to be sure: 512 pages may all be highatomic", async () => {
    const events = starved(3, oom());
    const small = [PASS, leave(D, 9), ...isolate(D + 512, 9), report([D + 512, 9]), ...events.slice(4, 10)];
    const { verdict, oomKills } = await judgeMade({ events: small });
    expect(verdict).toBe("holds");
    expect(oomKills[0].genuine).toContain("not surely");
  });

  test("when the host has answered, nothing is held", async () => {
    const events = [PASS, ...isolate(D, 10), report([D, 10]), ACK, ...drain([D, 10]), oom(), VICTIM, PASS_END];
    const { verdict, oomKills } = await judgeMade({ events });
    expect(verdict).toBe("holds");
    expect(oomKills).toMatchObject([{ victim: { pid: 196 }, genuine: "nothing was held" }]);
  });

  test("tells how long ago the request was submitted, where there are times", async () => {
    const times = [
      "5.000000: process: (page_reporting_process+0x0/0x570) order=9",
      `5.500000: ${report([D, 10])}`,
      `7.250000: ${oom()}`,
    ];
    const found = await judgeMade({ events: starved(3, oom()), times });
    expect(found.explanation).toContain("1.750 s before");
  });

  test("the victim's name is on the console where the trace has none", async () => {
    const console = "[    5.9] Out of memory: Killed process 196 (hog worker) total-vm:123912kB\n";
    const events = starved(3, oom()).map((text) => (text === VICTIM ? "mark_victim: pid=196" : text));
    const found = await judgeMade({ events, files: { "console.log": console } });
    expect(found.explanation).toContain("The victim is hog worker (pid 196)");
  });
});

describe("what is checked is said", () => {
  const said = async (made: Partial<Made>): Promise<string> =>
    (await judgeMade({ events: [leave(A, 0)], ...made })).notChecked.join("\n");

  test("without the probe nobody knows of kills", async () => {
    expect(await said({ seesOomKills: false })).toContain("no probe on oom_kill_process");
  });

  test("with it, only callers who fail without the OOM killer are left out", async () => {
    expect(await said({})).not.toContain("no probe");
    expect(await said({})).toContain("failed without the OOM killer");
  });
});

describe("a real kernel, of 256 MiB", () => {
  const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

  test("with a device that answers after 6 s kills a process while 122 MiB are only held", async () => {
    const found = await judgeCapture(fixture("linux-6.1-slow-device"));
    expect(found).toMatchObject({ verdict: "violates", property: "fake-oom", line: 1518 });
    expect(found.explanation).toContain("32 blocks (31,232 pages, 122 MiB) of request 1");
    expect(found.explanation).toContain("0.298 s before");
    expect(found.explanation).toContain("The victim is hog (pid 196)");
    expect(found.counts).toMatchObject({ reports: 1, allocationsInFlight: 1088, predicted: { agree: 1281, of: 1281 } });
  });

  test("holds with a prompt one, and nobody is killed", async () => {
    const { verdict, oomKills, counts } = await judgeCapture(fixture("linux-6.1-slow-device-prompt"));
    expect(verdict).toBe("holds");
    expect(oomKills).toEqual([]);
    expect(counts).toMatchObject({ reports: 3, predicted: { agree: 1211, of: 1211 } });
  });
});
