/**
 * The next step of a run, chosen among those that are possible now and that the system does. Weights are drawn for each run, and
 * some are zero (swarm, `anchors.md`, lesson 9). Who has no view knows less than a Schedule for guests of ours, and there are
 * fewer kinds of steps: those of the live protocol.
 */
import {
  spannedPages,
  type Migratetype,
  type Order,
  type Pages,
  type Step,
  type WireActionName,
} from "../../model/alphabet/index.ts";
import type { Choose } from "../../properties/drivers/schedule.ts";
import type { Everyone } from "./everyone.ts";

interface Kind {
  readonly does: WireActionName;
  /** How often, against the others, where the run does not switch it off. */
  readonly weight: number;
  /** True for what every run needs to get anywhere. */
  readonly always?: boolean;
  isPossible(everyone: Everyone, run: Habits): boolean;
  draw(everyone: Everyone, choose: Choose, run: Habits): Step;
}

/** What the users of a run want. */
interface Habits {
  /** Small blocks more often than large ones, all alike, or such as may be reported. */
  readonly orders: "small" | "all" | "large";
  /** Of four callers, so many may sleep. */
  readonly sleepers: number;
  /** Nobody asks for more while users have so many pages: memory that is full at once sees nothing but refusals. */
  readonly most: Pages;
}

const ORDERS: readonly Habits["orders"][] = ["small", "small", "all", "large"];
const SLEEPERS: readonly number[] = [0, 1, 2, 4];
/** Eighths of all memory that users may have. */
const FILLS: readonly number[] = [4, 8, 8, 8];
/** Nearly all memory is of the first three; the reserve is asked for seldom. */
const TYPES: readonly Migratetype[] = [
  "movable",
  "unmovable",
  "reclaimable",
  "movable",
  "unmovable",
  "reclaimable",
  "highatomic",
];

const ever = (): boolean => true;
const WORK: Step = { do: "work" };

const KINDS: readonly Kind[] = [
  {
    does: "alloc",
    weight: 12,
    always: true,
    isPossible: ({ allocated }, { most }) => allocated < most,
    draw: ({ geometry }, choose, { orders, sleepers }) => ({
      do: "alloc",
      order: drawOrder(geometry, choose, orders),
      migratetype: TYPES[Math.min(choose(TYPES.length), choose(TYPES.length))],
      node: geometry.zones[choose(geometry.zones.length)].node,
      cpu: choose(2),
      wait: choose(4) < sleepers,
    }),
  },
  {
    does: "free",
    weight: 10,
    isPossible: ({ users }) => users.live.length > 0,
    draw: ({ users }, choose) => ({ do: "free", of: users.live[choose(users.live.length)].of, cpu: choose(2) }),
  },
  { does: "work", weight: 8, always: true, isPossible: ever, draw: () => WORK },
  {
    does: "ack",
    weight: 5,
    always: true,
    isPossible: ({ requests }) => requests.length > 0,
    draw: ({ requests }, choose) => ({ do: "ack", request: requests[choose(requests.length)].nth, ok: true }),
  },
  {
    does: "ack",
    weight: 1,
    isPossible: ({ requests }) => requests.length > 0,
    draw: ({ requests }, choose) => ({ do: "ack", request: requests[choose(requests.length)].nth, ok: false }),
  },
  {
    does: "compact",
    weight: 2,
    isPossible: ever,
    // A zone is all that the protocol names; a step has a place and an end besides.
    draw: ({ geometry: { zones } }, choose) => ({
      do: "compact",
      zone: zones[choose(zones.length)].name,
      order: 0,
      at: 0,
      end: "head",
    }),
  },
  {
    does: "offline",
    weight: 2,
    isPossible: ({ sections }) => sections.present.length > 0,
    draw: ({ sections: { present } }, choose) => ({ do: "offline", ...present[choose(present.length)] }),
  },
  {
    does: "online",
    weight: 4,
    isPossible: ({ sections }) => sections.absent.length > 0,
    draw: ({ sections: { absent } }, choose) => ({ do: "online", ...absent[choose(absent.length)] }),
  },
  {
    does: "pressure",
    weight: 1,
    isPossible: ever,
    draw: ({ geometry }, choose) => ({ do: "pressure", pages: 1 + choose(2 ** geometry.maxOrder) }),
  },
  {
    does: "balloon",
    weight: 2,
    isPossible: ever,
    draw: ({ geometry: { zones } }, choose) => ({
      do: "balloon",
      pages: choose(zones[choose(zones.length)].pages + 1),
    }),
  },
  {
    does: "hint",
    weight: 3,
    isPossible: ({ hinting }) => hinting !== "start",
    draw: () => ({ do: "hint", command: "start" }),
  },
  {
    does: "hint",
    weight: 1,
    isPossible: ({ hinting }) => hinting === "start",
    draw: () => ({ do: "hint", command: "stop" }),
  },
  {
    does: "hint",
    weight: 2,
    isPossible: ({ hinting }) => hinting !== "done",
    draw: () => ({ do: "hint", command: "done" }),
  },
  { does: "unregister", weight: 1, isPossible: ({ registered }) => registered, draw: () => ({ do: "unregister" }) },
  { does: "register", weight: 4, isPossible: ({ registered }) => !registered, draw: () => ({ do: "register" }) },
];

function drawOrder({ maxOrder, reportOrder }: Everyone["geometry"], choose: Choose, orders: Habits["orders"]): Order {
  if (orders === "large") return reportOrder + choose(maxOrder - reportOrder + 1);
  const order = choose(maxOrder + 1);
  return orders === "all" ? order : Math.min(order, choose(maxOrder + 1));
}

function drawHabits({ geometry }: Everyone, choose: Choose): Habits {
  return {
    orders: ORDERS[choose(ORDERS.length)],
    sleepers: SLEEPERS[choose(SLEEPERS.length)],
    most: FILLS[choose(FILLS.length)] * Math.ceil(spannedPages(geometry) / 8),
  };
}

/** About a quarter of the kinds is switched off, and another quarter comes four times as often. */
function drawWeights(kinds: readonly Kind[], choose: Choose): number[] {
  return kinds.map(({ weight, always }) => weight * Math.max([1, 0, 1, 4][choose(4)], always === true ? 1 : 0));
}

/** The steps of one run. */
export class Schedule {
  readonly #everyone: Everyone;
  /** Those that the system does. */
  readonly #kinds: readonly Kind[];
  readonly #choose: Choose;
  #habits: Habits;
  /** Of each kind: 0 where it is switched off. */
  #weights: readonly number[];
  readonly #sums: number[];

  constructor(everyone: Everyone, does: readonly WireActionName[], choose: Choose) {
    this.#everyone = everyone;
    this.#kinds = KINDS.filter((kind) => does.includes(kind.does));
    this.#choose = choose;
    this.#habits = drawHabits(everyone, choose);
    this.#weights = drawWeights(this.#kinds, choose);
    this.#sums = this.#weights.slice();
  }

  /** From here on everyone wants something else: what was switched off may come back. */
  change(): void {
    this.#habits = drawHabits(this.#everyone, this.#choose);
    this.#weights = drawWeights(this.#kinds, this.#choose);
  }

  /** There is always one: the worker can always work. */
  next(): Step {
    const kinds = this.#kinds;
    const sums = this.#sums;
    let sum = 0;
    for (let at = 0; at < kinds.length; at++) {
      if (kinds[at].isPossible(this.#everyone, this.#habits)) sum += this.#weights[at];
      sums[at] = sum;
    }
    const drawn = this.#choose(sum);
    let at = 0;
    while (sums[at] <= drawn) at++;
    return kinds[at].draw(this.#everyone, this.#choose, this.#habits);
  }
}
