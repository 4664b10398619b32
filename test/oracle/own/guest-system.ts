/** One of the project's own designs as a system of the live protocol (`wire.md`). */
import { WIRE_ACTIONS, type Event, type Geometry, type WireAction } from "../../../model/alphabet/index.ts";
import type { Ready, System } from "../../../oracle/conform/system.ts";
import type { Traits } from "../../../properties/judges/traits.ts";
import { traitsOf } from "../../../properties/subjects.ts";
import { boot, nameOf, type Booted, type Form } from "./form.ts";
import { LiveGuest } from "./live-guest.ts";

/** What a design hears only where it listens for it; everybody does the rest. */
const HEARD: ReadonlySet<string> = new Set(["pressure", "balloon", "hint"]);

export class GuestSystem implements System {
  readonly #form: Form;
  readonly #traits: Traits;
  /** Guests that can go back to their boot, by geometry: to build one costs as much as hundreds of steps. */
  readonly #booted = new Map<string, Booted>();
  #live: LiveGuest | undefined;

  /** @throws InputError where there is no such design or variant */
  constructor(form: Form) {
    this.#form = form;
    this.#traits = traitsOf(form.design, form.variant);
  }

  start(geometry: Geometry): Ready {
    const { guest } = this.#boot(geometry);
    this.#live = new LiveGuest(guest, this.#traits);
    const hears: readonly string[] = this.#traits.hears;
    return { name: nameOf(this.#form), does: WIRE_ACTIONS.filter((name) => !HEARD.has(name) || hears.includes(name)) };
  }

  perform(action: WireAction): readonly Event[] {
    if (this.#live === undefined) throw new Error("the first action is `start`");
    return this.#live.perform(action);
  }

  #boot(geometry: Geometry): Booted {
    const key = JSON.stringify(geometry);
    const known = this.#booted.get(key);
    known?.restart?.();
    if (known !== undefined) return known;
    const booted = boot(this.#form, geometry);
    if (booted.restart !== undefined) this.#booted.set(key, booted);
    return booted;
  }
}
