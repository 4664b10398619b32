/**
 * `npm run bench`: each claim about the implementation's speed, as a ratio against something run beside it.
 *
 * CPU time, not wall; both arms in processes of their own, taking turns; medians. `--quick` takes fewer turns and leaves out the
 * largest zone.
 */
import { DEFAULT_SETTINGS } from "../model/alphabet/index.ts";
import type { Action } from "../model/alphabet/index.ts";
import { createImpl } from "../impl/guest.ts";
import { FRESH, passCost } from "./reporting.ts";
import { Twin, measureImpl, median } from "./twin.ts";
import { WORKLOADS, benchGuest } from "./workloads.ts";
import type { Measured, Workload } from "./workloads.ts";
import { judges } from "./judges.ts";

const DESIGN = "reported-boundary";
const quick = process.argv.includes("--quick");
const TURNS = quick ? 3 : 5;
const COMPARED_PAGES = 2 ** 20;
const SMALL = 2 ** 16;
const LARGE = quick ? 2 ** 22 : 2 ** 26;

function say(...columns: (string | number)[]): void {
  console.log(
    columns.map((column, at) => (at === 0 ? String(column).padEnd(14) : String(column).padStart(10))).join(""),
  );
}

/** One workload in both arms, in turn. */
function compare(twin: Twin, workload: Workload): number {
  const turns: { c: Measured; js: Measured }[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    turns.push({ c: twin.measure(workload, COMPARED_PAGES), js: measureImpl(workload, COMPARED_PAGES, DESIGN) });
  }
  const same = turns.every(({ c, js }) => c.digest === js.digest);
  const c = median(turns.map((turn) => turn.c.nanosecondsPerOp));
  const js = median(turns.map((turn) => turn.js.nanosecondsPerOp));
  const ratio = median(turns.map((turn) => turn.js.nanosecondsPerOp / turn.c.nanosecondsPerOp));
  say(workload, c.toFixed(1), js.toFixed(1), ratio.toFixed(2), same ? "equal" : "DIFFERENT");
  if (!same) process.exitCode = 1;
  return ratio;
}

function compareAll(): void {
  console.log(`\nAgainst plain C, ${COMPARED_PAGES} pages, ${DESIGN} compiled in and idle (ns/op, median of ${TURNS})`);
  const twin = Twin.build();
  if (twin === undefined) {
    console.log("No C compiler found (cc, gcc, clang): this comparison is left out.");
    return;
  }
  say("workload", "C", "impl", "impl/C", "digests");
  const ratios = WORKLOADS.map((workload) => compare(twin, workload));
  say(
    "geometric mean",
    "",
    "",
    Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length).toFixed(2),
  );
  twin.remove();
}

function growth(): void {
  console.log(`\nGrowth with the zone, ${SMALL} to ${LARGE} pages (ns/op, median of 3)`);
  say("workload", "small", "large", "growth");
  for (const workload of ["order0_hot", "fill", "drain_seq"] as const) {
    const turns = Array.from({ length: 3 }, () => ({
      small: measureImpl(workload, SMALL, DESIGN).nanosecondsPerOp,
      large: measureImpl(workload, LARGE, DESIGN).nanosecondsPerOp,
    }));
    const small = median(turns.map((turn) => turn.small));
    const large = median(turns.map((turn) => turn.large));
    say(workload, small.toFixed(1), large.toFixed(1), (large / small).toFixed(2));
  }
}

function metadata(): void {
  const bytes = benchGuest(COMPARED_PAGES, DESIGN).state.buffer.byteLength;
  console.log(`\nMetadata: ${(bytes / COMPARED_PAGES).toFixed(3)} bytes a page`);
}

function reporting(): void {
  console.log(
    `\nA pass over many reported blocks, ${FRESH} of them freed anew (entries visited and ns, for each reported)`,
  );
  say("blocks", "reported", "visited", "ns");
  // The first pass compiles; it is not shown.
  passCost(1000);
  for (const blocks of [1e3, 1e4, 1e5, 1e6, quick ? 2e6 : 1e7]) {
    const cost = passCost(blocks);
    say(blocks, cost.reported, cost.visitedPerReported.toFixed(3), cost.nanosecondsPerReported.toFixed(0));
  }
}

/** Whole actions, with their events, in a guest as small as those that are explored. */
function steps(): void {
  const watermarks = { min: 0, low: 0, high: 0 };
  const zones = [{ name: "Normal", node: 0, start: 0, pages: 32, holes: [], watermarks }];
  const geometry = { pageSize: 4096, maxOrder: 3, pageblockOrder: 2, reportOrder: 2, capacity: 2, zones };
  const guest = createImpl(DESIGN, geometry, DEFAULT_SETTINGS);
  const round: Action[] = [];
  for (const migratetype of ["movable", "unmovable"] as const) {
    for (const order of [0, 1, 2]) round.push({ do: "alloc", order, migratetype, node: 0, cpu: 0, wait: false });
  }
  const rounds = 2 ** 18;
  const run = (times: number): number => {
    let taken = 0;
    for (let time = 0; time < times; time++) {
      for (const action of round) {
        const [event] = guest.perform(action);
        if (event?.event === "alloc") guest.perform({ do: "free", pfn: event.pfn, order: event.order, cpu: 0 });
        taken += 2;
      }
      guest.perform({ do: "tick" });
      guest.perform({ do: "work" });
      guest.perform({ do: "ack", request: 1, ok: true });
      taken += 3;
    }
    return taken;
  };
  run(rounds >> 3);
  const before = process.cpuUsage();
  const taken = run(rounds);
  const { user, system } = process.cpuUsage(before);
  console.log(`\nActions: ${(taken / (user + system)).toFixed(2)} million a second of CPU time, events included`);
}

metadata();
steps();
reporting();
compareAll();
growth();
judges(process.argv.includes("--quick"));
