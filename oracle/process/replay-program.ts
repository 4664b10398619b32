/** A counterexample of a program, run once against it. */
import type { Geometry, Step } from "../../model/alphabet/index.ts";
import type { Replayed } from "../conform/conformance.ts";
import { drive } from "./drive.ts";
import { DEFAULT_TIMEOUT } from "./timeout.ts";

/**
 * Takes the steps once in a new process, heals, and ends the process as the protocol has it.
 * @param command the program and its arguments; no shell is involved
 * @throws ProgramFault where the program does not keep to the protocol
 * @throws InputError where the program can't be started
 */
export function replayProgram(
  command: readonly string[],
  geometry: Geometry,
  steps: readonly Step[],
  timeout = DEFAULT_TIMEOUT,
): Promise<Replayed> {
  return drive({ command, timeout, geometryNamed: true }, { kind: "replay", geometry, steps }, (told) =>
    "replayed" in told ? told.replayed : undefined,
  );
}
