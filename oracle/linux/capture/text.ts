/**
 * The files of a capture: found with or without `.gz`, read as what they are (gzip is recognised by its first bytes,
 * never by the name), line by line, in memory that does not grow with the file.
 *
 * Lines are handed out as latin1 text, one character a byte: all that is read from them is ASCII, and a task's name may
 * be cut in the middle of a character by the kernel's column width. That the file as a whole is UTF-8 is checked first.
 */
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { InputError } from "../../../model/alphabet/index.ts";
import { LONGEST_LINE } from "../../lines.ts";

/** Bytes read, or unpacked, at a time. */
const CHUNK_BYTES = 256 * 1024;

const GZIP_MAGIC = [0x1f, 0x8b] as const;
const NEWLINE = 0x0a;

/**
 * The path of a capture's file, or undefined where it has none. `name` itself goes before `name.gz`.
 *
 * @throws InputError where it is there and can't be opened
 */
export async function findFile(directory: string, name: string): Promise<string | undefined> {
  for (const candidate of [name, `${name}.gz`]) {
    const path = join(directory, candidate);
    const file = await openIfThere(path);
    if (file === undefined) continue;
    await file.close();
    return path;
  }
  return undefined;
}

/** As `findFile`, for a file that no capture can be without. @param hint the end of the sentence that says so */
export async function requireFile(directory: string, name: string, hint = ""): Promise<string> {
  const path = await findFile(directory, name);
  if (path !== undefined) return path;
  throw new InputError(
    { file: directory },
    `found no ${name} (nor ${name}.gz), without which a capture can't be judged${hint}`,
  );
}

/** The bytes of a file, unpacked where it is packed, a chunk at a time. @throws InputError where it can't be read */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const packed = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const source = packed ? file.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : file;
  if (packed) file.on("error", (error) => source.destroy(error));
  try {
    for await (const chunk of source) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError("a stream without encoding yields buffers");
      yield chunk;
    }
  } catch (error) {
    throw unreadable(path, error, packed);
  } finally {
    source.destroy();
    file.destroy();
  }
}

/**
 * Calls `visit` for each line, without its end; it returns true to stop. Lines count from 1.
 *
 * @returns the number of the last line that was visited, 0 for an empty file
 * @throws InputError where the file can't be read, is not UTF-8, or has a line of more than 16 MiB. @throws the signal's reason
 */
export async function forEachLine(
  path: string,
  visit: (text: string, line: number) => boolean | void,
  signal?: AbortSignal,
): Promise<number> {
  let line = 0;
  let rest: Buffer = Buffer.alloc(0);
  const visitAll = (bytes: Buffer): boolean => {
    if (!isUtf8(bytes)) throw notUtf8(path, bytes, line + 1);
    const text = bytes.toString("latin1");
    for (let at = 0; at < text.length;) {
      const found = text.indexOf("\n", at);
      const end = found === -1 ? text.length : found;
      line += 1;
      const carriage = end > at && text.charCodeAt(end - 1) === 0x0d ? 1 : 0;
      if (visit(text.slice(at, end - carriage), line) === true) return true;
      at = end + 1;
    }
    return false;
  };
  for await (const chunk of readChunks(path)) {
    signal?.throwIfAborted();
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    rest = bytes.subarray(whole);
    if (visitAll(bytes.subarray(0, whole))) return line;
    if (rest.length > LONGEST_LINE) {
      throw new InputError({ file: path, line: line + 1 }, "found a line of more than 16 MiB, expected ftrace's text");
    }
  }
  visitAll(rest);
  return line;
}

/** A whole file as bytes. @throws InputError where it can't be read or has more than `limit` bytes */
export async function readBytes(path: string, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readChunks(path)) {
    size += chunk.length;
    if (size > limit) throw new InputError({ file: path }, `found more than ${limit} bytes, expected at most that`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw unreadable(path, error, false);
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await openIfThere(path);
  if (file === undefined) throw new InputError({ file: path }, "the file is gone");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === GZIP_MAGIC[0] && buffer[1] === GZIP_MAGIC[1];
  } catch (error) {
    throw unreadable(path, error, false);
  } finally {
    await file.close();
  }
}

function unreadable(path: string, error: unknown, packed: boolean): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if (packed && error.code === "Z_BUF_ERROR") {
    return new InputError(
      { file: path },
      "the gzip data ends too early: the file was cut off, record or copy it again",
    );
  }
  return new InputError({ file: path }, `can't be read: ${error.message}`);
}

/** Names the line with the first byte that is not UTF-8. */
function notUtf8(path: string, bytes: Buffer, firstLine: number): InputError {
  let line = firstLine;
  for (let at = 0; at < bytes.length; line++) {
    const found = bytes.indexOf(NEWLINE, at);
    const end = found === -1 ? bytes.length : found;
    if (!isUtf8(bytes.subarray(at, end))) break;
    at = end + 1;
  }
  return new InputError({ file: path, line }, "found bytes that are not UTF-8, expected ftrace's text");
}
