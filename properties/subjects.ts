/**
 * Who is driven: a design, as model or implementation, perhaps with a planted fault, perhaps beside its twin.
 */
import { InputError, type Guest } from "../model/alphabet/index.ts";
import { createImpl } from "../impl/guest.ts";
import { designOf } from "../model/designs/index.ts";
import { createModel } from "../model/guest.ts";
import { Environment } from "./drivers/environment.ts";
import type { Scope } from "./drivers/scopes.ts";
import { World, type Company, type Lenience } from "./drivers/world.ts";
import { plantedOf } from "./faults/index.ts";
import type { PropertyId } from "./judges/properties.ts";
import type { Traits } from "./judges/traits.ts";

export interface Subject {
  readonly design: string;
  readonly system: "model" | "impl";
  /** The id of a planted fault; only the implementation has any. */
  readonly fault?: string;
  /** Properties that it is held to beyond those that its design claims: `completeness`. */
  readonly claims?: readonly string[];
  /** Properties whose violations are passed over, to tell what harm comes after them. */
  readonly ignored?: readonly PropertyId[];
}

/**
 * What a design can meet, and what it claims beyond the contract.
 * @throws InputError where there is no such design or variant
 */
export function traitsOf(design: string, variant = ""): Traits {
  const known = designOf(design, variant);
  const { id, hearsRefusals, takes, callersWait, marks, hears, perCpu, claims } = known;
  return {
    id,
    variant: known.variant,
    hearsRefusals,
    takes,
    callersWait,
    marks,
    hears,
    perCpu,
    claims,
    changesOrder: known.setOrder !== undefined,
    keepsBooks: known.noted !== undefined,
  };
}

/**
 * A fresh world around a subject; which variant of the design it runs, the scope's settings say.
 * @param twin true: the model beside the implementation, compared after every step
 * @param lenience violations that are passed over, or that end a run unjudged; those of `subject.ignored` come to them
 * @throws InputError where there is no such design, variant or fault, or the guest can't work with the geometry
 */
export function enter(scope: Scope, subject: Subject, twin: boolean, lenience: Lenience = {}): World {
  const { geometry, settings } = scope;
  const traits = traitsOf(subject.design, settings.variant);
  const environment = new Environment(geometry, settings, traits.hears.includes("hint"));
  const company = (guest: Guest): Company => ({
    guest,
    environment,
    traits,
    claims: [...traits.claims, ...(subject.claims ?? [])],
    ...lenience,
    ignored: new Set([...(lenience.ignored ?? []), ...(subject.ignored ?? [])]),
  });
  if (subject.system === "model") {
    if (subject.fault !== undefined) {
      throw new InputError({ key: "subject.fault" }, "the model has no planted faults; only the implementation has");
    }
    const guest = createModel(subject.design, geometry, settings);
    return new World(scope, { ...company(guest), restart: () => guest.restart() });
  }
  const guest = createImpl(subject.design, geometry, settings);
  const model = twin ? createModel(subject.design, geometry, settings) : undefined;
  const beside = model === undefined ? company(guest) : { ...company(guest), twin: model };
  if (subject.fault !== undefined) {
    // A fault may remember what it did in the last run.
    plantedOf(subject.fault).plant({ guest, environment });
    return new World(scope, beside);
  }
  const start = guest.snapshot();
  const restart = (): void => {
    guest.restore(start);
    model?.restart();
  };
  return new World(scope, { ...beside, restart });
}

/** Worlds around one subject, used again where that is possible: to build one costs as much as hundreds of steps. */
export class Worlds {
  readonly #enter: (scope: Scope) => World;
  readonly #used = new WeakMap<Scope, World>();

  /** As `enter`. */
  constructor(subject: Subject, twin: boolean, lenience?: Lenience) {
    this.#enter = (scope) => enter(scope, subject, twin, lenience);
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
