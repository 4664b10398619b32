/**
 * `meta.txt`: the machine that was recorded, in sections that begin with `== name`.
 *
 * From it come the geometry, the recorder's own statistics, what `/proc/buddyinfo` said at the end, and the times of
 * the reports: the main trace is stamped by a counter, a second trace instance has monotonic time.
 *
 * **Zones.** Linux's zones begin and end anywhere: DMA at page 1, the last one where the memory ends. On the wire a zone
 * is made of whole blocks of maxOrder. So each zone is widened to such bounds, and all that is not the zone's own
 * memory becomes a hole. Which pages inside a zone are memory, `/proc/iomem` says ("System RAM", whole pages only);
 * the answer is used where its sum is the `present` of zoneinfo, as it is on every machine without memory hotplug.
 *
 * **Watermarks.** On the wire a caller must leave `min` pages. In Linux he must leave the zone's min watermark and what the
 * zone keeps back from callers who may use higher zones too (zoneinfo: `protection`). So `min` is the sum, for a caller who
 * may use every zone; whoever may not is not judged by it (guest/out-of-memory.ts).
 *
 * **Sections.** Linux hotplugs memory in sections of 128 MiB, but a judge sees it come online in blocks of maxOrder, or
 * of a pageblock where the memory map itself lies on the new memory. So a section is a pageblock here.
 */
import type { Geometry, PageRange, Pfn, ZoneGeometry } from "../../../model/alphabet/index.ts";
import { InputError } from "../../../model/alphabet/index.ts";
import { CAPACITY, PAGE_SIZE } from "./machine.ts";
import type { Section } from "./sections.ts";
import { broken, readSections, required } from "./sections.ts";
import type { Timing } from "./timing.ts";
import { timingOf } from "./timing.ts";
import type { KernelZone } from "./zoneinfo.ts";
import { keyOf, readZones, topIndex } from "./zoneinfo.ts";

/** Sections in which the recorder accounts for what it lost: the rings, and the probes. */
export const ACCOUNTS = ["stats", "kprobe_profile"] as const;
export type Account = (typeof ACCOUNTS)[number];

export interface Meta {
  readonly geometry: Geometry;
  readonly zones: readonly KernelZone[];
  /** Free blocks by order, of each zone, read right after the recording; by zone index; absent where it was not kept. */
  readonly buddyinfoAfter: readonly (readonly number[])[] | undefined;
  /** How often direct compaction ran, where vmstat says so: it captures at most one block each time. */
  readonly compactions: number | undefined;
  /** The recorder saw every call of the OOM killer. */
  readonly seesOomKills: boolean;
  /** What the recorder wrote down of its own losses. */
  readonly accounts: readonly Account[];
  /** Absent where there was no second instance, or where it lost events: then reports have no times. */
  readonly timing: Timing | undefined;
}

/** One past the last page of the last zone, in whole blocks. */
export function endOf({ geometry }: Pick<Meta, "geometry">): Pfn {
  return Math.max(...geometry.zones.map(({ start, pages }) => start + pages));
}

/** @throws InputError where a section is missing or broken, or the recorder itself says that it lost events */
export async function readMeta(path: string): Promise<Meta> {
  const sections = await readSections(path);
  try {
    return metaOf(sections);
  } catch (error) {
    throw error instanceof InputError ? error.at({ file: path }) : error;
  }
}

function metaOf(sections: ReadonlyMap<string, Section>): Meta {
  rejectLosses(sections);
  const before = buddyinfo(required(sections, "buddyinfo before"));
  const maxOrder = before.values().next().value?.length ?? 0;
  if (maxOrder === 0)
    throw broken(required(sections, "buddyinfo before"), "a line for each zone: Node 0, zone DMA, counts");
  const zones = readZones(required(sections, "zoneinfo"), sections.get("zoneinfo after"));
  const after = sections.get("buddyinfo after");
  const counts = after === undefined ? undefined : buddyinfo(after);
  return {
    geometry: geometryOf(sections, zones, maxOrder - 1),
    zones,
    buddyinfoAfter: counts === undefined ? undefined : zones.map((zone) => counts.get(keyOf(zone)) ?? []),
    compactions: compactionsOf(sections.get("vmstat")),
    seesOomKills: sections.get("dynamic_events")?.lines.some((line) => line.startsWith("p:fpr/oom ")) ?? false,
    accounts: ACCOUNTS.filter((name) => sections.has(name)),
    timing: timingOf(sections.get("time instance")),
  };
}

function geometryOf(sections: ReadonlyMap<string, Section>, zones: readonly KernelZone[], maxOrder: number): Geometry {
  const memory = systemRam(sections.get("iomem"));
  const types = sections.get("pagetypeinfo before")?.lines.join("\n") ?? "";
  const pageblockOrder = Number(/Page block order:\s*(\d+)/.exec(types)?.[1] ?? Math.min(9, maxOrder));
  const top = topIndex(zones);
  const names = new Set<string>();
  return {
    pageSize: PAGE_SIZE,
    maxOrder,
    pageblockOrder,
    // Linux can change the order while it runs: what is in force is checked at every pass, not by the geometry.
    reportOrder: 0,
    capacity: CAPACITY,
    sectionPages: 2 ** pageblockOrder,
    zones: zones.map((zone): ZoneGeometry => {
      const name = names.has(zone.name) ? `${zone.name} of node ${zone.node}` : zone.name;
      names.add(name);
      const { min, low, high } = zone.watermarks;
      const watermarks = { min: min + zone.reserves[top], low, high };
      return { name, node: zone.node, watermarks, ...widen(zone, memory, 2 ** maxOrder) };
    }),
  };
}

/** The zone in whole blocks of maxOrder, and what of these is not its memory. */
export function widen(
  zone: Pick<KernelZone, "start" | "spanned" | "present">,
  memory: readonly PageRange[],
  block: number,
): { start: number; pages: number; holes: PageRange[] } {
  const end = zone.start + zone.spanned;
  const start = Math.floor(zone.start / block) * block;
  const wideEnd = Math.ceil(end / block) * block;
  const inside = memory
    .map((range) => ({ start: Math.max(range.start, zone.start), end: Math.min(range.start + range.pages, end) }))
    .filter((range) => range.start < range.end);
  const known = inside.reduce((sum, range) => sum + range.end - range.start, 0) === zone.present;
  const present = known ? inside : [{ start: zone.start, end }];
  const holes: PageRange[] = [];
  let at = start;
  for (const range of [...present, { start: wideEnd, end: wideEnd }]) {
    if (range.start > at) holes.push({ start: at, pages: range.start - at });
    at = range.end;
  }
  return { start, pages: wideEnd - start, holes };
}

/** Free blocks by order, by zone. */
function buddyinfo(section: Section): Map<string, number[]> {
  const zones = new Map<string, number[]>();
  for (const line of section.lines) {
    const found = /^Node (\d+), zone\s+(\S+)((?:\s+\d+)+)\s*$/.exec(line);
    if (found === null) continue;
    zones.set(keyOf({ node: Number(found[1]), name: found[2] }), found[3].trim().split(/\s+/).map(Number));
  }
  return zones;
}

function compactionsOf(section: Section | undefined): number | undefined {
  const found = /^compact_stall (\d+)\s*$/m.exec(section?.lines.join("\n") ?? "");
  return found === null ? undefined : Number(found[1]);
}

/** The whole pages of all "System RAM", ascending. */
function systemRam(section: Section | undefined): PageRange[] {
  const ranges: PageRange[] = [];
  for (const line of section?.lines ?? []) {
    const found = /^([0-9a-f]+)-([0-9a-f]+) : System RAM/.exec(line);
    if (found === null) continue;
    const start = Math.ceil(Number(`0x${found[1]}`) / PAGE_SIZE);
    const end = Math.floor((Number(`0x${found[2]}`) + 1) / PAGE_SIZE);
    if (end > start) ranges.push({ start, pages: end - start });
  }
  return ranges;
}

/** The ring buffers' and the probes' own account of what they lost. Source: `linux-guest.md` 3. */
function rejectLosses(sections: ReadonlyMap<string, Section>): void {
  const stats = sections.get("stats");
  stats?.lines.forEach((text, index) => {
    const found = /^(overrun|commit overrun|dropped events): (\d+)/.exec(text);
    if (found === null || Number(found[2]) === 0) return;
    const line = stats.line + 1 + index;
    throw new InputError(
      { line },
      `found "${text.trim()}": events were lost. Record again with a larger buffer_size_kb`,
    );
  });
  const probes = sections.get("kprobe_profile");
  probes?.lines.forEach((text, index) => {
    const found = /^\s*(\S+)\s+\d+\s+(\d+)\s*$/.exec(text);
    if (found === null || Number(found[2]) === 0) return;
    const line = probes.line + 1 + index;
    throw new InputError(
      { line },
      `the probe ${found[1]} missed ${found[2]} calls: what happened in them is unknown. Record again`,
    );
  });
}
