/** `fpr replay`: its options. */
import type { CAC } from "cac";
import { DEFAULT_TIMEOUT } from "../../oracle/process/timeout.ts";
import { seconds, type Flags } from "../flags.ts";
import { judged } from "../output.ts";

interface ReplayFlags extends Flags {
  readonly timeout?: unknown;
  /** What stands behind it: another program to take the steps of a program. */
  readonly "--"?: readonly string[];
}

/** Tells `fpr` of the command. */
export function replayCommand(cli: CAC): void {
  cli
    .command("replay <file>", "Tell a counterexample again: run it exactly once, step by step")
    .usage("replay [options] <file> [-- COMMAND…]")
    .option("--timeout <s>", `Where it is a program's: seconds that one answer may take (default: ${DEFAULT_TIMEOUT})`)
    .example("  fpr replay test/counterexamples/page-reporting-kernel-fake-oom.json")
    .example("  fpr replay found/adapter-exclusion.json -- ./build/adapter     (not the program that it names)")
    .action((file: string, flags: ReplayFlags) =>
      judged(flags.json ?? false, async () => {
        const { replay } = await import("../replay.ts");
        const { "--": command = [] } = flags;
        return replay(file, seconds("timeout", flags.timeout, DEFAULT_TIMEOUT), command);
      }),
    );
}
