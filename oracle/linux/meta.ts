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
 * **Sections.** Linux hotplugs memory in sections of 128 MiB, but a judge sees it come online in blocks of maxOrder, or
 * of a pageblock where the memory map itself lies on the new memory. So a section is a pageblock here.
 */
import type { Geometry, PageRange, ZoneGeometry } from "../../model/alphabet/index.ts";
import { InputError } from "../../model/alphabet/index.ts";
import { CAPACITY, PAGE_SIZE } from "./machine.ts";
import type { Section } from "./sections.ts";
import { broken, readSections, required } from "./sections.ts";
import type { Timing } from "./timing.ts";
import { timingOf } from "./timing.ts";

/** A zone's own bounds, before it is widened. */
export interface KernelZone {
  readonly name: string;
  readonly node: number;
  readonly start: number;
  readonly spanned: number;
  readonly present: number;
}

export interface Meta {
  readonly geometry: Geometry;
  readonly zones: readonly KernelZone[];
  /** Free blocks by order, of each zone, read right after the recording; by zone index; absent where it was not kept. */
  readonly buddyinfoAfter: readonly (readonly number[])[] | undefined;
  /** How often direct compaction ran, where vmstat says so: it captures at most one block each time. */
  readonly compactions: number | undefined;
  /** Absent where there was no second instance, or where it lost events: then reports have no times. */
  readonly timing: Timing | undefined;
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
  const zones = kernelZones(required(sections, "zoneinfo"));
  const after = sections.get("buddyinfo after");
  const counts = after === undefined ? undefined : buddyinfo(after);
  return {
    geometry: geometryOf(sections, zones, maxOrder - 1),
    zones,
    buddyinfoAfter:
      counts === undefined ? undefined : zones.map((zone) => counts.get(keyOf(zone.node, zone.name)) ?? []),
    compactions: compactionsOf(sections.get("vmstat")),
    timing: timingOf(sections.get("time instance")),
  };
}

function geometryOf(sections: ReadonlyMap<string, Section>, zones: readonly KernelZone[], maxOrder: number): Geometry {
  const memory = systemRam(sections.get("iomem"));
  const types = sections.get("pagetypeinfo before")?.lines.join("\n") ?? "";
  const pageblockOrder = Number(/Page block order:\s*(\d+)/.exec(types)?.[1] ?? Math.min(9, maxOrder));
  const watermarks = watermarksOf(required(sections, "zoneinfo"));
  const names = new Set<string>();
  return {
    pageSize: PAGE_SIZE,
    maxOrder,
    pageblockOrder,
    // Linux can change the order while it runs: what is in force is checked at every pass, not by the geometry.
    reportOrder: 0,
    capacity: CAPACITY,
    sectionPages: 2 ** pageblockOrder,
    zones: zones.map((zone, index): ZoneGeometry => {
      const name = names.has(zone.name) ? `${zone.name} of node ${zone.node}` : zone.name;
      names.add(name);
      return { name, node: zone.node, watermarks: watermarks[index], ...widen(zone, memory, 2 ** maxOrder) };
    }),
  };
}

/** The zone in whole blocks of maxOrder, and what of these is not its memory. */
export function widen(
  zone: KernelZone,
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

function kernelZones(section: Section): KernelZone[] {
  const zones: KernelZone[] = [];
  for (const part of zoneParts(section)) {
    const spanned = numberAfter(part.text, "spanned");
    const present = numberAfter(part.text, "present");
    if (spanned === undefined || present === undefined)
      throw broken(section, `"spanned" and "present" of zone ${part.name}`);
    if (present === 0) continue;
    const start = numberAfter(part.text, "start_pfn:");
    if (start === undefined) throw broken(section, `"start_pfn" of zone ${part.name}`);
    zones.push({ name: part.name, node: part.node, start, spanned, present });
  }
  if (zones.length === 0) throw broken(section, "at least one zone with pages, as /proc/zoneinfo prints them");
  return zones;
}

function watermarksOf(section: Section): { min: number; low: number; high: number }[] {
  const populated = zoneParts(section).filter((part) => numberAfter(part.text, "present") !== 0);
  return populated.map(({ text }) => ({
    min: numberAfter(text, "min") ?? 0,
    low: numberAfter(text, "low") ?? 0,
    high: numberAfter(text, "high") ?? 0,
  }));
}

function zoneParts(section: Section): { node: number; name: string; text: string }[] {
  const parts: { node: number; name: string; text: string }[] = [];
  for (const line of section.lines) {
    const head = /^Node (\d+), zone\s+(\S+)/.exec(line);
    if (head !== null) parts.push({ node: Number(head[1]), name: head[2], text: "" });
    else if (parts.length > 0) parts[parts.length - 1].text += `${line}\n`;
  }
  return parts;
}

function numberAfter(text: string, word: string): number | undefined {
  const found = new RegExp(`^\\s+${word}\\s+(\\d+)\\s*$`, "m").exec(text);
  return found === null ? undefined : Number(found[1]);
}

/** Free blocks by order, by zone. */
function buddyinfo(section: Section): Map<string, number[]> {
  const zones = new Map<string, number[]>();
  for (const line of section.lines) {
    const found = /^Node (\d+), zone\s+(\S+)((?:\s+\d+)+)\s*$/.exec(line);
    if (found === null) continue;
    zones.set(keyOf(Number(found[1]), found[2]), found[3].trim().split(/\s+/).map(Number));
  }
  return zones;
}

function keyOf(node: number, name: string): string {
  return `${node} ${name}`;
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
