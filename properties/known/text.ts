/**
 * Known labels as text, small and easy to compare: what is done and what comes of it, and under that the situations.
 *
 *     user: free at; merged
 *       rest | due | list, holds a batch
 */

const SITUATIONS = " | ";

/** @param labels as `Transitions.tell` or `tellMoment` give them: the situation stands behind the last semicolon */
export function pack(labels: Iterable<string>): string {
  const situations = new Map<string, string[]>();
  for (const label of labels) {
    const at = label.lastIndexOf("; ");
    const what = label.slice(0, at);
    situations.set(what, [...(situations.get(what) ?? []), label.slice(at + 2)]);
  }
  const rows = [...situations].sort(([one], [other]) => (one < other ? -1 : 1));
  return rows.map(([what, all]) => `${what}\n  ${all.toSorted().join(SITUATIONS)}\n`).join("");
}

/** The labels of a text. */
export function unpack(text: string): string[] {
  const labels: string[] = [];
  let what = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("  "))
      labels.push(
        ...line
          .trim()
          .split(SITUATIONS)
          .map((situation) => `${what}; ${situation}`),
      );
    else if (line !== "") what = line;
  }
  return labels;
}
