/** Judging a recorded trace: `wire.md`, "A trace". */
import { statSync } from "node:fs";
import { InputError, type Event, type Place } from "../model/alphabet/index.ts";
import { parseEvent, parseTraceHeader, type TraceHeader } from "../model/alphabet/schema.ts";
import { Contract, type ContractCounts, type ContractOptions } from "../properties/judges/contract.ts";
import type { PropertyId, Violation } from "../properties/judges/properties.ts";
import { explainReading, explainRejection, type Heard, type Rejection } from "../properties/rejection/index.ts";
import { nameOf, parseJson, readLines } from "./lines.ts";
import { MomentWatch } from "./moments.ts";
import { notChecked, notCheckedAtEnd } from "./not-checked.ts";
import { Patience } from "./patience.ts";
import { StrengthWatch, type Strength } from "./strength.ts";
import { Window } from "./window.ts";

export interface TraceVerdict {
  readonly verdict: "holds" | "violates";
  readonly property?: PropertyId;
  /** The line of the event that broke it; for what is wrong only at the end, the last line. */
  readonly line?: number;
  readonly explanation?: string;
  readonly pages?: NonNullable<Violation["pages"]>;
  /** Events judged, the one that broke a property included. */
  readonly events: number;
  /** Allocations that failed. Those that failed while memory was free break no rule, but a person wants to know. */
  readonly failures: Omit<ContractCounts, "events">;
  /** What this trace can't show, in words. */
  readonly notChecked: readonly string[];
  /** Kinds of moments that it shows, and events that its recorder could not see. */
  readonly moments: readonly string[];
  readonly unseen: readonly string[];
  /** How strong the verdict is, of what holds. */
  readonly strength?: Strength;
  /** Why, how it came, and what would have been legal; of what violates. */
  readonly rejection?: Rejection;
}

/** A line that is not blank, read as JSON. */
type Visit = (value: unknown, place: Place & { readonly line: number }) => boolean;

/**
 * Judges a trace up to its first violation, in memory that does not grow with its length. To explain a violation, a file
 * is read again; of what can't be read twice the latest events are kept. On standard input nobody waits for what has not come
 * a moment after the violation.
 *
 * @param source a file, gzipped or not, or `-` for standard input
 * @throws InputError naming file and line where it can't be judged; a violation before a bad line stands
 */
export async function judgeTrace(source: string): Promise<TraceVerdict> {
  let trial: Trial | undefined;
  const patience = new Patience();
  const visit: Visit = (value, place) => {
    if (trial === undefined) trial = new Trial(value, place, canBeReadAgain(source));
    else if (trial.isBroken) return trial.hearsOn(value, place);
    else trial.judge(value, place);
    if (trial.isBroken) patience.begins();
    return !trial.isBroken || trial.hearsAllNow;
  };
  const whole = await readValues(source, visit, patience.over)
    .catch((error: unknown) => {
      // What stands behind a violation need not be readable, nor come at all.
      if (!(error instanceof InputError) || trial?.isBroken !== true) throw error;
      return false;
    })
    .finally(() => patience.ends());
  if (trial === undefined) {
    throw new InputError(
      { file: nameOf(source), line: 1 },
      'found nothing, expected the first line of a trace: an object with "format":"free-page-trace"',
    );
  }
  if (!trial.isBroken) trial.end();
  return trial.verdict(source, whole);
}

/** @param over ends the reading of standard input. @returns true where all was read, false where the visitor had seen enough */
async function readValues(source: string, visit: Visit, over?: AbortSignal): Promise<boolean> {
  const file = nameOf(source);
  for await (const { first, texts } of readLines(source, over)) {
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index];
      if (text.trim() === "") continue;
      const place = { file, line: first + index };
      if (!visit(parseJson(text, place), place)) return false;
    }
  }
  return true;
}

/** The events of a trace once more, up to the first line that is none. */
async function readEvents(source: string, hear: (heard: Heard) => boolean): Promise<boolean> {
  let isFirst = true;
  try {
    return await readValues(source, (value, place) => {
      const goesOn = isFirst || hear({ at: place.line, event: parseEvent(value, place) });
      isFirst = false;
      return goesOn;
    });
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Pipes and terminals say everything once. */
function canBeReadAgain(source: string): boolean {
  return source !== "-" && (statSync(source, { throwIfNoEntry: false })?.isFile() ?? false);
}

/** One trace before the contract. */
class Trial {
  private readonly header: TraceHeader;
  private readonly contract: Contract;
  private readonly options: ContractOptions;
  private readonly watch: MomentWatch;
  private readonly strength: StrengthWatch;
  /** Where the header stands. */
  private readonly first: Place;
  /** Undefined where the source can be read again. */
  private readonly window: Window | undefined;
  private violation: Violation | undefined;
  /** The event that broke a property; none where the end did. */
  private broken: Event | undefined;
  private last: number;

  constructor(firstLine: unknown, place: Place & { readonly line: number }, canBeReadAgain: boolean) {
    this.header = parseTraceHeader(firstLine, place);
    const { geometry, start, unseen, claims } = this.header;
    this.options = { start, unseen, claims, unit: "line" };
    this.contract = placed(place, () => new Contract(geometry, this.options));
    this.window = canBeReadAgain ? undefined : new Window(geometry, this.options);
    this.watch = new MomentWatch(geometry);
    this.strength = new StrengthWatch(this.header);
    this.first = place;
    this.last = place.line;
  }

  get isBroken(): boolean {
    return this.violation !== undefined;
  }

  /** True where what follows the violation must be heard now, or never. */
  get hearsAllNow(): boolean {
    return this.window !== undefined;
  }

  /** The event in the next line. */
  judge(value: unknown, place: Place & { readonly line: number }): void {
    const event = parseEvent(value, place);
    this.last = place.line;
    this.watch.see(event);
    this.strength.hear(event, this.contract.knows);
    this.window?.hear({ at: place.line, event });
    this.violation = placed(place, () => this.contract.event(event, place.line));
    if (this.violation !== undefined) this.broken = event;
  }

  /** An event behind the violation. @returns false where those that were heard are enough */
  hearsOn(value: unknown, place: Place & { readonly line: number }): boolean {
    return this.window?.hearOn({ at: place.line, event: parseEvent(value, place) }) ?? false;
  }

  /** @throws InputError where there was no event */
  end(): void {
    if (this.contract.counts.events === 0) {
      throw new InputError(this.first, "the trace has no events behind its header: there is nothing to judge");
    }
    this.strength.end(this.contract.knows);
    this.violation = this.contract.end();
  }

  /** @param whole true where the source was read to its end */
  async verdict(source: string, whole: boolean): Promise<TraceVerdict> {
    const { events, ...failures } = this.contract.counts;
    const { unseen } = this.header;
    const seen = { events, failures, notChecked: notChecked(this.header), moments: this.watch.met(), unseen };
    if (this.violation === undefined) {
      const ended = { idles: this.strength.idles, open: this.contract.knows.openNumbers() };
      const atEnd = notCheckedAtEnd(this.header, ended);
      return {
        verdict: "holds",
        ...seen,
        notChecked: [...seen.notChecked, ...atEnd],
        strength: this.strength.strength,
      };
    }
    const rejection = await this.explain(this.violation, source, whole);
    return { verdict: "violates", line: this.last, ...this.violation, ...seen, rejection };
  }

  private async explain(violation: Violation, source: string, whole: boolean): Promise<Rejection> {
    const { header, options, broken, window } = this;
    const { geometry } = header;
    const broke = { geometry, options, violation, unit: "line" } as const;
    if (window !== undefined) {
      const { heard, from, forgotten } = window;
      return explainRejection({ ...broke, heard, ended: whole, ...(forgotten > 0 ? { from, forgotten } : {}) });
    }
    const { events } = this.contract.counts;
    const found = { ...broke, at: this.last, index: broken === undefined ? events : events - 1 };
    return explainReading(broken === undefined ? found : { ...found, event: broken }, (hear) =>
      readEvents(source, hear),
    );
  }
}

/** Adds to an InputError of the contract where it stands. */
function placed<Result>(place: Place, judge: () => Result): Result {
  try {
    return judge();
  } catch (error) {
    throw error instanceof InputError ? error.at(place) : error;
  }
}
