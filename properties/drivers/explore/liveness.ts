/**
 * What must end at last, checked in the graph of all that can happen. Of a page something is undone: it is held, say. A
 * fair run on which that stays so for ever goes round, from some point on, in a strongly connected part of the graph in
 * which all states have it undone; and where there is such a fair part, there is such a run. So no bound is needed, and
 * no healing: either there is no such run at all, or here it is, as a lasso.
 *
 * Every state has a loop besides its edges: nobody acts. It is fair where nobody who must act can.
 */
import { Components } from "./components.ts";
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
  const search = new Search(graph, undone, fairness, paths);
  const alike = pagesAlike(undone, paths.reached);
  const asked = alike.reduce((bits, one) => bits | one, 0);
  const first = alike.reduce((bits, one) => bits | lowest(one), 0);
  const resting = search.fairParts(first, RESTING);
  const restless = alike.reduce((bits, one) => bits | (resting.has(lowest(one)) ? 0 : lowest(one)), 0);
  const busy = search.fairParts(restless, EVERYONE);
  const loops = resting.size + busy.size > 0 ? new Loops(graph, fairness) : undefined;
  const unending: Unending[] = [];
  for (const pages of alike) {
    const kind = resting.has(lowest(pages)) ? "resting" : "busy";
    const part = resting.get(lowest(pages)) ?? busy.get(lowest(pages));
    if (part === undefined || loops === undefined) continue;
    const lasso = shortest(part.members, kind === "resting" ? RESTING : EVERYONE, paths, loops);
    for (let page = 0; page < 32; page++) if (((pages >>> page) & 1) !== 0) unending.push({ page, kind, lasso });
  }
  unending.sort((one, other) => one.page - other.page);
  const edges = paths.reached.reduce((sum, state) => sum + graph.first[state + 1] - graph.first[state], 0);
  const { components } = search;
  return { wish, fairness, states: paths.reached.length, edges, components, asked, unending };
}

/** So many steps of searches for a loop are worth a shorter story. */
const PATIENCE = 1 << 20;

/** The shortest of the lassos that begin their loop at one of the members that are reached first. */
function shortest(members: Int32Array, actors: number, paths: Paths, loops: Loops): Lasso {
  const near = members.toSorted((one, other) => paths.rank[one] - paths.rank[other]);
  let best: Lasso | undefined;
  for (const entry of near.subarray(0, Math.ceil(PATIENCE / members.length))) {
    const stem = paths.to(entry);
    if (best !== undefined && stem.length >= best.stem.length + best.loop.length) break;
    const loop = loops.within(members, entry, actors);
    if (best === undefined || stem.length + loop.length < best.stem.length + best.loop.length) best = { stem, loop };
  }
  if (best === undefined) throw new RangeError("a component has no members");
  return best;
}

/** A fair component, in which something stays undone, and the member that is reached first. */
interface FairPart {
  readonly members: Int32Array;
  readonly entry: number;
}

/** States yet to be taken apart, and the pages that are asked about. */
interface Part {
  readonly members: Int32Array;
  readonly pages: number;
}

/** What there is in a component. */
interface Contents {
  /** Pages of which it is undone in every state, and in some. */
  every: number;
  some: number;
  /** Obligations that can be met in every state, and in some; and those that are met on an edge inside. */
  always: number;
  ever: number;
  met: number;
}

class Search {
  readonly #graph: Graph;
  readonly #undone: Uint32Array;
  readonly #fairness: Fairness;
  readonly #paths: Paths;
  readonly #components: Components;
  readonly #contents: Contents = { every: 0, some: 0, always: 0, ever: 0, met: 0 };

  constructor(graph: Graph, undone: Uint32Array, fairness: Fairness, paths: Paths) {
    this.#graph = graph;
    this.#undone = undone;
    this.#fairness = fairness;
    this.#paths = paths;
    this.#components = new Components(graph);
  }

  get components(): number {
    return this.#components.found;
  }

  /**
   * The fair component that is reached first, for each page that has one. All pages are looked at together; only
   * components that are fair, and in which a page is undone in some states but not in all, are taken apart once more.
   *
   * @param pages one bit for each page that is asked about
   * @param actors one bit for each actor whose edges count
   * @returns by the page's bit
   */
  fairParts(pages: number, actors: number): Map<number, FairPart> {
    const found = new Map<number, FairPart>();
    const parts: Part[] = pages === 0 ? [] : [{ members: this.#where(this.#paths.reached, pages), pages }];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const asked = part.pages;
      this.#components.of(part.members, actors, (states, from, to) => {
        const { every, some, ever, met } = this.#look(states, from, to, actors, asked);
        if (!this.#isWeaklyFair()) return;
        const through = asked & every;
        const partly = asked & some & ~every;
        if (through === 0 && partly === 0) return;
        const members = states.slice(from, to);
        for (const page of bits(partly)) parts.push({ members: this.#where(members, page), pages: page });
        const denied = this.#fairness.strong & ever & ~met;
        if (denied === 0) this.#keep(found, through, members);
        else if (through !== 0) parts.push({ members: this.#without(members, denied), pages: through });
      });
    }
    return found;
  }

  #keep(found: Map<number, FairPart>, pages: number, members: Int32Array): void {
    if (pages === 0) return;
    const { rank } = this.#paths;
    const entry = members.reduce((best, state) => (rank[state] < rank[best] ? state : best));
    for (const page of bits(pages)) {
      const best = found.get(page);
      if (best === undefined || rank[entry] < rank[best.entry]) found.set(page, { members, entry });
    }
  }

  /** Looks through a component. What is returned is overwritten by the next call. */
  #look(states: Int32Array, from: number, to: number, actors: number, asked: number): Readonly<Contents> {
    const { first, target, actor, move } = this.#graph;
    const { met } = this.#fairness;
    const { region } = this.#components;
    const name = region[states[from]];
    const contents = this.#contents;
    contents.every = contents.always = -1;
    contents.some = contents.ever = contents.met = 0;
    for (let at = from; at < to; at++) {
      const state = states[at];
      let possible = 0;
      for (let edge = first[state]; edge < first[state + 1]; edge++) {
        const meets = met[move[edge]];
        possible |= meets;
        if (region[target[edge]] === name && ((actors >>> actor[edge]) & 1) !== 0) contents.met |= meets;
      }
      contents.always &= possible;
      contents.ever |= possible;
      contents.every &= this.#undone[state] & asked;
      contents.some |= this.#undone[state] & asked;
    }
    return contents;
  }

  /** Of the component looked at last: is no weak obligation possible everywhere and met nowhere? A part is less fair. */
  #isWeaklyFair(): boolean {
    return (this.#fairness.weak & this.#contents.always & ~this.#contents.met) === 0;
  }

  /** The states in which something is undone of one of these pages. */
  #where(states: Int32Array, pages: number): Int32Array {
    return states.filter((state) => (this.#undone[state] & pages) !== 0);
  }

  /** The states in which none of these obligations can be met. */
  #without(states: Int32Array, obligations: number): Int32Array {
    const { first, move } = this.#graph;
    const { met } = this.#fairness;
    return states.filter((state) => {
      for (let edge = first[state]; edge < first[state + 1]; edge++) {
        if ((met[move[edge]] & obligations) !== 0) return false;
      }
      return true;
    });
  }
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

function lowest(set: number): number {
  return set & -set;
}

/** The single bits of a set, lowest first. */
function bits(set: number): number[] {
  const single: number[] = [];
  for (let left = set; left !== 0; left &= left - 1) single.push(lowest(left));
  return single;
}

/** How many bits a set has. */
function count(set: number): number {
  return bits(set).length;
}

/** What was found, in a sentence that claims no more than that. */
export function livenessVerdict(result: LivenessResult, scope: string): string {
  const { wish, fairness, states, edges, asked, unending } = result;
  const where = `scope ${scope}: ${states} states, ${edges} transitions; ${fairness.name}`;
  if (asked === 0) return `not checked: no page ever ${wish.undone} (${where})`;
  if (unending.length === 0) return `holds (every fair run of ${where}; ${count(asked)} pages)`;
  const kinds = [...new Set(unending.map((one) => one.kind))].join(" and ");
  const pages = unending.map((one) => one.page).join(", ");
  return `violates ${wish.name}: ${kinds}, of pages ${pages} (${where})`;
}
