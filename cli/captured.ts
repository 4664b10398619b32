/** How strong the verdict on a capture is, in numbers: what was seen, and how much of it was predicted. */
import type { HostVerdict } from "../oracle/linux/host/host-only.ts";
import type { OomKill } from "../oracle/linux/guest/out-of-memory.ts";
import { heldText, victimText, wantedText } from "../oracle/linux/guest/out-of-memory.ts";
import type { CaptureCounts, CaptureVerdict, Share } from "../oracle/linux/verdict.ts";
import { count } from "./output.ts";

/** Of a guest's trace, and what the host wrote beside it. */
export function captureEvidence({ counts, oomKills }: Pick<CaptureVerdict, "counts" | "oomKills">): string[] {
  const { right, wrong, unknown } = counts.watermark;
  const pause =
    counts.shortestPause === undefined
      ? "no two passes with times"
      : `at least ${(counts.shortestPause / 1e6).toFixed(3)} s between two passes`;
  return [
    `  ${count(counts.events)} events, ${counts.passes} passes, ${counts.reports} requests with ${count(counts.blocksReported)} blocks (${count(counts.pagesReported)} pages); ${pause}`,
    `  ${count(counts.allocationsInFlight)} allocations of other pages while a request was open`,
    `  ${count(counts.refusedIsolations)} isolations refused by the watermark; of all ${count(right + wrong + unknown)} answers ${count(right)} surely right, ${count(wrong)} surely wrong, ${count(unknown)} too near to tell`,
    `  exact replay of the buddy allocator: ${share(counts.predicted)} steps predicted right${captured(counts)}`,
    `  snapshots: ${share(counts.opening)} pages agree with the opening one, ${share(counts.closing)} with the closing one; buddyinfo: ${share(counts.buddyinfo)} figures`,
    discards(counts),
    ...oomKills.flatMap(kill),
  ];
}

/** What a rejection of a VMM's own logs says beside the rule and what broke. */
export function hostRepairs({ repair, others = [] }: HostVerdict): string[] {
  return [repair, ...others].flatMap((one, at) => {
    if (one === undefined) return [];
    const then =
      one.breaks === undefined ? "; then all holds" : `; then ${one.breaks.log} line ${one.breaks.line} breaks`;
    return [`  ${(at === 0 ? "repair" : at === 1 ? "or" : "").padEnd(12)}legal if ${one.text}${then}`];
  });
}

/** Of a VMM's own logs. */
export function hostEvidence({ counts }: HostVerdict): string[] {
  const { reports, unanswered, ranges, pagesReported, discardsFailed, pagesDropped, longestWindow } = counts;
  const { discardsBefore } = counts;
  const before = discardsBefore === 0 ? "" : `, ${count(discardsBefore)} before the log of requests began (not judged)`;
  return [
    `  ${count(reports)} requests with ${count(ranges)} ranges (${count(pagesReported)} pages), ${count(unanswered)} never answered; answered after ${(longestWindow / 1e6).toFixed(3)} ms at most`,
    `  ${count(counts.discards)} discards in the windows of their requests, ${count(discardsFailed)} that failed${before}; ${count(pagesDropped)} of ${count(pagesReported)} pages dropped`,
  ];
}

function discards({ discards, discardsFrom, rangesNotDropped, discardsLater }: CaptureCounts): string {
  if (discardsFrom === "nobody") return "  no record of what the host dropped";
  const kept = rangesNotDropped === 0 ? "" : `, ${count(rangesNotDropped)} ranges not dropped`;
  const later = discardsLater === 0 ? "" : `, ${count(discardsLater)} after the recording`;
  return `  ${count(discards)} discards in the windows of their requests (${discardsFrom})${kept}${later}`;
}

/** Said where there are some: no line of a trace shows them, so that a replay must find them itself. */
function captured({ captured: blocks }: CaptureCounts): string {
  return blocks === 0 ? "" : `, ${count(blocks)} block${blocks === 1 ? "" : "s"} captured by direct compaction`;
}

function kill({ line, caller, victim, held, genuine }: OomKill): string[] {
  const holds = held === undefined ? "" : `, while the reporter held ${heldText(held)}`;
  return [
    `  out of memory in line ${line}: ${caller.task} found none (${wantedText(caller)}); killed: ${victimText(victim)}${holds}`,
    ...(genuine === undefined ? [] : [`    not called fake-oom: ${genuine}`]),
  ];
}

function share({ agree, of }: Share): string {
  return `${count(agree)} of ${count(of)}`;
}
