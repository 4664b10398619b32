/** For any test runner: a verdict that is not `holds` is thrown, with the story as its message. */
import { InputError } from "../model/alphabet/index.ts";
import { AdapterFault } from "../oracle/conform/adapter-fault.ts";
import type { Conformance } from "../oracle/conform/conformance.ts";
import { tellConformance, tellFault } from "../oracle/conform/tell.ts";
import type { System } from "../oracle/conform/system.ts";
import { conform, type ConformOptions } from "./conform.ts";

/** The system breaks the contract. The message is the story: the machine, the steps, the rule, the pages. */
export class ConformanceError extends Error {
  readonly #conformance: Conformance;

  constructor(conformance: Conformance) {
    super(tellConformance(conformance).join("\n"));
    this.name = "ConformanceError";
    this.#conformance = conformance;
  }

  /** The verdict as data. No property of its own: test runners print those behind the message, which tells it all. */
  get conformance(): Conformance {
    return this.#conformance;
  }
}

/**
 * Judges a system as `conform` does.
 *
 * @returns what was covered, where it holds
 * @throws ConformanceError with the story where it breaks the contract
 * @throws Error where nothing was judged, since the system does not keep to the protocol: the message says what it did and
 *   what it should have done; `cause` is what the system threw, if it threw
 * @throws InputError where an option is not usable
 */
export function assertConforms(system: System, options?: ConformOptions): Conformance {
  const conformance = judge(system, options, assertConforms);
  if (conformance.verdict === "violates") throw new ConformanceError(conformance);
  return conformance;
}

/**
 * As `conform`, but a fault of the adapter is told for people.
 * @param caller whom a test calls: errors are his, and point into the test
 */
export function judge(
  system: System,
  options: ConformOptions | undefined,
  caller: (system: System) => unknown,
): Conformance {
  const judged = judgedOrError(system, options);
  if (!(judged instanceof Error)) return judged;
  const error = judged instanceof AdapterFault ? told(judged) : judged;
  Error.captureStackTrace(error, caller);
  throw error;
}

function judgedOrError(system: System, options?: ConformOptions): Conformance | Error {
  try {
    return conform(system, options);
  } catch (error) {
    if (error instanceof AdapterFault || error instanceof InputError) return error;
    throw error;
  }
}

function told(fault: AdapterFault): Error {
  const { cause } = fault;
  return new Error(tellFault(fault).join("\n"), cause === undefined ? {} : { cause });
}
