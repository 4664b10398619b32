/** Judging a system in this process. */
import { InputError } from "../model/alphabet/index.ts";
import { parseGeometry } from "../model/alphabet/schema.ts";
import { conform as campaign } from "../oracle/conform/conform.ts";
import type { Conformance } from "../oracle/conform/conformance.ts";
import { GEOMETRIES, type NamedGeometry } from "../oracle/conform/geometries.ts";
import type { System } from "../oracle/conform/system.ts";
import type { WrittenGeometry } from "./geometry.ts";

/** What may be said about a campaign; everything has a default. */
export interface ConformOptions {
  /** Random runs, each of up to 120 actions and then as many as it takes to come to rest. Default: 300. */
  readonly runs?: number;
  /** A whole number from 0 to 2^32 - 1: run N of a seed is the same everywhere, every time. Default: 1. */
  readonly seed?: number;
  /** The machines to try, by name, in turn. Default: `GEOMETRIES`, small and odd ones. */
  readonly geometries?: Readonly<Record<string, WrittenGeometry>>;
  /**
   * Makes another instance of the same system. With it, a violation that does not repeat is told apart: `start` leaves
   * something behind (a fault of the adapter), or the system is not deterministic.
   */
  readonly fresh?: () => System;
}

export const DEFAULT_RUNS = 300;
export const DEFAULT_SEED = 1;

/**
 * Plays users, host and administrator against a system, and judges every event by the contract, up to the first run that
 * breaks something; that run is shrunk. Synchronous.
 *
 * @returns the verdict, what was covered and, for `violates`, the shortest run that was found
 * @throws AdapterFault where the system does not keep to the protocol: nothing was judged
 * @throws InputError where an option is not usable
 */
export function conform(system: System, options: ConformOptions = {}): Conformance {
  const { runs = DEFAULT_RUNS, seed = DEFAULT_SEED, geometries, fresh } = options;
  return campaign(system, {
    runs: whole("runs", runs, 1, Number.MAX_SAFE_INTEGER),
    seed: whole("seed", seed, 0, 2 ** 32 - 1),
    geometries: geometries === undefined ? GEOMETRIES : named(geometries),
    ...(fresh === undefined ? {} : { fresh }),
  });
}

function named(geometries: Readonly<Record<string, WrittenGeometry>>): NamedGeometry[] {
  const all = Object.entries(geometries).map(([name, geometry]) => ({
    name,
    geometry: parseGeometry(geometry, { key: `geometries.${name}` }),
  }));
  if (all.length === 0) throw new InputError({ key: "geometries" }, "found none, expected at least one");
  return all;
}

function whole(key: string, found: number, least: number, most: number): number {
  if (Number.isSafeInteger(found) && found >= least && found <= most) return found;
  throw new InputError({ key }, `found ${String(found)}, expected a whole number from ${least} to ${most}`);
}
