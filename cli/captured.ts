/** How strong the verdict on a capture is, in numbers: what was seen, and how much of it was predicted. */
import { count, counted } from "../properties/numbers.ts";
import type { HostVerdict } from "../oracle/linux/host/host-only.ts";
import type { WindowCounts } from "../oracle/linux/host/windows.ts";
import type { OomKill } from "../oracle/linux/guest/out-of-memory.ts";
import { heldText, victimText, wantedText } from "../oracle/linux/guest/out-of-memory.ts";
import type { CaptureCounts, CaptureVerdict, Share } from "../oracle/linux/verdict.ts";

/** Figures of buddyinfo that differ and are told one by one. */
const MOST_FIGURES = 3;

/** What a capture that holds did not put to the test, if anything. */
export function untriedByGuest({ reports, allocationsInFlight }: CaptureCounts): string | undefined {
  if (reports === 0) return "nothing was put to the test: the guest reported nothing";
  if (allocationsInFlight > 0) return undefined;
  return "exclusion was not tried: nothing was allocated while a request was open";
}

/** The same of a VMM's own logs. */
export function untriedByHost({ reports, unanswered, discards }: WindowCounts): string | undefined {
  if (reports === 0) return "nothing was put to the test: there is no request";
  if (discards === 0) return "nothing was put to the test: there is no discard";
  return unanswered === reports ? "nothing was put to the test: no request was ever answered" : undefined;
}

/** Of a guest's trace, and what the host wrote beside it. */
export function captureEvidence({ counts, oomKills }: Pick<CaptureVerdict, "counts" | "oomKills">): string[] {
  const { right, wrong, unknown } = counts.watermark;
  const pause =
    counts.shortestPause === undefined
      ? "no two passes with times"
      : `at least ${(counts.shortestPause / 1e6).toFixed(3)} s between two passes`;
  return [
    `  ${counted(counts.events, "event")}, ${passes(counts.passes)}, ${counted(counts.reports, "request")} with ${counted(counts.blocksReported, "block")} (${counted(counts.pagesReported, "page")}); ${pause}`,
    `  ${counted(counts.allocationsInFlight, "allocation")} of other pages while a request was open (blocks that left the free lists)`,
    `  ${counted(counts.refusedIsolations, "isolation")} refused by the watermark; of all ${counted(right + wrong + unknown, "answer")} ${count(right)} surely right, ${count(wrong)} surely wrong, ${count(unknown)} too near to tell`,
    `  exact replay of the buddy allocator: ${share(counts.predicted)} steps predicted right${captured(counts)}`,
    ...compared(counts),
    discards(counts),
    ...oomKills.flatMap(kill),
  ];
}

/** What a rejection of a VMM's own logs says beside the rule and what broke. */
export function hostRepairs({ perhaps, repair, others = [] }: HostVerdict): string[] {
  const repairs = [repair, ...others].flatMap((one, at) => {
    if (one === undefined) return [];
    const then =
      one.breaks === undefined ? "; then all holds" : `; then ${one.breaks.log} line ${one.breaks.line} breaks`;
    return [`  ${(at === 0 ? "repair" : at === 1 ? "or" : "").padEnd(12)}legal if ${one.text}${then}`];
  });
  return [...(perhaps === undefined ? [] : [`  ${"perhaps".padEnd(12)}${perhaps}`]), ...repairs];
}

/** Of a VMM's own logs. */
export function hostEvidence({ counts }: HostVerdict): string[] {
  const { reports, unanswered, ranges, pagesReported, discardsFailed, pagesDropped, longestWindow } = counts;
  const { discardsBefore } = counts;
  const before = discardsBefore === 0 ? "" : `, ${count(discardsBefore)} before the log of requests began (not judged)`;
  return [
    `  ${counted(reports, "request")} with ${counted(ranges, "range")} (${counted(pagesReported, "page")}), ${count(unanswered)} never answered; answered after ${(longestWindow / 1e6).toFixed(3)} ms at most`,
    `  ${counted(counts.discards, "discard")} in the windows of their requests, ${count(discardsFailed)} that failed${before}; ${count(pagesDropped)} of ${counted(pagesReported, "page")} dropped`,
  ];
}

function passes(number: number): string {
  return number === 1 ? "1 pass" : `${count(number)} passes`;
}

/** What else the kernel said of its free lists; what was not compared is left out. */
function compared({ opening, closing, buddyinfo, buddyinfoDiffers }: CaptureCounts): string[] {
  const snapshots = [
    ...(opening.of === 0 ? [] : [`${share(opening)} pages agree with the opening one`]),
    ...(closing.of === 0 ? [] : [`${share(closing)} ${opening.of === 0 ? "pages agree " : ""}with the closing one`]),
  ];
  const parts = [
    ...(snapshots.length === 0 ? [] : [`snapshots: ${snapshots.join(", ")}`]),
    ...(buddyinfo.of === 0 ? [] : [`buddyinfo: ${share(buddyinfo)} figures`]),
  ];
  const differing = buddyinfoDiffers
    .slice(0, MOST_FIGURES)
    .map((one) => `${one.zone} order ${one.order}: ${count(one.byKernel)}, by the events ${count(one.byEvents)}`);
  const more = buddyinfoDiffers.length - differing.length;
  const others = more === 0 ? "" : `; and ${count(more)} more`;
  return [
    ...(parts.length === 0 ? [] : [`  ${parts.join("; ")}`]),
    ...(differing.length === 0
      ? []
      : [
          `    buddyinfo was read after the trace had ended, and the lists go on: no violation (${differing.join("; ")}${others})`,
        ]),
  ];
}

function discards({ discards, discardsFrom, rangesNotDropped, discardsLate, discardsLater }: CaptureCounts): string {
  if (discardsFrom === "nobody") return "  no record of what the host dropped";
  const late = discardsLate === 0 ? "" : `, ${count(discardsLate)} after the acks of their requests`;
  const kept = rangesNotDropped === 0 ? "" : `, ${counted(rangesNotDropped, "range")} not dropped`;
  const later = discardsLater === 0 ? "" : `, ${count(discardsLater)} after the recording`;
  return `  ${counted(discards, "discard")} in the windows of their requests (${discardsFrom})${late}${kept}${later}`;
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
