/** What an explorer found to be broken, as steps that any driver can take: confirmed, told, saved. */
import { makeFolder } from "../oracle/folder.ts";
import { keepCounterexample } from "../properties/drivers/counterexample.ts";
import { stepsOf } from "../properties/drivers/explore/path.ts";
import type { Plan } from "../properties/drivers/explore/plans.ts";
import type { Broken, Explored } from "../properties/drivers/explore/expander.ts";
import type { Report } from "../properties/drivers/explore/report.ts";
import { execute } from "../properties/drivers/run.ts";
import type { Finding } from "../properties/drivers/shrink.ts";
import { tell } from "../properties/drivers/story.ts";
import { enter, type Subject } from "../properties/subjects.ts";

export interface Story {
  readonly subject: Subject;
  readonly finding: Finding;
  /** Why it can't be told: whoever replays it does not see what the explorer saw. That is a fault of ours. */
  readonly trouble: string | undefined;
}

/**
 * Takes the path of an explorer in an ordinary world, which must see something broken by the same move. Where that move
 * breaks several properties, what the world says first is told.
 */
export function storyOf(plan: Plan, explored: Explored, { path, moves }: Report, { violation }: Broken): Story {
  const subject: Subject = { ...explored, system: "impl" };
  const { scope } = plan;
  const all = path.map((move) => moves.all[move]);
  const steps = stepsOf(enter(scope, subject, false), all);
  const replayed = execute(enter(scope, subject, false), steps);
  const finding: Finding = { scope, steps, violation: replayed.violation ?? violation, at: steps.length - 1 };
  if (replayed.violation !== undefined && replayed.at === finding.at) return { subject, finding, trouble: undefined };
  const seen =
    replayed.violation === undefined
      ? "nothing is broken"
      : `${replayed.violation.property} is broken in step ${replayed.at}`;
  const trouble = `after ${steps.length} steps the explorer says that ${violation.property} is broken (${violation.explanation}), but where they are replayed, ${seen}: a fault of this program`;
  return { subject, finding, trouble };
}

export function tellStory({ subject, finding: { scope, steps } }: Story): string {
  return tell(() => enter(scope, subject, false), steps).text;
}

/** @returns the file */
export function save({ subject, finding }: Story, folder: string): string {
  makeFolder(folder);
  const { scope, violation } = finding;
  const words = [subject.design, scope.settings.variant, violation.property, "in", scope.name];
  const name = words
    .filter((word) => word !== "")
    .join("-")
    .replaceAll(/[^A-Za-z0-9-]+/g, "-");
  return keepCounterexample(folder, name, subject, finding);
}
