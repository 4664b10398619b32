/** `fpr linux`: its options. */
import type { CAC } from "cac";
import { oneOf, seconds, text, whole, type Flags } from "../flags.ts";
import { judged, type Verdict } from "../output.ts";

/** A guest that hangs is given up; one that works takes a quarter of that, on an idle machine. */
const GUEST_SECONDS = 240;

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

/** Tells `fpr` of the command. */
export function linuxCommand(cli: CAC): void {
  cli
    .command("linux", "Boot a live Linux kernel in QEMU, record what it does under a workload, and judge that")
    .option("--workload <id>", "tiny, stress, thp, hotplug or slow-device (default: tiny)")
    .option("--report-order <n>", "Smallest order that the guest reports (default: the device's own, 9)")
    .option(
      "--slow-host <us>",
      "The host sleeps so long before each discard (tiny: 50); slow-device: before each answer (6000000)",
    )
    .option("--control <id>", "A negative control, to be refused: late (discards after the ack), lost (lost events)")
    .option("--stream", "Hand the trace over as it happens: slower, but kept where the guest panics or hangs")
    .option("--memory <mib>", "Memory of the guest, 128 to 3072 (default: what the workload needs)")
    .option("--timeout <s>", `Seconds that the guest may take (default: ${GUEST_SECONDS})`)
    .option("--keep <dir>", "Keep the capture there")
    .option(
      "--kernel <path>",
      "This vmlinuz, or the latest in a folder with boot/ and lib/modules/ (/: this machine's)",
    )
    .option("--fetch", "Download Debian's kernel where there is none")
    .example("  fpr linux --fetch")
    .example("  fpr linux --workload stress --report-order 0 --slow-host 50")
    .example("  fpr linux --workload slow-device --keep late     (the kernel kills a process: memory is only held)")
    .action((flags: LinuxFlags) => judged(flags.json ?? false, () => linuxLive(flags)));
}

async function linuxLive(flags: LinuxFlags): Promise<Verdict> {
  const { linux } = await import("../linux.ts");
  const { WORKLOAD_IDS } = await import("../../oracle/live/workloads.ts");
  const { CONTROLS } = await import("../../oracle/live/record.ts");
  const { reportOrder, slowHost, control, memory, workload } = flags;
  return linux({
    workload: workload === undefined ? "tiny" : oneOf("workload", workload, WORKLOAD_IDS),
    reportOrder: reportOrder === undefined ? undefined : whole("report-order", reportOrder, 0, 0),
    slowHost: slowHost === undefined ? undefined : whole("slow-host", slowHost, 0, 0),
    control: control === undefined ? undefined : oneOf("control", control, CONTROLS),
    stream: flags.stream ?? false,
    memory: memory === undefined ? undefined : whole("memory", memory, 0, 128),
    timeout: seconds("timeout", flags.timeout, GUEST_SECONDS),
    keep: text("keep", flags.keep),
    kernel: text("kernel", flags.kernel),
    fetch: flags.fetch ?? false,
  });
}
