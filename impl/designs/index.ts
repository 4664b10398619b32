/** The designs that the implementation has. A new one is a file beside this and a row here. */
import { InputError } from "../../model/alphabet/index.ts";
import type { Parts, Reporter } from "../reporter.ts";
import type { Runs } from "../runs.ts";
import type { Shape } from "../shape.ts";
import { None } from "./none.ts";
import { PAGE_REPORTING_WORDS, PageReporting } from "./page-reporting.ts";
import { ReportedBoundary, reportedBoundaryWords } from "./reported-boundary.ts";

export interface Design {
  readonly id: string;
  /** Words that it keeps in the guest's buffer, beside the shared ones and the batch. */
  words(shape: Shape): number;
  create(parts: Parts, runs: Runs): Reporter;
}

export const DESIGNS: readonly Design[] = [
  { id: "none", words: () => 0, create: (parts) => new None(parts, 0) },
  {
    id: "reported-boundary",
    words: reportedBoundaryWords,
    create: (parts, runs) => new ReportedBoundary(parts, runs),
  },
  { id: "page-reporting", words: () => PAGE_REPORTING_WORDS, create: (parts) => new PageReporting(parts) },
];

/** @throws InputError where there is no design of that name */
export function designNamed(id: string): Design {
  const design = DESIGNS.find((one) => one.id === id);
  if (design !== undefined) return design;
  const known = DESIGNS.map((one) => one.id).join(", ");
  throw new InputError({ key: "design" }, `found ${JSON.stringify(id)}, expected one of ${known}`);
}
