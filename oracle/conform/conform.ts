/**
 * The campaign: random runs against a system, each judged by the contract alone, healed at its end; what breaks is repeated
 * and shrunk. Synchronous and in this process, whatever the system is (system.ts).
 */
import type { Geometry, Step } from "../../model/alphabet/index.ts";
import type { Conformance, Replayed } from "./conformance.ts";
import type { NamedGeometry } from "./geometries.ts";
import type { System } from "./system.ts";

export interface ConformOptions {
  /** Runs in all, whoever takes them: numbered from 0. A run has up to 120 actions, and then as many as healing needs. */
  readonly runs: number;
  /** A whole number from 0 to 2^32 - 1. Run N of a seed is the same everywhere. */
  readonly seed: number;
  /** Absent: `GEOMETRIES`. Run N has geometry N modulo their number. */
  readonly geometries?: readonly NamedGeometry[];
  /** Which of the runs are taken here: `first`, `first + every`, ... Absent: all. */
  readonly share?: { readonly first: number; readonly every: number };
  /**
   * Another instance of the same system, that has seen nothing: a new process, a new object. Absent: it is started again, and
   * what does not repeat may be due to a `start` that does not begin afresh.
   */
  readonly fresh?: () => System;
  /** Asked before each run; true ends the campaign there. */
  readonly stop?: (run: number) => boolean;
  /** Told after each run. */
  readonly progress?: (taken: Progress) => void;
}

export interface Progress {
  /** Runs and actions taken here so far. */
  readonly runs: number;
  readonly actions: number;
}

/**
 * Judges a system by random runs, up to the first that breaks something.
 * @throws AdapterFault where the system does not keep to the protocol: no verdict. Its `run` tells how to see it again
 */
export function conform(_system: System, _options: ConformOptions): Conformance {
  throw new Error("not built yet");
}

/**
 * Takes these steps once, then heals, and tells what came of it (a counterexample file, replayed).
 * @throws AdapterFault where the system does not keep to the protocol
 */
export function replay(_system: System, _geometry: Geometry, _steps: readonly Step[]): Replayed {
  throw new Error("not built yet");
}

/** Two shares of one campaign as one: of two findings that of the smaller run number stays. */
export function together(_one: Conformance, _other: Conformance): Conformance {
  throw new Error("not built yet");
}
