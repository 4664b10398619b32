/** The folder that a person names for what is to be kept. */
import { mkdirSync } from "node:fs";
import { InputError } from "../model/alphabet/index.ts";

/**
 * Makes it, where it is not there.
 * @throws InputError where it can't be made
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError({ file: folder }, `is no folder: ${error instanceof Error ? error.message : String(error)}`);
  }
}
