/** Tables for terminals and for Markdown: the same rows, cells as text. */

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Spaces between columns in a terminal; default 2. */
  readonly gap?: number;
}

/** For a terminal: columns as wide as their widest cell; columns of numbers and signs stand to the right. */
export function asText({ head, rows, gap = 2 }: Table): string {
  const columns = head.map((title, at) => {
    const cells = [title, ...rows.map((row) => row[at])];
    return { width: Math.max(...cells.map((cell) => cell.length)), right: isNumeric(rows, at) };
  });
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (columns[at].right ? cell.padStart(columns[at].width) : cell.padEnd(columns[at].width)))
      .join(" ".repeat(gap))
      .trimEnd();
  return [line(head), ...rows.map(line)].join("\n");
}

/** As a Markdown table. */
export function asMarkdown({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (isNumeric(rows, at) ? "--:" : "---"))), ...rows.map(line)].join("\n");
}

function isNumeric(rows: Table["rows"], at: number): boolean {
  return rows.every((row) => /^([\d.,%]+\*?|[+-])$/.test(row[at]));
}

/** Breaks a text between words, so that no line is longer; further lines are indented deeper than the first. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = " ";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > width) {
      lines.push(line);
      line = "     ";
    }
    line = `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
