/** `docs/captures.md`: its examples are judged as it says. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { judgeHostLogs } from "../../oracle/linux/host/host-only.ts";
import { tellRejection } from "../../properties/rejection/index.ts";
import { FIXTURE, explained, lostFree } from "./altered-capture.ts";
import { inFolder, logsOfFixture } from "./vmm-logs.ts";

const PAGE = fileURLToPath(new URL("../../docs/captures.md", import.meta.url));

/** The lines that begin with these words, each without its ends. */
function said(text: string, words: readonly string[]): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => words.some((word) => line.startsWith(`${word} `)));
}

async function examples(): Promise<string[]> {
  const page = await readFile(PAGE, "utf8");
  return [...page.matchAll(/```jsonl\n([\s\S]*?)```/g)].map(([, text]) => text);
}

test("the two logs hold, with the counts that the page shows", async () => {
  const [reports, discards] = await examples();
  const { verdict, counts } = await inFolder({ "reports.jsonl": reports, "discards.jsonl": discards }, judgeHostLogs);
  expect(verdict).toBe("holds");
  expect(counts).toMatchObject({
    reports: 1,
    ranges: 2,
    pagesReported: 2048,
    pagesDropped: 2048,
    discards: 2,
    longestWindow: 32000,
  });
});

test("the two logs are what QEMU did for the second request of the kept capture", async () => {
  const [reports, discards] = (await examples()).map((text) => text.trim().split("\n").slice(1));
  const real = await logsOfFixture(FIXTURE);
  expect(reports.map((line): unknown => JSON.parse(line))).toEqual([{ ok: true, ...real.reports[1] }]);
  expect(discards.map((line): unknown => JSON.parse(line))).toEqual(real.discards.slice(32, 34));
});

test("a free that the recorder lost is told as the page shows it", async () => {
  const page = await readFile(PAGE, "utf8");
  const [, shown] = page.split("## When a capture is refused");
  const rejection = await explained({ "trace.txt": lostFree() });
  const words = ["what broke", "the pages", "history", "repair"];
  const expected = said(shown, words);
  expect(expected).toHaveLength(words.length);
  expect(said(tellRejection(rejection).join("\n"), words)).toEqual(expected);
});
