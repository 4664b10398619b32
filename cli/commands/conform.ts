/** `fpr conform`: its options, and the program behind them. */
import type { CAC } from "cac";
import { InputError } from "../../model/alphabet/input-error.ts";
import { DEFAULT_TIMEOUT } from "../../oracle/process/timeout.ts";
import { DEFAULT_SEED, seconds, text, whole, type Flags } from "../flags.ts";
import { judged, type Verdict } from "../output.ts";

/** About 100,000 actions. */
const CONFORM_RUNS = 1000;
/** What a program hardly means to get. */
const OURS: ReadonlySet<string> = new Set(["--runs", "--geometry", "--timeout", "--workers", "--save"]);

interface ConformFlags extends Flags {
  readonly runs?: unknown;
  readonly seed?: unknown;
  readonly geometry?: unknown;
  readonly timeout?: unknown;
  readonly save?: unknown;
  readonly workers?: unknown;
  /** What stands behind it: the program and its arguments. */
  readonly "--"?: readonly string[];
}

/** Tells `fpr` of the command. */
export function conformCommand(cli: CAC): void {
  const command = cli
    .command(
      "conform [...misplaced]",
      "Judge a program in any language that speaks the live protocol: fpr conform -- ./adapter",
    )
    .usage("conform [options] -- COMMAND…")
    .option(
      "--runs <n>",
      `Runs of up to 120 actions (one in 32: 960), and then as many as it takes to rest (default: ${CONFORM_RUNS})`,
    )
    .option("--seed <n>", `Where the random numbers begin (default: ${DEFAULT_SEED})`)
    .option("--geometry <file>", "The machine: a file with a geometry (default: small and odd ones, in turn)")
    .option("--timeout <s>", `Seconds that one answer may take (default: ${DEFAULT_TIMEOUT})`)
    .option("--workers <n>", "So many processes of the program at the same time (default: 1)")
    .option("--save <dir>", "Save a counterexample there, or what was said to an adapter that is at fault")
    .example("  fpr conform -- ./adapter")
    .example("  fpr conform --runs 10000 --workers 4 --save found -- python3 adapter.py --verbose");
  // As it is listed; cac itself needs to be told of words that stand in front of `--`.
  command.rawName = "conform -- COMMAND…";
  command.action((misplaced: string[], flags: ConformFlags) =>
    judged(flags.json ?? false, () => conforms(misplaced, flags)),
  );
}

async function conforms(misplaced: readonly string[], flags: ConformFlags): Promise<Verdict> {
  const command = flags["--"] ?? [];
  if (command.length === 0 || misplaced.length > 0) {
    const found = misplaced.length > 0 ? `found ${misplaced.join(" ")} in front of --` : "no program";
    throw new InputError({}, `${found}; the program goes behind it: fpr conform -- ./adapter`);
  }
  const taken = command.filter((word) => OURS.has(word.split("=")[0]));
  if (taken.length > 0)
    console.error(`fpr: ${taken.join(", ")} behind -- ${taken.length === 1 ? "goes" : "go"} to the program`);
  const { conform } = await import("../conform.ts");
  return conform({
    command,
    runs: whole("runs", flags.runs, CONFORM_RUNS, 1),
    seed: whole("seed", flags.seed, DEFAULT_SEED, 0),
    geometry: text("geometry", flags.geometry),
    timeout: seconds("timeout", flags.timeout, DEFAULT_TIMEOUT),
    save: text("save", flags.save),
    workers: whole("workers", flags.workers, 1, 1),
  });
}
