/**
 * Traces that were handed over while it happened: the main one, and that with real times, which in other captures is a
 * section of meta.txt and here becomes one.
 *
 * What such a reader prints is in order, but for one case: an event of
 * another CPU that was begun and not finished when a later one was read comes after it. The stamps of ftrace's counter
 * are a strict order, so the lines are brought into it.
 */
import { existsSync } from "node:fs";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseLine } from "../linux/capture/ftrace.ts";

/** Where the guest ended in between, an event of another CPU may be missing among so many last ones. */
const DOUBTFUL_EVENTS = 1000;

/**
 * Makes a capture like any other of a folder with what was streamed; only the header of trace.txt, with its counts, is missing.
 *
 * @param whole false where the guest ended in between: then its last lines, which can't be trusted, are left out
 */
export async function adoptStreams(directory: string, whole: boolean): Promise<void> {
  const trace = join(directory, "trace.txt");
  if (existsSync(trace)) await order(trace, whole);
  const timed = join(directory, "timed.txt");
  if (!existsSync(timed)) return;
  await appendFile(
    join(directory, "meta.txt"),
    `== time instance\n${wholeLines(await readFile(timed, "latin1")).join("\n")}\n`,
  );
  await rm(timed);
}

async function order(path: string, whole: boolean): Promise<void> {
  const lines = wholeLines(await readFile(path, "latin1"));
  const ordered = lines
    .map((line, index) => ({ line, stamp: Number(parseLine(line, index + 1)?.stamp ?? Number.NaN) }))
    .sort((one, other) => one.stamp - other.stamp);
  // A line that is no event (the recorder lost some) has no place to be sorted to: the judge refuses it where it is.
  const kept = ordered.some(({ stamp }) => Number.isNaN(stamp)) ? lines : ordered.map(({ line }) => line);
  const trusted = whole ? kept : kept.slice(0, -DOUBTFUL_EVENTS);
  await writeFile(path, trusted.map((line) => `${line}\n`).join(""), "latin1");
}

/** Behind the last line end stands a part of a line, or nothing. */
function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}
