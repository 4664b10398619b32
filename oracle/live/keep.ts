/** A capture is kept: packed, one folder for each, as `fpr judge` reads it. */
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { InputError } from "../../model/alphabet/index.ts";

/** For people, who read it with nothing else. */
const PLAIN = "console.log";

/**
 * Sees to it, before anything is recorded, that a capture can be kept in a folder. Leaves nothing behind.
 *
 * @throws InputError where it can't be made, or where there are files already: two captures in one can't be told apart
 */
export async function requireEmpty(folder: string): Promise<void> {
  const made = await makeFolder(folder);
  const [first] = await usable(folder, () => readdir(folder));
  for (const one of made.toReversed()) await rmdir(one);
  if (first !== undefined) throw new InputError({ file: folder }, `found ${first} there, expected an empty folder`);
}

/** Copies a capture's files, packed. @throws InputError where they can't be written */
export async function keepCapture(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const name of await readdir(from)) {
    const file = join(from, name);
    await usable(to, () => (name === PLAIN ? copyFile(file, join(to, name)) : pack(file, join(to, `${name}.gz`))));
  }
}

function pack(from: string, to: string): Promise<void> {
  const packer = createGzip({ level: constants.Z_BEST_COMPRESSION });
  return pipeline(createReadStream(from), packer, createWriteStream(to));
}

/**
 * Makes a folder and those above it, one by one: `mkdir` of Node 20 never comes back where it is to do that in /proc.
 *
 * @returns those that were not there, the outermost first
 */
async function makeFolder(path: string): Promise<string[]> {
  if (existsSync(path)) return [];
  const above = dirname(path);
  const made = existsSync(above) ? [] : await makeFolder(above);
  await usable(path, () => mkdir(path));
  return [...made, path];
}

async function usable<Result>(folder: string, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file: folder }, `the capture can't be kept there: ${why}`);
  }
}
