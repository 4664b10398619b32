/** A verdict on a system, and a fault of an adapter, told for people line by line: on a terminal as in a test's report. */
import type { Geometry } from "../../model/alphabet/index.ts";
import { actorOf } from "../../properties/drivers/simpler-steps.ts";
import { sayStep } from "../../properties/drivers/story/words.ts";
import { explainRejection, tellRejection, type Rejection } from "../../properties/rejection/index.ts";
import type { AdapterFault } from "./adapter-fault.ts";
import type { Conformance, Found } from "./conformance.ts";
import { tellCoverage } from "./coverage.ts";
import { notesOn, reportsNothing } from "./notes.ts";
import { counted } from "../../properties/numbers.ts";

/** Of a run that an adapter failed in, so many steps: the last ones. */
const STEPS_SHOWN = 20;
/** Where those stand that call a system, as stacks name it. */
const OURS = new URL(".", import.meta.url).pathname;

/** The whole verdict: the story where something broke; what was covered where nothing did. */
export function tellConformance(conformance: Conformance): string[] {
  const { found, name, runs, actions, geometries, coverage } = conformance;
  if (found !== undefined) return tellFound(conformance, found);
  const machines = geometries.length === 1 ? `the geometry "${geometries[0]}"` : `${geometries.length} geometries`;
  const taken = `${counted(runs, "run")}, ${counted(actions, "action")} on ${machines}`;
  const verdict = reportsNothing(coverage) ? "breaks no rule, but reports nothing" : "holds";
  const notes = notesOn(conformance).map((note) => `  note        ${note}`);
  return [`${name} ${verdict}: ${taken}`, ...notes, "", ...tellCoverage(coverage)];
}

/** The story of a broken property, with its rejection. */
export function tellFound(conformance: Conformance, found: Found): string[] {
  const { machine, steps, verdict, inevitable } = found.story;
  return [
    `${conformance.name} violates ${found.violation.property}: run ${found.run}, ${howShort(found)}`,
    "",
    ...machine,
    ...steps,
    "",
    verdict,
    ...tellRejection(rejectionOf(conformance, found)),
    ...inevitable,
  ];
}

function howShort({ repeats, length, steps }: Found): string {
  const shrunk = `shrunk from ${counted(length, "action")} to ${steps.length}`;
  if (repeats) return shrunk;
  const why =
    "the same actions do not break it every time; the system is not deterministic, or its start does not begin afresh";
  return `${steps.length < length ? shrunk : "NOT shrunk"}: ${why}`;
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
    ...(cause instanceof Error ? thrown(cause) : []),
    ...(run === undefined ? [] : where(run)),
  ];
}

/** What a system threw, with the calls inside it: ours that led to them tell nobody anything. */
function thrown({ stack, message }: Error): string[] {
  const [first = message, ...calls] = (stack ?? message).split("\n");
  const ours = calls.findIndex((call) => call.includes(OURS));
  const inside = ours < 0 ? calls : calls.slice(0, ours);
  return [`  thrown      ${first}`, ...inside.map((call) => `              ${call.trimStart()}`)];
}

function where({ scope, steps, run }: NonNullable<AdapterFault["run"]>): string[] {
  const inRun = run === undefined ? "" : `in run ${run}, `;
  const place = `  where       ${inRun}on ${scope.name} (${zones(scope.geometry)})`;
  if (steps.length === 0) return [`${place}, when it was started`];
  const first = Math.max(0, steps.length - STEPS_SHOWN);
  return [
    `${place}, with the last of these actions:`,
    ...(first === 0 ? [] : [`              ... ${counted(first, "action")} before`]),
    ...steps.slice(first).map((step, index) => {
      const at = String(first + index).padStart(3);
      return `              ${at}  ${actorOf(step).padEnd(6)}  ${sayStep(step)}`;
    }),
  ];
}

function zones({ zones }: Geometry): string {
  return zones.map(({ name, start, pages }) => `${name}: pages ${start}-${start + pages - 1}`).join(", ");
}
