/**
 * Who may not be put off for ever. A run in which the worker could go on and never does proves nothing, so liveness asks
 * about fair runs only: what is always possible happens at last.
 *
 * Users and administrator owe nothing. An open request is answered at last, each by itself: the host may not answer
 * others for ever instead. Which answer is its own choice, and it need not drop a page before it answers.
 */
import { InputError } from "../../../../model/alphabet/index.ts";
import type { Move } from "../moves.ts";

/** The promise of a fair run, about a set of moves. */
export interface Obligation {
  readonly name: string;
  /**
   * weak: not put off for ever while one of the moves is possible all the time;
   * strong: not put off for ever while one of them is possible again and again.
   */
  readonly kind: "weak" | "strong";
  readonly covers: (move: Move) => boolean;
}

/** Obligations as bits: the n-th one of a plan is bit n. */
export interface Fairness {
  readonly name: string;
  readonly obligations: readonly Obligation[];
  /** By move: the obligations that it meets. */
  readonly met: Int32Array;
  readonly weak: number;
  readonly strong: number;
}

/**
 * The host answers every request, as it likes; worker, clock and the guest's own hotplug go on. Callers that wait look
 * again. All that needs is weak: a request stays open, and its answer possible, until it comes.
 */
export function answering(moves: readonly Move[]): Fairness {
  return compile("every request is answered", dutiesOf(moves), moves);
}

/**
 * And the host does not refuse for ever: a request that is sent again and again is taken at last. That needs a strong
 * promise, for a refused request is not open all the time: weak fairness lets a host refuse each of them.
 */
export function accepting(moves: readonly Move[]): Fairness {
  const ok: Obligation = {
    name: "the host agrees",
    kind: "strong",
    covers: (move) => move.do === "ack" && move.ok,
  };
  return compile("every request is answered, and not all are refused", [...dutiesOf(moves), ok], moves);
}

/** @throws InputError where there are more obligations than bits */
export function compile(name: string, obligations: readonly Obligation[], moves: readonly Move[]): Fairness {
  if (obligations.length > 32)
    throw new InputError({}, `this scope has ${obligations.length} obligations of fairness, expected at most 32`);
  const bitsWhere = (holds: (one: Obligation) => boolean): number =>
    obligations.reduce((bits, one, at) => (holds(one) ? bits | (1 << at) : bits), 0);
  return {
    name,
    obligations,
    met: Int32Array.from(moves, (move) => bitsWhere((one) => one.covers(move))),
    weak: bitsWhere((one) => one.kind === "weak"),
    strong: bitsWhere((one) => one.kind === "strong"),
  };
}

/** One obligation for each that acts by itself: a CPU, a request, a caller. Only those that the moves know. */
function dutiesOf(moves: readonly Move[]): Obligation[] {
  const duties = new Map<string, Obligation>();
  for (const move of moves) {
    const name = dutyOf(move);
    if (name === undefined || duties.has(name)) continue;
    duties.set(name, { name, kind: "weak", covers: (other) => dutyOf(other) === name });
  }
  return [...duties.values()];
}

/** Whose duty a move is; undefined where nobody owes it. */
function dutyOf(move: Move): string | undefined {
  switch (move.do) {
    case "work":
      return "the worker";
    case "proceed":
      return `the reporter on CPU ${move.cpu}`;
    case "tick":
      return "the clock";
    case "hotplug":
      return "hotplug";
    case "ack":
      return `the answer to request ${move.request}`;
    case "retry":
      return `the caller with ticket ${move.ticket}`;
    default:
      return undefined;
  }
}
