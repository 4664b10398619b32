/** Small captures written by hand: one zone of four blocks of order 10, pages 4096 to 8191, all free at first. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgeCapture } from "../../oracle/linux/judge.ts";
import type { CaptureVerdict } from "../../oracle/linux/verdict.ts";
import type { Rejection } from "../../properties/rejection/index.ts";
import { explanation } from "./altered-capture.ts";

export const START = 4096;
export const PAGES = 4096;

const SECTION_PAGES = 32768;
const VMEMMAP = 0xffd4000000000000n;
const BUDDY = 1 << 10;

export interface Made {
  /** The events, without task and stamp; a line that begins with `N|` is of CPU N. */
  readonly events: readonly string[];
  /** How often direct compaction ran. */
  readonly compactions?: number;
  /** The opening snapshot: all pages are free in it. It is read before all events, where these have no mark of it. */
  readonly withSnapshot?: boolean;
  readonly withHeader?: boolean;
  /** The closing snapshot, too: all pages are free in it. */
  readonly withClosing?: boolean;
  /** The recorder saw the OOM killer's calls. */
  readonly seesOomKills?: boolean;
  /** Pages kept back from callers who may use higher zones, as zoneinfo prints them. */
  readonly protection?: string;
  /** More files of the capture, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** What the second trace instance saw, as lines without task: `SECONDS: EVENT`; what begins with `CPU:` as it stands. */
  readonly times?: readonly string[];
}

export function judgeMade(made: Made): Promise<CaptureVerdict> {
  return withMade(made, judgeCapture);
}

/** Why a made capture is refused. */
export function explainMade(made: Made): Promise<Rejection> {
  return withMade(made, async (directory) => explanation(await judgeCapture(directory)));
}

async function withMade<Result>(made: Made, judge: (directory: string) => Promise<Result>): Promise<Result> {
  const {
    events,
    compactions = 0,
    withSnapshot = true,
    withHeader = true,
    seesOomKills = true,
    protection = "(0, 0, 0, 0, 0)",
    files = {},
    times = [],
    withClosing = false,
  } = made;
  const directory = await mkdtemp(join(tmpdir(), "capture-"));
  try {
    const isMarked = events.includes(mark("snapshot begin"));
    const marks = withSnapshot && !isMarked ? [mark("snapshot begin"), mark("snapshot end")] : [];
    const all = [...marks, ...events];
    const header = withHeader ? [`# entries-in-buffer/entries-written: ${all.length}/${all.length}   #P:2`] : [];
    await writeFile(join(directory, "trace.txt"), [...header, ...all.map(line), ""].join("\n"));
    await writeFile(join(directory, "meta.txt"), metaText(compactions, seesOomKills, protection, times));
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    if (withSnapshot) await writeFile(join(directory, "kpageflags.bin"), allFree());
    if (withClosing) await writeFile(join(directory, "kpageflags2.bin"), allFree());
    return await judge(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The number of the line of `events[index]`, with a header and both marks before. */
export function lineAt(index: number): number {
  return index + 4;
}

export function mark(text: string): string {
  return `tracing_mark_write: [1.00] ${text}`;
}

export function leave(pfn: number, order: number): string {
  return `mm_page_alloc_zone_locked: page=0000000000000000 pfn=0x${pfn.toString(16)} order=${order} migratetype=1 percpu_refill=0`;
}

export function free(pfn: number, order: number, from = "free_pcppages_bulk", migratetype = 1): string {
  return `free_one: (${from}+0x1/0x2) page=${page(pfn)} pfn=0x${pfn.toString(16)} order=${order} mt=${migratetype} fpi=0x0`;
}

export function handedOut(pfn: number, order: number): string {
  return `mm_page_alloc: page=0000000000000000 pfn=0x${pfn.toString(16)} order=${order} migratetype=1 gfp_flags=GFP_KERNEL`;
}

export function isolate(pfn: number, order: number, by = "page_reporting_process", ret = 2 ** order): string[] {
  return [
    `iso: (__isolate_free_page+0x0/0x2b0) page=${page(pfn)} order=${order} caller=arch_rethook_trampoline+0x0/0x60`,
    `iso_ret: (${by}+0x2a1/0x570 <- __isolate_free_page) ret=${ret}`,
  ];
}

export function report(...ranges: readonly (readonly [pfn: number, order: number])[]): string {
  const entries = ranges.map(
    ([pfn, order], index) => `p${index}=${page(pfn)} n${index}=0x${(4096 * 2 ** order).toString(16)}`,
  );
  return `report: (virtballoon_free_page_report+0x0/0x120 [virtio_balloon]) nents=${ranges.length} vmemmap=0x${VMEMMAP.toString(16)} ${entries.join(" ")}`;
}

/** The OOM killer is called. @param more what else the caller is, as fields */
export function oom(order = 0, gfp = 0x140dca, more = "memcg=0x0 nodemask=0x0 constraint=0"): string {
  return `oom: (oom_kill_process+0x0/0x180) gfp=0x${gfp.toString(16)} order=${order} ${more}`;
}

export const ACK = "report_ret: (page_reporting_process+0x237/0x570 <- virtballoon_free_page_report) ret=0";
export const PASS = "process: (page_reporting_process+0x0/0x570) order=9";
export const PASS_END = "process_ret: (process_one_work+0x1c7/0x380 <- page_reporting_process)";

/** What gives the blocks of a request back. */
export function drain(...blocks: readonly (readonly [pfn: number, order: number])[]): string[] {
  return [
    `drain: (page_reporting_drain.constprop.0+0x0/0xd0) a1=${blocks.length} a2=1`,
    ...blocks.map(([pfn, order]) => free(pfn, order, "__putback_isolated_page")),
    "drain_ret: (page_reporting_process+0x255/0x570 <- page_reporting_drain.constprop.0)",
  ];
}

export function pageAt(pfn: number): string {
  return page(pfn);
}

function page(pfn: number): string {
  return `0x${(VMEMMAP + BigInt(pfn) * 64n).toString(16)}`;
}

function line(event: string, index: number): string {
  const cpu = /^\d\|/.test(event) ? Number(event[0]) : 0;
  const text = event.replace(/^\d\|/, "");
  return `            init-1       [00${cpu}] d..1.  ${index + 1}: ${text}`;
}

function allFree(): Buffer {
  const bytes = Buffer.alloc(8 * SECTION_PAGES);
  for (let pfn = START; pfn < START + PAGES; pfn++) bytes.writeUInt32LE(BUDDY, 8 * pfn);
  return bytes;
}

function metaText(compactions: number, seesOomKills: boolean, protection: string, times: readonly string[]): string {
  return [
    "== zoneinfo",
    "Node 0, zone      DMA",
    "        spanned  0",
    "        present  0",
    "Node 0, zone    DMA32",
    "  pages free     4096",
    "        min      10",
    "        low      20",
    "        high     30",
    `        spanned  ${PAGES}`,
    `        present  ${PAGES}`,
    `        managed  ${PAGES}`,
    `        protection: ${protection}`,
    `  start_pfn:           ${START}`,
    "== buddyinfo before",
    "Node 0, zone    DMA32      0      0      0      0      0      0      0      0      0      0      4 ",
    "== pagetypeinfo before",
    "Page block order: 9",
    "== dynamic_events",
    seesOomKills ? "p:fpr/oom oom_kill_process gfp=+24(%di):x32" : "",
    "== vmstat",
    `compact_stall ${compactions}`,
    ...(times.length === 0 ? [] : ["== time instance", ...times.map(timedLine)]),
    "",
  ].join("\n");
}

function timedLine(text: string): string {
  return text.startsWith("CPU:") ? text : `            init-1       [000] .....     ${text}`;
}
