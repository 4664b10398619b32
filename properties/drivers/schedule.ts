/**
 * The next step, chosen among those that are possible now, so that nothing is wasted (DESIGN.md, "Random schedules").
 *
 * Every kind of step says what it needs and how to draw its details. What there is now is looked up once a step, as
 * bits; a kind is possible where all bits that it needs are set. Where the numbers come from is not known here:
 * fast-check's tape, or a generator of pseudo-random numbers.
 */
import {
  Layout,
  MIGRATETYPES,
  ORDER_SHIFT,
  type Action,
  type HintAction,
  type MigrateStep,
  type Migratetype,
  type Step,
  type ZoneIndex,
} from "../../model/alphabet/index.ts";
import type { Traits } from "../judges/traits.ts";
import type { OpenRequest } from "./environment.ts";
import type { World } from "./world.ts";

/** Draws a whole number from 0 to bound - 1. A bound of 1 leaves no choice: it must cost no number. */
export type Choose = (bound: number) => number;

// What a step may need.
const NOTHING_ELSE = 0;
/** A user has a block. */
const LIVE = 1 << 0;
/** The guest's own actors: its worker, the clock, the hotplug operation, a caller that tries again. */
const WORK = 1 << 1;
const TICK = 1 << 2;
const HOTPLUG = 1 << 3;
const RETRY = 1 << 4;
/** A request waits for its answer; the host may drop a range. */
const OPEN = 1 << 5;
const DISCARDABLE = 1 << 6;
/** A movable list of two blocks or more. */
const LIST = 1 << 7;
const NO_HOTPLUG = 1 << 8;
/** A section to take away, a section to add. */
const PRESENT = 1 << 10;
const ABSENT = 1 << 11;
const REGISTERED = 1 << 12;
const UNREGISTERED = 1 << 13;
const FROZEN = 1 << 14;
const THAWED = 1 << 15;
/** What runs on a CPU for the reporter has a step to take. */
const PROCEED = 1 << 16;
/** A device has direct access to the guest's memory; a migration is under way, or could begin. */
const ASSIGNED = 1 << 17;
const MIGRATING = 1 << 18;
const NOT_MIGRATING = 1 << 19;
/** The host may begin a round of hints, pause it, be done. */
const HINT_START = 1 << 20;
const HINT_STOP = 1 << 21;
const HINT_DONE = 1 << 22;
// What never changes: there are per-CPU lists, refusals are heard, the report order changes, the guest hears of
// pressure and of balloons, the host drops pages (so that it must not while a device is assigned), and does so lazily.
const CACHES = 1 << 23;
const REFUSALS = 1 << 24;
const ORDERS = 1 << 25;
const PRESSURE = 1 << 26;
const BALLOON = 1 << 27;
const DROPS = 1 << 28;
const LAZILY = 1 << 29;

interface Kind {
  readonly name: string;
  /** How often, against the others, when the run does not switch it off; 0 is never. */
  readonly weight: number;
  /** True for what every run needs to get anywhere. */
  readonly always?: boolean;
  /** Bits of what must be there. */
  readonly needs: number;
  /** Asked only where that is there. */
  draw(now: Situation, choose: Choose): Step;
}

const TYPES: readonly Migratetype[] = ["movable", "unmovable", "reclaimable", "highatomic"];
/** What is there for some subjects only, at any time. */
const ONLY_SOME =
  CACHES |
  REFUSALS |
  ORDERS |
  PRESSURE |
  BALLOON |
  DROPS |
  LAZILY | // by trait and setting
  (MIGRATING | NOT_MIGRATING | HINT_START | HINT_STOP | HINT_DONE);
const MOVABLE = MIGRATETYPES.indexOf("movable");

/** A movable list that compaction can cut. */
interface Cuttable {
  readonly zone: ZoneIndex;
  readonly order: number;
  /** The node in which its ring begins and ends. */
  readonly head: number;
}

/** What there is now: looked up once a step. */
class Situation {
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
    const migrates = this.world.environment.migration === undefined ? 0 : MIGRATING | NOT_MIGRATING;
    const hints = this.#hints ? HINT_START | HINT_STOP | HINT_DONE : 0;
    return (needs & (ONLY_SOME & ~this.#standing & ~migrates & ~hints)) === 0;
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

/** A step that changes nothing: a caller tries again of whom the environment has not heard. */
const NOBODY = -1;

function guests(name: "work" | "tick" | "hotplug", weight: number, needs: number): Kind {
  const step: Step = { do: name };
  return { name, weight, always: name !== "hotplug", needs, draw: () => step };
}

function plain(
  name: "unregister" | "register" | "freeze" | "thaw" | "assign" | "unassign",
  weight: number,
  needs: number,
): Kind {
  const step: Step = { do: name };
  return { name, weight, needs, draw: () => step };
}

function hint(command: HintAction["command"], weight: number, needs: number): Kind {
  const step: Step = { do: "hint", command };
  return { name: `hint ${command}`, weight, needs, draw: () => step };
}

function migrate(phase: MigrateStep["phase"], weight: number, needs: number): Kind {
  const step: Step = { do: "migrate", phase };
  return { name: `migrate ${phase}`, weight, always: phase === "end", needs, draw: () => step };
}

const KINDS: readonly Kind[] = [
  {
    name: "alloc",
    weight: 12,
    always: true,
    needs: NOTHING_ELSE,
    draw: ({ world }, choose) => ({
      do: "alloc",
      // Small blocks are wanted more often than large ones.
      order: Math.min(choose(world.scope.geometry.maxOrder + 1), choose(world.scope.geometry.maxOrder + 1)),
      migratetype: TYPES[Math.min(choose(5), choose(5), 3)],
      node: world.scope.geometry.zones[choose(world.scope.geometry.zones.length)].node,
      cpu: choose(world.scope.settings.cpus),
      wait: choose(2) === 1,
    }),
  },
  {
    name: "free",
    weight: 12,
    always: true,
    needs: LIVE,
    draw: ({ world }, choose) => ({
      do: "free",
      of: world.environment.live[choose(world.environment.live.length)].of,
      cpu: choose(world.scope.settings.cpus),
    }),
  },
  guests("work", 24, WORK),
  guests("tick", 12, TICK),
  guests("hotplug", 12, HOTPLUG),
  {
    name: "retry",
    weight: 8,
    needs: RETRY,
    draw: ({ world, retry }) => ({
      do: "retry",
      of: retry?.do === "retry" ? world.environment.askedBy(retry.ticket) : NOBODY,
    }),
  },
  {
    name: "discard",
    weight: 6,
    needs: DISCARDABLE,
    draw: ({ world }) => {
      const request = world.environment.requests.find((one) => world.environment.mayDiscard(one));
      return { do: "discard", request: request?.request ?? 0 };
    },
  },
  {
    name: "ack",
    weight: 6,
    always: true,
    needs: OPEN,
    draw: (now, choose) => ({ do: "ack", request: drawRequest(now, choose), ok: true }),
  },
  {
    name: "refuse",
    weight: 2,
    needs: OPEN | REFUSALS,
    draw: (now, choose) => ({ do: "ack", request: drawRequest(now, choose), ok: false }),
  },
  {
    name: "lose",
    weight: 0.1,
    needs: OPEN,
    draw: (now, choose) => ({ do: "lose", request: drawRequest(now, choose) }),
  },
  {
    name: "drain",
    weight: 2,
    needs: CACHES,
    draw: ({ world }, choose) => ({
      do: "drain",
      zone: world.scope.geometry.zones[choose(world.scope.geometry.zones.length)].name,
      cpu: choose(world.scope.settings.cpus),
    }),
  },
  {
    name: "compact",
    weight: 6,
    needs: LIST,
    draw: ({ world, cuttable, cuttables }, choose) => {
      const { zone, order, head } = cuttable[choose(cuttables)];
      const { next } = world.view().words();
      let length = 0;
      for (let at = next[head]; at !== head && length < next.length; at = next[at]) length++;
      const end = choose(2) === 0 ? "head" : "tail";
      const at = choose(length - 1) + (end === "head" ? 1 : 0);
      return { do: "compact", zone: world.scope.geometry.zones[zone].name, order, at, end };
    },
  },
  {
    name: "scan",
    weight: 1,
    needs: NOTHING_ELSE,
    draw: ({ world }, choose) => ({
      do: "scan",
      zone: world.scope.geometry.zones[choose(world.scope.geometry.zones.length)].name,
    }),
  },
  {
    name: "offline",
    weight: 3,
    needs: NO_HOTPLUG | PRESENT,
    draw: ({ world }, choose) => {
      const { present } = world.environment.sections;
      return { do: "offline", ...present[choose(present.length)] };
    },
  },
  {
    name: "online",
    weight: 6,
    needs: NO_HOTPLUG | ABSENT,
    draw: ({ world }, choose) => {
      const { absent } = world.environment.sections;
      return { do: "online", ...absent[choose(absent.length)] };
    },
  },
  {
    name: "abort",
    weight: 1,
    // Only taking away is given up; what is being added is not, and nothing happens.
    needs: HOTPLUG,
    draw: () => ({ do: "abort" }),
  },
  {
    name: "memory-failure",
    weight: 0.5,
    needs: NOTHING_ELSE,
    draw: ({ world }, choose) => {
      const zone = world.scope.geometry.zones[choose(world.scope.geometry.zones.length)];
      return { do: "memory-failure", pfn: zone.start + choose(zone.pages) };
    },
  },
  {
    name: "set-order",
    weight: 2,
    needs: ORDERS,
    draw: ({ world }, choose) => {
      const { reportOrder, maxOrder } = world.scope.geometry;
      return { do: "set-order", order: reportOrder + choose(maxOrder - reportOrder + 1) };
    },
  },
  plain("unregister", 1, REGISTERED),
  plain("register", 8, UNREGISTERED),
  plain("freeze", 1, THAWED),
  plain("thaw", 6, FROZEN),
  {
    name: "proceed",
    weight: 24,
    always: true,
    needs: PROCEED,
    draw: ({ cpus, proceeding }, choose) => ({ do: "proceed", cpu: cpus[choose(proceeding)] }),
  },
  {
    name: "pressure",
    weight: 2,
    needs: PRESSURE,
    draw: ({ world }, choose) => ({ do: "pressure", pages: 1 + choose(2 ** world.scope.geometry.maxOrder) }),
  },
  {
    name: "balloon",
    weight: 3,
    needs: BALLOON,
    draw: ({ world }, choose) => {
      const { zones } = world.scope.geometry;
      return { do: "balloon", pages: choose(zones[choose(zones.length)].pages + 1) };
    },
  },
  hint("start", 6, HINT_START),
  hint("stop", 1, HINT_STOP),
  hint("done", 2, HINT_DONE),
  plain("assign", 0.5, DROPS),
  plain("unassign", 6, ASSIGNED | DROPS),
  {
    name: "squeeze",
    weight: 6,
    needs: LAZILY | DROPS,
    draw: (_, choose) => ({ do: "squeeze", pages: 1 + choose(8) }),
  },
  migrate("begin", 8, NOT_MIGRATING),
  migrate("sync", 2, MIGRATING),
  migrate("transfer", 6, MIGRATING),
  migrate("end", 1, MIGRATING),
];

const NEEDS = Int32Array.from(KINDS, (kind) => kind.needs);

function isOpen(request: OpenRequest): boolean {
  return !request.lost;
}

function drawRequest(now: Situation, choose: Choose): number {
  const { requests } = now.world.environment;
  const open = requests.length === 1 ? requests : requests.filter(isOpen);
  return open[choose(open.length)].request;
}

/** The names of all kinds of step, for reports. */
export const KIND_NAMES: readonly string[] = KINDS.map((kind) => kind.name);

/** Weights are whole numbers here, so that a draw is one number. */
const SCALE = 10;

export class Schedule {
  readonly #now: Situation;
  readonly #weights = new Int32Array(KINDS.length);
  /** By kind: its weight and those of all before it, as far as they are possible. */
  readonly #sums = new Int32Array(KINDS.length);
  /** What was there when they were summed up; often it is so again. */
  #summed = -1;

  constructor(world: World, traits: Traits) {
    this.#now = new Situation(world, traits);
  }

  /** Swarm: each run switches about a quarter of the kinds off and stresses another quarter (`anchors.md`, lesson 9). */
  swarm(choose: Choose): void {
    for (let at = 0; at < KINDS.length; at++) {
      const kind = KINDS[at];
      this.#weights[at] = 0;
      if (!this.#now.mayNeed(kind.needs)) continue;
      const stress = [1, 0, 1, 4][choose(4)];
      this.#weights[at] = Math.round(SCALE * kind.weight * (kind.always ? Math.max(stress, 1) : stress));
    }
    this.#summed = -1;
  }

  /** The next step, among those that are possible now. There is always one: someone can always ask for memory. */
  next(choose: Choose): Step {
    const there = this.#now.look();
    if (there !== this.#summed) this.#sum(there);
    const sums = this.#sums;
    const drawn = choose(sums[sums.length - 1]);
    let at = 0;
    while (sums[at] <= drawn) at++;
    return KINDS[at].draw(this.#now, choose);
  }

  #sum(there: number): void {
    let sum = 0;
    for (let at = 0; at < KINDS.length; at++) {
      if ((NEEDS[at] & ~there) === 0) sum += this.#weights[at];
      this.#sums[at] = sum;
    }
    this.#summed = there;
  }
}

/** True for a step that names nobody: it is not worth recording. */
export function isNothing(step: Step): boolean {
  return step.do === "retry" && step.of === NOBODY;
}
