/** What a driver's thread is told to do with its program, and what it tells: plain data, as it crosses threads. */
import type { Geometry, Step } from "../../model/alphabet/index.ts";
import type { Fault, FaultyRun } from "../conform/adapter-fault.ts";
import type { Conformance, Replayed } from "../conform/conformance.ts";
import type { Progress } from "../conform/conform.ts";
import type { NamedGeometry } from "../conform/geometries.ts";
import type { ToKeeper } from "./keeper.ts";
import type { ProgramOptions } from "./program.ts";

/** A share of a campaign. */
export interface CampaignJob {
  readonly kind: "campaign";
  readonly runs: number;
  readonly seed: number;
  readonly geometries: readonly NamedGeometry[];
  readonly share: { readonly first: number; readonly every: number };
  /** One word that all shares have in common: the smallest run so far in which something broke. */
  readonly lowest: Int32Array<SharedArrayBuffer>;
}

export interface ReplayJob {
  readonly kind: "replay";
  readonly geometry: Geometry;
  readonly steps: readonly Step[];
}

export interface Job {
  readonly cells: Int32Array<SharedArrayBuffer>;
  readonly program: ProgramOptions;
  readonly task: CampaignJob | ReplayJob;
}

/** A fault as it crosses threads. */
export interface FaultTold {
  readonly fault: Fault;
  readonly run?: FaultyRun;
  /** What was said to the program since its last `start`, with it; empty where that does not show the fault. */
  readonly lines: readonly string[];
  /** Whether a new process that is told only this comes to the same; absent where that was not tried. */
  readonly showsAgain?: boolean;
}

/** A share of a campaign that has come to its end. */
export interface ShareDone {
  readonly conformance: Conformance;
  /** Of the driving, without the start of the thread and of the program. */
  readonly seconds: number;
}

export type Told =
  | ToKeeper
  | { readonly progress: Progress }
  | { readonly share: ShareDone }
  | { readonly replayed: Replayed }
  | { readonly fault: FaultTold }
  | { readonly input: string };
