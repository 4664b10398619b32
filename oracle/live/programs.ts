/** Other programs: where they are, and how they are run. */
import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { InputError } from "../../model/alphabet/index.ts";

/** So much of what a program said about its failure is told. */
const TOLD_LINES = 8;
const MOST_OUTPUT = 16 * 1024 * 1024;

/** The file of a program on the search path, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
  return folders.map((folder) => resolve(folder, name)).find(isExecutable);
}

/**
 * @param scratch where the program makes its temporary files: one that is stopped may leave some
 * @throws InputError with the last lines that it said, where the program fails. @throws AbortError where it was stopped
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  scratch: string,
  signal: AbortSignal,
): Promise<Buffer> {
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      encoding: "buffer",
      env: { ...process.env, TMPDIR: scratch },
      maxBuffer: MOST_OUTPUT,
      signal,
    });
    return stdout;
  } catch (error) {
    if (!(error instanceof Error) || error.name === "AbortError") throw error;
    const said = "stderr" in error ? String(error.stderr).trim() : "";
    throw new InputError({}, `${program} failed: ${lastLines(said === "" ? error.message : said, TOLD_LINES)}`);
  }
}

/** The last lines of a text, each on a line of its own and indented where there are several. */
export function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split("\n").slice(-count);
  return lines.length === 1 ? lines[0] : lines.map((line) => `\n    ${line.trimEnd()}`).join("");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
