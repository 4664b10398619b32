/** What is likelier than a host that is always wrong: logs that do not go together. */
import type { DiscardLog, HostReport, ReportLog } from "./vmm-logs.ts";
import { pagesOfBytes } from "./vmm-logs.ts";
import { Runs } from "./runs.ts";

/**
 * Why no discard at all fits into the window of a request that names its pages, as a question to whoever wrote the logs.
 *
 * @returns undefined where at least one fits, or there is none
 */
export function likelyMistake(log: ReportLog, { discards }: DiscardLog): string | undefined {
  const { pageSize, began, reports } = log;
  const made = discards.filter(({ result, started }) => result === 0 && started >= began);
  if (made.length === 0 || reports.length === 0) return undefined;
  const memory = new Runs(log.memory.map((piece) => pagesOfBytes(piece, pageSize)));
  if (made.every((discard) => memory.firstInside(pagesOfBytes(discard, pageSize)) === undefined))
    return "all discards are outside the guest's memory as the header has it: guest physical addresses are expected";
  let open: { readonly report: HostReport; readonly pages: Runs }[] = [];
  let next = 0;
  let isInTime = false;
  for (const discard of made) {
    for (; next < reports.length && reports[next].received <= discard.started; next++) {
      const pages = new Runs(reports[next].ranges.map((range) => pagesOfBytes(range, pageSize)));
      open.push({ report: reports[next], pages });
    }
    open = open.filter(({ report }) => report.answered >= discard.started);
    isInTime ||= open.length > 0;
    const dropped = pagesOfBytes(discard, pageSize);
    if (open.some(({ pages }) => pages.firstInside(dropped) !== undefined)) return undefined;
  }
  return isInTime
    ? "no discard fits any window: are both logs of one run, with guest physical addresses?"
    : "no discard fits any window: are both logs of one clock, in nanoseconds?";
}
