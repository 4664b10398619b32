/** The formats of `wire.md` and of captures, and which command takes a file of each: for who gave it to the wrong one. */
const TAKEN_BY: ReadonlyMap<string, string> = new Map([
  ["free-page-counterexample", "a counterexample: fpr replay tells it"],
  ["free-page-trace", "a trace: fpr judge judges it"],
  ["free-page-reports", "a VMM's log: fpr judge takes the folder that has it"],
  ["free-page-discards", "a VMM's log: fpr judge takes the folder that has it"],
]);

/**
 * What a file is by its beginning, as words behind what is wrong with it: "; it is a trace: fpr judge judges it".
 * @returns nothing where the beginning says nothing
 */
export function whatItIs(beginning: string): string {
  const format = /^\s*\{\s*"format"\s*:\s*"(?<name>[a-z-]+)"/u.exec(beginning)?.groups?.["name"] ?? "";
  return whatHasFormat(format);
}

/** The same of a file whose first line was read, and says this of its format. */
export function whatHasFormat(format: unknown): string {
  const taken = typeof format === "string" ? TAKEN_BY.get(format) : undefined;
  return taken === undefined ? "" : `; it is ${taken}`;
}
