/**
 * Two named pipes between us and a program. Unlike the pipes that Node makes they can be read and written by calls that
 * block, and a driver that is one plain loop needs that.
 */
import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../model/alphabet/index.ts";

export class Fifos {
  /** File descriptors. Writing never blocks, so that a program that reads nothing can't hold us up. */
  readonly ours: { readonly read: number; readonly write: number };
  readonly theirs: { readonly read: number; readonly write: number };
  /** Where the program's standard output can be opened once more. */
  readonly output: string;
  readonly #folder: string;
  #open: number[] = [];

  /** @throws InputError where this system has no named pipes */
  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), "fpr-pipe-"));
    const input = join(this.#folder, "input");
    this.output = join(this.#folder, "output");
    try {
      makeFifos(input, this.output);
      const [toRead, toWrite] = this.#ends(input);
      const [fromRead, fromWrite] = this.#ends(this.output);
      this.ours = { read: fromRead, write: toWrite };
      this.theirs = { read: toRead, write: fromWrite };
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** To be called once the program has its ends: only so do we see that it is gone. */
  closeTheirs(): void {
    for (const end of [this.theirs.read, this.theirs.write]) this.#close(end);
  }

  /** Lets a read of ours return, whoever still holds the other end. */
  wake(): void {
    try {
      const end = openSync(this.output, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        writeSync(end, "\n");
      } finally {
        closeSync(end);
      }
    } catch {
      // Nobody reads, or there is plenty to read: nobody has to be woken.
    }
  }

  remove(): void {
    for (const end of this.#open) closeSync(end);
    this.#open = [];
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** To open one end of a pipe blocks until there is the other: what is open for both at first is neither's. */
  #ends(path: string): [read: number, write: number] {
    const both = openSync(path, "r+");
    try {
      const read = openSync(path, "r");
      this.#open.push(read);
      const write = openSync(path, this.output === path ? "w" : constants.O_WRONLY | constants.O_NONBLOCK);
      this.#open.push(write);
      return [read, write];
    } finally {
      closeSync(both);
    }
  }

  #close(end: number): void {
    closeSync(end);
    this.#open = this.#open.filter((other) => other !== end);
  }
}

function makeFifos(...paths: readonly string[]): void {
  const { status, error, stderr } = spawnSync("mkfifo", ["-m", "600", ...paths], { encoding: "utf8" });
  if (error === undefined && status === 0) return;
  const why = error === undefined ? stderr.trim() : error.message;
  throw new InputError(
    {},
    `can't make named pipes, which a program is driven through (${why}): mkfifo of POSIX is needed; on Windows use WSL`,
  );
}

/** What stands in a pipe without waiting for it; at most `most` bytes. */
export function peek(path: string, most: number): string {
  const end = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(most);
    return bytes.toString("utf8", 0, readSync(end, bytes));
  } catch {
    // Nothing is there.
    return "";
  } finally {
    closeSync(end);
  }
}
