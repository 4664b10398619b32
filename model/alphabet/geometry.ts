/**
 * The shape of a machine's memory: `wire.md`, "Geometry".
 *
 * A `Geometry` is what stands in a file, with every default filled in. It is plain data; the few functions
 * below answer the questions that model, implementation and judges all ask of it.
 */
import type { Block, Order, Pages, Pfn, ZoneIndex } from "./units.ts";
import { pagesOf } from "./units.ts";

/** Neighbouring pages. */
export interface PageRange {
  readonly start: Pfn;
  readonly pages: Pages;
}

/** Free pages of a zone under which it is short of memory. `wire.md`, "Geometry". */
export interface Watermarks {
  readonly min: Pages;
  readonly low: Pages;
  readonly high: Pages;
}

/** One zone of a machine, on one node. */
export interface ZoneGeometry extends PageRange {
  readonly name: string;
  readonly node: number;
  /** Absent pages inside the zone, ascending and apart. */
  readonly holes: readonly PageRange[];
  readonly watermarks: Watermarks;
}

/** A machine's memory, with every default filled in. */
export interface Geometry {
  /** Bytes in a page. */
  readonly pageSize: number;
  /** The largest block is 2^maxOrder pages, inclusive. */
  readonly maxOrder: Order;
  /** 2^pageblockOrder pages share one migratetype. */
  readonly pageblockOrder: Order;
  /** The smallest order that may be reported. */
  readonly reportOrder: Order;
  /** The most ranges in one request to the host. */
  readonly capacity: number;
  /** The granularity of hotplug, counted from each zone's start; absent: each zone is one section. */
  readonly sectionPages?: Pages;
  readonly zones: readonly ZoneGeometry[];
}

/** The zone that has this page inside its bounds (perhaps in a hole), or -1. */
export function zoneOf(geometry: Geometry, pfn: Pfn): ZoneIndex {
  for (let index = 0; index < geometry.zones.length; index++) {
    const zone = geometry.zones[index];
    if (pfn >= zone.start && pfn < zone.start + zone.pages) return index;
  }
  return -1;
}

/** True where the zone has no page. */
export function inHole(zone: ZoneGeometry, pfn: Pfn): boolean {
  return zone.holes.some((hole) => pfn >= hole.start && pfn < hole.start + hole.pages);
}

/** Pages in one section of a zone; the last section of a zone may be shorter. */
export function sectionPagesOf(geometry: Geometry, zone: ZoneGeometry): Pages {
  return Math.min(geometry.sectionPages ?? zone.pages, zone.pages);
}

/** The sections of a zone, ascending. */
export function sectionsOf(geometry: Geometry, zone: ZoneGeometry): PageRange[] {
  const size = sectionPagesOf(geometry, zone);
  const sections: PageRange[] = [];
  for (let at = 0; at < zone.pages; at += size) {
    sections.push({ start: zone.start + at, pages: Math.min(size, zone.pages - at) });
  }
  return sections;
}

/** The fewest aligned blocks that make up a range, ascending. */
export function* blocksOf({ start, pages }: PageRange, maxOrder: Order): Generator<Block> {
  const end = start + pages;
  for (let pfn = start; pfn < end;) {
    let order = 0;
    while (order < maxOrder && pfn % pagesOf(order + 1) === 0 && pfn + pagesOf(order + 1) <= end) order += 1;
    yield { pfn, order };
    pfn += pagesOf(order);
  }
}

/** Pages inside the bounds of all zones, holes included. */
export function spannedPages(geometry: Geometry): Pages {
  return geometry.zones.reduce((sum, zone) => sum + zone.pages, 0);
}

/** The zones in the order in which an allocation tries them: those of the preferred node first. */
export function zonelist(geometry: Geometry, node: number): ZoneIndex[] {
  const all = geometry.zones.map((_, index) => index);
  const near = (index: ZoneIndex): boolean => geometry.zones[index].node === node;
  return [...all.filter(near), ...all.filter((index) => !near(index))];
}
