/**
 * Who is driven: a design, as model or implementation, perhaps with a planted fault, perhaps beside its twin.
 */
import { InputError, type Guest } from "../model/alphabet/index.ts";
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
  const model = (): Guest => createModel(subject.design, geometry, settings);
  if (subject.system === "model") {
    if (subject.fault !== undefined) {
      throw new InputError({ key: "subject.fault" }, "the model has no planted faults; only the implementation has");
    }
    return new World(scope, { guest: model(), environment, ...judged });
  }
  const guest = createImpl(subject.design, geometry, settings);
  if (subject.fault !== undefined) faultOf(subject.fault).plant({ guest, environment });
  return new World(scope, { guest, environment, ...judged, ...(twin ? { twin: model() } : {}) });
}
