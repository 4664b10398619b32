/** A change that might make the events legal: what it says, and how much it assumes. It counts for nothing until it is tried. */
import type { Event, PageRange } from "../../../model/alphabet/index.ts";
import type { Change, Placed, Unit } from "../rejection.ts";
import { deed, hadHappened, listed, numbered, rangesOf } from "../words.ts";
import type { Witness } from "../witness.ts";

export interface Candidate {
  /** What stands behind "legal if". */
  readonly text: string;
  readonly changes: readonly Change[];
  /** How much it assumes, 1 for one event that came late or was lost: of changes that reach as far, the lightest is told. */
  readonly weight: number;
  /** Candidates of one idea differ in a detail: only the lightest legal one is told. */
  readonly idea?: "another order" | "what was lost" | "what came late";
}

/** What each further event of a change weighs. */
const FURTHER = 0.5;

/** True where events were recorded: a recorder can lose some. Else it is a run, in which they did not happen. */
export function isRecorded(unit: Unit): boolean {
  return unit !== "step";
}

/** `line 12`, of an event; at the end `the end`. */
export function whenBroken({ broke }: Witness): string {
  return broke.event === undefined ? "the end" : numbered(broke.unit, broke.at);
}

/** These events, one after the other, right before the break. What comes later anyway is moved, or else is there twice. */
export function before(witness: Witness, events: readonly Event[], weight = 1): Candidate[] {
  if (events.length === 0) return [];
  const { broke } = witness;
  const inserted = events.map((event): Change => ({ do: "insert", before: broke.index, event }));
  const total = weight + FURTHER * (events.length - 1);
  const lost: Candidate = { text: lostText(witness, events), changes: inserted, weight: total };
  const later = events.map((event) => witness.next((other) => isAlike(event, other)));
  const moved = later.filter((placed) => placed !== undefined);
  if (moved.length === 0) return [lost];
  const changes = events.map((_, at): Change => {
    const placed = later[at];
    if (placed === undefined) return inserted[at];
    return { do: "move", index: placed.index, before: broke.index, event: placed.event };
  });
  const names = moved.map(({ event, at }) => `${deed(event)} (${numbered(broke.unit, at)})`);
  const missing = events.filter((_, at) => later[at] === undefined);
  const came = `${listed(names)} came before ${whenBroken(witness)}`;
  const text = missing.length === 0 ? came : `${came}, and ${lostText(witness, missing)}`;
  return [lost, { text, changes, weight: total }];
}

function lostText(witness: Witness, events: readonly Event[]): string {
  const { unit, index } = witness.broke;
  const when = whenBroken(witness);
  const [first] = events;
  if (!isRecorded(unit))
    return `${listed(alike(events).map(([one, ranges]) => hadHappened(one, ranges)))} before ${when}`;
  const since = lastTouch(witness);
  const where =
    since === undefined || since.index === index - 1
      ? `before ${when}`
      : `between ${numbered(unit, since.at)} and ${when}`;
  if (events.length === 1) return `${deed(first).replace(/^the /, "one ")} was lost ${where}`;
  return `${events.length} events were lost ${where}: ${listed(alike(events).map(([one, ranges]) => deed(one, ranges)))}`;
}

/** Neighbours that do the same to different blocks, as one of them and all their pages. */
function alike(events: readonly Event[]): [Event, readonly PageRange[]][] {
  const found: [Event, readonly PageRange[]][] = [];
  const bare = (event: Event): string => JSON.stringify({ ...event, pfn: 0, order: 0 });
  for (const event of events) {
    const last = found.at(-1);
    if (last !== undefined && "pfn" in event && bare(last[0]) === bare(event))
      last[1] = [...last[1], ...rangesOf(event)];
    else found.push([event, rangesOf(event)]);
  }
  return found;
}

/** The latest event on the pages that the break is about. */
function lastTouch({ tenures, broke }: Witness): Placed | undefined {
  const { pages } = broke.violation;
  const latest = pages === undefined ? [] : tenures.of(pages).flatMap(({ events }) => events.slice(-1));
  return latest.toSorted((a, b) => a.index - b.index).at(-1);
}

/** True where both do the same, whenever and on whichever CPU: acks may differ in their answer, releases in their mark. */
function isAlike(one: Event, other: Event): boolean {
  if (one.event === "ack") return other.event === "ack" && one.request === other.request;
  if ("pfn" in one && "pfn" in other) {
    return one.event === other.event && one.pfn === other.pfn && one.order === other.order;
  }
  if ("start" in one && "start" in other) {
    return one.event === other.event && one.start === other.start && one.pages === other.pages;
  }
  return one.event === other.event && !("pfn" in one) && !("start" in one);
}
