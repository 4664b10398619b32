/**
 * The small and odd machines on which everything shows (`duyck-line.md` H.5): what random runs draw from.
 */
import { designOf } from "../../model/designs/index.ts";
import { DEFAULT_SETTINGS, type Geometry, type Settings, type ZoneGeometry } from "../../model/alphabet/index.ts";

export interface Scope {
  readonly name: string;
  readonly geometry: Geometry;
  readonly settings: Settings;
}

/** Settings under which a few blocks are enough: no delay, a budget of one request a list, a water mark of one block. */
export const SMALL: Settings = { ...DEFAULT_SETTINGS, highWater: 1, budgetDivisor: 1, delay: 0, retries: 1 };

/** A geometry, as far as it differs from most of those here. */
export type Shape = Partial<Omit<Geometry, "zones">> & { readonly zones: readonly Partial<ZoneGeometry>[] };

function geometry(shape: Shape): Geometry {
  const { zones, ...rest } = shape;
  let end = 0;
  return {
    pageSize: 4096,
    maxOrder: 3,
    pageblockOrder: 2,
    reportOrder: 2,
    capacity: 2,
    ...rest,
    zones: zones.map((zone, index) => {
      const start = zone.start ?? end;
      const pages = zone.pages ?? 32;
      end = start + pages;
      const watermarks = zone.watermarks ?? { min: 0, low: 0, high: 0 };
      return { name: `zone${index}`, node: 0, holes: [], ...zone, start, pages, watermarks };
    }),
  };
}

export function scope(name: string, shape: Shape, settings: Partial<Settings> = {}): Scope {
  return { name, geometry: geometry(shape), settings: { ...SMALL, ...settings } };
}

export const SCOPES: readonly Scope[] = [
  scope("eight pages", { maxOrder: 2, pageblockOrder: 1, reportOrder: 1, capacity: 1, zones: [{ pages: 8 }] }),
  scope("one zone", { zones: [{ pages: 32 }] }),
  scope("one range a request", { capacity: 1, zones: [{ pages: 24 }] }, { delay: 1, budgetDivisor: 2 }),
  scope("a budget soon spent", { maxOrder: 2, capacity: 1, zones: [{ pages: 32 }] }, { budgetDivisor: 4 }),
  scope("watermarks", { zones: [{ pages: 32, watermarks: { min: 4, low: 6, high: 8 } }] }),
  scope("report order below a pageblock", { reportOrder: 1, zones: [{ pages: 32 }] }, { budgetDivisor: 2 }),
  scope("pageblock is the largest block", { maxOrder: 2, capacity: 3, zones: [{ pages: 24 }] }),
  scope("two nodes and a hole", {
    zones: [
      { pages: 16, watermarks: { min: 1, low: 2, high: 3 } },
      { pages: 16, node: 1, holes: [{ start: 18, pages: 5 }] },
    ],
  }),
  scope("far away", { zones: [{ start: 2 ** 40, pages: 16 }] }, { highWater: 2, delay: 2 }),
  scope("sections of one pageblock", { sectionPages: 4, zones: [{ pages: 16 }] }),
  scope("sections of two blocks", { sectionPages: 16, zones: [{ pages: 32 }, { pages: 16, node: 1 }] }),
  scope(
    "per-CPU lists",
    { sectionPages: 8, zones: [{ pages: 32 }] },
    {
      cpus: 2,
      pcp: { maxOrder: 1, huge: true, high: 6, batch: 3 },
    },
  ),
  scope(
    "highatomic reserve",
    { zones: [{ pages: 32, watermarks: { min: 2, low: 3, high: 4 } }] },
    {
      highatomicPageblocks: 1,
    },
  ),
  scope("poisoned pages", { zones: [{ pages: 24 }] }, { freeContent: "poison" }),
  scope("zeroed pages", { zones: [{ pages: 24 }] }, { freeContent: "zero" }),
  scope("blocks of four pageblocks", {
    pageblockOrder: 1,
    reportOrder: 1,
    sectionPages: 8,
    capacity: 3,
    zones: [{ pages: 32 }],
  }),
  scope("dropped lazily", { zones: [{ pages: 24 }] }, { hostDrops: "lazily" }),
  scope("every order is reported", { reportOrder: 0, capacity: 4, zones: [{ pages: 16 }] }),
  scope("two CPUs", { capacity: 3, zones: [{ pages: 32 }] }, { cpus: 2, delay: 1 }),
];

/** Where hints tell the host what it need not send: for designs that hear of hints. */
const MIGRATIONS: readonly Scope[] = [
  scope("migration, the log read at once", { zones: [{ pages: 32 }] }, { hintsFor: "migration" }),
  scope(
    "migration, the log read by chunks",
    { capacity: 3, zones: [{ pages: 32 }, { pages: 8, node: 1 }] },
    { hintsFor: "migration", dirtyLog: "chunk" },
  ),
];

/**
 * The machines on which a design is tried, set to this variant of it (empty: its first).
 * @throws InputError where there is no such design or variant
 */
export function scopesFor(design: string, variant = ""): readonly Scope[] {
  const hints = designOf(design, variant).hears.includes("hint");
  const scopes = hints ? [...SCOPES, ...MIGRATIONS] : SCOPES;
  return scopes.map((one) => ({ ...one, settings: { ...one.settings, variant } }));
}
