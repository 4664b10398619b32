/** What `fpr linux` says of a recording, beside the verdict on it: what it showed, what it did not, how long it took. */
import { WORKLOADS } from "../oracle/live/workloads.ts";
import { count } from "../properties/numbers.ts";
import type { Order, Recorded } from "../oracle/live/record.ts";
import type { Verdict } from "./output.ts";

/** What was asked of the run, as far as it is spoken of. */
type Asked = Pick<Order, "workload" | "slowHost" | "reportOrder" | "control">;

/** A host that is slower than that tries exclusion well. */
const GOOD_SLOWNESS_US = 50;
/** An order under which there are requests enough. */
const GOOD_ORDER = 5;

/** @param judging seconds */
export function recordingEvidence(
  { contents, remarks, phases, seconds }: Recorded,
  asked: Asked,
  verdict: Verdict,
  judging: number,
): string[] {
  const { checked, corrupt } = contents;
  const looked = `contents: ${count(checked)} pages were looked at by their owners in the guest, ${count(corrupt)} were corrupt`;
  const parts = phases.map((phase) => `${phase.name} ${phase.seconds.toFixed(1)}`).join(", ");
  const untried = verdict.verdict === "holds" ? notTried(verdict, asked) : undefined;
  return [
    ...(checked === 0 ? [] : [looked]),
    ...remarks,
    ...(untried === undefined ? [] : [untried]),
    `seconds: ${parts}, judging ${judging.toFixed(1)}; ${(seconds + judging).toFixed(1)} in all`,
    ...controlled(asked.control, verdict),
  ].map((line) => `  ${line}`);
}

/** What the run did not try, and what would try it more. */
function notTried({ counts }: Verdict, asked: Asked): string | undefined {
  if (typeof counts !== "object" || counts === null) return undefined;
  if ("reports" in counts && counts.reports === 0)
    return "the reporter was not tried; to have it report: more --memory, or a smaller --report-order";
  if ("allocationsInFlight" in counts && counts.allocationsInFlight === 0)
    return `to have allocations while a request is open: ${moreAllocations(asked).join(", ")}`;
  return undefined;
}

/** Only what was not asked for already. */
function moreAllocations({ workload, slowHost, reportOrder }: Asked): string[] {
  return [
    ...(workload === "hotplug" ? [] : ["--workload hotplug"]),
    ...((slowHost ?? WORKLOADS[workload].discardDelay) < GOOD_SLOWNESS_US ? ["--slow-host 50 (to 100)"] : []),
    ...(reportOrder === 0
      ? []
      : [
          reportOrder === undefined || reportOrder > GOOD_ORDER
            ? `--report-order ${GOOD_ORDER}`
            : "a smaller --report-order",
        ]),
  ];
}

/** Whether a negative control was refused, where the run was one. */
function controlled(control: Asked["control"], { verdict }: Verdict): string[] {
  if (control === undefined) return [];
  const expected = control === "late" ? "violates" : "unjudged";
  if (verdict === expected) return ["refused, as a control must be"];
  return [`NOT refused as this control must be: found ${verdict}, expected ${expected}`];
}
