/** The situation before a step, as a small number: where the reporter stands, what it holds, what the host has in hand. */
import type { Hotplug, View } from "../../../../model/alphabet/index.ts";
import type { Environment } from "../../environment.ts";
import { DEVICE, HELD, HOTPLUG, OPEN, PHASE, SLEEPERS } from "./kinds.ts";
import { AMOUNTS, OPENS, amountOf, openOf } from "./sizes.ts";

/** `sleepers:1 hotplug:4 device:2 open:2 held:2 phase:4`. */
const HELD_SHIFT = 4;
const OPEN_SHIFT = 6;
const DEVICE_SHIFT = 8;
const HOTPLUG_SHIFT = 10;
const SLEEPERS_SHIFT = 14;
const FOUR = 15;
const TWO = 3;

const DEVICES = ["", "frozen", "no device", "no device, frozen"] as const;
const GOING: readonly Hotplug["phase"][] = ["drain", "isolate", "test", "remove", "undo"];
/** Nothing is under way, then what goes, then what comes. */
const HOTPLUGS: readonly string[] = [
  "nothing under way",
  ...GOING.map((phase) => `offline: ${phase}`),
  ...GOING.map((phase) => `online: ${phase}`),
];

/** The bits of the parts that matter (kinds.ts), by these. */
const MASKS = Int32Array.from(
  { length: 64 },
  (_, matters) =>
    ((matters & PHASE) === 0 ? 0 : FOUR) |
    ((matters & HELD) === 0 ? 0 : TWO << HELD_SHIFT) |
    ((matters & OPEN) === 0 ? 0 : TWO << OPEN_SHIFT) |
    ((matters & DEVICE) === 0 ? 0 : TWO << DEVICE_SHIFT) |
    ((matters & HOTPLUG) === 0 ? 0 : FOUR << HOTPLUG_SHIFT) |
    ((matters & SLEEPERS) === 0 ? 0 : 1 << SLEEPERS_SHIFT),
);

/** What of a situation may matter to a kind of step. */
export function relevant(situation: number, matters: number): number {
  return situation & MASKS[matters];
}

/** Reads situations off a guest and those around it. */
export class Situations {
  readonly #view: View;
  readonly #environment: Environment;
  /** Phases met so far; their places are their numbers. */
  readonly #phases: string[] = ["rest", "due", "stopped"];
  readonly #capacity: number;

  constructor(view: View, environment: Environment) {
    this.#view = view;
    this.#environment = environment;
    this.#capacity = view.geometry.capacity;
  }

  /** @returns all parts, packed */
  look(): number {
    const view = this.#view;
    return (
      this.phase() |
      (amountOf(view.held().length, this.#capacity) << HELD_SHIFT) |
      (openOf(this.#environment.requests.length) << OPEN_SHIFT) |
      ((view.registered() ? 0 : 2) << DEVICE_SHIFT) |
      ((view.frozen() ? 1 : 0) << DEVICE_SHIFT) |
      (this.hotplug() << HOTPLUG_SHIFT) |
      (view.waiters().length === 0 ? 0 : 1 << SLEEPERS_SHIFT)
    );
  }

  /** Where the worker stands. A worker at rest may be due all the same. @throws RangeError for a 17th phase */
  phase(): number {
    const view = this.#view;
    const name = view.stopped() === "" ? view.phase() : "stopped";
    if (name === "rest") return view.resting() ? 0 : 1;
    const known = this.#phases.indexOf(name);
    if (known >= 0) return known;
    if (this.#phases.length > FOUR) throw new RangeError(`${name} is one phase too many: a label has four bits`);
    return this.#phases.push(name) - 1;
  }

  /** What the administrator has under way. */
  hotplug(): number {
    const operation = this.#view.hotplug();
    if (operation === undefined) return 0;
    return 1 + GOING.indexOf(operation.phase) + (operation.kind === "offline" ? 0 : GOING.length);
  }

  /** Where whoever takes the step stands: the administrator with hotplug, or the worker. 0 where that matters not. */
  place(matters: number): number {
    if ((matters & HOTPLUG) !== 0) return this.hotplug();
    return (matters & PHASE) === 0 ? 0 : this.phase();
  }

  /** Where the step led from this situation: empty where it stayed there. @param to as `place` after it */
  tellMove(situation: number, to: number, matters: number): string {
    const hotplugs = (matters & HOTPLUG) !== 0;
    const from = hotplugs ? (situation >> HOTPLUG_SHIFT) & FOUR : situation & FOUR;
    if (from === to || (matters & (HOTPLUG | PHASE)) === 0) return "";
    return `to ${hotplugs ? HOTPLUGS[to] : this.#phases[to]}`;
  }

  /** The parts that matter, in words. */
  tell(situation: number, matters: number): string {
    const parts = [
      (matters & PHASE) === 0 ? "" : this.#phases[situation & FOUR],
      AMOUNTS[(situation >> HELD_SHIFT) & TWO],
      OPENS[(situation >> OPEN_SHIFT) & TWO],
      DEVICES[(situation >> DEVICE_SHIFT) & TWO],
      (matters & HOTPLUG) === 0 ? "" : HOTPLUGS[(situation >> HOTPLUG_SHIFT) & FOUR],
      situation >> SLEEPERS_SHIFT === 0 ? "" : "someone sleeps",
    ].filter((part) => part !== "");
    return parts.length === 0 ? "nothing held" : parts.join(", ");
  }
}
