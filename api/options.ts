/** Options as a person writes them: what is left out has its default, and a slip of the pen is told, in JavaScript too. */
import * as z from "zod";
import { InputError } from "../model/alphabet/index.ts";
import { geometrySchema } from "../model/alphabet/schema/geometry.ts";
import { read, text, whole } from "../model/alphabet/schema/reading.ts";
import type { NamedGeometry } from "../oracle/conform/geometries.ts";
import { DEFAULT_TIMEOUT, LONGEST_TIMEOUT } from "../oracle/process/timeout.ts";

const MOST_RUNS = 2 ** 31 - 1;
const MOST_WORKERS = 1024;

const machine = z.object({ name: text, geometry: geometrySchema }, "a machine: an object with name and geometry");
const aTime = `seconds, more than 0 and at most ${LONGEST_TIMEOUT}`;

const campaign = {
  runs: whole(1, MOST_RUNS).default(300),
  seed: whole(0, 2 ** 32 - 1).default(1),
  geometries: z.array(machine, "a list of machines").min(1, "at least one machine").exactOptional(),
};
const campaignSchema = z.object(campaign);
const commandSchema = z.array(text, "a list: the program and its arguments").min(1, "a program");
const programSchema = z.object({
  ...campaign,
  timeout: z.number(aTime).positive(aTime).max(LONGEST_TIMEOUT, aTime).default(DEFAULT_TIMEOUT),
  workers: whole(1, MOST_WORKERS).default(1),
});

interface ReadCampaign {
  readonly runs: number;
  readonly seed: number;
  /** Absent: nobody named any. */
  readonly geometries?: readonly NamedGeometry[];
}

/** @throws InputError where an option does not fit, or is none */
export function readCampaign(options: object): ReadCampaign {
  return read(campaignSchema, givenOptions(options, ["runs", "seed", "geometries", "fresh"]), {});
}

/** @throws InputError where an option does not fit, or is none */
export function readProgramCampaign(
  options: object,
): ReadCampaign & { readonly timeout: number; readonly workers: number } {
  return read(programSchema, givenOptions(options, ["runs", "seed", "geometries", "timeout", "workers"]), {});
}

/** @throws InputError where this is no program and its arguments */
export function readCommand(command: readonly string[]): readonly string[] {
  return read(commandSchema, command, { key: "command" });
}

/**
 * The options that are not undefined: what is undefined is left out.
 * @throws InputError where this is no object, or has an option that is not one of these
 */
export function givenOptions(options: unknown, known: readonly string[]): object {
  if (typeof options !== "object" || options === null) {
    throw new InputError({}, `found ${String(options)}, expected options: an object with any of ${known.join(", ")}`);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = given.find(([key]) => !known.includes(key));
  if (unknown === undefined) return Object.fromEntries(given);
  throw new InputError({ key: unknown[0] }, `found an option that nobody knows, expected one of ${known.join(", ")}`);
}
