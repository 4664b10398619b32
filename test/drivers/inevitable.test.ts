/**
 * The step that made it inevitable, checked by brute force: every prefix of every kept counterexample is taken and healed. Behind
 * the step that is told the same property breaks wherever users and administrator stop; before it, it does not.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Step } from "../../model/alphabet/index.ts";
import { readCounterexample } from "../../properties/drivers/counterexample.ts";
import { execute, type Outcome } from "../../properties/drivers/run.ts";
import { inevitability } from "../../properties/drivers/story/parts.ts";
import { enter } from "../../properties/subjects.ts";

const folder = join(import.meta.dirname, "../counterexamples");
const files = readdirSync(folder);

interface Told {
  readonly line: string;
  /** What breaks after each number of steps, the last one that is needed left out. */
  readonly after: readonly (string | undefined)[];
  readonly outcome: Outcome;
}

function told(file: string): Told {
  const { subject, scope, steps } = readCounterexample(join(folder, file));
  const attempt = (prefix: readonly Step[]): Outcome => execute(enter(scope, subject, false), prefix);
  const outcome = attempt(steps);
  const last = Math.min(outcome.at, steps.length - 1);
  const after = Array.from({ length: last + 1 }, (_, length) => attempt(steps.slice(0, length)).violation?.property);
  const [line] = inevitability(attempt, steps, outcome);
  return { line, after, outcome };
}

describe("what is told as inevitable", () => {
  test.each(files)("in %s is so", (file) => {
    const { line, after, outcome } = told(file);
    const broken = outcome.violation?.property;
    const saved = after.findLastIndex((property) => property !== broken);
    if (saved < 0) return expect(line).toMatch(/^ {2}inevitable {2}from the start: /);
    const name = saved === outcome.at ? `only with step ${saved} itself` : `since step ${saved}`;
    const instead = after[saved] === undefined ? "nothing breaks" : `${after[saved]} breaks instead`;
    expect(line).toContain(`  inevitable  ${name} (`);
    expect(line.endsWith(`right before it, ${instead}`)).toBe(true);
  });

  test("is a later step where an earlier danger passed", () => {
    // After no step at all the reporter would miss a block, too; the alloc of step 0 takes that block away, that of step 1 brings another one.
    const { line, after } = told("page-reporting-L5-cached.json");
    expect(after.slice(0, 3)).toEqual(["completeness", undefined, "completeness"]);
    expect(line).toContain("since step 1 (alloc order 2)");
  });

  test("is the last step where only healing shows it", () => {
    expect(told("array-percpu-v9-V9-3-rest.json").line).toContain("since step 8 (CPU 0 goes on)");
  });

  test("is not known where a prefix can't be tried", () => {
    const broken = { property: "slip", explanation: "" } as const;
    const outcome: Outcome = { violation: broken, at: 1, unjudgedEnd: false, cutShort: false, healing: [] };
    expect(inevitability(() => undefined, [{ do: "work" }, { do: "work" }], outcome)).toEqual([]);
  });

  test("says where nothing can be told, since the host has lost a request", () => {
    const nothing: Outcome = { violation: undefined, at: 1, unjudgedEnd: true, cutShort: false, healing: [] };
    const broken: Outcome = { ...nothing, violation: { property: "slip", explanation: "" }, unjudgedEnd: false };
    expect(inevitability(() => nothing, [{ do: "work" }, { do: "work" }], broken)).toEqual([
      "  inevitable  only with step 1 itself (work): if users and administrator stop right before it, the host has lost a request, and the end can't be judged",
    ]);
  });
});
