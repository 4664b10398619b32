/**
 * Text files of any size, line by line, in constant memory: `wire.md`, "Reading".
 *
 * Files, gzipped files (told by their first bytes, not their names) and standard input. A byte order mark and CRLF are
 * taken off. Whatever is wrong is said only after all lines before it were handed out: a violation before a bad line
 * stands.
 */
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { addAbortSignal } from "node:stream";
import { createGunzip } from "node:zlib";
import { whatItIs } from "../model/alphabet/formats.ts";
import { InputError, type Place } from "../model/alphabet/index.ts";

/** Some lines in a row. */
export interface Lines {
  /** The number of the first of them; lines count from 1. */
  readonly first: number;
  readonly texts: readonly string[];
}

/** The most bytes in a line, its end left out. Source: `wire.md`, "Reading". */
export const LONGEST_LINE = 16 * 1024 * 1024;

/** Bytes read at a time. Gzip can blow them up a thousandfold, so this bounds the memory. */
const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = "\uFEFF";

/** How messages name a source. */
export function nameOf(source: string): string {
  return source === "-" ? "standard input" : source;
}

/**
 * The lines of a file, or of standard input for `-`.
 * @param over ends the reading of standard input, which may never end by itself
 * @throws InputError that names the file and, where there is one, the line: it can't be read, is cut off, is not UTF-8
 *   or has a line of more than 16 MiB; or its reading was ended
 */
export async function* readLines(source: string, over?: AbortSignal): AsyncGenerator<Lines> {
  const file = nameOf(source);
  let line = 1;
  for await (const bytes of wholeLines(source, over)) {
    if (bytes === TOO_LONG) {
      throw new InputError({ file, line }, "found a line of more than 16 MiB, expected at most that");
    }
    if (!Buffer.isBuffer(bytes)) throw new InputError({ file, line }, bytes.damage);
    const valid = isUtf8(bytes) ? bytes : bytes.subarray(0, beginOfInvalid(bytes));
    if (valid.length > 0) {
      const texts = split(valid, line === 1);
      yield { first: line, texts };
      line += texts.length;
    }
    if (valid.length < bytes.length)
      throw new InputError({ file, line }, "found bytes that are not UTF-8, expected UTF-8 text");
  }
}

const TOO_LONG = Symbol("a line of more than 16 MiB");

/** What ends a source early. */
interface Damage {
  readonly damage: string;
}

/** The value of a line of JSON Lines. @throws InputError where it is none */
export function parseJson(text: string, place: Place): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const shown = text.length <= 40 ? text : `${text.slice(0, 40)}...`;
    throw new InputError(
      place,
      `found ${JSON.stringify(shown)}, which is not JSON; expected one JSON object in a line${whatItIs(text)}`,
    );
  }
}

/** The bytes of the source, cut behind the ends of lines; the last part may have no end. */
async function* wholeLines(source: string, over?: AbortSignal): AsyncGenerator<Buffer | typeof TOO_LONG | Damage> {
  let open: Buffer[] = [];
  let length = 0;
  const close = (last: Buffer): Buffer => {
    const whole = open.length === 0 ? last : Buffer.concat([...open, last]);
    open = [];
    length = 0;
    return whole;
  };
  try {
    for await (const chunk of unpacked(bytesOf(source, over))) {
      const begin = chunk.indexOf(NEWLINE);
      if (length + (begin === -1 ? chunk.length : begin) > LONGEST_LINE + 1) return yield TOO_LONG;
      if (begin === -1) {
        open.push(chunk);
        length += chunk.length;
        continue;
      }
      const end = chunk.lastIndexOf(NEWLINE) + 1;
      const lines = close(chunk.subarray(0, end));
      if (isTooLong(lines)) return yield TOO_LONG;
      yield lines;
      if (end < chunk.length) {
        open.push(chunk.subarray(end));
        length = chunk.length - end;
      }
    }
  } catch (error) {
    const damage = GZIP_DAMAGE[codeOf(error)];
    if (damage === undefined) throw unreadable(nameOf(source), error);
    return yield { damage };
  }
  const last = close(Buffer.alloc(0));
  if (isTooLong(last)) yield TOO_LONG;
  else if (last.length > 0) yield last;
}

/** Of some lines only the first can have begun in an earlier chunk: only it can be too long. */
function isTooLong(lines: Buffer): boolean {
  const end = lines.indexOf(NEWLINE);
  const length = end === -1 ? lines.length : end;
  return length - (lines[length - 1] === CARRIAGE_RETURN ? 1 : 0) > LONGEST_LINE;
}

function split(bytes: Buffer, atStart: boolean): string[] {
  const text = bytes.toString("utf8");
  const lines = (atStart && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}

/** Where the first line begins that is not UTF-8. */
function beginOfInvalid(bytes: Buffer): number {
  let begin = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, begin);
    const next = end === -1 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(begin, next))) return begin;
    begin = next;
  }
}

function bytesOf(source: string, over?: AbortSignal): AsyncIterable<Buffer> {
  if (source !== "-") return createReadStream(source, { highWaterMark: CHUNK });
  return over === undefined ? process.stdin : addAbortSignal(over, process.stdin);
}

/** The bytes as they are, or what gzip made them of. */
async function* unpacked(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  try {
    while (head.length < 2) {
      const next = await chunks.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
    const rest = { [Symbol.asyncIterator]: () => chunks };
    if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(head, rest);
    else {
      if (head.length > 0) yield head;
      yield* rest;
    }
  } finally {
    await chunks.return?.();
  }
}

/** Feeds gunzip one chunk at a time, so that all that it made of a broken file is handed out before its error. */
async function* gunzipped(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  const made: Buffer[] = [];
  let failure: Error | undefined;
  gunzip.on("data", (chunk: Buffer) => made.push(chunk));
  gunzip.on("error", (error) => (failure = error));
  const closed = new Promise<void>((resolve) => gunzip.once("close", resolve));
  const feed = async (chunk: Buffer): Promise<Buffer[]> => {
    // A write that fails is never called back: then closing is the answer.
    await Promise.race([closed, new Promise<void>((resolve) => gunzip.write(chunk, () => resolve()))]);
    return made.splice(0);
  };
  try {
    yield* await feed(head);
    for await (const chunk of rest) {
      if (failure !== undefined) break;
      yield* await feed(chunk);
    }
    gunzip.end();
    await closed;
    yield* made;
    if (failure !== undefined) throw failure;
  } finally {
    gunzip.destroy();
  }
}

const GZIP_DAMAGE: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: "the gzip data ends too early: the file was cut off, record or copy it again",
  Z_DATA_ERROR: "the gzip data is damaged: record or copy the file again",
};

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "found a directory, expected a file",
  EACCES: "can't be read: permission denied",
};

function unreadable(file: string, error: unknown): unknown {
  if (codeOf(error) === "" || !(error instanceof Error)) return error;
  return new InputError({ file }, UNREADABLE[codeOf(error)] ?? `can't be read: ${error.message}`);
}

/** The code of an error of the system or of zlib; our own mistakes have none. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
