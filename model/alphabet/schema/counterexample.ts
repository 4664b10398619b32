/** A whole counterexample: `wire.md`, "A counterexample". */
import * as z from "zod";
import type { Step } from "../action.ts";
import type { Geometry } from "../geometry.ts";
import type { Place } from "../input-error.ts";
import type { Settings } from "../settings.ts";
import { geometrySchema } from "./geometry.ts";
import { count, misfit, oneOf, read, text } from "./reading.ts";
import { settingsSchema } from "./settings.ts";
import { stepSchema } from "./step.ts";

/** Whom it is about: a built-in system, or a program that speaks the live protocol. */
export type FileSubject =
  | {
      readonly design: string;
      readonly system: "model" | "impl";
      readonly fault?: string;
      /** Properties that it is held to beyond the contract's own. */
      readonly claims?: readonly string[];
      /** Properties whose violations are passed over, so that the file tells what harm comes after them. */
      readonly ignored?: readonly string[];
    }
  | { readonly command: readonly string[] };

export interface CounterexampleFile {
  readonly subject: FileSubject;
  readonly geometry: Geometry;
  /** What the guest was configured to; what the file leaves out is as in DEFAULT_SETTINGS. */
  readonly settings: Settings;
  readonly actions: readonly Step[];
  readonly violation: { readonly property: string; readonly step: number; readonly explanation: string };
  readonly found?: { readonly seed: number; readonly run: number };
}

const program = z.object({
  command: z.array(text, "a list of texts: a program and its arguments").min(1, "a program and its arguments"),
});
const builtIn = z.object(
  {
    design: text,
    system: oneOf(["model", "impl"]),
    fault: text.exactOptional(),
    claims: z.array(oneOf(["completeness"]), "a list of claims").exactOptional(),
    ignored: z.array(text, "a list of properties").exactOptional(),
  },
  "an object with design and system, or with command",
);
/** The actions that get somebody a block: a `free` may name them. */
const GETS_A_BLOCK: ReadonlySet<string> = new Set(["alloc", "scan", "memory-failure"]);

const actions = z.array(stepSchema, "a list of actions").check(({ value, issues }) => {
  for (const [index, step] of value.entries()) {
    if (step.do !== "free" && step.do !== "retry") continue;
    if (step.of < index && GETS_A_BLOCK.has(value[step.of].do)) continue;
    issues.push(misfit([index, "of"], step.of, "the number of an earlier action that gets a block, counted from 0"));
  }
});

const file = z.object(
  {
    format: z.literal("free-page-counterexample", '"free-page-counterexample"'),
    version: z.literal(1, "1, the only version so far"),
    subject: z.unknown(),
    geometry: geometrySchema,
    settings: settingsSchema.prefault({}),
    actions,
    violation: z.object(
      { property: text, step: count, explanation: text },
      "an object with property, step and explanation",
    ),
    found: z.object({ seed: z.int("a whole number"), run: count }, "an object with seed and run").exactOptional(),
  },
  'a counterexample: an object with "format":"free-page-counterexample"',
);

/**
 * Reads a counterexample.
 * @throws InputError naming the key that does not fit
 */
export function parseCounterexample(value: unknown, place: Place = {}): CounterexampleFile {
  const { format: _, version: __, subject, ...rest } = read(file, value, place);
  return { ...rest, subject: parseSubject(subject, { ...place, key: "subject" }) };
}

function parseSubject(value: unknown, place: Place): FileSubject {
  const isProgram = typeof value === "object" && value !== null && "command" in value;
  return isProgram ? read(program, value, place) : read(builtIn, value, place);
}
