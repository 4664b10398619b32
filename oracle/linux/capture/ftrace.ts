/**
 * ftrace's text: one event a line, as `/sys/kernel/tracing/trace` prints it.
 *
 *     |<--- task --->|-pid     [cpu] flags   stamp: event: fields
 *          kworker/0:1-17      [000] d..1.   56: iso: (__isolate_free_page+0x0/0x2b0) page=0xffd40000001b8000 order=9 …
 *
 * The task's name takes the first 16 bytes and may hold anything, so that the CPU is looked for behind it.
 * Source: `linux-guest.md` 3.
 */
import { InputError, type Place } from "../../../model/alphabet/index.ts";
import { forEachLine } from "./text.ts";

export interface TraceLine {
  /** The line of the file, from 1. */
  readonly line: number;
  readonly task: string;
  readonly cpu: number;
  /** As printed: with `trace_clock=counter` an integer, of which every event of the machine has its own. */
  readonly stamp: string;
  readonly name: string;
  readonly fields: string;
}

/** The `entries-in-buffer/entries-written` of the header. */
export interface Header {
  readonly kept: number;
  readonly written: number;
}

const TASK_WIDTH = 17;

/** What a reading of a trace came to. */
export interface Seen {
  /** The header's counts, where the trace has a header. */
  readonly header: Header | undefined;
  /** Events that were visited. */
  readonly events: number;
  readonly lastLine: number;
  readonly stopped: boolean;
}

/** A file in ftrace's text, which is read anew for each purpose: none is kept in memory. */
export class TraceFile {
  readonly path: string;
  private readonly signal: AbortSignal | undefined;

  /** @param signal ends every reading */
  constructor(path: string, signal?: AbortSignal) {
    this.path = path;
    this.signal = signal;
  }

  /**
   * Calls `visit` for each event, in order; it returns true to stop.
   *
   * @throws InputError for a line that is no event or that `visit` can't use, for lost events, and where the file can't be
   *   read. @throws the signal's reason
   */
  async forEachEvent(visit: (event: TraceLine) => boolean | void): Promise<Seen> {
    let header: Header | undefined;
    let events = 0;
    let stopped = false;
    const visitLine = (text: string, line: number): boolean => {
      if (text.length === 0) return false;
      if (text.charCodeAt(0) === 0x23) {
        header = headerOf(text, { line }) ?? header;
        return false;
      }
      const event = parseLine(text, line);
      if (event === undefined) throw noEvent(text, { line });
      events += 1;
      stopped = visit(event) === true;
      return stopped;
    };
    const lastLine = await forEachLine(this.path, (text, line) => this.inIt(() => visitLine(text, line)), this.signal);
    return { header, events, lastLine, stopped };
  }

  /** Adds the file to an error of one of its lines. */
  inIt<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw error instanceof InputError ? error.at({ file: this.path }) : error;
    }
  }
}

/** An event line, or undefined where it is none. */
export function parseLine(text: string, line: number): TraceLine | undefined {
  const bracket = text.indexOf("[", TASK_WIDTH);
  const close = text.indexOf("] ", bracket);
  const colon = text.indexOf(": ", close);
  if (bracket === -1 || close === -1 || colon === -1) return undefined;
  const stampStart = text.lastIndexOf(" ", colon) + 1;
  const nameEnd = text.indexOf(": ", colon + 2);
  const cpu = Number(text.slice(bracket + 1, close));
  const stamp = text.slice(stampStart, colon);
  if (!Number.isInteger(cpu) || stampStart <= close || !/^\d+(\.\d+)?$/.test(stamp)) return undefined;
  const rest = text.slice(colon + 2);
  if (nameEnd === -1) {
    return rest.endsWith(":")
      ? { line, task: taskOf(text, bracket), cpu, stamp, name: rest.slice(0, -1), fields: "" }
      : undefined;
  }
  const name = text.slice(colon + 2, nameEnd);
  return { line, task: taskOf(text, bracket), cpu, stamp, name, fields: text.slice(nameEnd + 2) };
}

/** The decimal field `key` of an event. @throws InputError (without a file) where it is missing or no number */
export function decimal(event: TraceLine, key: string): number {
  const value = Number(textOf(event, key));
  if (!Number.isSafeInteger(value)) throw badField(event, key, "a whole number");
  return value;
}

/** The hexadecimal field `key`, `0x…`, of an event that fits in 53 bits: a page frame number. */
export function hexadecimal(event: TraceLine, key: string): number {
  const text = textOf(event, key);
  const value = text.startsWith("0x") ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw badField(event, key, "a hexadecimal number of at most 53 bits");
  return value;
}

/** The hexadecimal field `key` of an event, of 64 bits: an address. */
export function address(event: TraceLine, key: string): bigint {
  const text = textOf(event, key);
  if (!/^0x[0-9a-f]+$/i.test(text)) throw badField(event, key, "an address");
  return BigInt(text);
}

/** The field `key` of an event as it stands there, up to the next space. @throws InputError (without a file) where it is missing */
export function textOf(event: TraceLine, key: string): string {
  const start = fieldStart(event.fields, key);
  if (start === -1) throw badField(event, key, "a value");
  const end = event.fields.indexOf(" ", start);
  return end === -1 ? event.fields.slice(start) : event.fields.slice(start, end);
}

/** True where the event has a field `key`. */
export function hasField(event: TraceLine, key: string): boolean {
  return fieldStart(event.fields, key) !== -1;
}

/** The function that an event of a return probe returns to, or that an event of an entry probe is in. */
export function functionOf(event: TraceLine): string {
  return /^\(([^+ )]+)/.exec(event.fields)?.[1] ?? "";
}

function taskOf(text: string, bracket: number): string {
  return text.slice(0, bracket).trim();
}

function fieldStart(fields: string, key: string): number {
  const wanted = `${key}=`;
  if (fields.startsWith(wanted)) return wanted.length;
  const at = fields.indexOf(` ${wanted}`);
  return at === -1 ? -1 : at + 1 + wanted.length;
}

function badField(event: TraceLine, key: string, expected: string): InputError {
  const start = fieldStart(event.fields, key);
  const found = start === -1 ? "nothing" : `"${event.fields.slice(start, start + 24)}"`;
  return new InputError({ line: event.line, key }, `found ${found} in the event ${event.name}, expected ${expected}`);
}

function headerOf(text: string, place: Place): Header | undefined {
  const found = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(text);
  if (found === null) return undefined;
  const header = { kept: Number(found[1]), written: Number(found[2]) };
  if (header.kept === header.written) return header;
  throw new InputError(
    place,
    `the recorder kept ${header.kept} of ${header.written} events and lost ${header.written - header.kept}: ` +
      "what happened in them is unknown. Record again with a larger buffer_size_kb",
  );
}

/** How many events a line that is none says were lost there: a number, or `some`; undefined where it says no such thing. */
export function lostIn(text: string): string | undefined {
  const found = /LOST (?:(\d+) )?EVENTS/.exec(text);
  return found === null ? undefined : (found[1] ?? "some");
}

function noEvent(text: string, place: Place): InputError {
  const lost = lostIn(text);
  if (lost !== undefined) {
    return new InputError(place, `the recorder lost ${lost} events here. Record again with a larger buffer_size_kb`);
  }
  return new InputError(
    place,
    `found "${text.slice(0, 60)}", expected an event of ftrace's text: task, CPU, stamp, name, fields`,
  );
}
