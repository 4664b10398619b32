/** The virtual machine: its command line, and one run of it, which always ends. Source: `linux-guest.md` 4. */
import { spawn } from "node:child_process";
import { join } from "node:path";

/** What the guest hands over, a virtio-serial port each: the names that guest/init looks for, and the files of a capture. */
const PORTS = {
  trace: "trace.txt",
  timed: "timed.txt",
  meta: "meta.txt",
  opening: "kpageflags.bin",
  // The last one: init waits for it.
  closing: "kpageflags2.bin",
} as const;
/** What the host does for a request: takes it, drops each range, answers. */
const HOST_EVENTS = ["virtqueue_pop", "ram_block_discard_range", "virtqueue_flush"];
/**
 * No KVM is needed. A panic ends the machine (panic=-1 with -no-reboot); warnings and worse are on the console; init
 * needs addresses as the probes name them.
 */
const BOOT_WORDS = ["console=ttyS0", "quiet", "loglevel=5", "panic=-1", "oops=panic", "nokaslr"];
/** Two CPUs, nothing that is not named, the console on standard output; without the timestamps host.log has no times. */
const HARDWARE =
  "-accel tcg,thread=multi -machine pc -cpu max -smp 2 -nodefaults -no-user-config -display none -monitor none " +
  "-no-reboot -serial stdio -msg timestamp=on -device virtio-serial-pci,id=serial";
/** A console that has gone mad is cut off there. */
const MOST_CONSOLE = 4 * 1024 * 1024;

export interface Machine {
  readonly vmlinuz: string;
  readonly initrd: string;
  /** MiB. */
  readonly memory: number;
  /** Words for the kernel's command line. */
  readonly words: readonly string[];
  /** With a balloon device that reports free pages; without: the guest brings a device of its own. */
  readonly balloon: boolean;
  /** Where the capture goes. */
  readonly directory: string;
}

export interface MachineEnd {
  readonly console: string;
  /** What QEMU itself said. */
  readonly errors: string;
  readonly status: number | undefined;
  readonly seconds: number;
  readonly timedOut: boolean;
}

export function qemuArguments({ vmlinuz, initrd, memory, words, balloon, directory }: Machine): string[] {
  const ports = Object.entries(PORTS).flatMap(([name, file], index) => [
    "-chardev",
    `file,id=${name},path=${escaped(join(directory, file))}`,
    "-device",
    `virtserialport,bus=serial.0,nr=${index + 1},chardev=${name},name=${name}`,
  ]);
  const host = escaped(join(directory, "host.log"));
  const traces = HOST_EVENTS.flatMap((event) => ["-trace", `enable=${event},file=${host}`]);
  const append = [...BOOT_WORDS, ...words].join(" ");
  return [
    ...HARDWARE.split(" "),
    "-m",
    `${memory}M`,
    "-kernel",
    vmlinuz,
    "-initrd",
    initrd,
    "-append",
    append,
    ...ports,
    ...(balloon ? ["-device", "virtio-balloon-pci,free-page-reporting=on", ...traces] : []),
  ];
}

/** Where and how long QEMU runs. */
export interface Surroundings {
  /** Variables beside the process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its working folder. */
  readonly folder: string;
  /** Seconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Runs QEMU until it ends, until the time is over, or until the signal: then it is killed. Returns only when it is gone.
 *
 * @param heard is called with all that the console has said, whenever it says more
 */
export async function runQemu(
  qemu: string,
  args: readonly string[],
  { environment, folder, timeout, signal }: Surroundings,
  heard: (console: string) => void,
): Promise<MachineEnd> {
  signal.throwIfAborted();
  const began = performance.now();
  const env = { ...process.env, ...environment };
  const child = spawn(qemu, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let errors = "";
  let timedOut = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (said.length > MOST_CONSOLE) return;
    said += text;
    heard(said);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-MOST_CONSOLE)));
  const kill = (): void => void child.kill("SIGKILL");
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeout * 1000);
  signal.addEventListener("abort", kill, { once: true });
  try {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? undefined));
    });
    signal.throwIfAborted();
    return { console: said, errors, status, seconds: (performance.now() - began) / 1000, timedOut };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  }
}

/** QEMU reads a comma as the end of a value, and two as one. */
function escaped(path: string): string {
  return path.replaceAll(",", ",,");
}
