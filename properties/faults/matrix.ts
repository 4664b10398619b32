/**
 * The kill matrix: planted faults by properties. It says how strong a green run is, and which property nobody would
 * miss: one that never is the only one to find a fault.
 */
import { sample } from "../drivers/random.ts";
import type { Finding } from "../drivers/shrink.ts";
import { PROPERTIES, type PropertyId } from "../judges/properties.ts";
import type { Fault } from "./fault.ts";
import { hunt, isEvidence, scopesOf } from "./hunt.ts";

export interface MatrixRow {
  readonly fault: Fault;
  /** What the hunt at the default budget found; undefined where the fault survived. */
  readonly found?: {
    readonly property: PropertyId;
    readonly runs: number;
    /** Steps until it was found. */
    readonly steps: number;
    /** The shortest story of it. */
    readonly shrunk: Finding;
  };
  /** True where no other property finds it: with this one passed over, the others (without lockstep) let it pass. */
  readonly alone: boolean;
}

/** Runs in which the others are given the chance to find what one property finds. */
const ALONE_RUNS = 500;

/**
 * Hunts one fault; where the catalogue says that nobody but its killer finds it, hunts again with the killer passed over.
 * Only those are hunted so: a guest that goes on after an ignored violation may walk a broken list for ever.
 */
export function matrixRow(fault: Fault, runs: number, seed: number): MatrixRow {
  const { sampled } = hunt(fault, runs, seed);
  if (sampled.found === undefined) return { fault, alone: false };
  const { run, steps, shrunk } = sampled.found;
  const found = { property: shrunk.violation.property, runs: run, steps, shrunk };
  return { fault, found, alone: found.property === "lockstep" || (fault.alone === true && survives(fault, seed)) };
}

/** True where the judges find nothing when the fault's killer is passed over. */
function survives(fault: Fault, seed: number): boolean {
  const subject = { design: fault.design, system: "impl" as const, fault: fault.id };
  const ignored = new Set<PropertyId>([fault.killer]);
  const scopes = scopesOf(fault);
  const wanted = isEvidence(fault);
  return sample({ subject, scopes, runs: ALONE_RUNS, seed, lockstep: false, ignored, wanted }).found === undefined;
}

/** Properties that some fault needs: nobody else finds it. */
export function soleKillers(rows: readonly MatrixRow[]): Set<string> {
  return new Set(rows.flatMap(({ found, alone }) => (found !== undefined && alone ? [found.property] : [])));
}

/** The matrix as text, under 120 columns: `+` found it, `#` found it and nobody else does. */
export function renderMatrix(rows: readonly MatrixRow[]): string {
  const columns = PROPERTIES.filter(({ id }) => rows.some(({ found }) => found?.property === id));
  const legend = columns.map(({ id }, at) => `${letter(at)} ${id}`);
  const head = `${"fault".padEnd(42)} ${columns.map((_, at) => letter(at)).join(" ")}   runs  actions  shrunk`;
  const lines = rows.map(({ fault, found, alone }) => {
    const cells = columns.map(({ id }) => (id === found?.property ? (alone ? "#" : "+") : "."));
    const numbers =
      found === undefined
        ? "survives"
        : `${String(found.runs).padStart(6)} ${String(found.steps).padStart(8)} ${String(found.shrunk.steps.length).padStart(7)}`;
    return `${fault.id.padEnd(42)} ${cells.join(" ")} ${numbers}`;
  });
  const needed = soleKillers(rows);
  const idle = PROPERTIES.filter(({ id }) => !needed.has(id)).map(({ id }) => id);
  return [
    ...wrapped(legend),
    "",
    head,
    ...lines,
    "",
    `${rows.filter(({ found }) => found !== undefined).length} of ${rows.length} faults found. ${summary(rows)}`,
    idle.length === 0
      ? "Every property is the only one to find some fault."
      : `Never the only one to find a fault: ${idle.join(", ")}.`,
  ].join("\n");
}

function summary(rows: readonly MatrixRow[]): string {
  const found = rows.flatMap((row) => (row.found === undefined ? [] : [row.found]));
  const middle = (numbers: number[]): string => {
    const sorted = numbers.toSorted((one, other) => one - other);
    return `median ${sorted[Math.floor(sorted.length / 2)] ?? 0}, worst ${sorted.at(-1) ?? 0}`;
  };
  return `Actions until found: ${middle(found.map(({ steps }) => steps))}; after shrinking: ${middle(found.map(({ shrunk }) => shrunk.steps.length))}.`;
}

function letter(at: number): string {
  return String.fromCharCode("a".charCodeAt(0) + at);
}

/** Legend entries, several a line. */
function wrapped(entries: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < entries.length; at += 5)
    lines.push(
      entries
        .slice(at, at + 5)
        .map((entry) => entry.padEnd(22))
        .join("")
        .trimEnd(),
    );
  return lines;
}
