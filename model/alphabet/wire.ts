/**
 * The live protocol's actions: what a program behind a pipe, or a system in this process, can be asked. `wire.md`, "The live
 * protocol". They are coarser than a guest's own (action.ts): `work` runs the worker until it waits for the host or has nothing to
 * do, `compact` reworks lists as the system likes, and `offline` is done or refused when it is answered.
 */
import type {
  AckAction,
  AllocAction,
  BalloonAction,
  FreeAction,
  HintAction,
  OfflineAction,
  OnlineAction,
  PressureAction,
  WorkAction,
} from "./action.ts";

/** Free lists are reworked; no allocated block moves. */
export interface ReworkAction {
  readonly do: "compact";
  readonly zone: string;
}
/** The host's device goes away, or comes. */
export interface RegistrationAction {
  readonly do: "unregister" | "register";
}

/** Whatever a system can be asked. */
export type WireAction =
  | AllocAction
  | FreeAction
  | WorkAction
  | AckAction
  | ReworkAction
  | OfflineAction
  | OnlineAction
  | PressureAction
  | BalloonAction
  | HintAction
  | RegistrationAction;

/** The name of such an action: `alloc`, `work`. */
export type WireActionName = WireAction["do"];

/** All of them, in the order of the table in `wire.md`. */
export const WIRE_ACTIONS = [
  "alloc",
  "free",
  "work",
  "ack",
  "compact",
  "offline",
  "online",
  "pressure",
  "balloon",
  "hint",
  "unregister",
  "register",
] as const satisfies readonly WireActionName[];

/** What every system must support. */
export const REQUIRED_ACTIONS: readonly WireActionName[] = ["alloc", "free", "work", "ack"];
