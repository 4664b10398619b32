/**
 * The workload by which designs are compared: the same for all, on a few small machines, with a host that answers
 * within a few steps. Users fill memory and empty it, like the tide; whoever must be asked to do his job is asked.
 */
import {
  DEFAULT_SETTINGS,
  type Action,
  type FreeAction,
  type Geometry,
  type RetryAction,
  type Step,
} from "../../model/alphabet/index.ts";
import { ImplGuest, createImpl } from "../../impl/guest.ts";
import { designOf } from "../../model/designs/index.ts";
import { PROPERTIES, type PropertyId } from "../judges/properties.ts";
import { enter } from "../subjects.ts";
import { xorshift } from "./campaign.ts";
import { Meter, NO_COSTS, plus, type Costs } from "./costs.ts";
import type { Choose } from "./schedule.ts";
import type { Scope } from "./scopes.ts";
import type { World } from "./world.ts";

/** What a design costs: under the workload, and in memory for its own books. */
export interface Price extends Costs {
  /** Bytes of metadata for each page of the guest: the allocator's, and what the design adds. */
  readonly allocatorBytesPerPage: number;
  readonly designBytesPerPage: number;
}

const SEED = 1;
/** What users do on each machine. */
const ROUNDS = 1200;
/** Rounds from low tide to high tide. */
const TIDE = 60;
/** Steps that everyone but the users gets in a round, and after how many of them the host answers. */
const OTHERS = 3;
const PROMPT = 2;
/** Rounds from one request of the host's administrator to the same one again. */
const CAMPAIGN = 120;
/** Steps after which a guest that has not come to rest is taken as it is. */
const MOST_STEPS = 5000;

const SETTINGS = { ...DEFAULT_SETTINGS, highWater: 2, budgetDivisor: 1, delay: 1, retries: 1 };
const SHAPE = { pageSize: 4096, maxOrder: 3, pageblockOrder: 2, reportOrder: 2, capacity: 4 };
const WATERMARKS = { min: 0, low: 0, high: 0 };

function zone(index: number, pages: number, node = 0): Geometry["zones"][number] {
  return { name: `zone${index}`, node, start: index * pages, pages, holes: [], watermarks: WATERMARKS };
}

const SCOPES: readonly Scope[] = [
  { name: "one zone", geometry: { ...SHAPE, zones: [zone(0, 64)] }, settings: SETTINGS },
  {
    name: "two CPUs with lists of their own",
    geometry: { ...SHAPE, zones: [zone(0, 64)] },
    settings: { ...SETTINGS, cpus: 2, pcp: { maxOrder: 1, huge: false, high: 6, batch: 3 } },
  },
  { name: "two nodes", geometry: { ...SHAPE, zones: [zone(0, 32), zone(1, 32, 1)] }, settings: SETTINGS },
];

/** A guest of 1 GiB, to see what the metadata come to for each page. */
const GIBIBYTE: Geometry = {
  pageSize: 4096,
  maxOrder: 10,
  pageblockOrder: 9,
  reportOrder: 9,
  capacity: 32,
  zones: [zone(0, 2 ** 18)],
};

/** Nothing is judged here: a design that is broken has its price too. */
const UNJUDGED: ReadonlySet<PropertyId> = new Set(PROPERTIES.map(({ id }) => id as PropertyId));

/**
 * Drives the implementation of a design, alone, through the workload.
 * @throws InputError where there is no such design or variant
 */
export function priceOf(design: string, variant: string): Price {
  const costs = SCOPES.map(({ settings, ...rest }) =>
    new Load(design, { ...rest, settings: { ...settings, variant } }).run(),
  );
  const pages = GIBIBYTE.zones[0].pages;
  const guest = createImpl(design, GIBIBYTE, { ...DEFAULT_SETTINGS, variant });
  const bare = createImpl("none", GIBIBYTE, DEFAULT_SETTINGS);
  return {
    ...costs.reduce(plus, NO_COSTS),
    allocatorBytesPerPage: bare.state.buffer.byteLength / pages,
    designBytesPerPage: guest.reporter.metadataBytes / pages,
  };
}

class Load {
  readonly #world: World;
  readonly #meter: Meter;
  readonly #hears: readonly string[];
  readonly #choose: Choose = xorshift(SEED);
  #taken = 0;
  /** Steps that the oldest open request has waited. */
  #waited = 0;
  #turn = 0;

  constructor(design: string, scope: Scope) {
    this.#world = enter(scope, { design, system: "impl" }, false, { ignored: UNJUDGED });
    this.#hears = designOf(design, scope.settings.variant).hears;
    const { guest } = this.#world;
    if (!(guest instanceof ImplGuest)) throw new TypeError("only the implementation counts what it does");
    this.#meter = new Meter(this.#world, guest.reporter);
  }

  run(): Costs {
    for (let round = 0; round < ROUNDS; round++) {
      this.#asked(round % CAMPAIGN);
      this.#take(this.#user(round));
      for (let other = 0; other < OTHERS; other++) this.#others();
    }
    for (const last of [LAST_CALL, REST]) {
      this.#asked(last);
      for (let left = MOST_STEPS; left > 0 && this.#others(); left--);
    }
    return this.#meter.costs();
  }

  #take(step: Step): void {
    this.#world.perform(step, this.#taken++);
    this.#meter.step(this.#world.events);
  }

  /** What the host asks for, and what the guest's shrinkers are asked for: each only of those who hear it. */
  #asked(round: number): void {
    for (const { at, step } of CAMPAIGNS) {
      if (at === round && this.#hears.includes(step.do)) this.#take(step);
    }
  }

  /** At rising tide three of four users want memory, at falling tide three of four give it back. */
  #user(round: number): Step {
    const { live } = this.#world.environment;
    const { cpus } = this.#world.scope.settings;
    const rising = Math.floor(round / TIDE) % 2 === 0;
    const cpu = this.#choose(cpus);
    if (live.length > 0 && this.#choose(4) < (rising ? 1 : 3)) {
      return { do: "free", of: live[this.#choose(live.length)].of, cpu };
    }
    const { zones, maxOrder } = this.#world.scope.geometry;
    return {
      do: "alloc",
      order: Math.min(this.#choose(maxOrder + 1), this.#choose(maxOrder + 1)),
      migratetype: this.#choose(4) === 0 ? "unmovable" : "movable",
      node: zones[this.#choose(zones.length)].node,
      cpu,
      wait: false,
    };
  }

  /** The host, once a request has waited long enough or nobody else has anything to do; else the guest's own actors in turn. */
  #others(): boolean {
    const { guest, environment } = this.#world;
    const own = guest.enabled().filter(isStep);
    const [request] = environment.requests;
    if (request !== undefined && (this.#waited >= PROMPT || own.length === 0)) {
      this.#waited = 0;
      while (environment.mayDiscard(request)) this.#take({ do: "discard", request: request.request });
      this.#take({ do: "ack", request: request.request, ok: true });
      return true;
    }
    if (request !== undefined) this.#waited++;
    if (own.length === 0) return false;
    this.#take(own[this.#turn++ % own.length]);
    return true;
  }
}

/** Users alone free blocks and try again, and they say so in another way. */
function isStep(action: Action): action is Exclude<Action, FreeAction | RetryAction> {
  return action.do !== "free" && action.do !== "retry";
}

/** Users rest: whoever hints only when asked is asked once more; then all that was asked for is undone. */
const LAST_CALL = -1;
const REST = -2;

const CAMPAIGNS: readonly { readonly at: number; readonly step: Step }[] = [
  { at: 30, step: { do: "balloon", pages: 32 } },
  { at: 90, step: { do: "balloon", pages: 0 } },
  { at: REST, step: { do: "balloon", pages: 0 } },
  { at: 30, step: { do: "hint", command: "start" } },
  { at: 90, step: { do: "hint", command: "done" } },
  { at: LAST_CALL, step: { do: "hint", command: "start" } },
  { at: REST, step: { do: "hint", command: "done" } },
  { at: 60, step: { do: "pressure", pages: 8 } },
];
