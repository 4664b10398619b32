/**
 * The next step, chosen among those that are possible now, so that nothing is wasted (DESIGN.md, "Random schedules").
 *
 * Every kind of step says what it needs and how to draw its details (schedule/kinds.ts). What there is now is looked up
 * once a step, as bits (schedule/situation.ts); a kind is possible where all bits that it needs are set. Where the
 * numbers come from is not known here: fast-check's tape, or a generator of pseudo-random numbers.
 */
import type { Step } from "../../model/alphabet/index.ts";
import type { Traits } from "../judges/traits.ts";
import { KINDS, type Choose } from "./schedule/kinds.ts";
import { Situation } from "./schedule/situation.ts";
import type { World } from "./world.ts";

export { isNothing, type Choose } from "./schedule/kinds.ts";

const NEEDS = Int32Array.from(KINDS, (kind) => kind.needs);

/** Weights are whole numbers here, so that a draw is one number. */
const SCALE = 10;

export class Schedule {
  readonly #now: Situation;
  readonly #weights = new Int32Array(KINDS.length);
  /** By kind: its weight and those of all before it, as far as they are possible. */
  readonly #sums = new Int32Array(KINDS.length);
  /** What was there when they were summed up; often it is so again. */
  #summed = -1;

  constructor(world: World, traits: Traits) {
    this.#now = new Situation(world, traits);
  }

  /** Swarm: each run switches about a quarter of the kinds off and stresses another quarter (`anchors.md`, lesson 9). */
  swarm(choose: Choose): void {
    for (let at = 0; at < KINDS.length; at++) {
      const kind = KINDS[at];
      this.#weights[at] = 0;
      if (!this.#now.mayNeed(kind.needs)) continue;
      const stress = [1, 0, 1, 4][choose(4)];
      this.#weights[at] = Math.round(SCALE * kind.weight * (kind.always ? Math.max(stress, 1) : stress));
    }
    this.#summed = -1;
  }

  /** The next step, among those that are possible now. There is always one: someone can always ask for memory. */
  next(choose: Choose): Step {
    const there = this.#now.look();
    if (there !== this.#summed) this.#sum(there);
    const sums = this.#sums;
    const drawn = choose(sums[sums.length - 1]);
    let at = 0;
    while (sums[at] <= drawn) at++;
    return KINDS[at].draw(this.#now, choose);
  }

  #sum(there: number): void {
    let sum = 0;
    for (let at = 0; at < KINDS.length; at++) {
      if ((NEEDS[at] & ~there) === 0) sum += this.#weights[at];
      this.#sums[at] = sum;
    }
    this.#summed = there;
  }
}
