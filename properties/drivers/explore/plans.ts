/**
 * What is explored: a scope, so small that all its states can be seen, and a menu of what may happen in it. Everything
 * on the menu happens in every order; what is not on it never does (`duyck-line.md` H.5).
 *
 * The plans are the same for all designs, and to each come the ingredients that the design hears of.
 */
import {
  InputError,
  spannedPages,
  type Geometry,
  type Migratetype,
  type Order,
  type Settings,
} from "../../../model/alphabet/index.ts";
import type { Traits } from "../../judges/traits.ts";
import { traitsOf } from "../../subjects.ts";
import { scope, SMALL, type Scope, type Shape } from "../scopes.ts";

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

/** A plan before it is known for which design. */
interface Outline {
  readonly name: string;
  readonly shape: Shape;
  readonly settings?: Partial<Settings>;
  readonly menu?: Partial<Menu>;
  /** The designs for which it has something to show; absent: all. */
  readonly concerns?: (traits: Traits) => boolean;
}

/** Two pageblocks, each a block that may be reported, in one block of the largest order. */
const FOUR_PAGES: Shape = { maxOrder: 2, pageblockOrder: 1, reportOrder: 1, capacity: 1, zones: [{ pages: 4 }] };
const EIGHT_PAGES: Shape = { ...FOUR_PAGES, zones: [{ pages: 8 }] };

const OUTLINES: readonly Outline[] = [
  { name: "blocks", shape: { ...EIGHT_PAGES, capacity: 2 }, menu: { orders: [1, 2], extras: ["discard"] } },
  { name: "pages of two types", shape: FOUR_PAGES, menu: { types: ["movable", "unmovable"] } },
  {
    name: "two nodes",
    shape: { ...FOUR_PAGES, maxOrder: 1, zones: [{ pages: 4 }, { pages: 2, node: 1 }] },
  },
  {
    name: "watermark",
    shape: { ...EIGHT_PAGES, capacity: 2, zones: [{ pages: 8, watermarks: { min: 2, low: 2, high: 2 } }] },
    menu: { orders: [1, 2], extras: ["discard"] },
  },
  {
    name: "hotplug",
    shape: { ...FOUR_PAGES, maxOrder: 1, sectionPages: 2 },
    menu: { extras: ["offline", "online", "abort", "discard"] },
  },
  {
    name: "hotplug of half blocks",
    shape: { ...FOUR_PAGES, sectionPages: 2 },
    menu: { extras: ["offline", "online", "abort", "discard"] },
    concerns: ({ takes }) => takes === "isolates",
  },
  {
    name: "refusals",
    shape: { ...EIGHT_PAGES, capacity: 2 },
    menu: { orders: [1], extras: ["refuse", "discard"] },
    concerns: ({ hearsRefusals }) => hearsRefusals,
  },
  { name: "device", shape: FOUR_PAGES, menu: { extras: ["unregister", "register", "freeze", "thaw"] } },
  {
    name: "sleepers",
    shape: FOUR_PAGES,
    menu: { orders: [0, 1], waits: [true], callers: 2 },
    concerns: ({ callersWait }) => callersWait,
  },
  {
    name: "retries",
    shape: FOUR_PAGES,
    settings: { slowPath: "kernel", retries: 2 },
    menu: { orders: [0, 1], waits: [true, false] },
  },
  {
    name: "per-CPU lists",
    shape: { ...FOUR_PAGES, maxOrder: 1 },
    settings: { pcp: { maxOrder: 0, huge: true, high: 2, batch: 1 } },
    menu: { extras: ["drain"] },
  },
  {
    name: "two CPUs",
    shape: { ...FOUR_PAGES, maxOrder: 1 },
    settings: { cpus: 2 },
    concerns: ({ perCpu }) => perCpu,
  },
  { name: "compaction", shape: EIGHT_PAGES, menu: { orders: [1], extras: ["compact", "scan"] } },
  { name: "bad pages", shape: FOUR_PAGES, menu: { orders: [0, 1], extras: ["memory-failure"] } },
  {
    name: "orders",
    shape: EIGHT_PAGES,
    menu: { orders: [1], extras: ["set-order"] },
    concerns: ({ changesOrder }) => changesOrder,
  },
  {
    name: "delays",
    shape: { ...EIGHT_PAGES, capacity: 2 },
    settings: { delay: 1, highWater: 2, budgetDivisor: 2 },
    menu: { orders: [1] },
  },
];

/**
 * Plans that take their time, from a minute on. "large" has some ten million states, in one or two GiB: eight pages that are
 * asked for one by one, in two sections that come and go, under a late host, with a device that leaves and comes back.
 */
const LARGE: readonly Outline[] = [
  {
    // A block goes to the tail where it may soon merge into one that may soon merge: for that it takes three orders.
    name: "tails",
    shape: { ...FOUR_PAGES, maxOrder: 3, zones: [{ pages: 16 }] },
    menu: { orders: [1, 2] },
    concerns: ({ id }) => id === "reported-boundary" || id === "bubble",
  },
  {
    name: "large",
    shape: { ...EIGHT_PAGES, capacity: 2, sectionPages: 4 },
    menu: {
      orders: [0, 1],
      types: ["movable", "unmovable"],
      extras: ["discard", "offline", "online", "abort", "unregister", "register"],
    },
    concerns: ({ id }) => id === "reported-boundary",
  },
  {
    name: "large",
    shape: { ...EIGHT_PAGES, capacity: 2, sectionPages: 4 },
    menu: {
      orders: [0, 1],
      waits: [true, false],
      extras: [
        "refuse",
        "discard",
        "set-order",
        "offline",
        "online",
        "abort",
        "unregister",
        "register",
        "freeze",
        "thaw",
      ],
    },
    concerns: ({ id }) => id === "page-reporting",
  },
];

/**
 * The small plans for a design: each is explored to its end in a second or two.
 * @throws InputError where there is no such design or variant
 */
export function plansFor(design: string, variant = ""): readonly Plan[] {
  return concerning(OUTLINES, traitsOf(design, variant));
}

/**
 * Those that take their time, for the two designs that Linux came to: only where they are named.
 * @throws InputError where there is no such design or variant
 */
export function largePlansFor(design: string, variant = ""): readonly Plan[] {
  return concerning(LARGE, traitsOf(design, variant));
}

function concerning(outlines: readonly Outline[], traits: Traits): Plan[] {
  return outlines.filter(({ concerns }) => concerns?.(traits) !== false).map((outline) => planFor(outline, traits));
}

function planFor({ name, shape, settings, menu }: Outline, { hears, variant }: Traits): Plan {
  const extras = [...(menu?.extras ?? []), ...hears];
  return {
    name,
    scope: scope(name, shape, { ...settings, variant }),
    menu: { orders: [0], types: ["movable"], waits: [false], callers: 1, ...menu, extras },
  };
}

/** More pages have more states than any machine has room for. */
const MOST_PAGES = 64;

/**
 * Somebody's own geometry, with all on the menu that the design can meet.
 * @throws InputError where it is too large to be explored, or there is no such design or variant
 */
export function planAround(geometry: Geometry, design: string, variant = ""): Plan {
  const pages = spannedPages(geometry);
  if (pages > MOST_PAGES) {
    const advice = `at most ${MOST_PAGES} can be explored: take a smaller one, or random runs (fpr check)`;
    throw new InputError({ key: "geometry.zones" }, `${pages} pages are too many: ${advice}`);
  }
  const traits = traitsOf(design, variant);
  const { hearsRefusals, changesOrder, hears } = traits;
  const name = "all that fits";
  return {
    name,
    scope: { name, geometry, settings: { ...SMALL, variant: traits.variant } },
    menu: {
      orders: Array.from({ length: geometry.maxOrder + 1 }, (_, order) => order),
      types: ["movable", "unmovable"],
      waits: [true, false],
      callers: 1,
      extras: [
        ...ALWAYS,
        ...(hearsRefusals ? (["refuse"] as const) : []),
        ...(changesOrder ? (["set-order"] as const) : []),
        ...hears,
      ],
    },
  };
}

/** What every design can meet. A host that never answers leaves nothing to be said. */
const ALWAYS: readonly Extra[] = [
  "discard",
  "compact",
  "scan",
  "offline",
  "online",
  "abort",
  "memory-failure",
  "unregister",
  "register",
  "freeze",
  "thaw",
];
