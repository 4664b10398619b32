/** Equivalent faults survive every property, and each is a change all the same: somebody pays for it. */
import { describe, expect, test } from "vitest";
import { ImplGuest } from "../../impl/guest.ts";
import { xorshift } from "../../properties/drivers/campaign.ts";
import { sample } from "../../properties/drivers/random.ts";
import { isNothing, Schedule } from "../../properties/drivers/schedule.ts";
import { scopesFor, type Scope } from "../../properties/drivers/scopes.ts";
import { EQUIVALENTS, type Equivalent } from "../../properties/faults/equivalents.ts";
import { isEvidence } from "../../properties/faults/hunt.ts";
import { FAULTS } from "../../properties/faults/index.ts";
import { enter } from "../../properties/subjects.ts";

const RUNS = 150;
const STEPS = 600;
/** Steps after which other kinds of actors are at work. */
const SWARM = 30;
const SEED = 1;

/** What a workload costs the guest, and the host's memory: alike for two guests that do alike. */
function costsOf({ design, variant }: Equivalent, fault: string | undefined): number[] {
  return scopesFor(design, variant).flatMap((scope) => costsIn(scope, design, fault));
}

function costsIn(scope: Scope, design: string, fault: string | undefined): number[] {
  const world = enter(scope, { design, system: "impl", ...(fault === undefined ? {} : { fault }) }, false);
  const { guest, environment } = world;
  if (!(guest instanceof ImplGuest)) throw new TypeError("only the implementation counts what it does");
  const choose = xorshift(SEED);
  const schedule = new Schedule(world, world.traits);
  for (let taken = 0; taken < STEPS; taken++) {
    if (taken % SWARM === 0) schedule.swarm(choose);
    const step = schedule.next(choose);
    if (!isNothing(step) && world.perform(step, taken) !== undefined) break;
  }
  const { visited, inFreePath } = guest.reporter;
  return [visited, inFreePath, environment.swapped.pages, environment.swapped.forNothing, environment.takenBack];
}

describe.each(EQUIVALENTS)("$id", (equivalent) => {
  test("no property finds it, lockstep included", () => {
    const { design, variant = "", id } = equivalent;
    const sampled = sample({
      subject: { design, system: "impl", fault: id },
      scopes: scopesFor(design, variant),
      wanted: isEvidence(equivalent),
      runs: RUNS,
      seed: SEED,
      lockstep: true,
    });
    expect(sampled.found).toBeUndefined();
    expect(sampled.runs - sampled.cutShort).toBeGreaterThan(RUNS / 3);
  });

  test("it changes what is paid", () => {
    expect(costsOf(equivalent, equivalent.id)).not.toEqual(costsOf(equivalent, undefined));
  });
});

test("there are at least six, and none is among the faults", () => {
  expect(EQUIVALENTS.length).toBeGreaterThanOrEqual(6);
  expect(EQUIVALENTS.filter(({ id }) => FAULTS.has(id))).toEqual([]);
  expect(new Set(EQUIVALENTS.map(({ id }) => id)).size).toBe(EQUIVALENTS.length);
});
