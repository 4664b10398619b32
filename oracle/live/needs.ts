/** What a recording needs of this machine. All that is missing is told at once, with the lines that bring it. */
import { readFileSync } from "node:fs";
import { InputError } from "../../model/alphabet/index.ts";
import type { Kernel } from "./kernel.ts";
import { fetchLines, findKernel, headersOf, headersPackage } from "./kernel.ts";
import { findProgram } from "./programs.ts";

export interface Tools {
  readonly qemu: string;
  readonly busybox: string;
  readonly compiler: string;
  readonly kernel: Kernel;
  /** Where modules are built; only looked for where one is needed. */
  readonly headers: string | undefined;
}

interface Program {
  readonly name: string;
  readonly packages: readonly string[];
}

const QEMU: Program = { name: "qemu-system-x86_64", packages: ["qemu-system-x86"] };
const BUSYBOX: Program = { name: "busybox", packages: ["busybox-static"] };
const COMPILER: Program = { name: "gcc", packages: ["gcc", "libc6-dev"] };
const MAKE: Program = { name: "make", packages: ["make"] };

/** The first bytes of an ELF file, and the length of its header. */
const ELF = Buffer.from("\u007fELF", "latin1");
const HEADER_BYTES = 64;
/** The part of an ELF file that names the loader of its libraries: a static program has none. Source: elf(5), PT_INTERP. */
const LOADER_PART = 3;
const PARTS_AT = 32;
const PART_BYTES_AT = 54;
const PART_COUNT_AT = 56;

/**
 * @param place where the kernel is
 * @param buildsModule whether make and the kernel's headers are needed as well
 * @throws InputError that names all that is missing, and the lines to run
 */
export function findTools(place: string, buildsModule: boolean): Tools {
  const kernel = findKernel(place);
  const headers = kernel === undefined ? undefined : headersOf(kernel);
  const qemu = findProgram(QEMU.name);
  const busybox = staticBusybox();
  const compiler = findProgram(COMPILER.name);
  const programs: [Program, string | undefined][] = [
    [QEMU, qemu],
    [BUSYBOX, busybox],
    [COMPILER, compiler],
  ];
  if (buildsModule) {
    programs.push([MAKE, findProgram(MAKE.name)]);
    programs.push([{ name: "the kernel's headers", packages: [headersPackage(kernel)] }, headers]);
  }
  const missing = programs.filter(([, found]) => found === undefined).map(([program]) => program);
  if (
    qemu !== undefined &&
    busybox !== undefined &&
    compiler !== undefined &&
    kernel !== undefined &&
    missing.length === 0
  ) {
    return { qemu, busybox, compiler, kernel, headers };
  }
  throw new InputError({}, missingText(missing, kernel === undefined ? place : undefined));
}

/** @param place where a kernel was looked for and not found; undefined where it was found */
function missingText(programs: readonly Program[], place: string | undefined): string {
  const things = programs.map(({ name }) => (name === BUSYBOX.name ? "a static busybox" : name));
  if (place !== undefined) things.push(`a kernel in ${place}`);
  const packages = programs.flatMap((program) => program.packages);
  const lines = [
    `not found: ${things.join(", ")}. Nothing is installed or downloaded unasked; on Debian, run`,
    ...(packages.length === 0 ? [] : [`apt-get install -y --no-install-recommends ${packages.join(" ")}`]),
    ...(place === undefined ? [] : fetchLines(place)),
  ];
  const hint = place === undefined ? [] : ["(the lines about the kernel are what `fpr linux --fetch` runs for you)"];
  return [...lines, ...hint].join("\n    ");
}

/** The guest has no libraries: a busybox that needs them can't run there. */
function staticBusybox(): string | undefined {
  const found = findProgram(BUSYBOX.name);
  return found !== undefined && isStatic(readFileSync(found)) ? found : undefined;
}

function isStatic(program: Buffer): boolean {
  if (program.length < HEADER_BYTES || !program.subarray(0, ELF.length).equals(ELF)) return false;
  const parts = Number(program.readBigUInt64LE(PARTS_AT));
  const bytes = program.readUInt16LE(PART_BYTES_AT);
  const count = program.readUInt16LE(PART_COUNT_AT);
  // A file that was cut off has no such parts, and can't run either.
  if (parts + count * bytes > program.length) return false;
  const kinds = Array.from({ length: count }, (_, index) => program.readUInt32LE(parts + index * bytes));
  return !kinds.includes(LOADER_PART);
}
