/**
 * The next step, chosen among those that are possible now, so that nothing is wasted (DESIGN.md, "Random schedules").
 *
 * Every kind of step says when it is possible and how to draw its details. Where the numbers come from is not known
 * here: fast-check's tape, or a generator of pseudo-random numbers.
 */
import {
  NONE,
  sectionPagesOf,
  type Action,
  type ActionName,
  type Migratetype,
  type PageRange,
  type Step,
} from "../../model/alphabet/index.ts";
import type { OpenRequest } from "./environment.ts";
import type { World } from "./world.ts";

/** Draws a whole number from 0 to bound - 1; undefined when there are no more numbers. */
export type Choose = (bound: number) => number;

/** What a design can meet: not every design hears refusals or has an order that changes. */
export interface Traits {
  readonly hearsRefusals: boolean;
  readonly changesOrder: boolean;
}

interface Kind {
  readonly name: string;
  /** How often, against the others, when the run does not switch it off; 0 is never. */
  readonly weight: number;
  /** True for what every run needs to get anywhere. */
  readonly always?: boolean;
  possible(now: Situation): boolean;
  draw(now: Situation, choose: Choose): Step;
}

const TYPES: readonly Migratetype[] = ["movable", "unmovable", "reclaimable", "highatomic"];

/** The world as the kinds below look at it, with what the guest's own actors may do looked up once. */
class Situation {
  readonly world: World;
  readonly traits: Traits;
  readonly #own: (Action | undefined)[] = [];

  constructor(world: World, traits: Traits) {
    this.world = world;
    this.traits = traits;
  }

  look(): void {
    this.#own.length = 0;
    for (const action of this.world.guest.enabled()) this.#own.push(action);
  }

  own(name: ActionName): Action | undefined {
    for (const action of this.#own) if (action?.do === name) return action;
    return undefined;
  }

  request(wanted: (request: OpenRequest) => boolean): OpenRequest | undefined {
    for (const request of this.world.environment.requests) if (wanted(request)) return request;
    return undefined;
  }

  /** A section that is there, or gone, as a whole; undefined where the draw did not hit one. */
  section(choose: Choose, owner: "absent" | "present"): PageRange | undefined {
    const { geometry } = this.world.scope;
    const zone = geometry.zones[choose(geometry.zones.length)];
    const size = sectionPagesOf(geometry, zone);
    const start = zone.start + choose(Math.ceil(zone.pages / size)) * size;
    const pages = Math.min(size, zone.start + zone.pages - start);
    const absent = this.world.view().owner(start) === "absent";
    return absent === (owner === "absent") ? { start, pages } : undefined;
  }
}

/** A step that changes nothing: what a draw gives that has missed. */
const NOTHING: Step = { do: "retry", of: -1 };

function guests(name: ActionName, weight: number): Kind {
  return {
    name,
    weight,
    always: name === "work" || name === "tick",
    possible: (now) => now.own(name) !== undefined,
    draw: (now) => {
      const action = now.own(name);
      return action === undefined || action.do === "free" || action.do === "retry" ? NOTHING : action;
    },
  };
}

function device(name: "unregister" | "register" | "freeze" | "thaw", weight: number, possible: Kind["possible"]): Kind {
  return { name, weight, possible, draw: () => ({ do: name }) };
}

const anyRequest = (request: OpenRequest): boolean => !request.lost;

const KINDS: readonly Kind[] = [
  {
    name: "alloc",
    weight: 12,
    always: true,
    possible: () => true,
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
    possible: ({ world }) => world.environment.live.length > 0,
    draw: ({ world }, choose) => ({
      do: "free",
      of: world.environment.live[choose(world.environment.live.length)].of,
      cpu: choose(world.scope.settings.cpus),
    }),
  },
  guests("work", 24),
  guests("tick", 12),
  guests("hotplug", 12),
  {
    name: "retry",
    weight: 8,
    possible: (now) => now.own("retry") !== undefined,
    draw: (now) => {
      const action = now.own("retry");
      return action?.do === "retry" ? { do: "retry", of: now.world.environment.askedBy(action.ticket) } : NOTHING;
    },
  },
  {
    name: "discard",
    weight: 6,
    possible: ({ world }) => world.environment.requests.some((request) => world.environment.mayDiscard(request)),
    draw: ({ world }) => {
      const request = world.environment.requests.find((one) => world.environment.mayDiscard(one));
      return { do: "discard", request: request?.request ?? 0 };
    },
  },
  {
    name: "ack",
    weight: 6,
    always: true,
    possible: (now) => now.request(anyRequest) !== undefined,
    draw: (now, choose) => ({ do: "ack", request: drawRequest(now, choose), ok: true }),
  },
  {
    name: "refuse",
    weight: 2,
    possible: (now) => now.traits.hearsRefusals && now.request(anyRequest) !== undefined,
    draw: (now, choose) => ({ do: "ack", request: drawRequest(now, choose), ok: false }),
  },
  {
    name: "lose",
    weight: 0.1,
    possible: (now) => now.request(anyRequest) !== undefined,
    draw: (now, choose) => ({ do: "lose", request: drawRequest(now, choose) }),
  },
  {
    name: "drain",
    weight: 2,
    possible: ({ world }) => world.scope.settings.pcp.maxOrder >= 0 || world.scope.settings.pcp.huge,
    draw: ({ world }, choose) => ({
      do: "drain",
      zone: world.scope.geometry.zones[choose(world.scope.geometry.zones.length)].name,
      cpu: choose(world.scope.settings.cpus),
    }),
  },
  {
    name: "compact",
    weight: 6,
    possible: () => true,
    draw: ({ world }, choose) => {
      const zone = choose(world.scope.geometry.zones.length);
      const order = choose(world.scope.geometry.maxOrder + 1);
      const view = world.view();
      let length = 0;
      for (let at = view.firstFree(zone, order, "movable"); at !== NONE; at = view.nextFree(at)) length++;
      if (length < 2) return NOTHING;
      const end = choose(2) === 0 ? "head" : "tail";
      const at = choose(length - 1) + (end === "head" ? 1 : 0);
      return { do: "compact", zone: world.scope.geometry.zones[zone].name, order, at, end };
    },
  },
  {
    name: "scan",
    weight: 1,
    possible: () => true,
    draw: ({ world }, choose) => ({
      do: "scan",
      zone: world.scope.geometry.zones[choose(world.scope.geometry.zones.length)].name,
    }),
  },
  {
    name: "offline",
    weight: 3,
    possible: ({ world }) => world.view().hotplug() === undefined,
    draw: (now, choose) => ({ do: "offline", ...(now.section(choose, "present") ?? { start: 0, pages: 0 }) }),
  },
  {
    name: "online",
    weight: 6,
    possible: ({ world }) => world.view().hotplug() === undefined,
    draw: (now, choose) => ({ do: "online", ...(now.section(choose, "absent") ?? { start: 0, pages: 0 }) }),
  },
  {
    name: "abort",
    weight: 1,
    possible: ({ world }) => world.view().hotplug()?.kind === "offline",
    draw: () => ({ do: "abort" }),
  },
  {
    name: "memory-failure",
    weight: 0.5,
    possible: () => true,
    draw: ({ world }, choose) => {
      const zone = world.scope.geometry.zones[choose(world.scope.geometry.zones.length)];
      return { do: "memory-failure", pfn: zone.start + choose(zone.pages) };
    },
  },
  {
    name: "set-order",
    weight: 2,
    possible: (now) => now.traits.changesOrder,
    draw: ({ world }, choose) => {
      const { reportOrder, maxOrder } = world.scope.geometry;
      return { do: "set-order", order: reportOrder + choose(maxOrder - reportOrder + 1) };
    },
  },
  device("unregister", 1, ({ world }) => world.view().registered()),
  device("register", 8, ({ world }) => !world.view().registered()),
  device("freeze", 1, ({ world }) => !world.view().frozen()),
  device("thaw", 6, ({ world }) => world.view().frozen()),
];

function drawRequest(now: Situation, choose: Choose): number {
  const open = now.world.environment.requests.filter(anyRequest);
  return open[choose(open.length)].request;
}

/** The names of all kinds of step, for reports. */
export const KIND_NAMES: readonly string[] = KINDS.map((kind) => kind.name);

/** Weights are whole numbers here, so that a draw is one number. */
const SCALE = 10;

export class Schedule {
  readonly #now: Situation;
  readonly #weights = new Int32Array(KINDS.length);
  readonly #sums = new Int32Array(KINDS.length);

  constructor(world: World, traits: Traits) {
    this.#now = new Situation(world, traits);
  }

  /** Swarm: each run switches about a quarter of the kinds off and stresses another quarter (`anchors.md`, lesson 9). */
  swarm(choose: Choose): void {
    for (let at = 0; at < KINDS.length; at++) {
      const kind = KINDS[at];
      const stress = [1, 0, 1, 4][choose(4)];
      this.#weights[at] = Math.round(SCALE * kind.weight * (kind.always ? Math.max(stress, 1) : stress));
    }
  }

  /** The next step, among those that are possible now. There is always one: someone can always ask for memory. */
  next(choose: Choose): Step {
    const now = this.#now;
    now.look();
    let sum = 0;
    for (let at = 0; at < KINDS.length; at++) {
      if (this.#weights[at] > 0 && KINDS[at].possible(now)) sum += this.#weights[at];
      this.#sums[at] = sum;
    }
    const drawn = choose(sum);
    const at = this.#sums.findIndex((upTo) => drawn < upTo);
    return KINDS[at].draw(now, choose);
  }
}

/** True for a step that a schedule gives when its draw has missed: it is not worth recording. */
export function isNothing(step: Step): boolean {
  return (step.do === "retry" && step.of < 0) || (step.do === "offline" && step.pages === 0) || (step.do === "online" && step.pages === 0);
}

