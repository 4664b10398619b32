/**
 * What must end at last, checked in the graph of all that can happen. Of a page something is undone: it is held, say. A
 * fair run on which that stays so for ever goes round, from some point on, in a strongly connected part of the graph in
 * which all states have it undone; and where there is such a fair part, there is such a run. So no bound is needed, and
 * no healing: either there is no such run at all, or here it is, as a lasso.
 *
 * Every state has a loop besides its edges: nobody acts. It is fair where nobody who must act can.
 */
import { bits, lowest } from "./bits.ts";
import { FairParts, type FairPart } from "./fair-parts.ts";
import type { Fairness } from "./fairness.ts";
import type { Actor, Graph } from "./graph.ts";
import { ACTORS } from "./graph.ts";
import type { Lasso } from "./lasso.ts";
import { Loops } from "./lasso.ts";
import { Paths } from "./paths.ts";

/** What must be so of every page at last. */
export interface Wish {
  readonly name: string;
  /** What is so of a page while it is undone: `is held`. */
  readonly undone: string;
}

/** A page of which something stays undone for ever. */
export interface Unending {
  readonly page: number;
  /** resting: on the loop neither users nor administrator act; busy: they go on and on. */
  readonly kind: "resting" | "busy";
  readonly lasso: Lasso;
}

export interface LivenessResult {
  readonly wish: Wish;
  readonly fairness: Fairness;
  /** Reached ones. */
  readonly states: number;
  readonly edges: number;
  /** How many components were looked at. */
  readonly components: number;
  /** One bit for each page of which it was ever undone: of the others nothing was asked. */
  readonly asked: number;
  /** The pages that break the wish, in their order. */
  readonly unending: readonly Unending[];
}

const EVERYONE = (1 << ACTORS.length) - 1;
const RESTING = EVERYONE & ~bitOf("user") & ~bitOf("administrator");

function bitOf(actor: Actor): number {
  return 1 << ACTORS.indexOf(actor);
}

/**
 * Is what is undone of a page done at last, in every fair run? Users may rest from some point on, and need not.
 *
 * @param graph all that can happen, from state 0 on
 * @param undone by state: one bit for each page of which it is undone
 */
export function checkLiveness(graph: Graph, wish: Wish, undone: Uint32Array, fairness: Fairness): LivenessResult {
  const paths = new Paths(graph);
  const parts = new FairParts(graph, undone, fairness, paths);
  const alike = pagesAlike(undone, paths.reached);
  const asked = alike.reduce((set, one) => set | one, 0);
  const first = alike.reduce((set, one) => set | lowest(one), 0);
  const resting = parts.of(first, RESTING);
  const restless = alike.reduce((set, one) => set | (resting.has(lowest(one)) ? 0 : lowest(one)), 0);
  const busy = parts.of(restless, EVERYONE);
  const loops = resting.size + busy.size > 0 ? new Loops(graph, fairness) : undefined;
  const unending: Unending[] = [];
  for (const pages of alike) {
    const kind = resting.has(lowest(pages)) ? "resting" : "busy";
    const part = resting.get(lowest(pages)) ?? busy.get(lowest(pages));
    if (part === undefined || loops === undefined) continue;
    const lasso = shortest(part, kind === "resting" ? RESTING : EVERYONE, paths, loops);
    for (let page = 0; page < 32; page++) if (((pages >>> page) & 1) !== 0) unending.push({ page, kind, lasso });
  }
  unending.sort((one, other) => one.page - other.page);
  const edges = paths.reached.reduce((sum, state) => sum + graph.first[state + 1] - graph.first[state], 0);
  const { components } = parts;
  return { wish, fairness, states: paths.reached.length, edges, components, asked, unending };
}

/** So many steps of searches for a loop are worth a shorter story. */
const PATIENCE = 1 << 20;

/** The shortest of the lassos that begin their loop at one of the members that are reached first. */
function shortest({ members, entry: first }: FairPart, actors: number, paths: Paths, loops: Loops): Lasso {
  let best: Lasso | undefined;
  let tries = Math.ceil(PATIENCE / members.length);
  loops.enter(members);
  for (const entry of paths.reached.subarray(paths.rank[first])) {
    if (!loops.passes(entry)) continue;
    const stem = paths.to(entry);
    if (tries-- === 0 || (best !== undefined && stem.length >= best.stem.length + best.loop.length)) break;
    const loop = loops.from(entry, actors);
    if (best === undefined || stem.length + loop.length < best.stem.length + best.loop.length) best = { stem, loop };
  }
  if (best === undefined) throw new RangeError("a component has no members");
  return best;
}

/** Pages of which it is undone in the very same states, as one set of bits each. Never undone: in none. */
function pagesAlike(undone: Uint32Array, states: Int32Array): number[] {
  // By page: the pages that were always like it.
  const like = new Int32Array(32).fill(-1);
  let asked = 0;
  for (let at = 0; at < states.length; at++) {
    const now = undone[states[at]];
    asked |= now;
    for (let page = 0; page < 32; page++) like[page] &= ((now >>> page) & 1) !== 0 ? now : ~now;
  }
  const alike: number[] = [];
  for (const page of bits(asked)) {
    const pages = like[31 - Math.clz32(page)];
    if (lowest(pages) === page) alike.push(pages);
  }
  return alike;
}

/** What was found, in a sentence that claims no more than that. */
export function livenessVerdict(result: LivenessResult, scope: string): string {
  const { wish, fairness, states, edges, asked, unending } = result;
  const where = `scope ${scope}: ${states} states, ${edges} transitions; ${fairness.name}`;
  if (asked === 0) return `not checked: no page ever ${wish.undone} (${where})`;
  if (unending.length === 0) return `holds (every fair run of ${where}; ${bits(asked).length} pages)`;
  const kinds = [...new Set(unending.map((one) => one.kind))].join(" and ");
  const pages = unending.map((one) => one.page).join(", ");
  return `violates ${wish.name}: ${kinds}, of pages ${pages} (${where})`;
}
