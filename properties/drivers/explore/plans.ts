/**
 * What is explored: a scope, so small that all its states can be seen, and a menu of what may happen in it. Everything
 * on the menu happens in every order; what is not on it never does (`duyck-line.md` H.5).
 */
import type { Migratetype, Order } from "../../../model/alphabet/index.ts";
import type { Scope } from "../scopes.ts";

/** What users, host and administrator do beyond asking for memory, giving it back, and acking. */
export type Extra =
  | "refuse"
  | "discard"
  | "lose"
  | "drain"
  | "compact"
  | "scan"
  | "offline"
  | "online"
  | "abort"
  | "memory-failure"
  | "set-order"
  | "unregister"
  | "register"
  | "freeze"
  | "thaw"
  | "pressure"
  | "balloon"
  | "hint";

export interface Menu {
  /** The orders that users ask for, of each of the types, on each CPU and each node. */
  readonly orders: readonly Order[];
  readonly types: readonly Migratetype[];
  /** May callers sleep, may they not, or are there both? */
  readonly waits: readonly boolean[];
  /** So many callers wait at a time; nobody asks while they do. */
  readonly callers: number;
  readonly extras: readonly Extra[];
}

export interface Plan {
  readonly name: string;
  readonly scope: Scope;
  readonly menu: Menu;
}
