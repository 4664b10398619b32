/**
 * Everyone around the guest: its users with their live blocks, the administrator with his sections, and the host with
 * its open requests, its memory (contents.ts) and, where hints serve one, its migration (migration.ts). The same for
 * every guest; no design knows of it.
 */
import {
  type Action,
  type Block,
  type DiscardEvent,
  type Event,
  type Geometry,
  type HintAction,
  type HostStep,
  type Pages,
  type Settings,
  type Step,
  type View,
} from "../../model/alphabet/index.ts";
import type { Violation } from "../judges/properties.ts";
import { Contents, type Swapped } from "./contents.ts";
import { Migration } from "./migration.ts";
import { Sections } from "./sections.ts";
import { Users } from "./users.ts";

/** A request that the host has not answered yet. */
export interface OpenRequest {
  readonly request: number;
  readonly ranges: readonly Block[];
  /** Ranges discarded so far, in order. */
  discarded: number;
  /** True where the host has forgotten it. */
  lost: boolean;
  /** In a migration: the round of hints that the guest was in when it sent it. */
  round?: number;
}

export class Environment {
  readonly settings: Settings;
  readonly requests: OpenRequest[] = [];
  readonly #users = new Users();
  /** The users' pool: what they can free. */
  readonly live = this.#users.live;
  /** What the administrator can take away or add. */
  readonly sections: Sections;
  /** Undefined where the host drops what the guest reports. */
  readonly migration: Migration | undefined;
  /** What the host asked for last. */
  balloonTarget: Pages = 0;
  hinting: HintAction["command"] = "done";
  /** What every page holds. */
  readonly contents: Contents;
  /** Callers that wait, or try again: their ticket and the step that asked. */
  readonly #asking = new Map<number, number>();

  /** @param hints true: the guest hints, so its requests may serve a migration */
  constructor(geometry: Geometry, settings: Settings, hints = false) {
    this.settings = settings;
    this.sections = new Sections(geometry);
    this.migration = hints && settings.hintsFor === "migration" ? new Migration(geometry, settings) : undefined;
    this.contents = new Contents(geometry, settings, this.migration);
  }

  reset(): void {
    this.requests.length = 0;
    this.live.length = 0;
    this.balloonTarget = 0;
    this.hinting = "done";
    this.sections.reset();
    this.migration?.reset();
    this.contents.reset();
    this.#asking.clear();
  }

  /** Nobody knows any more which step asked for what: from here on all count as step 0. */
  forgetAskers(): void {
    if (this.#asking.size > 0) this.#asking.clear();
  }

  /** True while a device has direct access to the guest's memory. */
  get assigned(): boolean {
    return this.contents.assigned;
  }

  /** Pages that the host had to swap out so far. */
  get swapped(): Readonly<Swapped> {
    return this.contents.swapped;
  }

  /** Pages that the host took back so far, after it had dropped them lazily. */
  get takenBack(): Pages {
    return this.contents.takenBack;
  }

  /**
   * The guest's action behind a step, or undefined where there is none: the block was never handed out or is freed,
   * the caller does not wait, it is the host that acts.
   */
  action(step: Step): Action | undefined {
    switch (step.do) {
      case "free": {
        const block = this.#users.has(step.of);
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
      case "assign":
      case "unassign":
      case "squeeze":
      case "migrate":
        return undefined;
      default:
        return step;
    }
  }

  /** The guest was asked this: what the host wants of it is remembered. */
  noteAsked(action: Action): void {
    if (action.do === "balloon") this.balloonTarget = action.pages;
    if (action.do !== "hint") return;
    this.hinting = action.command;
    if (action.command === "start") this.migration?.beginRound();
  }

  /** The step that asked for the block which this waiting caller wants, or -1. */
  askedBy(ticket: number): number {
    return this.#asking.get(ticket) ?? -1;
  }

  /**
   * True where the host may take the next range of this request in hand. It drops nothing where the device was told
   * that free pages must contain a pattern, or while another device has direct access; hints count in a migration only.
   */
  mayDiscard(request: OpenRequest): boolean {
    if (request.lost || request.discarded >= request.ranges.length || this.settings.freeContent === "poison") {
      return false;
    }
    return this.migration === undefined ? !this.assigned : this.migration.underWay;
  }

  /**
   * The host takes the next range of a request: drops it, or takes it as a hint, of which no event tells.
   * @param index the number of the step
   */
  discard(number: number, index = 0): DiscardEvent | undefined {
    const request = this.requests.find((one) => one.request === number);
    if (request === undefined || !this.mayDiscard(request)) return undefined;
    const range = request.ranges[request.discarded++];
    if (this.migration === undefined) {
      return { event: "discard", request: number, pfn: range.pfn, order: range.order };
    }
    this.migration.hint(range, request.round ?? 0, { request: number, index });
    return undefined;
  }

  /** What the host does with nothing that events tell. @returns the first write that is lost by it */
  host(step: Exclude<HostStep, { do: "discard" }>): Violation | undefined {
    switch (step.do) {
      case "lose":
        this.#lose(step.request);
        return undefined;
      case "assign":
        this.contents.assigned = this.migration === undefined;
        return undefined;
      case "unassign":
        this.contents.unassign();
        return undefined;
      case "squeeze":
        return this.contents.squeeze(step.pages);
      case "migrate":
        return this.#migrate(step.phase);
    }
  }

  /** In a migration, notes of which round of hints the requests are that have just been sent. */
  noteRounds(view: View): void {
    if (this.migration === undefined) return;
    const { active } = view.reporter();
    for (const request of this.requests) request.round ??= typeof active === "number" ? active : 0;
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
      case "alloc": {
        const by = event.ticket === undefined ? of : (this.#asking.get(event.ticket) ?? of);
        if (event.ticket !== undefined) this.#asking.delete(event.ticket);
        this.#users.got(event, by);
        return this.contents.handedOut(event, by);
      }
      case "alloc-waits":
        this.#asking.set(event.ticket, index);
        return undefined;
      case "alloc-failed":
        if (event.ticket !== undefined) this.#asking.delete(event.ticket);
        return undefined;
      case "free": {
        const block = this.#users.gave(event.pfn);
        return block && this.contents.givenBack(event, block.of);
      }
      case "submit":
        this.requests.push({ request: event.request, ranges: event.ranges, discarded: 0, lost: false });
        return undefined;
      case "discard":
        return this.contents.dropped(event);
      case "ack": {
        const at = this.requests.findIndex((one) => one.request === event.request);
        if (at >= 0) this.requests.splice(at, 1);
        return undefined;
      }
      case "offline":
        this.sections.moved(event.start, "absent");
        this.contents.offlined(event.start, event.pages);
        return undefined;
      case "online":
        this.sections.moved(event.start, "present");
        this.contents.onlined(event.start, event.pages);
        return undefined;
      default:
        return undefined;
    }
  }

  /** A caller stopped trying: its `retry` will not come again. */
  noteDone(ticket: number): void {
    this.#asking.delete(ticket);
  }

  #lose(number: number): void {
    const request = this.requests.find((one) => one.request === number);
    if (request !== undefined) request.lost = true;
  }

  /** A phase that is not possible now changes nothing. */
  #migrate(phase: "begin" | "sync" | "transfer" | "end"): Violation | undefined {
    const { migration } = this;
    if (migration === undefined || migration.underWay === (phase === "begin")) return undefined;
    if (phase === "end") return this.contents.moveOver();
    if (phase === "begin") migration.begin();
    else if (phase === "sync") migration.sync();
    else this.contents.transfer();
    return undefined;
  }
}
