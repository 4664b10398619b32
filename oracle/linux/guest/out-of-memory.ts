/**
 * Which kills for lack of memory are the contract's business: `fake-oom`.
 *
 * The contract calls it fake where (1) in no zone free - 2^order reaches `min`, and (2) in some zone free + held - 2^order does. Linux
 * counts less simply, and a verdict must not rest on the difference. So a kill is handed to the contract only where the answer
 * is sure, else it is told and not judged.
 *
 * - **Who asks.** `min` in the geometry is min watermark + protection for a caller who may use every zone (capture/meta.ts). One with a
 *   lower highest zone, confined to nodes, or at the limit of a cgroup is short of something else than memory.
 * - **(1) What is free.** The contract counts every page on the free lists, also those that the kernel leaves out (isolated or
 *   highatomic pageblocks) or may refuse for a while (`boost` raises the watermarks). So it says too readily that memory was free,
 *   never that it was not. Pages on per-CPU lists are off the free lists for both: before it kills, the kernel drains
 *   them (__alloc_pages_direct_reclaim), which the trace shows as frees.
 * - **(2) What giving back would bring.** Only blocks of the request that the host has not answered count here, no free page, and of them not what may lie
 *   in highatomic pageblocks: at most a hundredth of the zone and one pageblock. The rest, less the caller's block, must reach
 *   the high watermark, at which the kernel tries one last time, with the largest boost (1.5 times high, vm.watermark_boost_factor) and
 *   the caller's protection on top.
 *
 * Source: mm/page_alloc.c of 6.1, __zone_watermark_ok, __alloc_pages_may_oom, boost_watermark, reserve_highatomic_pageblock.
 */
import type { AllocFailedEvent, Block, Pages } from "../../../model/alphabet/index.ts";
import { pagesOf } from "../../../model/alphabet/index.ts";
import { PAGE_SIZE } from "../capture/machine.ts";
import type { Meta } from "../capture/meta.ts";
import type { Caller, Victim } from "../capture/oom-kill.ts";
import type { KernelZone } from "../capture/zoneinfo.ts";
import { topIndex } from "../capture/zoneinfo.ts";

/** A request that the host has not answered yet. */
export interface OpenReport {
  readonly request: number;
  /** The line of its submit. */
  readonly line: number;
  readonly blocks: readonly Block[];
}

/** What the reporter held when the kernel killed. */
export interface Held extends OpenReport {
  readonly pages: Pages;
  /** Microseconds from submit to kill, where the recording has times. */
  readonly since?: number;
}

/** One call of the OOM killer. */
export interface OomKill {
  readonly line: number;
  readonly caller: Caller;
  /** Named some lines later. */
  victim?: Victim;
  /** Absent: no request was open. */
  readonly held?: Held;
  /** Why it is told and not called fake; absent: it is fake. */
  genuine?: string;
}

export class OomKills {
  readonly all: OomKill[] = [];
  private readonly meta: Meta;
  private readonly top: number;

  constructor(meta: Meta) {
    this.meta = meta;
    this.top = topIndex(meta.zones);
  }

  /** @returns the kill; it is for the contract to judge where it is not yet called genuine */
  add(caller: Caller, line: number, open: OpenReport | undefined): OomKill {
    const held = open === undefined ? undefined : this.held(open, this.all.length);
    const genuine = this.whyNotJudged(caller, held);
    const kill: OomKill = {
      line,
      caller,
      ...(held === undefined ? {} : { held }),
      ...(genuine === undefined ? {} : { genuine }),
    };
    this.all.push(kill);
    return kill;
  }

  /** The victim of the last kill. */
  name(victim: Victim): void {
    const last = this.all.at(-1);
    if (last !== undefined) last.victim ??= victim;
  }

  private held(open: OpenReport, rank: number): Held {
    const { timing } = this.meta;
    const killed = timing?.oomKills[rank];
    const submitted = timing?.reports[open.request - 1]?.submitted;
    const pages = open.blocks.reduce((sum, { order }) => sum + pagesOf(order), 0);
    return killed === undefined || submitted === undefined
      ? { ...open, pages }
      : { ...open, pages, since: killed - submitted };
  }

  private whyNotJudged(caller: Caller, held: Held | undefined): string | undefined {
    if (caller.order < 0) return "nobody wanted memory: a person asked for a victim (SysRq)";
    if (held === undefined) return "nothing was held";
    if (caller.inCgroup) return "a cgroup was at its limit, whatever the machine had";
    if (caller.isConfined) return "the caller may use only some nodes";
    if (caller.highestZone < this.top) return "the caller may not use the highest zones";
    if (this.meta.zones.some((zone) => this.isEnough(zone, caller, held))) return undefined;
    return "the held blocks alone would not surely lift a zone over its watermarks";
  }

  private isEnough(zone: KernelZone, { order, highestZone }: Caller, { blocks }: Held): boolean {
    const inZone = blocks.filter(({ pfn }) => pfn >= zone.start && pfn < zone.start + zone.spanned);
    const held = inZone.reduce((sum, block) => sum + pagesOf(block.order), 0);
    const { high } = zone.watermarks;
    const needed = high + Math.ceil(LARGEST_BOOST * high) + zone.reserves[highestZone] + pagesOf(order);
    return held - this.unusable(zone) >= needed;
  }

  /** The most pages that can lie in highatomic pageblocks, which ordinary callers may not use. */
  private unusable({ managed }: KernelZone): Pages {
    return Math.ceil(managed / 100) + pagesOf(this.meta.geometry.pageblockOrder);
  }
}

/** Of the high watermark: vm.watermark_boost_factor, 15000 of 10000. */
const LARGEST_BOOST = 1.5;

/** The kill as the contract hears it: somebody is told that memory is out. */
export function failureOf({ order, migratetype }: Caller, cpu: number): AllocFailedEvent {
  return { event: "alloc-failed", order, migratetype, cpu };
}

/** `order 0, movable, gfp 0x140dca`. */
export function wantedText({ order, migratetype, gfp }: Caller): string {
  return `order ${order}, ${migratetype}, gfp 0x${gfp.toString(16)}`;
}

/** `32 blocks (31,744 pages, 124 MiB) of request 1, which was submitted in line 393, 0.298 s before, and is not acked`. */
export function heldText({ blocks, pages, request, line, since }: Held): string {
  const mebibytes = (pages * PAGE_SIZE) / 2 ** 20;
  const when = since === undefined ? "" : `, ${(since / 1e6).toFixed(3)} s before,`;
  const size = `${pages.toLocaleString("en-US")} pages, ${Number(mebibytes.toFixed(1))} MiB`;
  return `${blocks.length} block${blocks.length === 1 ? "" : "s"} (${size}) of request ${request}, which was submitted in line ${line}${when} and is not acked`;
}

/** `hog (pid 196)`. */
export function victimText(victim: Victim | undefined): string {
  if (victim === undefined) return "somebody whom the trace does not name";
  return victim.name === undefined ? `pid ${victim.pid}` : `${victim.name} (pid ${victim.pid})`;
}
