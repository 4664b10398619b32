/** A capture is kept: packed, one folder for each, as `fpr judge` reads it. */
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { InputError } from "../../model/alphabet/index.ts";

/** For people, who read it with nothing else. */
const PLAIN = "console.log";

/** @throws InputError where there are files already: two captures in one folder can't be told apart */
export async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new InputError({ file: folder }, "is no folder, expected one to keep the capture in");
  });
  if (names.length > 0) throw new InputError({ file: folder }, `found ${names[0]} there, expected an empty folder`);
}

/** Copies a capture's files, packed. */
export async function keepCapture(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    const file = join(from, name);
    if (name === PLAIN) await copyFile(file, join(to, name));
    else
      await pipeline(
        createReadStream(file),
        createGzip({ level: constants.Z_BEST_COMPRESSION }),
        createWriteStream(join(to, `${name}.gz`)),
      );
  }
}
