/** The requests of a recording: what the guest submitted, what the host dropped for it, and that it acked. */
import type { Block, PageRange } from "../../../model/alphabet/index.ts";
import { InputError, blocksOf } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import type { KernelStep } from "../capture/events.ts";
import type { TraceLine } from "../capture/ftrace.ts";
import { pagesText } from "../capture/machine.ts";
import type { Meta } from "../capture/meta.ts";
import { judgeServed } from "../host/discards.ts";
import type { HostSide } from "../host/host-side.ts";
import { Runs } from "../host/runs.ts";
import type { CaptureCounts } from "../verdict.ts";
import { blockOf, type ReporterChecks } from "./checks.ts";
import type { OpenReport } from "./out-of-memory.ts";
import type { Telling } from "./telling.ts";

export class Requests {
  /** The request that the host has not acked. */
  open: OpenReport | undefined;
  private readonly meta: Meta;
  private readonly side: HostSide;
  private readonly telling: Telling;
  private readonly checks: ReporterChecks;
  private readonly counts: CaptureCounts;

  constructor(
    { meta, ...side }: HostSide & { readonly meta: Meta },
    telling: Telling,
    checks: ReporterChecks,
    counts: CaptureCounts,
  ) {
    this.meta = meta;
    this.side = side;
    this.telling = telling;
    this.checks = checks;
    this.counts = counts;
  }

  /** @throws InputError where the second trace instance saw another request */
  submitted(step: KernelStep & { kind: "report" }, { line, cpu }: TraceLine): Violation | undefined {
    const ranges: Block[] = [];
    for (const range of step.ranges) {
      const block = blockOf(range);
      if (block === undefined) {
        const explanation = `the request names ${pagesText(range.start, range.pages)}, which is no aligned block`;
        return { property: "well-formed", explanation, pages: range };
      }
      ranges.push(block);
    }
    this.counts.reports += 1;
    this.counts.blocksReported += ranges.length;
    this.counts.pagesReported += step.ranges.reduce((sum, range) => sum + range.pages, 0);
    const request = this.counts.reports;
    const broken = this.telling.judge({ event: "submit", request, ranges, cpu }, line);
    if (broken !== undefined) return broken;
    this.open = { request, line, blocks: ranges };
    const odd = this.checks.reported(step.entries, ranges);
    if (odd === undefined) this.requireTimed(step.ranges, line);
    return odd;
  }

  /** The host's discards for the last request were before its ack, wherever their own clock puts them. */
  acked(ok: boolean, { line, cpu }: TraceLine): Violation | undefined {
    const request = this.counts.reports;
    this.open = undefined;
    const inside = this.side.join?.served[request - 1]?.inside ?? [];
    for (const range of inside) {
      for (const block of blocksOf(range, this.meta.geometry.maxOrder)) {
        const broken = this.telling.judge({ event: "discard", request, ...block }, line);
        if (broken !== undefined) return this.hostBroke(request) ?? broken;
      }
    }
    const broken = this.telling.judge({ event: "ack", request, ok, cpu }, line) ?? this.hostBroke(request);
    this.counts.discards += inside.length;
    return broken;
  }

  /** What the host's own logs show to be wrong after the last request that the guest's trace has. */
  afterAll(): Violation | undefined {
    const { hostAlone } = this.side;
    return hostAlone !== undefined && hostAlone.request > this.counts.reports ? hostAlone.violation : undefined;
  }

  private hostBroke(number: number): Violation | undefined {
    const { join, hostAlone } = this.side;
    if (hostAlone?.request === number) return hostAlone.violation;
    const served = join?.served[number - 1];
    const report = this.meta.timing?.reports[number - 1];
    if (join === undefined || served === undefined || report === undefined) return undefined;
    // What was dropped at a wrong time was dropped.
    const dropped = new Runs([...served.inside, ...served.outside]);
    this.counts.rangesNotDropped += report.ranges.filter((range) => dropped.firstInside(range) === undefined).length;
    return judgeServed(served, report, number, join);
  }

  /** The second trace instance must have seen the same request, or its times belong to another. */
  private requireTimed(ranges: readonly PageRange[], line: number): void {
    const { timing } = this.meta;
    if (timing === undefined) return;
    const timed = timing.reports[this.counts.reports - 1];
    const same =
      timed?.ranges.length === ranges.length &&
      timed.ranges.every((range, index) => range.start === ranges[index].start && range.pages === ranges[index].pages);
    if (same) return;
    const found = timed === undefined ? "does not have it" : `has another one in line ${timed.line}`;
    throw new InputError(
      { line },
      `found request ${this.counts.reports}, but meta.txt's time instance ${found}: the two are not of one run`,
    );
  }
}
