/** An event that came too early or too late, came twice, or should not have come: repairs that need no new event. */
import type { Event } from "../../../model/alphabet/index.ts";
import type { Placed } from "../rejection.ts";
import type { Witness } from "../witness.ts";
import { deed, numbered, rangesOf } from "../words.ts";
import { isRecorded, type Candidate } from "./candidate.ts";

/** So much lighter or heavier is what is nearer or farther: of two moves the shorter is told. */
const STEP = 0.02;
const WEIGHT = { twice: 0.9, swapped: 1, later: 1.1, earlier: 1.35, never: 1.6, dropped: 1.9 } as const;
const MOST_EARLIER = 4;

export function ofOrder(witness: Witness, event: Event): Candidate[] {
  const { broke } = witness;
  const broken: Placed = { index: broke.index, at: broke.at, event };
  // At any other time memory would have been free: who is refused then is refused for no reason at all.
  if (event.event === "alloc-failed") return [once(witness, broken)];
  // In a run nobody has written `idle` in the wrong place: it was said too early.
  const past = event.event === "idle" && !isRecorded(broke.unit) ? [] : pastOf(witness, event);
  return [
    ...witness.later.flatMap((placed, rank) => tooLate(witness, placed, broken, rank)),
    ...past.map((placed, rank) => ({
      text: `${named(witness, broken)} came before ${named(witness, placed)}`,
      changes: [{ do: "move", index: broken.index, before: placed.index, event } as const],
      weight: placed.index === broken.index - 1 ? WEIGHT.swapped : WEIGHT.earlier + STEP * rank,
    })),
    ...past.flatMap((placed, rank) =>
      // While the host never answers nobody rests: that mends nothing.
      event.event === "idle" && placed.event.event === "ack" ? [] : [never(witness, placed, rank)],
    ),
    once(witness, broken),
  ];
}

/** An earlier event left out. */
function never(witness: Witness, placed: Placed, rank: number): Candidate {
  return {
    text: `${named(witness, placed)} had not happened`,
    changes: [{ do: "drop", index: placed.index }],
    weight: WEIGHT.never + STEP * rank,
  };
}

/** The later event before the broken one, and where others are between them, the broken one behind it. */
function tooLate(witness: Witness, later: Placed, broken: Placed, rank: number): Candidate[] {
  const { event } = broken;
  const isNext = later.index === broken.index + 1;
  const weight = isNext ? WEIGHT.swapped : WEIGHT.later + STEP * rank;
  const earlier: Candidate = {
    text: `${named(witness, later)} came before ${named(witness, broken)}`,
    changes: [{ do: "move", index: later.index, before: broken.index, event: later.event }],
    weight,
  };
  if (isNext) return [earlier];
  const after: Candidate = {
    text: `${named(witness, broken)} came after ${named(witness, later)}`,
    changes: [{ do: "move", index: broken.index, before: later.index + 1, event }],
    weight: weight + STEP,
  };
  return [earlier, after];
}

/** The broken event left out: nearest where the very same one stands right before it. */
function once(witness: Witness, broken: Placed): Candidate {
  const { previous } = witness;
  const twice = previous !== undefined && isSame(previous.event, broken.event);
  return {
    text: twice
      ? `${deed(broken.event)} happened once: ${numbered(witness.broke.unit, broken.at)} repeats ${previousText(witness, previous)}`
      : `${named(witness, broken)} had not happened`,
    changes: [{ do: "drop", index: broken.index }],
    weight: twice ? WEIGHT.twice : WEIGHT.dropped,
  };
}

function previousText({ broke }: Witness, { at }: Placed): string {
  return at === broke.at ? `itself` : numbered(broke.unit, at);
}

/** The events that explain where the pages, the request and the device are, latest first. */
function pastOf({ tenures, broke, answered, unregistered }: Witness, event: Event): Placed[] {
  const ranges = [...(broke.violation.pages === undefined ? [] : [broke.violation.pages]), ...rangesOf(event)];
  const ofPages = ranges.flatMap((range) => tenures.of(range)).flatMap((tenure) => tenure.events);
  const ofDevice = broke.violation.property === "quiet" ? [unregistered] : [];
  const all = [...ofPages, answered?.ack, ...ofDevice].filter((placed) => placed !== undefined);
  const byPlace = new Map(all.map((placed) => [placed.index, placed]));
  return [...byPlace.values()].sort((a, b) => b.index - a.index).slice(0, MOST_EARLIER);
}

/** `the ack of request 7 (line 12)`. */
function named({ broke }: Witness, { event, at }: Placed): string {
  return `${deed(event)} (${numbered(broke.unit, at)})`;
}

/** True where both say the same; time and CPU don't count. */
function isSame(one: Event, other: Event): boolean {
  const bare = (event: Event): string => JSON.stringify({ ...event, time: 0, cpu: 0 });
  return bare(one) === bare(other);
}
