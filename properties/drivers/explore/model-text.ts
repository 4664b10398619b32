/**
 * A state of the model as text: two states have the same text where they are the same, however they came about. Written
 * from model/state.ts alone; nothing of the implementation is known here.
 */
import type { FreeList, State, Zone } from "../../../model/state.ts";

/** A zone is a value, and most steps leave most zones as they are. */
const written = new WeakMap<Zone, string>();

/** The text of a state. */
export function textOf({ zones, waiters, hotplug, reporter, stopped }: State): string {
  return [...zones.map(zoneText), plain(waiters), plain(hotplug), plain(reporter), stopped].join("\n");
}

function zoneText(zone: Zone): string {
  const known = written.get(zone);
  if (known !== undefined) return known;
  const { lists, blocks, pageblocks, caches, ...counters } = zone;
  const parts = [
    ...lists.map((area) => Object.values(area).map(listText).join()),
    plain(blocks),
    plain(pageblocks),
    ...caches.map((cache) => [cache.pages, ...cache.lists.map(listText)].join()),
    plain(counters),
  ];
  const text = parts.join("\n");
  written.set(zone, text);
  return text;
}

function listText({ blocks }: FreeList): string {
  return blocks.join(" ");
}

/** Plain data, the keys of each object in the order of the alphabet. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join()}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${name}:${plain(field)}`).join()}}`;
}

/** Where two states differ, for people: the first line of their texts that is not the same. */
export function firstDifference(one: State, other: State): string {
  const left = textOf(one).split("\n");
  const right = textOf(other).split("\n");
  const at = left.findIndex((line, place) => line !== right[place]);
  return `it was ${left[at]}, and is ${right[at]}`;
}
