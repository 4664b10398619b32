/** A capture is kept: packed, one folder for each, as `fpr judge` reads it. */
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { InputError } from "../../model/alphabet/index.ts";
import { makeFolder } from "../folder.ts";

/** For people, who read it with nothing else. */
const PLAIN = "console.log";

/**
 * Sees to it, before anything is recorded, that a capture can be kept in a folder. Leaves nothing behind.
 *
 * @throws InputError where it can't be made, or where there are files already: two captures in one can't be told apart
 */
export async function requireEmpty(folder: string): Promise<void> {
  const made = makeFolder(folder);
  const [first] = await readdir(folder);
  for (const one of made.toReversed()) await rmdir(one);
  if (first !== undefined) throw new InputError({ file: folder }, `found ${first} there, expected an empty folder`);
}

/** Copies a capture's files, packed. @throws InputError where they can't be written */
export async function keepCapture(from: string, to: string): Promise<void> {
  makeFolder(to);
  for (const name of await readdir(from)) {
    const file = join(from, name);
    await written(to, () => (name === PLAIN ? copyFile(file, join(to, name)) : pack(file, join(to, `${name}.gz`))));
  }
}

function pack(from: string, to: string): Promise<void> {
  const packer = createGzip({ level: constants.Z_BEST_COMPRESSION });
  return pipeline(createReadStream(from), packer, createWriteStream(to));
}

async function written(folder: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file: folder }, `the capture can't be kept there: ${why}`);
  }
}
