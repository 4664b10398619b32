/**
 * A call of the OOM killer, as the trace tells it: who wanted memory in vain, and who is killed for it.
 *
 *     oom: (oom_kill_process+0x0/0x180) gfp=0x140dca order=0 memcg=0x0 nodemask=0x0 constraint=0
 *     mark_victim: pid=196 comm=hog …
 *
 * The first line is written when the kernel has found no memory and has chosen whom to kill: to the caller it is the
 * `alloc-failed` of `wire.md`. Source: mm/oom_kill.c; include/linux/gfp_types.h.
 */
import type { Migratetype, Order } from "../../../model/alphabet/index.ts";
import type { TraceLine } from "./ftrace.ts";
import { decimal, hasField, hexadecimal, textOf } from "./ftrace.ts";

export interface Caller {
  /** The task, as ftrace prints it: name and pid. */
  readonly task: string;
  /** -1: nobody wanted memory, a person asked for a victim (SysRq-f). */
  readonly order: Order;
  readonly gfp: number;
  readonly migratetype: Migratetype;
  /** The highest zone that he may use: DMA 0, DMA32 1, Normal 2, Movable 3. */
  readonly highestZone: number;
  /** A memory cgroup was at its limit. */
  readonly inCgroup: boolean;
  /** He may use only some nodes. */
  readonly isConfined: boolean;
}

export interface Victim {
  readonly pid: number;
  /** Older kernels don't print it. */
  readonly name?: string;
}

const GFP_DMA = 0x01;
const GFP_HIGHMEM = 0x02;
const GFP_DMA32 = 0x04;
const GFP_MOVABLE = 0x08;
const GFP_RECLAIMABLE = 0x10;

/** @throws InputError (without a file) where a field is missing */
export function callerOf(event: TraceLine): Caller {
  const gfp = hexadecimal(event, "gfp");
  return {
    task: event.task,
    order: decimal(event, "order"),
    gfp,
    migratetype: migratetypeOf(gfp),
    highestZone: highestZoneOf(gfp),
    inCgroup: isSet(event, "memcg"),
    isConfined: isSet(event, "nodemask") || decimal(event, "constraint") !== 0,
  };
}

/** @throws InputError (without a file) where there is no pid */
export function victimOf(event: TraceLine): Victim {
  const pid = decimal(event, "pid");
  return hasField(event, "comm") ? { pid, name: textOf(event, "comm") } : { pid };
}

function migratetypeOf(gfp: number): Migratetype {
  if ((gfp & GFP_MOVABLE) !== 0) return "movable";
  return (gfp & GFP_RECLAIMABLE) !== 0 ? "reclaimable" : "unmovable";
}

/** Source: gfp_zone, on x86-64: no zone of highmem. */
function highestZoneOf(gfp: number): number {
  if ((gfp & GFP_DMA) !== 0) return 0;
  if ((gfp & GFP_DMA32) !== 0) return 1;
  return (gfp & GFP_MOVABLE) !== 0 && (gfp & GFP_HIGHMEM) !== 0 ? 3 : 2;
}

/** A pointer, of which only matters that it is one: it may have 64 bits. */
function isSet(event: TraceLine, key: string): boolean {
  return /[^0x]/.test(textOf(event, key));
}
