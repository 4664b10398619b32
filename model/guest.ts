/** The model as a guest: it remembers the state between two steps, and nothing else. */
import type { Action } from "./alphabet/action.ts";
import type { Event } from "./alphabet/event.ts";
import type { Geometry } from "./alphabet/geometry.ts";
import type { Guest, View } from "./alphabet/guest.ts";
import type { Settings } from "./alphabet/settings.ts";
import { designOf } from "./designs/index.ts";
import { enabled, step } from "./machine.ts";
import { initial } from "./state.ts";
import type { State } from "./state.ts";
import { StateView } from "./view.ts";

export class ModelGuest implements Guest {
  readonly design: string;
  readonly #view: StateView;
  readonly #start: State;
  #state: State;

  /** @param state from which it goes on */
  constructor(state: State) {
    this.design = state.setup.design.id;
    this.#start = state;
    this.#state = state;
    this.#view = new StateView(state);
  }

  /** A value: keep it, and a later guest can go on from it. */
  get state(): State {
    return this.#state;
  }
  enabled(): readonly Action[] {
    return enabled(this.#state);
  }
  perform(action: Action): readonly Event[] {
    const { state, events } = step(this.#state, action);
    this.resume(state);
    return events;
  }
  /** Goes on from a state of the same setup. */
  resume(state: State): void {
    this.#state = state;
    this.#view.show(state);
  }
  /** Back to where it was made. */
  restart(): void {
    this.resume(this.#start);
  }
  /** Always of the latest state. */
  view(): View {
    return this.#view;
  }
}

/**
 * A model at boot.
 *
 * @param design the id of a design, as in designs/index.ts; which form of it, `settings.variant` says
 * @throws InputError where there is no such design or variant, or the geometry is one that hotplug can't work with
 */
export function createModel(design: string, geometry: Geometry, settings: Settings): ModelGuest {
  return new ModelGuest(initial(geometry, settings, designOf(design, settings.variant)));
}
