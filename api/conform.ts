/** Judging a system in this process, or a program behind pipes. */
import { InputError, type Step } from "../model/alphabet/index.ts";
import { parseGeometry, parseStep } from "../model/alphabet/schema.ts";
import { conform as campaign, replay as take } from "../oracle/conform/conform.ts";
import type { Conformance, Replayed } from "../oracle/conform/conformance.ts";
import type { System } from "../oracle/conform/system.ts";
import { conformProgram as programCampaign, type ProgramConformance } from "../oracle/process/conform-program.ts";
import type { WrittenGeometry } from "./geometry.ts";
import { readCampaign, readCommand, readProgramCampaign } from "./options.ts";

/** What may be said about any campaign; everything has a default. */
export interface CampaignOptions {
  /** Random runs, each of up to 120 actions (one in 32: up to 960) and then as many as it takes to come to rest. Default: 300. */
  readonly runs?: number;
  /** A whole number from 0 to 2^32 - 1: run N of a seed is the same everywhere, every time. Default: 1. */
  readonly seed?: number;
  /** The machines to try, in turn. Default: `GEOMETRIES`, small and odd ones. */
  readonly geometries?: readonly { readonly name: string; readonly geometry: WrittenGeometry }[];
}

/** What may be said about a campaign against a system in this process. */
export interface ConformOptions extends CampaignOptions {
  /**
   * Makes another instance of the same system. With it, a violation that does not repeat is told apart: `start` leaves
   * something behind (a fault of the adapter), or the system is not deterministic.
   */
  readonly fresh?: () => System;
}

/** What may be said about a campaign against a program. */
export interface ConformProgramOptions extends CampaignOptions {
  /** Seconds that one answer may take. Default: 10. */
  readonly timeout?: number;
  /** Processes of the program that run at the same time; the verdict does not depend on it. Default: 1. */
  readonly workers?: number;
}

/**
 * Plays users, host and administrator against a system, and judges every event by the contract, up to the first run that
 * breaks something; that run is shrunk. Synchronous.
 *
 * @returns the verdict, what was covered and, for `violates`, the shortest run that was found
 * @throws AdapterFault where the system does not keep to the protocol: nothing was judged
 * @throws InputError where this is no system, or an option is not usable
 */
export function conform(system: System, options: ConformOptions = {}): Conformance {
  checkSystem(system);
  const campaignOptions = readCampaign(options);
  const { fresh } = options;
  return campaign(system, { ...campaignOptions, ...(fresh === undefined ? {} : { fresh }) });
}

/**
 * Takes given steps once, then lets users rest and the host answer, and tells what came of it.
 *
 * @param steps those of `Found`, or of a counterexample file: a step that is not possible, as nobody has that block, or that the
 *   system does not list, sends nothing
 * @throws AdapterFault where the system does not keep to the protocol
 * @throws InputError where this is no system, or geometry or steps are not usable
 */
export function replay(system: System, geometry: WrittenGeometry, steps: readonly Step[]): Replayed {
  checkSystem(system);
  const read = steps.map((step, index) => parseStep(step, { key: `steps[${index}]` }));
  return take(system, parseGeometry(geometry, { key: "geometry" }), read);
}

/**
 * The same as `conform` against a program in any language, that speaks the live protocol over its standard input and output. No process
 * of it is left when this returns.
 *
 * @param command the program and its arguments; no shell is involved
 * @throws AdapterFault where the program does not keep to the protocol: nothing was judged
 * @throws InputError where the program can't be started, or an option is not usable
 */
export async function conformProgram(
  command: readonly string[],
  options: ConformProgramOptions = {},
): Promise<ProgramConformance> {
  return programCampaign(readCommand(command), readProgramCampaign(options));
}

/** What plain JavaScript gives us may be anything. */
function checkSystem(value: unknown): void {
  const isMethod = (of: object, name: string): boolean => typeof Reflect.get(of, name) === "function";
  if (typeof value === "object" && value !== null && isMethod(value, "start") && isMethod(value, "perform")) return;
  throw new InputError({}, "expected a system: an object with the methods start(geometry) and perform(action)");
}
