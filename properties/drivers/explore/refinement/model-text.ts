/**
 * A state of the model as text: two states have the same text where they are the same, however they came about. Written
 * from model/state.ts alone; nothing of the implementation is known here.
 */
import type { State, Zone } from "../../../../model/state.ts";

/** By part of a zone: most steps leave most parts of most zones as they are, and nothing in a state ever changes. */
const written = new WeakMap<object, string>();

/** The text of a state. */
export function textOf({ zones, waiters, hotplug, reporter, stopped }: State): string {
  return [...zones.map(zoneText), plain(waiters), plain(hotplug), plain(reporter), stopped].join("\n");
}

function zoneText(zone: Zone): string {
  return Object.entries(zone)
    .map(([name, part]) => `${name}:${partText(part)}`)
    .join("\n");
}

function partText(part: object | number): string {
  if (typeof part === "number") return String(part);
  const known = written.get(part);
  if (known !== undefined) return known;
  const text = plain(part);
  written.set(part, text);
  return text;
}

/** Plain data, the fields of each object in the order of the alphabet: it says nothing in which they came. */
function plain(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(plain).join()}]`;
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
