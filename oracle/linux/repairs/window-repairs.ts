/** The nearest change to a VMM's two logs with which they would have been right, found by judging the changed logs. */
import type { DiscardLog, HostReport, LoggedDiscard, ReportLog } from "../host/vmm-logs.ts";
import { DISCARDS_LOG, pagesOfBytes } from "../host/vmm-logs.ts";
import { Runs } from "../host/runs.ts";
import type { Broken } from "../host/windows.ts";
import { WindowJudge } from "../host/windows.ts";

export interface WindowRepair {
  /** What stands behind "legal if". */
  readonly text: string;
  /** What breaks then; absent: nothing more. */
  readonly breaks?: { readonly log: string; readonly line: number; readonly explanation: string };
}

interface Logs {
  readonly reports: ReportLog;
  readonly discards: DiscardLog;
}

interface Candidate extends Logs {
  readonly text: string;
}

/** @returns those that mend what broke, the ones that mend all first */
export function windowRepairs(logs: Logs, broken: Broken): WindowRepair[] {
  const tried = candidates(logs, broken).map(({ text, reports, discards }) => {
    const next = new WindowJudge(reports, discards).judge();
    return { text, next };
  });
  return tried
    .filter(({ next }) => next === undefined || next.line !== broken.line || next.log !== broken.log)
    .toSorted((one, other) => Number(one.next !== undefined) - Number(other.next !== undefined))
    .map(({ text, next }) =>
      next === undefined
        ? { text }
        : { text, breaks: { log: next.log, line: next.line, explanation: next.violation.explanation } },
    );
}

function candidates(logs: Logs, broken: Broken): Candidate[] {
  const discard = logs.discards.discards.find(({ line }) => broken.log === DISCARDS_LOG && line === broken.line);
  if (discard !== undefined) return ofDiscard(logs, discard);
  const report = logs.reports.reports.find(({ line }) => line === broken.line);
  return report === undefined ? [] : ofReport(logs, report);
}

function ofDiscard(logs: Logs, discard: LoggedDiscard): Candidate[] {
  const { pageSize, reports } = logs.reports;
  const pages = pagesOfBytes(discard, pageSize);
  const naming = reports.filter(({ ranges }) => named(ranges, pageSize).firstInside(pages) !== undefined);
  const name = `the discard in ${DISCARDS_LOG} line ${discard.line}`;
  const replaced = (one: Partial<LoggedDiscard> | undefined): DiscardLog => ({
    discards: logs.discards.discards
      .flatMap((other) => (other !== discard ? [other] : one === undefined ? [] : [{ ...other, ...one }]))
      .toSorted((one, other) => one.started - other.started),
  });
  const early = naming.findLast(({ received }) => received <= discard.started);
  const late = naming.find(({ received }) => received > discard.started);
  return [
    ...(early === undefined || early.answered >= discard.ended
      ? []
      : [
          {
            text: `request ${early.number} had been answered ${discard.ended - early.answered} ns later, when ${name} had ended`,
            ...logs,
            reports: answeredAt(logs.reports, early, discard.ended),
          },
        ]),
    ...(late === undefined
      ? []
      : [
          {
            text: `${name} had waited ${late.received - discard.started} ns, for request ${late.number}`,
            ...logs,
            discards: replaced({ started: late.received, ended: late.received }),
          },
        ]),
    ...naming.flatMap(({ number, ranges }) => {
      const inside = named(ranges, pageSize).inside(pages);
      if (inside.length !== 1 || inside[0].pages === pages.pages) return [];
      const gpa = inside[0].start * pageSize;
      const bytes = inside[0].pages * pageSize;
      const text = `${name} had dropped only the ${inside[0].pages} pages that request ${number} names, not ${pages.pages}`;
      return [{ text, ...logs, discards: replaced({ gpa, bytes }) }];
    }),
    { text: `${name} had not been made`, ...logs, discards: replaced(undefined) },
  ];
}

function ofReport(logs: Logs, report: HostReport): Candidate[] {
  const { pageSize, reports } = logs.reports;
  const pages = named(report.ranges, pageSize);
  const open = reports.findLast(
    (other) =>
      other.number < report.number &&
      other.answered > report.received &&
      pages.all().some((run) => named(other.ranges, pageSize).firstInside(run) !== undefined),
  );
  const without = {
    text: `request ${report.number} had not been made`,
    ...logs,
    reports: { ...logs.reports, reports: reports.filter((other) => other !== report) },
  };
  if (open === undefined) return [without];
  return [
    {
      text: `request ${open.number} had been answered before request ${report.number} was received`,
      ...logs,
      reports: answeredAt(logs.reports, open, report.received),
    },
    without,
  ];
}

function answeredAt(log: ReportLog, report: HostReport, answered: number): ReportLog {
  return { ...log, reports: log.reports.map((other) => (other === report ? { ...other, answered } : other)) };
}

function named(ranges: HostReport["ranges"], pageSize: number): Runs {
  return new Runs(ranges.map((range) => pagesOfBytes(range, pageSize)));
}
