/**
 * The contract: what every correct reporter obeys, judged from events alone. `wire.md`, "The contract".
 *
 * The contract keeps a state for every page (`contract/states.ts`), the open requests and the sleeping callers. Each
 * event is a rule: whom it may take its pages from, and what they become (`contract/rules.ts`). Where one event breaks
 * several properties, the first of the table is named, so every event is checked in the order of the table.
 */
import type {
  AckEvent,
  AllocFailedEvent,
  Block,
  DiscardEvent,
  Event,
  Geometry,
  OfflineEvent,
  OnlineEvent,
  ReleaseEvent,
  SubmitEvent,
} from "../../model/alphabet/index.ts";
import { ContractCells } from "./contract/cells.ts";
import { Device } from "./contract/device.ts";
import { Knowledge } from "./contract/knowledge.ts";
import type { ContractCounts, ContractOptions } from "./contract/options.ts";
import type { OpenRequest } from "./contract/requests.ts";
import { OpenRequests } from "./contract/requests.ts";
import { NumberSet } from "./contract/number-set.ts";
import { blockText, violation } from "./contract/explain.ts";
import { PageStates } from "./contract/pages.ts";
import { Refusals } from "./contract/refusals.ts";
import { fakeOutOfMemory, isMemoryFree } from "./contract/out-of-memory.ts";
import type { Rule } from "./contract/rules.ts";
import {
  ACKS,
  ALLOC,
  FREE_RULE,
  ISOLATE,
  OFFLINE,
  ONLINE,
  RELEASE,
  RELEASE_REPORTED,
  SUBMIT,
  SUBMIT_FREE,
  WRITE,
} from "./contract/rules.ts";
import { Sleepers } from "./contract/sleepers.ts";
import type { Change } from "./contract/states.ts";
import { ANY_FLIGHT, ANY_HELD, FREE, HELD, UNKNOWN } from "./contract/states.ts";
import type { Violation } from "./properties.ts";

export type { Knowledge, KnownOwner, PageKnowledge, PageRun } from "./contract/knowledge.ts";
export type { ContractCounts, ContractOptions } from "./contract/options.ts";

export class Contract {
  readonly counts: ContractCounts = {
    events: 0,
    failedNoMemory: 0,
    failedWouldBlock: 0,
    failedWithFreeMemory: 0,
  };
  /** What is known of pages. */
  readonly knows: Knowledge;
  /** The same and more, as cells of memory. */
  readonly cells: ContractCells;
  private readonly geometry: Geometry;
  private readonly options: ContractOptions;
  private readonly pages: PageStates;
  private readonly requests = new OpenRequests();
  private readonly sleepers: Sleepers;
  private readonly refusals: Refusals;
  private readonly startsUnknown: boolean;
  private readonly seenRequests = new NumberSet();
  private readonly claimsCompleteness: boolean;
  private readonly inPlace: boolean;
  private readonly submitRule: Rule;
  private readonly ackOk: Change;
  private readonly ackFailed: Change;
  private readonly device = new Device();
  /** The number of the event being judged. */
  private now = 0;

  /** @throws InputError where the geometry's pages don't fit in memory: unjudged, not wrong */
  constructor(geometry: Geometry, options: ContractOptions = {}) {
    const { start = "free", unseen = [], claims = [], inPlace = false, unit = "event" } = options;
    this.geometry = geometry;
    this.options = options;
    this.startsUnknown = start === "unknown";
    this.sleepers = new Sleepers(this.startsUnknown);
    this.pages = new PageStates(geometry, this.startsUnknown ? UNKNOWN : FREE);
    this.refusals = new Refusals(geometry, this.pages, this.requests, unit);
    this.inPlace = inPlace;
    this.claimsCompleteness = claims.includes("completeness");
    this.knows = new Knowledge(this.pages, this.requests, this.device);
    this.cells = new ContractCells(this.pages, this.requests, this.sleepers, this.device, this.claimsCompleteness);
    this.submitRule = unseen.includes("isolate") ? SUBMIT_FREE : SUBMIT;
    const givesBack = unseen.includes("release");
    this.ackOk = givesBack ? ACKS.okAndBack : ACKS.ok;
    this.ackFailed = givesBack ? ACKS.failedAndBack : ACKS.failed;
  }

  /** Back to the start, as if newly made; cheap, as drivers do it between thousands of short runs. */
  reset(): void {
    this.pages.reset();
    this.requests.clear();
    this.sleepers.clear();
    this.seenRequests.clear();
    this.device.registered = true;
    this.now = 0;
    this.counts.events = 0;
    this.counts.failedNoMemory = 0;
    this.counts.failedWouldBlock = 0;
    this.counts.failedWithFreeMemory = 0;
  }

  /** Another contract that knows what this one knows, and goes its own way from here on. */
  fork(): Contract {
    const fork = new Contract(this.geometry, this.options);
    fork.pages.copy(this.pages);
    fork.requests.copy(this.requests);
    fork.sleepers.copy(this.sleepers);
    fork.seenRequests.copy(this.seenRequests);
    fork.device.copy(this.device);
    Object.assign(fork.counts, this.counts);
    return fork;
  }

  /**
   * Judges the next event. After a violation the contract knows nothing more: reset it or throw it away.
   *
   * @param at the event's number in explanations; default: how many came so far, from 1
   * @throws InputError for what only a recorder can get wrong (a ticket that nobody waits with)
   */
  event(event: Event, at: number = this.counts.events + 1): Violation | undefined {
    this.counts.events += 1;
    this.now = at;
    switch (event.event) {
      case "alloc":
        if (event.ticket !== undefined) this.sleepers.wake(event.ticket);
        return this.take(event, ALLOC);
      case "free":
        return this.take(event, FREE_RULE);
      case "write":
        return this.take(event, WRITE);
      case "isolate":
        return this.take(event, ISOLATE);
      case "submit":
        return this.submit(event);
      case "discard":
        return this.discard(event);
      case "ack":
        return this.ack(event);
      case "release":
        return this.release(event);
      case "alloc-failed":
        return this.allocFailed(event);
      case "alloc-waits":
        this.sleepers.sleep(event.ticket, at);
        return undefined;
      case "offline":
        return this.hotplug(event, OFFLINE);
      case "online":
        return this.hotplug(event, ONLINE);
      case "unregistered":
        this.device.goes(at);
        return undefined;
      case "registered":
        this.device.registered = true;
        return undefined;
      case "idle":
        return this.stranded("the reporter says that it is idle") ?? this.incomplete();
    }
  }

  /** Judges the end, when all events were seen. */
  end(): Violation | undefined {
    return this.stranded("the events end");
  }

  /** An event that takes a block as its rule says. */
  private take(block: Block, rule: Rule): Violation | undefined {
    const { pfn, order } = block;
    const span = this.pages.spanOf(pfn);
    if (span !== undefined && this.isAligned(pfn - span.start, order)) {
      if ((this.pages.statesOf(span, pfn, order) & ~rule.takes) === 0) {
        this.pages.changeBlock(span, pfn, order, rule.to);
        return undefined;
      }
    }
    return this.refusals.ofBlocks([block], rule);
  }

  /** Zones are aligned to the largest block: counting from their start is as good as counting from page 0. */
  private isAligned(offset: number, order: number): boolean {
    return order <= this.geometry.maxOrder && (offset & ((1 << order) - 1)) === 0;
  }

  private release(event: ReleaseEvent): Violation | undefined {
    if (!event.reported) return this.take(event, RELEASE);
    const span = this.pages.spanOf(event.pfn);
    const acked =
      span === undefined ||
      !this.isAligned(event.pfn - span.start, event.order) ||
      (this.pages.statesOf(span, event.pfn, event.order) & HELD) === 0;
    return this.take(event, RELEASE_REPORTED) ?? (acked ? undefined : this.refusals.ofMark(event));
  }

  private submit(event: SubmitEvent): Violation | undefined {
    const { pages, submitRule } = this;
    const { request, ranges } = event;
    for (const range of ranges) {
      const span = pages.spanOf(range.pfn);
      const fits =
        span !== undefined &&
        this.isAligned(range.pfn - span.start, range.order) &&
        (pages.statesOf(span, range.pfn, range.order) & ~submitRule.takes) === 0;
      if (!fits) return this.refusals.ofBlocks(ranges, submitRule);
    }
    const misshapen = this.refusals.ofRequest(event);
    if (misshapen !== undefined) return misshapen;
    for (const range of ranges) {
      const span = pages.spanOf(range.pfn);
      if (span === undefined) continue;
      // All ranges were free of flight a moment ago: what is in flight now is of this very request.
      if (ranges.length > 1 && (pages.statesOf(span, range.pfn, range.order) & ANY_FLIGHT) !== 0) {
        return violation(
          "well-formed",
          `request ${request} names ${blockText(range)}, or a part of it, twice: a request must not overlap itself`,
          { start: range.pfn, pages: 2 ** range.order },
        );
      }
      pages.changeBlock(span, range.pfn, range.order, submitRule.to);
    }
    if (!this.device.registered) return this.refusals.ofSubmitWhileUnregistered(event, this.device.goneAt);
    this.requests.add(request, ranges, this.now);
    if (this.startsUnknown) this.seenRequests.add(request);
    return undefined;
  }

  private discard(event: DiscardEvent): Violation | undefined {
    const misshapen = this.refusals.ofShape(event, "discard");
    if (misshapen !== undefined) return misshapen;
    const open = this.requests.get(event.request);
    if (open === undefined && this.mayBeOpen(event.request)) return undefined;
    if (open !== undefined && this.requests.covers(open, event)) return undefined;
    return this.refusals.ofDiscard(event, open);
  }

  private ack(event: AckEvent): Violation | undefined {
    const open = this.requests.get(event.request);
    if (open !== undefined) {
      this.answer(open, event.ok ? this.ackOk : this.ackFailed);
      return undefined;
    }
    if (!this.mayBeOpen(event.request)) {
      return violation(
        "host-window",
        `request ${event.request} is acked, but it is not open: it was never submitted, or was acked already`,
      );
    }
    this.seenRequests.add(event.request);
    return undefined;
  }

  private answer(open: OpenRequest, to: Change): void {
    this.requests.remove(open.request);
    for (const { pfn, order } of open.ranges) {
      const span = this.pages.spanOf(pfn);
      if (span !== undefined) this.pages.changeBlock(span, pfn, order, to);
    }
  }

  /** A request that was submitted before the recording began is known by its number alone, until its first ack. */
  private mayBeOpen(request: number): boolean {
    return this.startsUnknown && !this.seenRequests.has(request);
  }

  private hotplug(event: OfflineEvent | OnlineEvent, rule: Rule): Violation | undefined {
    const range = { start: event.start, pages: event.pages };
    const broken = this.refusals.ofRange(range, rule);
    if (broken !== undefined) return broken;
    const span = this.pages.spanOf(event.start);
    if (span !== undefined) this.pages.changeRange(span, event.start, event.start + event.pages, rule.to);
    return undefined;
  }

  private allocFailed(event: AllocFailedEvent): Violation | undefined {
    if (event.ticket !== undefined) this.sleepers.wake(event.ticket);
    const mayBlock = event.reason === "would-block";
    if (mayBlock) this.counts.failedWouldBlock += 1;
    else this.counts.failedNoMemory += 1;
    if (isMemoryFree(this.geometry, this.pages, event)) {
      this.counts.failedWithFreeMemory += 1;
      return undefined;
    }
    return mayBlock || this.inPlace ? undefined : fakeOutOfMemory(this.geometry, this.pages, event);
  }

  private stranded(when: string): Violation | undefined {
    if (this.requests.size > 0) return undefined;
    for (const span of this.pages.spans) {
      const held = this.pages.count(span, ANY_HELD);
      if (held > 0) return this.refusals.ofStranded(when, span, held);
    }
    const sleeper = this.sleepers.first();
    return sleeper === undefined ? undefined : this.refusals.ofSleeper(when, sleeper);
  }

  private incomplete(): Violation | undefined {
    if (!this.claimsCompleteness || !this.device.registered || this.requests.size > 0) return undefined;
    for (const span of this.pages.spans) {
      const { min, low, high } = this.geometry.zones[span.zone].watermarks;
      if (min + low + high === 0 && this.pages.hasUnreported(span)) return this.refusals.ofIncomplete(span);
    }
    return undefined;
  }
}
