/** Both arms of a comparison, each in a fresh process: the implementation, and its twin in C where a compiler is at hand. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Pages } from "../model/alphabet/index.ts";
import type { Measured, Workload } from "./workloads.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const COMPILERS = ["cc", "gcc", "clang"];

export class Twin {
  readonly #directory: string;
  readonly #program: string;

  private constructor(directory: string) {
    this.#directory = directory;
    this.#program = join(directory, "twin");
  }

  /** Compiles the twin. @returns undefined where there is no C compiler */
  static build(): Twin | undefined {
    const twin = new Twin(mkdtempSync(join(tmpdir(), "twin-")));
    for (const compiler of COMPILERS) {
      const flags = ["-O3", "-march=native", "-o", twin.#program, join(HERE, "twin.c")];
      if (spawnSync(compiler, flags, { stdio: "ignore" }).status === 0) return twin;
    }
    twin.remove();
    return undefined;
  }

  measure(workload: Workload, pages: Pages): Measured {
    return parse(execFileSync(this.#program, [workload, String(pages)], { encoding: "utf8" }));
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The implementation's arm, with this design compiled in and idle. */
export function measureImpl(workload: Workload, pages: Pages, design: string): Measured {
  const args = ["--import", "tsx", join(HERE, "one.ts"), workload, String(pages), design];
  return parse(execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
}

function parse(line: string): Measured {
  const [nanosecondsPerOp, digest] = line.trim().split(" ").map(Number);
  return { nanosecondsPerOp, digest };
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}
