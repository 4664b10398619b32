/** Copies of the fixture with one thing changed in each: what the judge of captures must refuse. */
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { InputError } from "../../model/alphabet/index.ts";
import { judgeCapture } from "../../oracle/linux/judge.ts";
import type { CaptureVerdict } from "../../oracle/linux/verdict.ts";
import type { Rejection } from "../../properties/rejection/index.ts";

export const FIXTURE = fileURLToPath(new URL("../fixtures/linux-6.1-tiny", import.meta.url));

/** By the file's name without `.gz`: its new content, or undefined to leave it out. A new name is a new file. */
export type Alterations = Readonly<Record<string, ((bytes: Buffer) => Buffer | string) | undefined>>;

/** Judges the fixture with some files changed. */
export function judgeAltered(alterations: Alterations): Promise<CaptureVerdict> {
  return withAltered(alterations, judgeCapture);
}

/** Why the fixture with some files changed is refused. */
export function explained(alterations: Alterations): Promise<Rejection> {
  return withAltered(alterations, async (directory) => explanation(await judgeCapture(directory)));
}

/** @throws Error where nothing was refused */
export async function explanation({ verdict, explain }: CaptureVerdict): Promise<Rejection> {
  if (explain === undefined) throw new Error(`there is nothing to explain: ${verdict}`);
  return explain();
}

async function withAltered<Result>(
  alterations: Alterations,
  judge: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "capture-"));
  try {
    await cp(FIXTURE, directory, { recursive: true });
    for (const file of await readdir(directory)) {
      const name = file.replace(/\.gz$/, "");
      if (!(name in alterations)) continue;
      const bytes = await readFile(join(directory, file));
      await rm(join(directory, file));
      const alter = alterations[name];
      if (alter !== undefined)
        await writeFile(join(directory, name), alter(file.endsWith(".gz") ? gunzipSync(bytes) : bytes));
    }
    for (const [name, make] of Object.entries(alterations)) {
      if (make === undefined || (await readdir(FIXTURE)).some((file) => file.replace(/\.gz$/, "") === name)) continue;
      await writeFile(join(directory, name), make(Buffer.alloc(0)));
    }
    return await judge(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The reason why the altered fixture can't be judged. */
export async function refusal(alterations: Alterations): Promise<InputError> {
  try {
    const { verdict } = await judgeAltered(alterations);
    throw new Error(`was judged: ${verdict}`);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** A change of a text's lines. `lines[0]` is line 1. */
export function lines(change: (lines: string[]) => void): (bytes: Buffer) => string {
  return (bytes) => {
    const all = bytes.toString().split("\n");
    change(all);
    return all.join("\n");
  };
}

/** Makes every call of a madvise.log 5 ms later. */
export function delayed(all: string[]): void {
  for (const [index, text] of all.entries()) {
    all[index] = text.replaceAll(
      /(\d+\.)(\d{6})/g,
      (_, s: string, us: string) => `${s}${(Number(us) + 5000).toString().padStart(6, "0")}`,
    );
  }
}

/** A change of a trace's lines, after which stamps and header are made to fit: only the events themselves are wrong. */
export function events(change: (lines: string[]) => void): (bytes: Buffer) => string {
  return lines((all) => {
    change(all);
    let count = 0;
    for (const [index, text] of all.entries()) {
      if (text === "" || text.startsWith("#")) continue;
      count += 1;
      all[index] = text.replace(/(\] \S+ +)\d+: /, `$1${count}: `);
    }
    const header = all.findIndex((text) => text.includes("entries-in-buffer"));
    all[header] = `# entries-in-buffer/entries-written: ${count}/${count}   #P:2`;
  });
}

/** A free that the recorder lost: of one page, which exactly a later line takes. */
export function lostFree(): (bytes: Buffer) => string {
  return events((all) => all.splice(all.findIndex(isTakenAgain(all)), 1));
}

/** The first request's blocks are given back while the host has them: its ack comes behind them all. */
export const drainedEarly = events((all) => {
  const [ack] = all.splice(lineOf(all, " report_ret: ") - 1, 1);
  all.splice(lineOf(all, " drain_ret: "), 0, ack);
});

/** The number of the line that has this text, the `nth` of them, from 1. */
export function lineOf(all: readonly string[], text: string, nth = 1): number {
  let seen = 0;
  const index = all.findIndex((candidate) => candidate.includes(text) && ++seen === nth);
  if (index === -1) throw new Error(`the fixture has no ${nth} lines with "${text}"`);
  return index + 1;
}

/** An event line as ftrace prints it; the stamp is filled in by `events`. */
export function eventLine(text: string): string {
  return `            init-1       [001] d..1.            0: ${text}`;
}

/** A line that frees one page, which exactly a later one takes. */
function isTakenAgain(all: readonly string[]): (text: string, index: number) => boolean {
  return (text, index) => {
    const pfn = index < 40000 ? undefined : /free_one: .*(pfn=0x[0-9a-f]+) order=0 /.exec(text)?.[1];
    return (
      pfn !== undefined &&
      all.some((other, later) => later > index && other.includes("zone_locked: ") && other.includes(` ${pfn} order=0 `))
    );
  };
}
