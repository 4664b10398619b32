/** What `fpr explore` is asked for, and one of the places that it goes through. */
import type { Plan } from "../properties/drivers/explore/plans.ts";
import type { Form } from "./designs.ts";

export interface ExploreOptions {
  /** Designs by comma, `bitmap` or `bitmap:v10`; undefined: all, side by side. */
  readonly design: string | undefined;
  /** One plan by its name; undefined: all small ones. */
  readonly plan: string | undefined;
  /** A file with somebody's own geometry, in place of plans. */
  readonly geometry: string | undefined;
  /** Most moves from the start; undefined: no bound. */
  readonly depth: number | undefined;
  /** Most states of one plan. */
  readonly limit: number;
  readonly workers: number;
  /** True: blocks and CPUs that are alike are explored once. */
  readonly symmetric: boolean;
  /** What is asked beside: nothing, the model on every move, or what must come to an end. */
  readonly beside: "nothing" | "refine" | "live";
  /** Where counterexamples go; undefined: nowhere. */
  readonly save: string | undefined;
}

/** What is explored at a time. */
export interface Place {
  readonly form: Form;
  readonly plan: Plan;
}
