/** Builds what a recording runs: the guest's programs and its initramfs, and the recorder that is loaded into QEMU. */
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../model/alphabet/index.ts";
import { inPackage } from "../../properties/package-folder.ts";
import type { ArchiveFile } from "./cpio.ts";
import { initramfs } from "./cpio.ts";
import type { Tools } from "./needs.ts";
import type { Device } from "./probes.ts";
import { probeFile } from "./probes.ts";
import { runProgram } from "./programs.ts";

/** The guest's way to the host. Those that are built into a kernel have no file. */
const TRANSPORT = [
  "virtio_ring",
  "virtio",
  "virtio_pci_legacy_dev",
  "virtio_pci_modern_dev",
  "virtio_pci",
  "virtio_console",
];
const GUEST_PROGRAMS = ["hog", "callsites"];

/**
 * The initramfs, written to `initrd.gz` in the folder.
 *
 * @param folder for what is built on the way; the caller's to remove
 * @throws InputError where something can't be compiled, or the kernel has no module for the device
 */
export async function buildInitramfs(
  tools: Tools,
  device: Device,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const modules = await modulesFor(tools, device, folder, signal);
  const files = await allEnded([
    program("init", guestFile("init")),
    program("bin/busybox", tools.busybox),
    ...GUEST_PROGRAMS.map((name) => compiled(name, tools, folder, signal)),
    ...modules,
  ]);
  const probes = { path: "probes", bytes: Buffer.from(probeFile(device)), executable: false };
  const path = join(folder, "initrd.gz");
  await writeFile(path, initramfs([...files, probes]));
  return path;
}

/** As Promise.all, but only when all have ended: whoever removes the folder then removes it from under nobody. */
async function allEnded<Made>(making: readonly Promise<Made>[]): Promise<Made[]> {
  await Promise.allSettled(making);
  return Promise.all(making);
}

/**
 * The library that is loaded into QEMU: it records madvise, and plays slow and wrong hosts.
 *
 * @throws InputError where it can't be compiled
 */
export async function buildRecorder(tools: Tools, folder: string, signal: AbortSignal): Promise<string> {
  const built = join(folder, "host.so");
  await runProgram(tools.compiler, ["-O2", "-shared", "-fPIC", "-o", built, guestFile("host.c")], folder, signal);
  return built;
}

async function compiled(name: string, tools: Tools, folder: string, signal: AbortSignal): Promise<ArchiveFile> {
  const built = join(folder, name);
  await runProgram(tools.compiler, ["-O2", "-static", "-o", built, guestFile(`${name}.c`)], folder, signal);
  return { path: `bin/${name}`, bytes: await readFile(built), executable: true };
}

async function program(path: string, from: string): Promise<ArchiveFile> {
  return { path, bytes: await readFile(from), executable: true };
}

/** The device and its transport; what they take is begun, and ends later. */
async function modulesFor(
  tools: Tools,
  device: Device,
  folder: string,
  signal: AbortSignal,
): Promise<Promise<ArchiveFile>[]> {
  const names = await readdir(tools.kernel.modules, { recursive: true });
  const fileOf = (module: string): string | undefined => names.find((name) => moduleName(name) === module);
  const isBuilt = device === "slow_device";
  if (!isBuilt && fileOf(device) === undefined)
    throw new InputError(
      { file: tools.kernel.modules },
      `found no module ${device} there, expected the guest's device`,
    );
  const shipped = isBuilt ? TRANSPORT : [...TRANSPORT, device];
  const unpacked = shipped.flatMap((module) => {
    const name = fileOf(module);
    return name === undefined ? [] : [unpackedModule(module, join(tools.kernel.modules, name), folder, signal)];
  });
  return isBuilt ? [...unpacked, buildModule(device, tools, folder, signal)] : unpacked;
}

/** `virtio_ring` for `kernel/drivers/virtio/virtio-ring.ko.xz`. */
function moduleName(path: string): string | undefined {
  return /([^/]+)\.ko(?:\.xz)?$/.exec(path)?.[1].replaceAll("-", "_");
}

/** Later kernels' modules are packed, and busybox can't load such. */
async function unpackedModule(module: string, file: string, folder: string, signal: AbortSignal): Promise<ArchiveFile> {
  const bytes = file.endsWith(".xz") ? await runProgram("xz", ["-dc", file], folder, signal) : await readFile(file);
  return { path: `modules/${module}.ko`, bytes, executable: false };
}

async function buildModule(module: Device, tools: Tools, folder: string, signal: AbortSignal): Promise<ArchiveFile> {
  const sources = join(folder, module);
  if (/\s/.test(sources))
    throw new InputError(
      { file: sources },
      "has a space, and the kernel's make builds no module there; TMPDIR names another place",
    );
  await cp(guestFile("slow-device"), sources, { recursive: true });
  await runProgram("make", ["-s", "-C", tools.headers ?? "", `M=${sources}`, "modules"], folder, signal);
  return { path: `modules/${module}.ko`, bytes: await readFile(join(sources, `${module}.ko`)), executable: false };
}

function guestFile(name: string): string {
  return inPackage("oracle", "live", "guest", name);
}
