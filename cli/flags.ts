/** The options of a command line: what cac makes of them is checked here, and told by name where it does not fit. */
import { InputError } from "../model/alphabet/input-error.ts";
import { DEFAULT_TIMEOUT, LONGEST_TIMEOUT } from "../oracle/process/timeout.ts";

export const DEFAULT_SEED = 1;

/** cac drops a lone `-`: until the commands see it, standard input goes under a name that no file has. */
export const STANDARD_INPUT = "\0standard input";

/** What every command takes. */
export interface Flags {
  readonly json?: boolean;
}

/** One of some names, or an error that lists them. */
export function oneOf<Id extends string>(name: string, value: unknown, ids: readonly Id[]): Id {
  const found = ids.find((id) => id === value);
  if (found !== undefined) return found;
  throw new InputError({ key: `--${name}` }, `found ${JSON.stringify(value)}; expected ${ids.join(" or ")}`);
}

/** Refuses an option that was given where it says nothing. */
export function refuse(name: string, value: unknown, why: string): void {
  if (value !== undefined) throw new InputError({ key: `--${name}` }, why);
}

/** The value of an option as text; cac makes numbers of what looks like one. */
export function text(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string" || typeof value === "number") return value?.toString();
  throw new InputError({ key: `--${name}` }, `found ${JSON.stringify(value)}; expected it once, with one value`);
}

/** A whole number from `least` up; `otherwise` where none was given. */
export function whole(name: string, value: unknown, otherwise: number, least: number): number {
  if (value === undefined) return otherwise;
  const number = typeof value === "number" ? value : Number.NaN;
  if (!Number.isSafeInteger(number) || number < least || number > 2 ** 31 - 1) {
    throw new InputError(
      { key: `--${name}` },
      `found ${JSON.stringify(value)}; expected a whole number from ${least} to ${2 ** 31 - 1}`,
    );
  }
  return number;
}

/** Seconds, more than 0; `otherwise` where none were given. */
export function seconds(name: string, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === "number" && value > 0 && value <= LONGEST_TIMEOUT) return value;
  throw new InputError(
    { key: `--${name}` },
    `found ${JSON.stringify(value)}; expected seconds, more than 0 and at most ${LONGEST_TIMEOUT}`,
  );
}

/** `--timeout` of a program as it is typed again; nothing where it is what everybody has. @param seconds for one answer */
export function timeoutAgain(seconds: number): string[] {
  return seconds === DEFAULT_TIMEOUT ? [] : ["--timeout", `${seconds}`];
}
