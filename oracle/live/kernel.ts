/** The kernel that is recorded: Debian's package as unpacked by `dpkg -x`, or an installed one. Nothing is downloaded unasked. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { InputError } from "../../model/alphabet/index.ts";
import { asTyped } from "../process/again.ts";

/** Of the distribution's kernels the smallest that has all that a recording needs. Source: `linux-guest.md` 2. */
const IMAGE_PACKAGE = "linux-image-cloud-amd64";
const HEADERS_PACKAGE = "linux-headers-cloud-amd64";
const VMLINUZ = "vmlinuz-";

export interface Kernel {
  /** `6.1.0-56-cloud-amd64` */
  readonly version: string;
  readonly vmlinuz: string;
  /** The folder of its modules. */
  readonly modules: string;
}

/** Where the kernel is looked for when nobody says otherwise. */
export function defaultKernelFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "free-page-reporting", "linux");
}

/** The shell lines that bring the kernel there: what people are told to run, and what `--fetch` runs. */
export function fetchLines(folder: string): readonly string[] {
  return [
    asTyped(["mkdir", "-p", folder]),
    asTyped(["cd", folder]),
    // The package is an empty one that depends on the kernel of the day.
    `apt-get download "$(apt-cache depends ${IMAGE_PACKAGE} | awk '/Depends: linux-image/ {print $2; exit}')"`,
    "dpkg -x linux-image-*.deb .",
    "rm linux-image-*.deb",
  ];
}

/**
 * @param place a folder with `boot/vmlinuz-VERSION` and `lib/modules/VERSION` (`/` is the machine's own), or a vmlinuz in such a folder
 * @returns the latest kernel there; undefined where there is none at all
 * @throws InputError where its modules are missing, or where this is a file that is no kernel's
 */
export function findKernel(place: string): Kernel | undefined {
  rejectOtherFile(place);
  const named = basename(place).startsWith(VMLINUZ);
  const root = named ? dirname(dirname(place)) : place;
  const images = named ? [basename(place)] : imagesIn(join(root, "boot"));
  const latest = images.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  const vmlinuz = join(root, "boot", latest ?? "");
  if (latest === undefined || !existsSync(vmlinuz)) return undefined;
  const version = latest.slice(VMLINUZ.length);
  const folders = [join(root, "lib/modules", version), join(root, "usr/lib/modules", version)];
  const modules = folders.find((folder) => existsSync(join(folder, "kernel")));
  if (modules !== undefined) return { version, vmlinuz, modules };
  throw new InputError(
    { file: place },
    `found the kernel ${version}, but not its modules, expected them in ${folders[0]}`,
  );
}

/** The folder in which modules for this kernel are built, or undefined where the headers are not installed. */
export function headersOf(kernel: Kernel): string | undefined {
  return [join(kernel.modules, "build"), join("/lib/modules", kernel.version, "build")].find((folder) =>
    existsSync(join(folder, "Makefile")),
  );
}

/** The package with the headers. @param kernel undefined: the kernel of the day */
export function headersPackage(kernel: Kernel | undefined): string {
  return kernel === undefined ? HEADERS_PACKAGE : `linux-headers-${kernel.version}`;
}

/** A kernel is found by its name and its place: its modules are beside it. */
function rejectOtherFile(place: string): void {
  if (statSync(place, { throwIfNoEntry: false })?.isFile() !== true) return;
  if (basename(place).startsWith(VMLINUZ) && basename(dirname(place)) === "boot") return;
  throw new InputError(
    { file: place },
    "found a file, expected a folder with boot/vmlinuz-VERSION and lib/modules/VERSION, or that vmlinuz",
  );
}

function imagesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(VMLINUZ)) : [];
}
