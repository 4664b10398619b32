/** Keys straight from the guest are those that cells give, and a guest goes back through its key exactly. Of every design. */
import { describe, expect, test } from "vitest";
import { DESIGNS } from "../../impl/designs/index.ts";
import { xorshift } from "../../properties/drivers/campaign.ts";
import { walked } from "../../properties/drivers/explore/explore.ts";
import { Moves } from "../../properties/drivers/explore/moves.ts";
import { Packing } from "../../properties/drivers/explore/states/packing.ts";
import { plansFor, type Plan } from "../../properties/drivers/explore/plans.ts";
import { ExploredWorld } from "../../properties/drivers/explore/world.ts";

const STEPS = 40;
const SEED = 11;

describe.each(DESIGNS.map(({ id, variant }) => [id, variant] as const))("%s %s", (id, variant) => {
  test("keys are the same both ways, and every move is taken back", () => {
    for (const plan of plansFor(id, variant)) bothWays(plan, id);
  });
});

/** Walks by keys, beside a world that knows cells alone. */
function bothWays(plan: Plan, design: string): void {
  const ranges = walked(plan, { design });
  const packing = new Packing(ranges);
  const direct = new ExploredWorld(plan, { design });
  const plain = new ExploredWorld(plan, { design });
  const moves = new Moves(plan, direct.room);
  const choose = xorshift(SEED);
  const key = new Int32Array(packing.words);
  const [next, expected] = [key.slice(), key.slice()];
  const cells = direct.start();
  direct.useKeys(packing, cells);
  packing.pack(cells, key, 0);
  for (let step = 0; step < STEPS; step++) {
    packing.unpack(key, 0, cells);
    if (direct.enterKey(key) !== undefined || plain.enter(cells) !== undefined) return;
    const text = `${plan.name}, step ${step}`;
    expect(isSame(direct.start(), plain.start()), text).toBe(true);
    const possible = moves.look(direct);
    if (possible === 0) return;
    const [bytes, before] = [direct.guest.snapshot(), direct.start()];
    const move = moves.all[moves.possible[choose(possible)]];
    const [wrong, wrongToo] = [direct.take(move), plain.take(move)];
    expect(wrong?.property, text).toBe(wrongToo?.property);
    let fits = false;
    if (wrong === undefined) {
      plain.gather(cells);
      fits = packing.pack(cells, expected, 0) === 0;
      expect(direct.pack(next, 0) === 0, text).toBe(fits);
      if (fits) expect(isSame(next, expected), text).toBe(true);
    }
    direct.back();
    expect(isSame(direct.guest.snapshot(), bytes) && isSame(direct.start(), before), text).toBe(true);
    if (fits) key.set(next);
  }
}

function isSame(one: Int32Array | Uint8Array, other: Int32Array | Uint8Array): boolean {
  return one.every((value, at) => value === other[at]);
}
