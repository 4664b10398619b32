/**
 * A counterexample as a file: `wire.md`, "A counterexample". It holds all that a replay needs and refers to no test code.
 * Besides the keys of that page it has `settings`, what the guest was configured to (model/alphabet/settings.ts).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { InputError, type Place } from "../../model/alphabet/index.ts";
import { parseCounterexample } from "../../model/alphabet/schema.ts";
import type { Step } from "../../model/alphabet/index.ts";
import { isProperty, PROPERTIES, type PropertyId } from "../judges/properties.ts";
import type { Subject } from "../subjects.ts";
import type { Scope } from "./scopes.ts";
import type { Finding } from "./shrink.ts";

export interface Counterexample {
  readonly subject: Subject;
  readonly scope: Scope;
  readonly steps: readonly Step[];
  readonly violation: { readonly property: string; readonly step: number; readonly explanation: string };
  readonly found?: { readonly seed: number; readonly run: number };
}

/** The step that a file names for a violation: the last one where healing broke it. */
export function stepOf(finding: Finding): number {
  return Math.max(0, Math.min(finding.at, finding.steps.length - 1));
}

/**
 * Writes a finding, an action a line, so that it reads well in a review.
 * @param found where a campaign found it; absent: it was written by hand
 */
export function writeCounterexample(
  file: string,
  subject: Subject,
  finding: Finding,
  found?: { readonly seed: number; readonly run: number },
): void {
  const { property, explanation } = finding.violation;
  const head = { format: "free-page-counterexample", version: 1, subject };
  const tail = {
    violation: { property, step: stepOf(finding), explanation },
    ...(found === undefined ? {} : { found }),
  };
  const lines = [
    JSON.stringify(head).slice(0, -1) + ",",
    ` "geometry":${JSON.stringify(finding.scope.geometry)},`,
    ` "settings":${JSON.stringify(finding.scope.settings)},`,
    ` "actions":[`,
    finding.steps.map((step) => `  ${JSON.stringify(step)}`).join(",\n"),
    ` ],`,
    ` ${JSON.stringify(tail).slice(1)}`,
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
}

/**
 * Reads a counterexample of one of our own systems.
 * @throws InputError that names the file, the line or key, what was found and what was expected
 */
export function readCounterexample(file: string): Counterexample {
  const place: Place = { file };
  const { subject, geometry, settings, actions, violation, found } = parseCounterexample(readJson(file), place);
  if (!("design" in subject)) {
    throw new InputError(
      { file, key: "subject.command" },
      "replaying a program is not built yet; expected a design and a system",
    );
  }
  const { ignored, ...whom } = subject;
  const passedOver = ignored?.map((id, at) => propertyOf(id, { file, key: `subject.ignored[${at}]` }));
  const scope = { name: file, geometry, settings };
  return {
    subject: passedOver === undefined ? whom : { ...whom, ignored: passedOver },
    scope,
    steps: actions,
    violation,
    ...(found === undefined ? {} : { found }),
  };
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
    throw new InputError({ file }, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** True where a replay still fails as the file says: the same property. */
export function sameProperty(one: PropertyId | undefined, file: Counterexample): boolean {
  return one === file.violation.property;
}
