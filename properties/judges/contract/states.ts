/**
 * What the contract knows of a page: one of nine states, each a bit, so that a set of states is a number.
 *
 * Owner, mark and request of `wire.md`, "The contract", in one: only free pages are marked, only held pages are in
 * flight, and only for held pages does it matter whether they were acked with ok since they were isolated.
 */
export const FREE = 1 << 0;
/** Free, and marked reported. */
export const MARKED = 1 << 1;
/** Held by the reporter, not acked with ok since isolated. */
export const HELD = 1 << 2;
/** Held, and acked with ok since isolated. */
export const ACKED = 1 << 3;
/** Held, and submitted but not acked: the host may be processing it. */
export const FLIGHT = 1 << 4;
/** In flight once more, after an ack with ok. */
export const ACKED_FLIGHT = 1 << 5;
export const ALLOCATED = 1 << 6;
/** Not yet seen in a trace that starts in the middle. */
export const UNKNOWN = 1 << 7;
export const ABSENT = 1 << 8;

/** A set of states. */
export type States = number;

export const STATE_COUNT = 9;
export const ALL_STATES: States = (1 << STATE_COUNT) - 1;
export const ANY_FREE: States = FREE | MARKED;
export const ANY_FLIGHT: States = FLIGHT | ACKED_FLIGHT;
export const ANY_HELD: States = HELD | ACKED | ANY_FLIGHT;

/** The new state for each old one, by the old one's number. */
export type Change = Uint16Array;

/** A change that turns the states named in `from` into `to`, each, and leaves the others as they are. */
export function change(...parts: readonly (readonly [from: States, to: States])[]): Change {
  const table = Uint16Array.from({ length: STATE_COUNT }, (_, index) => 1 << index);
  for (const [from, to] of parts) {
    for (let index = 0; index < STATE_COUNT; index++) {
      if ((from & (1 << index)) !== 0) table[index] = to;
    }
  }
  return table;
}

/** The number of a single state, from 0. */
export function stateNumber(state: States): number {
  return 31 - Math.clz32(state);
}

/** True where the set has one state, or none. */
export function isUniform(states: States): boolean {
  return (states & (states - 1)) === 0;
}
