/**
 * Expands states: goes to each, judges it, makes every possible move, judges that, and hands on where it led. The one
 * loop of all explorations, on one thread or on several.
 */
import type { Violation } from "../../judges/properties.ts";
import { isOf } from "../../findings/refind.ts";
import type { Subject } from "../../subjects.ts";
import { Batch } from "./states/batch.ts";
import { Digest, finish, hashOf, type Lanes } from "./states/hash.ts";
import { Moves } from "./moves.ts";
import type { Packing, Ranges } from "./states/packing.ts";
import type { Plan } from "./plans.ts";
import type { Known } from "./report.ts";
import type { Canonical } from "./symmetry/symmetry.ts";
import type { Alike } from "./symmetry/symmetry-path.ts";
import { FULL, ROOT, type States } from "./states/table.ts";
import { ExploredWorld } from "./world.ts";

/** Who is explored: a design as its plan's settings say, perhaps with a planted fault. */
export type Explored = Pick<Subject, "design" | "fault">;

/** A broken property: in a state, or by a move from it. */
export interface Broken {
  readonly violation: Violation;
  /** The id of the state. */
  readonly state: number;
  /** The move that broke it; undefined where the state itself is wrong. */
  readonly move: number | undefined;
}

/** Whoever looks on. Each is asked only where it is there. */
export interface Observer {
  /** A state was entered, and is right. */
  entered?(state: number): void;
  /** A move was made, and was right. @param place of its successor in the batch @returns what the observer finds wrong */
  moved?(move: number, place: number): Violation | undefined;
  /** The successors in the batch have their ids. */
  inserted?(batch: Batch): void;
}

/** What an expander counted and found: plain data. */
export interface Findings {
  /** Moves that led somewhere, or at which something happened. */
  readonly transitions: number;
  /** Moves and states at which it went no further, as a failure on record came up. */
  readonly cut: number;
  readonly broken: Broken | undefined;
  /** States for which those that were expanded stand: as many as they are, where none are alike. */
  readonly represented: number;
  /** True once the table had no room for a state. */
  readonly full: boolean;
  /** Digests of the states that were expanded and of their transitions. */
  readonly states: Lanes;
  readonly edges: Lanes;
  /** How far cells range, where a state did not fit the packing: all must begin anew. */
  readonly wider: { readonly least: Int32Array; readonly most: Int32Array } | undefined;
}

/** Seeds of the two hashes of a state. */
const LOW = 1;
const HIGH = 2;

export class Expander {
  readonly world: ExploredWorld;
  readonly moves: Moves;
  /** Moves that led somewhere or at which something happened. */
  transitions = 0;
  /** Moves and states at which it went no further, as a failure on record came up. */
  cut = 0;
  /** States for which those that were expanded stand. */
  represented = 0;
  readonly states = new Digest();
  readonly edges = new Digest();
  /** The first broken property that is not on record. */
  broken: Broken | undefined;
  /** True once a state did not fit the packing. The ranges are wider then, and all must begin anew. */
  overflowed = false;
  /** True once the table had no room for a state. */
  full = false;
  readonly #packing: Packing;
  readonly #ranges: Ranges;
  readonly #table: States;
  readonly #known: readonly Known[];
  readonly #observer: Observer;
  readonly #canonical: Canonical | undefined;
  readonly #batch: Batch;
  /** Of a state that is looked at cell by cell: few are. */
  readonly #cells: Int32Array;
  /** Of the state that is expanded. */
  readonly #key: Int32Array;

  /**
   * @param ranges are widened by states that don't fit the packing
   * @param known failures that are on record: there it goes no further
   * @param alike says which states are alike: of those one is kept. Absent: each is another
   * @throws InputError where there is no such design, or it can't work with the geometry
   */
  constructor(
    plan: Plan,
    subject: Explored,
    packing: Packing,
    ranges: Ranges,
    table: States,
    known: readonly Known[],
    observer: Observer = {},
    alike?: Alike,
  ) {
    this.world = new ExploredWorld(plan, subject);
    this.moves = new Moves(plan, this.world.room);
    this.#packing = packing;
    this.#ranges = ranges;
    this.#table = table;
    this.#known = known;
    this.#observer = observer;
    this.#canonical = alike?.(this.world);
    this.#batch = new Batch(packing.words);
    this.#cells = this.world.start();
    this.#key = new Int32Array(packing.words);
    this.world.useKeys(packing, this.#cells);
  }

  /** Inserts the states in which the guest may begin. Default: the one in which it does. */
  begin(starts: readonly Int32Array[] = [this.world.start()]): void {
    for (const start of starts) {
      this.#cells.set(start);
      this.#pushCells(ROOT, 0);
      if (this.#batch.count === this.#batch.size) this.flush();
    }
    this.flush();
  }

  /** Expands the states with these ids, all of them, whatever is found: of one level the least is told. */
  expand(from: number, to: number): void {
    for (let id = from; id < to && !this.full; id++) this.#expand(id);
  }

  /** Judges the states with these ids, and makes no move. */
  judge(from: number, to: number): void {
    for (let id = from; id < to; id++) {
      this.#table.read(id, this.#key);
      this.#isWrong(this.world.enterKey(this.#key), id, undefined);
    }
  }

  /** What was counted and found so far, as plain data. */
  findings(): Findings {
    const { transitions, cut, broken, represented, full, overflowed } = this;
    const { least, most } = this.#ranges;
    return {
      transitions,
      represented,
      cut,
      broken,
      full,
      states: this.states.lanes,
      edges: this.edges.lanes,
      wider: overflowed ? { least, most } : undefined,
    };
  }

  /** Inserts what is still in the batch: at the end of a level. */
  flush(): void {
    const batch = this.#batch;
    if (batch.count === 0) return;
    const { keys, count, hashes, parents, moves, ids, fresh } = batch;
    if (this.#table.insertAll(keys, count, hashes, parents, moves, ids, fresh) === FULL) this.full = true;
    this.#observer.inserted?.(batch);
    batch.count = 0;
  }

  #expand(id: number): void {
    const { world, moves } = this;
    const { words } = this.#packing;
    const key = this.#key;
    this.#table.read(id, key);
    const hash = hashOf(key, 0, words, LOW);
    this.states.add(hash, hashOf(key, 0, words, HIGH));
    this.represented += this.#weigh(key);
    if (this.#isWrong(world.enterKey(key), id, undefined)) return;
    this.#observer.entered?.(id);
    const possible = moves.look(world);
    for (let at = 0; at < possible; at++) {
      const move = moves.possible[at];
      if (!this.#isWrong(world.take(moves.all[move]), id, move)) this.#arrive(id, hash, move);
      world.back();
    }
  }

  /** For how many states one stands. */
  #weigh(key: Int32Array): number {
    if (this.#canonical === undefined) return 1;
    this.#packing.unpack(key, 0, this.#cells);
    return this.#canonical.canonical(this.#cells);
  }

  /** @returns true where the search goes no further there */
  #isWrong(violation: Violation | undefined, state: number, move: number | undefined): boolean {
    if (violation === undefined) return false;
    if (this.#known.some((failure) => isOf(failure, violation))) this.cut++;
    // Of one level, a state that is wrong is a move nearer to the start than a move that is.
    else if (this.broken === undefined || (move === undefined && this.broken.move !== undefined))
      this.broken = { violation, state, move };
    return true;
  }

  /** A move was right: where has it led? */
  #arrive(from: number, hash: number, move: number): void {
    const { world } = this;
    const place = this.#push(from, move);
    const { hashes } = this.#batch;
    if (place < 0 || (world.events.length === 0 && hashes[place] === hash && this.#isSame(place))) {
      if (place >= 0) this.#batch.count--;
      return;
    }
    this.transitions++;
    const target = Math.imul(hashes[place], 0x9e3779b1);
    this.edges.add(finish(hash ^ finish(target ^ move)), finish(target ^ finish(hash + move)));
    const violation = this.#observer.moved?.(move, place);
    this.#isWrong(violation, from, move);
    if (this.#batch.count === this.#batch.size) this.flush();
  }

  /** Writes where the latest move led. @returns the place in the batch, or -1 where the state does not fit */
  #push(from: number, move: number): number {
    const { count, keys } = this.#batch;
    if (this.#canonical === undefined && this.world.pack(keys, count * this.#packing.words) === 0) {
      return this.#note(from, move);
    }
    this.world.gather(this.#cells);
    return this.#pushCells(from, move);
  }

  /** The same for the state that these cells say. */
  #pushCells(from: number, move: number): number {
    const { count, keys } = this.#batch;
    this.#canonical?.canonical(this.#cells);
    if (this.#packing.pack(this.#cells, keys, count * this.#packing.words) === 0) return this.#note(from, move);
    this.#ranges.widen(this.#cells);
    this.overflowed = true;
    return -1;
  }

  /** A key was written into the batch: all else of it. @returns its place */
  #note(from: number, move: number): number {
    const batch = this.#batch;
    const { words } = this.#packing;
    const place = batch.count++;
    batch.hashes[place] = hashOf(batch.keys, place * words, words, LOW);
    batch.parents[place] = from;
    batch.moves[place] = move;
    return place;
  }

  /** True where the successor is the state itself. */
  #isSame(place: number): boolean {
    const { words } = this.#packing;
    const { keys } = this.#batch;
    for (let word = 0; word < words; word++) if (keys[place * words + word] !== this.#key[word]) return false;
    return true;
  }
}
