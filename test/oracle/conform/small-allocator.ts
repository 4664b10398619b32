/**
 * A small correct allocator with reporting, as a system of the live protocol, and what its faulty kin change: page states in one
 * array, first fit, one request at a time. Nothing of ours is in it, so that the driver is tested against an outsider.
 */
import {
  inHole,
  type AllocAction,
  type Block,
  type Event,
  type FreeAction,
  type Geometry,
  type OfflineAction,
  type OnlineAction,
  type Pfn,
  type WireAction,
  type WireActionName,
} from "../../../model/alphabet/index.ts";
import type { Ready, System } from "../../../oracle/conform/system.ts";

export type PageState = "absent" | "free" | "reported" | "held" | "used";

interface Waiting {
  readonly ticket: number;
  readonly order: number;
}

const EVERYTHING: readonly WireActionName[] = [
  "alloc",
  "free",
  "work",
  "ack",
  "compact",
  "offline",
  "online",
  "unregister",
  "register",
];

export class SmallAllocator implements System {
  protected geometry: Geometry = {
    pageSize: 4096,
    maxOrder: 0,
    pageblockOrder: 0,
    reportOrder: 0,
    capacity: 1,
    zones: [],
  };
  protected readonly pages = new Map<Pfn, PageState>();
  /** What the host has: a request number and its ranges. */
  protected open: { readonly request: number; readonly ranges: readonly Block[] } | undefined;
  protected waiting: Waiting[] = [];
  protected registered = true;
  protected requests = 0;
  protected tickets = 0;
  protected told: Event[] = [];

  start(geometry: Geometry): Ready {
    this.geometry = geometry;
    this.pages.clear();
    for (const zone of geometry.zones) {
      for (let pfn = zone.start; pfn < zone.start + zone.pages; pfn++)
        this.pages.set(pfn, inHole(zone, pfn) ? "absent" : "free");
    }
    this.open = undefined;
    this.waiting = [];
    this.registered = true;
    this.requests = 0;
    this.tickets = 0;
    return { name: "small allocator", does: EVERYTHING, claims: ["completeness"] };
  }

  perform(action: WireAction): readonly Event[] {
    this.told = [];
    this.take(action);
    return this.told;
  }

  protected take(action: WireAction): void {
    switch (action.do) {
      case "alloc":
        return this.alloc(action);
      case "free":
        return this.free(action);
      case "work":
        return this.work();
      case "ack":
        return this.ack(action.ok);
      case "offline":
      case "online":
        return this.hotplug(action);
      case "unregister":
      case "register":
        return this.register(action.do === "register");
      default:
    }
  }

  protected alloc({ order, wait }: AllocAction): void {
    if (this.handOut(order)) return;
    if (this.open === undefined || !this.wouldFit(order)) this.told.push({ event: "alloc-failed", order });
    else if (wait) this.sleep(order);
    else this.told.push({ event: "alloc-failed", order, reason: "would-block" });
  }

  protected sleep(order: number): void {
    const ticket = this.tickets++;
    this.waiting.push({ ticket, order });
    this.told.push({ event: "alloc-waits", order, ticket });
  }

  /** @returns false where there is no free block of the order */
  protected handOut(order: number, ticket?: number): boolean {
    const pfn = this.find(order, (state) => state === "free" || state === "reported");
    if (pfn === undefined) return false;
    this.mark({ pfn, order }, "used");
    this.told.push({ event: "alloc", pfn, order, ...(ticket === undefined ? {} : { ticket }) });
    return true;
  }

  /** Would there be a block, had the reporter given back what it holds? */
  protected wouldFit(order: number): boolean {
    return this.find(order, (state) => state !== "used" && state !== "absent") !== undefined;
  }

  protected free({ pfn, order }: FreeAction): void {
    this.mark({ pfn, order }, "free");
    this.told.push({ event: "free", pfn, order });
    this.wake();
  }

  /** One request of free blocks that are not reported. */
  protected work(): void {
    if (this.open !== undefined || !this.registered) return;
    const ranges = this.unreported();
    if (ranges.length === 0) return;
    for (const range of ranges) {
      this.mark(range, "held");
      this.told.push({ event: "isolate", ...range });
    }
    this.submit(ranges);
  }

  protected submit(ranges: readonly Block[]): void {
    this.open = { request: this.requests++, ranges };
    this.told.push({ event: "submit", request: this.open.request, ranges });
  }

  protected ack(ok: boolean): void {
    if (this.open === undefined) return;
    const { request, ranges } = this.open;
    this.open = undefined;
    this.told.push({ event: "ack", request, ok });
    for (const range of ranges) this.putBack(range, ok);
    this.wake();
  }

  protected putBack(range: Block, reported: boolean): void {
    this.mark(range, reported ? "reported" : "free");
    this.told.push({ event: "release", ...range, reported });
  }

  protected wake(): void {
    const still: Waiting[] = [];
    for (const { ticket, order } of this.waiting) {
      if (this.handOut(order, ticket)) continue;
      if (this.open === undefined || !this.wouldFit(order)) this.told.push({ event: "alloc-failed", order, ticket });
      else still.push({ ticket, order });
    }
    this.waiting = still;
  }

  protected hotplug({ do: name, start, pages }: OfflineAction | OnlineAction): void {
    const range = Array.from({ length: pages }, (_, index) => start + index);
    const isThere = (pfn: Pfn): boolean => ["free", "reported"].includes(this.pages.get(pfn) ?? "absent");
    if (name === "offline" && !range.every(isThere)) return;
    if (name === "online" && range.some((pfn) => this.pages.get(pfn) !== "absent")) return;
    for (const pfn of range) this.pages.set(pfn, name === "offline" ? "absent" : "free");
    this.told.push({ event: name, start, pages });
  }

  protected register(registered: boolean): void {
    if (this.registered === registered) return;
    this.registered = registered;
    this.told.push({ event: registered ? "registered" : "unregistered" });
  }

  protected unreported(): Block[] {
    const { capacity, reportOrder } = this.geometry;
    const found: Block[] = [];
    this.eachBlock(reportOrder, (pfn) => {
      const states = this.statesOf({ pfn, order: reportOrder });
      const isFree = states.every((state) => state === "free" || state === "reported");
      if (isFree && states.includes("free")) found.push({ pfn, order: reportOrder });
      return found.length === capacity;
    });
    return found;
  }

  protected find(order: number, fits: (state: PageState) => boolean): Pfn | undefined {
    let found: Pfn | undefined;
    this.eachBlock(order, (pfn) => {
      if (this.statesOf({ pfn, order }).every(fits)) found = pfn;
      return found !== undefined;
    });
    return found;
  }

  /** Aligned blocks, zone by zone, until one is answered with true. */
  protected eachBlock(order: number, isLast: (pfn: Pfn) => boolean): void {
    for (const { start, pages } of this.geometry.zones) {
      for (let pfn = start; pfn < start + pages; pfn += 2 ** order) if (isLast(pfn)) return;
    }
  }

  protected statesOf({ pfn, order }: Block): PageState[] {
    return Array.from({ length: 2 ** order }, (_, index) => this.pages.get(pfn + index) ?? "absent");
  }

  protected mark({ pfn, order }: Block, state: PageState): void {
    for (let page = pfn; page < pfn + 2 ** order; page++) this.pages.set(page, state);
  }
}
