/** Where events break a rule: at which of them, or where none of them shows it, in which step and about which pages. */
import type { Geometry } from "../../model/alphabet/index.ts";
import { InputError } from "../../model/alphabet/index.ts";
import type { Contract, ContractOptions } from "../judges/contract.ts";
import type { PropertyId, Violation } from "../judges/properties.ts";
import type { Heard, PageRun, Unit } from "./rejection.ts";
import type { Break } from "./witness.ts";
import { rangesOf } from "./words.ts";

/** Events and the rule that they break. */
export interface Case {
  readonly geometry: Geometry;
  /** What the contract was given: `start`, `unseen`, `claims`, `inPlace`. */
  readonly options: ContractOptions;
  /** All events in order, that which broke the rule included; what followed it, too, where that is known. */
  readonly heard: readonly Heard[];
  readonly violation: Violation;
  readonly unit: Unit;
  /** The number at which it broke, for what no event shows. Default: the last event's. */
  readonly at?: number;
  /** The list is whole: after it the contract's end is judged. Default: false, the run was stopped by the violation. */
  readonly ended?: boolean;
  /** What was known before the first of these events, where older ones were not kept; absent: as `options` say. */
  readonly from?: Contract;
  /** The number of those older events. Default: 0. */
  readonly forgotten?: number;
}

/** Where the contract breaks; for what it does not see, behind all events. */
export function locate(of: Case, contract: Contract): Break {
  const { geometry, options, heard, violation, unit } = of;
  const broke = { geometry, options, violation, unit };
  const end: Break = { ...broke, index: heard.length, at: heard.at(-1)?.at ?? 0 };
  try {
    for (const [index, { at, event }] of heard.entries()) {
      const found = contract.event(event, at);
      // Said anew: in the numbers of this list.
      if (found?.property === violation.property) return { ...broke, violation: found, index, at, event };
      // To be idle changes no page: what is known of them stands.
      if (found !== undefined) return unheard(of, end, event.event === "idle" ? contract : undefined);
    }
    const found = contract.end();
    return found?.property === violation.property ? { ...end, violation: found } : unheard(of, end, contract);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return unheard(of, end);
  }
}

/** A break that another judge found. @param contract knows all events, where it can */
function unheard({ heard, violation, at }: Case, end: Break, contract?: Contract): Break {
  const last = heard.at(-1);
  if (last?.event.event === "ack" && violation.property === "host-window")
    return { ...end, ...last, index: heard.length - 1, isUnheard: true };
  const when = at ?? end.at;
  const isHeld = HELD_IS_TO_BLAME.has(violation.property) && contract !== undefined;
  const held = isHeld ? end.geometry.zones.flatMap((zone) => contract.knows.runs(zone)).filter(isWithReporter) : [];
  // What shows in no page, as a count that is wrong, is about what was done last.
  const done = heard.filter((one) => one.at === when).flatMap(({ event }) => rangesOf(event));
  const concern = held.length > 0 ? held : violation.pages === undefined ? done : [];
  return { ...end, at: when, isUnheard: true, concern: concern.map(({ start, pages }) => ({ start, pages })) };
}

/** Properties that pages break by being held. */
const HELD_IS_TO_BLAME: ReadonlySet<string> = new Set<PropertyId>(["rest", "bounded-hold", "quiet"]);

function isWithReporter({ owner }: PageRun): boolean {
  return owner === "held";
}
