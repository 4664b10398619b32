/**
 * A counterexample as a file: `wire.md`, "A counterexample". It holds all that a replay needs and refers to no test code.
 * Besides the keys of that page those of our own systems have `settings`, what the guest was configured to
 * (model/alphabet/settings.ts).
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { whatItIs } from "../../model/alphabet/formats.ts";
import { InputError, WIRE_ACTIONS, type Geometry, type Place, type Step } from "../../model/alphabet/index.ts";
import { parseCounterexample, type CounterexampleFile } from "../../model/alphabet/schema.ts";
import { isProperty, PROPERTIES, type PropertyId } from "../judges/properties.ts";
import type { Subject } from "../subjects.ts";
import type { Scope } from "./scopes.ts";
import type { Finding } from "./shrink.ts";

interface Recorded {
  readonly steps: readonly Step[];
  readonly violation: { readonly property: string; readonly step: number; readonly explanation: string };
  readonly found?: { readonly seed: number; readonly run: number };
}

/** Of one of our own systems. */
export interface Counterexample extends Recorded {
  readonly subject: Subject;
  readonly scope: Scope;
}

/** A program that speaks the live protocol: its path, from the folder that one is in, and its arguments. */
export interface ProgramSubject {
  readonly command: readonly string[];
}

/** Of a program. */
export interface ProgramCounterexample extends Recorded {
  readonly subject: ProgramSubject;
  readonly geometry: Geometry;
}

/** The step that a file names for a violation: the last one where healing broke it. */
export function stepOf(finding: Pick<Finding, "steps" | "at">): number {
  return Math.max(0, Math.min(finding.at, finding.steps.length - 1));
}

/** What is written down of a finding. A program has no settings. */
type Written = Omit<Finding, "scope"> & { readonly scope: Pick<Scope, "geometry"> & Partial<Pick<Scope, "settings">> };

/**
 * Writes a finding, an action a line, so that it reads well in a review.
 * @param found where a campaign found it; absent: it was written by hand
 */
export function writeCounterexample(
  file: string,
  subject: Subject | ProgramSubject,
  finding: Written,
  found?: FoundBy,
): void {
  writeFileSync(file, written(subject, finding, found));
}

/** The campaign and its run. */
interface FoundBy {
  readonly seed: number;
  readonly run: number;
}

/**
 * Keeps a finding in a folder beside those of the same name: none is written over.
 * @returns the file: NAME.json, or NAME-2.json where that one tells something else, and so on
 */
export function keepCounterexample(
  folder: string,
  name: string,
  subject: Subject | ProgramSubject,
  finding: Written,
  found?: FoundBy,
): string {
  const text = written(subject, finding, found);
  for (let number = 1; ; number++) {
    const file = join(folder, number === 1 ? `${name}.json` : `${name}-${number}.json`);
    if (existsSync(file) && readFileSync(file, "utf8") !== text) continue;
    writeFileSync(file, text);
    return file;
  }
}

function written(subject: Subject | ProgramSubject, finding: Written, found: FoundBy | undefined): string {
  const { property, explanation } = finding.violation;
  const head = { format: "free-page-counterexample", version: 1, subject };
  const tail = {
    violation: { property, step: stepOf(finding), explanation },
    ...(found === undefined ? {} : { found }),
  };
  const isProgram = "command" in subject;
  const lines = [
    JSON.stringify(head).slice(0, -1) + ",",
    ` "geometry":${JSON.stringify(finding.scope.geometry)},`,
    ...(isProgram ? [] : [` "settings":${JSON.stringify(finding.scope.settings)},`]),
    ` "actions":[`,
    finding.steps.map((step) => `  ${JSON.stringify(isProgram ? onTheWire(step) : step)}`).join(",\n"),
    ` ],`,
    ` ${JSON.stringify(tail).slice(1)}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** A program is not told which list to rework. */
function onTheWire(step: Step): object {
  return step.do === "compact" ? { do: step.do, zone: step.zone } : step;
}

/**
 * Reads a counterexample of one of our own systems.
 * @throws InputError that names the file, the line or key, what was found and what was expected
 */
export function readCounterexample(file: string): Counterexample {
  const read = readAnyCounterexample(file);
  if ("scope" in read) return read;
  throw new InputError(
    { file, key: "subject.command" },
    "found a program; expected a design and a system (fpr replay takes both)",
  );
}

/**
 * Reads a counterexample, of whomever.
 * @throws InputError that names the file, the line or key, what was found and what was expected
 */
export function readAnyCounterexample(file: string): Counterexample | ProgramCounterexample {
  const { subject, geometry, settings, ...rest } = parseCounterexample(readJson(file), { file });
  const { actions, violation, found } = rest;
  const recorded = { steps: actions, violation, ...(found === undefined ? {} : { found }) };
  if ("command" in subject) {
    requireWireActions(actions, file);
    return { subject, geometry, ...recorded };
  }
  return { subject: subjectOf(subject, file), scope: { name: file, geometry, settings }, ...recorded };
}

function requireWireActions(steps: readonly Step[], file: string): void {
  const known: readonly string[] = WIRE_ACTIONS;
  for (const [at, step] of steps.entries()) {
    if (known.includes(step.do)) continue;
    const problem = `found "${step.do}", which no program is asked; expected one of ${WIRE_ACTIONS.join(", ")}`;
    throw new InputError({ file, key: `actions[${at}].do` }, problem);
  }
}

type BuiltIn = Exclude<CounterexampleFile["subject"], ProgramSubject>;

function subjectOf({ ignored, ...whom }: BuiltIn, file: string): Subject {
  if (ignored === undefined) return whom;
  return { ...whom, ignored: ignored.map((id, at) => propertyOf(id, { file, key: `subject.ignored[${at}]` })) };
}

/** @throws InputError where there is no such property */
function propertyOf(id: string, place: Place): PropertyId {
  if (isProperty(id)) return id;
  const all = PROPERTIES.map((property) => property.id).join(", ");
  throw new InputError(place, `found ${JSON.stringify(id)}, expected the id of a property: ${all}`);
}

/** A file of JSON. @throws InputError where it can't be read as such */
export function readJson(file: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new InputError({ file }, `can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError({ file }, "is not UTF-8; expected UTF-8 JSON");
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file }, `is not JSON: ${why}${whatItIs(text)}`);
  }
}

/** True where a replay still fails as the file says: the same property. */
export function sameProperty(one: PropertyId | undefined, file: Recorded): boolean {
  return one === file.violation.property;
}
