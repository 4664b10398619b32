/**
 * `fpr linux` on a machine that has nothing: stand-ins for all programs and for the kernel. QEMU's says on the console what a
 * test wants, and leaves the capture that it wants.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = join(import.meta.dirname, "../../dist/cli/main.js");
const ELF_HEADER_BYTES = 64;

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export class FakeMachine {
  readonly folder = mkdtempSync(join(tmpdir(), "fpr-live-"));
  /** Where the tool may put its own files: empty when it has cleaned up. */
  readonly work = this.made("the work");
  readonly kernel = this.made("kernel");
  /** The fake QEMU writes its process id there. */
  readonly pid = join(this.folder, "pid");
  private readonly programs = this.made("bin");

  constructor() {
    mkdirSync(join(this.kernel, "boot"));
    writeFileSync(join(this.kernel, "boot/vmlinuz-6.1.0-test"), "");
    mkdirSync(join(this.kernel, "lib/modules/6.1.0-test/kernel"), { recursive: true });
    writeFileSync(join(this.kernel, "lib/modules/6.1.0-test/kernel/virtio_balloon.ko"), "module");
    // An ELF file without any program header names no loader: it is static.
    const elf = Buffer.alloc(ELF_HEADER_BYTES);
    elf.write("\u007fELF", "latin1");
    writeFileSync(join(this.programs, "busybox"), elf, { mode: 0o755 });
    this.program("gcc", 'while [ $# -gt 1 ]; do [ "$1" = -o ] && echo built > "$2"; shift; done');
    this.qemu("true");
  }

  /** What QEMU does: lines of shell, in which $capture is the capture's folder. */
  qemu(script: string): void {
    this.program(
      "qemu-system-x86_64",
      [
        'for word in "$@"; do case $word in *path=*/trace.txt) capture=${word#*path=}; capture=${capture%/trace.txt};; esac; done',
        `echo $$ > ${this.pid}`,
        script,
      ].join("\n"),
    );
  }

  /**
   * Starts `fpr linux` with these words.
   *
   * @param then is called with the process when the fake QEMU runs
   * @param temporary TMPDIR
   */
  async fpr(
    words: readonly string[],
    then?: (child: ChildProcess) => Promise<void>,
    temporary = this.work,
  ): Promise<Ended> {
    const kernel = words.includes("--kernel") ? [] : ["--kernel", this.kernel];
    const child = spawn(process.execPath, [PROGRAM, "linux", "--json", ...kernel, ...words], {
      env: { ...process.env, PATH: `${this.programs}:${process.env["PATH"] ?? ""}`, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
    await then?.(child);
    const status = await closed;
    return { status, out, err, json: JSON.parse(/^\{.*$/m.exec(out)?.[0] ?? "{}") };
  }

  /** Puts a program first on the search path: lines of shell. */
  program(name: string, script: string): void {
    const path = join(this.programs, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }

  private made(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path);
    return path;
  }
}
