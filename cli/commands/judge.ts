/** `fpr judge`: its options. */
import type { CAC } from "cac";
import { STANDARD_INPUT, text, type Flags } from "../flags.ts";
import { judged } from "../output.ts";

interface JudgeFlags extends Flags {
  readonly design?: unknown;
}

/** Tells `fpr` of the command. */
export function judgeCommand(cli: CAC): void {
  cli
    .command(
      "judge <...sources>",
      "Judge recorded traces: .jsonl files (also gzipped), Linux captures (directories), - for standard input (a pipe that goes on is told of a violation at once)",
    )
    .option("--design <id>", "Of which design the traces are: tells which of its transitions they never show")
    .example("  fpr judge test/fixtures/linux-6.1-tiny")
    .example("  fpr judge --design page-reporting trace.jsonl")
    .example("  zcat trace.jsonl.gz | fpr judge -")
    .action((sources: string[], flags: JudgeFlags) =>
      judged(flags.json ?? false, async () => {
        const { judge } = await import("../judge.ts");
        const named = sources.map((source) => (source === STANDARD_INPUT ? "-" : source));
        return judge(named, text("design", flags.design));
      }),
    );
}
