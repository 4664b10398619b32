/** A design from outside: a few lines for the model, its twin for the implementation, and everything drives and judges them. */
import { expect, test } from "vitest";
import { addDesign as addToImpl } from "../../impl/designs/index.ts";
import { REST, Reporter as ImplReporter } from "../../impl/reporter.ts";
import { MIGRATETYPES } from "../../model/alphabet/index.ts";
import type { Pfn, ReporterState } from "../../model/alphabet/index.ts";
import { blockAt } from "../../model/blocks.ts";
import { firstAnswer, hold, letGo, settle, submit } from "../../model/designs/holding.ts";
import { addDesign as addToModel } from "../../model/designs/index.ts";
import { none } from "../../model/designs/none.ts";
import { leaveIfDone, restingReporter, type Design } from "../../model/reporter.ts";
import type { Turn } from "../../model/state.ts";
import { sample, type Sampled } from "../../properties/drivers/random.ts";
import { SCOPES } from "../../properties/drivers/scopes.ts";

/** Reports movable blocks of exactly the report order, one at a time; a free of such a block wakes it. */
const oneByOne: Design = {
  ...none,
  id: "one-by-one",
  title: "one block at a time",
  source: "this test",
  claims: ["watermark", "bounded-hold", "migratetype"],
  hearsRefusals: true,
  callersWait: true,
  marks: "this very block",

  start: restingReporter,
  notify(_turn, mine, _zone, order) {
    if (order === mine.reportOrder && mine.device === "registered" && mine.phase === "rest") mine.timer = 0;
  },
  canWork: (mine) =>
    mine.phase === "rest"
      ? mine.timer === 0 && mine.device !== "unregistered" && !mine.frozen
      : firstAnswer(mine) !== "none",
  work(turn, mine) {
    if (mine.phase === "rest") {
      const pfn = unreported(turn, mine.reportOrder);
      mine.timer = -1;
      if (pfn === undefined || !hold(turn, mine, pfn)) return;
      submit(turn, mine, [pfn]);
      mine.phase = "wait";
      return;
    }
    const dropped = firstAnswer(mine) === "ok";
    settle(mine, 1);
    mine.batch.forEach((pfn) => letGo(turn, mine, pfn, dropped));
    mine.phase = "rest";
    mine.timer = 0;
    leaveIfDone(turn, mine, true);
  },
  unregister(turn, mine) {
    if (mine.device === "registered") mine.device = "leaving";
    leaveIfDone(turn, mine, mine.phase === "rest");
  },
  describe: ({ device, phase, timer }): ReporterState => ({ device, phase, timer }),
};

/** The first movable block of that order that is not reported. */
function unreported(turn: Turn, order: number): Pfn | undefined {
  const lists = turn.zones.map(({ lists }) => lists[order].movable.blocks);
  return lists.flat().find((pfn) => blockAt(turn, pfn)?.reported === false);
}

const MOVABLE = MIGRATETYPES.indexOf("movable");

class OneByOne extends ImplReporter {
  override notify(_zone: number, order: number): void {
    if (order === this.reportOrder && this.device === "registered" && this.phase === REST) this.timer = 0;
  }

  override canWork(): boolean {
    return this.phase === REST ? this.canBegin() : this.answer !== "none";
  }

  override work(): void {
    if (!this.canWork()) return;
    if (this.phase === REST) this.send();
    else this.putBackHeld();
  }

  send(): void {
    this.timer = -1;
    for (let zone = 0; zone < this.shape.zones; zone++) {
      const block = this.unreported(zone);
      if (block < 0) continue;
      if (!this.take(zone, block, this.reportOrder)) return;
      this.submit(this.ranges());
      this.phase = REST + 1;
      return;
    }
  }

  unreported(zone: number): number {
    let block = this.buddy.firstOf(zone, this.reportOrder, MOVABLE);
    while (block >= 0 && this.buddy.isMarked(block)) block = this.buddy.after(block);
    return block;
  }

  putBackHeld(): void {
    const dropped = this.answer === "ok";
    this.closeRequest();
    this.putBack(this.firstHeld, dropped);
    this.phase = REST;
    this.timer = 0;
    this.leaveIfDone();
  }

  override describe(): ReporterState {
    const { device, timer } = this;
    return { device, phase: this.phase === REST ? "rest" : "wait", timer };
  }
}

/** The deliberate mistake: it does not look whether a block is reported already. */
class Forgetful extends OneByOne {
  override unreported(zone: number): number {
    return this.buddy.firstOf(zone, this.reportOrder, MOVABLE);
  }
}

addToModel(oneByOne);
addToImpl({ id: oneByOne.id, variant: "", create: (parts) => new OneByOne(parts) });
addToModel({ ...oneByOne, variant: "forgetful" });
addToImpl({ id: oneByOne.id, variant: "forgetful", create: (parts) => new Forgetful(parts) });

function drive(variant: string): Sampled {
  const scopes = SCOPES.map((scope) => ({ ...scope, settings: { ...scope.settings, variant } }));
  return sample({ subject: { design: oneByOne.id, system: "impl" }, scopes, runs: 100, seed: 1, lockstep: true });
}

test("model and implementation are the same in random runs, and every judge is content", () => {
  const { found, runs } = drive("");
  expect(found?.shrunk.violation).toBeUndefined();
  expect(runs).toBe(100);
});

test("a mistake in one of them is found", () => {
  expect(drive("forgetful").found?.shrunk.violation.property).toBe("lockstep");
});

test("an id and a variant can be there once only", () => {
  expect(() => addToModel(oneByOne)).toThrow(/already/);
  expect(() => addToImpl({ id: oneByOne.id, variant: "", create: (parts) => new OneByOne(parts) })).toThrow(/already/);
});
