/**
 * What there is to visit: the transitions of all small plans of a design, as complete explorations have met them. A file
 * for each form, in properties/known/, written by bench/known.ts. In a file a label is told in two parts: what is done
 * and what comes of it, and under that the situations.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { DESIGNS } from "../model/designs/index.ts";
import { inPackage } from "./package-folder.ts";

export interface Known {
  /** The plans explored. */
  readonly plans: number;
  readonly states: number;
  /** Labelled transitions. */
  readonly transitions: readonly string[];
  /** What events alone show of them. */
  readonly moments: readonly string[];
}

/** Labels by what is done: the situations in which it is. */
type Grouped = Readonly<Record<string, readonly string[]>>;

/** A file. */
interface Kept {
  readonly plans: number;
  readonly states: number;
  readonly transitions: Grouped;
  readonly moments: Grouped;
}

function fileOf(form: string): string {
  return inPackage("properties", "known", `${form.replace(":", "-")}.json`);
}

/** By design and variant (`bitmap:v10`), in the order of the registry: all of which a list is kept. */
export const KNOWN: ReadonlyMap<string, Known> = new Map(
  [...DESIGNS.values()]
    .flat()
    .map(({ id, variant }) => (variant === "" ? id : `${id}:${variant}`))
    .filter((form) => existsSync(fileOf(form)))
    .map((form) => [form, read(form)]),
);

function read(form: string): Known {
  const { plans, states, transitions, moments }: Kept = JSON.parse(readFileSync(fileOf(form), "utf8"));
  return { plans, states, transitions: labels(transitions), moments: labels(moments) };
}

/** Writes the file of a form, a row a line, so that a change is read as what it is. */
export function keep(form: string, { plans, states, transitions, moments }: Known): void {
  const text = [
    "{",
    `  "plans": ${plans},`,
    `  "states": ${states},`,
    `  "transitions": ${rows(grouped(transitions))},`,
    `  "moments": ${rows(grouped(moments))}`,
    "}",
    "",
  ];
  writeFileSync(fileOf(form), text.join("\n"));
}

function rows(of: Grouped): string {
  const lines = Object.entries(of).map(([what, all]) => `    ${JSON.stringify(what)}: ${JSON.stringify(all)}`);
  return `{\n${lines.join(",\n")}\n  }`;
}

/** @param of as labels are told: the situation stands behind the last semicolon */
export function grouped(of: Iterable<string>): Grouped {
  const situations = new Map<string, string[]>();
  for (const label of of) {
    const at = label.lastIndexOf("; ");
    const what = label.slice(0, at);
    situations.set(what, [...(situations.get(what) ?? []), label.slice(at + 2)]);
  }
  const sorted = [...situations].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([what, all]) => [what, all.toSorted()]));
}

export function labels(of: Grouped): string[] {
  return Object.entries(of).flatMap(([what, all]) => all.map((situation) => `${what}; ${situation}`));
}
