/** Several threads see what one sees. */
import { expect, test } from "vitest";
import { explore } from "../../properties/drivers/explore/explore.ts";
import { exploreTogether } from "../../properties/drivers/explore/threads/together.ts";
import { SCOPES } from "../../properties/drivers/scopes.ts";
import type { Exploration, Report } from "../../properties/drivers/explore/report.ts";

const [EIGHT_PAGES] = SCOPES;
const whole: Exploration = {
  plan: {
    name: "eight pages",
    scope: EIGHT_PAGES,
    menu: { orders: [1], types: ["movable"], waits: [true], callers: 1, extras: ["refuse", "discard"] },
  },
  subject: { design: "page-reporting" },
  limit: 100_000,
};

/** What does not depend on who did what. */
function counted({ states, transitions, depth, frontier, ended, digest, cut, path }: Report): object {
  return { states, transitions, depth, frontier, ended, digest, cut, length: path.length };
}

test.each([1, 2, 3])("%i threads count the same as one alone", async (threads) => {
  const alone = explore(whole);
  expect(alone).toMatchObject({ ended: "complete" });
  expect(counted(await exploreTogether(whole, threads))).toEqual(counted(alone));
});

test("what is broken is found at the same distance", async () => {
  const broken: Exploration = { ...whole, subject: { design: "page-reporting", fault: "marked-although-refused" } };
  const alone = explore(broken);
  const together = await exploreTogether(broken, 2);
  expect(alone.ended).toBe("broken");
  expect(together.ended).toBe("broken");
  expect(together.path).toHaveLength(alone.path.length);
  expect(together.broken?.violation.property).toBe(alone.broken?.violation.property);
});

test("to a depth, and no further", async () => {
  const shallow: Exploration = { ...whole, depth: 5 };
  expect(counted(await exploreTogether(shallow, 2))).toEqual(counted(explore(shallow)));
});

test("a table that is full ends all threads", async () => {
  const report = await exploreTogether({ ...whole, limit: 300 }, 2);
  expect(report).toMatchObject({ ended: "full", states: 300 });
});
