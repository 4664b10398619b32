/**
 * One recorded run, judged step by step. Three judges look at each step, and the first that objects is heard: the
 * contract, which serves everybody (telling.ts); what only Linux's reporter does (checks.ts, brackets.ts); and the exact replay of
 * the buddy allocator, which sees what no contract can, such as a free that was lost (free-lists.ts).
 *
 * The contract starts with unknown pages. When the opening snapshot has been read, each page that no event has named is
 * told to it as an allocation or a free, which for an unknown page is a declaration; pages with an event take its word.
 */
import type { Block, PageRange } from "../../../model/alphabet/index.ts";
import { InputError } from "../../../model/alphabet/index.ts";
import { Contract, type ContractOptions } from "../../../properties/judges/contract.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import { MomentWatch } from "../../moments.ts";
import { type BlockStep, Decoder, type KernelStep, eventOf } from "../capture/events.ts";
import type { TraceLine } from "../capture/ftrace.ts";
import { ACCOUNTS, type Meta } from "../capture/meta.ts";
import type { Caller } from "../capture/oom-kill.ts";
import type { HostSide } from "../host/host-side.ts";
import type { CaptureCounts } from "../verdict.ts";
import { Brackets } from "./brackets.ts";
import { ReporterChecks } from "./checks.ts";
import { FreeLists } from "./free-lists.ts";
import { type OomKill, OomKills, failureOf, heldText, wantedText } from "./out-of-memory.ts";
import { Requests } from "./requests.ts";
import { type Kept, Snapshots } from "./snapshots.ts";
import type { Captures } from "./survey.ts";
import { type Listener, Telling } from "./telling.ts";

/** What the contract of a capture begins with. */
export const OPTIONS = { start: "unknown", unit: "line" } as const satisfies ContractOptions;

/** All that is known of a run besides its trace. */
export interface Background extends HostSide, Kept {
  readonly meta: Meta;
  readonly vmemmap: bigint | undefined;
  readonly captures: Captures;
}

export class Recording {
  readonly counts: CaptureCounts;
  readonly watch: MomentWatch;
  readonly telling: Telling;
  readonly lists: FreeLists;
  /** What the line told that was observed last. */
  step: KernelStep | undefined;
  private readonly captures: Captures;
  private readonly decoder: Decoder;
  private readonly brackets = new Brackets();
  private readonly checks: ReporterChecks;
  private readonly kills: OomKills;
  private readonly requests: Requests;
  private readonly snapshots: Snapshots;
  /** Our probes and rings say of themselves that they lost nothing: what is odd is the kernel's doing. */
  private readonly isComplete: boolean;
  /** The first line of the reporter in a wrong place that broke nothing by itself. */
  private doubt: { readonly line: number; readonly problem: string } | undefined;
  private lastStamp = -1;
  /** The host was ok with the request whose blocks are being put back. */
  private drainsReported = false;

  constructor(
    background: Background,
    counts: CaptureCounts,
    listener: Listener = new Contract(background.meta.geometry, OPTIONS),
  ) {
    const { meta, vmemmap, captures } = background;
    this.counts = counts;
    this.captures = captures;
    this.isComplete = ACCOUNTS.every((name) => meta.accounts.includes(name));
    this.watch = new MomentWatch(meta.geometry);
    this.telling = new Telling(listener, this.watch, counts);
    this.decoder = new Decoder(vmemmap);
    this.checks = new ReporterChecks(meta.timing);
    this.lists = new FreeLists(meta, counts);
    this.kills = new OomKills(meta);
    this.requests = new Requests(background, this.telling, this.checks, counts);
    this.snapshots = new Snapshots(background, this.lists, this.telling, counts);
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
    const disordered = this.disordered(event);
    const strange = step === undefined ? undefined : this.brackets.see(step);
    const violation = step === undefined ? undefined : this.judge(step, event);
    if (disordered !== undefined) return worse(violation, disordered, event.line);
    if (strange !== undefined) return this.strange(strange, step, violation, event.line);
    if (violation === undefined || this.doubt === undefined) return violation;
    return { ...violation, explanation: `${violation.explanation} (line ${this.doubt.line}: ${this.doubt.problem})` };
  }

  /**
   * The reporter is where it should not be. A function returns only where it was called: a return in the wrong place is the
   * recorder's fault, whatever it breaks, and so is all that breaks nothing where the recorder may have lost a line. Where it
   * lost none, the reporter itself is another one, and what follows shows what it breaks; but of two requests that are open at
   * once nobody can tell which one is acked.
   */
  private strange(
    problem: string,
    step: KernelStep | undefined,
    violation: Violation | undefined,
    line: number,
  ): Violation | undefined {
    if (this.doubt !== undefined) return violation;
    const misplaced = `${problem}: a line is missing before, or one is too many`;
    if (step?.kind === "report-return") throw new InputError({ line }, misplaced);
    if (violation !== undefined || !this.isComplete || step?.kind === "report")
      return worse(violation, misplaced, line);
    this.doubt = { line, problem };
    return undefined;
  }

  /** The line from which on the reporter is another one than Linux's, and the request that is open. */
  get early(): { readonly line: number; readonly request: number; readonly ok: boolean } | undefined {
    const { open } = this.requests;
    if (this.doubt === undefined || open === undefined) return undefined;
    return { line: this.doubt.line, request: open.request, ok: this.drainsReported };
  }

  /** What is wrong at the end of the trace. @throws InputError where a snapshot has no marks, or the reporter is not Linux's */
  end(): Violation | undefined {
    this.snapshots.requireDone();
    this.lists.compareBuddyinfo();
    const violation = this.requests.afterAll() ?? (this.isInPass ? undefined : this.telling.end());
    if (violation !== undefined || this.doubt === undefined) return violation;
    const { line, problem } = this.doubt;
    throw new InputError({ line }, `${problem}; no rule of the contract is broken, but this is not Linux's reporter`);
  }

  /** Every event of the machine has a stamp of its own, where the clock is a counter; other clocks print ties. */
  private disordered({ stamp }: TraceLine): string | undefined {
    if (stamp.includes(".")) return undefined;
    const last = this.lastStamp;
    this.lastStamp = Math.max(last, Number(stamp));
    if (Number(stamp) > last) return undefined;
    return `found the stamp ${stamp} after ${last}: these lines are not in the order in which the events happened`;
  }

  private judge(step: KernelStep, event: TraceLine): Violation | undefined {
    switch (step.kind) {
      case "enter":
      case "leave":
      case "take":
      case "split":
      case "isolate":
        return this.move(step, event);
      case "handed-out":
      case "handed-back":
        return this.lists.call(step);
      case "report":
        return this.requests.submitted(step, event);
      case "report-return":
        return this.requests.acked(step.ok, event);
      case "pass":
        return this.pass(step.order);
      case "drain-end":
        return this.checks.drained();
      case "offline":
        return this.offline(step, event);
      case "oom-kill":
        return this.oomKill(step.caller, event);
      case "mark":
        return this.snapshots.mark(step.text, event.line);
      default:
        this.note(step);
        return undefined;
    }
  }

  /** A block moved: the contract, the reporter's checks, the replay. */
  private move(step: BlockStep, { line, cpu }: TraceLine): Violation | undefined {
    const reported = this.drainsReported && !(step.kind === "enter" && this.lists.wouldMerge(step));
    const event = eventOf(step, cpu, reported);
    const broken = event === undefined ? undefined : this.telling.judge(event, line);
    if (broken !== undefined) return broken;
    if (step.kind === "leave" && this.requests.open !== undefined) this.counts.allocationsInFlight += 1;
    if (step.kind === "isolate") this.checks.isolated(step);
    const released = step.kind === "enter" && step.by === "reporter";
    const odd = released ? this.checks.released(step) : undefined;
    if (odd !== undefined) return odd;
    const captured = step.kind === "enter" ? this.captures.get(line) : undefined;
    return this.lists.move(step, captured, released && reported) ?? this.capture(captured, line);
  }

  /** Compaction took the merged block before it reached a list: to everyone else, it was free for no time. */
  private capture(captured: Block | undefined, line: number): Violation | undefined {
    return captured === undefined ? undefined : this.telling.judge({ event: "alloc", ...captured }, line);
  }

  private offline({ start, pages }: PageRange, { line, cpu }: TraceLine): Violation | undefined {
    const broken = this.telling.judge({ event: "offline", start, pages, cpu }, line);
    return broken ?? this.lists.offline({ start, pages });
  }

  private note(step: KernelStep): void {
    switch (step.kind) {
      case "drain":
        this.drainsReported = step.reported;
        break;
      case "refused":
        this.counts.refusedIsolations += 1;
        this.lists.answered(step, true);
        break;
      case "victim":
        this.kills.name(step.victim);
        break;
      case "retype":
        this.lists.retype(step, step.isolated);
        break;
      default:
    }
  }

  /** The kernel kills for lack of memory. The contract says whether it was lacking, where the answer is sure. */
  private oomKill(caller: Caller, { line, cpu }: TraceLine): Violation | undefined {
    const kill = this.kills.add(caller, line, this.requests.open);
    if (kill.held === undefined || kill.genuine !== undefined) return undefined;
    const broken = this.telling.judge(failureOf(caller, cpu), line);
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
}

/** What a line in the wrong place breaks, and that it is in the wrong place. @throws InputError where it breaks nothing */
function worse(violation: Violation | undefined, misplaced: string, line: number): Violation {
  if (violation === undefined) throw new InputError({ line }, misplaced);
  return { ...violation, explanation: `${violation.explanation} (${misplaced})` };
}
