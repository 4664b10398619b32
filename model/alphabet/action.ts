/**
 * Actions: one atomic step each. `wire.md`, "The live protocol" and "A counterexample".
 *
 * One action is one critical section under the zone lock, or one step outside it (DESIGN.md, "One alphabet").
 * A guest's actions are total: what is not possible now changes nothing and yields no events.
 *
 * To the actions of the live protocol come those which a guest in this process can take in finer steps: `work` is
 * ONE step of the worker here, hotplug advances by `hotplug`, and time passes by `tick`.
 */
import type { Migratetype, Order, Pages, Pfn } from "./units.ts";

/** Someone wants a block. `node` is preferred, not demanded. A `highatomic` caller is one that may use that reserve. */
export interface AllocAction {
  readonly do: "alloc";
  readonly order: Order;
  readonly migratetype: Migratetype;
  readonly node: number;
  readonly cpu: number;
  /** True for a caller that may sleep. */
  readonly wait: boolean;
}
/** The owner gives back a whole allocation, on this CPU. */
export interface FreeAction {
  readonly do: "free";
  readonly pfn: Pfn;
  readonly order: Order;
  readonly cpu: number;
}
/** A caller in the `kernel` slow path looks at the zones once more. */
export interface RetryAction {
  readonly do: "retry";
  readonly ticket: number;
}
/** A CPU's cache of one zone goes back to the buddy allocator. */
export interface DrainAction {
  readonly do: "drain";
  readonly zone: string;
  readonly cpu: number;
}
/** The reporting worker takes its next step. */
export interface WorkAction {
  readonly do: "work";
}
/**
 * What runs on this CPU for the reporter takes its next step: a free that let go of the zone lock half way, a thread of
 * the CPU's own.
 */
export interface ProceedAction {
  readonly do: "proceed";
  readonly cpu: number;
}
/** One unit of time passes. */
export interface TickAction {
  readonly do: "tick";
}
/** The host answers a request. */
export interface AckAction {
  readonly do: "ack";
  readonly request: number;
  readonly ok: boolean;
}
/**
 * Compaction's list surgery on the movable list of one order: the list is cut at entry `at` (counted from the head)
 * and the parts change places, so that this entry comes to stand at that end. Source: `duyck-line.md` A.7.
 */
export interface CompactAction {
  readonly do: "compact";
  readonly zone: string;
  readonly order: Order;
  readonly at: number;
  readonly end: "head" | "tail";
}
/** Compaction's free scanner takes one free block as a target to migrate to. Source: `duyck-line.md` A.7. */
export interface ScanAction {
  readonly do: "scan";
  readonly zone: string;
}
/** The administrator begins to take a section away. */
export interface OfflineAction {
  readonly do: "offline";
  readonly start: Pfn;
  readonly pages: Pages;
}
/** The administrator adds a section. */
export interface OnlineAction {
  readonly do: "online";
  readonly start: Pfn;
  readonly pages: Pages;
}
/** The hotplug operation under way takes its next step. */
export interface HotplugAction {
  readonly do: "hotplug";
}
/** The administrator gives up on offlining; what was isolated is undone by further `hotplug` steps. */
export interface AbortAction {
  readonly do: "abort";
}
/** The hardware reports a bad page. */
export interface MemoryFailureAction {
  readonly do: "memory-failure";
  readonly pfn: Pfn;
}
/** The smallest order to report changes while the guest runs. */
export interface SetOrderAction {
  readonly do: "set-order";
  readonly order: Order;
}
/** The guest is asked to make room: shrinkers run, and what is parked or ballooned may come back. */
export interface PressureAction {
  readonly do: "pressure";
  readonly pages: Pages;
}
/** The host sets the balloon's target. */
export interface BalloonAction {
  readonly do: "balloon";
  readonly pages: Pages;
}
/** The host begins a round of hinting, pauses it, or is done with it. */
export interface HintAction {
  readonly do: "hint";
  readonly command: "start" | "stop" | "done";
}
/** The host's device goes away or comes; the system is suspended or resumed. */
export interface DeviceAction {
  readonly do: "unregister" | "register" | "freeze" | "thaw";
}

/** What a guest can be asked to do. */
export type Action =
  | AllocAction
  | FreeAction
  | RetryAction
  | DrainAction
  | WorkAction
  | ProceedAction
  | TickAction
  | AckAction
  | CompactAction
  | ScanAction
  | OfflineAction
  | OnlineAction
  | HotplugAction
  | AbortAction
  | MemoryFailureAction
  | SetOrderAction
  | PressureAction
  | BalloonAction
  | HintAction
  | DeviceAction;

/** The name of such an action: `alloc`, `tick`. */
export type ActionName = Action["do"];

/**
 * The host takes the next range of a request in hand: it drops the backing or, where hints serve a migration, clears
 * the range in its dirty bitmap. The environment's alone, no guest is asked; so are the other steps of the host below.
 */
export interface DiscardStep {
  readonly do: "discard";
  readonly request: number;
}
/** The host forgets a request: its ack never comes. */
export interface LoseStep {
  readonly do: "lose";
  readonly request: number;
}
/** A device gets direct access to the guest's memory, or loses it: meanwhile the host drops nothing. */
export interface AssignStep {
  readonly do: "assign" | "unassign";
}
/** The host is short of memory: it takes back what was dropped lazily, then swaps out. */
export interface SqueezeStep {
  readonly do: "squeeze";
  readonly pages: Pages;
}
/** Precopy migration: it begins, the dirty log is read, the next dirty page is sent, the guest moves over. */
export interface MigrateStep {
  readonly do: "migrate";
  readonly phase: "begin" | "sync" | "transfer" | "end";
}
/** A free, as a file says it: `of` is the number of the action that asked for the block. */
export interface FreeStep {
  readonly do: "free";
  readonly of: number;
  readonly cpu: number;
}
/** A retry, as a file says it: `of` is the number of the `alloc` whose caller tries again. */
export interface RetryStep {
  readonly do: "retry";
  readonly of: number;
}

/** What the host does by itself: no guest is asked. */
export type HostStep = DiscardStep | LoseStep | AssignStep | SqueezeStep | MigrateStep;

/** What stands in a schedule or a counterexample: it means the same to a guest that picks other pages. */
export type Step = Exclude<Action, FreeAction | RetryAction> | HostStep | FreeStep | RetryStep;

/** The name of such a step: `alloc`, `lose`. */
export type StepName = Step["do"];
