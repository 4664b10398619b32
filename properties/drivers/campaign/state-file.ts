/**
 * How far a campaign is, as a small file: the same command goes on from there. It says whose campaign it is, so that no
 * other one goes on with it.
 */
import { existsSync, renameSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { InputError } from "../../../model/alphabet/index.ts";
import { count, flag, read, text } from "../../../model/alphabet/schema/reading.ts";
import { readJson } from "../counterexample.ts";
import type { Tally } from "./runs.ts";

/** Whose campaign it is. */
export interface Whose {
  readonly seed: number;
  /** The forms of the designs, as one names them on the command line. */
  readonly forms: readonly string[];
}

/** How far each form is; a form that has not begun is not in it. */
export type Tallies = ReadonlyMap<string, Tally>;

const FORMAT = "free-page-campaign";
/** To be raised with everything that makes other runs of the same numbers. */
const VERSION = 1;

const tally = z.object(
  { form: text, runs: count, steps: count, cutShort: count, unjudgedEnds: count, broken: flag },
  "an object with form, runs, steps, cutShort, unjudgedEnds and broken",
);
const file = z.object(
  {
    format: z.literal(FORMAT, `"${FORMAT}"`),
    version: z.literal(VERSION, `${VERSION}: the runs of other versions are others; begin anew with another file`),
    seed: count,
    forms: z.array(text, "a list of designs"),
    done: z.array(tally, "a list of what is done, by form"),
  },
  `the state of a campaign: an object with "format":"${FORMAT}"`,
);

/**
 * Reads how far a campaign is.
 * @returns nothing done, where there is no such file yet
 * @throws InputError where it can't be read, or is of another campaign
 */
export function readState(path: string, whose: Whose): Tallies {
  if (!existsSync(path)) return new Map();
  const { seed, forms, done } = read(file, readJson(path), { file: path });
  other(path, "seed", seed, whose.seed);
  other(path, "forms", forms.join(","), whose.forms.join(","));
  return new Map(done.map(({ form, ...tally }) => [form, tally]));
}

/** Writes it, whole or not at all. @throws InputError where it can't be written */
export function writeState(path: string, { seed, forms }: Whose, tallies: Tallies): void {
  const done = [...tallies].map(([form, tally]) => ({ form, ...tally }));
  const lines = done.map((one) => `  ${JSON.stringify(one)}`).join(",\n");
  const head = JSON.stringify({ format: FORMAT, version: VERSION, seed, forms });
  try {
    writeFileSync(`${path}.new`, `${head.slice(0, -1)},\n "done":[\n${lines}\n]}\n`);
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new InputError({ file: path }, `can't be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function other<Value extends string | number>(path: string, key: string, found: Value, expected: Value): void {
  if (found === expected) return;
  throw new InputError(
    { file: path, key },
    `is of another campaign: found ${found}, expected ${expected}; give the options of before, or another file`,
  );
}
