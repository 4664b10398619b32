/** `fpr compare`: its options. */
import type { CAC } from "cac";
import { DEFAULT_SEED, text, whole, type Flags } from "../flags.ts";
import { judged } from "../output.ts";

/** Enough to meet every failure on record many times; about a minute for all designs. */
const COMPARE_RUNS = 200;

interface CompareFlags extends Flags {
  readonly design?: unknown;
  readonly runs?: unknown;
  readonly seed?: unknown;
  readonly markdown?: boolean;
}

/** Tells `fpr` of the command. */
export function compareCommand(cli: CAC): void {
  cli
    .command(
      "compare",
      "The designs side by side: which holds what, the shortest story where one fails, what each costs",
    )
    .option("--design <ids>", "Only these designs, by comma: bitmap (all its variants), bitmap:v10 (default: all)")
    .option("--runs <n>", `Runs of each design and variant (default: ${COMPARE_RUNS})`)
    .option("--seed <n>", `Where the random numbers begin (default: ${DEFAULT_SEED})`)
    .option("--markdown", "Print Markdown")
    .example("  fpr compare")
    .example("  fpr compare --design bitmap,page-reporting --markdown")
    .action((flags: CompareFlags) =>
      judged(flags.json ?? false, async () => {
        const { compare } = await import("../compare.ts");
        return compare({
          runs: whole("runs", flags.runs, COMPARE_RUNS, 1),
          seed: whole("seed", flags.seed, DEFAULT_SEED, 0),
          design: text("design", flags.design),
          markdown: flags.markdown ?? false,
        });
      }),
    );
}
