/**
 * `/proc/zoneinfo`: the kernel's zones, and how many pages each keeps back from whom.
 *
 * A caller who may use zones up to `highest` gets a block of a zone only where the zone keeps, beside that block, its
 * watermark (min in the slow path) and `protection[highest]` pages: what lower zones keep for those who can go nowhere else.
 * The kernel may raise all watermarks for a while (`boost`); zoneinfo prints them raised, and they are kept here as they are
 * without. Source: mm/page_alloc.c, __zone_watermark_ok; mm/vmstat.c, zoneinfo_show_print.
 */
import type { Pages, Pfn, Watermarks } from "../../../model/alphabet/index.ts";
import type { Section } from "./sections.ts";
import { broken } from "./sections.ts";

/** A zone as the kernel has it: its own bounds, not in whole blocks. */
export interface KernelZone {
  readonly name: string;
  readonly node: number;
  /** Its place among the zones of its node, empty ones included: what `reserves` is indexed by. */
  readonly index: number;
  readonly start: Pfn;
  readonly spanned: Pages;
  readonly present: Pages;
  /** Pages that the page allocator ever had. */
  readonly managed: Pages;
  /** Without boost. Where they changed during the recording, the lowest min and the highest low and high. */
  readonly watermarks: Watermarks;
  /** By the highest zone that a caller may use: pages that he must leave beside the watermark. */
  readonly reserves: readonly Pages[];
  /** Pages by which the kernel's own count of free pages may be off: what all CPUs together have not yet added to it. */
  readonly drift: Pages;
}

/**
 * The zones that have pages.
 *
 * @param after what zoneinfo said after the recording, where that was kept
 * @throws InputError (without the file) where a zone's bounds are missing
 */
export function readZones(before: Section, after: Section | undefined): KernelZone[] {
  const zones = populated(before);
  if (zones.length === 0) throw broken(before, "at least one zone with pages, as /proc/zoneinfo prints them");
  const later = new Map((after === undefined ? [] : populated(after)).map((zone) => [keyOf(zone), zone.watermarks]));
  return zones.map((zone) => {
    const changed = later.get(keyOf(zone)) ?? zone.watermarks;
    return {
      ...zone,
      watermarks: {
        min: Math.min(zone.watermarks.min, changed.min),
        low: Math.max(zone.watermarks.low, changed.low),
        high: Math.max(zone.watermarks.high, changed.high),
      },
    };
  });
}

/** The place, in its node, of the highest zone that has pages. */
export function topIndex(zones: readonly KernelZone[]): number {
  return Math.max(...zones.map(({ index }) => index));
}

export function keyOf({ node, name }: Pick<KernelZone, "node" | "name">): string {
  return `${node} ${name}`;
}

function populated(section: Section): KernelZone[] {
  return zoneParts(section).flatMap((part) => zoneOf(part, section) ?? []);
}

function zoneOf({ node, index, name, text }: ZonePart, section: Section): KernelZone | undefined {
  const spanned = numberAfter(text, "spanned");
  const present = numberAfter(text, "present");
  if (spanned === undefined || present === undefined) throw broken(section, `"spanned" and "present" of zone ${name}`);
  if (present === 0) return undefined;
  const start = numberAfter(text, "start_pfn:");
  if (start === undefined) throw broken(section, `"start_pfn" of zone ${name}`);
  const boost = numberAfter(text, "boost") ?? 0;
  const mark = (word: string): number => Math.max(0, (numberAfter(text, word) ?? 0) - boost);
  const protection = /protection: \(([\d, ]+)\)/.exec(text)?.[1].split(",").map(Number) ?? [];
  return {
    name,
    node,
    index,
    start,
    spanned,
    present,
    managed: numberAfter(text, "managed") ?? present,
    watermarks: { min: mark("min"), low: mark("low"), high: mark("high") },
    reserves: Array.from({ length: Math.max(ZONES, protection.length) }, (_, highest) => protection[highest] ?? 0),
    drift: [...text.matchAll(/vm stats threshold: (\d+)/g)].reduce((sum, [, pages]) => sum + Number(pages), 0),
  };
}

/** DMA, DMA32, Normal, Movable, Device: as many as x86-64 has. */
const ZONES = 5;

interface ZonePart {
  readonly node: number;
  readonly index: number;
  readonly name: string;
  text: string;
}

function zoneParts(section: Section): ZonePart[] {
  const parts: ZonePart[] = [];
  for (const line of section.lines) {
    const head = /^Node (\d+), zone\s+(\S+)/.exec(line);
    const last = parts.at(-1);
    if (head !== null) {
      const node = Number(head[1]);
      parts.push({ node, index: last?.node === node ? last.index + 1 : 0, name: head[2], text: "" });
    } else if (last !== undefined) last.text += `${line}\n`;
  }
  return parts;
}

function numberAfter(text: string, word: string): number | undefined {
  const found = new RegExp(`^\\s+${word}\\s+(\\d+)\\s*$`, "m").exec(text);
  return found === null ? undefined : Number(found[1]);
}
