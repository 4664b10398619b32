/** A run told for people: the machine, a line a step, and where something broke: the rule, what broke, since when nobody could help it. */
import type { Event, Step } from "../../model/alphabet/index.ts";
import type { Outcome } from "../../properties/drivers/run.ts";
import type { Scope } from "../../properties/drivers/scopes.ts";
import {
  NOTHING_BROKEN,
  healingLines,
  inevitability,
  sayGeometry,
  sayZones,
  stepLine,
  verdict,
} from "../../properties/drivers/story/parts.ts";
import type { Heard, Story } from "./conformance.ts";

/** A run that was taken. */
export interface Taken {
  /** What the system calls itself. */
  readonly name: string;
  readonly scope: Scope;
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
  /** What came of each step, and of each of healing after them. */
  readonly heard: readonly Heard[];
}

/**
 * @param attempt takes steps from the start, for every prefix that is tried, and is undefined where that can't be judged; absent:
 *   the run does not repeat every time, and none is tried
 */
export function tellRun(
  { name, scope, steps, outcome, heard }: Taken,
  attempt?: (steps: readonly Step[]) => Outcome | undefined,
): Story {
  const { violation, at, healing } = outcome;
  const machine = [`${name}: ${sayGeometry(scope.geometry)}`, ...sayZones(scope.geometry)];
  const eventsOf = (index: number): Event[] => heard.filter((one) => one.at === index).map(({ event }) => event);
  const called = [...steps, ...healing].map((step, index) => asCalled(step, eventsOf(index)));
  const lines = [
    ...called.slice(0, Math.min(at + 1, steps.length)).map((step, index) => stepLine(index, step, eventsOf(index))),
    ...healingLines(called.slice(steps.length), steps.length, eventsOf),
  ];
  if (violation === undefined) return { machine, steps: lines, verdict: NOTHING_BROKEN, rule: [], inevitable: [] };
  const [when, ...rule] = verdict(violation, at, steps);
  const inevitable = attempt === undefined ? [] : inevitability(attempt, steps, outcome);
  return { machine, steps: lines, verdict: when, rule, inevitable };
}

/** A step counts requests (everyone.ts); a person wants the number that the system gave. */
function asCalled(step: Step, events: readonly Event[]): Step {
  const answer = step.do === "ack" ? events.find(({ event }) => event === "ack") : undefined;
  return step.do === "ack" && answer?.event === "ack" ? { ...step, request: answer.request } : step;
}

/** All of it, line by line. */
export function storyText({ machine, steps, verdict: when, rule, inevitable }: Story): string[] {
  return [...machine, ...steps, "", when, ...rule, ...inevitable];
}
