/**
 * A system that does not keep to the protocol. It is never a verdict about reporting: nothing can be said of that until the
 * adapter is mended. `wire.md`, "The live protocol", last paragraph.
 */
import type { Step } from "../../model/alphabet/index.ts";
import type { NamedGeometry } from "./geometries.ts";
import { cut } from "./words.ts";

/** What an adapter did wrong. */
export interface Fault {
  /** What is wrong, one sentence without a full stop: `the answer to "free" begins with "isolate"`. */
  readonly problem: string;
  /** The sentence of `wire.md` that it breaks, word for word where that is short. */
  readonly rule: string;
  /** The line that was sent, as JSON; absent where nothing was. */
  readonly sent?: string;
  /** What came back, cut where it is long; absent where nothing came. */
  readonly came?: string;
}

/** The run in which a fault showed: `replay` of its steps shows it again. */
export interface FaultyRun {
  readonly scope: NamedGeometry;
  /** All steps up to and with the one that was answered wrongly; those of healing too. */
  readonly steps: readonly Step[];
  /** Its number in the campaign; absent where steps were replayed. */
  readonly run?: number;
}

/** Thrown where a system does not keep to the protocol: nothing was judged. */
export class AdapterFault extends Error {
  readonly fault: Fault;
  /** Absent where it showed outside a run: the program could not be started. */
  readonly run: FaultyRun | undefined;

  /** @param cause what was thrown by a system in this process */
  constructor(fault: Fault, run?: FaultyRun, cause?: unknown) {
    super(fault.problem, cause === undefined ? undefined : { cause });
    this.name = "AdapterFault";
    this.fault = fault;
    this.run = run;
  }

  /** The same fault, and where it showed. */
  during(run: FaultyRun): AdapterFault {
    return new AdapterFault(this.fault, this.run ?? run, this.cause);
  }
}

/** Longer values of a system in this process are cut. */
const SHOWN = 2000;

/** What a system in this process was asked or answered, on one line: JSON, as far as JSON has words for it. */
export function shown(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value, (_, part: unknown) => (hasNoJson(part) ? String(part) : part));
  } catch {
    // It contains itself, or does not let itself be read.
    text = "a value that can't be shown as JSON";
  }
  return cut(text, SHOWN);
}

function hasNoJson(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  return typeof value === "bigint" || typeof value === "function" || value instanceof Promise;
}
