/**
 * What must be known of a trace before it is judged line by line: where struct pages begin, and which blocks direct
 * compaction captured.
 *
 * **Capture.** `__free_one_page` may hand the block that it has just merged to the task that compacts, instead of
 * putting it on a list. No line says so; it shows later, as an mm_page_alloc of order over 0 all of whose pages were last
 * freed. By then the block would have merged further in a replay, and its neighbours would be mispredicted: so the
 * `free_one` that was captured is looked up first. Source: `linux-guest.md` 5, Capture.
 */
import type { Block, Pages } from "../../../model/alphabet/index.ts";
import { Decoder, vmemmapOf } from "../capture/events.ts";
import type { TraceFile } from "../capture/ftrace.ts";
import type { Victim } from "../capture/oom-kill.ts";
import { victimOf } from "../capture/oom-kill.ts";
import type { Snapshot } from "../capture/snapshot.ts";
import { forEachLine } from "../capture/text.ts";

/** By the line of the `free_one`: the block that was captured there. */
export type Captures = ReadonlyMap<number, Block>;

/** Where the kernel's array of struct page begins: the first line that tells. @throws InputError */
export async function findVmemmap(trace: TraceFile): Promise<bigint | undefined> {
  let found: bigint | undefined;
  await trace.forEachEvent((event) => {
    found = vmemmapOf(event);
    return found !== undefined;
  });
  return found;
}

/**
 * @param pages one past the last page
 * @param opening which pages were free at first, where that is known
 * @param most how many captures there can be. More are none: then lines are missing, which the judges will see
 */
export async function findCaptures(
  trace: TraceFile,
  vmemmap: bigint | undefined,
  pages: Pages,
  opening: Snapshot | undefined,
  most: number,
): Promise<Captures> {
  if (most === 0) return new Map();
  const captures = new Map<number, Block>();
  const decoder = new Decoder(vmemmap);
  /** The line that freed each page last; 1 where it was free at first, 0 where it is not free. */
  const freed = new Uint32Array(pages);
  if (opening !== undefined) for (let pfn = 0; pfn < pages; pfn++) if (opening.isFree(pfn)) freed[pfn] = 1;
  await trace.forEachEvent((event) => {
    const step = decoder.decode(event);
    if (step === undefined || !("pfn" in step) || step.pfn + 2 ** step.order > pages) return false;
    if (step.kind === "refused") return false;
    const end = step.pfn + 2 ** step.order;
    if (step.kind === "enter") freed.fill(event.line, step.pfn, end);
    else if (step.kind !== "handed-out") freed.fill(0, step.pfn, end);
    else if (step.order > 0 && !freed.subarray(step.pfn, end).includes(0)) {
      let line = 0;
      for (let pfn = step.pfn; pfn < end; pfn++) line = Math.max(line, freed[pfn]);
      captures.set(line, { pfn: step.pfn, order: step.order });
      freed.fill(0, step.pfn, end);
    }
    return false;
  });
  return captures.size > most ? new Map() : captures;
}

/** Who is killed for the OOM kill in a line: the next line that names a victim, where one comes before the next kill. */
export async function findVictim(trace: TraceFile, line: number): Promise<Victim | undefined> {
  let victim: Victim | undefined;
  await trace.forEachEvent((event) => {
    if (event.line <= line) return false;
    if (event.name === "mark_victim") victim = victimOf(event);
    return event.name === "mark_victim" || event.name === "oom";
  });
  return victim;
}

/** The names of processes that were killed for lack of memory, by pid, as the kernel prints them. @throws InputError */
export async function killedNames(console: string): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  await forEachLine(console, (text) => {
    const found = /Out of memory: Killed process (\d+) \((.+?)\)/.exec(text);
    if (found !== null) names.set(Number(found[1]), found[2]);
  });
  return names;
}
