/** The parts of a recording that need no QEMU: what is missing, probes, command lines, the initramfs, the console. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { initramfs } from "../../oracle/live/cpio.ts";
import {
  contentsOf,
  faultOf,
  isComplete,
  panicOf,
  phaseIn,
  phasesOf,
  remarksOf,
} from "../../oracle/live/guest-console.ts";
import { defaultKernelFolder, fetchLines, findKernel } from "../../oracle/live/kernel.ts";
import { findTools } from "../../oracle/live/needs.ts";
import { probeFile, probesFor } from "../../oracle/live/probes.ts";
import { qemuArguments } from "../../oracle/live/qemu.ts";
import { brokenBy, guestWords, hostEnvironment, requireRoom } from "../../oracle/live/record.ts";
import type { Order } from "../../oracle/live/record.ts";
import { adoptStreams } from "../../oracle/live/streamed.ts";
import { WORKLOADS, WORKLOAD_IDS } from "../../oracle/live/workloads.ts";

const TINY: Order = {
  workload: "tiny",
  reportOrder: undefined,
  slowHost: undefined,
  control: undefined,
  stream: false,
  memory: undefined,
  timeout: 60,
};

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "live-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function kernelIn(place: string, version: string): void {
  mkdirSync(join(place, "boot"), { recursive: true });
  writeFileSync(join(place, "boot", `vmlinuz-${version}`), "");
  mkdirSync(join(place, "lib/modules", version, "kernel"), { recursive: true });
}

/** Of a program with one part of 56 bytes right behind it. */
const ELF_HEADER = Buffer.alloc(64);
ELF_HEADER.write("\u007fELF", "latin1");
ELF_HEADER.writeBigUInt64LE(64n, 32);
ELF_HEADER.writeUInt16LE(56, 54);
ELF_HEADER.writeUInt16LE(1, 56);

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Error && error.name === "InputError") return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("what is missing is named at once, with the lines to run", () => {
  test("on a machine that has nothing", () => {
    vi.stubEnv("PATH", folder);
    const lines = messageOf(() => findTools(join(folder, "cache"), true)).split("\n    ");
    expect(lines[0]).toBe(
      `not found: qemu-system-x86_64, a static busybox, gcc, make, the kernel's headers, a kernel in ${folder}/cache. ` +
        "Nothing is installed or downloaded unasked; on Debian, run",
    );
    expect(lines[1]).toBe(
      "apt-get install -y --no-install-recommends qemu-system-x86 busybox-static gcc libc6-dev make linux-headers-cloud-amd64",
    );
    expect(lines.slice(2, -1)).toEqual(fetchLines(`${folder}/cache`));
    expect(lines.at(-1)).toContain("fpr linux --fetch");
  });

  test("headers are those of the kernel that is there, and only for a module", () => {
    vi.stubEnv("PATH", folder);
    kernelIn(folder, "6.1.0-9-test");
    expect(messageOf(() => findTools(folder, true))).toContain("make linux-headers-6.1.0-9-test");
    const plain = messageOf(() => findTools(folder, false));
    expect(plain).not.toContain("headers");
    expect(plain).not.toContain("apt-get download");
  });

  test("a busybox that needs libraries does not count", () => {
    vi.stubEnv("PATH", folder);
    const elf = Buffer.concat([ELF_HEADER, Buffer.alloc(56)]);
    elf.writeUInt32LE(3, 64);
    writeFileSync(join(folder, "busybox"), elf, { mode: 0o755 });
    expect(messageOf(() => findTools(folder, false))).toContain("a static busybox");
    elf.writeUInt32LE(1, 64);
    writeFileSync(join(folder, "busybox"), elf, { mode: 0o755 });
    expect(messageOf(() => findTools(folder, false))).not.toContain("busybox");
  });

  test.each([
    ["a text", (file: string) => writeFileSync(file, "#!/bin/sh\n", { mode: 0o755 })],
    ["a file that was cut off", (file: string) => writeFileSync(file, ELF_HEADER.subarray(0, 60), { mode: 0o755 })],
    ["a folder", (file: string) => mkdirSync(file)],
  ])("nor does %s of that name", (_, make) => {
    vi.stubEnv("PATH", folder);
    make(join(folder, "busybox"));
    expect(messageOf(() => findTools(folder, false))).toContain("a static busybox");
  });

  test("the folder is quoted for the shell", () => {
    expect(fetchLines("/a b/it's")[1]).toBe(String.raw`cd '/a b/it'\''s'`);
    vi.stubEnv("XDG_CACHE_HOME", "/cache");
    expect(defaultKernelFolder()).toBe("/cache/free-page-reporting/linux");
  });
});

describe("the kernel", () => {
  test("the latest of a folder, or the one that is named", () => {
    for (const version of ["6.1.0-9-x", "6.1.0-10-x"]) kernelIn(folder, version);
    expect(findKernel(folder)?.version).toBe("6.1.0-10-x");
    expect(findKernel(join(folder, "boot/vmlinuz-6.1.0-9-x"))?.version).toBe("6.1.0-9-x");
    expect(findKernel(join(folder, "boot/vmlinuz-6.1.0-8-x"))).toBeUndefined();
    expect(findKernel(join(folder, "nowhere"))).toBeUndefined();
  });

  test("a file that is none is refused: no folder is to be made in its place", () => {
    kernelIn(folder, "6.1.0-9-x");
    const other = join(folder, "vmlinuz-6.1.0-9-x");
    writeFileSync(other, "");
    for (const file of [other, join(folder, "boot/initrd")]) {
      writeFileSync(file, "");
      expect(messageOf(() => findKernel(file))).toBe(
        `${file}: found a file, expected a folder with boot/vmlinuz-VERSION and lib/modules/VERSION, or that vmlinuz`,
      );
    }
  });

  test("without its modules it is refused", () => {
    kernelIn(folder, "6.1.0-9-x");
    rmSync(join(folder, "lib"), { recursive: true });
    expect(messageOf(() => findKernel(folder))).toContain("lib/modules/6.1.0-9-x");
  });
});

describe("probes", () => {
  test("the report probe reads all 32 entries of the driver's list, 32 bytes apart", () => {
    const [report, returned] = probesFor("virtio_balloon");
    expect(report.line).toMatch(
      /^p:fpr\/report virtio_balloon:virtballoon_free_page_report nents=%dx:u32 vmemmap=@vmemmap_base:x64 p0=\+0\(%si\):x64 n0=\+12\(%si\):x32 /,
    );
    expect(report.line).toMatch(/p31=\+992\(%si\):x64 n31=\+1004\(%si\):x32$/);
    expect(returned.line).toBe("r:fpr/report_ret virtio_balloon:virtballoon_free_page_report ret=$retval:s32");
    // The kernel takes no line longer than that.
    expect(report.line.length).toBeLessThan(4094);
  });

  test("the slow device differs in that alone", () => {
    const lines = probesFor("virtio_balloon").map(({ line }) =>
      line.replace("virtio_balloon:virtballoon_free_page_report", "slow_device:slow_device_report"),
    );
    expect(probesFor("slow_device").map(({ line }) => line)).toEqual(lines);
  });

  test("the out-of-memory decision is always recorded; hotplug where the kernel has it", () => {
    const text = probeFile("virtio_balloon");
    expect(text).toContain("needed p:fpr/oom oom_kill_process gfp=+24(%di):x32 order=+28(%di):s32 ");
    expect(text).toContain("optional p:fpr/offline_iso __offline_isolated_pages start=%di:x64 end=%si:x64");
  });
});

describe("command lines", () => {
  const machine = { vmlinuz: "/k", initrd: "/i", memory: 256, words: ["fpr_workload=tiny"], balloon: true };

  test("a balloon that reports free pages, and a file for each port", () => {
    const args = qemuArguments({ ...machine, directory: "/a,b" });
    expect(args).toContain("virtio-balloon-pci,free-page-reporting=on");
    expect(args).toContain("file,id=trace,path=/a,,b/trace.txt");
    expect(args).toContain("file,id=closing,path=/a,,b/kpageflags2.bin");
    expect(args).toContain("enable=ram_block_discard_range,file=/a,,b/host.log");
    expect(args.join(" ")).toContain("-accel tcg,thread=multi");
    expect(args[args.indexOf("-append") + 1]).toMatch(/panic=-1 .*fpr_workload=tiny$/);
  });

  test("without a balloon nobody is asked for discards", () => {
    const args = qemuArguments({ ...machine, balloon: false, directory: "/c" }).join(" ");
    expect(args).not.toMatch(/balloon|host\.log/);
  });

  test("each workload has words for init", () => {
    for (const workload of WORKLOAD_IDS) {
      const words = guestWords({ ...TINY, workload });
      expect(words).toContain(`fpr_workload=${workload}`);
      expect(words).toContain(`fpr_buffer_kb=${WORKLOADS[workload].bufferKb}`);
      expect(words.join(" ")).not.toContain("fpr_order");
    }
    expect(guestWords({ ...TINY, reportOrder: 0 })).toContain("fpr_order=0");
    expect(guestWords({ ...TINY, control: "lost" })).toContain("fpr_buffer_kb=64");
    expect(guestWords({ ...TINY, workload: "slow-device" })).toContain("fpr_delay_ms=6000");
    expect(guestWords({ ...TINY, workload: "slow-device", slowHost: 0 })).toContain("fpr_delay_ms=0");
  });

  test("a slow host and a late one are the recorder's", () => {
    const plain = { LD_PRELOAD: "./host.so", FPR_LOG: "/c/madvise.log" };
    expect(hostEnvironment({ ...TINY, workload: "thp" }, "/a b/host.so", "/c")).toEqual(plain);
    expect(hostEnvironment({ ...TINY, slowHost: 70 }, "/host.so", "/c")).toEqual({ ...plain, FPR_DELAY_US: "70" });
    // Small as it is, it is to have allocations beside an open request.
    expect(hostEnvironment(TINY, "/host.so", "/c")).toEqual({ ...plain, FPR_DELAY_US: "50" });
    expect(hostEnvironment({ ...TINY, slowHost: 0 }, "/host.so", "/c")).toEqual(plain);
    expect(hostEnvironment({ ...TINY, workload: "slow-device", slowHost: 0 }, "/host.so", "/c")).toEqual({
      LD_PRELOAD: "./host.so",
    });
    expect(hostEnvironment({ ...TINY, control: "late" }, "/host.so", "/c")).toEqual({ ...plain, FPR_LATE_US: "10000" });
  });
});

test("too small a disk is told before the guest runs", async () => {
  await expect(requireRoom(join(folder), 0)).resolves.toBeUndefined();
  await expect(requireRoom(join(folder), 2 ** 60)).rejects.toThrow(
    /: found \d+ MiB free there, expected 1099511627776 MiB for the recording; TMPDIR names another place$/,
  );
});

describe("a run that broke off", () => {
  const end = { console: "", errors: "", status: 0, seconds: 1, timedOut: false };
  const why = (console: string): string | undefined => brokenBy({ ...end, console }, { timeout: 9, stream: false });

  test("with not one word: then it was hardly a kernel", () => {
    expect(why("")).toBe(
      "QEMU ended early, with status 0, in phase boot; nothing was said: is the kernel whole, and one for x86-64?",
    );
  });

  test("--stream would help where a trace had begun", () => {
    expect(why("[fpr 1.0] phase probes\n")).not.toContain("--stream");
    expect(why("[fpr 1.0] phase workload\n")).toContain(
      "in phase workload (with --stream the trace until then is kept",
    );
  });
});

describe("a trace that was streamed", () => {
  const event = (stamp: number): string => `     init-1       [00${stamp % 2}] d..1.   ${stamp}: mm_page_free: pfn=0x1`;
  const text = (stamps: readonly number[]): string => stamps.map((stamp) => `${event(stamp)}\n`).join("");

  test("is brought into the order of its stamps; real times become a section of meta.txt", async () => {
    writeFileSync(join(folder, "trace.txt"), `${text([1, 3, 2, 10, 9])}    init-1  [000`);
    writeFileSync(join(folder, "meta.txt"), "== uname\nLinux\n");
    writeFileSync(join(folder, "timed.txt"), "  one\n  two\n  thr");
    await adoptStreams(folder, true);
    expect(readFileSync(join(folder, "trace.txt"), "utf8")).toBe(text([1, 2, 3, 9, 10]));
    expect(readFileSync(join(folder, "meta.txt"), "utf8")).toBe("== uname\nLinux\n== time instance\n  one\n  two\n");
    expect(readdirSync(folder).toSorted()).toEqual(["meta.txt", "trace.txt"]);
  });

  test("loses its last thousand events where the guest ended early: another CPU's may be missing among them", async () => {
    const stamps = Array.from({ length: 1500 }, (_, index) => index + 1);
    writeFileSync(join(folder, "trace.txt"), text(stamps));
    await adoptStreams(folder, false);
    expect(readFileSync(join(folder, "trace.txt"), "utf8")).toBe(text(stamps.slice(0, 500)));
  });

  test("stays as it is where events were lost: that is the judge's to refuse", async () => {
    const lost = `${event(2)}\nCPU:1 [LOST 7 EVENTS]\n${event(1)}\n`;
    writeFileSync(join(folder, "trace.txt"), lost);
    await adoptStreams(folder, true);
    expect(readFileSync(join(folder, "trace.txt"), "utf8")).toBe(lost);
  });
});

test("the initramfs is a newc archive: folders first, contents whole, all parts aligned", () => {
  const bytes = Buffer.from("hello");
  const archive = gunzipSync(initramfs([{ path: "bin/hog", bytes, executable: true }]));
  const entries: { name: string; mode: string; content: string }[] = [];
  for (let at = 0; at < archive.length;) {
    expect(archive.toString("latin1", at, at + 6)).toBe("070701");
    const field = (index: number): number =>
      Number.parseInt(archive.toString("latin1", at + 6 + index * 8, at + 14 + index * 8), 16);
    const nameEnd = at + 110 + field(11);
    const start = Math.ceil(nameEnd / 4) * 4;
    const name = archive.toString("latin1", at + 110, nameEnd - 1);
    entries.push({ name, mode: field(1).toString(8), content: archive.toString("latin1", start, start + field(6)) });
    at = Math.ceil((start + field(6)) / 4) * 4;
  }
  expect(entries).toEqual([
    { name: "bin", mode: "40755", content: "" },
    { name: "bin/hog", mode: "100755", content: "hello" },
    { name: "TRAILER!!!", mode: "0", content: "" },
  ]);
});

test("the console tells phases, faults, the panic, remarks, and what became of contents", () => {
  const console = [
    "[    0.04] tsc: Unable to calibrate",
    "[fpr 1.50] phase transport\r",
    "[fpr 2.00] phase workload\r",
    "hog churn: mapped=10 checked=100 corrupt=0",
    "hog thp: mapped=10 checked=20 corrupt=2",
    "[fpr 9.00] hotplug: 3 blocks\r",
    "[fpr 10.00] phase end\r",
  ].join("\n");
  expect(phasesOf(console)).toEqual([
    { name: "boot", seconds: 1.5 },
    { name: "transport", seconds: 0.5 },
    { name: "workload", seconds: 8 },
  ]);
  expect(phaseIn(console)).toBe("end");
  expect(isComplete(console)).toBe(true);
  expect(remarksOf(console)).toEqual(["hotplug: 3 blocks"]);
  expect(contentsOf(console)).toEqual({ checked: 120, corrupt: 2 });
  expect(faultOf(console)).toBeUndefined();
  expect(faultOf("[fpr 1.0] fault: no ports\r\n")).toBe("no ports");
  expect(panicOf("[ 1.0] Kernel panic - not syncing: Attempted to kill init!\r\n")).toBe(
    "Kernel panic - not syncing: Attempted to kill init!",
  );
  expect(phaseIn("")).toBe("boot");
});
