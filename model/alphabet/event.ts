/**
 * Events: what could be observed. `wire.md`, "Events".
 *
 * The same objects in memory, in files and on the wire. A judge sees nothing else.
 */
import type { Block, Migratetype, Order, Pages, Pfn } from "./units.ts";

/** Memory is out, or the caller could not sleep and was told to try again. */
export type FailureReason = "no-memory" | "would-block";

/** When and where something happened. */
export interface Stamp {
  /** Nanoseconds, where a recorder knew them. */
  readonly time?: number;
  readonly cpu?: number;
}

/** The allocator handed out a block; to a caller that slept, where it has his ticket. */
export interface AllocEvent extends Stamp, Block {
  readonly event: "alloc";
  readonly migratetype?: Migratetype;
  readonly ticket?: number;
}
/** The caller got nothing. */
export interface AllocFailedEvent extends Stamp {
  readonly event: "alloc-failed";
  readonly order: Order;
  readonly migratetype?: Migratetype;
  /** The node that the caller may not leave; absent: any zone would have done. */
  readonly node?: number;
  /** Absent: `no-memory`. */
  readonly reason?: FailureReason;
  readonly ticket?: number;
}
/** The caller sleeps until a later `alloc` or `alloc-failed` with that ticket. */
export interface AllocWaitsEvent extends Stamp {
  readonly event: "alloc-waits";
  readonly order: Order;
  readonly ticket: number;
}
/** The owner gave the pages back: all of an allocation, or a part. */
export interface FreeEvent extends Stamp, Block {
  readonly event: "free";
}
/** The owner wrote into the pages. */
export interface WriteEvent extends Stamp, Block {
  readonly event: "write";
}
/** The reporter took a free block off the free lists. */
export interface IsolateEvent extends Stamp, Block {
  readonly event: "isolate";
}
/** The ranges were handed to the host. */
export interface SubmitEvent extends Stamp {
  readonly event: "submit";
  readonly request: number;
  readonly ranges: readonly Block[];
}
/** The host dropped the backing of a range. */
export interface DiscardEvent extends Stamp, Block {
  readonly event: "discard";
  readonly request: number;
}
/** The host is done with the request. */
export interface AckEvent extends Stamp {
  readonly event: "ack";
  readonly request: number;
  readonly ok: boolean;
}
/** The reporter put a block back. */
export interface ReleaseEvent extends Stamp, Block {
  readonly event: "release";
  /** The mark that stays on the block: false where it merged, or was not reported. */
  readonly reported: boolean;
}
/** Hotplug removed whole sections. */
export interface OfflineEvent extends Stamp {
  readonly event: "offline";
  readonly start: Pfn;
  readonly pages: Pages;
}
/** Hotplug added whole sections: their pages are free and not reported. */
export interface OnlineEvent extends Stamp {
  readonly event: "online";
  readonly start: Pfn;
  readonly pages: Pages;
}
/** The host's device went away or came, or the reporter has nothing left to do. */
export interface PlainEvent extends Stamp {
  readonly event: "unregistered" | "registered" | "idle";
}

/** Whatever can be observed. */
export type Event =
  | AllocEvent
  | AllocFailedEvent
  | AllocWaitsEvent
  | FreeEvent
  | WriteEvent
  | IsolateEvent
  | SubmitEvent
  | DiscardEvent
  | AckEvent
  | ReleaseEvent
  | OfflineEvent
  | OnlineEvent
  | PlainEvent;

/** The name of an event: `alloc`, `submit`. */
export type EventName = Event["event"];
