/**
 * The two snapshots of a recording, `/proc/kpageflags` read between two marks of the trace. The opening one gives every page
 * that no event has named an owner, and the replay begins; the closing one must be what the events left.
 */
import { InputError } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import { pagesText } from "../capture/machine.ts";
import type { Snapshot } from "../capture/snapshot.ts";
import type { CaptureCounts } from "../verdict.ts";
import { type FreeLists, odd } from "./free-lists.ts";
import type { Telling } from "./telling.ts";

/** Where they were kept. */
export interface Kept {
  readonly opening: Snapshot | undefined;
  readonly closing: Snapshot | undefined;
}

type Which = keyof Kept;

const MARKS = { opening: "snapshot", closing: "snapshot2" } as const;
const FILES = { opening: "kpageflags.bin", closing: "kpageflags2.bin" } as const;
const BOTH: readonly Which[] = ["opening", "closing"];

export class Snapshots {
  private readonly kept: Kept;
  private readonly lists: FreeLists;
  private readonly telling: Telling;
  private readonly counts: CaptureCounts;
  private reading: Which | undefined;
  private readonly done = new Set<Which>();

  constructor(kept: Kept, lists: FreeLists, telling: Telling, counts: CaptureCounts) {
    this.kept = kept;
    this.lists = lists;
    this.telling = telling;
    this.counts = counts;
  }

  /** A mark in the trace, which may be anybody's. @throws InputError for one of a snapshot in the wrong place */
  mark(text: string, line: number): Violation | undefined {
    for (const which of BOTH) {
      const snapshot = this.kept[which];
      if (snapshot === undefined) continue;
      if (isMark(text, which, "begin")) this.begin(which, line);
      if (isMark(text, which, "end")) return this.end(which, snapshot, line);
    }
    return undefined;
  }

  /** The trace has ended. @throws InputError where a snapshot has no marks */
  requireDone(): void {
    for (const which of BOTH) if (this.kept[which] !== undefined && !this.done.has(which)) throw unended(which);
  }

  private begin(which: Which, line: number): void {
    if (this.reading !== undefined && this.reading !== which) throw unended(this.reading);
    if (this.reading === which || this.done.has(which)) {
      const problem = `found the mark "${MARKS[which]} begin" a second time: when it was read is unknown`;
      throw new InputError({ line }, problem);
    }
    this.reading = which;
    this.lists.frames.watch();
  }

  private end(which: Which, snapshot: Snapshot, line: number): Violation | undefined {
    const name = MARKS[which];
    if (this.reading !== which)
      throw new InputError({ line }, `found the mark "${name} end", expected "${name} begin" before it`);
    this.reading = undefined;
    this.done.add(which);
    const violation = this.compare(which, snapshot);
    if (violation !== undefined || which === "closing") return violation;
    this.lists.frames.adopt(snapshot, ({ pfn, order, free }) =>
      this.telling.declare({ event: free ? "free" : "alloc", pfn, order }, line),
    );
    this.lists.begin();
    return undefined;
  }

  private compare(which: Which, snapshot: Snapshot): Violation | undefined {
    const { agree, of, first } = this.lists.frames.compare(snapshot);
    this.counts[which] = { agree, of };
    if (first === undefined) return undefined;
    const [said, is] = this.lists.isFree(first) ? ["free", "not"] : ["not free", "free"];
    return odd(
      `by the events, ${pagesText(first, 1)} is ${said}, but in the ${which} snapshot it is ${is} ` +
        `(${of - agree} of ${of} pages differ): an event is missing, or one is too many`,
      { start: first, pages: 1 },
    );
  }
}

function unended(which: Which): InputError {
  const problem = `found no mark "${MARKS[which]} end", but a ${FILES[which]}: when it was read is unknown`;
  return new InputError({}, problem);
}

function isMark(text: string, which: Which, side: "begin" | "end"): boolean {
  const mark = `${MARKS[which]} ${side}`;
  return text === mark || text.endsWith(` ${mark}`);
}
