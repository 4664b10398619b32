/** All kinds of step: what each needs, how often it comes, and how its details are drawn. */
import type { HintAction, MigrateStep, Migratetype, Step } from "../../../model/alphabet/index.ts";
import type { OpenRequest } from "../environment.ts";
import {
  ABSENT,
  ASSIGNED,
  BALLOON,
  CACHES,
  DISCARDABLE,
  DROPS,
  FROZEN,
  HINT_DONE,
  HINT_START,
  HINT_STOP,
  HOTPLUG,
  LAZILY,
  LIST,
  LIVE,
  MIGRATING,
  NOTHING_ELSE,
  NOT_MIGRATING,
  NO_HOTPLUG,
  OPEN,
  ORDERS,
  PRESENT,
  PRESSURE,
  PROCEED,
  REFUSALS,
  REGISTERED,
  RETRY,
  THAWED,
  TICK,
  UNREGISTERED,
  WORK,
  type Situation,
} from "./situation.ts";

/** Draws a whole number from 0 to bound - 1. A bound of 1 leaves no choice: it must cost no number. */
export type Choose = (bound: number) => number;

export interface Kind {
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
/** A step that changes nothing: a caller tries again of whom the environment has not heard. */
const NOBODY: Step = { do: "retry", of: -1 };

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

function isOpen(request: OpenRequest): boolean {
  return !request.lost;
}

function drawRequest(now: Situation, choose: Choose): number {
  const { requests } = now.world.environment;
  const open = requests.length === 1 ? requests : requests.filter(isOpen);
  return open[choose(open.length)].request;
}

export const KINDS: readonly Kind[] = [
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
    draw: ({ world, retry }) => {
      const of = retry?.do === "retry" ? world.environment.askedBy(retry.ticket) : -1;
      return of < 0 ? NOBODY : { do: "retry", of };
    },
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
    weight: 4,
    always: true,
    needs: LAZILY | DROPS,
    draw: (_, choose) => ({ do: "squeeze", pages: 1 + choose(8) }),
  },
  migrate("begin", 8, NOT_MIGRATING),
  migrate("sync", 2, MIGRATING),
  migrate("transfer", 6, MIGRATING),
  migrate("end", 1, MIGRATING),
];

/** True for a step that names nobody: it is not worth recording. */
export function isNothing(step: Step): boolean {
  return step === NOBODY;
}
