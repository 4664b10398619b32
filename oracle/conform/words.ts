/** Texts of somebody else's as a person reads them. */
import { counted } from "../../properties/numbers.ts";

/** Characters of a text of somebody else's that are shown. */
const SHOWN = 300;

/** The beginning of a text that is too long to be shown. What does not show by itself stands there as JSON writes it. */
export function cut(text: string, most = SHOWN): string {
  const shown = text.slice(0, most).replaceAll(/[\p{Cc}\p{Cf}]/gu, asEscaped);
  return text.length <= most ? shown : `${shown}… (${counted(text.length, "character")})`;
}

function asEscaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
