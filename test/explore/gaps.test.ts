/** What Linux never reports though it could: each gap is found in its scope, and nothing is found where none is. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  exploreLiveness,
  tellLiveness,
  type ExploredLiveness,
} from "../../properties/drivers/explore/liveness/explore-liveness.ts";
import { GAPS, SOUND } from "../../properties/drivers/explore/liveness/gaps.ts";
import type { Move } from "../../properties/drivers/explore/moves.ts";
import { stepsOf } from "../../properties/drivers/explore/path.ts";
import { EVERYTHING_REPORTED, NOTHING_HELD } from "../../properties/drivers/explore/liveness/wishes.ts";
import { enter } from "../../properties/subjects.ts";

const DESIGN = "page-reporting";
const LIMIT = 100_000;

test.each(SOUND)("$name: every fair run reports everything", (plan) => {
  const explored = exploreLiveness(plan, { design: DESIGN }, [NOTHING_HELD, EVERYTHING_REPORTED], LIMIT);
  for (const line of tellLiveness(explored)) expect(line).toMatch(/^holds \(every fair run of scope .* \d+ pages\)$/);
});

test.each([
  ["largest-blocks-never-reported", "blocks of one size"],
  ["spent-budget-forgotten", "blocks of one size, a budget soon spent"],
])("with %s not everything is reported in %s", (fault, name) => {
  const plan = SOUND.find((one) => one.name === name);
  if (plan === undefined) throw new Error(`${name} is no plan`);
  const { results } = exploreLiveness(plan, { design: DESIGN, fault }, [EVERYTHING_REPORTED], LIMIT);
  expect(results[0]?.unending.map(({ kind }) => kind)).toContain("resting");
});

describe.each(GAPS)("$id", ({ plan, wish, comesTo }) => {
  let explored: ExploredLiveness;
  beforeAll(() => {
    explored = exploreLiveness(plan, { design: DESIGN }, [wish], LIMIT);
  }, 60_000);

  test(`${wish.name}: ${comesTo}`, () => {
    expect(explored.graph).toBeDefined();
    for (const { asked, unending } of explored.results) {
      expect(asked).not.toBe(0);
      expect([...new Set(unending.map(({ kind }) => kind))]).toEqual(comesTo === "holds" ? [] : [comesTo]);
    }
  });

  if (comesTo === "holds") return;
  test.each(["model", "impl"] as const)("the %s goes that way, and stays there", (system) => {
    const { graph, results, report } = explored;
    const [found] = results[0].unending;
    if (graph === undefined || found === undefined) throw new Error("there is no such run");
    const { stem, loop } = found.lasso;
    const world = enter(plan.scope, { design: DESIGN, system }, false);
    // Twice round: once to see that it can be gone, once more to see that it leads back.
    const watched = function* (): Generator<Move> {
      for (const [at, edge] of [...stem, ...loop, ...loop].entries()) {
        yield report.moves.all[graph.move[edge]];
        if (at + 1 >= stem.length) expect((wish.pages(world.view()) >>> found.page) & 1).toBe(1);
      }
    };
    expect(stepsOf(world, watched())).toHaveLength(stem.length + 2 * loop.length);
    if (comesTo === "resting") expect(world.guest.enabled()).toEqual([]);
  });
});

test("a failure of memory is the last step to L7, and nothing is told but that", () => {
  const gap = GAPS.find(({ id }) => id === "L7");
  if (gap === undefined) throw new Error("L7 is no gap");
  const told = tellLiveness(exploreLiveness(gap.plan, { design: DESIGN }, [gap.wish], LIMIT));
  expect(told.filter((line) => line.includes("memory-failure"))).toHaveLength(1);
  expect(told.at(-1)).toMatch(/^and there everything rests, and page \d is in a smaller block/);
});

test("what is not explored to its end is not judged", () => {
  const explored = exploreLiveness(SOUND[0], { design: DESIGN }, [NOTHING_HELD], 100);
  expect(explored.results).toEqual([]);
  expect(tellLiveness(explored)[0]).toMatch(/^unjudged: full at 100 states of scope /);
});
