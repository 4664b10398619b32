/**
 * What the kernel's lines say: each line is at most one step of the page allocator or of the reporter, and each step
 * that moves pages is one event of `wire.md`. Source: `linux-guest.md` 3 and 5.
 *
 * - **Per-CPU lists.** mm_page_alloc and mm_page_free are calls of the allocator's interface; most of them end in a
 *   list of the CPU and never reach the buddy allocator. What matters to reporting is the buddy's own state, so
 *   mm_page_alloc_zone_locked (a block LEFT the free lists) is `alloc`, and `free_one` (a block ENTERED them) is `free`.
 *   The interface's calls remain as evidence: their pages can't be on a free list.
 * - **Who isolates.** `__isolate_free_page` is the reporter's, compaction's and page isolation's; the return probe
 *   names the caller. Only the reporter's is `isolate`; for the others the block is an `alloc`, and comes back by `free`.
 *   A return of 0 is a refusal by the watermark: nothing happened.
 * - **Who puts back.** `free_one` from `__putback_isolated_page` on the CPU that is between `drain` and `drain_ret` is the
 *   reporter's `release`. Other CPUs free into other zones meanwhile.
 * - **The mark** is never seen: `page_reporting_drain` sets it where its argument says that the host was ok (a2), and
 *   the block did not merge. Whether it merged, the buddy replay knows.
 * - **Hotplug.** `gen_online` announces a block, which then enters the lists through the ordinary free path: that
 *   `free_one` is the `online`.
 */
import type { Block, Event, PageRange, Pfn } from "../../../model/alphabet/index.ts";
import { InputError } from "../../../model/alphabet/index.ts";
import type { TraceLine } from "./ftrace.ts";
import { address, decimal, functionOf, hasField, hexadecimal } from "./ftrace.ts";
import { CAPACITY, PAGE_SIZE } from "./machine.ts";
import type { Caller, Victim } from "./oom-kill.ts";
import { callerOf, victimOf } from "./oom-kill.ts";

/** A step that moves one block, or shows where one is. */
export type BlockStep =
  | ({ readonly kind: "leave" | "isolate" | "take" | "split" | "handed-out" | "handed-back" } & Block)
  | ({ readonly kind: "enter"; readonly by: "owner" | "reporter" | "hotplug"; readonly migratetype: number } & Block);

export type KernelStep =
  | BlockStep
  | ({ readonly kind: "refused" } & Block)
  | { readonly kind: "oom-kill"; readonly caller: Caller }
  | { readonly kind: "victim"; readonly victim: Victim }
  /** `entries` may be more than the probe could print; `ranges` are the first CAPACITY of them. */
  | { readonly kind: "report"; readonly entries: number; readonly ranges: readonly PageRange[] }
  | { readonly kind: "report-return"; readonly ok: boolean }
  | { readonly kind: "drain"; readonly reported: boolean }
  | { readonly kind: "drain-end" | "pass-end" }
  | { readonly kind: "pass"; readonly order: number }
  | { readonly kind: "offline"; readonly start: Pfn; readonly pages: number }
  | { readonly kind: "retype"; readonly start: Pfn; readonly pages: number; readonly isolated: boolean }
  | { readonly kind: "mark"; readonly text: string };

/** sizeof(struct page) of every x86-64 distribution kernel. */
export const PAGE_STRUCT_BYTES = 64n;
/** The two lowest bits of a scatterlist's page_link: chain and end. */
const LINK_FLAGS = 3n;
/** As of `wire.md`, Geometry. */
const LARGEST_ORDER = 20;
/** What gives isolated blocks back, the reporter's and others'. */
export const PUTBACK = "__putback_isolated_page";

/** Turns lines into steps, one after another. */
export class Decoder {
  private readonly vmemmap: bigint | undefined;
  /** By CPU: the block that `__isolate_free_page` was called for. It runs with interrupts off. */
  private readonly isolating = new Map<number, Block>();
  /** The CPU that gives the reporter's blocks back. */
  private draining: number | undefined;
  /** Blocks that hotplug has announced, by pfn: their order. */
  private readonly onlining = new Map<Pfn, number>();

  /** @param vmemmap where the kernel's array of struct page begins, if any line says so */
  constructor(vmemmap: bigint | undefined) {
    this.vmemmap = vmemmap;
  }

  /**
   * The step that a line tells, or undefined where it tells none. Lines of other events are left out.
   *
   * @throws InputError for an event of ours without its fields
   */
  decode(event: TraceLine): KernelStep | undefined {
    switch (event.name) {
      case "mm_page_alloc_zone_locked":
        return { kind: "leave", ...framed(event) };
      case "free_one":
        return this.enter(event);
      case "mm_page_alloc":
        return this.handedOut(event);
      case "mm_page_free":
        return { kind: "handed-back", ...framed(event) };
      case "iso":
        this.isolate(event);
        return undefined;
      case "iso_ret":
        return this.isolated(event);
      case "oom":
        return { kind: "oom-kill", caller: callerOf(event) };
      case "mark_victim":
        return { kind: "victim", victim: victimOf(event) };
      case "tracing_mark_write":
        return { kind: "mark", text: event.fields };
      default:
        return this.reporterStep(event) ?? this.hotplugStep(event);
    }
  }

  private enter(event: TraceLine): KernelStep {
    const block = framed(event);
    const migratetype = decimal(event, "mt");
    const order = this.onlining.get(block.pfn);
    if (order === block.order) {
      this.onlining.delete(block.pfn);
      return { kind: "enter", by: "hotplug", migratetype, ...block };
    }
    const released = this.draining === event.cpu && functionOf(event) === PUTBACK;
    return { kind: "enter", by: released ? "reporter" : "owner", migratetype, ...block };
  }

  private handedOut(event: TraceLine): KernelStep | undefined {
    const block = framed(event);
    // An allocation that failed is printed with page 0, which is never anybody's.
    return block.pfn === 0 ? undefined : { kind: "handed-out", ...block };
  }

  private isolate(event: TraceLine): void {
    if (this.isolating.has(event.cpu)) {
      throw new InputError(
        { line: event.line },
        `found a second iso on CPU ${event.cpu}, expected the first one's iso_ret`,
      );
    }
    this.isolating.set(event.cpu, this.paged(event));
  }

  private isolated(event: TraceLine): KernelStep {
    const block = this.isolating.get(event.cpu);
    if (block === undefined) {
      throw new InputError(
        { line: event.line },
        `found iso_ret on CPU ${event.cpu} without an iso before it, expected both`,
      );
    }
    this.isolating.delete(event.cpu);
    const isReporter = functionOf(event).startsWith("page_reporting_");
    if (decimal(event, "ret") !== 0) return { kind: isReporter ? "isolate" : "take", ...block };
    return { kind: "refused", ...block };
  }

  private reporterStep(event: TraceLine): KernelStep | undefined {
    switch (event.name) {
      case "process":
        return { kind: "pass", order: decimal(event, "order") };
      case "process_ret":
        return { kind: "pass-end" };
      case "report":
        return { kind: "report", ...reportOf(event) };
      case "report_ret":
        return { kind: "report-return", ok: decimal(event, "ret") === 0 };
      case "drain":
        this.draining = event.cpu;
        return { kind: "drain", reported: decimal(event, "a2") !== 0 };
      case "drain_ret":
        this.draining = undefined;
        return { kind: "drain-end" };
      default:
        return undefined;
    }
  }

  private hotplugStep(event: TraceLine): KernelStep | undefined {
    switch (event.name) {
      case "offline_iso":
        return { kind: "offline", ...rangeOf(event) };
      case "iso_range":
      case "undo_iso":
        return { kind: "retype", isolated: event.name === "iso_range", ...rangeOf(event) };
      case "gen_online": {
        const { pfn, order } = this.paged(event);
        this.onlining.set(pfn, order);
        return undefined;
      }
      case "split_free":
        // The block leaves the lists, whatever the watermark says, and comes back in parts through free_one.
        return { kind: "split", ...this.paged(event) };
      default:
        return undefined;
    }
  }

  private paged(event: TraceLine): Block {
    if (this.vmemmap === undefined) {
      throw new InputError(
        { line: event.line },
        "found an address of a struct page, but no line says where these begin (vmemmap, or page= with pfn=)",
      );
    }
    return { pfn: frameOf(address(event, "page"), this.vmemmap, event), order: orderOf(event) };
  }
}

/** What the report function was called with. @throws InputError where a field is missing or no page */
export function reportOf(event: TraceLine): { entries: number; ranges: PageRange[] } {
  const entries = decimal(event, "nents");
  const vmemmap = address(event, "vmemmap");
  const ranges: PageRange[] = [];
  for (let index = 0; index < Math.min(entries, CAPACITY); index++) {
    const start = frameOf(address(event, `p${index}`) & ~LINK_FLAGS, vmemmap, event);
    ranges.push({ start, pages: hexadecimal(event, `n${index}`) / PAGE_SIZE });
  }
  return { entries, ranges };
}

/** Where the kernel's array of struct page begins, if this line tells. */
export function vmemmapOf(event: TraceLine): bigint | undefined {
  if (event.name === "report") return address(event, "vmemmap");
  if (event.name !== "free_one" || !hasField(event, "page")) return undefined;
  return address(event, "page") - BigInt(hexadecimal(event, "pfn")) * PAGE_STRUCT_BYTES;
}

/**
 * The event of `wire.md` for a step that moves a block.
 *
 * @param reported whether the Reported mark stays on a block that the reporter gives back
 */
export function eventOf(step: BlockStep, cpu: number, reported: boolean): Event | undefined {
  const { pfn, order } = step;
  switch (step.kind) {
    case "leave":
    case "take":
    case "split":
      return { event: "alloc", pfn, order, cpu };
    case "isolate":
      return { event: "isolate", pfn, order, cpu };
    case "enter":
      if (step.by === "hotplug") return { event: "online", start: pfn, pages: 2 ** order, cpu };
      return step.by === "owner" ? { event: "free", pfn, order, cpu } : { event: "release", pfn, order, reported, cpu };
    case "handed-out":
    case "handed-back":
      return undefined;
  }
}

function framed(event: TraceLine): Block {
  return { pfn: hexadecimal(event, "pfn"), order: orderOf(event) };
}

function orderOf(event: TraceLine): number {
  const order = decimal(event, "order");
  if (order >= 0 && order <= LARGEST_ORDER) return order;
  throw new InputError(
    { line: event.line, key: "order" },
    `found ${order}, expected an order from 0 to ${LARGEST_ORDER}`,
  );
}

function rangeOf(event: TraceLine): { start: Pfn; pages: number } {
  const start = hexadecimal(event, "start");
  const end = hexadecimal(event, "end");
  if (end > start) return { start, pages: end - start };
  throw new InputError({ line: event.line, key: "end" }, `found ${end}, expected a page behind the start ${start}`);
}

function frameOf(page: bigint, vmemmap: bigint, event: TraceLine): Pfn {
  const bytes = page - vmemmap;
  if (bytes >= 0n && bytes % PAGE_STRUCT_BYTES === 0n) return Number(bytes / PAGE_STRUCT_BYTES);
  throw new InputError(
    { line: event.line },
    `found 0x${page.toString(16)} in the event ${event.name}, expected the address of a struct page behind 0x${vmemmap.toString(16)}`,
  );
}
