/**
 * A program behind a pipe as a system: `wire.md`, "The live protocol". Everything in which it does not keep to the protocol
 * is an AdapterFault with the line that was sent and what came back; then it is killed, and the next `start` gets a new one.
 */
import { constants } from "node:os";
import { InputError, type Event, type Geometry, type WireAction } from "../../model/alphabet/index.ts";
import { parseAnswer, parseStartAnswer, type Refusal } from "../../model/alphabet/schema.ts";
import { AdapterFault, type Fault } from "../conform/adapter-fault.ts";
import type { Ready, System } from "../conform/system.ts";
import { cut } from "../conform/words.ts";
import type { Connection, NoLine, ProgramEnd } from "./connection.ts";
import { RULES } from "./rules.ts";

export interface ProgramOptions {
  /** Seconds for one answer; for the words only, the keeper has the watch. */
  readonly timeout: number;
  /** True where a person named the geometry: one that is refused is not ours then. */
  readonly geometryNamed: boolean;
}

export class Program implements System {
  readonly #connection: Connection;
  readonly #options: ProgramOptions;
  /** Whether a program runs that was not at fault so far. */
  #runs = false;
  #lines: string[] = [];
  #came: string | undefined;
  #found: Fault | undefined;
  #hung = false;

  constructor(connection: Connection, options: ProgramOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** What was said to it since it last started anew, the `start` first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Whether the last process was killed because it took too long. */
  get hung(): boolean {
    return this.#hung;
  }

  /**
   * @throws AdapterFault
   * @throws InputError where the program can't be started
   */
  start(geometry: Geometry): Ready {
    if (!this.#runs) {
      this.#connection.open();
      this.#runs = true;
      this.#hung = false;
    }
    this.#lines = [];
    const answer = this.#read(this.#ask({ do: "start", geometry }), parseStartAnswer, RULES.start);
    if ("ready" in answer) return answer.ready;
    return this.#refused(answer, "start");
  }

  /** @throws AdapterFault */
  perform(action: WireAction): readonly Event[] {
    const answer = this.#read(this.#ask(action), parseAnswer, RULES.answer);
    return "events" in answer ? answer.events : this.#refused(answer, "action");
  }

  /**
   * Ends the conversation as the protocol has it; the next `start` gets a new program.
   * @throws AdapterFault
   */
  stop(): void {
    if (!this.#runs) return;
    const answer = this.#read(this.#ask({ do: "stop" }), parseAnswer, RULES.stop);
    if (!("events" in answer)) this.#refused(answer, "stop");
    this.#connection.beginTurn();
    const last = this.#connection.receive();
    if (typeof last === "string") this.#unasked(last);
    if (last.why !== "ended" || last.end.status !== 0) {
      this.#fail({ problem: `it answered stop, but then ${this.#ending(last)}`, rule: RULES.stop });
    }
    this.#kill();
  }

  /**
   * What is wrong, with what was really sent and came: a driver that finds an answer unfit knows neither, nor whether there
   * is more that nobody asked for.
   */
  whole(error: AdapterFault): AdapterFault {
    const { fault, run } = error;
    if (fault === this.#found || fault.sent === undefined) return error;
    const late = this.#runs ? this.#connection.lateSurplus() : "";
    const more = `; and there is more, which nobody asked for: ${cut(late)} (does an action before it have two answers?)`;
    const found =
      late === ""
        ? this.#fault(fault)
        : this.#fault({ problem: fault.problem + more, rule: `${RULES.oneLine} ${fault.rule}` });
    return run === undefined ? found : found.during(run);
  }

  /** Sends a line and gets the answer to it, as JSON has it. */
  #ask(said: WireAction | { readonly do: "start"; readonly geometry: Geometry } | { readonly do: "stop" }): unknown {
    const line = JSON.stringify(said);
    this.#came = undefined;
    const reads = this.#send(line);
    const answer = this.#connection.receive();
    if (typeof answer !== "string") this.#fail(this.#noAnswer(answer, reads));
    this.#came = answer;
    if (!reads) this.#fail({ problem: "an answer came before anything was asked", rule: RULES.oneLine });
    // What is no answer at all is told first: the second line may be the answer.
    const value = this.#json(answer);
    const surplus = this.#connection.surplus();
    if (surplus !== "") this.#unasked(surplus);
    return value;
  }

  #send(line: string): boolean {
    const surplus = this.#connection.surplus();
    if (surplus !== "") this.#unasked(surplus);
    this.#lines.push(line);
    return this.#connection.send(line);
  }

  #json(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const hint = "standard output is for answers only, all else goes to standard error";
      return this.#fail({ problem: `the answer is no JSON (${cut(why)}); ${hint}`, rule: RULES.text });
    }
  }

  #read<Answer>(value: unknown, parse: (value: unknown) => Answer, rule: string): Answer {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const before = error.place.key?.includes("events[") === true ? RULES.reading : `${rule} ${RULES.reading}`;
      this.#fail({ problem: `the answer can't be read: ${error.message}`, rule: before });
    }
  }

  #unasked(line: string): never {
    const before = this.#came === undefined ? "" : `${cut(this.#came)} and then `;
    this.#came = `${before}${cut(line)}`;
    throw this.#fault({ problem: `a second line came for one action`, rule: RULES.oneLine });
  }

  /** @param asked what: an action of those that it lists, or what is always sent */
  #refused(answer: Refusal, asked: "start" | "action" | "stop"): never {
    if ("unsupported" in answer) {
      if (asked === "action") {
        const problem = "it does not support this action, though its ready lists it in does";
        return this.#fail({ problem, rule: RULES.fault });
      }
      return this.#fail({ problem: `it does not support ${asked}, which is always sent`, rule: RULES[asked] });
    }
    const hint = this.#options.geometryNamed
      ? "is the geometry of --geometry one that it can serve?"
      : "where it serves only some geometries, name one with --geometry FILE";
    const problem =
      asked === "start"
        ? `it can't start with this geometry: ${cut(answer.error)}; ${hint}`
        : `it says that it failed: ${cut(answer.error)}`;
    return this.#fail({ problem, rule: RULES.fault });
  }

  #noAnswer(none: NoLine, reads: boolean): Fault {
    const partial = this.#connection.partial().trim();
    if (partial !== "") this.#came = partial;
    const where = partial === "" ? "without an answer" : "in the middle of a line";
    // Who has ended has closed it, too; whether that was seen before its end is chance.
    const deaf = reads || none.why === "ended" ? "" : "; it had closed its standard input";
    const rule = none.why === "too long" ? RULES.longest : none.why === "not UTF-8" ? RULES.reading : RULES.fault;
    return { problem: `${this.#ending(none, ` ${where}`)}${deaf}`, rule };
  }

  /** @param where how far it had come */
  #ending(none: NoLine, where = ""): string {
    const { timeout } = this.#options;
    const inTime = `within ${timeout} ${timeout === 1 ? "second" : "seconds"} (--timeout sets how long one answer may take)`;
    switch (none.why) {
      case "ended":
        return `the program ${told(none.end)}${where}`;
      case "held open":
        return `the program ${told(none.end)}${where}, and something that it started still has its standard output open`;
      case "overdue":
        this.#hung = true;
        return none.closed
          ? `it closed its standard output${where} and did not end ${inTime}`
          : `it ${where === "" ? "did not end" : `hung${where}: nothing more came`} ${inTime}${this.#wasAnswered()}`;
      case "too long":
        return "it sends a line of more than 16 MiB";
      case "not UTF-8":
        return "its answer is not UTF-8";
    }
  }

  /** What a hang most often comes of: the very first line is not answered, or just one line is not. */
  #wasAnswered(): string {
    if (this.#came !== undefined) return "";
    const before = this.#lines.length - 1;
    if (before === 1) return "; the line before it, start, was answered";
    if (before > 1) return `; all ${before} lines before it, since start, were answered`;
    return "; is standard output flushed after every line? By hand it may look right, as to end flushes, too";
  }

  #fail(fault: Fault): never {
    throw this.#fault(fault);
  }

  /** Ends the program, whatever it does: the next `start` gets a new one. */
  #kill(): void {
    if (!this.#runs) return;
    this.#runs = false;
    this.#connection.close();
  }

  /** The program is not asked again. */
  #fault({ problem, rule }: Fault): AdapterFault {
    this.#kill();
    const sent = this.#lines.at(-1);
    this.#found = {
      problem,
      rule,
      ...(sent === undefined ? {} : { sent: cut(sent) }),
      ...(this.#came === undefined ? {} : { came: cut(this.#came) }),
    };
    return new AdapterFault(this.#found);
  }
}

function told({ status, signal }: ProgramEnd): string {
  if (status !== undefined) return `ended with status ${status}`;
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return `was ended by ${name ?? "a signal"}`;
}
