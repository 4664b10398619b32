/** What is said of a capture beside its verdict. */
import { expect, test } from "vitest";
import { captureEvidence } from "../../cli/captured.ts";
import { noCounts } from "../../oracle/linux/verdict.ts";

test("blocks that direct compaction captured are said where there are some", () => {
  const said = (captured: number): string =>
    captureEvidence({ counts: { ...noCounts(), captured, predicted: { agree: 7, of: 7 } }, oomKills: [] }).join("\n");
  const replay = "exact replay of the buddy allocator: 7 of 7 steps predicted right";
  expect(said(0)).toMatch(new RegExp(`${replay}$`, "m"));
  expect(said(1)).toMatch(new RegExp(`${replay}, 1 block captured by direct compaction$`, "m"));
  expect(said(43)).toMatch(new RegExp(`${replay}, 43 blocks captured by direct compaction$`, "m"));
});
