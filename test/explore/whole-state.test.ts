/**
 * A state's key is all of it: a guest that is built anew from the key before every move goes on exactly as one that has
 * lived through all moves. Of every design, on every plan.
 */
import { describe, expect, test } from "vitest";
import { DESIGNS } from "../../impl/designs/index.ts";
import { SCOPES, scopesFor } from "../../properties/drivers/scopes.ts";
import { xorshift } from "../../properties/drivers/campaign.ts";
import { Moves } from "../../properties/drivers/explore/moves.ts";
import { Packing, Ranges } from "../../properties/drivers/explore/states/packing.ts";
import type { Plan } from "../../properties/drivers/explore/plans.ts";
import { ExploredWorld } from "../../properties/drivers/explore/world.ts";

const STEPS = 200;
const SEED = 7;

/** All that may be on a menu. */
const EVERYTHING: Plan["menu"]["extras"] = [
  "refuse",
  "discard",
  "lose",
  "drain",
  "compact",
  "scan",
  "offline",
  "online",
  "abort",
  "memory-failure",
  "set-order",
  "unregister",
  "register",
  "freeze",
  "thaw",
  "pressure",
  "balloon",
  "hint",
];

/** Scopes of 32 pages and less, without what an explorer does not tell: lazy drops and migrations. */
const NAMES = SCOPES.filter(({ settings }) => settings.hostDrops === "at-once").map(({ name }) => name);

describe.each(DESIGNS.map(({ id, variant }) => [id, variant] as const))("%s %s", (id, variant) => {
  test.each(NAMES)("in %s", (name) => {
    const scope = scopesFor(id, variant).find((one) => one.name === name);
    if (scope === undefined) throw new Error(`there is no scope ${name}`);
    const menu: Plan["menu"] = {
      orders: [0, 1, scope.geometry.maxOrder],
      types: ["movable", "unmovable", "highatomic"],
      waits: [true, false],
      callers: 2,
      extras: EVERYTHING,
    };
    goesOn({ name, scope, menu }, id);
  });
});

function goesOn(plan: Plan, design: string): void {
  const states = walk(plan, design);
  const ranges = new Ranges(states[0]);
  for (const cells of states) ranges.widen(cells);
  const packing = new Packing(ranges);
  const key = new Int32Array(packing.words);
  const lived = new ExploredWorld(plan, { design });
  const rebuilt = new ExploredWorld(plan, { design });
  const moves = new Moves(plan, lived.room);
  const choose = xorshift(SEED);
  const again = states[0].slice();
  for (const [step, cells] of states.entries()) {
    const move = moves.all[moves.possible[choose(moves.look(lived))]];
    const text = `${step}: ${JSON.stringify(move)}`;
    expect(packing.pack(cells, key, 0), text).toBe(0);
    packing.unpack(key, 0, again);
    rebuilt.enter(again);
    lived.take(move);
    // After a violation the judges know nothing more.
    if (rebuilt.take(move) !== undefined) return;
    rebuilt.gather(again);
    const expected = lived.start();
    expect(JSON.stringify(rebuilt.events), text).toBe(JSON.stringify(lived.events));
    if (again.some((value, cell) => value !== expected[cell])) expect(again, text).toEqual(expected);
  }
}

/** The states that a random walk comes through. */
function walk(plan: Plan, design: string): Int32Array[] {
  const world = new ExploredWorld(plan, { design });
  const moves = new Moves(plan, world.room);
  const choose = xorshift(SEED);
  const states: Int32Array[] = [];
  for (let step = 0; step < STEPS; step++) {
    states.push(world.start());
    if (world.take(moves.all[moves.possible[choose(moves.look(world))]]) !== undefined) break;
  }
  return states;
}
