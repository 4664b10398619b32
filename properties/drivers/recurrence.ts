/**
 * Does a healing guest go round in a circle? Where nothing happens, as far as events tell, and the guest is as it was
 * some steps before, it will never fall idle: nobody but its own actors moves.
 */
import type { Event, View } from "../../model/alphabet/index.ts";
import { FREE_TAG, OWNER_BITS } from "../../model/alphabet/words.ts";

/** So many steps a guest may take before anyone asks: most are at rest by then, and asking costs more than a step. */
const PATIENCE = 64;

export class Recurrence {
  /** True where the guest will go on like this forever. */
  found = false;
  readonly #view: View;
  #steps = 0;
  /** The step at which the guest was remembered, and when it is to be remembered anew: ever later (R. P. Brent). */
  #next = PATIENCE;
  #remembered: string | undefined;

  constructor(view: View) {
    this.#view = view;
  }

  /** Told of every step of healing. */
  follow(events: readonly Event[]): void {
    this.#steps++;
    if (this.#steps < PATIENCE) return;
    if (events.length > 0) this.#remembered = undefined;
    const now = this.#picture();
    this.found = now === this.#remembered;
    if (this.#remembered !== undefined && this.#steps < this.#next) return;
    this.#remembered = now;
    this.#next = 2 * this.#steps;
  }

  #picture(): string {
    const view = this.#view;
    const { tags, next, types } = view.words();
    // A word of a page that no list goes through says nothing: it may differ where the guest is the same.
    const links = next.map((to, node) => (node < tags.length && (tags[node] & OWNER_BITS) !== FREE_TAG ? 0 : to));
    const lists = `${tags.join()} ${links.join()} ${types.join()}`;
    return `${JSON.stringify([view.reporter(), view.hotplug(), view.waiters()])} ${lists}`;
  }
}
