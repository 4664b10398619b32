/** A verdict on a system, and a fault of an adapter, told for people line by line: on a terminal as in a test's report. */
import type { Geometry } from "../../model/alphabet/index.ts";
import { actorOf } from "../../properties/drivers/simpler-steps.ts";
import { sayStep } from "../../properties/drivers/story/words.ts";
import { explainRejection, tellRejection, type Rejection } from "../../properties/rejection/index.ts";
import type { AdapterFault } from "./adapter-fault.ts";
import type { Conformance, Found } from "./conformance.ts";
import { tellCoverage } from "./coverage.ts";

/** Of a run that an adapter failed in, so many steps: the last ones. */
const STEPS_SHOWN = 20;

/** The whole verdict: the story where something broke; what was covered where nothing did. */
export function tellConformance(conformance: Conformance): string[] {
  const { found, name, runs, actions, geometries, coverage } = conformance;
  if (found !== undefined) return tellFound(conformance, found);
  const machines = geometries.length === 1 ? `the geometry "${geometries[0]}"` : `${geometries.length} geometries`;
  const taken = `${number(runs, "run")}, ${number(actions, "action")} on ${machines}`;
  return [`${name} holds: ${taken}`, "", ...tellCoverage(coverage)];
}

/** The story of a broken property, with its rejection. */
export function tellFound(conformance: Conformance, found: Found): string[] {
  const { machine, steps, verdict, inevitable } = found.story;
  const shrunk = found.repeats
    ? `shrunk from ${number(found.length, "action")} to ${found.steps.length}`
    : "NOT shrunk: the same actions do not break it again, so the system is not deterministic";
  return [
    `${conformance.name} violates ${found.violation.property}: run ${found.run}, ${shrunk}`,
    "",
    ...machine,
    ...steps,
    "",
    verdict,
    ...tellRejection(rejectionOf(conformance, found)),
    ...inevitable,
  ];
}

/** Why the event that broke a property was refused. */
export function rejectionOf({ claims }: Pick<Conformance, "claims">, found: Found): Rejection {
  const { scope, heard, violation } = found;
  return explainRejection({ geometry: scope.geometry, options: { claims }, heard, violation, unit: "step" });
}

/** Why nothing was judged: what the adapter did, what it should have done, and how to see it again. */
export function tellFault({ fault, run, cause }: AdapterFault): string[] {
  const { problem, rule, sent, came } = fault;
  return [
    "Nothing was judged, since the adapter does not keep to the protocol:",
    `  what        ${problem}`,
    `  wire.md     ${rule}`,
    ...(sent === undefined ? [] : [`  sent        ${sent}`]),
    ...(came === undefined ? [] : [`  came        ${came}`]),
    ...(cause instanceof Error ? [`  thrown      ${cause.stack ?? cause.message}`] : []),
    ...(run === undefined ? [] : where(run)),
  ];
}

function where({ scope, steps, run }: NonNullable<AdapterFault["run"]>): string[] {
  const first = Math.max(0, steps.length - STEPS_SHOWN);
  const inRun = run === undefined ? "" : ` in run ${run},`;
  return [
    `  where      ${inRun} on ${scope.name} (${zones(scope.geometry)}), with the last of these actions:`,
    ...(first === 0 ? [] : [`              ... ${number(first, "action")} before`]),
    ...steps
      .slice(first)
      .map(
        (step, index) => `        ${String(first + index).padStart(4)}  ${actorOf(step).padEnd(6)}  ${sayStep(step)}`,
      ),
  ];
}

function zones({ zones }: Geometry): string {
  return zones.map(({ name, start, pages }) => `${name}: pages ${start}-${start + pages - 1}`).join(", ");
}

function number(amount: number, what: string): string {
  return `${count(amount)} ${what}${amount === 1 ? "" : "s"}`;
}

function count(amount: number): string {
  return amount.toLocaleString("en-US");
}
