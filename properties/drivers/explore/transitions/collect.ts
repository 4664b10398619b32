/**
 * Collects the transitions of a plan while all its interleavings are explored: what can be visited there at all. Since
 * states come by their distance from the start, a label is first met at the end of a shortest path to it.
 */
import type { Expander, Observer } from "../expander.ts";
import { explore } from "../explore.ts";
import { pathTo } from "../path.ts";
import type { Exploration, Report } from "../report.ts";
import type { States } from "../states/table.ts";
import { Transitions } from "../transitions.ts";
import { MOMENTS, Moments, tellMoment } from "./moments.ts";

/** What there is to visit. */
export interface Collected {
  readonly report: Report;
  /** By label: the moves of a shortest path that ends with it. In the order in which they were met. */
  readonly paths: ReadonlyMap<string, readonly number[]>;
  /** What events alone show of them (moments.ts). */
  readonly moments: readonly string[];
}

/** Explores a plan, and collects. */
export function collect(exploration: Exploration): Collected {
  let collector: Collector | undefined;
  const observe = (expander: Expander, table: States): Observer => {
    const mine = new Collector(expander, table);
    collector = mine;
    return { entered: (state) => mine.entered(state), moved: (move) => mine.moved(move) };
  };
  const report = explore({ ...exploration, observe });
  return { report, paths: collector?.paths() ?? new Map<string, number[]>(), moments: collector?.moments() ?? [] };
}

/** One for each attempt at an exploration. */
class Collector {
  readonly #expander: Expander;
  readonly #table: States;
  readonly #transitions: Transitions;
  readonly #moments: Moments;
  readonly #met = new Uint8Array(MOMENTS);
  #state = -1;
  #held = 0;
  #open = 0;
  /** By label: the state and the move at which it was met first. */
  readonly #first: { readonly state: number; readonly move: number }[] = [];

  constructor(expander: Expander, table: States) {
    const { guest, environment } = expander.world;
    this.#expander = expander;
    this.#table = table;
    this.#transitions = new Transitions(guest.view(), environment);
    this.#moments = new Moments(guest.view().geometry);
  }

  entered(state: number): void {
    const { guest, environment } = this.#expander.world;
    this.#state = state;
    this.#held = guest.view().held().length;
    this.#open = environment.requests.length;
    this.#transitions.before();
  }

  moved(move: number): undefined {
    const { world, moves } = this.#expander;
    const label = this.#transitions.after(moves.all[move], world.events);
    if (label === this.#first.length) this.#first.push({ state: this.#state, move });
    this.#moments.at(this.#held, this.#open);
    for (let at = 0; at < world.events.length; at++) this.#met[this.#moments.follow(world.events[at])] = 1;
  }

  paths(): Map<string, readonly number[]> {
    return new Map(this.#first.map((first, label) => [this.#transitions.tell(label), pathTo(this.#table, first)]));
  }

  moments(): string[] {
    return [...this.#met.keys()].filter((moment) => this.#met[moment] === 1).map(tellMoment);
  }
}
