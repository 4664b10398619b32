/** What `fpr compare` is asked for, and what it came to for each design. */
import type { Sampled } from "../properties/drivers/random.ts";
import type { Price } from "../properties/drivers/workload.ts";
import type { Failure } from "../properties/findings/failure.ts";
import type { Form } from "./designs.ts";

export interface CompareOptions {
  /** Designs by comma; undefined: all. */
  readonly design: string | undefined;
  readonly runs: number;
  readonly seed: number;
  readonly markdown: boolean;
}

/** A recorded failure, and whether it can still be told. */
export interface Replayed {
  readonly failure: Failure;
  /** The number of its actions; undefined where the file is missing or does not fail as recorded. */
  readonly actions: number | undefined;
  /** What is wrong with the record. */
  readonly trouble?: string;
}

/** All that is said of one form of a design. */
export interface Compared {
  readonly form: Form;
  readonly sampled: Sampled;
  /** Failures on record, the shortest story of a property first. */
  readonly records: readonly Replayed[];
  /** By id of a property: is it judged for this design at all? */
  readonly judged: (property: string) => boolean;
  readonly price: Price;
}

/** True where the campaign broke it though nothing is on record. */
export function broke({ sampled }: Compared, property: string): boolean {
  return sampled.found?.shrunk.violation.property === property;
}
