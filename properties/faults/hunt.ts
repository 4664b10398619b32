/**
 * Hunting a planted fault: first with the judges that know only what is right, then, where they let it pass, beside the
 * model. A fault that only lockstep sees changes what the design does without breaking what it promises.
 */
import { sample, type Progress, type Sampled } from "../drivers/random.ts";
import { SCOPES } from "../drivers/scopes.ts";
import type { Fault } from "./fault.ts";

export interface Hunted {
  readonly sampled: Sampled;
  /** True where the model ran beside the implementation. */
  readonly lockstep: boolean;
}

export function hunt(fault: Fault, runs: number, seed: number, progress?: (sampled: Progress) => void): Hunted {
  const campaign = {
    subject: { design: fault.design, system: "impl" as const, fault: fault.id },
    scopes: SCOPES,
    runs,
    seed,
    ...(progress === undefined ? {} : { progress }),
  };
  const alone = sample({ ...campaign, lockstep: false });
  if (alone.found !== undefined) return { sampled: alone, lockstep: false };
  return { sampled: sample({ ...campaign, lockstep: true }), lockstep: true };
}
