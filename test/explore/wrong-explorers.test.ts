/**
 * Explorers that are wrong on purpose. The plain search over the model (model-search.ts) knows nothing of cells and keys,
 * so that its counts catch them. (One whose symmetry is unsound: symmetry.test.ts.)
 */
import { expect, test } from "vitest";
import { GuestCells } from "../../impl/cells.ts";
import { explore } from "../../properties/drivers/explore/explore.ts";
import { searchModel } from "../../properties/drivers/explore/refinement/model-search.ts";
import { plansFor, type Plan } from "../../properties/drivers/explore/plans.ts";
import type { Report } from "../../properties/drivers/explore/report.ts";
import type { Canonical } from "../../properties/drivers/explore/symmetry/symmetry.ts";
import { ExploredWorld } from "../../properties/drivers/explore/world.ts";

const DESIGN = "page-reporting";
const LIMIT = 100_000;

function planNamed(name: string): Plan {
  const plan = plansFor(DESIGN, "").find((one) => one.name === name);
  if (plan === undefined) throw new Error(`there is no plan ${name}`);
  return plan;
}

const plan = planNamed("device");
const truth = searchModel({ plan, design: DESIGN, limit: LIMIT, known: [] });
const exploration = { plan, subject: { design: DESIGN }, limit: LIMIT };

/** What the certificate compares. */
function counts({ ended, states, transitions, depth }: Omit<Report, "digest">): object {
  return { ended, states, transitions, depth };
}

test("the right one counts what the model counts", () => {
  const { ended, states, transitions, depth } = truth;
  expect(counts(explore(exploration))).toEqual({ ended, states, transitions, depth });
});

test.each(plan.menu.extras)("one that forgets the action %s is caught by its counts", (forgotten) => {
  const { menu } = plan;
  const forgetful = { ...plan, menu: { ...menu, extras: menu.extras.filter((extra) => extra !== forgotten) } };
  const report = explore({ ...exploration, plan: forgetful });
  expect([report.states, report.transitions]).not.toEqual([truth.states, truth.transitions]);
});

test("one that drops a word from the key, whichever, is caught by its counts, or by what it breaks", () => {
  const honest = explore(exploration);
  const unnoticed: number[] = [];
  for (const cell of varying(exploration)) {
    // Two states that differ in this word alone are taken for one.
    const forget = (): Canonical => ({
      canonical: (cells) => {
        cells[cell] = 0;
        return 1;
      },
    });
    const report = caught(() => explore(exploration, forget));
    if (report !== undefined && same(report, honest)) unnoticed.push(cell);
  }
  expect(unnoticed).toEqual(unread());
});

/** What a request names: the guest wrote it down, puts back what it holds by other words, and reads these no more. */
function unread(): number[] {
  const { guest } = new ExploredWorld(plan, { design: DESIGN });
  const reporter = new GuestCells(guest, plan.menu.callers).rows.find(({ name }) => name === "reporter");
  const end = reporter === undefined ? 0 : reporter.at + reporter.length;
  return [end - 2, end - 1];
}

/** Undefined where it could not even go on. */
function caught(run: () => Report): Report | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

function same(one: Report, other: Report): boolean {
  return JSON.stringify(counts(one)) === JSON.stringify(counts(other));
}

/** The cells that are not the same in all states. */
function varying(of: typeof exploration): number[] {
  const found = new Set<number>();
  let first: Int32Array | undefined;
  const watch = (): Canonical => ({
    canonical: (cells) => {
      first ??= cells.slice();
      for (let cell = 0; cell < cells.length; cell++) if (cells[cell] !== first[cell]) found.add(cell);
      return 1;
    },
  });
  explore(of, watch);
  return [...found];
}
