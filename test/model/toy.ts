/** Designs of a few lines, each to try one hook on: `none` with something more. */
import { none } from "../../model/designs/none.ts";
import type { Design, Reporter } from "../../model/reporter.ts";
import type { Turn } from "../../model/state.ts";

export function toy(more: Partial<Design>): Design {
  return { ...none, id: "toy", ...more };
}

/** A design whose worker does this at every step; its phase is in its hands. */
export function worker(work: (turn: Turn, mine: Reporter) => void, more: Partial<Design> = {}): Design {
  return toy({ canWork: () => true, work, ...more });
}
