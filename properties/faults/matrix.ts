/**
 * The kill matrix: planted faults by properties. It says how strong a green run is, and which property would not be
 * missed: one that kills nothing alone.
 */
import { drive, xorshift } from "../drivers/campaign.ts";
import { SCOPES } from "../drivers/scopes.ts";
import { PROPERTIES, type PropertyId } from "../judges/properties.ts";
import { Worlds } from "../subjects.ts";
import type { Fault } from "./fault.ts";
import { hunt } from "./hunt.ts";

export interface MatrixRow {
  readonly fault: Fault;
  /** What the hunt at the default budget found; undefined where the fault survived. */
  readonly found?: {
    readonly property: PropertyId;
    readonly runs: number;
    /** Steps until it was found. */
    readonly steps: number;
    /** Actions after shrinking. */
    readonly length: number;
  };
  /** Every property that finds it when those that found it before are passed over; lockstep is not asked. */
  readonly killers: readonly PropertyId[];
}

/** Runs, and steps of each, in which a further killer is looked for. */
const FURTHER_RUNS = 60;
const FURTHER_STEPS = 200;

/** Hunts one fault, and then asks who else would have seen it. */
export function matrixRow(fault: Fault, runs: number, seed: number): MatrixRow {
  const { sampled } = hunt(fault, runs, seed);
  if (sampled.found === undefined) return { fault, killers: [] };
  const { steps, shrunk } = sampled.found;
  const { property } = shrunk.violation;
  const found = { property, runs: sampled.found.run, steps, length: shrunk.steps.length };
  return { fault, found, killers: property === "lockstep" ? [] : killersOf(fault, property, seed) };
}

function killersOf(fault: Fault, first: PropertyId, seed: number): PropertyId[] {
  const killers: PropertyId[] = [first];
  for (;;) {
    const next = anotherKiller(fault, new Set(killers), seed);
    if (next === undefined) return killers;
    killers.push(next);
  }
}

function anotherKiller(fault: Fault, ignored: ReadonlySet<PropertyId>, seed: number): PropertyId | undefined {
  const worlds = new Worlds({ design: fault.design, system: "impl", fault: fault.id }, false, ignored);
  const choose = xorshift(seed);
  for (let run = 0; run < FURTHER_RUNS; run++) {
    const { violation } = drive(worlds, SCOPES[run % SCOPES.length], choose, FURTHER_STEPS);
    if (violation !== undefined) return violation.property;
  }
  return undefined;
}

/** Properties that some fault needs: nobody else finds it. */
export function soleKillers(rows: readonly MatrixRow[]): Set<PropertyId> {
  const needed = new Set<PropertyId>();
  for (const { found, killers } of rows) {
    if (found?.property === "lockstep") needed.add("lockstep");
    else if (killers.length === 1) needed.add(killers[0]);
  }
  return needed;
}

/** The matrix as text, under 120 columns: `#` found it first, `+` would have found it too. */
export function renderMatrix(rows: readonly MatrixRow[]): string {
  const columns = PROPERTIES.filter(({ id }) => rows.some(({ killers, found }) => id === found?.property || killers.some((killer) => killer === id)));
  const legend = columns.map(({ id }, at) => `${letter(at)} ${id}`);
  const head = `${"fault".padEnd(42)} ${columns.map((_, at) => letter(at)).join(" ")}   runs  actions  shrunk`;
  const lines = rows.map(({ fault, found, killers }) => {
    const cells = columns.map(({ id }) => (id === found?.property ? "#" : killers.some((killer) => killer === id) ? "+" : "."));
    const numbers =
      found === undefined
        ? "survives"
        : `${String(found.runs).padStart(6)} ${String(found.steps).padStart(8)} ${String(found.length).padStart(7)}`;
    return `${fault.id.padEnd(42)} ${cells.join(" ")} ${numbers}`;
  });
  const alone = soleKillers(rows);
  const missing = columns.filter(({ id }) => ![...alone].some((one) => one === id)).map(({ id }) => id);
  return [
    ...wrapped(legend),
    "",
    head,
    ...lines,
    "",
    `${rows.filter(({ found }) => found !== undefined).length} of ${rows.length} faults found. ${summary(rows)}`,
    missing.length === 0
      ? "Every property that found any found one that no other property finds."
      : `Never the only one to find a fault: ${missing.join(", ")}.`,
  ].join("\n");
}

function summary(rows: readonly MatrixRow[]): string {
  const found = rows.flatMap((row) => (row.found === undefined ? [] : [row.found]));
  const middle = (numbers: number[]): string => {
    const sorted = numbers.toSorted((one, other) => one - other);
    return `median ${sorted[Math.floor(sorted.length / 2)] ?? 0}, worst ${sorted.at(-1) ?? 0}`;
  };
  return `Actions until found: ${middle(found.map(({ steps }) => steps))}; after shrinking: ${middle(found.map(({ length }) => length))}.`;
}

function letter(at: number): string {
  return String.fromCharCode("a".charCodeAt(0) + at);
}

/** Legend entries, several a line. */
function wrapped(entries: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < entries.length; at += 5) lines.push(entries.slice(at, at + 5).map((entry) => entry.padEnd(22)).join("").trimEnd());
  return lines;
}
