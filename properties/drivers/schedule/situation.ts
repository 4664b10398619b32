/** What there is now, as bits: what a step may need. Looked up once a step. */
import { Layout, MIGRATETYPES, ORDER_SHIFT, type Action, type ZoneIndex } from "../../../model/alphabet/index.ts";
import type { Traits } from "../../judges/traits.ts";
import type { World } from "../world.ts";

export const NOTHING_ELSE = 0;
/** A user has a block. */
export const LIVE = 1 << 0;
/** The guest's own actors: its worker, the clock, the hotplug operation, a caller that tries again. */
export const WORK = 1 << 1;
export const TICK = 1 << 2;
export const HOTPLUG = 1 << 3;
export const RETRY = 1 << 4;
/** A request waits for its answer; the host may drop a range. */
export const OPEN = 1 << 5;
export const DISCARDABLE = 1 << 6;
/** A movable list of two blocks or more. */
export const LIST = 1 << 7;
export const NO_HOTPLUG = 1 << 8;
/** A section to take away, a section to add. */
export const PRESENT = 1 << 10;
export const ABSENT = 1 << 11;
export const REGISTERED = 1 << 12;
export const UNREGISTERED = 1 << 13;
export const FROZEN = 1 << 14;
export const THAWED = 1 << 15;
/** What runs on a CPU for the reporter has a step to take. */
export const PROCEED = 1 << 16;
/** A device has direct access to the guest's memory; a migration is under way, or could begin. */
export const ASSIGNED = 1 << 17;
export const MIGRATING = 1 << 18;
export const NOT_MIGRATING = 1 << 19;
/** The host may begin a round of hints, pause it, be done. */
export const HINT_START = 1 << 20;
export const HINT_STOP = 1 << 21;
export const HINT_DONE = 1 << 22;
// What never changes: there are per-CPU lists, refusals are heard, the report order changes, the guest hears of
// pressure and of balloons, the host drops pages (so that it must not while a device is assigned), and does so lazily.
export const CACHES = 1 << 23;
export const REFUSALS = 1 << 24;
export const ORDERS = 1 << 25;
export const PRESSURE = 1 << 26;
export const BALLOON = 1 << 27;
export const DROPS = 1 << 28;
export const LAZILY = 1 << 29;

/** What is there for some subjects only, at any time: by trait, by setting, by what the host does. */
const OF_SOME = CACHES | REFUSALS | ORDERS | PRESSURE | BALLOON | DROPS | LAZILY;
const OF_HINTS = HINT_START | HINT_STOP | HINT_DONE;
const OF_MIGRATION = MIGRATING | NOT_MIGRATING;
const MOVABLE = MIGRATETYPES.indexOf("movable");

/** A movable list that compaction can cut. */
interface Cuttable {
  readonly zone: ZoneIndex;
  readonly order: number;
  /** The node in which its ring begins and ends. */
  readonly head: number;
}

/** What there is now: looked up once a step. */
export class Situation {
  readonly world: World;
  /** A caller that may try again now. */
  retry: Action | undefined;
  /** CPUs on which the reporter has a step to take: the first so many places of `cpus`. */
  proceeding = 0;
  readonly cpus: number[] = [];
  /** Movable lists of two blocks or more: the first so many places of `cuttable`. */
  cuttables = 0;
  readonly cuttable: Cuttable[];
  readonly #hints: boolean;
  readonly #standing: number;
  readonly #movable: readonly Cuttable[];

  constructor(world: World, traits: Traits) {
    this.world = world;
    const { geometry, settings } = world.scope;
    const layout = new Layout(geometry);
    const orders = Array.from({ length: geometry.maxOrder + 1 }, (_, order) => order);
    this.#movable = geometry.zones.flatMap((_, zone) =>
      orders.map((order) => ({ zone, order, head: layout.listsOf(zone) + ((order << ORDER_SHIFT) | MOVABLE) })),
    );
    this.cuttable = [...this.#movable];
    this.#standing =
      (settings.pcp.maxOrder >= 0 || settings.pcp.huge ? CACHES : 0) |
      (traits.hearsRefusals ? REFUSALS : 0) |
      (traits.changesOrder ? ORDERS : 0) |
      (traits.hears.includes("pressure") ? PRESSURE : 0) |
      (traits.hears.includes("balloon") ? BALLOON : 0) |
      (world.environment.migration === undefined ? DROPS : 0) |
      (settings.hostDrops === "lazily" ? LAZILY : 0);
    this.#hints = traits.hears.includes("hint");
  }

  /** False where a step that needs these bits never comes up. */
  mayNeed(needs: number): boolean {
    const migrates = this.world.environment.migration === undefined ? 0 : OF_MIGRATION;
    const there = this.#standing | migrates | (this.#hints ? OF_HINTS : 0);
    return (needs & (OF_SOME | OF_HINTS | OF_MIGRATION) & ~there) === 0;
  }

  /** @returns bits of what is there */
  look(): number {
    const { environment } = this.world;
    const { sections, live } = environment;
    const view = this.world.view();
    let now = this.#standing | this.#own() | this.#requests() | this.#lists() | this.#host();
    if (live.length > 0) now |= LIVE;
    if ((now & HOTPLUG) === 0) now |= NO_HOTPLUG;
    if (sections.present.length > 0) now |= PRESENT;
    if (sections.absent.length > 0) now |= ABSENT;
    now |= view.registered() ? REGISTERED : UNREGISTERED;
    return now | (view.frozen() ? FROZEN : THAWED);
  }

  #own(): number {
    let own = 0;
    this.proceeding = 0;
    for (const action of this.world.guest.enabled()) {
      if (action.do === "work") own |= WORK;
      else if (action.do === "tick") own |= TICK;
      else if (action.do === "hotplug") own |= HOTPLUG;
      else if (action.do === "retry" && (own & RETRY) === 0) {
        own |= RETRY;
        this.retry = action;
      } else if (action.do === "proceed") {
        own |= PROCEED;
        this.cpus[this.proceeding++] = action.cpu;
      }
    }
    return own;
  }

  #requests(): number {
    const { environment } = this.world;
    let open = 0;
    for (const request of environment.requests) {
      if (!request.lost) open |= OPEN;
      if (environment.mayDiscard(request)) open |= DISCARDABLE;
    }
    return open;
  }

  /** What the host can do next with hints, a migration, a device. In a migration a round of hints follows each sync. */
  #host(): number {
    const { environment } = this.world;
    const { migration, hinting } = environment;
    let now = environment.assigned ? ASSIGNED : 0;
    if (migration !== undefined) now |= migration.underWay ? MIGRATING : NOT_MIGRATING;
    if (!this.#hints) return now;
    if (migration === undefined || (migration.underWay && !migration.roundIsOpen)) now |= HINT_START;
    if (migration === undefined || hinting === "start") now |= HINT_STOP;
    return migration === undefined || hinting !== "done" ? now | HINT_DONE : now;
  }

  #lists(): number {
    const { next } = this.world.view().words();
    let found = 0;
    for (const list of this.#movable) {
      const first = next[list.head];
      if (first !== list.head && next[first] !== list.head) this.cuttable[found++] = list;
    }
    this.cuttables = found;
    return found > 0 ? LIST : 0;
  }
}
