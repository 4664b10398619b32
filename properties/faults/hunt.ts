/**
 * Hunting a planted fault: first with the judges that know only what is right, then, where they let it pass, beside the
 * model. A fault that only lockstep sees changes what the design does without breaking what it promises.
 */
import { designOf } from "../../model/designs/index.ts";
import { sample, type Progress, type Sampled } from "../drivers/random.ts";
import { scopesFor, type Scope } from "../drivers/scopes.ts";
import { isOf, knownOf } from "../findings/refind.ts";
import type { Violation } from "../judges/properties.ts";
import type { Fault } from "./fault.ts";

export interface Hunted {
  readonly sampled: Sampled;
  /** True where the model ran beside the implementation. */
  readonly lockstep: boolean;
}

/** The machines on which it is hunted. */
export function scopesOf({ design, variant = "", scope: name }: Fault): readonly Scope[] {
  return scopesFor(design, variant).filter((scope) => scope.name === (name ?? scope.name));
}

/** What is hunted, and where; without a killer: it is to survive. */
type Quarry = Pick<Fault, "design" | "variant" | "scope"> & Partial<Pick<Fault, "killer">>;

/**
 * False for what the design breaks by itself: a run that comes to that ends there, and is no evidence. A fault that is
 * hunted in one scope may break what the design breaks by itself in another.
 */
export function isEvidence({ design, variant = "", scope, killer }: Quarry): (violation: Violation) => boolean {
  const known = knownOf(design, designOf(design, variant).variant).filter((failure) => {
    const elsewhere = scope !== undefined && failure.scope !== undefined && failure.scope !== scope;
    return failure.property !== killer || !elsewhere;
  });
  return (violation) => !known.some((failure) => isOf(failure, violation));
}

export function hunt(fault: Fault, runs: number, seed: number, progress?: (sampled: Progress) => void): Hunted {
  const campaign = {
    subject: { design: fault.design, system: "impl" as const, fault: fault.id },
    scopes: scopesOf(fault),
    wanted: isEvidence(fault),
    runs,
    seed,
    ...(progress === undefined ? {} : { progress }),
  };
  const alone = sample({ ...campaign, lockstep: false });
  if (alone.found !== undefined) return { sampled: alone, lockstep: false };
  return { sampled: sample({ ...campaign, lockstep: true }), lockstep: true };
}
