/**
 * A planted fault: the smallest override of one method of the implementation or the environment. The clean code has no
 * switch for it. The suite must find each; one that nobody finds is a hole in the suite.
 */
import type { ImplGuest } from "../../impl/guest.ts";
import type { Environment } from "../drivers/environment.ts";
import type { PropertyId } from "../judges/properties.ts";

/** Where a fault is planted. */
export interface Site {
  readonly guest: ImplGuest;
  readonly environment: Environment;
}

export interface Fault {
  readonly id: string;
  /** What is done wrong, in one sentence. */
  readonly what: string;
  /** The history or the analysis that it comes from. */
  readonly source: string;
  /** The design on which it is hunted. */
  readonly design: string;
  /** The property that is expected to find it. */
  readonly killer: PropertyId;
  plant(site: Site): void;
}
