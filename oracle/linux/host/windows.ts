/**
 * What a VMM did, by its own two logs and its own clock alone: vmm-logs.ts. Nothing of the guest is needed for that.
 *
 * - `well-formed`: a request names at least one range, whole pages of the guest's memory, none of them twice.
 * - `exclusion`: while a request is open, no other one names its pages.
 * - `host-window`: each discard that succeeded lies, with all its pages, inside the windows of requests that name them, from
 *   their reception to their answer. Several discards for a range, or one for several ranges, are all the same.
 *
 * Times that are equal are taken in the host's favour.
 */
import type { PageRange, Pages, Pfn } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import { Runs } from "./runs.ts";
import type { Bytes, DiscardLog, HostReport, LoggedDiscard, ReportLog } from "./vmm-logs.ts";
import { DISCARDS_LOG, REPORTS_LOG, pagesOfBytes } from "./vmm-logs.ts";

export interface WindowCounts {
  reports: number;
  /** Requests without an answer when the log ended. */
  unanswered: number;
  ranges: number;
  pagesReported: Pages;
  /** Discards that succeeded, in windows of requests. */
  discards: number;
  /** Those before the log of requests began, which may have had theirs before as well. */
  discardsBefore: number;
  discardsFailed: number;
  /** Pages that requests name, and that were dropped inside their windows; a page counts once for each request. */
  pagesDropped: Pages;
  /** Nanoseconds from reception to answer, the most. */
  longestWindow: number;
}

/** What was broken, by whom, and where that stands. */
export interface Broken {
  readonly violation: Violation;
  readonly log: typeof REPORTS_LOG | typeof DISCARDS_LOG;
  readonly line: number;
  /** The request that it has to do with, from 1: of a discard outside all windows, the last one before. */
  readonly request: number;
}

interface Window {
  readonly report: HostReport;
  readonly pages: Runs;
  /** What was dropped inside it. */
  readonly dropped: PageRange[];
}

export class WindowJudge {
  readonly counts: WindowCounts = {
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
  private readonly log: ReportLog;
  private readonly discards: DiscardLog;
  private readonly memory: Runs;
  private readonly windows: Window[] = [];
  /** Windows that may still be open. */
  private open: Window[] = [];

  constructor(log: ReportLog, discards: DiscardLog) {
    this.log = log;
    this.discards = discards;
    this.memory = new Runs(log.memory.map((piece) => pagesOfBytes(piece, log.pageSize)));
  }

  /** Judges both logs, in the order of time. @returns the first thing that is wrong */
  judge(): Broken | undefined {
    const broken = this.judgeAll();
    this.counts.pagesDropped = this.windows.reduce((sum, { dropped }) => sum + new Runs(dropped).length, 0);
    return broken;
  }

  private judgeAll(): Broken | undefined {
    const { reports } = this.log;
    let next = 0;
    for (const discard of this.discards.discards) {
      for (; next < reports.length && reports[next].received <= discard.started; next++) {
        const broken = this.receive(reports[next]);
        if (broken !== undefined) return broken;
      }
      const broken = this.drop(discard);
      if (broken !== undefined) return broken;
    }
    for (; next < reports.length; next++) {
      const broken = this.receive(reports[next]);
      if (broken !== undefined) return broken;
    }
    return undefined;
  }

  private receive(report: HostReport): Broken | undefined {
    const { received, answered, ranges, number } = report;
    this.open = this.open.filter((window) => window.report.answered >= received);
    const pages = ranges.map((range) => pagesOfBytes(range, this.log.pageSize));
    const window = { report, pages: new Runs(pages), dropped: [] };
    const broken = this.misshapen(report, pages, window.pages) ?? this.shared(window);
    if (broken !== undefined) return { violation: broken, log: REPORTS_LOG, line: report.line, request: number };
    this.windows.push(window);
    this.open.push(window);
    this.counts.reports += 1;
    this.counts.ranges += ranges.length;
    this.counts.pagesReported += window.pages.length;
    if (answered === Number.POSITIVE_INFINITY) this.counts.unanswered += 1;
    else this.counts.longestWindow = Math.max(this.counts.longestWindow, answered - received);
    return undefined;
  }

  private misshapen({ number, ranges }: HostReport, pages: readonly PageRange[], all: Runs): Violation | undefined {
    if (ranges.length === 0) return malformed(`request ${number} is empty: it names no pages`);
    const { pageSize } = this.log;
    const ragged = ranges.findIndex(({ gpa, bytes }) => gpa % pageSize !== 0 || bytes % pageSize !== 0);
    if (ragged !== -1) {
      return malformed(
        `request ${number} names ${bytesText(ranges[ragged])}: these are no whole pages of ${pageSize} bytes`,
        pages[ragged],
      );
    }
    const foreign = pages.findIndex((range) => this.memory.firstOutside(range) !== undefined);
    if (foreign !== -1) {
      return malformed(
        `request ${number} names ${bytesText(ranges[foreign])}, which is not all memory of the guest`,
        pages[foreign],
      );
    }
    if (all.length === pages.reduce((sum, range) => sum + range.pages, 0)) return undefined;
    const twice = pages.findIndex((range, index) => new Runs(pages.slice(0, index)).firstInside(range) !== undefined);
    return malformed(`request ${number} names ${bytesText(ranges[twice])}, or a part of it, twice`, pages[twice]);
  }

  /** Nobody else may have these pages in flight. */
  private shared({ report, pages }: Window): Violation | undefined {
    for (const other of this.open) {
      if (other.report.answered === report.received) continue;
      const range = pages.all().find((run) => other.pages.firstInside(run) !== undefined);
      if (range === undefined) continue;
      return {
        property: "exclusion",
        explanation: this.sharedText(report, other.report, other.pages.firstInside(range) ?? range.start),
        pages: range,
      };
    }
    return undefined;
  }

  private sharedText(report: HostReport, other: HostReport, page: Pfn): string {
    const when =
      other.answered === Number.POSITIVE_INFINITY
        ? "which was never answered"
        : `which was answered only ${other.answered - report.received} ns later`;
    return (
      `request ${report.number} names page ${page} ${this.gpaText(page)}, which is in flight with ` +
      `request ${other.number} (${REPORTS_LOG} line ${other.line}), ${when}`
    );
  }

  private drop(discard: LoggedDiscard): Broken | undefined {
    if (discard.result !== 0) {
      this.counts.discardsFailed += 1;
      return undefined;
    }
    if (discard.started < this.log.began) {
      this.counts.discardsBefore += 1;
      return undefined;
    }
    this.open = this.open.filter((window) => window.report.answered >= discard.started);
    const around = this.open.filter((window) => window.report.answered >= discard.ended);
    const pages = pagesOfBytes(discard, this.log.pageSize);
    let left = new Runs([pages]);
    for (const { pages: named, dropped } of around) {
      for (const run of named.inside(pages)) {
        left = left.without(run);
        dropped.push(run);
      }
    }
    if (left.length === 0) {
      this.counts.discards += 1;
      return undefined;
    }
    const { explanation, request } = this.blame(discard, left.all()[0]);
    return {
      violation: { property: "host-window", explanation, pages: left.all()[0] },
      log: DISCARDS_LOG,
      line: discard.line,
      request,
    };
  }

  /** Why these pages, a part of what is dropped, may not be dropped then. */
  private blame(discard: LoggedDiscard, pages: PageRange): { explanation: string; request: number } {
    const what = `the host drops ${rangeText(pages)} ${this.gpaText(pages.start)} (${DISCARDS_LOG} line ${discard.line})`;
    const names = ({ pages: named }: Window): boolean => named.firstInside(pages) !== undefined;
    const open = this.open.find(names);
    const last = this.windows.at(-1)?.report.number ?? 1;
    if (open !== undefined) {
      const { number, answered } = open.report;
      return {
        explanation: `${what} until ${discard.ended - answered} ns after request ${number} was answered: whoever has the pages by then loses what he wrote`,
        request: number,
      };
    }
    const closed = this.windows.findLast(names);
    if (closed !== undefined) {
      const { number, answered } = closed.report;
      return {
        explanation: `${what} ${discard.started - answered} ns after request ${number} was answered: whoever has the pages by then loses what he wrote`,
        request: number,
      };
    }
    const later = this.log.reports.find(
      ({ received, ranges }) =>
        received > discard.started &&
        new Runs(ranges.map((range) => pagesOfBytes(range, this.log.pageSize))).firstInside(pages) !== undefined,
    );
    if (later === undefined) {
      return { explanation: `${what}, which no request names: they may be in use`, request: last };
    }
    return {
      explanation: `${what} ${later.received - discard.started} ns before request ${later.number}, the first to name it, was received`,
      request: last,
    };
  }

  private gpaText(page: number): string {
    return `(gpa 0x${(page * this.log.pageSize).toString(16)})`;
  }
}

function malformed(explanation: string, pages?: PageRange): Violation {
  return { property: "well-formed", explanation, ...(pages === undefined ? {} : { pages }) };
}

function rangeText({ start, pages }: PageRange): string {
  return pages === 1 ? `page ${start}` : `pages ${start} to ${start + pages - 1}`;
}

function bytesText({ gpa, bytes }: Bytes): string {
  return `${bytes} bytes from gpa 0x${gpa.toString(16)}`;
}
