/**
 * Everyone around a system, as far as events tell: its users with their blocks, the administrator with his sections, the host
 * with its requests and what it asks for. Who has no view into the system knows no more.
 */
import type {
  AckAction,
  AllocAction,
  Block,
  Event,
  Geometry,
  HintAction,
  PageRange,
  Pages,
  Step,
  WireAction,
} from "../../model/alphabet/index.ts";
import { Sections } from "../../properties/drivers/sections.ts";
import { Users } from "../../properties/drivers/users.ts";

/** A request that the host has not answered. */
export interface Request {
  /** What the system calls it. */
  readonly request: number;
  /**
   * What a step calls it: how many the system has submitted in this run, with it. Numbers are the system's own, and in another
   * run it may use others.
   */
  readonly nth: number;
  readonly ranges: readonly Block[];
}

export class Everyone {
  readonly geometry: Geometry;
  readonly users = new Users();
  readonly sections: Sections;
  /** Open requests, the oldest first. */
  readonly requests: Request[] = [];
  /** What the host asked for last. */
  balloonTarget: Pages = 0;
  hinting: HintAction["command"] = "done";
  registered = true;
  /** Pages that users have. */
  allocated: Pages = 0;
  /** Pages that the reporter holds. */
  held: Pages = 0;
  #submitted = 0;
  /** Callers that wait: the step that asked, by ticket. */
  readonly #asking = new Map<number, number>();

  constructor(geometry: Geometry) {
    this.geometry = geometry;
    this.sections = new Sections(geometry);
  }

  /** As at the start of a run. */
  reset(): void {
    this.users.live.length = 0;
    this.sections.reset();
    this.requests.length = 0;
    this.#submitted = 0;
    this.balloonTarget = 0;
    this.hinting = "done";
    this.registered = true;
    this.allocated = 0;
    this.held = 0;
    if (this.#asking.size > 0) this.#asking.clear();
  }

  /**
   * What is sent for a step, or undefined where it is not possible: nobody has the block, the request is not open; the section,
   * the zone, the node or blocks of the order are not there; no system of the live protocol knows such a step.
   */
  action(step: Step): WireAction | undefined {
    switch (step.do) {
      case "free": {
        const block = this.users.has(step.of);
        return block && { do: "free", pfn: block.pfn, order: block.order, cpu: step.cpu };
      }
      case "ack":
        return this.#answer(step);
      case "compact":
        return this.geometry.zones.some(({ name }) => name === step.zone)
          ? { do: "compact", zone: step.zone }
          : undefined;
      case "offline":
        return isOneOf(this.sections.present, step) ? step : undefined;
      case "online":
        return isOneOf(this.sections.absent, step) ? step : undefined;
      case "unregister":
      case "register":
        return { do: step.do };
      case "alloc":
        return this.#mayAsk(step) ? step : undefined;
      case "work":
      case "pressure":
      case "balloon":
      case "hint":
        return step;
      default:
        return undefined;
    }
  }

  /** The system was asked this. */
  asked(action: WireAction): void {
    if (action.do === "balloon") this.balloonTarget = action.pages;
    else if (action.do === "hint") this.hinting = action.command;
  }

  /** This happened in step `index`. */
  heard(event: Event, index: number): void {
    switch (event.event) {
      case "alloc":
        this.allocated += 2 ** event.order;
        return this.users.got(event, this.#askedBy(event.ticket) ?? index);
      case "alloc-waits":
        this.#asking.set(event.ticket, index);
        return;
      case "alloc-failed":
        this.#askedBy(event.ticket);
        return;
      case "free":
        this.allocated -= 2 ** event.order;
        this.users.gave(event.pfn);
        return;
      case "isolate":
        this.held += 2 ** event.order;
        return;
      case "release":
        this.held -= 2 ** event.order;
        return;
      case "submit":
        this.requests.push({ request: event.request, nth: ++this.#submitted, ranges: event.ranges });
        return;
      case "ack":
        return this.#answered(event.request);
      case "offline":
        return this.sections.moved(event.start, "absent");
      case "online":
        return this.sections.moved(event.start, "present");
      case "unregistered":
      case "registered":
        this.registered = event.event === "registered";
        return;
      default:
    }
  }

  /** A step counts the requests of its run; who wrote it by hand may have meant the number that the system gave. */
  #answer({ request: named, ok }: AckAction): AckAction | undefined {
    const open =
      this.requests.find(({ nth }) => nth === named) ?? this.requests.find(({ request }) => request === named);
    return open && { do: "ack", request: open.request, ok };
  }

  #mayAsk({ order, node }: AllocAction): boolean {
    return order <= this.geometry.maxOrder && this.geometry.zones.some((zone) => zone.node === node);
  }

  /** The step of a caller that waits no longer. */
  #askedBy(ticket: number | undefined): number | undefined {
    if (ticket === undefined) return undefined;
    const step = this.#asking.get(ticket);
    this.#asking.delete(ticket);
    return step;
  }

  #answered(request: number): void {
    const at = this.requests.findIndex((open) => open.request === request);
    if (at >= 0) this.requests.splice(at, 1);
  }
}

function isOneOf(sections: readonly PageRange[], { start, pages }: PageRange): boolean {
  return sections.some((section) => section.start === start && section.pages === pages);
}
