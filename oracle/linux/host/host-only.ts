/** Judges a VMM by its two logs alone, where nothing of the guest was recorded: vmm-logs.ts, windows.ts. */
import type { PageRange } from "../../../model/alphabet/index.ts";
import type { PropertyId } from "../../../properties/judges/properties.ts";
import { findFile, requireFile } from "../capture/text.ts";
import { likelyMistake } from "./mistakes.ts";
import { DISCARDS_LOG, REPORTS_LOG, readDiscards, readReports } from "./vmm-logs.ts";
import type { WindowCounts } from "./windows.ts";
import { WindowJudge } from "./windows.ts";
import type { WindowRepair } from "../repairs/window-repairs.ts";
import { windowRepairs } from "../repairs/window-repairs.ts";

/** Further repairs that are told. */
const MOST_OTHERS = 2;

export interface HostVerdict {
  readonly verdict: "holds" | "violates";
  readonly property?: PropertyId;
  /** The log that the line is of. */
  readonly log?: string;
  readonly line?: number;
  readonly explanation?: string;
  readonly pages?: PageRange;
  /** Where not one discard is right: what is wrong with the logs rather than with the host. */
  readonly perhaps?: string;
  /** The nearest change that would have been right, found by trying, and others. */
  readonly repair?: WindowRepair;
  readonly others?: readonly WindowRepair[];
  readonly counts: WindowCounts;
  readonly notChecked: readonly string[];
}

const GUEST_UNSEEN = [
  "what the guest did (exclusion of allocations, ownership, truthful-mark, fake-oom, stranded, quiet): nothing of it was recorded",
  "lost-write: contents of pages are not in the logs",
] as const;

/** True for a folder that has reports.jsonl, and no trace of a guest. */
export async function isHostOnly(directory: string): Promise<boolean> {
  const [trace, reports] = await Promise.all([findFile(directory, "trace.txt"), findFile(directory, REPORTS_LOG)]);
  return trace === undefined && reports !== undefined;
}

/** @throws InputError naming file, line and key of what can't be read */
export async function judgeHostLogs(directory: string): Promise<HostVerdict> {
  const reports = await readReports(await requireFile(directory, REPORTS_LOG));
  const path = await findFile(directory, DISCARDS_LOG);
  const discards = path === undefined ? { discards: [] } : await readDiscards(path);
  const judge = new WindowJudge(reports, discards);
  const broken = judge.judge();
  const notChecked = [
    ...(path === undefined ? ["host-window: no discards.jsonl, so that nobody recorded what the host dropped"] : []),
    ...GUEST_UNSEEN,
  ];
  const said = { counts: judge.counts, notChecked };
  if (broken === undefined) return { verdict: "holds", ...said };
  const [repair, ...others] = windowRepairs({ reports, discards }, broken);
  const perhaps = likelyMistake(reports, discards);
  return {
    verdict: "violates",
    log: broken.log,
    line: broken.line,
    ...broken.violation,
    ...(perhaps === undefined ? {} : { perhaps }),
    ...(repair === undefined ? {} : { repair, others: others.slice(0, MOST_OTHERS) }),
    ...said,
  };
}
