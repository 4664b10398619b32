/** What `fpr linux` says of a recording, beside the verdict on it: what it showed, what it did not, how long it took. */
import { count } from "../oracle/conform/words.ts";
import type { Recorded } from "../oracle/live/record.ts";
import type { Verdict } from "./output.ts";

/** @param judging seconds */
export function recordingEvidence(
  { contents, remarks, phases, seconds }: Recorded,
  verdict: Verdict,
  judging: number,
): string[] {
  const { checked, corrupt } = contents;
  const looked = `contents: ${count(checked)} pages were looked at by their owners in the guest, ${count(corrupt)} were corrupt`;
  const parts = phases.map((phase) => `${phase.name} ${phase.seconds.toFixed(1)}`).join(", ");
  const untried = verdict.verdict === "holds" ? notTried(verdict) : undefined;
  return [
    ...(checked === 0 ? [] : [looked]),
    ...remarks,
    ...(untried === undefined ? [] : [untried]),
    `seconds: ${parts}, judging ${judging.toFixed(1)}; ${(seconds + judging).toFixed(1)} in all`,
  ].map((line) => `  ${line}`);
}

/** What the run hardly tried, and what would try it more. */
function notTried({ counts }: Verdict): string | undefined {
  if (typeof counts !== "object" || counts === null) return undefined;
  if ("reports" in counts && counts.reports === 0)
    return "the guest reported nothing, so that its reporter was not tried: more --memory, or a smaller --report-order";
  if ("allocationsInFlight" in counts && counts.allocationsInFlight === 0)
    return "nothing was allocated while a request was open: a longer --slow-host, or a smaller --report-order";
  return undefined;
}
