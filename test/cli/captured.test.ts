/** What is said of a capture beside its verdict. */
import { expect, test } from "vitest";
import { captureEvidence, hostEvidence, hostRepairs, untriedByGuest, untriedByHost } from "../../cli/captured.ts";
import { recordingEvidence } from "../../cli/recorded.ts";
import { noCounts } from "../../oracle/linux/verdict.ts";

test("blocks that direct compaction captured are said where there are some", () => {
  const said = (captured: number): string =>
    captureEvidence({ counts: { ...noCounts(), captured, predicted: { agree: 7, of: 7 } }, oomKills: [] }).join("\n");
  const replay = "exact replay of the buddy allocator: 7 of 7 steps predicted right";
  expect(said(0)).toMatch(new RegExp(`${replay}$`, "m"));
  expect(said(1)).toMatch(new RegExp(`${replay}, 1 block captured by direct compaction$`, "m"));
  expect(said(43)).toMatch(new RegExp(`${replay}, 43 blocks captured by direct compaction$`, "m"));
});

test("one of a kind is one; what was not compared is left out", () => {
  const counts = { ...noCounts(), passes: 1, reports: 1, blocksReported: 1, pagesReported: 1024 };
  const said = captureEvidence({ counts, oomKills: [] }).join("\n");
  expect(said).toContain("1 pass, 1 request with 1 block (1,024 pages)");
  expect(said).not.toMatch(/snapshots|buddyinfo|0 of 0 pages/);
});

test("figures of buddyinfo that differ are named, and why they may", () => {
  const figure = { zone: "DMA32", order: 0, byEvents: 89, byKernel: 58 };
  const counts = { ...noCounts(), buddyinfo: { agree: 21, of: 22 }, buddyinfoDiffers: [figure] };
  const said = captureEvidence({ counts, oomKills: [] }).join("\n");
  expect(said).toMatch(/21 of 22 figures\n.*no violation \(DMA32 order 0: 58, by the events 89\)/);
});

test("what a late host dropped is no range that it did not drop", () => {
  const counts = { ...noCounts(), discardsFrom: "madvise.log" as const, discardsLate: 43 };
  expect(captureEvidence({ counts, oomKills: [] })).toContain(
    "  0 discards in the windows of their requests (madvise.log), 43 after the acks of their requests",
  );
});

test("a capture without allocations beside a request did not try exclusion", () => {
  expect(untriedByGuest(noCounts())).toMatch(/^nothing was put to the test/);
  expect(untriedByGuest({ ...noCounts(), reports: 2 })).toMatch(/^exclusion was not tried/);
  expect(untriedByGuest({ ...noCounts(), reports: 2, allocationsInFlight: 1 })).toBeUndefined();
});

test("advice is what was not done already, and a control says whether it was refused", () => {
  const recorded = {
    directory: "",
    phases: [],
    seconds: 1,
    remarks: [],
    contents: { checked: 0, corrupt: 0 },
    broken: undefined,
  };
  const holds = { verdict: "holds", counts: { ...noCounts(), reports: 1 } } as const;
  const asked = { workload: "tiny", slowHost: 50, reportOrder: 5, control: undefined } as const;
  const [advice] = recordingEvidence(recorded, asked, holds, 1);
  expect(advice).toBe("  to have allocations while a request is open: --workload hotplug, a smaller --report-order");
  const last = (verdict: "holds" | "violates"): string | undefined =>
    recordingEvidence(recorded, { ...asked, control: "late" }, { verdict }, 1).at(-1);
  expect(last("violates")).toBe("  refused, as a control must be");
  expect(last("holds")).toContain("NOT refused");
});

test("a VMM's own logs: what puts nothing to the test says so, and a likely mistake stands before the repairs", () => {
  const none = {
    reports: 0,
    unanswered: 0,
    ranges: 0,
    pagesReported: 0,
    discards: 0,
    discardsBefore: 0,
    discardsFailed: 0,
    pagesDropped: 0,
    longestWindow: 0,
  };
  expect(untriedByHost(none)).toContain("no request");
  expect(untriedByHost({ ...none, reports: 1 })).toContain("no discard");
  expect(untriedByHost({ ...none, reports: 1, discards: 1, unanswered: 1 })).toContain("ever answered");
  expect(untriedByHost({ ...none, reports: 1, discards: 1 })).toBeUndefined();
  const verdict = {
    verdict: "violates",
    counts: { ...none, reports: 1 },
    notChecked: [],
    perhaps: "two clocks?",
  } as const;
  expect(hostRepairs({ ...verdict, repair: { text: "it had come" } })[0]).toBe("  perhaps     two clocks?");
  expect(hostEvidence(verdict)[0]).toContain("1 request with 0 ranges");
});
