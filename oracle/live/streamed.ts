/**
 * A trace that was handed over while it happened. What such a reader prints is in order, but for one case: an event of
 * another CPU that was begun and not finished when a later one was read comes after it. The stamps of ftrace's counter
 * are a strict order, so the lines are brought into it.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseLine } from "../linux/ftrace.ts";

/** Where the guest ended in between, an event of another CPU may be missing among so many last ones. */
const DOUBTFUL_EVENTS = 1000;

/**
 * Rewrites the file.
 *
 * @param whole false where the guest ended in between: then its last lines, which can't be trusted, are left out
 */
export async function orderStream(path: string, whole: boolean): Promise<void> {
  const text = await readFile(path, "latin1");
  // Behind the last line end stands a part of a line, or nothing.
  const lines = text.split("\n").slice(0, -1);
  const ordered = lines
    .map((line, index) => ({ line, stamp: Number(parseLine(line, index + 1)?.stamp ?? Number.NaN) }))
    .sort((one, other) => one.stamp - other.stamp);
  // A line that is no event (the recorder lost some) has no place to be sorted to: the judge refuses it where it is.
  const kept = ordered.some(({ stamp }) => Number.isNaN(stamp)) ? lines : ordered.map(({ line }) => line);
  const trusted = whole ? kept : kept.slice(0, -DOUBTFUL_EVENTS);
  await writeFile(path, trusted.map((line) => `${line}\n`).join(""), "latin1");
}
