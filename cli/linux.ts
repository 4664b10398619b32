/** `fpr linux`: boots a Linux kernel in QEMU, records what its page allocator and reporter do under a workload, and judges it. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../model/alphabet/index.ts";
import { judgeCapture } from "../oracle/linux/judge.ts";
import { keepCapture, requireEmpty } from "../oracle/live/keep.ts";
import { defaultKernelFolder, fetchLines, findKernel } from "../oracle/live/kernel.ts";
import { findTools } from "../oracle/live/needs.ts";
import type { Order, Recorded } from "../oracle/live/record.ts";
import { record } from "../oracle/live/record.ts";
import { WORKLOADS } from "../oracle/live/workloads.ts";
import { judge } from "./judge.ts";
import { count, type Verdict } from "./output.ts";

export interface LinuxOptions extends Order {
  /** A folder with boot/vmlinuz-VERSION and lib/modules/VERSION, or the vmlinuz; undefined: the user's cache. */
  readonly kernel: string | undefined;
  /** Download the kernel first, where there is none. */
  readonly fetch: boolean;
  /** Where the capture is kept; undefined: nowhere. */
  readonly keep: string | undefined;
}

/** More would stall the guest's CPUs, which wait for QEMU meanwhile. Source: `linux-guest.md` 5, Host synchrony. */
const SLOWEST_DISCARD_US = 10_000;
const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** @throws InputError where something is missing, the guest ended early, or the run was interrupted */
export async function linux(options: LinuxOptions): Promise<Verdict> {
  rejectMisfits(options);
  const { keep } = options;
  if (keep !== undefined) await requireEmpty(keep);
  const place = options.kernel ?? defaultKernelFolder();
  if (options.fetch) fetchKernel(place);
  const { device, memory } = WORKLOADS[options.workload];
  const tools = findTools(place, device === "slow_device");
  console.log(`Linux ${tools.kernel.version}, ${options.memory ?? memory} MiB, 2 CPUs: ${options.workload}`);
  return interruptibly(async (work, signal) => {
    const recorded = await record(options, tools, work, signal, progress);
    clearProgress();
    if (keep !== undefined) await keepCapture(recorded.directory, keep);
    return judged(recorded, keep);
  });
}

function rejectMisfits({ workload, control, slowHost }: LinuxOptions): void {
  const { device } = WORKLOADS[workload];
  if (control === "late" && device === "slow_device")
    throw new InputError({ key: "--control" }, "late does not go with slow-device, whose pages nobody drops");
  if (slowHost !== undefined && slowHost > SLOWEST_DISCARD_US && device !== "slow_device")
    throw new InputError(
      { key: "--slow-host" },
      `found ${slowHost}, expected at most ${SLOWEST_DISCARD_US} us a discard`,
    );
}

/** Runs the very lines that people are told to run, and shows them. */
function fetchKernel(place: string): void {
  if (findKernel(place) !== undefined) return;
  const lines = fetchLines(place);
  console.error(["as --fetch asks:", ...lines].join("\n    "));
  const { status } = spawnSync("sh", ["-ec", lines.join("\n")], { stdio: ["ignore", 2, 2] });
  if (status !== 0)
    throw new InputError(
      {},
      "the kernel could not be fetched; where a package is not found, `apt-get update` may help",
    );
}

/**
 * Gives the work a folder, which is gone afterwards, and a signal: Ctrl-C stops QEMU and removes all files. Judging, of some
 * seconds, is not stopped.
 */
async function interruptibly(run: (work: string, signal: AbortSignal) => Promise<Verdict>): Promise<Verdict> {
  const stop = new AbortController();
  const listeners = STOPPING.map((name) => ({ name, listener: () => stop.abort(stoppedBy(name)) }));
  for (const { name, listener } of listeners) process.on(name, listener);
  const work = await mkdtemp(join(tmpdir(), "fpr-linux-"));
  try {
    return await run(work, stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearProgress();
    for (const { name, listener } of listeners) process.off(name, listener);
    await rm(work, { recursive: true, force: true });
  }
}

function stoppedBy(name: string): InputError {
  return new InputError({}, `stopped by ${name}: QEMU is gone, and all files of this run are removed`);
}

async function judged(recorded: Recorded, keep: string | undefined): Promise<Verdict> {
  const { directory, broken, contents } = recorded;
  if (broken !== undefined && !(await violates(directory))) {
    if (contents.corrupt === 0) throw new InputError({}, broken);
    console.log(broken);
    return lostWrite(contents.corrupt);
  }
  const began = performance.now();
  const { source: _, ...verdict } = await judge([directory]);
  const judging = (performance.now() - began) / 1000;
  if (broken !== undefined) console.log(`  ${broken}`);
  for (const line of toldRecording(recorded, verdict, judging, keep)) console.log(line);
  const phases = [...recorded.phases, { name: "judging", seconds: judging }];
  const said = {
    ...verdict,
    contents,
    seconds: Object.fromEntries(phases.map(({ name, seconds }) => [name, Math.round(seconds * 10) / 10])),
    ...(keep === undefined ? {} : { capture: keep }),
  };
  return verdict.verdict === "holds" && contents.corrupt > 0 ? { ...said, ...lostWrite(contents.corrupt) } : said;
}

/** A recording that broke off may show a violation all the same. */
async function violates(directory: string): Promise<boolean> {
  try {
    return (await judgeCapture(directory)).verdict === "violates";
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function lostWrite(corrupt: number): Verdict {
  const explanation = `${count(corrupt)} pages of programs in the guest did not hold what their owner had written`;
  console.log(`violates lost-write\n  what broke  ${explanation}`);
  return { verdict: "violates", property: "lost-write", explanation };
}

function toldRecording(
  { contents, remarks, phases, seconds }: Recorded,
  verdict: Verdict,
  judging: number,
  keep: string | undefined,
): string[] {
  const parts = phases.map((phase) => `${phase.name} ${phase.seconds.toFixed(1)}`).join(", ");
  return [
    ...(contents.checked === 0
      ? []
      : [
          `  contents: ${count(contents.checked)} pages were looked at by their owners in the guest, ${count(contents.corrupt)} were corrupt`,
        ]),
    ...remarks.map((remark) => `  ${remark}`),
    ...(isUncontested(verdict)
      ? [
          "  nothing was allocated while a request was open: --slow-host 50 --report-order 0 make longer and more windows",
        ]
      : []),
    `  seconds: ${parts}, judging ${judging.toFixed(1)}; ${(seconds + judging).toFixed(1)} in all`,
    ...(keep === undefined ? [] : [`  the capture is in ${keep}: fpr judge ${keep} judges it again`]),
  ];
}

/** True where all held, and no page was allocated while a request was open: the rule that matters most was hardly tried. */
function isUncontested({ verdict, counts }: Verdict): boolean {
  if (verdict !== "holds" || typeof counts !== "object" || counts === null) return false;
  return "allocationsInFlight" in counts && counts.allocationsInFlight === 0;
}

function progress(phase: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${phase}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}
