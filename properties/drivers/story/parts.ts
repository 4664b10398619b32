/** The parts of a story that are the same whoever took the steps: the machine, a step, the verdict, what was inevitable. */
import type { Event, Geometry, Step } from "../../../model/alphabet/index.ts";
import { PROPERTIES, type Violation } from "../../judges/properties.ts";
import type { Outcome } from "../run.ts";
import { actorOf } from "../simpler-steps.ts";
import { sayEvent, sayStep } from "./words.ts";

export const NOTHING_BROKEN = "Nothing is broken.";

/** The orders and numbers of a machine: `largest block 2^3 pages, pageblock 2^2, reports from 2^2, 2 ranges a request`. */
export function sayGeometry({ maxOrder, pageblockOrder, reportOrder, capacity }: Geometry): string {
  return `largest block 2^${maxOrder} pages, pageblock 2^${pageblockOrder}, reports from 2^${reportOrder}, ${capacity} range${capacity === 1 ? "" : "s"} a request`;
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

/** Of longer healings the first and the last steps are told, so many of each. */
const HEALING_TOLD = 8;

/** What everyone did at the end, numbered on from the steps before. @param eventsOf what came of a step of that number */
export function healingLines(
  healing: readonly Step[],
  first: number,
  eventsOf: (index: number) => readonly Event[],
): string[] {
  if (healing.length === 0) return [];
  const lines = healing.map((step, index) => stepLine(first + index, step, eventsOf(first + index)));
  const left = lines.length - 2 * HEALING_TOLD;
  const told =
    left <= 1 ? lines : [...lines.slice(0, HEALING_TOLD), `     and ${left} more`, ...lines.slice(-HEALING_TOLD)];
  return ["     the users rest and the host answers everything:", ...told];
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

function ending({ violation, unjudgedEnd }: Outcome): string {
  if (violation !== undefined) return `${violation.property} breaks instead`;
  return unjudgedEnd ? "the host has lost a request, and the end can't be judged" : "nothing breaks";
}

/**
 * From which step on it is too late: whoever stops there or at any later step breaks the same property, and whoever stops right
 * before it does not. To stop means that users and administrator do nothing more; the worker goes on and the host answers.
 * @param attempt takes steps from the start, then heals; undefined where that can't be judged
 * @returns a line; none where it is not known
 */
export function inevitability(
  attempt: (steps: readonly Step[]) => Outcome | undefined,
  steps: readonly Step[],
  outcome: Outcome,
): string[] {
  for (let since = Math.min(outcome.at, steps.length - 1); since >= 0; since--) {
    const before = attempt(steps.slice(0, since));
    if (before === undefined) return [];
    if (before.violation?.property === outcome.violation?.property) continue;
    const said = sayStep(steps[since]);
    const stopped = `right before it, ${ending(before)}`;
    return since === outcome.at
      ? [`  inevitable  only with step ${since} itself (${said}): if users and administrator stop ${stopped}`]
      : [
          `  inevitable  since step ${since} (${said}): if users and administrator stop right after it, it breaks all the same; ${stopped}`,
        ];
  }
  return ["  inevitable  from the start: it breaks even if users and administrator do nothing at all"];
}
