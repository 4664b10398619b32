/**
 * One recorded run, judged step by step. Three judges look at each step, and the first that objects is heard: the
 * contract, which serves everybody; what only Linux's reporter does; and the exact replay of the buddy allocator,
 * which sees what no contract can, such as a free that was lost.
 *
 * The contract starts with unknown pages. When the opening snapshot has been read, each page that no event has named is
 * told to it as an allocation or a free, which for an unknown page is a declaration; pages with an event take its word.
 */
import type { Block, Event, PageRange, Pfn } from "../../../model/alphabet/index.ts";
import { InputError } from "../../../model/alphabet/index.ts";
import { MomentWatch } from "../../moments.ts";
import { Contract, type ContractOptions } from "../../../properties/judges/contract.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import { Brackets } from "./brackets.ts";
import { Buddy } from "./buddy.ts";
import { ReporterChecks, blockOf } from "./checks.ts";
import { judgeServed } from "../host/discards.ts";
import type { BlockStep, KernelStep } from "../capture/events.ts";
import { Decoder, eventOf } from "../capture/events.ts";
import type { HostSide } from "../host/host-side.ts";
import { Frames, blocksOf } from "./frames.ts";
import type { TraceLine } from "../capture/ftrace.ts";
import { endOf, type Meta } from "../capture/meta.ts";
import { pagesText } from "../capture/machine.ts";
import type { Snapshot } from "../capture/snapshot.ts";
import type { Captures } from "./survey.ts";
import type { Caller } from "../capture/oom-kill.ts";
import type { OomKill, OpenReport } from "./out-of-memory.ts";
import { OomKills, failureOf, heldText, wantedText } from "./out-of-memory.ts";
import type { CaptureCounts } from "../verdict.ts";
import { FreePages } from "./watermarks.ts";

/** Whoever is told the events: the contract, or who only wants to hear them. */
export interface Listener {
  event(event: Event, line: number): Violation | undefined;
  end(): Violation | undefined;
}

/** An event that was told, and its place among all of them, from 0. */
export interface Told {
  readonly index: number;
  readonly event: Event;
  /** The contract refused it. */
  readonly isRefused: boolean;
}

/** What the contract of a capture begins with. */
export const OPTIONS = { start: "unknown", unit: "line" } as const satisfies ContractOptions;

/** All that is known of a run besides its trace. */
export interface Background extends HostSide {
  readonly meta: Meta;
  readonly vmemmap: bigint | undefined;
  readonly captures: Captures;
  readonly opening: Snapshot | undefined;
  readonly closing: Snapshot | undefined;
}

const BEGIN = /\bsnapshot begin$/;
const END = /\bsnapshot end$/;
const BEGIN_CLOSING = /\bsnapshot2 begin$/;
const END_CLOSING = /\bsnapshot2 end$/;

export class Recording {
  readonly counts: CaptureCounts;
  readonly watch: MomentWatch;
  /** What the line told that was observed last. */
  step: KernelStep | undefined;
  private readonly kills: OomKills;
  private readonly background: Background;
  private readonly decoder: Decoder;
  private readonly contract: Listener;
  private readonly checks: ReporterChecks;
  private readonly brackets = new Brackets();
  private readonly frames: Frames;
  /** One past the last page. */
  private readonly pages: number;
  /** From the opening snapshot on. */
  private buddy: Buddy | undefined;
  private free: FreePages | undefined;
  private lastStamp = -1;
  private open: OpenReport | undefined;
  /** The host was ok with the request whose blocks are being put back. */
  private drainsReported = false;
  private closed = false;
  private toldSoFar = 0;
  private lastTold: Told | undefined;

  constructor(
    background: Background,
    counts: CaptureCounts,
    contract: Listener = new Contract(background.meta.geometry, OPTIONS),
  ) {
    const { geometry, timing } = background.meta;
    this.background = background;
    this.counts = counts;
    this.watch = new MomentWatch(geometry);
    this.decoder = new Decoder(background.vmemmap);
    this.contract = contract;
    this.checks = new ReporterChecks(timing);
    this.pages = endOf(background.meta);
    this.frames = new Frames(geometry, this.pages);
    this.kills = new OomKills(background.meta);
  }

  /** How many events were told. */
  get told(): number {
    return this.toldSoFar;
  }

  /** The event that was told last. */
  get last(): Told | undefined {
    return this.lastTold;
  }

  /** What the trace says of a page: on the free lists, or not. */
  isFree(pfn: Pfn): boolean {
    return this.frames.isFree(pfn);
  }

  /** The free block around a page, where the replay runs and the page is free. */
  freeBlock(pfn: Pfn): Block | undefined {
    return this.buddy?.blockAround(pfn);
  }

  /** The calls of the OOM killer so far. */
  get oomKills(): readonly OomKill[] {
    return this.kills.all;
  }

  /** True while the reporter is at work, so that what it holds at the end of the trace says nothing. */
  get isInPass(): boolean {
    return this.brackets.isInPass;
  }

  /**
   * What is wrong with this line, if anything. What it breaks is said even where the line stands in the wrong place.
   *
   * @throws InputError (without the file) for a line that can't be used
   */
  observe(event: TraceLine): Violation | undefined {
    const step = this.decoder.decode(event);
    this.step = step;
    const misplaced = this.misplaced(event) ?? (step === undefined ? undefined : this.brackets.see(step));
    const violation = step === undefined ? undefined : this.judgeStep(step, event);
    if (misplaced === undefined) return violation;
    if (violation === undefined) throw new InputError({ line: event.line }, misplaced);
    return { ...violation, explanation: `${violation.explanation} (${misplaced})` };
  }

  /** What is wrong at the end of the trace. @throws InputError where marks of a snapshot are missing */
  end(): Violation | undefined {
    const { opening, closing, meta } = this.background;
    if (opening !== undefined && this.buddy === undefined) {
      throw new InputError({}, 'found no mark "snapshot end", but a kpageflags.bin: when it was read is unknown');
    }
    if (closing !== undefined && !this.closed) {
      throw new InputError({}, 'found no mark "snapshot2 end", but a kpageflags2.bin: when it was read is unknown');
    }
    this.compareBuddyinfo(meta);
    const { hostAlone } = this.background;
    if (hostAlone !== undefined && hostAlone.request > this.counts.reports) return hostAlone.violation;
    return this.brackets.isInPass ? undefined : this.contract.end();
  }

  /** Every event of the machine has a stamp of its own, where the clock is a counter; other clocks print ties. */
  private misplaced({ stamp }: TraceLine): string | undefined {
    if (stamp.includes(".")) return undefined;
    const last = this.lastStamp;
    this.lastStamp = Math.max(last, Number(stamp));
    if (Number(stamp) > last) return undefined;
    return `found the stamp ${stamp} after ${last}: these lines are not in the order in which the events happened`;
  }

  private judgeStep(step: KernelStep, event: TraceLine): Violation | undefined {
    switch (step.kind) {
      case "enter":
      case "leave":
      case "take":
      case "isolate":
        return this.move(step, event);
      case "handed-out":
      case "handed-back":
        return this.call(step);
      case "report":
        return this.report(step, event);
      case "report-return":
        return this.reportReturn(step.ok, event);
      case "offline":
        return this.offline(step, event);
      case "oom-kill":
        return this.oomKill(step.caller, event);
      case "mark":
        return this.mark(step.text, event);
      default:
        return this.note(step);
    }
  }

  private judge(event: Event, line: number): Violation | undefined {
    this.counts.events += 1;
    this.watch.see(event);
    return this.tell(event, line);
  }

  private tell(event: Event, line: number): Violation | undefined {
    const index = this.toldSoFar++;
    const violation = this.contract.event(event, line);
    this.lastTold = { index, event, isRefused: violation !== undefined };
    return violation;
  }

  /** A block moved: the contract, the reporter's checks, the replay. */
  private move(step: BlockStep, { line, cpu }: TraceLine): Violation | undefined {
    const merges = step.kind === "enter" && (this.buddy?.wouldMerge(step) ?? false);
    const reported = this.drainsReported && !merges;
    const event = eventOf(step, cpu, reported);
    const broken = event === undefined ? undefined : this.judge(event, line);
    if (broken !== undefined) return broken;
    if (step.kind === "leave" && this.open !== undefined) this.counts.allocationsInFlight += 1;
    if (step.kind === "isolate") this.checks.isolated(step);
    const released = step.kind === "enter" && step.by === "reporter";
    const odd = released ? this.checks.released(step) : undefined;
    if (odd !== undefined) return odd;
    const captured = step.kind === "enter" ? this.background.captures.get(line) : undefined;
    if (step.kind === "isolate" || step.kind === "take") this.answered(step, false);
    this.setFree(step.pfn, 2 ** step.order, step.kind === "enter");
    const wrong = this.predicted(() => this.replay(step, captured), step.pfn, 2 ** step.order);
    if (wrong !== undefined) return wrong;
    if (released && reported) this.buddy?.mark(step.pfn);
    return captured === undefined ? undefined : this.capture(captured, line);
  }

  private setFree(start: Pfn, pages: number, free: boolean): void {
    this.frames.set(start, pages, free);
    this.free?.add(start, free ? pages : -pages);
  }

  /** The watermark let a block be isolated, or refused it. */
  private answered(block: Block, refused: boolean): void {
    this.counts.watermark[this.free?.judge(block, refused) ?? "unknown"] += 1;
  }

  private replay(step: BlockStep, captured: Block | undefined): string | undefined {
    const buddy = this.buddy;
    if (buddy === undefined) return undefined;
    switch (step.kind) {
      case "leave":
        return buddy.leave(step);
      case "isolate":
      case "take":
        if (step.kind === "isolate" && buddy.isMarked(step.pfn)) this.counts.reportedAgain += 1;
        return buddy.isolate(step);
      case "enter":
        return captured === undefined ? buddy.enter(step, step.migratetype) : buddy.capture(step, captured);
      default:
        return undefined;
    }
  }

  /** Compaction took the merged block before it reached a list: to everyone else, it was free for no time. */
  private capture(captured: Block, line: number): Violation | undefined {
    this.counts.captured += 1;
    this.setFree(captured.pfn, 2 ** captured.order, false);
    return this.judge({ event: "alloc", ...captured }, line);
  }

  private predicted(replay: () => string | undefined, start: Pfn, pages: number): Violation | undefined {
    if (this.buddy === undefined) return undefined;
    this.counts.predicted.of += 1;
    const wrong = replay();
    if (wrong === undefined) {
      this.counts.predicted.agree += 1;
      return undefined;
    }
    return { property: "ownership", explanation: `the buddy replay found: ${wrong}`, pages: { start, pages } };
  }

  /** Pages in the hands of a caller are on no free list. */
  private call(step: BlockStep): Violation | undefined {
    if (this.buddy === undefined) return undefined;
    this.counts.calls.of += 1;
    const free = this.buddy.firstFree(step.pfn, step.order);
    if (free === -1) {
      this.counts.calls.agree += 1;
      return undefined;
    }
    const pages = { start: step.pfn, pages: 2 ** step.order };
    const did = step.kind === "handed-out" ? "was handed to a caller" : "was freed by its owner";
    return {
      property: "ownership",
      explanation: `the buddy replay found: ${pagesText(pages.start, pages.pages)} ${did}, although page ${free} is on the free lists`,
      pages,
    };
  }

  private report(step: KernelStep & { kind: "report" }, { line, cpu }: TraceLine): Violation | undefined {
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
    const broken = this.judge({ event: "submit", request: this.counts.reports, ranges, cpu }, line);
    if (broken !== undefined) return broken;
    this.open = { request: this.counts.reports, line, blocks: ranges };
    const odd = this.checks.reported(step.entries, ranges);
    if (odd === undefined) this.sameAsTimed(step.ranges, line);
    return odd;
  }

  /** The second trace instance must have seen the same request, or its times belong to another. */
  private sameAsTimed(ranges: readonly PageRange[], line: number): void {
    const { timing } = this.background.meta;
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

  private reportReturn(ok: boolean, { line, cpu }: TraceLine): Violation | undefined {
    const number = this.counts.reports;
    this.open = undefined;
    const served = this.background.join?.served[number - 1];
    const { maxOrder } = this.background.meta.geometry;
    for (const { start, pages } of served?.inside ?? []) {
      for (const block of blocksOf(start, start + pages, maxOrder)) {
        const broken = this.judge({ event: "discard", request: number, ...block }, line);
        if (broken !== undefined) return this.hostBroke(number) ?? broken;
      }
    }
    const broken = this.hostBroke(number) ?? this.judge({ event: "ack", request: number, ok, cpu }, line);
    this.counts.discards += served?.inside.length ?? 0;
    return broken;
  }

  private hostBroke(number: number): Violation | undefined {
    const { join, meta, hostAlone } = this.background;
    if (hostAlone?.request === number) return hostAlone.violation;
    const served = join?.served[number - 1];
    const report = meta.timing?.reports[number - 1];
    if (join === undefined || served === undefined || report === undefined) return undefined;
    this.counts.rangesNotDropped += Math.max(0, report.ranges.length - served.inside.length);
    return judgeServed(served, report, number, join);
  }

  private offline({ start, pages }: PageRange, { line, cpu }: TraceLine): Violation | undefined {
    const broken = this.judge({ event: "offline", start, pages, cpu }, line);
    if (broken !== undefined) return broken;
    this.setFree(start, pages, false);
    return this.predicted(() => this.buddy?.offline(start, pages), start, pages);
  }

  private note(step: KernelStep): Violation | undefined {
    switch (step.kind) {
      case "pass":
        return this.pass(step.order);
      case "drain":
        this.drainsReported = step.reported;
        return undefined;
      case "drain-end":
        return this.checks.drained();
      case "refused":
        this.counts.refusedIsolations += 1;
        this.answered(step, true);
        return undefined;
      case "victim":
        this.kills.name(step.victim);
        return undefined;
      case "retype":
        this.buddy?.doubt(step.start, step.pages);
        this.free?.retype(step, step.isolated);
        return undefined;
      default:
        return undefined;
    }
  }

  /** The kernel kills for lack of memory. The contract says whether it was lacking, where the answer is sure. */
  private oomKill(caller: Caller, { line, cpu }: TraceLine): Violation | undefined {
    const kill = this.kills.add(caller, line, this.open);
    if (kill.held === undefined || kill.genuine !== undefined) return undefined;
    const broken = this.judge(failureOf(caller, cpu), line);
    if (broken === undefined) {
      kill.genuine = "by the events, memory was free";
      return undefined;
    }
    const explanation =
      `${caller.task} found no memory (${wantedText(caller)}), and the kernel kills for it, while the reporter holds ` +
      `${heldText(kill.held)}: ${broken.explanation}`;
    return { ...broken, explanation };
  }

  private pass(order: number): Violation | undefined {
    this.counts.passes += 1;
    const broken = this.checks.pass(order);
    const { shortestPause } = this.checks;
    if (shortestPause !== undefined) this.counts.shortestPause = shortestPause;
    return broken;
  }

  private mark(text: string, { line }: TraceLine): Violation | undefined {
    const { opening, closing } = this.background;
    if (opening !== undefined && BEGIN.test(text)) this.frames.watch();
    if (closing !== undefined && BEGIN_CLOSING.test(text)) this.frames.watch();
    if (opening !== undefined && END.test(text)) return this.compare(opening, "opening") ?? this.begin(opening, line);
    if (closing === undefined || !END_CLOSING.test(text)) return undefined;
    this.closed = true;
    return this.compare(closing, "closing");
  }

  private compare(snapshot: Snapshot, which: "opening" | "closing"): Violation | undefined {
    const { agree, of, first } = this.frames.compare(snapshot);
    this.counts[which] = { agree, of };
    if (first === undefined) return undefined;
    const [said, is] = this.frames.isFree(first) ? ["free", "not"] : ["not free", "free"];
    return {
      property: "ownership",
      explanation:
        `the buddy replay found: by the events, ${pagesText(first, 1)} is ${said}, but in the ${which} snapshot it is ${is} ` +
        `(${of - agree} of ${of} pages differ): an event is missing, or one is too many`,
      pages: { start: first, pages: 1 },
    };
  }

  /** Tells the contract of the pages that no event has named, and begins the replay. */
  private begin(opening: Snapshot, line: number): undefined {
    this.frames.adopt(opening, ({ pfn, order, free }) =>
      this.tell({ event: free ? "free" : "alloc", pfn, order }, line),
    );
    const { maxOrder, pageblockOrder } = this.background.meta.geometry;
    this.buddy = new Buddy(this.pages, maxOrder, pageblockOrder, (pfn) => this.frames.isFree(pfn));
    this.free = new FreePages(this.background.meta, (pfn) => this.frames.isFree(pfn));
  }

  private compareBuddyinfo({ buddyinfoAfter, geometry }: Meta): void {
    const buddy = this.buddy;
    if (buddy === undefined || buddyinfoAfter === undefined) return;
    for (const [index, figures] of buddyinfoAfter.entries()) {
      const counts = buddy.countBlocks(geometry.zones[index].start, geometry.zones[index].pages);
      this.counts.buddyinfo.of += figures.length;
      this.counts.buddyinfo.agree += figures.filter((figure, order) => figure === counts[order]).length;
    }
  }
}
