/** The folder that a person names for what is to be kept. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../model/alphabet/index.ts";

/**
 * Makes it, and those above it, where they are not there. One by one: asked for all at once, Node 20 never comes back where
 * that is in /proc.
 *
 * @returns those that were made, the outermost first
 * @throws InputError where it can't be made
 */
export function makeFolder(folder: string): string[] {
  if (existsSync(folder) && statSync(folder).isDirectory()) return [];
  const above = dirname(folder);
  const made = existsSync(above) ? [] : makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    throw new InputError({ file: folder }, `is no folder: ${error instanceof Error ? error.message : String(error)}`);
  }
  return [...made, folder];
}
