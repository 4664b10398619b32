/** The catalogue of planted faults. */
import { InputError } from "../../model/alphabet/index.ts";
import { AERATION_FAULTS } from "./aeration.ts";
import { ALLOCATOR_FAULTS } from "./allocator.ts";
import { ARRAY_SEQLOCK_FAULTS } from "./array-seqlock.ts";
import { BITMAP_FAULTS } from "./bitmap.ts";
import { CPU_ARRAY_FAULTS } from "./cpu-arrays.ts";
import { EQUIVALENTS, type Equivalent } from "./equivalents.ts";
import type { Fault } from "./fault.ts";
import { GET_PUT_HINTS_FAULTS } from "./get-put-hints.ts";
import { HOST_HABIT_FAULTS } from "./host-habits.ts";
import { HOST_FAULTS } from "./host.ts";
import { HOTPLUG_FAULTS } from "./hotplug.ts";
import { ISOLATING_FAULTS } from "./isolating.ts";
import { PAGE_REPORTING_FAULTS } from "./page-reporting.ts";
import { PASSES_FAULTS } from "./passes.ts";
import { REPORTED_BOUNDARY_FAULTS } from "./reported-boundary.ts";
import { SYNC_HYPERCALL_FAULTS } from "./sync-hypercall.ts";
import { TAKING_FAULTS } from "./taking.ts";

/** The fault that must be found at once, whatever else is hunted: it shows that the alarm rings. */
export const CANARY = "canary";

export const FAULTS: ReadonlyMap<string, Fault> = new Map(
  [
    ...ALLOCATOR_FAULTS,
    ...ISOLATING_FAULTS,
    ...HOTPLUG_FAULTS,
    ...PAGE_REPORTING_FAULTS,
    ...PASSES_FAULTS,
    ...REPORTED_BOUNDARY_FAULTS,
    ...TAKING_FAULTS,
    ...CPU_ARRAY_FAULTS,
    ...BITMAP_FAULTS,
    ...GET_PUT_HINTS_FAULTS,
    ...SYNC_HYPERCALL_FAULTS,
    ...AERATION_FAULTS,
    ...ARRAY_SEQLOCK_FAULTS,
    ...HOST_FAULTS,
    ...HOST_HABIT_FAULTS,
  ].map((fault) => [fault.id, fault]),
);

/** @throws InputError where there is no such fault */
export function faultOf(id: string): Fault {
  const fault = FAULTS.get(id);
  if (fault === undefined)
    throw new InputError(
      { key: "fault" },
      `there is no planted fault ${id}; there are ${[...FAULTS.keys()].join(", ")}`,
    );
  return fault;
}

/**
 * What is planted under an id: a fault, or a change that is none (equivalents.ts).
 * @throws InputError where there is neither
 */
export function plantedOf(id: string): Fault | Equivalent {
  return EQUIVALENTS.find((one) => one.id === id) ?? faultOf(id);
}
