/** Judging a recorded trace: `wire.md`, "A trace". */
import { InputError, type Place } from "../model/alphabet/index.ts";
import { parseEvent, parseTraceHeader, type TraceHeader } from "../model/alphabet/schema.ts";
import { Contract, type ContractCounts } from "../properties/judges/contract.ts";
import type { PropertyId, Violation } from "../properties/judges/properties.ts";
import { nameOf, readLines } from "./lines.ts";
import { MomentWatch } from "./moments.ts";

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
}

/**
 * Judges a trace up to its first violation, in memory that does not grow with its length.
 *
 * @param source a file, gzipped or not, or `-` for standard input
 * @throws InputError naming file and line where it can't be judged; a violation before a bad line stands
 */
export async function judgeTrace(source: string): Promise<TraceVerdict> {
  const file = nameOf(source);
  let trial: Trial | undefined;
  for await (const { first, texts } of readLines(source)) {
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index];
      if (text.trim() === "") continue;
      const place = { file, line: first + index };
      const value = parseJson(text, place);
      if (trial === undefined) trial = new Trial(value, place);
      else if (trial.breaks(value, place)) return trial.verdict();
    }
  }
  if (trial === undefined) {
    throw new InputError(
      { file, line: 1 },
      'found nothing, expected the first line of a trace: an object with "format":"free-page-trace"',
    );
  }
  trial.end();
  return trial.verdict();
}

/** One trace before the contract. */
class Trial {
  private readonly header: TraceHeader;
  private readonly contract: Contract;
  private readonly watch: MomentWatch;
  private violation: Violation | undefined;
  private last: number;

  constructor(firstLine: unknown, place: Place & { readonly line: number }) {
    this.header = parseTraceHeader(firstLine, place);
    const { geometry, start, unseen, claims } = this.header;
    this.contract = placed(place, () => new Contract(geometry, { start, unseen, claims, unit: "line" }));
    this.watch = new MomentWatch(geometry);
    this.last = place.line;
  }

  /** True where the event in this line breaks a property. */
  breaks(value: unknown, place: Place & { readonly line: number }): boolean {
    const event = parseEvent(value, place);
    this.last = place.line;
    this.watch.see(event);
    this.violation = placed(place, () => this.contract.event(event, place.line));
    return this.violation !== undefined;
  }

  end(): void {
    this.violation = this.contract.end();
  }

  verdict(): TraceVerdict {
    const { events, ...failures } = this.contract.counts;
    const { unseen } = this.header;
    const seen = { events, failures, notChecked: notChecked(this.header), moments: this.watch.met(), unseen };
    if (this.violation === undefined) return { verdict: "holds", ...seen };
    return { verdict: "violates", line: this.last, ...this.violation, ...seen };
  }
}

function notChecked({ start, claims, unseen }: TraceHeader): string[] {
  const blind: Readonly<Record<TraceHeader["unseen"][number], string>> = {
    isolate: "ownership from isolate to submit: isolate is unseen, pages count as free until they are submitted",
    release: "truthful-mark, and ownership from ack to release: release is unseen, an ack counts as one",
    discard: "host-window of discards: discard is unseen",
    write: "exclusion and ownership of writes: write is unseen",
    idle: "stranded and completeness at idle: idle is unseen",
  };
  return [
    "lost-write: what pages hold is not in a trace",
    ...(claims.includes("completeness") ? [] : ["completeness: the trace does not claim it"]),
    ...(start === "unknown"
      ? ["what began before the recording: pages, requests and callers not seen yet count as right"]
      : []),
    ...new Set(unseen.map((event) => blind[event])),
  ];
}

function parseJson(text: string, place: Place): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const shown = text.length <= 40 ? text : `${text.slice(0, 40)}...`;
    throw new InputError(
      place,
      `found ${JSON.stringify(shown)}, which is not JSON; expected one JSON object in a line`,
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
