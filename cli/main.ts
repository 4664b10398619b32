#!/usr/bin/env node
/** `fpr`: the commands of `wire.md`. One file a command; each is loaded only when it is asked for. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { cac } from "cac";
import { InputError } from "../model/alphabet/input-error.ts";
import { finish, judged, type Verdict } from "./output.ts";

/** Runs when nobody says how many: about ten seconds a design. */
const DEFAULT_RUNS = 1000;
/** Of a campaign at full speed: as long, on one core. */
const FAST_RUNS = 20_000;
/** Enough to meet every failure on record many times; about a minute for all designs. */
const COMPARE_RUNS = 200;
const DEFAULT_SEED = 1;
/** Of a program: about 100,000 actions. */
const CONFORM_RUNS = 1000;
/** Seconds for one answer of a program. Source: `wire.md`, "The command line". */
const DEFAULT_TIMEOUT = 10;
/** A day: more is a slip of the finger. */
const LONGEST_TIMEOUT = 86_400;
/** States of one plan: in one or two GiB. */
const MOST_STATES = 20_000_000;
/** A guest that hangs is given up; one that works takes a quarter of that, on an idle machine. */
const GUEST_SECONDS = 240;

interface Flags {
  readonly json?: boolean;
}

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

interface ExploreFlags extends Flags {
  readonly design?: unknown;
  readonly plan?: unknown;
  readonly geometry?: unknown;
  readonly depth?: unknown;
  readonly limit?: unknown;
  readonly workers?: unknown;
  readonly refine?: boolean;
  readonly live?: boolean;
  readonly symmetry?: boolean;
  readonly save?: unknown;
}

interface JudgeFlags extends Flags {
  readonly design?: unknown;
}

interface CompareFlags extends Flags {
  readonly design?: unknown;
  readonly runs?: unknown;
  readonly seed?: unknown;
  readonly markdown?: boolean;
}

interface LinuxFlags extends Flags {
  readonly workload?: unknown;
  readonly reportOrder?: unknown;
  readonly slowHost?: unknown;
  readonly control?: unknown;
  readonly stream?: boolean;
  readonly memory?: unknown;
  readonly timeout?: unknown;
  readonly keep?: unknown;
  readonly kernel?: unknown;
  readonly fetch?: boolean;
}

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

interface ReplayFlags extends Flags {
  readonly timeout?: unknown;
}

const cli = cac("fpr");

cli.option("--json", "Say the verdict as one JSON object on the last line");

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

cli
  .command(
    "explore",
    "Every interleaving of small plans: each state and each move judged, a failure told by a shortest story",
  )
  .option("--design <ids>", "Only these designs, by comma: bitmap (all its variants), bitmap:v10 (default: all)")
  .option("--plan <name>", "Only this plan (default: all small ones)")
  .option("--geometry <file>", "In place of plans: this geometry, and all on the menu that the design can meet")
  .option("--depth <n>", "Go no further than so many moves from the start")
  .option("--limit <n>", `Stop where one plan has more states (default: ${MOST_STATES})`)
  .option("--workers <n>", "So many threads (default: 1)")
  .option("--symmetry", "Explore blocks and CPUs that are alike once; refused where a plan or design tells them apart")
  .option("--refine", "The model beside the implementation on every move, then the model alone")
  .option("--live", "What is taken must come back on every fair run; the host answers at last")
  .option("--save <dir>", "Save counterexamples there")
  .example("  fpr explore")
  .example("  fpr explore --design page-reporting")
  .example("  fpr explore --design bubble --plan compaction --save found")
  .action((flags: ExploreFlags) =>
    judged(flags.json ?? false, async () => {
      const { explore } = await import("./explore.ts");
      const { depth } = flags;
      return explore({
        design: text("design", flags.design),
        plan: text("plan", flags.plan),
        geometry: text("geometry", flags.geometry),
        depth: depth === undefined ? undefined : whole("depth", depth, 0, 1),
        limit: whole("limit", flags.limit, MOST_STATES, 1),
        workers: whole("workers", flags.workers, 1, 1),
        symmetric: flags.symmetry ?? false,
        beside: besides(flags),
        save: text("save", flags.save),
      });
    }),
  );

cli
  .command("compare", "The designs side by side: which holds what, the shortest story where one fails, what each costs")
  .option("--design <ids>", "Only these designs, by comma: bitmap (all its variants), bitmap:v10 (default: all)")
  .option("--runs <n>", `Runs of each design and variant (default: ${COMPARE_RUNS})`)
  .option("--seed <n>", `Where the random numbers begin (default: ${DEFAULT_SEED})`)
  .option("--markdown", "Print Markdown")
  .example("  fpr compare")
  .example("  fpr compare --design bitmap,page-reporting --markdown")
  .action((flags: CompareFlags) =>
    judged(flags.json ?? false, async () => {
      const { compare } = await import("./compare.ts");
      return compare({
        runs: whole("runs", flags.runs, COMPARE_RUNS, 1),
        seed: whole("seed", flags.seed, DEFAULT_SEED, 0),
        design: text("design", flags.design),
        markdown: flags.markdown ?? false,
      });
    }),
  );

cli
  .command(
    "conform [...misplaced]",
    "Judge a program in any language that speaks the live protocol: fpr conform -- ./adapter",
  )
  .usage("conform [options] -- COMMAND…")
  .option("--runs <n>", `Runs of up to 120 actions, and then as many as it takes to rest (default: ${CONFORM_RUNS})`)
  .option("--seed <n>", `Where the random numbers begin (default: ${DEFAULT_SEED})`)
  .option("--geometry <file>", "The machine: a file with a geometry (default: small and odd ones, in turn)")
  .option("--timeout <s>", `Seconds that one answer may take (default: ${DEFAULT_TIMEOUT})`)
  .option("--workers <n>", "So many processes of the program at the same time (default: 1)")
  .option("--save <dir>", "Save a counterexample there, or what was said to an adapter that is at fault")
  .example("  fpr conform -- ./adapter")
  .example("  fpr conform --runs 10000 --workers 4 --save found -- python3 adapter.py --verbose")
  .action((misplaced: string[], flags: ConformFlags) =>
    judged(flags.json ?? false, async () => {
      const command = flags["--"] ?? [];
      if (command.length === 0 || misplaced.length > 0) {
        const found = misplaced.length > 0 ? `found ${misplaced.join(" ")} in front of --` : "no program";
        throw new InputError({}, `${found}; the program goes behind it: fpr conform -- ./adapter`);
      }
      const { conform } = await import("./conform.ts");
      return conform({
        command,
        runs: whole("runs", flags.runs, CONFORM_RUNS, 1),
        seed: whole("seed", flags.seed, DEFAULT_SEED, 0),
        geometry: text("geometry", flags.geometry),
        timeout: seconds("timeout", flags.timeout, DEFAULT_TIMEOUT),
        save: text("save", flags.save),
        workers: whole("workers", flags.workers, 1, 1),
      });
    }),
  );

cli
  .command("replay <file>", "Tell a counterexample again: run it exactly once, step by step")
  .option("--timeout <s>", `Where it is a program's: seconds that one answer may take (default: ${DEFAULT_TIMEOUT})`)
  .example("  fpr replay test/counterexamples/page-reporting-kernel-fake-oom.json")
  .action((file: string, flags: ReplayFlags) =>
    judged(flags.json ?? false, async () => {
      const { replay } = await import("./replay.ts");
      return replay(file, seconds("timeout", flags.timeout, DEFAULT_TIMEOUT));
    }),
  );

cli
  .command(
    "judge <...sources>",
    "Judge recorded traces: .jsonl files (also gzipped), Linux captures (directories), - for standard input",
  )
  .option("--design <id>", "Of which design the traces are: tells which of its transitions they never show")
  .example("  fpr judge test/fixtures/linux-6.1-tiny")
  .example("  fpr judge --design page-reporting trace.jsonl")
  .example("  zcat trace.jsonl.gz | fpr judge -")
  .action((sources: string[], flags: JudgeFlags) =>
    judged(flags.json ?? false, async () => {
      const { judge } = await import("./judge.ts");
      const named = sources.map((source) => (source === STANDARD_INPUT ? "-" : source));
      return judge(named, text("design", flags.design));
    }),
  );

cli
  .command("linux", "Boot a live Linux kernel in QEMU, record what it does under a workload, and judge that")
  .option("--workload <id>", "tiny, stress, thp, hotplug or slow-device (default: tiny)")
  .option("--report-order <n>", "Smallest order that the guest reports (default: the device's own, 9)")
  .option("--slow-host <us>", "The host sleeps so long before each discard; slow-device: before each answer (6000000)")
  .option("--control <id>", "A negative control, to be refused: late (discards after the ack), lost (lost events)")
  .option("--stream", "Hand the trace over as it happens: slower, but kept where the guest panics or hangs")
  .option("--memory <mib>", "Memory of the guest (default: what the workload needs)")
  .option("--timeout <s>", `Seconds that the guest may take (default: ${GUEST_SECONDS})`)
  .option("--keep <dir>", "Keep the capture there")
  .option("--kernel <path>", "This vmlinuz, or the latest in a folder with boot/ and lib/modules/ (/: this machine's)")
  .option("--fetch", "Download Debian's kernel where there is none")
  .example("  fpr linux --fetch")
  .example("  fpr linux --workload stress --report-order 0 --slow-host 50")
  .example("  fpr linux --workload slow-device --keep late     (the kernel kills a process: memory is only held)")
  .action((flags: LinuxFlags) => judged(flags.json ?? false, () => linuxLive(flags)));

cli.help((sections) => [
  ...sections,
  {
    title: "Exit status",
    body: "  0 all holds, 1 a property is broken, 2 it could not judge (usage, unreadable input, a faulty adapter)",
  },
]);
cli.version(version());

async function checks(flags: CheckFlags): Promise<Verdict> {
  const options = {
    seed: whole("seed", flags.seed, DEFAULT_SEED, 0),
    design: text("design", flags.design),
    save: text("save", flags.save),
  };
  if (flags.fast !== true) {
    for (const name of ["workers", "state"] as const) refuse(name, flags[name], "goes only with --fast");
    if (flags.fault !== undefined) refuse("aim", flags.aim, "does not go with --fault: it is about the clean design");
    const { check } = await import("./check.ts");
    return check({
      ...options,
      runs: whole("runs", flags.runs, DEFAULT_RUNS, 1),
      fault: text("fault", flags.fault),
      aim: flags.aim ?? false,
    });
  }
  refuse("aim", flags.aim, "does not go with --fast: it tells what the small plans have, and that takes no cores");
  refuse("fault", flags.fault, "does not go with --fast: whether a planted fault is found, a few runs tell");
  const { checkFast } = await import("./check-fast.ts");
  return checkFast({
    ...options,
    runs: whole("runs", flags.runs, FAST_RUNS, 1),
    workers: whole("workers", flags.workers, availableParallelism(), 1),
    state: text("state", flags.state),
  });
}

async function linuxLive(flags: LinuxFlags): Promise<Verdict> {
  const { linux } = await import("./linux.ts");
  const { WORKLOAD_IDS } = await import("../oracle/live/workloads.ts");
  const { CONTROLS } = await import("../oracle/live/record.ts");
  const { reportOrder, slowHost, control, memory, workload } = flags;
  return linux({
    workload: workload === undefined ? "tiny" : oneOf("workload", workload, WORKLOAD_IDS),
    reportOrder: reportOrder === undefined ? undefined : whole("report-order", reportOrder, 0, 0),
    slowHost: slowHost === undefined ? undefined : whole("slow-host", slowHost, 0, 0),
    control: control === undefined ? undefined : oneOf("control", control, CONTROLS),
    stream: flags.stream ?? false,
    memory: memory === undefined ? undefined : whole("memory", memory, 0, 128),
    timeout: whole("timeout", flags.timeout, GUEST_SECONDS, 1),
    keep: text("keep", flags.keep),
    kernel: text("kernel", flags.kernel),
    fetch: flags.fetch ?? false,
  });
}

function oneOf<Id extends string>(name: string, value: unknown, ids: readonly Id[]): Id {
  const found = ids.find((id) => id === value);
  if (found !== undefined) return found;
  throw new InputError({ key: `--${name}` }, `found ${JSON.stringify(value)}; expected ${ids.join(" or ")}`);
}

/** What `fpr explore` asks beside. Neither goes with what only the plain exploration can do. */
function besides(flags: ExploreFlags): "nothing" | "refine" | "live" {
  const beside = flags.refine === true ? "refine" : flags.live === true ? "live" : "nothing";
  if (beside === "nothing") return beside;
  const others = ["workers", "symmetry", "save"] as const;
  for (const name of others) refuse(name, flags[name], `does not go with --${beside}`);
  if (beside === "refine") refuse("live", flags.live, "does not go with --refine: ask one after the other");
  else refuse("depth", flags.depth, "does not go with --live: what happens at last needs all states");
  return beside;
}

function refuse(name: string, value: unknown, why: string): void {
  if (value !== undefined) throw new InputError({ key: `--${name}` }, why);
}

/** The value of an option as text; cac makes numbers of what looks like one. */
function text(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string" || typeof value === "number") return value?.toString();
  throw new InputError({ key: `--${name}` }, `found ${JSON.stringify(value)}; expected it once, with one value`);
}

function whole(name: string, value: unknown, otherwise: number, least: number): number {
  if (value === undefined) return otherwise;
  const number = typeof value === "number" ? value : Number.NaN;
  if (!Number.isSafeInteger(number) || number < least || number > 2 ** 31 - 1) {
    throw new InputError(
      { key: `--${name}` },
      `found ${JSON.stringify(value)}; expected a whole number from ${least} to ${2 ** 31 - 1}`,
    );
  }
  return number;
}

function seconds(name: string, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === "number" && value > 0 && value <= LONGEST_TIMEOUT) return value;
  throw new InputError(
    { key: `--${name}` },
    `found ${JSON.stringify(value)}; expected seconds, more than 0 and at most ${LONGEST_TIMEOUT}`,
  );
}

function version(): string {
  // Two folders up from dist/cli/, one from cli/.
  for (const place of ["../../package.json", "../package.json"]) {
    try {
      const { name, version: number }: { name?: string; version?: string } = JSON.parse(
        readFileSync(new URL(place, import.meta.url), "utf8"),
      );
      if (name === "free-page-reporting" && number !== undefined) return number;
    } catch {
      continue;
    }
  }
  return "unknown";
}

/** cac drops a lone `-`: until the commands see it, standard input goes under a name that no file has. */
const STANDARD_INPUT = "\0standard input";

async function main(): Promise<void> {
  const words = ourWords().map((word) => (word === "-" ? STANDARD_INPUT : word));
  try {
    cli.parse([...words, ...process.argv.slice(words.length)], { run: false });
    if (cli.options["help"] === true || cli.options["version"] === true) return;
    if (cli.matchedCommand === undefined) {
      const [unknown] = cli.args;
      const problem = unknown === undefined ? "no command" : `there is no command ${unknown}`;
      throw new InputError({}, `${problem}; fpr --help lists them`);
    }
    await cli.runMatchedCommand();
  } catch (error) {
    const problem = usage(error);
    console.error(`fpr: ${problem.message}`);
    finish({ verdict: "unjudged", explanation: problem.message }, ourWords().includes("--json"));
  }
}

/** The words up to `--`: what stands behind it is a program's. */
function ourWords(): string[] {
  const end = process.argv.indexOf("--");
  return end === -1 ? process.argv : process.argv.slice(0, end);
}

/** What cac finds wrong with the words of a command line; anything else is a fault of ours and is thrown on. */
function usage(error: unknown): InputError {
  if (error instanceof InputError) return error;
  if (error instanceof Error && error.name === "CACError")
    return new InputError({}, `${error.message}; fpr --help tells how`);
  throw error;
}

// Whoever reads may have seen enough: `fpr compare | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

await main();
