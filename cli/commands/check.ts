/** `fpr check`: its options, and which of them go together. */
import { availableParallelism } from "node:os";
import type { CAC } from "cac";
import { DEFAULT_SEED, refuse, text, whole, type Flags } from "../flags.ts";
import { judged, type Verdict } from "../output.ts";

/** Runs when nobody says how many: about ten seconds a design. */
const DEFAULT_RUNS = 1000;
/** Of a campaign at full speed: as long, on one core. */
const FAST_RUNS = 20_000;

interface CheckFlags extends Flags {
  readonly design?: unknown;
  readonly runs?: unknown;
  readonly seed?: unknown;
  readonly fault?: unknown;
  readonly save?: unknown;
  readonly aim?: boolean;
  readonly fast?: boolean;
  readonly workers?: unknown;
  readonly state?: unknown;
}

/** Tells `fpr` of the command. */
export function checkCommand(cli: CAC): void {
  cli
    .command("check", "Random interleavings of model and implementation, side by side, all properties")
    .option("--design <ids>", "Only these designs, by comma: bitmap (all its variants), bitmap:v10 (default: all)")
    .option("--runs <n>", `Runs of each design (default: ${DEFAULT_RUNS}; with --fast: ${FAST_RUNS})`)
    .option("--seed <n>", `Where the random numbers begin (default: ${DEFAULT_SEED})`)
    .option("--fault <id>", "Plant this fault and find it; all: print the kill matrix")
    .option("--save <dir>", "Save counterexamples there")
    .option("--aim", "Print the shortest actions to each known transition that was never visited, and take them too")
    .option("--fast", "The implementation with all judges, but without the model, on all cores")
    .option("--workers <n>", "With --fast: so many threads (default: one a core)")
    .option("--state <file>", "With --fast: keep there how far it is, and go on from there")
    .example("  fpr check")
    .example("  fpr check --design page-reporting --runs 10000 --seed 7")
    .example("  fpr check --fault tail-insert-unguarded --save found")
    .example("  fpr check --fast --runs 125000 --state campaign.json     (a billion steps)")
    .action((flags: CheckFlags) => judged(flags.json ?? false, () => checks(flags)));
}

async function checks(flags: CheckFlags): Promise<Verdict> {
  const options = {
    seed: whole("seed", flags.seed, DEFAULT_SEED, 0),
    design: text("design", flags.design),
    save: text("save", flags.save),
  };
  if (flags.fast !== true) {
    for (const name of ["workers", "state"] as const) refuse(name, flags[name], "goes only with --fast");
    refuseBesideFault(flags);
    const { check } = await import("../check.ts");
    return check({
      ...options,
      runs: whole("runs", flags.runs, DEFAULT_RUNS, 1),
      fault: text("fault", flags.fault),
      aim: flags.aim ?? false,
    });
  }
  refuse("aim", flags.aim, "does not go with --fast: it tells what the small plans have, and that takes no cores");
  refuse("fault", flags.fault, "does not go with --fast: whether a planted fault is found, a few runs tell");
  const { checkFast } = await import("../check-fast.ts");
  return checkFast({
    ...options,
    runs: whole("runs", flags.runs, FAST_RUNS, 1),
    workers: whole("workers", flags.workers, availableParallelism(), 1),
    state: text("state", flags.state),
  });
}

function refuseBesideFault({ fault, aim, save }: CheckFlags): void {
  if (fault === undefined) return;
  refuse("aim", aim, "does not go with --fault: it is about the clean design");
  if (fault === "all") refuse("save", save, "does not go with --fault all: name the fault whose story is to be kept");
}
