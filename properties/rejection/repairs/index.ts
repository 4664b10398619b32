/** All changes that are worth a trial, the lightest first. */
import type { AckEvent, Event } from "../../../model/alphabet/index.ts";
import type { PageRun } from "../rejection.ts";
import { deed, numbered, rangesOf } from "../words.ts";
import type { Witness } from "../witness.ts";
import { ofDevice, ofIncomplete, ofMark, ofOpenNumber, ofRefusal, ofStranded, ofUnopened } from "./answers.ts";
import { before, type Candidate } from "./candidate.ts";
import { ofOrder } from "./order.ts";
import { isWanted, route, takenFrom } from "./routes.ts";
import { ofShape } from "./shape.ts";

export type { Candidate } from "./candidate.ts";

export function candidates(witness: Witness): Candidate[] {
  const { event, isUnheard } = witness.broke;
  // Of what another judge found the contract can't tell whether it is mended; but an ack is not the reporter's to give.
  if (isUnheard === true) return event?.event === "ack" ? [leftToTheHost(witness, event)] : [];
  const found =
    event === undefined
      ? ofStranded(witness)
      : [
          ...ofMeaning(witness, event),
          ...ofPages(witness, event),
          ...ofOrder(witness, event),
          ...ofShape(witness, event),
        ];
  return distinct(found.toSorted((a, b) => a.weight - b.weight));
}

function leftToTheHost({ broke }: Witness, event: AckEvent): Candidate {
  return {
    text: `${deed(event)} (${numbered(broke.unit, broke.at)}) had been left to the host`,
    changes: [{ do: "drop", index: broke.index }],
    weight: 1,
  };
}

/** Of candidates that make the same changes the first. */
function distinct(all: readonly Candidate[]): Candidate[] {
  const byChanges = new Map<string, Candidate>();
  for (const candidate of all) {
    const changes = JSON.stringify(candidate.changes);
    if (!byChanges.has(changes)) byChanges.set(changes, candidate);
  }
  return [...byChanges.values()];
}

/** What the event says, by its kind. */
function ofMeaning(witness: Witness, event: Event): Candidate[] {
  switch (event.event) {
    case "release":
      return event.reported ? ofMark(witness, event) : [];
    case "alloc-failed":
      return ofRefusal(witness, event);
    case "ack":
    case "discard":
      return ofUnopened(witness, event.request);
    case "submit":
      return [...ofDevice(witness), ...ofOpenNumber(witness, event.request)];
    case "idle":
      return witness.broke.violation.property === "stranded" ? ofStranded(witness) : ofIncomplete(witness);
    default:
      return [];
  }
}

/** What is missing that would have brought the pages to whom the event takes them from. */
function ofPages(witness: Witness, event: Event): Candidate[] {
  const wanted = takenFrom(event, witness.broke.options.unseen ?? []);
  if (wanted === undefined) return [];
  const wrong = rangesOf(event)
    .flatMap((range) => witness.contract.knows.runs(range))
    .filter((run: PageRun) => !isWanted(run, wanted));
  if (wrong.length === 0) return [];
  const inFlight = wrong.some(({ request }) => request !== undefined);
  return (inFlight ? [true, false] : [true]).flatMap((acks) => {
    const events = route(witness, wrong, wanted, acks) ?? [];
    return before(witness, events).map((candidate, at): Candidate => ({
      ...candidate,
      idea: at === 0 ? "what was lost" : "what came late",
    }));
  });
}
