/** What is said where something written does not fit. */
import { InputError } from "../../../model/alphabet/index.ts";

export const place = { file: "trace.jsonl", line: 7 };
export const zone = { start: 0, pages: 1024 };

/** The message of the InputError that this throws. */
export function problem(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "nothing was wrong";
}
