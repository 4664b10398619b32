/** A conversation as a person says it again, in a shell. */

/** Characters up to which a shell line is copied rather than kept in a file. */
const SHORT = 1200;

/** A command as it is typed. */
export function asTyped(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))).join(" ");
}

/** The shell line that says these lines to the program; undefined where that would be too long. */
export function sayAgain(command: readonly string[], lines: readonly string[]): string | undefined {
  const line = `printf '%s\\n' ${lines.map(quoted).join(" ")} | ${asTyped(command)}`;
  return line.length <= SHORT ? line : undefined;
}

/** The shell line that says a file of lines to the program. */
export function sayFileAgain(command: readonly string[], file: string): string {
  return `${asTyped(command)} < ${asTyped([file])}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
