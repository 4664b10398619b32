/** Applies the changes of a repair to a whole list, independently of how they were tried. */
import type { Event } from "../../model/alphabet/index.ts";
import type { Change } from "../../properties/rejection/index.ts";

export function repaired(events: readonly Event[], changes: readonly Change[]): Event[] {
  const insertedBefore = (place: number): Event[] =>
    changes.flatMap((change) => ("before" in change && change.before === place ? [change.event] : []));
  const instead = (event: Event, place: number): Event[] => {
    const change = changes.find((one) => one.do !== "insert" && one.index === place);
    if (change === undefined) return [event];
    return change.do === "replace" ? [change.event] : [];
  };
  return [
    ...events.flatMap((event, place) => [...insertedBefore(place), ...instead(event, place)]),
    ...insertedBefore(events.length),
  ];
}
