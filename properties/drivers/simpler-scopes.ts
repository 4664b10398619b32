/** Smaller machines that might show the same: what the shrinker tries, boldest first. */
import {
  DEFAULT_SETTINGS,
  pagesOf,
  sectionsOf,
  type Geometry,
  type Settings,
  type Step,
  type ZoneGeometry,
} from "../../model/alphabet/index.ts";
import type { Scope } from "./scopes.ts";

interface Candidate {
  readonly scope: Scope;
  readonly steps: readonly Step[];
}

/** Every candidate is strictly simpler, so that shrinking ends. Steps are told in the new page numbers. */
export function simplerScopes(scope: Scope, steps: readonly Step[]): Candidate[] {
  const geometries = [
    ...fewerZones(scope.geometry),
    ...smallerZones(scope.geometry),
    ...smallerNumbers(scope.geometry),
  ];
  return [
    ...halved(scope, steps),
    ...geometries
      .filter((geometry) => makesSense(geometry))
      .map((geometry) => ({
        scope: { ...scope, geometry },
        steps: steps.map((step) => translate(step, scope.geometry, geometry)),
      })),
    ...plainerSettings(scope.settings, steps).map((settings) => ({ scope: { ...scope, settings }, steps })),
  ];
}

/** The same machine with every order one smaller and every page number and size halved: shapes stay alike. */
function halved(scope: Scope, steps: readonly Step[]): Candidate[] {
  const { maxOrder, pageblockOrder, reportOrder, sectionPages } = scope.geometry;
  if (maxOrder === 0) return [];
  const half = (pages: number): number => Math.floor(pages / 2);
  const less = (order: number): number => Math.max(0, order - 1);
  const geometry: Geometry = {
    ...scope.geometry,
    maxOrder: maxOrder - 1,
    pageblockOrder: less(pageblockOrder),
    reportOrder: less(reportOrder),
    ...(sectionPages === undefined ? {} : { sectionPages: half(sectionPages) }),
    zones: scope.geometry.zones.map((zone) => ({
      ...zone,
      start: half(zone.start),
      pages: half(zone.pages),
      holes: zone.holes
        .map((hole) => ({ start: half(hole.start), pages: half(hole.pages) }))
        .filter(({ pages }) => pages > 0),
      watermarks: { min: half(zone.watermarks.min), low: half(zone.watermarks.low), high: half(zone.watermarks.high) },
    })),
  };
  if (!makesSense(geometry)) return [];
  const smaller = steps.map((step): Step => {
    if (step.do === "alloc" || step.do === "compact" || step.do === "set-order")
      return { ...step, order: less(step.order) };
    if (step.do === "memory-failure") return { ...step, pfn: half(step.pfn) };
    if (step.do === "offline" || step.do === "online")
      return { ...step, start: half(step.start), pages: half(step.pages) };
    if (step.do === "pressure" || step.do === "balloon" || step.do === "squeeze")
      return { ...step, pages: half(step.pages) };
    return step;
  });
  return [{ scope: { ...scope, geometry }, steps: smaller }];
}

function fewerZones(geometry: Geometry): Geometry[] {
  if (geometry.zones.length === 1) return [];
  return geometry.zones.map((gone) => ({ ...geometry, zones: geometry.zones.filter((zone) => zone !== gone) }));
}

function smallerZones(geometry: Geometry): Geometry[] {
  const block = pagesOf(geometry.maxOrder);
  return geometry.zones.flatMap((zone, index) => {
    const below = index === 0 ? 0 : geometry.zones[index - 1].start + geometry.zones[index - 1].pages;
    const sizes = [zone.pages >> 1, zone.pages - block].filter(
      (pages) => pages >= block && pages < zone.pages && pages % block === 0,
    );
    const { min, low } = zone.watermarks;
    const simpler: ZoneGeometry[] = [
      ...sizes.map((pages) => ({
        ...zone,
        pages,
        holes: zone.holes.filter((hole) => hole.start + hole.pages <= zone.start + pages),
      })),
      ...(zone.holes.length > 0 ? [{ ...zone, holes: [] }] : []),
      ...(zone.start > below ? [moved(zone, below)] : []),
      ...(zone.node > 0 ? [{ ...zone, node: 0 }] : []),
      ...(zone.watermarks.high > 0 ? [{ ...zone, watermarks: { min: 0, low: 0, high: 0 } }] : []),
      ...(low > min ? [{ ...zone, watermarks: { min, low: min, high: min } }] : []),
      ...(min > 0 ? [{ ...zone, watermarks: { min: min - 1, low: min - 1, high: min - 1 } }] : []),
    ];
    return simpler.map((one) => ({ ...geometry, zones: geometry.zones.with(index, one) }));
  });
}

function moved(zone: ZoneGeometry, start: number): ZoneGeometry {
  const by = start - zone.start;
  return { ...zone, start, holes: zone.holes.map((hole) => ({ ...hole, start: hole.start + by })) };
}

function smallerNumbers(geometry: Geometry): Geometry[] {
  const { maxOrder, pageblockOrder, reportOrder, capacity, sectionPages } = geometry;
  const { sectionPages: _, ...oneSection } = geometry;
  return [
    ...(sectionPages === undefined ? [] : [oneSection]),
    ...(capacity > 1 ? [{ ...geometry, capacity: capacity - 1 }] : []),
    ...(pageblockOrder > 0 ? [{ ...geometry, pageblockOrder: pageblockOrder - 1 }] : []),
    ...(reportOrder > 0 ? [{ ...geometry, reportOrder: reportOrder - 1 }] : []),
    ...(maxOrder > Math.max(pageblockOrder, reportOrder) ? [{ ...geometry, maxOrder: maxOrder - 1 }] : []),
    ...(maxOrder > 0 && maxOrder === pageblockOrder && reportOrder < maxOrder
      ? [{ ...geometry, maxOrder: maxOrder - 1, pageblockOrder: pageblockOrder - 1 }]
      : []),
  ];
}

function plainerSettings(settings: Settings, steps: readonly Step[]): Settings[] {
  // A step must not name a CPU that is gone.
  const named = Math.max(0, ...steps.map((step) => ("cpu" in step ? step.cpu : 0)));
  return [
    ...(settings.pcp.maxOrder < 0 && !settings.pcp.huge ? [] : [{ ...settings, pcp: DEFAULT_SETTINGS.pcp }]),
    ...(settings.pcp.huge ? [{ ...settings, pcp: { ...settings.pcp, huge: false } }] : []),
    ...(settings.cpus > named + 1 ? [{ ...settings, cpus: named + 1 }] : []),
    ...(settings.highatomicPageblocks > 0 ? [{ ...settings, highatomicPageblocks: 0 }] : []),
    ...(settings.highWater > 1 ? [{ ...settings, highWater: settings.highWater - 1 }] : []),
    ...(settings.budgetDivisor > 1 ? [{ ...settings, budgetDivisor: settings.budgetDivisor - 1 }] : []),
    ...(settings.delay > 0 ? [{ ...settings, delay: settings.delay - 1 }] : []),
    ...(settings.retries > 0 && settings.slowPath === "waits" ? [{ ...settings, retries: 0 }] : []),
    ...(settings.freeContent === "anything" ? [] : [{ ...settings, freeContent: "anything" as const }]),
    ...(settings.hostDrops === "at-once" ? [] : [{ ...settings, hostDrops: "at-once" as const }]),
    ...(settings.dirtyLog === "bitmap" ? [] : [{ ...settings, dirtyLog: "bitmap" as const }]),
  ];
}

/** Guests need sections that hold whole pageblocks; zones that hold whole largest blocks. */
function makesSense(geometry: Geometry): boolean {
  const block = pagesOf(geometry.maxOrder);
  const pageblock = pagesOf(geometry.pageblockOrder);
  const { sectionPages } = geometry;
  return (
    geometry.zones.every((zone) => zone.start % block === 0 && zone.pages % block === 0 && zone.pages > 0) &&
    (sectionPages === undefined || (sectionPages > 0 && sectionPages % pageblock === 0))
  );
}

/** The same step in the page numbers of another geometry; what names a zone that is gone will change nothing. */
function translate(step: Step, from: Geometry, to: Geometry): Step {
  if (step.do === "memory-failure") return { ...step, pfn: translatePage(step.pfn, from, to) };
  if (step.do !== "offline" && step.do !== "online") return step;
  const pfn = translatePage(step.start, from, to);
  for (const zone of to.zones) {
    for (const section of sectionsOf(to, zone)) {
      if (pfn >= section.start && pfn < section.start + section.pages) return { ...step, ...section };
    }
  }
  return step;
}

function translatePage(pfn: number, from: Geometry, to: Geometry): number {
  const zone = from.zones.find((one) => pfn >= one.start && pfn < one.start + one.pages);
  const same = to.zones.find((one) => one.name === zone?.name);
  return zone === undefined || same === undefined ? pfn : pfn - zone.start + same.start;
}
