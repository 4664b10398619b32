/** What is known of pages, for people: who asks pays, not who judges. */
import type { PageRange, Pages, Pfn } from "../../../model/alphabet/index.ts";
import { pagesOf } from "../../../model/alphabet/index.ts";
import type { Device } from "./device.ts";
import type { PageStates } from "./pages.ts";
import type { OpenRequest, OpenRequests } from "./requests.ts";
import type { States } from "./states.ts";
import {
  ABSENT,
  ACKED,
  ACKED_FLIGHT,
  ALLOCATED,
  ALL_STATES,
  ANY_FLIGHT,
  ANY_FREE,
  ANY_HELD,
  MARKED,
  UNKNOWN,
} from "./states.ts";

/** Who has a page, as far as events tell. */
export type KnownOwner = "absent" | "unknown" | "free" | "held" | "allocated";

/** All that is known of a page. */
export interface PageKnowledge {
  readonly owner: KnownOwner;
  /** It is free, and came back as reported. */
  readonly marked: boolean;
  /** It is held, and was acked with ok since it was isolated. */
  readonly acked: boolean;
  /** The request that it is in flight with. */
  readonly request?: number;
}

/** Neighbouring pages of which the same is known. */
export interface PageRun extends PageKnowledge, PageRange {}

export class Knowledge {
  private readonly pages: PageStates;
  private readonly requests: OpenRequests;
  private readonly device: Device;

  constructor(pages: PageStates, requests: OpenRequests, device: Device) {
    this.pages = pages;
    this.requests = requests;
    this.device = device;
  }

  /** Who has a page now. Pages outside all zones are absent. */
  owner(pfn: Pfn): KnownOwner {
    return ownerOf(this.stateOf(pfn));
  }

  /** True where a page is marked reported: it is free, and came back so. */
  marked(pfn: Pfn): boolean {
    return this.stateOf(pfn) === MARKED;
  }

  /** What is known of these pages, run by run. Takes a step for each run, however long: orders reach 63. */
  runs({ start, pages }: PageRange): PageRun[] {
    const found: PageRun[] = [];
    const end = start + pages;
    for (let at = start; at < end;) {
      const [stop, known] = this.runAt(at, end);
      const last = found.at(-1);
      if (last !== undefined && isAlike(last, known)) found[found.length - 1] = { ...last, pages: stop - last.start };
      else found.push({ start: at, pages: stop - at, ...known });
      at = stop;
    }
    return found;
  }

  /** How many requests are open: submitted, not acked. */
  get openRequests(): number {
    return this.requests.size;
  }

  /** The request of that number, where it is open. */
  request(request: number): OpenRequest | undefined {
    return this.requests.get(request);
  }

  /** The numbers of all requests that are open, the oldest first. */
  openNumbers(): number[] {
    return this.requests.numbers();
  }

  /** True where the host's device is there. */
  get registered(): boolean {
    return this.device.registered;
  }

  /** Pages that the reporter holds, in flight or not. */
  get heldPages(): Pages {
    return this.pages.spans.reduce((sum, span) => sum + this.pages.count(span, ANY_HELD), 0);
  }

  /** Pages that no event has told of so far, in a recording that starts in the middle. */
  get unknownPages(): Pages {
    return this.pages.spans.reduce((sum, span) => sum + this.pages.count(span, UNKNOWN), 0);
  }

  private stateOf(pfn: Pfn): States {
    const span = this.pages.spanOf(pfn);
    return span === undefined ? ABSENT : this.pages.statesOf(span, pfn, 0);
  }

  /** Pages from `at` on, `end` at most, of which the same is known, and what. */
  private runAt(at: Pfn, end: Pfn): [stop: Pfn, known: PageKnowledge] {
    const span = this.pages.spanOf(at);
    if (span === undefined) {
      const next = this.pages.spans.find(({ start }) => start > at);
      return [Math.min(end, next?.start ?? end), known(ABSENT)];
    }
    const state = this.pages.statesOf(span, at, 0);
    const stop = this.pages.firstIn(span, at, Math.min(end, span.end), ALL_STATES & ~state);
    if ((state & ANY_FLIGHT) === 0) return [stop, known(state)];
    const holder = this.requests.holding(at);
    if (holder === undefined) return [stop, known(state)];
    const { open, range } = holder;
    return [Math.min(stop, range.pfn + pagesOf(range.order)), { ...known(state), request: open.request }];
  }
}

function known(state: States): PageKnowledge {
  return { owner: ownerOf(state), marked: state === MARKED, acked: (state & (ACKED | ACKED_FLIGHT)) !== 0 };
}

function ownerOf(state: States): KnownOwner {
  if ((state & ANY_FREE) !== 0) return "free";
  if ((state & ANY_HELD) !== 0) return "held";
  if (state === ALLOCATED) return "allocated";
  return state === UNKNOWN ? "unknown" : "absent";
}

export function isAlike(one: PageKnowledge, other: PageKnowledge): boolean {
  return (
    one.owner === other.owner &&
    one.marked === other.marked &&
    one.acked === other.acked &&
    one.request === other.request
  );
}
