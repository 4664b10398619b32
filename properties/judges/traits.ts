/** What is true of the design that is driven and judged: what it can meet, and what it claims beyond the contract. */
import type { Traits as DesignTraits } from "../../model/reporter.ts";

export interface Traits extends Pick<
  DesignTraits,
  "id" | "variant" | "hearsRefusals" | "takes" | "callersWait" | "marks" | "hears" | "perCpu" | "claims"
> {
  /** The smallest order to report can be changed while it runs. */
  readonly changesOrder: boolean;
  /** It keeps books of what to look at. False: each pass walks all lists, so whatever is free will be looked at. */
  readonly keepsBooks: boolean;
}
