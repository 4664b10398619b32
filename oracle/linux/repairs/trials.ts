/**
 * The nearest repair of a capture, found by trying: all edits at once, each with a recording of its own, in one further pass over
 * the trace. So all three judges hear them, also the buddy replay, which sees what no contract can.
 */
import { InputError } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import type { Reach, Repair } from "../../../properties/rejection/index.ts";
import { moved, type Edit } from "./trace-edits.ts";
import type { TraceFile, TraceLine } from "../capture/ftrace.ts";
import type { Background } from "../guest/recording.ts";
import { Recording } from "../guest/recording.ts";
import { noCounts } from "../verdict.ts";

/** A repair that makes the line legal. */
export interface Tried {
  readonly repair: Repair;
  /** With it, the trace holds down to its end. */
  readonly isWhole: boolean;
  /** It only leaves out what was refused. */
  readonly saysLittle: boolean;
}

/** @returns those with which the line is legal, the one that carries the trace furthest first */
export async function tryEdits(
  trace: TraceFile,
  background: Background,
  edits: readonly Edit[],
  line: number,
): Promise<Tried[]> {
  const runners = edits.map((edit) => new Runner(background, edit, line));
  let follow = 0;
  const { lastLine, stopped } = await trace.forEachEvent((event) => {
    if (event.line > line) follow += 1;
    for (const runner of runners) runner.hear(event);
    return runners.every((runner) => runner.isDead);
  });
  if (!stopped) for (const runner of runners) runner.end(lastLine);
  return runners
    .filter((runner) => runner.isLegal)
    .toSorted(
      (one, other) => Number(one.isDead) - Number(other.isDead) || one.rank - other.rank || other.held - one.held,
    )
    .map((runner) => runner.tried(follow));
}

class Runner {
  readonly edit: Edit;
  /** Events behind the line that hold. */
  held = 0;
  private readonly line: number;
  private readonly recording: Recording;
  /** Of edits that carry as far: what lines repeat, what was lost, what came later, and last what only leaves out. */
  readonly rank: number;
  private delayed: TraceLine | undefined;
  private breaks: Reach["breaks"];
  private breaksLater = false;
  /** What comes sooner was found where it stands. */
  private hasCome = false;

  constructor(background: Background, edit: Edit, line: number) {
    this.edit = edit;
    this.line = line;
    this.rank = edit.isRepeat === true ? 0 : ["kept", "later", "dropped"].indexOf(edit.line) + 1;
    this.recording = new Recording(edit.background ?? background, noCounts());
  }

  get isDead(): boolean {
    return this.breaks !== undefined;
  }

  get isLegal(): boolean {
    return this.breaks === undefined || this.breaksLater;
  }

  hear(event: TraceLine): void {
    if (this.isDead) return;
    if (this.isMoved(event)) {
      this.held += 1;
      return;
    }
    if (event.line === this.line) {
      for (const inserted of this.edit.insert) this.observe(inserted, event.line, false);
      if (this.edit.line === "later") this.delayed = moved(event);
      if (this.edit.line !== "kept") return;
    }
    const delayed = this.delayed;
    this.delayed = undefined;
    const isLater = event.line > this.line;
    this.observe(event, event.line, isLater && delayed === undefined);
    if (delayed !== undefined) this.observe(delayed, event.line, false);
    if (isLater && !this.isDead) this.held += 1;
  }

  /** An event that comes sooner is told there, and not again where it stands. */
  private isMoved({ line, name }: TraceLine): boolean {
    const { sooner } = this.edit;
    if (sooner === undefined || this.hasCome || line < sooner.before) return false;
    if (line === sooner.before) this.observe(sooner.event, line, false);
    this.hasCome = name === sooner.event.name;
    return this.hasCome;
  }

  end(line: number): void {
    const { sooner } = this.edit;
    if (sooner !== undefined && !this.hasCome)
      this.breaks ??= { at: line, explanation: `no ${sooner.event.name} follows` };
    // Behind the last line there is no place to come later.
    if (this.delayed !== undefined) this.breaks ??= { at: line, explanation: "no line follows" };
    this.judge(() => this.recording.end(), line, true);
  }

  tried(follow: number): Tried {
    const { text, line, isRepeat } = this.edit;
    const reach = { holds: this.held, follow, ...(this.breaks === undefined ? {} : { breaks: this.breaks }) };
    const saysLittle = line === "dropped" && isRepeat !== true;
    return { repair: { text, changes: [], reach }, isWhole: !this.isDead, saysLittle };
  }

  private observe(event: TraceLine, at: number, isLater: boolean): void {
    this.judge(() => this.recording.observe(event), at, isLater);
  }

  /** A trace that can't be judged any more is no better than one that breaks a rule. */
  private judge(judge: () => Violation | undefined, at: number, isLater: boolean): void {
    if (this.isDead) return;
    try {
      const violation = judge();
      if (violation === undefined) return;
      this.breaks = { at, ...violation };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.breaks = { at, explanation: error.problem };
    }
    this.breaksLater = isLater;
  }
}
