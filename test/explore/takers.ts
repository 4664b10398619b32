/** Threads that only take their shares of a level. */
import type { MakeHand } from "../../properties/drivers/explore/threads/workers.ts";

export interface Taking {
  /** Whoever gets the first state is over. */
  readonly endsAtOnce: boolean;
  /** How long a share takes, in ms. */
  readonly pause: number;
}

/** States that were taken. */
export type Taken = number;

export const makeHand: MakeHand<Taking, Taken> = ({ endsAtOnce, pause }) => {
  const never = new Int32Array(new SharedArrayBuffer(4));
  let taken = 0;
  let isOver = false;
  return {
    expand(from, to) {
      taken += to - from;
      if (endsAtOnce && from === 0) isOver = true;
      else if (pause > 0) Atomics.wait(never, 0, 0, pause);
    },
    flush() {},
    get isOver() {
      return isOver;
    },
    report: () => taken,
  };
};
