/**
 * The words of memory that two threads share: the driver, which blocks while a program answers, and the keeper, which
 * starts, watches and kills the program meanwhile.
 */

/** Whose turn it is. Even: the driver's. Odd: the program's, an answer is awaited. Negative: the keeper put an end to it. */
export const TURN = 0;
/** Counts what the keeper did at the driver's request. */
export const REPLIES = 1;
/** 1 once the program has ended. */
export const ENDED = 2;
/** Its exit status; NONE where a signal ended it. */
export const STATUS = 3;
/** The number of that signal; NONE where there was none. */
export const SIGNAL = 4;

export const NONE = -1;
const CELLS = 5;

/** Values of TURN: why the keeper put an end to it. */
export const OVERDUE = -1;
/** The program has ended, but whatever it started still holds its standard output. */
export const HELD_OPEN = -2;
/** We are to end: a signal came. */
export const CALLED_OFF = -3;

/** The turn after this one, which is the other's. A turn that is counted on for ever would be negative one day. */
export function nextTurn(turn: number): number {
  return (turn + 1) & 0x7fff_ffff;
}

export function newCells(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT));
}
