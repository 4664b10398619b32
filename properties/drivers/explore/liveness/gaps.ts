/**
 * The gaps of today's Linux: what `page-reporting` never reports though it could (`duyck-line.md` E.5, L1 to L7), each by
 * itself. A gap is a scope that has its one ingredient, beside a scope that differs in nothing else, and in which every
 * fair run reports everything: so the gap is what that ingredient does, and nothing else is.
 *
 * Blocks of the report order are two pages here. Beside them every zone has single pages that nobody asks for, with holes
 * between them: they keep it above what a pass leaves alone, whatever users do (W2, C4).
 */
import type { PageRange, Pages, Settings } from "../../../../model/alphabet/index.ts";
import { scope } from "../../scopes.ts";
import type { Menu, Plan } from "../plans.ts";
import { EVERYTHING_REPORTED, LARGEST_REPORTED, NOTHING_HELD, REMAINDERS_REPORTED, type PageWish } from "./wishes.ts";

export interface Gap {
  readonly id: string;
  readonly what: string;
  readonly source: string;
  readonly plan: Plan;
  readonly wish: PageWish;
  /** What every fair run does; `resting`: there is one that stops short and rests; `busy`: one on which users go on. */
  readonly comesTo: "holds" | "resting" | "busy";
}

const REPORT_ORDER = 1;

/** What a plan has that the plainest has not. */
interface Ingredients {
  /** Pages in blocks that may be reported, from page 0 on. */
  readonly pages: Pages;
  /** Of these, absent ones. */
  readonly holes?: readonly PageRange[];
  /** Single pages behind them, each with a hole beside it. */
  readonly singles: number;
  /** The largest order. Default: the report order, so that no block is ever split or merged above it. */
  readonly maxOrder?: number;
  readonly capacity?: number;
  readonly sectionPages?: Pages;
  readonly settings?: Partial<Settings>;
  readonly menu?: Partial<Menu>;
}

function plan(name: string, ingredients: Ingredients): Plan {
  const { pages, holes = [], singles, maxOrder = REPORT_ORDER, capacity = 1, settings, menu, ...rest } = ingredients;
  const size = 2 ** maxOrder * Math.ceil((pages + 2 * singles) / 2 ** maxOrder);
  const between = Array.from({ length: singles }, (_, at): PageRange => {
    const start = pages + 2 * at + 1;
    return { start, pages: at === singles - 1 ? size - start : 1 };
  });
  const shape = {
    maxOrder,
    pageblockOrder: REPORT_ORDER,
    reportOrder: REPORT_ORDER,
    capacity,
    ...rest,
    zones: [{ pages: size, holes: [...holes, ...between] }],
  };
  return {
    name,
    scope: scope(name, shape, settings),
    menu: { orders: [REPORT_ORDER], types: ["movable"], waits: [false], callers: 1, extras: [], ...menu },
  };
}

const ONE_SIZE = { pages: 6, singles: 3 } as const;
const TWO_BLOCKS = { pages: 4, singles: 3, sectionPages: 2 } as const;
const TWO_SIZES = { pages: 8, singles: 4, maxOrder: REPORT_ORDER + 1 } as const;
const ONE_LARGE = { pages: 4, singles: 6, maxOrder: REPORT_ORDER + 1 } as const;
/** Of each largest block one half is absent. */
const HALVES = {
  pages: 12,
  singles: 4,
  maxOrder: REPORT_ORDER + 1,
  holes: [2, 6, 10].map((start) => ({ start, pages: 2 })),
} as const;
const WHOLE_BLOCKS = { menu: { orders: [REPORT_ORDER + 1] } } as const;
const CACHES = { pcp: { maxOrder: -1, huge: true, high: 8, batch: 4 } } as const;

/** The scopes without any gap: there nothing is left unreported, and nothing held, whatever users go on doing. */
export const SOUND: readonly Plan[] = [
  plan("blocks of one size", ONE_SIZE),
  plan("blocks of one size, a batch of two", { ...ONE_SIZE, capacity: 2, singles: 5 }),
  plan("blocks of one size, a budget soon spent", {
    ...ONE_SIZE,
    pages: 8,
    singles: 4,
    settings: { budgetDivisor: 4 },
  }),
  plan("blocks of one size, a pass begins later", { ...ONE_SIZE, settings: { delay: 1 } }),
  plan("blocks of one size, callers wait", { ...ONE_SIZE, menu: { waits: [true] } }),
  plan("two blocks, each a section", TWO_BLOCKS),
  plan("large blocks, asked for as a whole", { ...ONE_LARGE, ...WHOLE_BLOCKS }),
  plan("blocks whose other half is absent", HALVES),
];

export const GAPS: readonly Gap[] = [
  {
    id: "L1",
    what: "Refuted for frees: a block that merges as a batch comes back is reported by the pass that the free of its other half has asked for.",
    source: "duyck-line.md E.5 L1",
    plan: plan("halves of blocks come and go", TWO_SIZES),
    wish: LARGEST_REPORTED,
    comesTo: "holds",
  },
  {
    id: "L1-batch",
    what: "The same where both halves may be in one batch.",
    source: "duyck-line.md E.5 L1, H.4 1",
    plan: plan("halves of blocks come and go, a batch of two", { ...TWO_SIZES, capacity: 2, singles: 6 }),
    wish: LARGEST_REPORTED,
    comesTo: "holds",
  },
  {
    id: "L1-types",
    what: "The same where halves merge on the list of a type that the pass has left behind.",
    source: "duyck-line.md E.5 L1",
    plan: plan("halves of two types come and go", { ...TWO_SIZES, menu: { types: ["unmovable", "movable"] } }),
    wish: LARGEST_REPORTED,
    comesTo: "holds",
  },
  {
    id: "L1-raised",
    what: "Confirmed for a half that came back while the report order was above it: it asked for no pass, and merged.",
    source: "duyck-line.md E.5 L1 with L6",
    plan: plan("halves of blocks come and go, the order is raised", { ...TWO_SIZES, menu: { extras: ["set-order"] } }),
    wish: LARGEST_REPORTED,
    comesTo: "resting",
  },
  {
    id: "L2",
    what: "What is left of a reported block that was split loses its mark, and asks for no pass.",
    source: "duyck-line.md E.5 L2",
    plan: plan("halves of large blocks are asked for", { ...ONE_LARGE }),
    wish: EVERYTHING_REPORTED,
    comesTo: "resting",
  },
  {
    id: "L3-unisolated",
    what: "A block that comes back when offlining is given up asks for no pass.",
    source: "duyck-line.md E.5 L3",
    plan: plan("offlining is given up", { ...TWO_BLOCKS, menu: { extras: ["offline", "abort"] } }),
    wish: EVERYTHING_REPORTED,
    comesTo: "resting",
  },
  {
    id: "L3-onlined",
    what: "Memory that is added asks for no pass.",
    source: "duyck-line.md E.5 L3",
    plan: plan("memory goes and comes", { ...TWO_BLOCKS, menu: { extras: ["offline", "online"] } }),
    wish: EVERYTHING_REPORTED,
    comesTo: "resting",
  },
  {
    id: "L4-watermark",
    what: "A zone that has too little free as the pass comes by is not looked at again.",
    source: "duyck-line.md E.5 L4",
    plan: plan("nothing else is free", { ...ONE_SIZE, singles: 0 }),
    wish: EVERYTHING_REPORTED,
    comesTo: "resting",
  },
  {
    id: "L4-refused",
    what: "A request that the host refuses is not sent again, though it would agree the next time.",
    source: "duyck-line.md E.5 L4",
    plan: plan("the host may refuse", { ...ONE_SIZE, menu: { extras: ["refuse"] } }),
    wish: EVERYTHING_REPORTED,
    comesTo: "resting",
  },
  {
    id: "L5",
    what: "A large block on a per-CPU list is nobody's, and no pass sees it.",
    source: "duyck-line.md E.5 L5",
    plan: plan("a CPU keeps blocks for itself", { ...ONE_SIZE, settings: CACHES }),
    wish: EVERYTHING_REPORTED,
    comesTo: "resting",
  },
  {
    id: "L6",
    what: "Lowering the report order asks for no pass.",
    source: "duyck-line.md E.5 L6",
    plan: plan("the report order changes", { ...HALVES, menu: { extras: ["set-order"] } }),
    wish: EVERYTHING_REPORTED,
    comesTo: "resting",
  },
  {
    id: "L7",
    what: "What is left of a block around a page that failed loses its mark, and asks for no pass.",
    source: "duyck-line.md E.5 L7",
    plan: plan("pages fail", { ...ONE_LARGE, singles: 3, menu: { ...WHOLE_BLOCKS.menu, extras: ["memory-failure"] } }),
    wish: REMAINDERS_REPORTED,
    comesTo: "resting",
  },
  {
    id: "overtaken",
    what: "Compaction turns the list, and what users free comes before the same block again and again: each pass has spent its budget when its turn comes.",
    source: "duyck-line.md E.3 C3, A.7; our own analysis",
    plan: plan("compaction turns the list", {
      ...ONE_SIZE,
      settings: { budgetDivisor: 4 },
      menu: { extras: ["compact"] },
    }),
    wish: EVERYTHING_REPORTED,
    comesTo: "busy",
  },
  {
    id: "lost-answer",
    what: "A host that never answers keeps what it was given: that each request is answered is assumed, not shown.",
    source: "duyck-line.md H.3 L-ack",
    plan: plan("the host forgets a request", { ...ONE_SIZE, menu: { extras: ["lose"] } }),
    wish: NOTHING_HELD,
    comesTo: "resting",
  },
];
