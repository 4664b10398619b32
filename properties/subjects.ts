/**
 * Who is driven: a design, as model or implementation, perhaps with a planted fault, perhaps beside its twin.
 */
import { InputError } from "../model/alphabet/index.ts";
import { createImpl } from "../impl/guest.ts";
import { designOf } from "../model/designs/index.ts";
import { createModel } from "../model/guest.ts";
import type { Traits } from "./drivers/schedule.ts";
import { Environment } from "./drivers/environment.ts";
import type { Scope } from "./drivers/scopes.ts";
import type { PropertyId } from "./judges/properties.ts";
import { World } from "./drivers/world.ts";
import { faultOf } from "./faults/index.ts";

export interface Subject {
  readonly design: string;
  readonly system: "model" | "impl";
  /** The id of a planted fault; only the implementation has any. */
  readonly fault?: string;
  /** Properties that it is held to beyond the contract's own: `completeness`. */
  readonly claims?: readonly string[];
}

/** What a design can meet, and what it claims beyond the contract. */
export function traitsOf(design: string): Traits {
  const known = designOf(design);
  return { hearsRefusals: known.hearsRefusals, changesOrder: "setOrder" in known };
}

/**
 * A fresh world around a subject.
 * @param twin true: the model beside the implementation, compared after every step
 * @param ignored properties whose violations are passed over
 * @throws InputError where there is no such design or fault, or the guest can't work with the geometry
 */
export function enter(scope: Scope, subject: Subject, twin: boolean, ignored?: ReadonlySet<PropertyId>): World {
  const { geometry, settings } = scope;
  const environment = new Environment(geometry, settings);
  const judged = { claims: subject.claims ?? [], ...(ignored === undefined ? {} : { ignored }) };
  if (subject.system === "model") {
    if (subject.fault !== undefined) {
      throw new InputError({ key: "subject.fault" }, "the model has no planted faults; only the implementation has");
    }
    const guest = createModel(subject.design, geometry, settings);
    return new World(scope, { guest, environment, ...judged, restart: () => guest.restart() });
  }
  const guest = createImpl(subject.design, geometry, settings);
  const model = twin ? createModel(subject.design, geometry, settings) : undefined;
  const company = { guest, environment, ...judged, ...(model === undefined ? {} : { twin: model }) };
  if (subject.fault !== undefined) {
    // A fault may remember what it did in the last run.
    faultOf(subject.fault).plant({ guest, environment });
    return new World(scope, company);
  }
  const start = guest.snapshot();
  const restart = (): void => {
    guest.restore(start);
    model?.restart();
  };
  return new World(scope, { ...company, restart });
}

/** Worlds around one subject, used again where that is possible: to build one costs as much as hundreds of steps. */
export class Worlds {
  readonly #enter: (scope: Scope) => World;
  readonly #used = new WeakMap<Scope, World>();

  /** As `enter`. */
  constructor(subject: Subject, twin: boolean, ignored?: ReadonlySet<PropertyId>) {
    this.#enter = (scope) => enter(scope, subject, twin, ignored);
  }

  /** A world at its start. The one that was given before for the same scope must not be used any more. */
  enter(scope: Scope): World {
    const used = this.#used.get(scope);
    if (used?.restart() === true) return used;
    const world = this.#enter(scope);
    this.#used.set(scope, world);
    return world;
  }
}
