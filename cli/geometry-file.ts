/** Somebody's own geometry, as `--geometry` names it. */
import type { Geometry } from "../model/alphabet/index.ts";
import { parseGeometry, unknownKeys } from "../model/alphabet/schema.ts";
import { readJson } from "../properties/drivers/counterexample.ts";

/**
 * Reads a bare geometry. Unknown keys are ignored, as `wire.md` has it, and told on standard error.
 * @throws InputError where the file can't be read, or is none
 */
export function readGeometry(file: string): Geometry {
  const written = readJson(file);
  const unknown = unknownKeys(written);
  if (unknown.length > 0) console.error(`fpr: ${file}: ignored, as no geometry has it: ${unknown.join(", ")}`);
  return parseGeometry(written, { file });
}
