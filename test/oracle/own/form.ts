/** Which of the project's own designs stands behind the live protocol, and how it is set. */
import type { Geometry, Guest, Settings } from "../../../model/alphabet/index.ts";
import { createImpl } from "../../../impl/guest.ts";
import { DESIGNS, designOf } from "../../../model/designs/index.ts";
import { createModel } from "../../../model/guest.ts";
import { Environment } from "../../../properties/drivers/environment.ts";
import { SMALL } from "../../../properties/drivers/scopes.ts";
import { plantedOf } from "../../../properties/faults/index.ts";

export interface Form {
  readonly design: string;
  /** Empty where the design has only one. */
  readonly variant: string;
  readonly system: "model" | "impl";
  /** The id of a planted fault of the implementation's guest; a fault of the host has no effect here. */
  readonly fault?: string;
  /** What differs from settings under which a few blocks are enough (scopes.ts). */
  readonly settings?: Partial<Omit<Settings, "variant">>;
}

/** Every design in every variant. */
export const FORMS: readonly { readonly design: string; readonly variant: string }[] = [...DESIGNS].flatMap(
  ([design, variants]) => variants.map(({ variant }) => ({ design, variant })),
);

export function nameOf({ design, variant, system, fault, settings }: Form): string {
  const form = variant === "" ? design : `${design} ${variant}`;
  const differs = settings === undefined ? "" : ` ${JSON.stringify(settings)}`;
  return `${form} (${system}${fault === undefined ? "" : `, ${fault}`})${differs}`;
}

/** More than a run of the live protocol ever leaves inside the reporter. */
const MANY_CPUS = 64;

/**
 * The settings of a form. Users go on while the host or the worker is slow, so that they need a CPU that is not inside the
 * reporter: where a free may leave one there, there are many.
 * @throws InputError where there is no such design or variant
 */
export function settingsOf({ design, variant, settings }: Form): Settings {
  const cpus = designOf(design, variant).busy === undefined ? 2 : MANY_CPUS;
  return { ...SMALL, cpus, ...settings, variant };
}

/** A guest at its boot, and what puts it back there; undefined where only a new one will do. */
export interface Booted {
  readonly guest: Guest;
  readonly restart: (() => void) | undefined;
}

/** @throws InputError where there is no such design, variant or fault, or the guest can't work with the geometry */
export function boot(form: Form, geometry: Geometry): Booted {
  const settings = settingsOf(form);
  if (form.system === "model") {
    const guest = createModel(form.design, geometry, settings);
    return { guest, restart: () => guest.restart() };
  }
  const guest = createImpl(form.design, geometry, settings);
  if (form.fault !== undefined) {
    // A fault may remember what it did in the last run.
    plantedOf(form.fault).plant({ guest, environment: new Environment(geometry, settings) });
    return { guest, restart: undefined };
  }
  const start = guest.snapshot();
  return { guest, restart: () => guest.restore(start) };
}
