/** A conversation in which a program is at fault, made short: what a person has to look through. */
import type { Step } from "../../model/alphabet/index.ts";
import { without } from "../../properties/drivers/shrink.ts";
import type { Fault } from "../conform/adapter-fault.ts";
import type { FaultTold } from "./job.ts";

/** What shortening may cost at most, whatever a try takes. */
const MOST_TRIES = 24;
const MOST_SECONDS = 2;
/** So many steps are looked through as they are. */
const FEW = 4;

/** Takes steps in a new process, up to its end. @returns the fault, where there was one */
export type Again = (steps: readonly Step[]) => FaultTold | undefined;

/**
 * Drops steps as long as the fault stays the same: first all but the last ones, then any.
 * @param steps those in which it showed
 * @returns the shortest that was found; says where it does not show at all in a new process
 */
export function shorten(found: FaultTold, steps: readonly Step[], again: Again): FaultTold {
  return new Shortener(found, again).run(steps);
}

class Shortener {
  readonly #kind: string;
  readonly #again: Again;
  readonly #until = performance.now() + 1000 * MOST_SECONDS;
  #tries = 0;
  #steps: readonly Step[] = [];
  #best: FaultTold;

  constructor(found: FaultTold, again: Again) {
    this.#kind = kindOf(found.fault);
    this.#again = again;
    this.#best = found;
  }

  run(steps: readonly Step[]): FaultTold {
    if (!this.#take(steps)) return { ...this.#best, showsAgain: false };
    if (this.#steps.length <= FEW) return { ...this.#best, showsAgain: true };
    for (let kept = 0; kept < this.#steps.length; kept = Math.max(1, 2 * kept)) {
      const first = this.#steps.length - kept;
      if (this.#take(without(this.#steps, (index) => index < first))) break;
    }
    for (let size = this.#steps.length >> 1; size >= 1; size >>= 1) this.#drop(size);
    return { ...this.#best, showsAgain: true };
  }

  /** Drops steps, so many at a time. */
  #drop(size: number): void {
    for (let end = this.#steps.length; end > 0; end = Math.min(end - size, this.#steps.length)) {
      const last = end;
      this.#take(without(this.#steps, (index) => index >= last - size && index < last));
    }
  }

  #take(steps: readonly Step[]): boolean {
    if (this.#tries++ >= MOST_TRIES || performance.now() > this.#until) return false;
    const told = this.#again(steps);
    if (told === undefined || kindOf(told.fault) !== this.#kind) return false;
    this.#steps = steps;
    this.#best = told;
    return true;
  }
}

/** What is wrong, whatever action, page or request it is about. */
function kindOf({ problem, rule }: Fault): string {
  return `${problem.replaceAll(/"[^"]*"|\d+/g, "")} ${rule}`;
}
