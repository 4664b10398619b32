/**
 * Arrays of one CPU each, for the designs that note frees on the CPU that makes them: `nitesh-wei-host.md` 4.
 *
 * A CPU has a stage, two words for the design, an array of entries (a block and an order), and a list of blocks that it has taken.
 */
import type { Order, Settings } from "../../model/alphabet/index.ts";
import type { Shape } from "../shape.ts";

const STAGE = 0;
const ENTRIES = 1;
const LISTED = 2;
/** The words that mean something to the design alone. */
const FIRST_WORD = 3;
const SECOND_WORD = 4;
const REQUEST = 5;
const ARRAY = 6;

/** Words of all CPUs. */
export function cpuArrayWords(shape: Shape, settings: Settings): number {
  return settings.cpus * wordsOfOne(shape);
}

function wordsOfOne(shape: Shape): number {
  return ARRAY + 3 * shape.geometry.capacity;
}

export class CpuArrays {
  readonly cpus: number;
  /** Entries that an array has room for, and blocks that a list has. */
  readonly room: number;
  readonly #words: Float64Array;
  readonly #start: number;
  readonly #size: number;

  /** @param start of the words in the reporter's */
  constructor(shape: Shape, settings: Settings, words: Float64Array, start: number) {
    this.cpus = settings.cpus;
    this.room = shape.geometry.capacity;
    this.#words = words;
    this.#start = start;
    this.#size = wordsOfOne(shape);
  }

  stage(cpu: number): number {
    return this.#get(cpu, STAGE);
  }
  setStage(cpu: number, stage: number): void {
    this.#set(cpu, STAGE, stage);
  }

  /** True where no CPU has anything in hand. */
  get areAtRest(): boolean {
    for (let cpu = 0; cpu < this.cpus; cpu++) if (this.stage(cpu) !== 0) return false;
    return true;
  }

  first(cpu: number): number {
    return this.#get(cpu, FIRST_WORD);
  }
  setFirst(cpu: number, word: number): void {
    this.#set(cpu, FIRST_WORD, word);
  }
  second(cpu: number): number {
    return this.#get(cpu, SECOND_WORD);
  }
  setSecond(cpu: number, word: number): void {
    this.#set(cpu, SECOND_WORD, word);
  }

  /** The open request of a CPU, or 0. */
  request(cpu: number): number {
    return this.#get(cpu, REQUEST);
  }
  setRequest(cpu: number, request: number): void {
    this.#set(cpu, REQUEST, request);
  }

  // ---- entries ----

  entries(cpu: number): number {
    return this.#get(cpu, ENTRIES);
  }
  blockAt(cpu: number, entry: number): number {
    return this.#get(cpu, ARRAY + 2 * entry);
  }
  orderAt(cpu: number, entry: number): Order {
    return this.#get(cpu, ARRAY + 2 * entry + 1);
  }
  put(cpu: number, entry: number, block: number, order: Order): void {
    this.#set(cpu, ARRAY + 2 * entry, block);
    this.#set(cpu, ARRAY + 2 * entry + 1, order);
  }
  append(cpu: number, block: number, order: Order): void {
    this.put(cpu, this.entries(cpu), block, order);
    this.#set(cpu, ENTRIES, this.entries(cpu) + 1);
  }
  isFull(cpu: number): boolean {
    return this.entries(cpu) >= this.room;
  }
  /** Keeps so many, the first. */
  shorten(cpu: number, entries: number): void {
    this.#set(cpu, ENTRIES, entries);
    const from = this.#word(cpu, ARRAY + 2 * entries);
    this.#words.fill(0, from, this.#word(cpu, ARRAY + 2 * this.room));
  }

  /** Among the first so many entries: one that begins with this block? */
  has(cpu: number, block: number, among: number): boolean {
    for (let entry = 0; entry < among; entry++) if (this.blockAt(cpu, entry) === block) return true;
    return false;
  }

  // ---- the list ----

  listed(cpu: number): number {
    return this.#get(cpu, LISTED);
  }
  listedAt(cpu: number, place: number): number {
    return this.#get(cpu, ARRAY + 2 * this.room + place);
  }
  list(cpu: number, block: number): void {
    this.#set(cpu, ARRAY + 2 * this.room + this.listed(cpu), block);
    this.#set(cpu, LISTED, this.listed(cpu) + 1);
  }
  /** Takes the first block off the list. */
  unlistFirst(cpu: number): number {
    const at = this.#word(cpu, ARRAY + 2 * this.room);
    const block = this.#words[at];
    this.#words.copyWithin(at, at + 1, at + this.room);
    this.#words[at + this.room - 1] = 0;
    this.#set(cpu, LISTED, this.listed(cpu) - 1);
    return block;
  }
  forgetList(cpu: number): void {
    this.#set(cpu, LISTED, 0);
    const at = this.#word(cpu, ARRAY + 2 * this.room);
    this.#words.fill(0, at, at + this.room);
  }

  // ---- for people ----

  /** Something of each CPU. */
  map<Of>(of: (cpu: number) => Of): Of[] {
    return Array.from({ length: this.cpus }, (_, cpu) => of(cpu));
  }
  /** The blocks of all entries, CPU after CPU. */
  blocks(): number[] {
    return this.map((cpu) => cpu).flatMap((cpu) =>
      Array.from({ length: this.entries(cpu) }, (_, entry) => this.blockAt(cpu, entry)),
    );
  }

  /** Both words of each CPU that mean something to the design alone. */
  positions(): number[] {
    return this.map((cpu) => cpu).flatMap((cpu) => [this.first(cpu), this.second(cpu)]);
  }

  #word(cpu: number, word: number): number {
    return this.#start + cpu * this.#size + word;
  }
  #get(cpu: number, word: number): number {
    return this.#words[this.#word(cpu, word)];
  }
  #set(cpu: number, word: number, value: number): void {
    this.#words[this.#word(cpu, word)] = value;
  }
}
