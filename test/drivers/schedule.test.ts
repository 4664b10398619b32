/** Which steps a schedule draws for whom: what a design never hears of, and what is not possible now, does not come up. */
import { describe, expect, test } from "vitest";
import type { Step } from "../../model/alphabet/index.ts";
import { xorshift } from "../../properties/drivers/campaign.ts";
import { isNothing, Schedule } from "../../properties/drivers/schedule.ts";
import { scopesFor } from "../../properties/drivers/scopes.ts";
import type { World } from "../../properties/drivers/world.ts";
import { enter } from "../../properties/subjects.ts";

/** What random runs in the scope of this name drew, run after run. */
function drawn(design: string, variant: string, scope: string, see: (step: Step, world: World) => void): void {
  const machine = scopesFor(design, variant).find(({ name }) => name === scope);
  if (machine === undefined) throw new Error(`there is no scope ${scope}`);
  const choose = xorshift(1);
  for (let run = 0; run < 40; run++) {
    const world = enter(machine, { design, system: "impl" }, false, { known: () => true });
    const schedule = new Schedule(world, world.traits);
    schedule.swarm(choose);
    for (let index = 0; index < 100 && !world.cut; index++) {
      const step = schedule.next(choose);
      if (isNothing(step)) continue;
      see(step, world);
      world.perform(step, index);
    }
  }
}

function kinds(design: string, variant: string, scope: string): Set<string> {
  const found = new Set<string>();
  drawn(design, variant, scope, (step) => {
    found.add(step.do === "hint" ? `hint ${step.command}` : step.do === "migrate" ? `migrate ${step.phase}` : step.do);
  });
  return found;
}

const HINTS = ["hint start", "hint stop", "hint done"];
const MIGRATION = ["migrate begin", "migrate sync", "migrate transfer", "migrate end"];
const DEVICE = ["assign", "unassign"];
const OTHERS = ["proceed", "pressure", "balloon", "squeeze"];

test.each<[string, string, string, readonly string[]]>([
  ["none", "", "one zone", DEVICE],
  ["page-reporting", "", "dropped lazily", [...DEVICE, "squeeze"]],
  ["array-percpu", "v8", "two CPUs", [...DEVICE, "proceed"]],
  ["balloon", "shrinker", "one zone", [...DEVICE, "balloon", "pressure"]],
  ["free-page-hint", "plain", "one zone", [...DEVICE, ...HINTS, "pressure"]],
  ["free-page-hint", "plain", "migration, the log read at once", [...HINTS, ...MIGRATION, "pressure"]],
])("%s %s, %s", (design, variant, scope, mine) => {
  const found = kinds(design, variant, scope);
  const all = [...HINTS, ...MIGRATION, ...DEVICE, ...OTHERS];
  expect(all.filter((kind) => found.has(kind))).toEqual(all.filter((kind) => mine.includes(kind)));
});

test("only designs that hear of hints are tried in migrations", () => {
  const tried = (design: string): boolean =>
    scopesFor(design).some(({ settings }) => settings.hintsFor === "migration");
  expect([tried("get-put-hints"), tried("page-reporting"), tried("balloon")]).toEqual([true, false, false]);
});

test("a scope is set to the variant that is asked for", () => {
  expect(new Set(scopesFor("bitmap", "v10").map(({ settings }) => settings.variant))).toEqual(new Set(["v10"]));
});

describe("in a migration", () => {
  test("phases come in order, and a round of hints after each reading of the log", () => {
    let underWay = false;
    let rounds = 0;
    drawn("get-put-hints", "repaired", "migration, the log read by chunks", (step, world) => {
      if (world.environment.migration?.underWay !== underWay) underWay = false;
      if (step.do === "hint" && step.command === "start") {
        expect(underWay).toBe(true);
        expect(rounds++).toBe(0);
      }
      if (step.do !== "migrate") return;
      expect(step.phase === "begin").toBe(!underWay);
      underWay = step.phase !== "end";
      if (step.phase !== "transfer") rounds = 0;
    });
  });
});
