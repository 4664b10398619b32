/**
 * Every interleaving of a plan, breadth first: all states that can be reached, each told from the others by all that it
 * is, each judged; all moves from each, each judged. So what is found is found by a shortest path.
 */
import { xorshift } from "../campaign.ts";
import { Expander, type Explored, type Observer } from "./expander.ts";
import { Moves } from "./moves.ts";
import { Packing, Ranges } from "./states/packing.ts";
import type { Plan } from "./plans.ts";
import { goesOn, nextLevel, progressOf, reportOf, type Exploration, type Level, type Report } from "./report.ts";
import { symmetryOf } from "./symmetry/symmetry-refusal.ts";
import { RealPath, type Alike } from "./symmetry/symmetry-path.ts";
import { StateTable } from "./states/table.ts";
import { ExploredWorld } from "./world.ts";

/** Walks, and their steps, that find out how far cells range before anything is explored. */
const WALKS = 8;
const WALK_STEPS = 250;
/** States expanded between two reports of progress. */
const STRIDE = 4096;

/**
 * Explores a plan on one thread.
 * @param alike says which states are alike. Default: as the exploration wants it
 * @throws InputError where the guest can't work with the plan, or has no symmetry
 */
export function explore(exploration: Exploration, alike = alikeIn(exploration)): Report {
  const ranges = walked(exploration.plan, exploration.subject);
  for (;;) {
    const report = attempt(exploration, alike, new Packing(ranges), ranges);
    if (report !== undefined) return report;
  }
}

/** @returns undefined where a state did not fit: the ranges are wider now */
function attempt(
  exploration: Exploration,
  alike: Alike | undefined,
  packing: Packing,
  ranges: Ranges,
): Report | undefined {
  const { plan, subject, limit, known = [], depth, progress } = exploration;
  const table = new StateTable(packing.words, limit);
  const observer: Observer = {};
  const expander = new Expander(plan, subject, packing, ranges, table, known, observer, alike);
  Object.assign(observer, exploration.observe?.(expander, table));
  expander.begin(exploration.starts?.(expander.world.start(), expander.world));
  let level: Level = { depth: 0, from: 0, to: table.size };
  while (goesOn(level, expander.findings(), depth)) {
    for (let at = level.from; at < level.to; at += STRIDE) {
      expander.expand(at, Math.min(at + STRIDE, level.to));
      progress?.(progressOf(table, { ...level, from: at }, expander.transitions));
    }
    expander.flush();
    if (expander.overflowed) return undefined;
    level = nextLevel(level, table);
  }
  if (!expander.full && expander.broken === undefined) expander.judge(level.from, level.to);
  const report = reportOf(table, packing, expander.moves, level, expander.findings());
  return alike === undefined ? report : really(report, new RealPath(plan, subject, alike, packing, table));
}

/** Which states are alike, where that is wanted. */
export function alikeIn({
  plan,
  subject,
  symmetric,
}: Pick<Exploration, "plan" | "subject" | "symmetric">): Alike | undefined {
  return symmetric === true ? (world) => symmetryOf(plan, subject, world) : undefined;
}

/** The report with what really leads to what is broken, not to a state like it. */
export function really(report: Report, path: RealPath): Report {
  return report.broken === undefined ? report : { ...report, path: path.to(report.broken) };
}

/** How far cells range in a few random walks: most of what the exploration will meet. */
export function walked(plan: Plan, subject: Explored): Ranges {
  const world = new ExploredWorld(plan, subject);
  const moves = new Moves(plan, world.room);
  const start = world.start();
  const ranges = new Ranges(start);
  const cells = start.slice();
  for (let walk = 0; walk < WALKS; walk++) {
    const choose = xorshift(walk + 1);
    let wrong = world.enter(start);
    for (let step = 0; step < WALK_STEPS && wrong === undefined; step++) {
      const possible = moves.look(world);
      if (possible === 0 || world.take(moves.all[moves.possible[choose(possible)]]) !== undefined) break;
      world.gather(cells);
      ranges.widen(cells);
      wrong = world.enter(cells);
    }
  }
  return ranges;
}
