/**
 * Hunting a planted fault: first with the judges that know only what is right, then, where they let it pass, beside the
 * model. A fault that only lockstep sees changes what the design does without breaking what it promises.
 */
import { designOf } from "../../model/designs/index.ts";
import { sample, type Progress, type Sampled } from "../drivers/random.ts";
import { scopesFor } from "../drivers/scopes.ts";
import { recordOf } from "../findings/refind.ts";
import type { Violation } from "../judges/properties.ts";
import type { Fault } from "./fault.ts";

export interface Hunted {
  readonly sampled: Sampled;
  /** True where the model ran beside the implementation. */
  readonly lockstep: boolean;
}

/** False for what the design breaks without any fault: a run that comes to that ends there, and is no evidence. */
export function isEvidence({ design, variant = "" }: Fault): (violation: Violation) => boolean {
  const form = designOf(design, variant).variant;
  return (violation) => recordOf(design, form, violation) === undefined;
}

export function hunt(fault: Fault, runs: number, seed: number, progress?: (sampled: Progress) => void): Hunted {
  const campaign = {
    subject: { design: fault.design, system: "impl" as const, fault: fault.id },
    scopes: scopesFor(fault.design, fault.variant ?? ""),
    wanted: isEvidence(fault),
    runs,
    seed,
    ...(progress === undefined ? {} : { progress }),
  };
  const alone = sample({ ...campaign, lockstep: false });
  if (alone.found !== undefined) return { sampled: alone, lockstep: false };
  return { sampled: sample({ ...campaign, lockstep: true }), lockstep: true };
}
