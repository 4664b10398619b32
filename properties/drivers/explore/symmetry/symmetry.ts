/**
 * Symmetry: blocks of the largest order in one zone, and CPUs, that are alike are explored once. Of all states that come
 * out of each other by letting blocks change places (and CPUs), one is kept, the representative of their orbit.
 *
 * A permutation of blocks takes all that is in a block along, and renames it wherever it is named: in links, in list
 * heads, in requests, in the words of a design. List order is kept: a list is a sequence, whose members are renamed.
 *
 * **What it assumes.** That the guest is equivariant: what follows from a state with other names is what follows from
 * the state, with those names. So nothing may depend on where a block lies. Where something does, symmetry is refused
 * (symmetry-refusal.ts). `equivariance.ts` tries the assumption directly, and `certificate.ts` certifies it wherever all
 * states can be explored. Given it, the representatives that are reached are those of all states that can be reached,
 * and a judge, who does not look at names either, finds in one state of an orbit what it finds in all. What is asked of
 * a page by its name (the wishes of liveness) can't be asked of representatives.
 *
 * **The representative.** Blocks get new places in the order in which they first appear in the state's sequences: free
 * lists zone by zone, lists of CPUs, the batch, the pages that the design remembers, requests. A block that appears in
 * none (a user has all of it) comes behind, ordered by what its cells say. With several CPUs each naming of them is
 * tried, and the least row of cells taken.
 *
 * Two states of one orbit have the same one: a renaming changes neither where in the sequences a block appears first nor
 * what a block's own cells say, so both give the blocks that correspond the same new places; blocks that say the same
 * and appear nowhere may swap, which changes nothing. And the other way round, the representative is a renaming of the
 * state, whatever the state: were it not unique (in a guest whose links are broken) less would be saved, nothing lost.
 *
 * The orbits are those of guests that begin with their lists in any order, not only by address as this one does. A state
 * that it can reach has the same representative as one that another such guest can reach; so what holds for all of them
 * holds for it, and what fails for one of them fails for it, under other names. They have a few more states than it has
 * alone: those of the first moments, before its lists could get into every order.
 *
 * **How large an orbit is**: as many as there are renamings, over those that change nothing. These leave all blocks
 * that appear in a sequence where they are, and swap others that say the same: a factorial for each class of those.
 */
import { isLinked } from "../../../../impl/cells.ts";
import { designOf } from "../../../../impl/designs/index.ts";
import type { Plan } from "../plans.ts";
import { namingCells, type NamingCells } from "./symmetry-cells.ts";
import { compare, compareStretch, factorial, inverse, permutations } from "./permutations.ts";
import type { ExploredWorld } from "../world.ts";

/** What tells an explorer which states are alike. */
export interface Canonical {
  /** Rewrites a state into its representative, in place. @returns how many states that stands for */
  canonical(cells: Int32Array): number;
}

/** A renaming: where each block goes, and the new number of each CPU. */
export interface Renaming {
  readonly blocks: Int32Array;
  readonly cpus: readonly number[];
}

/** A range is `page * ORDERS + order`. */
const ORDERS = 64;

export class Symmetry implements Canonical {
  /** How many renamings there are. */
  readonly order: number;
  readonly #naming: NamingCells;
  readonly #pages: number;
  readonly #maxOrder: number;
  readonly #pageblocksShift: number;
  readonly #cpus: number;
  readonly #zones: number;
  /** By block: its zone. */
  readonly #zoneOf: Int32Array;
  /** By zone: its first block; one more closes the last. */
  readonly #firstBlock: Int32Array;
  readonly #cpuNamings: readonly (readonly number[])[];
  /** By naming of the CPUs: what each list head becomes, and in which order those of CPUs are walked. */
  readonly #headsTo: readonly Int32Array[];
  readonly #walks: readonly Int32Array[];
  // What labelling a state finds: the new places, and by zone the next one.
  readonly #to: Int32Array;
  readonly #nextPlace: Int32Array;
  #labelled = 0;
  readonly #unlabelled: Int32Array;
  readonly #renamed: Int32Array;
  readonly #least: Int32Array;

  /** It is not asked whether it is sound: see symmetry-refusal.ts. */
  constructor(plan: Plan, world: ExploredWorld) {
    const { shape, design } = world.guest;
    const { settings } = plan.scope;
    this.#naming = namingCells(plan, world);
    this.#pages = shape.pages;
    this.#maxOrder = shape.maxOrder;
    this.#pageblocksShift = shape.maxOrder - shape.pageblockOrder;
    this.#cpus = settings.cpus;
    this.#zones = shape.zones;
    const blocks = shape.pages >> shape.maxOrder;
    this.#zoneOf = Int32Array.from({ length: blocks }, (_, block) => shape.zoneOf(block << shape.maxOrder));
    this.#firstBlock = shape.first.map((page) => page >> shape.maxOrder);
    this.#to = new Int32Array(blocks);
    this.#unlabelled = new Int32Array(blocks);
    this.#nextPlace = new Int32Array(shape.zones);
    const { cpusAlike = false } = designOf(design, settings.variant);
    this.#cpuNamings = permutations(cpusAlike ? this.#cpus : 1).map((naming) =>
      Array.from({ length: this.#cpus }, (_, cpu) => naming[cpu] ?? cpu),
    );
    this.#headsTo = this.#cpuNamings.map((naming) => this.#headsFor(naming));
    this.#walks = this.#headsTo.map((to) => inverse(to));
    this.#renamed = new Int32Array(world.length);
    this.#least = new Int32Array(world.length);
    this.order = this.#cpuNamings.length;
    for (let zone = 0; zone < shape.zones; zone++) this.order *= factorial(this.#blocksOf(zone));
  }

  canonical(cells: Int32Array): number {
    const namings = this.#cpuNamings.length;
    let fixed = this.#label(cells, 0);
    if (namings === 1) {
      if (!this.#staysAsItIs()) {
        this.#rename(cells, this.#to, 0, this.#renamed);
        cells.set(this.#renamed);
      }
      return this.order / fixed;
    }
    this.#rename(cells, this.#to, 0, this.#least);
    let ties = 1;
    for (let naming = 1; naming < namings; naming++) {
      fixed = this.#label(cells, naming);
      this.#rename(cells, this.#to, naming, this.#renamed);
      const difference = compare(this.#renamed, this.#least);
      if (difference === 0) ties++;
      if (difference >= 0) continue;
      ties = 1;
      this.#least.set(this.#renamed);
    }
    cells.set(this.#least);
    return this.order / (fixed * ties);
  }

  /** All renamings, the one that changes nothing first. Only for few blocks: there are `order` of them. */
  renamings(): Renaming[] {
    let all: number[][] = [[]];
    for (let zone = 0; zone < this.#zones; zone++) {
      const first = this.#firstBlock[zone];
      const own = permutations(this.#blocksOf(zone)).map((places) => places.map((place) => first + place));
      all = all.flatMap((before) => own.map((places) => [...before, ...places]));
    }
    return all.flatMap((blocks) => this.#cpuNamings.map((cpus) => ({ blocks: Int32Array.from(blocks), cpus })));
  }

  /** Writes the renamed state. */
  rename(cells: Int32Array, { blocks, cpus }: Renaming, into: Int32Array): void {
    const naming = this.#cpuNamings.findIndex((one) => compare(one, cpus) === 0);
    this.#rename(cells, blocks, naming, into);
  }

  /** What a page is called after a renaming. Pages count from 0, zone after zone. */
  pageAfter(page: number, { blocks }: Renaming): number {
    return this.#pageAfter(page, blocks);
  }

  // ---- labelling ----

  /** Gives every block its new place. @returns how many renamings of blocks leave the state as it is */
  #label(cells: Int32Array, naming: number): number {
    this.#to.fill(-1);
    this.#labelled = 0;
    for (let zone = 0; zone < this.#zones; zone++) this.#nextPlace[zone] = this.#firstBlock[zone];
    this.#walkLists(cells, this.#walks[naming]);
    if (this.#isLabelled()) return 1;
    this.#walkNames(cells);
    return this.#isLabelled() ? 1 : this.#labelRest(cells);
  }

  #walkLists(cells: Int32Array, walk: Int32Array): void {
    const { headsNext, next, heads } = this.#naming;
    const pages = this.#pages;
    for (let at = 0; at < heads; at++) {
      let node = cells[headsNext + walk[at]];
      // A ring that is broken may never come back to its head.
      for (let passed = 0; node >= 0 && node < pages && passed < pages; passed++) {
        this.#meet(node);
        node = cells[next + node];
      }
      if (this.#isLabelled()) return;
    }
  }

  #walkNames(cells: Int32Array): void {
    const { single, ranges } = this.#naming;
    for (const cell of single) if (cells[cell] >= 0) this.#meet(cells[cell]);
    for (const { length, first } of ranges) {
      for (let place = 0; place < cells[length]; place++) this.#meet(Math.floor(cells[first + place] / ORDERS));
    }
  }

  #meet(page: number): void {
    const block = page >> this.#maxOrder;
    if (this.#to[block] >= 0) return;
    this.#to[block] = this.#nextPlace[this.#zoneOf[block]]++;
    this.#labelled++;
  }

  #isLabelled(): boolean {
    return this.#labelled === this.#to.length;
  }

  /** Those that appear in no sequence, by what their cells say. @returns how many ways there are to swap some that say the same */
  #labelRest(cells: Int32Array): number {
    const rest = this.#unlabelled;
    let ways = 1;
    for (let zone = 0; zone < this.#zones; zone++) {
      let found = 0;
      for (let block = this.#firstBlock[zone]; block < this.#firstBlock[zone + 1]; block++) {
        if (this.#to[block] >= 0) continue;
        let at = found++;
        for (; at > 0 && this.#compareBlocks(cells, block, rest[at - 1]) < 0; at--) rest[at] = rest[at - 1];
        rest[at] = block;
      }
      let alike = 1;
      for (let at = 0; at < found; at++) {
        this.#to[rest[at]] = this.#nextPlace[zone]++;
        alike = at > 0 && this.#compareBlocks(cells, rest[at - 1], rest[at]) === 0 ? alike + 1 : 1;
        ways *= alike;
      }
    }
    return ways;
  }

  #compareBlocks(cells: Int32Array, one: number, other: number): number {
    const { pageRows, types } = this.#naming;
    const size = 1 << this.#maxOrder;
    for (const row of pageRows) {
      const order = compareStretch(cells, row + one * size, row + other * size, size);
      if (order !== 0) return order;
    }
    const pageblocks = 1 << this.#pageblocksShift;
    return compareStretch(cells, types + one * pageblocks, types + other * pageblocks, pageblocks);
  }

  #staysAsItIs(): boolean {
    const to = this.#to;
    for (let block = 0; block < to.length; block++) if (to[block] !== block) return false;
    return true;
  }

  // ---- renaming ----

  #rename(cells: Int32Array, to: Int32Array, naming: number, into: Int32Array): void {
    into.set(cells);
    this.#movePages(cells, to, into);
    this.#renameLinks(cells, to, this.#headsTo[naming], into);
    const { single, ranges } = this.#naming;
    for (const cell of single) if (cells[cell] >= 0) into[cell] = this.#pageAfter(cells[cell], to);
    for (const { length, first } of ranges) {
      for (let cell = first; cell < first + cells[length]; cell++) {
        const page = Math.floor(cells[cell] / ORDERS);
        into[cell] = cells[cell] + (this.#pageAfter(page, to) - page) * ORDERS;
      }
    }
    if (naming !== 0) this.#renameCpus(cells, this.#cpuNamings[naming], into);
  }

  #movePages(cells: Int32Array, to: Int32Array, into: Int32Array): void {
    const { pageRows, types } = this.#naming;
    const size = 1 << this.#maxOrder;
    const pageblocks = 1 << this.#pageblocksShift;
    for (let block = 0; block < to.length; block++) {
      if (to[block] === block) continue;
      const from = block * size;
      const moved = (to[block] - block) * size;
      for (const row of pageRows) {
        for (let cell = row + from; cell < row + from + size; cell++) into[cell + moved] = cells[cell];
      }
      for (let at = 0; at < pageblocks; at++) {
        into[types + to[block] * pageblocks + at] = cells[types + block * pageblocks + at];
      }
    }
  }

  #renameLinks(cells: Int32Array, to: Int32Array, headsTo: Int32Array, into: Int32Array): void {
    const { tags, next, prev, headsNext, headsPrev, heads } = this.#naming;
    for (let page = 0; page < this.#pages; page++) {
      if (!isLinked(cells[tags + page])) continue;
      const moved = this.#pageAfter(page, to);
      into[next + moved] = this.#nodeAfter(cells[next + page], to, headsTo);
      into[prev + moved] = this.#nodeAfter(cells[prev + page], to, headsTo);
    }
    for (let head = 0; head < heads; head++) {
      into[headsNext + headsTo[head]] = this.#nodeAfter(cells[headsNext + head], to, headsTo);
      into[headsPrev + headsTo[head]] = this.#nodeAfter(cells[headsPrev + head], to, headsTo);
    }
  }

  #renameCpus(cells: Int32Array, naming: readonly number[], into: Int32Array): void {
    const { cached, waiting, waiters } = this.#naming.cpu;
    for (let zone = 0; zone < this.#zones; zone++) {
      for (let cpu = 0; cpu < this.#cpus; cpu++) {
        into[cached + zone * this.#cpus + naming[cpu]] = cells[cached + zone * this.#cpus + cpu];
      }
    }
    // Behind the last waiter are zeroes, which say nothing of a CPU.
    for (let place = 0; place < cells[waiting]; place++) into[waiters[place]] = naming[cells[waiters[place]]];
  }

  #pageAfter(page: number, to: Int32Array): number {
    const block = page >> this.#maxOrder;
    return page + ((to[block] - block) << this.#maxOrder);
  }

  /** A node of a list: a page, or behind the pages a list's head. */
  #nodeAfter(node: number, to: Int32Array, headsTo: Int32Array): number {
    if (node < 0) return node;
    return node < this.#pages ? this.#pageAfter(node, to) : this.#pages + headsTo[node - this.#pages];
  }

  #blocksOf(zone: number): number {
    return this.#firstBlock[zone + 1] - this.#firstBlock[zone];
  }

  #headsFor(naming: readonly number[]): Int32Array {
    const { heads, cpu } = this.#naming;
    const to = Int32Array.from({ length: heads }, (_, head) => head);
    for (let zone = 0; zone < this.#zones; zone++) {
      for (let one = 0; one < this.#cpus; one++) {
        const from = cpu.firstList + (zone * this.#cpus + one) * cpu.lists;
        const moved = (naming[one] - one) * cpu.lists;
        for (let list = 0; list < cpu.lists; list++) to[from + list] = from + moved + list;
      }
    }
    return to;
  }
}
