/**
 * Events: what could be observed. `wire.md`, "Events".
 *
 * The same objects in memory, in files and on the wire. A judge sees nothing else.
 */
import type { Block, Migratetype, Order, Pages, Pfn } from "./units.ts";

export type FailureReason = "no-memory" | "would-block";

interface Stamp {
  /** Nanoseconds, where a recorder knew them. */
  readonly time?: number;
  readonly cpu?: number;
}

export interface AllocEvent extends Stamp, Block {
  readonly event: "alloc";
  readonly migratetype?: Migratetype;
  readonly ticket?: number;
}
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
export interface AllocWaitsEvent extends Stamp {
  readonly event: "alloc-waits";
  readonly order: Order;
  readonly ticket: number;
}
export interface FreeEvent extends Stamp, Block {
  readonly event: "free";
}
export interface WriteEvent extends Stamp, Block {
  readonly event: "write";
}
export interface IsolateEvent extends Stamp, Block {
  readonly event: "isolate";
}
export interface SubmitEvent extends Stamp {
  readonly event: "submit";
  readonly request: number;
  readonly ranges: readonly Block[];
}
export interface DiscardEvent extends Stamp, Block {
  readonly event: "discard";
  readonly request: number;
}
export interface AckEvent extends Stamp {
  readonly event: "ack";
  readonly request: number;
  readonly ok: boolean;
}
export interface ReleaseEvent extends Stamp, Block {
  readonly event: "release";
  /** The mark that stays on the block: false where it merged, or was not reported. */
  readonly reported: boolean;
}
export interface OfflineEvent extends Stamp {
  readonly event: "offline";
  readonly start: Pfn;
  readonly pages: Pages;
}
export interface OnlineEvent extends Stamp {
  readonly event: "online";
  readonly start: Pfn;
  readonly pages: Pages;
}
export interface PlainEvent extends Stamp {
  readonly event: "unregistered" | "registered" | "idle";
}

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

export type EventName = Event["event"];
