/**
 * A program's standard input and output, for a driver that blocks: a line out, a line in. What becomes of the program
 * meanwhile its keeper sees, in another thread.
 */
import { isUtf8 } from "node:buffer";
import { readSync, writeSync } from "node:fs";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { InputError } from "../../model/alphabet/index.ts";
import { LONGEST_LINE } from "../lines.ts";
import { CALLED_OFF, ENDED, HELD_OPEN, NONE, OVERDUE, REPLIES, SIGNAL, STATUS, TURN, nextTurn } from "./cells.ts";
import { peek } from "./fifos.ts";
import type { Reply, Request, ToKeeper } from "./keeper.ts";

/** How a program ended. */
export interface ProgramEnd {
  /** Its exit status; absent where a signal ended it. */
  readonly status?: number;
  /** The signal's number. */
  readonly signal?: number;
}

/** Why there is no line. */
export type NoLine =
  /** It ended: the output is at its end, and so is the program. */
  | { readonly why: "ended"; readonly end: ProgramEnd }
  /** It ended, but somebody else still holds its output. */
  | { readonly why: "held open"; readonly end: ProgramEnd }
  /** No whole line came in time; the program was killed. */
  | { readonly why: "overdue"; readonly closed: boolean }
  | { readonly why: "too long" }
  | { readonly why: "not UTF-8" };

/** Thrown where a driver was let go because we are to end: nothing is left to say. */
export class CalledOff extends Error {}

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = "\uFEFF";
/** What stands in a text in the place of bytes that are not UTF-8; a program may also mean it. */
const REPLACEMENT = "\uFFFD";
/** A write of so many bytes to a pipe is done wholly or not at all (PIPE_BUF of Linux). */
const AT_ONCE = 4096;
/** Bytes of a line that is not as it should be that anybody would want to see. */
const EXCERPT = 4096;
/** Milliseconds in which a line that nobody asked for would come. */
const A_MOMENT = 100;
/** Milliseconds between two tries to write into a full pipe. */
const PATIENCE = 2;

export class Connection {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #port: MessagePort;
  #ends = { read: NONE, write: NONE, output: "" };
  #bytes = Buffer.allocUnsafe(CHUNK);
  /** What was read and not handed out: bytes[begin..end). */
  #begin = 0;
  #end = 0;

  /** @param port where the keeper hears requests */
  constructor(cells: Int32Array<SharedArrayBuffer>, port: MessagePort) {
    this.#cells = cells;
    this.#port = port;
  }

  /**
   * A new program in the place of the one there was.
   * @throws InputError where it can't be started
   */
  open(): void {
    const reply = this.#request("fresh");
    if (reply === "none") throw new CalledOff();
    if ("problem" in reply) throw new InputError({}, reply.problem);
    this.#ends = reply;
    this.#begin = this.#end = 0;
  }

  /** Kills the program, if it still runs, and all that it started. */
  close(): void {
    this.#request("none");
  }

  /** Says a line: the program's turn begins. False where it reads no more. */
  send(line: string): boolean {
    this.beginTurn();
    const bytes = `${line}\n`;
    return bytes.length * 3 <= AT_ONCE ? this.#write(bytes) : this.#writeParts(Buffer.from(bytes));
  }

  /** The time that the program has begins to run, though nothing is said. */
  beginTurn(): void {
    const turn = Atomics.load(this.#cells, TURN);
    if (turn < 0 || Atomics.compareExchange(this.#cells, TURN, turn, nextTurn(turn)) !== turn) throw new CalledOff();
  }

  /** The next line that is not blank, without its end; the program's turn is over then. */
  receive(): string | NoLine {
    const line = this.#readLine();
    return typeof line === "string" ? this.#endTurn(line) : line;
  }

  /** After a line: what else there is already, though nothing was asked; empty where there is none. */
  surplus(): string {
    if (this.#begin === this.#end) return "";
    return this.#excerpt().trim();
  }

  /** As `surplus`, but waits a moment for it, and for what stands in the pipe. */
  lateSurplus(): string {
    Atomics.wait(this.#cells, ENDED, 0, A_MOMENT);
    return (this.#excerpt() + peek(this.#ends.output, EXCERPT)).trim();
  }

  /** What came of a line that has no end: how it begins. */
  partial(): string {
    return this.#excerpt();
  }

  #excerpt(): string {
    return this.#bytes.toString("utf8", this.#begin, Math.min(this.#end, this.#begin + EXCERPT));
  }

  #request(request: Request): Reply {
    const seen = Atomics.load(this.#cells, REPLIES);
    const message: ToKeeper = { request };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port, not a window
    this.#port.postMessage(message);
    Atomics.wait(this.#cells, REPLIES, seen);
    const reply: { readonly message: Reply } | undefined = receiveMessageOnPort(this.#port);
    if (reply === undefined) throw new CalledOff();
    return reply.message;
  }

  #write(text: string): boolean {
    for (;;) {
      try {
        writeSync(this.#ends.write, text);
        return true;
      } catch (error) {
        if (!isFull(error) || !this.#waitsForRoom()) return false;
      }
    }
  }

  #writeParts(bytes: Buffer): boolean {
    for (let written = 0; written < bytes.length;) {
      try {
        written += writeSync(this.#ends.write, bytes, written);
      } catch (error) {
        if (!isFull(error) || !this.#waitsForRoom()) return false;
      }
    }
    return true;
  }

  /** False where the keeper put an end to it. */
  #waitsForRoom(): boolean {
    const turn = Atomics.load(this.#cells, TURN);
    if (turn < 0) return false;
    Atomics.wait(this.#cells, TURN, turn, PATIENCE);
    return true;
  }

  #readLine(): string | NoLine {
    /** Bytes from #begin on in which there is no end of a line. */
    let searched = 0;
    for (;;) {
      const newline = this.#bytes.subarray(0, this.#end).indexOf(NEWLINE, this.#begin + searched);
      if (newline === -1) {
        searched = this.#end - this.#begin;
        if (searched > LONGEST_LINE + 1) return { why: "too long" };
        if (!this.#readMore()) return this.#noMore();
        continue;
      }
      const line = this.#lineTo(newline);
      if (typeof line !== "string") return line;
      this.#begin = newline + 1;
      searched = 0;
      if (line.trim() !== "") return line;
    }
  }

  #lineTo(newline: number): string | NoLine {
    const end = newline > this.#begin && this.#bytes[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline;
    if (end - this.#begin > LONGEST_LINE) return { why: "too long" };
    const text = this.#bytes.toString("utf8", this.#begin, end);
    if (text.includes(REPLACEMENT) && !isUtf8(this.#bytes.subarray(this.#begin, end))) return { why: "not UTF-8" };
    // Some write one in front of every line.
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }

  /** False at the end of the output, or where the keeper put an end to it. */
  #readMore(): boolean {
    if (this.#begin === this.#end) this.#begin = this.#end = 0;
    if (this.#end === this.#bytes.length) this.#makeRoom();
    const count = readSync(this.#ends.read, this.#bytes, this.#end, this.#bytes.length - this.#end, null);
    this.#end += count;
    return count > 0 && Atomics.load(this.#cells, TURN) >= 0;
  }

  #makeRoom(): void {
    const length = this.#end - this.#begin;
    const bytes = length > this.#bytes.length / 2 ? Buffer.allocUnsafe(this.#bytes.length * 2) : this.#bytes;
    this.#bytes.copy(bytes, 0, this.#begin, this.#end);
    this.#bytes = bytes;
    this.#begin = 0;
    this.#end = length;
  }

  /** The output is at its end: how does the program end? */
  #noMore(): NoLine {
    const cells = this.#cells;
    const closed = Atomics.load(cells, TURN) >= 0;
    while (Atomics.load(cells, TURN) >= 0 && Atomics.load(cells, ENDED) === 0) Atomics.wait(cells, ENDED, 0, 50);
    switch (Atomics.load(cells, TURN)) {
      case OVERDUE:
        return { why: "overdue", closed };
      case HELD_OPEN:
        return { why: "held open", end: this.#programEnd() };
      case CALLED_OFF:
        throw new CalledOff();
      default:
        return { why: "ended", end: this.#programEnd() };
    }
  }

  #programEnd(): ProgramEnd {
    const status = Atomics.load(this.#cells, STATUS);
    return status === NONE ? { signal: Atomics.load(this.#cells, SIGNAL) } : { status };
  }

  /** Unless the keeper had put an end to it before the line was read. */
  #endTurn(line: string): string | NoLine {
    const turn = Atomics.load(this.#cells, TURN);
    if (turn >= 0 && Atomics.compareExchange(this.#cells, TURN, turn, nextTurn(turn)) === turn) return line;
    return this.#noMore();
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
