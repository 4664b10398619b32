/**
 * What events alone show of a transition: a moment. A recording knows no phases and no actions, and other orders than a
 * small machine; but what the reporter held and what the host had in hand follows from the events, and so does most of
 * what happened. Moments are what a recorded trace and an explored scope can be compared by.
 */
import type { Event, Geometry, Order } from "../../../../model/alphabet/index.ts";
import { AMOUNTS, NO_SIZE, OPENS, SIZES, amountOf, openOf, sizeOf } from "./sizes.ts";

/** By number: what happened. */
const NAMES = [
  "alloc",
  "alloc for a sleeper",
  "alloc failed",
  "alloc failed: would block",
  "alloc waits",
  "free",
  "write",
  "isolate",
  "submit a full request",
  "submit a part",
  "discard",
  "ack ok",
  "ack refused",
  "release marked",
  "release unmarked",
  "offline",
  "online",
  "unregistered",
  "registered",
  "idle",
] as const;

type Name = (typeof NAMES)[number];

const ALLOC = numberOf("alloc");
const ALLOC_WOKEN = numberOf("alloc for a sleeper");
const FAILED = numberOf("alloc failed");
const WOULD_BLOCK = numberOf("alloc failed: would block");
const WAITS = numberOf("alloc waits");
const FULL = numberOf("submit a full request");
const PART = numberOf("submit a part");
const ACKED = numberOf("ack ok");
const REFUSED = numberOf("ack refused");
const MARKED = numberOf("release marked");
const UNMARKED = numberOf("release unmarked");
/** Events that say no more than their name. */
const PLAIN = {
  free: numberOf("free"),
  write: numberOf("write"),
  isolate: numberOf("isolate"),
  discard: numberOf("discard"),
  offline: numberOf("offline"),
  online: numberOf("online"),
  unregistered: numberOf("unregistered"),
  registered: numberOf("registered"),
  idle: numberOf("idle"),
} as const;

function numberOf(name: Name): number {
  return NAMES.indexOf(name);
}

/** A moment: `name:5 open:2 held:2 size:2`. */
const HELD_SHIFT = 2;
const OPEN_SHIFT = 4;
const NAME_SHIFT = 6;
/** Moments are below that. */
export const MOMENTS = 1 << 11;

/** Follows a stream of events. */
export class Moments {
  /** Blocks that the reporter holds, and requests that the host has not answered. */
  #held = 0;
  #open = 0;
  readonly #reportOrder: Order;
  readonly #capacity: number;

  constructor({ reportOrder, capacity }: Pick<Geometry, "reportOrder" | "capacity">) {
    this.#reportOrder = reportOrder;
    this.#capacity = capacity;
  }

  /** Begins in another state. */
  at(held: number, open: number): void {
    this.#held = held;
    this.#open = open;
  }

  /** @returns the moment of an event, below MOMENTS */
  follow(event: Event): number {
    const moment =
      sizeIn(event, this.#reportOrder) |
      (amountOf(this.#held, this.#capacity) << HELD_SHIFT) |
      (openOf(this.#open) << OPEN_SHIFT) |
      (this.#nameOf(event) << NAME_SHIFT);
    this.#go(event);
    return moment;
  }

  #nameOf(event: Event): number {
    switch (event.event) {
      case "alloc":
        return event.ticket === undefined ? ALLOC : ALLOC_WOKEN;
      case "alloc-failed":
        return event.reason === "would-block" ? WOULD_BLOCK : FAILED;
      case "alloc-waits":
        return WAITS;
      case "submit":
        return event.ranges.length >= this.#capacity ? FULL : PART;
      case "ack":
        return event.ok ? ACKED : REFUSED;
      case "release":
        return event.reported ? MARKED : UNMARKED;
      default:
        return PLAIN[event.event];
    }
  }

  /** A recording may begin in the middle: what went before it comes back all the same. */
  #go({ event }: Event): void {
    if (event === "isolate") this.#held++;
    else if (event === "release") this.#held = Math.max(0, this.#held - 1);
    else if (event === "submit") this.#open++;
    else if (event === "ack") this.#open = Math.max(0, this.#open - 1);
  }
}

function sizeIn(event: Event, reportOrder: Order): number {
  return "order" in event ? sizeOf(event.order, reportOrder) : NO_SIZE;
}

/** A moment as one line, the same for everyone who meets it. */
export function tellMoment(moment: number): string {
  const size = SIZES[moment & 3];
  const parts = [AMOUNTS[(moment >> HELD_SHIFT) & 3], OPENS[(moment >> OPEN_SHIFT) & 3]].filter((part) => part !== "");
  const what = [NAMES[moment >> NAME_SHIFT], size].filter((part) => part !== "").join(" ");
  return `${what}; ${parts.length === 0 ? "nothing held" : parts.join(", ")}`;
}

/**
 * A moment as somebody tells it who does not see all events.
 * @param unseen how the names of moments begin that are not seen; without `isolate` or `release`, nobody knows what is held
 * @returns undefined where it is not seen at all
 */
export function blinded(moment: string, unseen: readonly string[]): string | undefined {
  if (unseen.some((name) => moment.startsWith(name))) return undefined;
  if (!unseen.includes("isolate") && !unseen.includes("release")) return moment;
  const at = moment.lastIndexOf("; ");
  const parts = moment.slice(at + 2).split(", ");
  const open = parts.filter((part) => OPENS.some((one) => one === part));
  return `${moment.slice(0, at)}; ${open.join() || "none open"}`;
}
