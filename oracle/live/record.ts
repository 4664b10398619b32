/** One recording of a live kernel, from nothing to the files that oracle/linux judges. */
import { mkdir, readdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError } from "../../model/alphabet/index.ts";
import { buildInitramfs, buildRecorder } from "./build.ts";
import type { Phase } from "./guest-console.ts";
import { contentsOf, faultOf, isComplete, panicOf, phaseIn, phasesOf, remarksOf } from "./guest-console.ts";
import type { Tools } from "./needs.ts";
import { adoptStreams } from "./streamed.ts";
import { lastLines } from "./programs.ts";
import type { MachineEnd } from "./qemu.ts";
import { qemuArguments, runQemu } from "./qemu.ts";
import type { WorkloadId } from "./workloads.ts";
import { DEVICE_DELAY_MS, WORKLOADS } from "./workloads.ts";

/** Negative controls, which the oracle must refuse: a host that drops pages after its ack; a recorder that loses events. */
export type Control = "late" | "lost";

export const CONTROLS: readonly Control[] = ["late", "lost"];

export interface Order {
  readonly workload: WorkloadId;
  /** Smallest order that is reported; undefined: as the device sets it. */
  readonly reportOrder: number | undefined;
  /** Microseconds before each discard; for the slow device, until it answers. */
  readonly slowHost: number | undefined;
  readonly control: Control | undefined;
  /** Hand the trace over while it happens, so that it is not lost with a guest that panics or hangs. */
  readonly stream: boolean;
  /** MiB; undefined: as the workload needs. */
  readonly memory: number | undefined;
  /** Seconds that QEMU may take. */
  readonly timeout: number;
}

export interface Recorded {
  /** With the capture's files. */
  readonly directory: string;
  /** What is known of how long each part took. */
  readonly phases: readonly Phase[];
  /** Of all, QEMU's own start and end included. */
  readonly seconds: number;
  /** What the guest and the recorder remarked. */
  readonly remarks: readonly string[];
  readonly contents: { readonly checked: number; readonly corrupt: number };
  /** Why the capture ends early, and the console's last lines; undefined where it is whole. */
  readonly broken: string | undefined;
}

/** KiB a CPU: far less than any workload writes. */
const LOSING_BUFFER_KB = 64;
/** Long after an ack, which follows the last discard within a millisecond; too short for most pages to be in use again. */
const LATE_US = 10_000;
const CONSOLE_LINES = 12;
/** A recording's files take more than one CPU's buffer, and hardly three: text is longer, but no buffer gets full. */
const ROOM_A_BUFFER = 3;
/** The guest's phases before its trace begins. */
const UNTRACED: ReadonlySet<string> = new Set(["boot", "transport", "probes"]);
const MADVISE_LOG = "madvise.log";

/**
 * @param work a folder for all files of this recording; the caller's to remove
 * @param heard is called with the phase that the guest is in
 * @throws InputError where something can't be built, or where nothing was recorded
 */
export async function record(
  order: Order,
  tools: Tools,
  work: string,
  signal: AbortSignal,
  heard: (phase: string) => void,
): Promise<Recorded> {
  const { device, memory, bootWords, bufferKb } = WORKLOADS[order.workload];
  const began = performance.now();
  await requireRoom(work, ROOM_A_BUFFER * bufferKb * 1024);
  heard("build");
  const initrd = await buildInitramfs(tools, device, work, signal);
  const recorder = await recorderFor(order, tools, work, signal);
  const built = (performance.now() - began) / 1000;
  const directory = join(work, "capture");
  await mkdir(directory);
  const machine = {
    vmlinuz: tools.kernel.vmlinuz,
    initrd,
    memory: order.memory ?? memory,
    words: [...bootWords, ...guestWords(order)],
    balloon: device === "virtio_balloon",
    directory,
  };
  const environment = recorder.library === undefined ? {} : hostEnvironment(order, recorder.library, directory);
  const surroundings = { environment, folder: work, timeout: order.timeout, signal };
  const end = await runQemu(tools.qemu, qemuArguments(machine), surroundings, (console) => heard(phaseIn(console)));
  await writeFile(join(directory, "console.log"), end.console);
  await removeUnwritten(directory);
  const broken = brokenBy(end, order);
  if (order.stream) await adoptStreams(directory, broken === undefined);
  return {
    directory,
    phases: [{ name: "build", seconds: built }, ...phasesOf(end.console)],
    seconds: built + end.seconds,
    remarks: [...remarksOf(end.console), ...(recorder.problem === undefined ? [] : [recorder.problem])],
    contents: contentsOf(end.console),
    broken,
  };
}

/**
 * A guest that can't hand over its trace waits until it is killed: so that is told before.
 *
 * @throws InputError where the folder's disk has less room than that
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const mebibytes = (amount: number): string => `${Math.floor(amount / 2 ** 20)} MiB`;
  if (bavail * bsize >= bytes) return;
  throw new InputError(
    { file: dirname(folder) },
    `found ${mebibytes(bavail * bsize)} free there, expected ${mebibytes(bytes)} for the recording; TMPDIR names another place`,
  );
}

/** The words by which guest/init knows what to do. */
export function guestWords({ workload, reportOrder, slowHost, control, stream }: Order): string[] {
  const { device, seconds, bufferKb } = WORKLOADS[workload];
  const delay = slowHost === undefined ? DEVICE_DELAY_MS : Math.round(slowHost / 1000);
  return [
    `fpr_workload=${workload}`,
    `fpr_device=${device}`,
    `fpr_seconds=${seconds}`,
    `fpr_buffer_kb=${control === "lost" ? LOSING_BUFFER_KB : bufferKb}`,
    ...(reportOrder === undefined ? [] : [`fpr_order=${reportOrder}`]),
    ...(stream ? ["fpr_stream=1"] : []),
    ...(device === "slow_device" ? [`fpr_delay_ms=${delay}`] : []),
  ];
}

/** What guest/host.c reads. */
export function hostEnvironment(
  { workload, slowHost, control }: Order,
  recorder: string,
  directory: string,
): Record<string, string> {
  // By its name in QEMU's own folder: in LD_PRELOAD a space or a colon would end its path.
  const preload = { LD_PRELOAD: `./${basename(recorder)}` };
  // Without a balloon it only sees to it that QEMU ends with its parent: the guest's own device waits by itself.
  if (WORKLOADS[workload].device !== "virtio_balloon") return preload;
  // A late host answers at once.
  const delay = slowHost ?? (control === "late" ? 0 : WORKLOADS[workload].discardDelay);
  return {
    ...preload,
    FPR_LOG: join(directory, MADVISE_LOG),
    ...(delay === 0 ? {} : { FPR_DELAY_US: String(delay) }),
    ...(control === "late" ? { FPR_LATE_US: String(LATE_US) } : {}),
  };
}

/** Why a run is not a whole recording, in words, with what was said last. */
export function brokenBy(
  { console, errors, status, timedOut }: MachineEnd,
  { timeout, stream }: Pick<Order, "timeout" | "stream">,
): string | undefined {
  if (isComplete(console) && !timedOut) return undefined;
  const fault = faultOf(console);
  if (fault !== undefined) return `the guest gave up: ${fault}`;
  const said = console.trim() === "" ? errors : console;
  const last =
    said.trim() === ""
      ? "nothing was said: is the kernel whole, and one for x86-64?"
      : `last lines: ${lastLines(said, CONSOLE_LINES)}`;
  const panic = panicOf(console);
  const what =
    panic !== undefined
      ? `the guest's kernel panicked: ${panic}`
      : timedOut
        ? `the guest did not end within ${timeout} s (--timeout): it hung, or is slow`
        : `QEMU ended early, with status ${status ?? "unknown"}`;
  const phase = phaseIn(console);
  const hint = stream || UNTRACED.has(phase) ? "" : " (with --stream the trace until then is kept, and judged)";
  return `${what}, in phase ${phase}${hint}; ${last}`;
}

/** The recorder, or why there is none: then what the host dropped is what QEMU's own trace says, which is weaker. */
async function recorderFor(
  { workload, control, slowHost }: Order,
  tools: Tools,
  work: string,
  signal: AbortSignal,
): Promise<{ library?: string; problem?: string }> {
  try {
    return { library: await buildRecorder(tools, work, signal) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (WORKLOADS[workload].device !== "virtio_balloon") return {};
    // Without it there are neither slow nor wrong hosts.
    if (control === "late" || slowHost !== undefined) throw error;
    return { problem: `the host's discards are recorded by QEMU's own trace only, which is weaker: ${error.message}` };
  }
}

/** QEMU opens all files at once: those of no bytes are what the guest never came to write. */
async function removeUnwritten(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    // That the host dropped nothing is a record as well.
    if (name !== MADVISE_LOG && (await stat(file)).size === 0) await rm(file);
  }
}
