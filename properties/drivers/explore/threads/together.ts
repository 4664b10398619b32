/**
 * Explores a plan on several threads: each has a guest of its own, all share the table of states (workers.ts). What is
 * counted and found is the same as on one; which of several shortest paths is told may differ.
 */
import { Expander, type Broken, type Explored, type Findings } from "../expander.ts";
import { alikeIn, really, walked } from "../explore.ts";
import { Digest, type Lanes } from "../states/hash.ts";
import { Packing, Ranges } from "../states/packing.ts";
import type { Plan } from "../plans.ts";
import {
  goesOn,
  nextLevel,
  progressOf,
  reportOf,
  type Exploration,
  type Known,
  type Level,
  type Report,
} from "../report.ts";
import { RealPath } from "../symmetry/symmetry-path.ts";
import { shareTable, SharedTable } from "../states/shared-table.ts";
import type { States } from "../states/table.ts";
import { Crew, type Hand } from "./workers.ts";

/** What can be explored on several threads. */
type Shared = Omit<Exploration, "observe" | "starts">;

/** What a thread must know: plain data. */
interface Task {
  readonly plan: Plan;
  readonly subject: Explored;
  readonly known: readonly Known[];
  readonly symmetric: boolean;
  readonly ranges: Pick<Ranges, "least" | "most">;
}

/**
 * As `explore`, on so many threads.
 * @throws InputError where the guest can't work with the plan
 */
export async function exploreTogether(exploration: Shared, threads: number): Promise<Report> {
  const ranges = walked(exploration.plan, exploration.subject);
  for (;;) {
    const report = await attempt(exploration, ranges, threads);
    if (report !== undefined) return report;
  }
}

/** @returns undefined where a state did not fit: the ranges are wider now */
async function attempt(exploration: Shared, ranges: Ranges, threads: number): Promise<Report | undefined> {
  const { plan, subject, limit, known = [], symmetric = false, depth, progress } = exploration;
  const alike = alikeIn(exploration);
  const packing = new Packing(ranges);
  const memory = shareTable(packing.words, limit);
  const table = new SharedTable(memory);
  // Who begins and ends; the threads do all between.
  const expander = new Expander(plan, subject, packing, ranges, table, known, {}, alike);
  expander.begin();
  const task: Task = { plan, subject, known, symmetric, ranges: { least: ranges.least, most: ranges.most } };
  const crew = new Crew<Task, Findings>(import.meta.url, task, memory, threads);
  try {
    let level: Level = { depth: 0, from: 0, to: table.size };
    let findings = expander.findings();
    while (goesOn(level, findings, depth)) {
      findings = joined(await crew.expand(level.from, level.to));
      if (findings.wider !== undefined) {
        takeIn(ranges, findings.wider);
        return undefined;
      }
      level = nextLevel(level, table);
      progress?.(progressOf(table, level, findings.transitions));
    }
    if (findings.broken === undefined && !findings.full) {
      expander.judge(level.from, level.to);
      findings = { ...findings, broken: expander.broken };
    }
    const report = reportOf(table, packing, expander.moves, level, findings);
    return alike === undefined ? report : really(report, new RealPath(plan, subject, alike, packing, table));
  } finally {
    await crew.dismiss();
  }
}

/** What runs in each thread: see `Crew`. */
export function makeHand({ plan, subject, known, symmetric, ranges }: Task, table: States): Hand<Findings> {
  const own = new Ranges(ranges.least);
  takeIn(own, ranges);
  const expander = new Expander(
    plan,
    subject,
    new Packing(own),
    own,
    table,
    known,
    {},
    alikeIn({ plan, subject, symmetric }),
  );
  return {
    expand: (from, to) => expander.expand(from, to),
    flush: () => expander.flush(),
    get isOver() {
      return expander.full || expander.overflowed;
    },
    report: () => expander.findings(),
  };
}

/** What all threads together counted and found. */
function joined(all: readonly Findings[]): Findings {
  const [first] = all;
  const wider = all.flatMap((findings) => findings.wider ?? []);
  const ranges = wider.length === 0 ? undefined : new Ranges(wider[0].least);
  for (const one of wider) if (ranges !== undefined) takeIn(ranges, one);
  return {
    ...first,
    transitions: all.reduce((sum, { transitions }) => sum + transitions, 0),
    represented: all.reduce((sum, { represented }) => sum + represented, 0),
    cut: all.reduce((sum, { cut }) => sum + cut, 0),
    full: all.some(({ full }) => full),
    broken: least(all.flatMap(({ broken }) => broken ?? [])),
    states: summed(all.map(({ states }) => states)),
    edges: summed(all.map(({ edges }) => edges)),
    wider: ranges,
  };
}

/** Makes ranges wide enough for what others have met. */
function takeIn(ranges: Ranges, { least, most }: Pick<Ranges, "least" | "most">): void {
  ranges.widen(least);
  ranges.widen(most);
}

function summed(digests: readonly Lanes[]): Lanes {
  const sum = new Digest();
  for (const lanes of digests) sum.join(lanes);
  return sum.lanes;
}

/** The same one whatever thread has found it: first states, which are nearer, then by what is said of it. */
function least(found: readonly Broken[]): Broken | undefined {
  const rank = ({ move, violation }: Broken): string =>
    `${move === undefined ? 0 : 1} ${violation.property} ${violation.explanation}`;
  return [...found].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0];
}
