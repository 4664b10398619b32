/**
 * Changes to a trace that might have been what happened: one line too many, or one that was lost. Each counts for nothing until
 * the whole file was judged with it (trials.ts).
 */
import type { Block, Order, PageRange, Pfn } from "../../../model/alphabet/index.ts";
import { pagesOf } from "../../../model/alphabet/index.ts";
import type { Violation } from "../../../properties/judges/properties.ts";
import { PAGE_STRUCT_BYTES, PUTBACK, type KernelStep } from "../capture/events.ts";
import { functionOf, type TraceLine } from "../capture/ftrace.ts";
import type { Background, Recording } from "../guest/recording.ts";

export interface Edit {
  /** What stands behind "legal if". */
  readonly text: string;
  /** Lines right before the one that was refused. */
  readonly insert: readonly TraceLine[];
  /** What becomes of the line that was refused: `later` is behind the next one. */
  readonly line: "kept" | "dropped" | "later";
  /** The line before says the very same: to drop this one is more than to leave out what was refused. */
  readonly isRepeat?: boolean;
  /** The next line of this name comes right before an earlier line. */
  readonly sooner?: { readonly event: TraceLine; readonly before: number };
  /** Where the host did otherwise: what is known then. */
  readonly background?: Background;
}

/** The line that was refused, the step that it tells, and what the recording knew then. */
export interface Refused {
  readonly line: TraceLine;
  readonly step: KernelStep | undefined;
  readonly violation: Violation;
  readonly recording: Recording;
  /** The line before it. */
  readonly previous: TraceLine | undefined;
  readonly vmemmap: bigint | undefined;
  readonly maxOrder: Order;
}

/** Larger blocks around the one that is missing which are tried as well. */
const LARGER = 3;

/** A stamp of no counter: so that a line that was put in or moved is never out of order. */
const NO_COUNTER = "0.0";

/** Plausible edits, at most some eight. */
export function editsFor(refused: Refused): Edit[] {
  const { step } = refused;
  // Without the mark of a snapshot nobody knows when it was read.
  if (step?.kind === "mark") return lost(refused);
  const isolation = step?.kind === "report" ? lostIsolation(refused) : [];
  return [...lost(refused), ...isolation, ...misplaced(refused)];
}

/** The line itself is wrong: it is there twice, or too early, or not at all. */
function misplaced({ line, previous }: Refused): Edit[] {
  const isRepeat = previous !== undefined && isSame(previous, line);
  const text = isRepeat ? `line ${line.line} only repeats line ${previous.line}` : `line ${line.line} is one too many`;
  return [
    { text: `line ${line.line} came after the line behind it`, insert: [], line: "later" },
    { text, insert: [], line: "dropped", ...(isRepeat ? { isRepeat } : {}) },
  ];
}

function isSame(one: TraceLine, other: TraceLine): boolean {
  return one.name === other.name && one.cpu === other.cpu && one.task === other.task && one.fields === other.fields;
}

/** The same event at another place. */
export function moved(line: TraceLine): TraceLine {
  return { ...line, stamp: NO_COUNTER };
}

function lost(refused: Refused): Edit[] {
  const { step, violation } = refused;
  switch (step?.kind) {
    case "leave":
    case "isolate":
    case "take":
    case "split":
      return [...lostFrees(refused, step), ...lostSplit(refused, step)];
    case "enter":
      return [...soonerAck(refused), ...lostDrain(refused), ...lostAllocations(refused, step)];
    case "handed-out":
    case "handed-back":
      return lostAllocations(refused, step);
    case "mark":
      return violation.pages === undefined ? [] : lostEither(refused, violation.pages);
    case "drain-end":
      return violation.pages === undefined ? [] : lostReleases(refused, violation.pages);
    default:
      return [];
  }
}

/** Pages are taken that were not free: somebody freed them before, in one block of which these are the last. */
function lostFrees(refused: Refused, block: Block): Edit[] {
  const { recording } = refused;
  const missing = oneBlock(block, (pfn) => !recording.lists.isFree(pfn));
  if (missing === undefined) return [];
  return [
    missing,
    ...around(missing, refused).filter((larger) => !hasAny(larger, (pfn) => recording.lists.isFree(pfn))),
  ].map((freed) => edit(refused, "free", freed, [freeLine(refused.line, freed)]));
}

/** A part of a free block is taken that is not its first: then somebody took what stood before it. */
function lostSplit(refused: Refused, block: Block): Edit[] {
  const whole = refused.recording.lists.blockAround(block.pfn);
  if (whole === undefined || whole.pfn >= block.pfn) return [];
  const order = Math.log2(block.pfn - whole.pfn);
  if (!Number.isInteger(order) || order < block.order) return [];
  return [allocation(refused, { pfn: whole.pfn, order })];
}

/** Pages are given back that were free: somebody took them before, perhaps with others around them. */
function lostAllocations(refused: Refused, block: Block): Edit[] {
  const { recording } = refused;
  const free = oneBlock(block, (pfn) => recording.lists.isFree(pfn));
  if (free === undefined) return [];
  const whole = recording.lists.blockAround(free.pfn);
  const larger = around(free, refused).filter(
    ({ pfn, order }) =>
      whole !== undefined && pfn >= whole.pfn && pfn + pagesOf(order) <= whole.pfn + pagesOf(whole.order),
  );
  return [free, ...larger].map((taken) => allocation(refused, taken));
}

/** A snapshot says otherwise: a free or an allocation was lost. */
function lostEither(refused: Refused, { start }: PageRange): Edit[] {
  const page = { pfn: start, order: 0 };
  return refused.recording.lists.isFree(start) ? lostAllocations(refused, page) : lostFrees(refused, page);
}

function lostReleases(refused: Refused, { start, pages }: PageRange): Edit[] {
  const block = { pfn: start, order: Math.log2(pages) };
  return [edit(refused, "release", block, [freeLine(refused.line, block, PUTBACK)])];
}

/** Blocks are given back while the host has them: the ack, which comes later, should have come first. */
function soonerAck({ line, violation, recording: { early } }: Refused): Edit[] {
  if (violation.property !== "exclusion" || early === undefined) return [];
  const { request, ok } = early;
  const fields = `(page_reporting_process+0x0/0x0 <- report) ret=${ok ? 0 : -1}`;
  return [
    {
      text: `the ack of request ${request} (report_ret) came before line ${early.line}`,
      insert: [],
      line: "kept",
      sooner: { event: synthetic(line, "report_ret", fields), before: early.line },
    },
  ];
}

/** Without the line that the reporter begins to give its blocks back, they seem to come from nobody. */
function lostDrain({ line }: Refused): Edit[] {
  if (functionOf(line) !== PUTBACK) return [];
  const drain = synthetic(line, "drain", "(page_reporting_drain+0x0/0x0) a1=0 a2=1");
  return [{ text: `one drain of the reporter was lost before line ${line.line}`, insert: [drain], line: "kept" }];
}

function lostIsolation(refused: Refused): Edit[] {
  const { pages } = refused.violation;
  const { vmemmap, line } = refused;
  if (pages === undefined || vmemmap === undefined) return [];
  const block = { pfn: pages.start, order: Math.log2(pages.pages) };
  if (!Number.isInteger(block.order)) return [];
  const page = `page=0x${(vmemmap + BigInt(block.pfn) * PAGE_STRUCT_BYTES).toString(16)}`;
  const call = synthetic(line, "iso", `(__isolate_free_page+0x0/0x0) ${page} order=${block.order}`);
  const ret = synthetic(line, "iso_ret", `(page_reporting_process+0x0/0x0 <- __isolate_free_page) ret=${pages.pages}`);
  return [edit(refused, "isolation", block, [call, ret])];
}

function allocation(refused: Refused, block: Block): Edit {
  const { pfn, order } = block;
  const fields = `page=0x0 pfn=0x${pfn.toString(16)} order=${order} migratetype=1 percpu_refill=0`;
  return edit(refused, "allocation", block, [synthetic(refused.line, "mm_page_alloc_zone_locked", fields)]);
}

function edit({ line }: Refused, what: string, { pfn, order }: Block, insert: readonly TraceLine[]): Edit {
  const pages = order === 0 ? `page ${pfn}` : `pages ${pfn}-${pfn + pagesOf(order) - 1}`;
  return { text: `one ${what} of ${pages} was lost before line ${line.line}`, insert, line: "kept" };
}

function freeLine(line: TraceLine, { pfn, order }: Block, from = "free_pcppages_bulk"): TraceLine {
  return synthetic(line, "free_one", `(${from}+0x0/0x0) pfn=0x${pfn.toString(16)} order=${order} mt=1 fpi=0x0`);
}

/** A line that nobody recorded, on the same CPU. */
function synthetic({ line, cpu }: TraceLine, name: string, fields: string): TraceLine {
  return { line: line - 0.5, task: "", cpu, stamp: NO_COUNTER, name, fields };
}

/** The pages of a block of which something is true, where they are one aligned block. */
function oneBlock({ pfn, order }: Block, is: (pfn: Pfn) => boolean): Block | undefined {
  const pages: Pfn[] = [];
  for (let at = pfn; at < pfn + pagesOf(order); at++) if (is(at)) pages.push(at);
  const [first] = pages;
  const size = Math.log2(pages.length);
  if (first === undefined || !Number.isInteger(size) || first % pages.length !== 0) return undefined;
  return pages[pages.length - 1] === first + pages.length - 1 ? { pfn: first, order: size } : undefined;
}

function around({ pfn, order }: Block, { maxOrder }: Refused): Block[] {
  const orders = Array.from({ length: LARGER }, (_, step) => order + 1 + step).filter((larger) => larger <= maxOrder);
  return orders.map((larger) => ({ pfn: pfn - (pfn % pagesOf(larger)), order: larger }));
}

function hasAny({ pfn, order }: Block, is: (pfn: Pfn) => boolean): boolean {
  for (let at = pfn; at < pfn + pagesOf(order); at++) if (is(at)) return true;
  return false;
}
