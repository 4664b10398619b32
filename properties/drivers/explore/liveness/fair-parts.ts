/**
 * The parts of a graph in which a fair run may stay for ever, while something stays undone of a page: strongly connected,
 * undone in every state, and no promise is broken by going round there. Strong promises after E. A. Emerson and C.-L. Lei
 * (1987): where one is possible and never met, the states in which it is possible are left, and the rest is looked at anew.
 */
import { bits } from "./bits.ts";
import { Components } from "./components.ts";
import type { Fairness } from "./fairness.ts";
import type { Graph } from "./graph.ts";
import type { Paths } from "./paths.ts";

/** A fair component, in which something stays undone, and the member that is reached first. */
export interface FairPart {
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

export class FairParts {
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
  of(pages: number, actors: number): Map<number, FairPart> {
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
