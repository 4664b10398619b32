/** The parts of a story that are the same whoever took the steps: the machine, a step, the verdict, what was inevitable. */
import type { Event, Geometry, Step } from "../../../model/alphabet/index.ts";
import { PROPERTIES, type Violation } from "../../judges/properties.ts";
import type { Outcome } from "../run.ts";
import { actorOf } from "../simpler-steps.ts";
import { sayEvent, sayStep } from "./words.ts";

export const NOTHING_BROKEN = "Nothing is broken.";

/** The orders and numbers of a machine: `largest block 2^3 pages, pageblock 2^2, reports from 2^2, 2 ranges a request`. */
export function sayGeometry({ maxOrder, pageblockOrder, reportOrder, capacity }: Geometry): string {
  return `largest block 2^${maxOrder} pages, pageblock 2^${pageblockOrder}, reports from 2^${reportOrder}, ${capacity} ranges a request`;
}

/** A line a zone. */
export function sayZones(geometry: Geometry): string[] {
  return geometry.zones.map((zone) => {
    const holes = zone.holes.map((hole) => ` without ${hole.start}-${hole.start + hole.pages - 1}`).join("");
    const { min, low } = zone.watermarks;
    return `  ${zone.name}: pages ${zone.start}-${zone.start + zone.pages - 1}${holes} on node ${zone.node}, min ${min}, low ${low}`;
  });
}

/** A step in one line: its number, who acted, what he did, what came of it. */
export function stepLine(index: number, step: Step, events: readonly Event[], said = sayStep(step)): string {
  const number = String(index).padStart(3);
  return `${number}  ${actorOf(step).padEnd(6)}  ${said.padEnd(34)}  ${events.map(sayEvent).join("; ") || "-"}`;
}

/** When it broke, the rule, and what broke. */
export function verdict(violation: Violation, at: number, steps: readonly Step[]): [when: string, ...rule: string[]] {
  const property = PROPERTIES.find((one) => one.id === violation.property);
  const when =
    at < steps.length ? `in step ${at}` : `after the last step, while the users rest and the host answers everything`;
  return [
    `Broken ${when}: ${violation.property}`,
    `  the rule    ${property?.sentence ?? ""} (${property?.source ?? ""})`,
    `  what broke  ${violation.explanation}`,
  ];
}

/**
 * The earliest step after which it breaks even if users and administrator do nothing more: from there on only the
 * worker, the host and the clock act, so nobody could have prevented it.
 * @param attempt takes steps from the start, then heals
 */
export function inevitability(
  attempt: (steps: readonly Step[]) => Outcome,
  steps: readonly Step[],
  outcome: Outcome,
): string[] {
  for (let length = 0; length <= Math.min(outcome.at, steps.length - 1); length++) {
    const again = attempt(steps.slice(0, length));
    if (again.violation?.property !== outcome.violation?.property) continue;
    const since = length === 0 ? "from the start" : `since step ${length - 1} (${sayStep(steps[length - 1])})`;
    return [`  inevitable  ${since}: from there on it breaks even if users and administrator do nothing more`];
  }
  return outcome.at < steps.length
    ? [`  inevitable  only with step ${outcome.at} itself (${sayStep(steps[outcome.at])})`]
    : [];
}
