/**
 * The invariants of a guest's own state, over the one view that model and implementation both offer (DESIGN.md,
 * "What must hold"). Each stands in its own method; `check` asks them all, after every step.
 */
import {
  MIGRATETYPES,
  NONE,
  pagesOf,
  zoneOf,
  type Action,
  type Event,
  type Migratetype,
  type Order,
  type Pfn,
  type View,
  type ZoneIndex,
} from "../../model/alphabet/index.ts";
import { PageIndex } from "../page-index.ts";
import type { PropertyId, Violation } from "./properties.ts";

/** Blocks of these types merge with each other and are retagged freely (`duyck-line.md` A.2 5c). */
const MERGEABLE: ReadonlySet<Migratetype> = new Set(["unmovable", "movable", "reclaimable"]);
const ISOLATE: Migratetype = "isolate";

/** What the judge of marks needs of the contract: was this page acked with ok, and free ever since? */
export interface Marks {
  marked(pfn: Pfn): boolean;
}

export class Invariants {
  #view: View;
  readonly #marks: Marks;
  readonly #pages: PageIndex;
  readonly #zones: number;
  readonly #pageblock: number;
  /** By page: 1 + the order of the block that came back here as reported last; 0: none since it was taken. */
  readonly #acked: Uint8Array;
  /** By page at a pageblock's start: its type before the step. */
  readonly #types: Migratetype[];

  constructor(view: View, marks: Marks) {
    this.#view = view;
    this.#marks = marks;
    this.#pages = new PageIndex(view.geometry);
    this.#zones = view.geometry.zones.length;
    this.#pageblock = pagesOf(view.geometry.pageblockOrder);
    this.#acked = new Uint8Array(this.#pages.pages);
    this.#types = [];
    this.reset(view);
  }

  /** Begins a new run: the guest is as it was at the start. */
  reset(view: View): void {
    this.#view = view;
    this.#acked.fill(0);
    this.#rememberTypes();
  }

  /**
   * Judges the state that a step has led to, and the step itself.
   * @param view the guest after the step
   * @param action what was done; undefined where the host alone acted
   */
  check(view: View, action: Action | undefined, events: readonly Event[]): Violation | undefined {
    this.#view = view;
    this.#followMarks(events);
    const violation =
      this.#quiet(events) ??
      this.#boundedHold() ??
      this.#watermark(events) ??
      this.#migratetype(events) ??
      this.#slip() ??
      this.#blocks();
    if (action?.do !== "tick" && action?.do !== "ack") this.#rememberTypes();
    return violation;
  }

  /** `flag`, the history: which block came back as reported, and is it untouched since? */
  #followMarks(events: readonly Event[]): void {
    for (const event of events) {
      if (event.event === "release") {
        this.#acked[this.#pages.of(event.pfn)] = event.reported ? event.order + 1 : 0;
      } else if (event.event === "alloc" || event.event === "isolate") {
        const first = this.#pages.of(event.pfn);
        if (first >= 0) this.#acked.fill(0, first, first + pagesOf(event.order));
      }
    }
  }

  #quiet(events: readonly Event[]): Violation | undefined {
    const view = this.#view;
    if (!view.frozen() && view.registered()) return undefined;
    const state = view.frozen() ? "the guest is frozen" : "no device is registered";
    if (events.some((event) => event.event === "submit")) return broken("quiet", `a request is submitted while ${state}`);
    const held = view.held();
    return held.length === 0 ? undefined : broken("quiet", `${state}, but the reporter holds ${list(held)}`, held[0], 1);
  }

  #boundedHold(): Violation | undefined {
    const held = this.#view.held();
    if (held.length === 0) return undefined;
    const { capacity } = this.#view.geometry;
    if (held.length > capacity) {
      return broken("bounded-hold", `the reporter holds ${held.length} blocks (${list(held)}), over its capacity of ${capacity}`);
    }
    const zone = zoneOf(this.#view.geometry, held[0]);
    const other = held.find((pfn) => zoneOf(this.#view.geometry, pfn) !== zone);
    if (other === undefined) return undefined;
    return broken("bounded-hold", `the reporter holds blocks of two zones at once: ${held[0]} and ${other}`, other, 1);
  }

  /** Callers that the same step woke have taken memory after the reporter did: such a step is not judged. */
  #watermark(events: readonly Event[]): Violation | undefined {
    const taken = events.findLast((event) => event.event === "isolate");
    if (taken?.event !== "isolate" || events.some((event) => event.event === "alloc")) return undefined;
    const zone = zoneOf(this.#view.geometry, taken.pfn);
    const { min } = this.#view.geometry.zones[zone].watermarks;
    const left = this.#view.freePages(zone) - this.#view.reservedHighatomic(zone);
    if (left > min) return undefined;
    return broken(
      "watermark",
      `after the reporter took pages ${range(taken.pfn, taken.order)}, zone ${zone} has ${left} usable free pages; its minimum is ${min}, and it must stay above it`,
      taken.pfn,
      pagesOf(taken.order),
    );
  }

  #migratetype(events: readonly Event[]): Violation | undefined {
    let touched = false;
    let others = false;
    for (const event of events) {
      if (event.event === "isolate") touched = true;
      else if (event.event === "release") {
        touched = true;
        const wrong = this.#cameBackWrong(event.pfn);
        if (wrong !== undefined) return wrong;
      } else if (event.event === "alloc") others = true;
    }
    return touched && !others ? this.#retagged(events) : undefined;
  }

  /** A block that came back stands on the list of its own pageblock. */
  #cameBackWrong(pfn: Pfn): Violation | undefined {
    const head = this.#headOf(pfn);
    if (head === NONE) return undefined;
    const order = this.#view.orderAt(head);
    const zone = zoneOf(this.#view.geometry, head);
    for (const type of MIGRATETYPES) {
      for (let at = this.#view.firstFree(zone, order, type); at !== NONE; at = this.#view.nextFree(at)) {
        if (at !== head) continue;
        const own = this.#view.pageblock(pfn);
        if (own === type) return undefined;
        return broken(
          "migratetype",
          `the block at ${pfn} came back to the ${type} list (inside block ${range(head, order)}), but its pageblock is ${own} now`,
          pfn,
          1,
        );
      }
    }
    return undefined;
  }

  /** Taking blocks changes unmovable and reclaimable pageblocks to movable, where the block is half a pageblock or more, and nothing else. */
  #retagged(events: readonly Event[]): Violation | undefined {
    let at = 0;
    for (const zone of this.#view.geometry.zones) {
      for (let pfn = zone.start; pfn < zone.start + zone.pages; pfn += this.#pageblock) {
        const before = this.#types[at++];
        const now = this.#view.pageblock(pfn);
        if (before === now || (MERGEABLE.has(before) && MERGEABLE.has(now))) continue;
        return broken("migratetype", `the reporter changed the pageblock at ${pfn} from ${before} to ${now}`, pfn, this.#pageblock);
      }
    }
    for (const event of events) {
      if (event.event !== "isolate" || event.order < this.#view.geometry.pageblockOrder - 1) continue;
      const type = this.#view.pageblock(event.pfn);
      if (type === "movable" || !MERGEABLE.has(type)) continue;
      return broken(
        "migratetype",
        `the reporter took pages ${range(event.pfn, event.order)}, at least half a pageblock, but left the pageblock ${type}: whoever takes so much makes it movable`,
        event.pfn,
        pagesOf(event.order),
      );
    }
    return undefined;
  }

  #slip(): Violation | undefined {
    const view = this.#view;
    if (view.boundary === undefined) return undefined;
    for (let zone = 0; zone < this.#zones; zone++) {
      for (let order = view.geometry.reportOrder; order <= view.geometry.maxOrder; order++) {
        for (const type of MIGRATETYPES) {
          const boundary = view.boundary(zone, order, type);
          if (boundary === undefined || boundary === NONE) continue;
          const violation = this.#slippedBehind(zone, order, type, boundary);
          if (violation !== undefined) return violation;
        }
      }
    }
    return undefined;
  }

  #slippedBehind(zone: ZoneIndex, order: Order, type: Migratetype, boundary: Pfn): Violation | undefined {
    const where = `the ${type} list of order ${order} in zone ${zone}`;
    for (let at = this.#view.lastFree(zone, order, type); at !== NONE; at = this.#view.previousFree(at)) {
      if (!this.#view.reported(at)) {
        return broken("slip", `block ${range(at, order)} stands behind the boundary of ${where} and is not reported: no pass will find it there`, at, pagesOf(order));
      }
      if (at === boundary) return undefined;
    }
    return broken("slip", `the boundary of ${where} points at ${boundary}, which is not on that list`, boundary, 1);
  }

  /** `conservation`, `flag`, `merged`, `free-lists` and `accounting`, in one walk over every zone's blocks. */
  #blocks(): Violation | undefined {
    for (let zone = 0; zone < this.#zones; zone++) {
      const violation = this.#tiling(zone) ?? this.#lists(zone) ?? this.#pageblockCounts(zone);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  /** Free blocks by order and marked blocks by order, found in the walk over the zone at hand. */
  readonly #found = new Int32Array(64);
  readonly #marked = new Int32Array(64);

  #tiling(zone: ZoneIndex): Violation | undefined {
    const view = this.#view;
    const { start, pages } = view.geometry.zones[zone];
    const end = start + pages;
    this.#found.fill(0);
    this.#marked.fill(0);
    for (let pfn = start; pfn < end; ) {
      const order = view.orderAt(pfn);
      if (order < 0) {
        if (view.owner(pfn) !== "absent") return broken("conservation", `page ${pfn} is ${view.owner(pfn)} but belongs to no block`, pfn, 1);
        if (view.reported(pfn)) return this.#strayMark(pfn);
        pfn++;
        continue;
      }
      const size = pagesOf(order);
      if ((pfn - start) % size !== 0 || pfn + size > end) {
        return broken("conservation", `the block at ${pfn} has order ${order}, which does not fit there`, pfn, 1);
      }
      for (let inside = pfn + 1; inside < pfn + size; inside++) {
        if (view.orderAt(inside) >= 0) {
          return broken("conservation", `a block begins at ${inside}, inside block ${range(pfn, order)}: page ${inside} has two owners`, inside, 1);
        }
        if (view.reported(inside)) return this.#strayMark(inside);
      }
      const violation = view.owner(pfn) === "free" ? this.#freeBlock(pfn, order) : view.reported(pfn) ? this.#strayMark(pfn) : undefined;
      if (violation !== undefined) return violation;
      pfn += size;
    }
    return undefined;
  }

  #freeBlock(pfn: Pfn, order: Order): Violation | undefined {
    const view = this.#view;
    this.#found[order]++;
    if (view.reported(pfn)) {
      this.#marked[order]++;
      const violation = this.#mark(pfn, order);
      if (violation !== undefined) return violation;
    }
    if (order === view.geometry.maxOrder) return undefined;
    const size = pagesOf(order);
    const upper = pfn + size;
    if ((pfn / size) % 2 !== 0 || view.orderAt(upper) !== order || view.owner(upper) !== "free") return undefined;
    const one = view.pageblock(pfn);
    const other = view.pageblock(upper);
    if (order >= view.geometry.pageblockOrder && !(MERGEABLE.has(one) && MERGEABLE.has(other))) return undefined;
    return broken("merged", `blocks ${range(pfn, order)} and ${range(upper, order)} are free buddies and may merge, but stand apart`, pfn, 2 * size);
  }

  #mark(pfn: Pfn, order: Order): Violation | undefined {
    if (order < this.#view.geometry.reportOrder) {
      return broken("flag", `block ${range(pfn, order)} is marked as reported, but blocks of order ${order} are never reported`, pfn, pagesOf(order));
    }
    const acked = this.#acked[this.#pages.of(pfn)] - 1;
    let whole = acked === order;
    for (let page = pfn; whole && page < pfn + pagesOf(order); page++) whole = this.#marks.marked(page);
    if (whole) return undefined;
    const history = acked < 0 ? "no such block came back as reported" : acked === order ? "pages of it were taken since it was acked" : `what was acked there is a block of order ${acked}`;
    return broken("flag", `block ${range(pfn, order)} is marked as reported, but ${history}`, pfn, pagesOf(order));
  }

  #strayMark(pfn: Pfn): Violation {
    return broken("flag", `page ${pfn} is marked as reported, but it is ${this.#view.owner(pfn)} and not the head of a free block`, pfn, 1);
  }

  #lists(zone: ZoneIndex): Violation | undefined {
    const view = this.#view;
    let pages = 0;
    for (let order = 0; order <= view.geometry.maxOrder; order++) {
      let blocks = 0;
      for (const type of MIGRATETYPES) {
        let previous = NONE;
        for (let pfn = view.firstFree(zone, order, type); pfn !== NONE; pfn = view.nextFree(pfn)) {
          const violation = this.#listed(zone, order, type, pfn, previous);
          if (violation !== undefined) return violation;
          blocks++;
          if (type !== ISOLATE) pages += pagesOf(order);
          previous = pfn;
        }
        if (view.lastFree(zone, order, type) !== previous) {
          return broken("free-lists", `the ${type} list of order ${order} in zone ${zone} ends at ${previous}, but its tail says ${view.lastFree(zone, order, type)}`);
        }
      }
      if (blocks !== this.#found[order]) {
        return broken("free-lists", `zone ${zone} has ${this.#found[order]} free blocks of order ${order}, but ${blocks} stand on its lists`);
      }
      if (view.freeBlocks(zone, order) !== blocks) {
        return broken("accounting", `zone ${zone} counts ${view.freeBlocks(zone, order)} free blocks of order ${order}, but has ${blocks}`);
      }
      const marked = view.reportedBlocks?.(zone, order);
      if (marked !== undefined && marked !== this.#marked[order]) {
        return broken("accounting", `zone ${zone} counts ${marked} reported blocks of order ${order}, but ${this.#marked[order]} carry the mark`);
      }
    }
    if (view.freePages(zone) === pages) return undefined;
    return broken("accounting", `zone ${zone} counts ${view.freePages(zone)} free pages, but its lists (isolate excluded) hold ${pages}`);
  }

  #listed(zone: ZoneIndex, order: Order, type: Migratetype, pfn: Pfn, previous: Pfn): Violation | undefined {
    const view = this.#view;
    const where = `the ${type} list of order ${order} in zone ${zone}`;
    if (view.owner(pfn) !== "free" || view.orderAt(pfn) !== order) {
      return broken("free-lists", `${where} holds ${pfn}, which is ${view.owner(pfn)}, of order ${view.orderAt(pfn)}`, pfn, 1);
    }
    if (view.previousFree(pfn) !== previous) {
      return broken("free-lists", `on ${where}, ${pfn} follows ${previous}, but its link back says ${view.previousFree(pfn)}`, pfn, 1);
    }
    for (let at = pfn; at < pfn + pagesOf(order); at += this.#pageblock) {
      if (view.pageblock(at) === type) continue;
      return broken("free-lists", `block ${range(pfn, order)} stands on ${where}, but the pageblock at ${at} is ${view.pageblock(at)}`, at, 1);
    }
    return undefined;
  }

  #pageblockCounts(zone: ZoneIndex): Violation | undefined {
    const { start, pages } = this.#view.geometry.zones[zone];
    let isolated = 0;
    let reserved = 0;
    for (let pfn = start; pfn < start + pages; pfn += this.#pageblock) {
      const type = this.#view.pageblock(pfn);
      if (type === ISOLATE) isolated++;
      else if (type === "highatomic") reserved += this.#pageblock;
    }
    if (this.#view.isolatedPageblocks(zone) !== isolated) {
      return broken("accounting", `zone ${zone} counts ${this.#view.isolatedPageblocks(zone)} isolated pageblocks, but has ${isolated}`);
    }
    if (this.#view.reservedHighatomic(zone) === reserved) return undefined;
    return broken("accounting", `zone ${zone} counts ${this.#view.reservedHighatomic(zone)} pages reserved for highatomic callers, but has ${reserved}`);
  }

  /** The head of the free block that contains this page, or NONE. */
  #headOf(pfn: Pfn): Pfn {
    for (let order = 0; order <= this.#view.geometry.maxOrder; order++) {
      const head = pfn - (pfn % pagesOf(order));
      if (this.#view.orderAt(head) >= order) return this.#view.owner(head) === "free" ? head : NONE;
    }
    return NONE;
  }

  #rememberTypes(): void {
    let at = 0;
    for (const zone of this.#view.geometry.zones) {
      for (let pfn = zone.start; pfn < zone.start + zone.pages; pfn += this.#pageblock) {
        this.#types[at++] = this.#view.pageblock(pfn);
      }
    }
  }
}

/** `4-7` or `4`: the pages of a block. */
export function range(pfn: Pfn, order: Order): string {
  return order === 0 ? `${pfn}` : `${pfn}-${pfn + pagesOf(order) - 1}`;
}

function list(pfns: readonly Pfn[]): string {
  return pfns.join(", ");
}

function broken(property: PropertyId, explanation: string, start?: Pfn, pages?: number): Violation {
  return start === undefined || pages === undefined ? { property, explanation } : { property, explanation, pages: { start, pages } };
}
