/**
 * Labelled transitions: a step of a guest, abstracted to what a kernel engineer would tell of it. Who did what, in which
 * situation, and what came of it: `user: free at; merged with a marked one; list, holds some`. There are some hundreds
 * in a small scope, so that a campaign can say how many of them it has visited, and name the others.
 *
 * `at`, `below` and `above` are sizes of blocks against the report order. A label is two small numbers, computed without
 * allocating (an explorer asks a million times a second); each pair has an id, given in the order in which they are met.
 */
import type { Action, Event, HostStep, View } from "../../../model/alphabet/index.ts";
import type { Environment } from "../environment.ts";
import { KINDS, kindOf } from "./transitions/kinds.ts";
import { ASKS, FATES, HAPPENINGS, Outcomes } from "./transitions/outcome.ts";
import { Situations, relevant } from "./transitions/situation.ts";
import { SIZES } from "./transitions/sizes.ts";

/** An outcome: `kind:6 happened:14 phase afterwards:4 fate:5 size:2`. */
const FATE_SHIFT = 2;
const TO_SHIFT = 7;
const HAPPENED_SHIFT = 11;
const KIND_SHIFT = 25;

/** Labels the steps of one guest. */
export class Transitions {
  readonly #view: View;
  readonly #situations: Situations;
  readonly #outcomes: Outcomes;
  #situation = 0;
  #rested = false;
  /** By situation, as far as it matters: by outcome, the id. */
  readonly #ids = new Map<number, Map<number, number>>();
  /** By id. */
  readonly #labels: { readonly situation: number; readonly outcome: number }[] = [];

  constructor(view: View, environment: Environment) {
    this.#view = view;
    this.#situations = new Situations(view, environment);
    this.#outcomes = new Outcomes(view);
  }

  /** How many labels were met: ids are below that. */
  get size(): number {
    return this.#labels.length;
  }

  /** Looks at the situation before a step. It holds for any number of steps that are taken from the same state. */
  before(): void {
    this.#situation = this.#situations.look();
    this.#rested = this.#view.resting();
    this.#outcomes.before();
  }

  /**
   * Looks at what came of a step.
   * @param events in which it ended
   * @returns the id of its label
   */
  after(action: Action | HostStep, events: readonly Event[]): number {
    const kind = kindOf(action);
    const { matters } = KINDS[kind];
    const outcomes = this.#outcomes;
    outcomes.after(events, "order" in action ? action.order : -1);
    const to = this.#situations.place(matters);
    const asks = this.#rested && !this.#view.resting() ? ASKS : 0;
    const outcome =
      outcomes.size |
      (outcomes.fate << FATE_SHIFT) |
      (to << TO_SHIFT) |
      ((outcomes.happened | asks) << HAPPENED_SHIFT) |
      (kind << KIND_SHIFT);
    return this.#idOf(relevant(this.#situation, matters), outcome);
  }

  /** A label as one line. It is the same for everyone who meets it. */
  tell(id: number): string {
    const { situation, outcome } = this.#labels[id];
    const { name, matters } = KINDS[outcome >>> KIND_SHIFT];
    const size = SIZES[outcome & 3];
    const what = size === "" ? name : `${name} ${size}`;
    const fate = FATES[(outcome >> FATE_SHIFT) & 31];
    const happened = HAPPENINGS.filter((_, bit) => ((outcome >> (HAPPENED_SHIFT + bit)) & 1) === 1);
    const to = this.#situations.tellMove(situation, (outcome >> TO_SHIFT) & 15, matters);
    const parts = [fate, ...happened, to].filter((part) => part !== "");
    return `${what}; ${parts.join(", ") || "nothing else"}; ${this.#situations.tell(situation, matters)}`;
  }

  #idOf(situation: number, outcome: number): number {
    let ids = this.#ids.get(situation);
    if (ids === undefined) this.#ids.set(situation, (ids = new Map()));
    const known = ids.get(outcome);
    if (known !== undefined) return known;
    const id = this.#labels.push({ situation, outcome }) - 1;
    ids.set(outcome, id);
    return id;
  }
}
