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

/** False for what the design breaks there without any fault: a run that comes to that ends there, and is no evidence. */
export function isEvidence({
  design,
  variant = "",
  scope,
}: Pick<Fault, "design" | "variant" | "scope">): (violation: Violation) => boolean {
  const known = knownOf(design, designOf(design, variant).variant).filter(
    (failure) => scope === undefined || failure.scope === undefined || failure.scope === scope,
  );
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
