/** What a page can contain, as one number: an owner's mark is the number of its asking step plus 1. */
import type { Settings } from "../../model/alphabet/index.ts";

export const ANYTHING = 0;
export const ZERO = -1;
const POISON = -2;

/** What the guest writes into pages that are freed. */
export function freeContent({ freeContent }: Settings): number {
  if (freeContent === "poison") return POISON;
  return freeContent === "zero" ? ZERO : ANYTHING;
}

/** A content in words. */
export function contentText(content: number): string {
  if (content === ZERO) return "zeroes";
  if (content === POISON) return "the poison pattern";
  return content === ANYTHING ? "old data" : `what the caller of step ${content - 1} wrote`;
}
