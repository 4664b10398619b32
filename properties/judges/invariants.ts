/**
 * The invariants of a guest's own state, over the one view that model and implementation both offer (DESIGN.md,
 * "What must hold"). All are asked after every step: what a step did, here; what it left, in invariants/.
 *
 * They look at flat words (alphabet/words.ts), a loop here and there over a few dozen of them, so that a million steps
 * a second can be judged, and none left out.
 */
import {
  Layout,
  MIGRATETYPES,
  TYPE_BITS,
  FREE_TAG,
  OWNER_BITS,
  blockAround,
  orderOfTag,
  pagesOf,
  zoneOf,
  type Block,
  type Event,
  type Geometry,
  type Pfn,
  type SubmitEvent,
  type View,
  type Words,
} from "../../model/alphabet/index.ts";
import { Accounting } from "./invariants/accounting.ts";
import { Blocks } from "./invariants/blocks.ts";
import { broken, range } from "./invariants/explain.ts";
import { Lists, MERGEABLE } from "./invariants/lists.ts";
import { Marks } from "./invariants/marks.ts";
import { slipped } from "./invariants/slip.ts";
import type { Violation } from "./properties.ts";
import type { Traits } from "./traits.ts";

const MOVABLE = MIGRATETYPES.indexOf("movable");
const ISOLATE = MIGRATETYPES.indexOf("isolate");

export class Invariants {
  readonly #view: View;
  readonly #geometry: Geometry;
  readonly #layout: Layout;
  readonly #blocks: Blocks;
  readonly #marks: Marks;
  readonly #lists: Lists;
  readonly #accounting: Accounting;
  /** Those of the claimable properties that are judged here. */
  readonly #claims: { readonly [property in "slip" | "watermark" | "bounded-hold" | "migratetype"]: boolean };
  /** True where whoever takes half a pageblock makes it movable. */
  readonly #retags: boolean;
  /** True where what is held was allocated like anybody's. */
  readonly #parks: boolean;
  #words: Words;
  /** By pageblock: its type before the step. */
  readonly #types: Uint8Array;
  /** In this step: did the reporter take or give back a block, did anybody else take one? */
  #reporterActed = false;
  #othersTook = false;
  /** What the reporter took last. */
  #isolated: Block | undefined;

  /**
   * @param view of the guest, as it is at the start
   * @param claims properties that are claimed; of the others only those are judged that always are
   */
  constructor(view: View, traits: Pick<Traits, "takes" | "marks">, claims: ReadonlySet<string>) {
    this.#view = view;
    this.#geometry = view.geometry;
    this.#layout = new Layout(view.geometry);
    this.#blocks = new Blocks(view.geometry, this.#layout);
    this.#marks = new Marks(view.geometry, this.#layout, traits.marks);
    this.#lists = new Lists(view.geometry, this.#layout, this.#blocks, this.#marks);
    this.#accounting = new Accounting(view.geometry, this.#layout, this.#blocks, this.#lists);
    this.#claims = {
      slip: claims.has("slip"),
      watermark: claims.has("watermark"),
      "bounded-hold": claims.has("bounded-hold"),
      migratetype: claims.has("migratetype"),
    };
    this.#retags = traits.takes === "isolates";
    this.#parks = traits.takes === "allocates";
    this.#words = view.words();
    this.#types = this.#words.types.slice();
  }

  /** Begins a new run: the guest is as it was at the start. */
  reset(): void {
    this.#words = this.#view.words();
    this.#rememberTypes();
    this.#blocks.reset();
    this.#marks.reset();
  }

  /** So many cells does `save` write. */
  get cells(): number {
    return this.#geometry.zones.length + this.#marks.cells;
  }

  /** Writes what it remembers of the past, beyond what the guest's state tells. */
  save(cells: Int32Array, at: number): void {
    this.#blocks.present.forEach((pages, zone) => (cells[at + zone] = pages));
    this.#marks.save(cells, at + this.#blocks.present.length);
  }

  /** Goes on from a state of the guest and what was written there. @param requests those that are open */
  load(cells: Int32Array, at: number, requests: Iterable<Omit<SubmitEvent, "event">>): void {
    this.#words = this.#view.words();
    this.#rememberTypes();
    const { present } = this.#blocks;
    for (let zone = 0; zone < present.length; zone++) present[zone] = cells[at + zone];
    this.#marks.load(cells, at + present.length, this.#words.tags, requests);
  }

  /** Judges the state that a step has led to, and the step itself. */
  check(events: readonly Event[]): Violation | undefined {
    const violation = this.checkStep(events) ?? this.checkState();
    if (this.#claims.migratetype) this.#rememberTypes();
    return violation;
  }

  /** Judges what a step did: what depends on how the guest came to where it is. */
  checkStep(events: readonly Event[]): Violation | undefined {
    this.#words = this.#view.words();
    this.#follow(events);
    return this.#quiet(events) ?? (this.#reporterActed ? this.#reporterTook(events) : undefined);
  }

  /**
   * True where the step left a mark that is not allowed. Whoever goes on from a state (`load`) must ask: there what came
   * back is read off the marks themselves, so that all of them seem right.
   */
  hasWrongMark(): boolean {
    return !this.#marks.allowAll(this.#words.tags);
  }

  /** Judges where the guest is, however it came there. */
  checkState(): Violation | undefined {
    return (
      (this.#claims["bounded-hold"] ? this.#boundedHold() : undefined) ??
      (this.#claims.slip ? this.#slip() : undefined) ??
      this.#zones()
    );
  }

  /** What the step did, as far as events tell. */
  #follow(events: readonly Event[]): void {
    this.#reporterActed = false;
    this.#othersTook = false;
    this.#isolated = undefined;
    for (const event of events) {
      switch (event.event) {
        case "release":
          this.#reporterActed = true;
          this.#marks.released(event);
          break;
        case "isolate":
          this.#reporterActed = true;
          this.#isolated = event;
          this.#marks.taken(event);
          break;
        case "alloc":
          this.#othersTook = true;
          this.#marks.taken(event);
          break;
        case "submit":
          this.#marks.submitted(event);
          break;
        case "ack":
          this.#marks.acked(event);
          break;
        case "offline":
        case "online":
          this.#blocks.follow(event);
          this.#marks.moved(event);
          break;
        default:
          break;
      }
    }
  }

  #rememberTypes(): void {
    const { types } = this.#words;
    for (let at = 0; at < types.length; at++) this.#types[at] = types[at];
  }

  #quiet(events: readonly Event[]): Violation | undefined {
    const view = this.#view;
    if (!view.frozen() && view.registered()) return undefined;
    const state = view.frozen() ? "the guest is frozen" : "no device is registered";
    if (events.some((event) => event.event === "submit"))
      return broken("quiet", `a request is submitted while ${state}`);
    // What was allocated may stay parked while the guest is frozen: nobody waits for it.
    const held = view.registered() && this.#parks ? [] : view.held();
    return held.length === 0
      ? undefined
      : broken("quiet", `${state}, but the reporter holds ${held.join(", ")}`, held[0], 1);
  }

  #boundedHold(): Violation | undefined {
    const held = this.#view.held();
    if (held.length === 0) return undefined;
    const { capacity } = this.#geometry;
    if (held.length > capacity) {
      return broken(
        "bounded-hold",
        `the reporter holds ${held.length} blocks (${held.join(", ")}), over its capacity of ${capacity}`,
      );
    }
    const zone = zoneOf(this.#geometry, held[0]);
    for (const other of held) {
      if (zoneOf(this.#geometry, other) === zone) continue;
      return broken(
        "bounded-hold",
        `the reporter holds blocks of two zones at once: ${held[0]} and ${other}`,
        other,
        1,
      );
    }
    return undefined;
  }

  #reporterTook(events: readonly Event[]): Violation | undefined {
    return (
      (this.#claims.watermark ? this.#watermark() : undefined) ??
      (this.#claims.migratetype ? this.#migratetype(events) : undefined)
    );
  }

  /**
   * Callers that the same step woke have taken memory after the reporter did: such a step is not judged. Nor is a block
   * from an isolate list, whose pages nobody could have had.
   */
  #watermark(): Violation | undefined {
    const taken = this.#isolated;
    if (taken === undefined || this.#othersTook || this.#isIsolated(taken)) return undefined;
    const zone = zoneOf(this.#geometry, taken.pfn);
    const { min } = this.#geometry.zones[zone].watermarks;
    const left = this.#words.freePages[zone] - this.#words.reservedHighatomic[zone];
    if (left > min) return undefined;
    return broken(
      "watermark",
      `after the reporter took pages ${range(taken.pfn, taken.order)}, zone ${zone} has ${left} usable free pages; its minimum is ${min}, and it must stay above it`,
      taken.pfn,
      pagesOf(taken.order),
    );
  }

  #isIsolated({ pfn }: Block): boolean {
    return this.#words.types[this.#layout.pageOf(pfn) >> this.#geometry.pageblockOrder] === ISOLATE;
  }

  #migratetype(events: readonly Event[]): Violation | undefined {
    for (const event of events) {
      const wrong = event.event === "release" ? this.#cameBackWrong(event.pfn) : undefined;
      if (wrong !== undefined) return wrong;
    }
    return this.#othersTook ? undefined : this.#retagged(events);
  }

  /** A block that came back stands on the list of its own pageblock. */
  #cameBackWrong(pfn: Pfn): Violation | undefined {
    const { tags, types } = this.#words;
    const page = this.#layout.pageOf(pfn);
    const head = page < 0 ? -1 : blockAround(tags, page, this.#geometry.maxOrder);
    if (head < 0 || (tags[head] & OWNER_BITS) !== FREE_TAG) return undefined;
    const list = tags[head] & TYPE_BITS;
    const own = types[page >> this.#geometry.pageblockOrder];
    if (list === own) return undefined;
    const block = range(this.#layout.pfnOf(head), orderOfTag(tags[head]));
    return broken(
      "migratetype",
      `the block at ${pfn} came back to the ${MIGRATETYPES[list]} list (inside block ${block}), but its pageblock is ${MIGRATETYPES[own]} now`,
      pfn,
      1,
    );
  }

  /** Taking blocks changes unmovable and reclaimable pageblocks to movable, where the block is half a pageblock or more, and nothing else. */
  #retagged(events: readonly Event[]): Violation | undefined {
    const { types } = this.#words;
    const { pageblockOrder } = this.#geometry;
    for (let at = 0; at < types.length; at++) {
      if (types[at] === this.#types[at]) continue;
      const [before, now] = [MIGRATETYPES[this.#types[at]], MIGRATETYPES[types[at]]];
      if (MERGEABLE.has(before) && MERGEABLE.has(now)) continue;
      const pfn = this.#layout.pfnOf(at << pageblockOrder);
      return broken(
        "migratetype",
        `the reporter changed the pageblock at ${pfn} from ${before} to ${now}`,
        pfn,
        pagesOf(pageblockOrder),
      );
    }
    return this.#retags ? this.#leftUnmovable(events) : undefined;
  }

  #leftUnmovable(events: readonly Event[]): Violation | undefined {
    const { types } = this.#words;
    const { pageblockOrder } = this.#geometry;
    for (const event of events) {
      if (event.event !== "isolate" || event.order < pageblockOrder - 1) continue;
      const type = types[this.#layout.pageOf(event.pfn) >> pageblockOrder];
      if (type === MOVABLE || !MERGEABLE.has(MIGRATETYPES[type])) continue;
      return broken(
        "migratetype",
        `the reporter took pages ${range(event.pfn, event.order)}, at least half a pageblock, but left the pageblock ${MIGRATETYPES[type]}: whoever takes so much makes it movable`,
        event.pfn,
        pagesOf(event.order),
      );
    }
    return undefined;
  }

  #slip(): Violation | undefined {
    const { boundaries } = this.#words;
    if (boundaries === undefined) return undefined;
    for (let zone = 0; zone < this.#geometry.zones.length; zone++) {
      const kept = boundaries(zone);
      const violation = kept && slipped(this.#geometry, this.#layout, this.#words, zone, kept);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  /** What stands where, zone by zone: blocks, then the lists, then what is counted of both. */
  #zones(): Violation | undefined {
    const { zones } = this.#geometry;
    for (let zone = 0; zone < zones.length; zone++) {
      const violation =
        this.#blocks.check(this.#words, zone) ??
        this.#lists.check(this.#words, zone) ??
        this.#accounting.check(this.#words, zone);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }
}
