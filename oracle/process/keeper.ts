/**
 * Starts programs, watches them and sees to it that nothing of them is left. Its thread must not block: whoever drives a
 * program does so in another one (connection.ts).
 */
import { spawn, type ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { constants } from "node:os";
import { InputError } from "../../model/alphabet/index.ts";
import { CALLED_OFF, ENDED, HELD_OPEN, NONE, OVERDUE, REPLIES, SIGNAL, STATUS, TURN } from "./cells.ts";
import { Fifos } from "./fifos.ts";

/** What a driver asks for: a new program in the place of the one it had, or none any more. */
export type Request = "fresh" | "none";

/** As it stands among the messages of the driver's thread. */
export interface ToKeeper {
  readonly request: Request;
}

/** What it gets: its ends of the pipes, or why there is no program. */
export type Reply =
  | { readonly read: number; readonly write: number; readonly output: string }
  | { readonly problem: string }
  | "none";

/**
 * Into the time that a program has for an answer fit at least so many looks at it. It is overdue after all of these looks,
 * not when that time is over: while all of us are suspended (Ctrl-Z, a laptop that sleeps) nobody looks, and nothing counts.
 */
const LOOKS = 20;
/** Most milliseconds between two looks. */
const LONGEST_PAUSE = 500;
/**
 * Looks, once a program has ended, in which its output is read to the end. Who holds it open after them is something that the
 * program started, and will not let go.
 */
const LOOKS_AFTER_END = 2;
/** Milliseconds that a killed program may take to be gone before we go without it. */
const LAST_WAIT = 2000;

export interface KeeperOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Seconds that it may take for one answer. */
  readonly timeout: number;
}

/** Keeps one program at a time, for one driver. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #watch: NodeJS.Timeout;
  /** Looks after which an answer is overdue. */
  readonly #patience: number;
  #child: Child | undefined;
  #turn = 0;
  /** Looks at the program in this turn: while it ran, and once it had ended. */
  #looks = 0;
  #looksAfterEnd = 0;
  #closed = false;

  constructor(options: KeeperOptions, cells: Int32Array<SharedArrayBuffer>) {
    this.#options = options;
    this.#cells = cells;
    const time = options.timeout * 1000;
    const pause = Math.min(LONGEST_PAUSE, Math.max(1, time / LOOKS));
    this.#patience = Math.ceil(time / pause);
    this.#watch = setInterval(() => this.#look(), pause);
  }

  /** True once nothing is kept any more: whoever drives is let go, and says nothing. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Ends the program and all that it started, and takes away what is left of it. Its driver, if it waits, is let go. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    this.#callOff();
    await this.#retire();
  }

  /** As `close`, as far as that goes at once: for the very end of our own process. */
  closeNow(): void {
    this.#callOff();
    this.#child?.fifos.remove();
  }

  /** Does what the driver asks for. It sleeps until `reply` is sent and the cell REPLIES counts it. */
  async serve(request: Request, reply: (reply: Reply) => void): Promise<void> {
    await this.#retire();
    reply(request === "fresh" && !this.#closed ? await this.#start() : "none");
    Atomics.add(this.#cells, REPLIES, 1);
    Atomics.notify(this.#cells, REPLIES);
  }

  async #start(): Promise<Reply> {
    const cells = this.#cells;
    Atomics.store(cells, ENDED, 0);
    Atomics.store(cells, TURN, 0);
    try {
      const child = new Child(this.#options.command);
      this.#child = child;
      const problem = await child.started;
      if (problem !== undefined) {
        await this.#retire();
        return { problem };
      }
      void child.ended.then(({ status, signal }) => {
        if (this.#child !== child) return;
        Atomics.store(cells, STATUS, status);
        Atomics.store(cells, SIGNAL, signal);
        Atomics.store(cells, ENDED, 1);
        Atomics.notify(cells, ENDED);
      });
      return { ...child.fifos.ours, output: child.fifos.output };
    } catch (error) {
      if (error instanceof InputError) return { problem: error.message };
      throw error;
    }
  }

  /** The driver does not read or write meanwhile. */
  async #retire(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.kill();
    await Promise.race([child.ended, new Promise((resolve) => setTimeout(resolve, LAST_WAIT).unref())]);
    // What it started may have outlived it.
    child.kill();
    child.fifos.remove();
    this.#child = undefined;
  }

  /** Called again and again: has the program's turn lasted too long? */
  #look(): void {
    const turn = Atomics.load(this.#cells, TURN);
    if (turn !== this.#turn || turn % 2 === 0 || turn < 0) {
      this.#turn = turn;
      this.#looks = this.#looksAfterEnd = 0;
      return;
    }
    if (Atomics.load(this.#cells, ENDED) === 0) {
      if (++this.#looks > this.#patience) this.#putAnEnd(turn, OVERDUE);
    } else if (++this.#looksAfterEnd > LOOKS_AFTER_END) this.#putAnEnd(turn, HELD_OPEN);
  }

  #callOff(): void {
    while (!this.#putAnEnd(Atomics.load(this.#cells, TURN), CALLED_OFF));
  }

  /** Kills, and lets the driver go who waits; does nothing, and says so, where an answer came just now. */
  #putAnEnd(turn: number, why: number): boolean {
    if (Atomics.compareExchange(this.#cells, TURN, turn, why) !== turn) return false;
    this.#child?.kill();
    this.#child?.fifos.wake();
    Atomics.notify(this.#cells, TURN);
    return true;
  }
}

interface End {
  readonly status: number;
  readonly signal: number;
}

/** One program that runs, in a process group of its own. */
class Child {
  readonly fifos: Fifos;
  /** Why it could not be started; undefined where it could. */
  readonly started: Promise<string | undefined>;
  readonly ended: Promise<End>;
  readonly #process: ChildProcess;

  /** @throws InputError where this system has no named pipes */
  constructor([program, ...args]: readonly string[]) {
    this.fifos = new Fifos();
    const child = spawned(program, args, this.fifos);
    this.#process = child;
    this.started = new Promise((resolve) => {
      child.once("spawn", () => resolve(undefined));
      child.once("error", (error: NodeJS.ErrnoException) => resolve(notStarted(program, error)));
    });
    this.ended = new Promise((resolve) => {
      child.once("exit", (code, signal) =>
        resolve({ status: code ?? NONE, signal: signal === null ? NONE : constants.signals[signal] }),
      );
      child.once("error", () => resolve({ status: NONE, signal: NONE }));
    });
  }

  /** The program and all that it started and that did not leave its group. Nobody is asked. */
  kill(): void {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, "SIGKILL");
    } catch {
      // Nobody is left in the group.
    }
  }
}

/** In a process group of its own, with its ends of the pipes. */
function spawned(program: string, args: readonly string[], fifos: Fifos): ChildProcess {
  const { read, write } = fifos.theirs;
  try {
    const child = spawn(program, args, { stdio: [read, write, "inherit"], detached: true });
    fifos.closeTheirs();
    return child;
  } catch (error) {
    fifos.remove();
    throw new InputError({}, notStarted(program, error instanceof Error ? error : new Error(String(error))));
  }
}

function notStarted(program: string, error: NodeJS.ErrnoException): string {
  return `can't start ${program === "" ? "a program without a name" : program}: ${whyNot(program, error)}`;
}

function whyNot(program: string, error: NodeJS.ErrnoException): string {
  if (isFolder(program)) return "it is a folder";
  if (error.code === "EACCES")
    return `it can't be executed: chmod +x ${program}, or name what runs it in front (python3 ${program})`;
  if (error.code !== "ENOENT") return error.message;
  const hint = /\s/.test(program)
    ? "no shell is involved, so the program and each of its arguments is a word of its own"
    : "a file in this folder is named with ./ in front";
  return `there is no such program (${hint})`;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // It is not there, or the path is none: why it could not be started is known already.
    return false;
  }
}
