/**
 * An adapter for `fpr conform` in TypeScript: a buddy allocator with free page reporting behind the live protocol.
 * Copy it, and put calls into your own code in place of the classes Zone and Guest (docs/write-an-adapter.md).
 *
 *   build   npx esbuild adapter.ts --outfile=adapter.mjs
 *   judge   npx fpr conform -- node adapter.mjs
 */
import { createInterface } from "node:readline";

type Pfn = number;
type Order = number;
type Range = { pfn: Pfn; order: Order };
type Held = { zone: Zone; range: Range };
type Hole = { start: Pfn; pages: number };
type Watermarks = { min: number; low: number };
type Shape = { name?: string; node?: number; start: Pfn; pages: number; holes?: Hole[]; watermarks?: Watermarks };
type Geometry = { maxOrder?: Order; reportOrder?: Order; capacity?: number; zones: Shape[] };
type Action =
  | { do: "start"; geometry: Geometry }
  | { do: "alloc"; order: Order; node?: number; wait?: boolean }
  | { do: "free"; pfn: Pfn; order: Order }
  | { do: "ack"; request: number; ok: boolean }
  | { do: "compact"; zone: string }
  | { do: "work" | "unregister" | "register" | "stop" };

const DOES = ["alloc", "free", "work", "ack", "compact", "unregister", "register"];
const MAX_OPEN = 2; // requests with the host at once: the slots of our queue

/** Mistakes on purpose, to see what the oracle says of them. In your copy, delete what asks for one. */
const BUGS = ["submit-unregistered", "stale-merge"];
let bug: string | undefined;

let guest: Guest;
/** All that happens because of one action, in order: the answer to its line. */
let events: object[] = [];
const say = (event: { event: string; [key: string]: unknown }): unknown => events.push(event);

// ---- The allocator and its reporter ----

/** Page frame numbers may be over 2^31, where JavaScript's bit operators end: hence division. */
const size = (order: Order): number => 2 ** order;
const aligned = (pfn: Pfn, order: Order): Pfn => pfn - (pfn % size(order));

/** One zone: its free and its held blocks, by their first page. What is in neither is allocated or absent. */
class Zone {
  readonly shape: Shape;
  private readonly maxOrder: Order;
  private readonly free = new Map<Pfn, Order>();
  private readonly held = new Map<Pfn, Order>();
  private freePages = 0;
  private heldPages = 0;
  /** The free lists, by order. A Set keeps the order of insertion and deletes at once: a list with an index. */
  private unreported: Set<Pfn>[] = [];
  private reported: Set<Pfn>[] = [];

  constructor(shape: Shape, maxOrder: Order) {
    this.shape = shape;
    this.maxOrder = maxOrder;
    const holes = (shape.holes ?? []).toSorted((a, b) => a.start - b.start);
    let at = shape.start;
    for (const { start, pages } of [...holes, { start: shape.start + shape.pages, pages: 0 }]) {
      this.putRange(at, start);
      at = Math.max(at, start + pages);
    }
  }

  private list(order: Order, reported: boolean): Set<Pfn> {
    return ((reported ? this.reported : this.unreported)[order] ??= new Set());
  }

  private insert(pfn: Pfn, order: Order, reported: boolean): void {
    this.free.set(pfn, order);
    this.list(order, reported).add(pfn);
    this.freePages += size(order);
  }

  /** Takes a free block off its list. Returns its mark. */
  private remove(pfn: Pfn, order: Order): boolean {
    this.free.delete(pfn);
    this.list(order, false).delete(pfn);
    this.freePages -= size(order);
    return this.list(order, true).delete(pfn);
  }

  /**
   * Frees a block and merges it with its buddies. Returns the mark that stays: of two halves, both must have it.
   * Zones begin on a multiple of the largest block, so a buddy is never in another zone.
   */
  put(pfn: Pfn, order: Order, reported = false): boolean {
    for (; order < this.maxOrder; order++) {
      const whole = aligned(pfn, order + 1);
      const buddy = whole === pfn ? pfn + size(order) : whole;
      if (this.free.get(buddy) !== order) break;
      const buddyReported = this.remove(buddy, order);
      reported = bug === "stale-merge" ? reported || buddyReported : reported && buddyReported;
      pfn = whole;
    }
    this.insert(pfn, order, reported);
    return reported;
  }

  /** Frees pages that need not be one block, in the largest blocks that fit. */
  private putRange(start: Pfn, end: Pfn): void {
    while (start < end) {
      let order = 0;
      while (order < this.maxOrder && aligned(start, order + 1) === start && start + size(order + 1) <= end) order++;
      this.put(start, order);
      start += size(order);
    }
  }

  /** The smallest free block of at least this order. Reported ones go last: using one costs the host a fault. */
  private smallest(order: Order): Range | undefined {
    for (let have = order; have <= this.maxOrder; have++)
      for (const reported of [false, true]) for (const pfn of this.list(have, reported)) return { pfn, order: have };
    return undefined;
  }

  /** Allocates a block above the minimum that the zone keeps. What is split off keeps the mark of the whole. */
  take(order: Order): Pfn | undefined {
    const block = this.smallest(order);
    if (block === undefined || this.freePages - size(order) < (this.shape.watermarks?.min ?? 0)) return undefined;
    const reported = this.remove(block.pfn, block.order);
    for (let half = block.order - 1; half >= order; half--) this.insert(block.pfn + size(half), half, reported);
    return block.pfn;
  }

  /** Would there be a block, were all held pages back? Only around those can one have become whole. */
  heldWouldDo(order: Order): boolean {
    const left = this.freePages + this.heldPages - size(order);
    if (order > this.maxOrder || left < (this.shape.watermarks?.min ?? 0)) return false;
    if (this.smallest(order) !== undefined) return true;
    return [...this.held.keys()].some((held) => {
      let page = aligned(held, order);
      const end = page + size(order);
      for (let part; page < end; page += size(part)) {
        part = this.free.get(page) ?? this.held.get(page);
        if (part === undefined) return false;
      }
      return true;
    });
  }

  /** Takes an unreported block for the reporter, the largest first, unless the zone would fall under its low mark. */
  hold(reportOrder: Order): Range | undefined {
    for (let order = this.maxOrder; order >= reportOrder; order--) {
      if (this.freePages - size(order) < (this.shape.watermarks?.low ?? 0)) continue;
      for (const pfn of this.list(order, false)) {
        this.remove(pfn, order);
        this.held.set(pfn, order);
        this.heldPages += size(order);
        return { pfn, order };
      }
    }
    return undefined;
  }

  /** Puts a held block back. Returns the mark that stays. */
  release({ pfn, order }: Range, reported: boolean): boolean {
    this.held.delete(pfn);
    this.heldPages -= size(order);
    return this.put(pfn, order, reported);
  }

  /** The free lists are turned around. */
  compact(): void {
    this.unreported = this.unreported.map((blocks) => new Set([...blocks].toReversed()));
    this.reported = this.reported.map((blocks) => new Set([...blocks].toReversed()));
  }
}

/** The whole system. An action of the protocol is a method that says what happens, in order. */
class Guest {
  private readonly zones: Zone[];
  private readonly reportOrder: Order;
  private readonly capacity: number;
  /** What is with the host. */
  private readonly requests = new Map<number, Held[]>();
  /** Callers who sleep until held pages come back, the oldest first. */
  private waiters: { ticket: number; order: Order; node: number }[] = [];
  private lastRequest = 0;
  private lastTicket = 0;
  private registered = true;

  constructor(geometry: Geometry) {
    const { maxOrder = 10, reportOrder = Math.min(9, maxOrder), capacity = 32 } = geometry;
    this.zones = geometry.zones.map((zone) => new Zone(zone, maxOrder));
    this.reportOrder = reportOrder;
    this.capacity = capacity;
  }

  /** False: there would be a block if the reporter gave back what it holds, so the caller has no answer yet. */
  private tryAlloc(order: Order, node: number, ticket?: number): boolean {
    const near = this.zones.filter((zone) => (zone.shape.node ?? 0) === node);
    for (const zone of [...near, ...this.zones]) {
      const pfn = zone.take(order);
      if (pfn === undefined) continue;
      say({ event: "alloc", pfn, order, ticket });
      return true;
    }
    if (this.zones.some((zone) => zone.heldWouldDo(order))) return false;
    say({ event: "alloc-failed", order, reason: "no-memory", ticket });
    return true;
  }

  alloc(order: Order, node: number, maySleep: boolean): void {
    if (this.tryAlloc(order, node)) return;
    if (maySleep) {
      this.waiters.push({ ticket: ++this.lastTicket, order, node });
      say({ event: "alloc-waits", order, ticket: this.lastTicket });
    } else {
      say({ event: "alloc-failed", order, reason: "would-block" });
    }
  }

  /** After every action, as most change what is free or held: whoever sleeps tries again. */
  wakeWaiters(): void {
    this.waiters = this.waiters.filter(({ ticket, order, node }) => !this.tryAlloc(order, node, ticket));
  }

  free(pfn: Pfn, order: Order): void {
    say({ event: "free", pfn, order });
    this.zones.find(({ shape }) => pfn >= shape.start && pfn < shape.start + shape.pages)?.put(pfn, order);
  }

  /** Fills the queue. Callers come before the host: while one waits for held pages, no more are taken. */
  work(): void {
    while (this.registered || bug === "submit-unregistered") {
      if (this.waiters.length > 0 || this.requests.size === MAX_OPEN) return;
      const taken = this.isolate();
      if (taken.length === 0) return;
      this.requests.set(++this.lastRequest, taken);
      say({ event: "submit", request: this.lastRequest, ranges: taken.map(({ range }) => range) });
    }
  }

  private isolate(): Held[] {
    const taken: Held[] = [];
    for (const zone of this.zones) {
      while (taken.length < this.capacity) {
        const range = zone.hold(this.reportOrder);
        if (range === undefined) break;
        taken.push({ zone, range });
        say({ event: "isolate", ...range });
      }
    }
    return taken;
  }

  ack(request: number, ok: boolean): void {
    say({ event: "ack", request, ok });
    const taken = this.requests.get(request) ?? [];
    this.requests.delete(request);
    for (const { zone, range } of taken) say({ event: "release", ...range, reported: zone.release(range, ok) });
  }

  compact(name: string): void {
    for (const zone of this.zones) if (zone.shape.name === name) zone.compact();
  }

  /** While unregistered nothing is submitted; what is with the host stays held until it answers. */
  register(wanted: boolean): void {
    if (this.registered !== wanted) say({ event: wanted ? "registered" : "unregistered" });
    this.registered = wanted;
  }
}

// ---- The protocol: a line in, a line out ----

function perform(action: Action): object {
  events = [];
  if (action.do === "start") {
    guest = new Guest(action.geometry);
    return { ready: { name: "buddy in TypeScript", does: DOES, claims: ["completeness"] } };
  }
  if (action.do === "stop") return { events };
  if (!DOES.includes(action.do)) return { unsupported: true };
  if (action.do === "alloc") guest.alloc(action.order, action.node ?? 0, action.wait ?? false);
  if (action.do === "free") guest.free(action.pfn, action.order);
  if (action.do === "work") guest.work();
  if (action.do === "ack") guest.ack(action.request, action.ok);
  if (action.do === "compact") guest.compact(action.zone);
  if (action.do === "unregister" || action.do === "register") guest.register(action.do === "register");
  guest.wakeWaiters();
  return { events };
}

const [flag, name] = process.argv.slice(2);
if (flag === "--bug") bug = BUGS.find((known) => known === name);
if (flag !== undefined && bug === undefined) {
  console.error(`usage: adapter [--bug ${BUGS.join("|")}]`);
  process.exit(2);
}
createInterface({ input: process.stdin }).on("line", (line) => {
  const action: Action = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(perform(action))}\n`);
  if (action.do === "stop") process.stdin.destroy();
});
