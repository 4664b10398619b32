/** `fpr linux`: boots a Linux kernel in QEMU, records what its page allocator and reporter do under a workload, and judges it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { InputError } from "../model/alphabet/index.ts";
import { count } from "../properties/numbers.ts";
import { keepCapture, requireEmpty } from "../oracle/live/keep.ts";
import { defaultKernelFolder, fetchLines, findKernel } from "../oracle/live/kernel.ts";
import { findTools } from "../oracle/live/needs.ts";
import type { Order, Recorded } from "../oracle/live/record.ts";
import { record } from "../oracle/live/record.ts";
import { WORKLOADS } from "../oracle/live/workloads.ts";
import { asTyped } from "../oracle/process/again.ts";
import { captureJudged } from "./judge.ts";
import { recordingEvidence } from "./recorded.ts";
import type { Verdict } from "./output.ts";

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
/** MAX_ORDER of 6.1 and before is one past it. */
const LARGEST_ORDER = 10;
/** MiB. Of more, QEMU may put a part behind 4 GiB: then what it drops is at no single distance from the guest's addresses. */
const MOST_MEMORY = 3072;
const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** @throws InputError where something is missing, the guest ended early, or the run was interrupted */
export async function linux(options: LinuxOptions): Promise<Verdict> {
  rejectMisfits(options);
  const { keep } = options;
  if (keep !== undefined) await requireEmpty(keep);
  const place = resolve(options.kernel ?? defaultKernelFolder());
  if (options.fetch) fetchKernel(place);
  const { device, memory } = WORKLOADS[options.workload];
  const tools = findTools(place, device === "slow_device");
  console.log(`Linux ${tools.kernel.version}, ${options.memory ?? memory} MiB, 2 CPUs: ${options.workload}`);
  return interruptibly(async (work, signal) => {
    const recorded = await record(options, tools, work, signal, progress);
    clearProgress();
    if (keep !== undefined) {
      await keepCapture(recorded.directory, keep);
      // At once: whatever becomes of the judging, the capture stays.
      console.log(`the capture is in ${keep}: ${asTyped(["fpr", "judge", keep])} judges it again`);
    }
    return judgedRecording(recorded, options, signal);
  });
}

function rejectMisfits({ workload, control, slowHost, reportOrder, memory }: LinuxOptions): void {
  const { device } = WORKLOADS[workload];
  if (reportOrder !== undefined && reportOrder > LARGEST_ORDER)
    throw new InputError(
      { key: "--report-order" },
      `found ${reportOrder}, expected at most ${LARGEST_ORDER}: no block is larger`,
    );
  if (memory !== undefined && memory > MOST_MEMORY)
    throw new InputError(
      { key: "--memory" },
      `found ${memory}, expected at most ${MOST_MEMORY} MiB: QEMU keeps more in two pieces, and what it drops of the second can't be told`,
    );
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

/** Gives the work a folder, which is gone afterwards, and a signal: Ctrl-C stops QEMU or the judging, and removes that folder. */
async function interruptibly(run: (work: string, signal: AbortSignal) => Promise<Verdict>): Promise<Verdict> {
  const stop = new AbortController();
  let stopped: InputError | undefined;
  const listeners = STOPPING.map((name) => {
    const listener = (): void => {
      stopped = stoppedBy(name);
      stop.abort();
    };
    return { name, listener };
  });
  for (const { name, listener } of listeners) process.on(name, listener);
  const work = workFolder();
  const remove = (): void => rmSync(work, { recursive: true, force: true });
  // Whoever reads our output may have seen enough: then the process ends at once.
  process.on("exit", remove);
  try {
    return await run(work, stop.signal);
  } catch (error) {
    throw stopped ?? (isSystemError(error) ? new InputError({}, `${error.message} (TMPDIR is ${tmpdir()})`) : error);
  } finally {
    clearProgress();
    for (const { name, listener } of listeners) process.off(name, listener);
    remove();
    process.off("exit", remove);
  }
}

function workFolder(): string {
  try {
    return resolve(mkdtempSync(join(tmpdir(), "fpr-linux-")));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const problem = `no folder for the recording can be made there (${error.code}); TMPDIR names another place`;
    throw new InputError({ file: tmpdir() }, problem);
  }
}

/** What the machine refuses: a full disk, a program that can't be run. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function stoppedBy(name: string): InputError {
  return new InputError({}, `stopped by ${name}: QEMU is gone, and the temporary files of this run are removed`);
}

async function judgedRecording(recorded: Recorded, options: LinuxOptions, signal: AbortSignal): Promise<Verdict> {
  const { broken, contents } = recorded;
  const { keep } = options;
  const began = performance.now();
  const judged = await judgedCapture(recorded.directory, signal);
  const judging = (performance.now() - began) / 1000;
  if (broken !== undefined && judged.verdict.verdict !== "violates") {
    if (contents.corrupt === 0) throw new InputError({}, broken);
    console.log(broken);
    return lostWrite(contents.corrupt);
  }
  const { verdict, lines } = judged;
  if (verdict.verdict === "unjudged") console.error(`fpr: ${verdict.explanation}`);
  for (const line of [...lines, ...(broken === undefined ? [] : [`  ${broken}`])]) console.log(line);
  for (const line of recordingEvidence(recorded, options, verdict, judging)) console.log(line);
  const phases = [...recorded.phases, { name: "judging", seconds: judging }];
  const said = {
    ...verdict,
    contents,
    seconds: Object.fromEntries(phases.map(({ name, seconds }) => [name, Math.round(seconds * 10) / 10])),
    ...(keep === undefined ? {} : { capture: keep }),
  };
  return verdict.verdict !== "violates" && contents.corrupt > 0 ? { ...said, ...lostWrite(contents.corrupt) } : said;
}

/** What the judge says, or why it can't: of files that are gone soon, only the names. */
async function judgedCapture(directory: string, signal: AbortSignal): ReturnType<typeof captureJudged> {
  try {
    return await captureJudged(directory, signal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const explanation = error.message.replaceAll(`${directory}/`, "");
    return { verdict: { verdict: "unjudged", explanation }, lines: ["unjudged"] };
  }
}

function lostWrite(corrupt: number): Verdict {
  const explanation = `${count(corrupt)} pages of programs in the guest did not hold what their owner had written`;
  console.log(`violates lost-write\n  what broke  ${explanation}`);
  return { verdict: "violates", property: "lost-write", explanation };
}

function progress(phase: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${phase}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}
