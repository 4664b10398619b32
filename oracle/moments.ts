/** Which kinds of moments a recording shows: how much of what a design can do has it done? */
import type { Event, Geometry } from "../model/alphabet/index.ts";
import { MOMENTS, Moments, tellMoment } from "../properties/drivers/explore/transitions/moments.ts";

export class MomentWatch {
  readonly #moments: Moments;
  readonly #met = new Uint8Array(MOMENTS);

  constructor(geometry: Geometry) {
    this.#moments = new Moments(geometry);
  }

  see(event: Event): void {
    this.#met[this.#moments.follow(event)] = 1;
  }

  /** What was seen, as `tellMoment` tells it. */
  met(): string[] {
    return [...this.#met.keys()].filter((moment) => this.#met[moment] === 1).map(tellMoment);
  }
}
