/**
 * Liveness, by healing: after any prefix let the users rest and the host answer; then the worker must fall idle and
 * what the design promises must have happened (DESIGN.md, "What must hold").
 */
import {
  FREE_TAG,
  Layout,
  MIGRATETYPES,
  NONE,
  OWNER_BITS,
  blockAround,
  orderOfTag,
  pagesOf,
  type Block,
  type Event,
  spannedPages,
  type Geometry,
  type Order,
  type Settings,
  type View,
  type ZoneIndex,
} from "../../model/alphabet/index.ts";
import { range } from "./invariants/explain.ts";
import type { Violation } from "./properties.ts";

/**
 * Steps within which a healed guest must be at rest. A pass takes a few steps a batch and a list, or a few a page on
 * each CPU; a budget makes at most one more pass a block. Four times that product is far beyond what any correct worker
 * needs.
 */
export function restBound({ geometry, settings }: { geometry: Geometry; settings: Settings }): number {
  const pages = spannedPages(geometry);
  const lists = geometry.zones.length * (geometry.maxOrder + 1) * MIGRATETYPES.length;
  const passes = 2 + Math.ceil(pages / pagesOf(geometry.reportOrder) / geometry.capacity);
  return 4 * settings.cpus * (1 + settings.delay) * (pages + lists) * passes;
}

const OVERDUE: Violation = {
  property: "wakeup",
  explanation: "by the design's own rule enough is noted, but no pass is under way or scheduled",
};

/** A free that has asked for a pass, and has not had one since. */
interface Owed {
  readonly freed: Block;
  /** What it left: a free block that may be reported. */
  readonly left: Block;
}

/** Owed for a free that nobody remembers. */
const FORGOTTEN: Owed = { freed: { pfn: NONE, order: 0 }, left: { pfn: NONE, order: 0 } };

/**
 * `wakeup`: after a free that leaves a block of the report order or more, a pass starts. So either the reporter is not
 * at rest when the free is done, or a pass was under way; that one may have looked already, so when it ends the next
 * must be scheduled. A boundary design asks for a pass only when enough unreported blocks stand on the lists (D.3),
 * and then at once, whatever is under way. All this is asked where it is claimed.
 *
 * Of every design: where enough is noted by its own rule (`View.due`), it is not at rest.
 */
export class Wakeups {
  readonly #view: View;
  readonly #layout: Layout;
  readonly #everyFree: boolean;
  #owed: Owed | undefined;
  /** Was a pass under way before the step? */
  #passed = false;

  /** @param everyFree true: every free of a reportable block is to be followed by a pass */
  constructor(view: View, everyFree: boolean) {
    this.#view = view;
    this.#layout = new Layout(view.geometry);
    this.#everyFree = everyFree;
  }

  /** Begins a new run. */
  reset(): void {
    this.#owed = undefined;
    this.#passed = false;
  }

  /** True while a pass is owed for a free. */
  get owes(): boolean {
    return this.#owed !== undefined;
  }

  /** Goes on from a state of the guest. @param owes is a pass owed? For which free, is not known any more */
  resume(owes: boolean): void {
    this.#owed = owes ? FORGOTTEN : undefined;
    this.#passed = this.#view.passing();
  }

  /** Judges a step by what it has led to. */
  check(events: readonly Event[]): Violation | undefined {
    const view = this.#view;
    if (view.resting() && view.registered() && !view.frozen() && view.due()) return OVERDUE;
    return this.#everyFree ? this.#afterFrees(events) : undefined;
  }

  #afterFrees(events: readonly Event[]): Violation | undefined {
    const view = this.#view;
    const passing = view.passing();
    // A pass that has just begun will see all that was freed before; a device that is gone is owed nothing.
    if ((passing && !this.#passed) || !view.registered()) this.#owed = undefined;
    this.#passed = passing;
    for (const event of events) {
      const violation = event.event === "free" ? this.#freed(event) : undefined;
      if (violation !== undefined) return violation;
    }
    return this.#owed !== undefined && view.resting() ? this.#sleptThrough(this.#owed) : undefined;
  }

  #freed(freed: Block): Violation | undefined {
    const view = this.#view;
    const { tags } = view.words();
    const page = this.#layout.pageOf(freed.pfn);
    const head = page < 0 ? -1 : blockAround(tags, page, view.geometry.maxOrder);
    if (head < 0 || (tags[head] & OWNER_BITS) !== FREE_TAG) return undefined;
    const order = orderOfTag(tags[head]);
    if (order < view.reportOrder() || !view.registered()) return undefined;
    const owed = { freed, left: { pfn: this.#layout.pfnOf(head), order } };
    if (view.reportedBlocks === undefined) this.#owed = owed;
    else if (this.#isDueUnasked(this.#layout.zoneOf(head), order)) return this.#sleptThrough(owed);
    return undefined;
  }

  /** True where a zone of a boundary design has enough to report, but does not ask for a pass. */
  #isDueUnasked(zone: ZoneIndex, order: Order): boolean {
    const view = this.#view;
    const reported = view.reportedBlocks?.(zone, order) ?? 0;
    if (view.freeBlocks(zone, order) < reported + view.settings.highWater) return false;
    const { device, requested } = view.reporter();
    return device === "registered" && (view.resting() || (Array.isArray(requested) && requested[zone] === 0));
  }

  #sleptThrough({ freed, left }: Owed): Violation {
    const state = this.#view.resting()
      ? "the reporter rests: no pass runs and none is scheduled"
      : "its zone does not ask for a pass";
    return {
      property: "wakeup",
      pages: { start: left.pfn, pages: pagesOf(left.order) },
      explanation: `the free of ${range(freed.pfn, freed.order)} left block ${range(left.pfn, left.order)}, which may be reported, and no pass has started since; but ${state}`,
    };
  }
}

/**
 * `progress`: what a full pass over a quiet guest must leave reported. Excused is what the watermark may have refused
 * while a batch was held (L4 of `duyck-line.md` E.5), and pageblocks that are isolated.
 */
export function leftBehind(view: View): Violation | undefined {
  const { geometry } = view;
  for (let zone = 0; zone < geometry.zones.length; zone++) {
    const { min, low } = geometry.zones[zone].watermarks;
    const usable = view.freePages(zone) - view.reservedHighatomic(zone);
    if (usable <= low + geometry.capacity * pagesOf(view.reportOrder())) continue;
    for (let order = view.reportOrder(); order <= geometry.maxOrder; order++) {
      const heldAtMost = geometry.capacity * pagesOf(geometry.maxOrder);
      if (usable - heldAtMost <= min + pagesOf(order)) continue;
      for (const type of MIGRATETYPES) {
        if (type === "isolate") continue;
        for (let at = view.firstFree(zone, order, type); at !== NONE; at = view.nextFree(at)) {
          if (view.reported(at)) continue;
          return {
            property: "progress",
            pages: { start: at, pages: pagesOf(order) },
            explanation: `a device was registered and every pass ran to its end in a quiet guest, but free block ${range(at, order)} was never reported`,
          };
        }
      }
    }
  }
  return undefined;
}
