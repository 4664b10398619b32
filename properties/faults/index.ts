/** The catalogue of planted faults. */
import { InputError } from "../../model/alphabet/index.ts";
import type { Fault } from "./fault.ts";

export const FAULTS: ReadonlyMap<string, Fault> = new Map(([] as Fault[]).map((fault) => [fault.id, fault]));

/** @throws InputError where there is no such fault */
export function faultOf(id: string): Fault {
  const fault = FAULTS.get(id);
  if (fault === undefined) throw new InputError({ key: "fault" }, `there is no planted fault ${id}; there are ${[...FAULTS.keys()].join(", ")}`);
  return fault;
}
