/** What recordings show of the transitions that a design has, as far as events alone can (moments.ts). */
import { InputError } from "../model/alphabet/index.ts";
import { blinded } from "../properties/drivers/explore/transitions/moments.ts";
import { Coverage } from "../properties/drivers/explore/transitions/coverage.ts";
import { KNOWN } from "../properties/known-transitions.ts";

/** What runs in the guests of captures. */
export const LINUX = "page-reporting";

/** What ftrace does not tell: callers that find nothing, memory that is added, a device that comes and goes, a worker at rest. */
export const UNSEEN_BY_FTRACE: readonly string[] = [
  "alloc failed",
  "alloc for a sleeper",
  "alloc waits",
  "online",
  "registered",
  "unregistered",
  "write",
  "idle",
];

/** So many are named. */
const NAMED = 8;

export interface Shown {
  /** The form of a design against which it was compared. */
  readonly design: string;
  readonly visited: number;
  /** All that such a recorder could have seen in the small plans of the design. */
  readonly transitions: number;
  readonly neverVisited: readonly string[];
  /** Seen, but in none of the small plans. */
  readonly beyond: number;
}

/** @throws InputError where no list of transitions is kept of that form */
export function formOf(design: string): string {
  if (KNOWN.has(design)) return design;
  const forms = [...KNOWN.keys()].filter((name) => name.startsWith(`${design}:`));
  const offer =
    forms.length > 0 ? `it has several forms: say ${forms.join(" or ")}` : `there are ${[...KNOWN.keys()].join(", ")}`;
  throw new InputError({ key: "--design" }, `found ${design}; ${offer}`);
}

/** @param unseen how the moments begin that the recorder does not see */
export function shownOf(form: string, moments: readonly string[], unseen: readonly string[]): Shown | undefined {
  const known = KNOWN.get(form);
  if (known === undefined) return undefined;
  const seen = (all: readonly string[]): string[] =>
    all.map((moment) => blinded(moment, unseen)).filter((moment) => moment !== undefined);
  const coverage = new Coverage(seen(known.moments));
  for (const moment of seen(moments)) coverage.visit(moment);
  return {
    design: form,
    visited: coverage.visited,
    transitions: coverage.known,
    neverVisited: coverage.missing(),
    beyond: coverage.unknown().length,
  };
}

/** What a person reads of it. */
export function told(shown: Shown | undefined): string[] {
  if (shown === undefined) return [];
  const { design, visited, transitions, neverVisited, beyond } = shown;
  const rest = neverVisited.length - NAMED;
  return [
    `  visited ${visited} of ${transitions} transitions of ${design}, as far as events tell them apart`,
    ...(beyond === 0 ? [] : [`    and ${beyond} that its small plans do not have`]),
    ...neverVisited.slice(0, NAMED).map((moment) => `    never: ${moment}`),
    ...(rest > 0 ? [`    and ${rest} more (--json names all)`] : []),
  ];
}
