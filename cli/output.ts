/** What every command says at the end, and how it ends: `wire.md`, "The command line". */
import { InputError } from "../model/alphabet/index.ts";
import { count } from "../properties/numbers.ts";

export interface Verdict {
  readonly verdict: "holds" | "violates" | "unjudged";
  readonly property?: string;
  readonly step?: number;
  readonly line?: number;
  readonly explanation?: string;
  /** Where a counterexample was saved. */
  readonly file?: string;
  readonly [detail: string]: unknown;
}

const SEVERITY = { violates: 2, unjudged: 1, holds: 0 } as const;
/** Exit status, everywhere. */
export const STATUS = { holds: 0, violates: 1, unjudged: 2 } as const;

/** Of several verdicts the worst: violates, unjudged, holds. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((one, other) => (SEVERITY[other.verdict] > SEVERITY[one.verdict] ? other : one), {
    verdict: "holds",
  });
}

/** Says the verdict on the last line where `--json` was asked for, and sets the exit status. */
export function finish(verdict: Verdict, json: boolean): void {
  if (json) console.log(JSON.stringify(verdict));
  process.exitCode = STATUS[verdict.verdict];
}

/** Runs a command; input that can't be used becomes one clear line, the verdict `unjudged` and status 2. */
export async function judged(json: boolean, command: () => Verdict | Promise<Verdict>): Promise<void> {
  try {
    finish(await command(), json);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(`fpr: ${error.message}`);
    finish({ verdict: "unjudged", explanation: error.message }, json);
  }
}

/** One line on standard error that is written over; silent where that is no terminal. */
export class Progress {
  readonly #started = Date.now();
  #shown = 0;

  /** @param done what was done so far, counted by the caller */
  show(what: string, done: number, unit: string): void {
    const now = Date.now();
    if (!process.stderr.isTTY || now - this.#shown < 100) return;
    this.#shown = now;
    const rate = Math.round(done / Math.max(0.001, (now - this.#started) / 1000));
    process.stderr.write(`\r\u001b[K${what}: ${count(done)} ${unit}, ${count(rate)} a second`);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  }
}
