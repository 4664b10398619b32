/**
 * Everyone around the guest: its users with their live blocks, the host with its open requests, and what every page
 * contains. The same for every guest; no design knows of it.
 *
 * Contents answer the question that it is all about: does every owner read what it wrote last? An owner writes its
 * mark into all pages of a block the moment it gets them, and reads them back when it frees them; the guest fills
 * free pages as `Settings.freeContent` says; a discard leaves zeroes.
 */
import type {
  Action,
  AllocEvent,
  Block,
  DiscardEvent,
  Event,
  Geometry,
  Pfn,
  Settings,
  Step,
  View,
} from "../../model/alphabet/index.ts";
import { Layout, pagesOf } from "../../model/alphabet/index.ts";
import type { Violation } from "../judges/properties.ts";
import { Sections } from "./sections.ts";

/** What a page holds: an owner's mark is the number of its asking step plus 1. */
const ANYTHING = 0;
const ZERO = -1;
const POISON = -2;

/** A request that the host has not answered yet. */
export interface OpenRequest {
  readonly request: number;
  readonly ranges: readonly Block[];
  /** Ranges discarded so far, in order. */
  discarded: number;
  /** True where the host has forgotten it. */
  lost: boolean;
}

/** A block that a user has, and the step that asked for it. */
export interface LiveBlock extends Block {
  readonly of: number;
}

export class Environment {
  readonly settings: Settings;
  readonly requests: OpenRequest[] = [];
  /** The users' pool: what they can free. */
  readonly live: LiveBlock[] = [];
  /** What the administrator can take away or add. */
  readonly sections: Sections;
  readonly #pages: Layout;
  readonly #content: Int32Array;
  /** Callers that wait, or try again: their ticket and the step that asked. */
  readonly #asking = new Map<number, number>();

  constructor(geometry: Geometry, settings: Settings) {
    this.settings = settings;
    this.sections = new Sections(geometry);
    this.#pages = new Layout(geometry);
    this.#content = new Int32Array(this.#pages.pages);
    this.reset();
  }

  reset(): void {
    this.requests.length = 0;
    this.live.length = 0;
    this.sections.reset();
    this.#asking.clear();
    this.#content.fill(this.freeContent());
  }

  /** What the guest finds in a page that nobody has written to since it was freed. */
  freeContent(): number {
    if (this.settings.freeContent === "poison") return POISON;
    return this.settings.freeContent === "zero" ? ZERO : ANYTHING;
  }

  /**
   * The guest's action behind a step, or undefined where there is none: the block was never handed out or is freed,
   * the caller does not wait. Steps of the host's own (`discard`, `lose`) are not asked for here.
   */
  action(step: Step): Action | undefined {
    switch (step.do) {
      case "free": {
        const block = this.#liveOf(step.of);
        return block && { do: "free", pfn: block.pfn, order: block.order, cpu: step.cpu };
      }
      case "retry": {
        for (const [ticket, of] of this.#asking) if (of === step.of) return { do: "retry", ticket };
        return undefined;
      }
      case "ack":
        return this.requests.some((one) => one.request === step.request && !one.lost) ? step : undefined;
      case "discard":
      case "lose":
        return undefined;
      default:
        return step;
    }
  }

  /** The step that asked for the block which this waiting caller wants, or -1. */
  askedBy(ticket: number): number {
    return this.#asking.get(ticket) ?? -1;
  }

  /** True where the host may drop a range of this request: the device was told what free pages must contain. */
  mayDiscard(request: OpenRequest): boolean {
    return !request.lost && request.discarded < request.ranges.length && this.settings.freeContent !== "poison";
  }

  /** The host drops the next range of a request. */
  discard(number: number): DiscardEvent | undefined {
    const request = this.requests.find((one) => one.request === number);
    if (request === undefined || !this.mayDiscard(request)) return undefined;
    const range = request.ranges[request.discarded++];
    return { event: "discard", request: number, pfn: range.pfn, order: range.order };
  }

  /** The host forgets a request. */
  lose(number: number): void {
    const request = this.requests.find((one) => one.request === number);
    if (request !== undefined) request.lost = true;
  }

  /**
   * A caller began to try again without an event (`kernel` slow path): remembers which step asked.
   * @param view the guest after the step
   */
  noteRetrying(view: View, index: number): void {
    for (const waiter of view.waiters()) if (!this.#asking.has(waiter.ticket)) this.#asking.set(waiter.ticket, index);
  }

  /**
   * Takes note of what happened in step `index`, and reads what owners and the guest would read.
   * @param of the step that asked, where it is not this one (a retry)
   */
  observe(event: Event, index: number, of = index): Violation | undefined {
    switch (event.event) {
      case "alloc":
        return this.#handedOut(event, of);
      case "alloc-waits":
        this.#asking.set(event.ticket, index);
        return undefined;
      case "alloc-failed":
        if (event.ticket !== undefined) this.#asking.delete(event.ticket);
        return undefined;
      case "free":
        return this.#givenBack(event);
      case "submit":
        this.requests.push({ request: event.request, ranges: event.ranges, discarded: 0, lost: false });
        return undefined;
      case "discard":
        return this.#dropped(event);
      case "ack": {
        const at = this.requests.findIndex((one) => one.request === event.request);
        if (at >= 0) this.requests.splice(at, 1);
        return undefined;
      }
      case "offline":
        this.sections.moved(event.start, "absent");
        return undefined;
      case "online":
        this.sections.moved(event.start, "present");
        this.#fill(event.start, event.pages, this.freeContent());
        return undefined;
      default:
        return undefined;
    }
  }

  /** A caller stopped trying: its `retry` will not come again. */
  noteDone(ticket: number): void {
    this.#asking.delete(ticket);
  }

  #handedOut(event: AllocEvent, index: number): Violation | undefined {
    const of = event.ticket === undefined ? index : (this.#asking.get(event.ticket) ?? index);
    if (event.ticket !== undefined) this.#asking.delete(event.ticket);
    const expected = this.freeContent();
    const pages = pagesOf(event.order);
    const first = this.#pages.pageOf(event.pfn);
    if (first >= 0 && expected !== ANYTHING) {
      for (let page = 0; page < pages; page++) {
        const found = this.#content[first + page];
        if (found !== expected) {
          return {
            property: "lost-write",
            pages: { start: event.pfn + page, pages: 1 },
            explanation:
              `page ${event.pfn + page} is handed out and should still contain ${name(expected)}, ` +
              `which the guest wrote into it when it was freed, but it contains ${name(found)}`,
          };
        }
      }
    }
    this.#fill(event.pfn, pages, of + 1);
    this.live.push({ pfn: event.pfn, order: event.order, of });
    return undefined;
  }

  /** The first block that the step asked for, as long as its user has it. */
  #liveOf(of: number): LiveBlock | undefined {
    for (const block of this.live) if (block.of === of) return block;
    return undefined;
  }

  /** Takes the block that begins there out of the pool. What stays keeps its order: random draws name places in it. */
  #takeLive(pfn: Pfn): LiveBlock | undefined {
    const { live } = this;
    let at = 0;
    while (at < live.length && live[at].pfn !== pfn) at++;
    const block = live[at];
    for (; at < live.length - 1; at++) live[at] = live[at + 1];
    if (block !== undefined) live.pop();
    return block;
  }

  #givenBack(event: Block): Violation | undefined {
    const block = this.#takeLive(event.pfn);
    if (block === undefined) return undefined;
    const first = this.#pages.pageOf(event.pfn);
    const pages = pagesOf(event.order);
    for (let page = 0; page < pages; page++) {
      const found = this.#content[first + page];
      if (found !== block.of + 1) return lost(event.pfn + page, block.of, found);
    }
    this.#fill(event.pfn, pages, this.freeContent());
    return undefined;
  }

  #dropped(event: DiscardEvent): Violation | undefined {
    const first = this.#pages.pageOf(event.pfn);
    if (first < 0) return undefined;
    let violation: Violation | undefined;
    for (let page = 0; page < pagesOf(event.order) && first + page < this.#content.length; page++) {
      const before = this.#content[first + page];
      if (before > 0) violation ??= lost(event.pfn + page, before - 1, ZERO);
      this.#content[first + page] = ZERO;
    }
    return violation;
  }

  #fill(start: Pfn, pages: number, content: number): void {
    const first = this.#pages.pageOf(start);
    for (let page = 0; first >= 0 && page < pages; page++) this.#content[first + page] = content;
  }
}

function name(content: number): string {
  if (content === ZERO) return "zeroes";
  if (content === POISON) return "the poison pattern";
  return content === ANYTHING ? "old data" : `what the caller of step ${content - 1} wrote`;
}

function lost(pfn: Pfn, of: number, found: number): Violation {
  return {
    property: "lost-write",
    pages: { start: pfn, pages: 1 },
    explanation: `page ${pfn} belongs to the caller of step ${of}, who wrote into it, but it contains ${name(found)}: the write is lost`,
  };
}
