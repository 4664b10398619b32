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
      (NAMES.indexOf(this.#name(event)) << NAME_SHIFT);
    this.#go(event);
    return moment;
  }

  #name(event: Event): Name {
    switch (event.event) {
      case "alloc":
        return event.ticket === undefined ? "alloc" : "alloc for a sleeper";
      case "alloc-failed":
        return event.reason === "would-block" ? "alloc failed: would block" : "alloc failed";
      case "alloc-waits":
        return "alloc waits";
      case "submit":
        return event.ranges.length >= this.#capacity ? "submit a full request" : "submit a part";
      case "ack":
        return event.ok ? "ack ok" : "ack refused";
      case "release":
        return event.reported ? "release marked" : "release unmarked";
      default:
        return event.event;
    }
  }

  #go({ event }: Event): void {
    if (event === "isolate") this.#held++;
    else if (event === "release") this.#held--;
    else if (event === "submit") this.#open++;
    else if (event === "ack") this.#open--;
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
