/** The designs that the model knows: a new one is a file beside this one, and a row here. */
import { InputError } from "../alphabet/input-error.ts";
import type { Design } from "../reporter.ts";
import { none } from "./none.ts";
import { pageReporting } from "./page-reporting.ts";
import { reportedBoundary } from "./reported-boundary.ts";

/** By id, in the order in which they are shown. */
export const DESIGNS: ReadonlyMap<string, Design> = new Map<string, Design>(
  [none, reportedBoundary, pageReporting].map((design) => [design.id, design]),
);

/** @throws InputError where there is no such design */
export function designOf(id: string): Design {
  const design = DESIGNS.get(id);
  if (design === undefined) {
    throw new InputError({ key: "design" }, `there is no design ${id}; there are ${[...DESIGNS.keys()].join(", ")}`);
  }
  return design;
}
