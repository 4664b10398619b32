/** Callers that sleep (`waits`) or try again (`kernel`): at most eight, first come first served. */
import type { Waiter } from "../model/alphabet/index.ts";
import { MIGRATETYPES, NONE } from "../model/alphabet/index.ts";
import type { State } from "./state.ts";
import { MAX_WAITERS, WAITER_WORDS } from "./state.ts";

const TICKET = 0;
const ORDER = 1;
const TYPE = 2;
const NODE = 3;
const CPU = 4;
const RETRIES = 5;

export class Waiters {
  readonly #words: Float64Array;

  constructor(state: State) {
    this.#words = state.waiters;
  }

  get length(): number {
    return this.#words[0];
  }

  isFull(): boolean {
    return this.length >= MAX_WAITERS;
  }

  ticket(place: number): number {
    return this.#words[at(place) + TICKET];
  }
  order(place: number): number {
    return this.#words[at(place) + ORDER];
  }
  type(place: number): number {
    return this.#words[at(place) + TYPE];
  }
  node(place: number): number {
    return this.#words[at(place) + NODE];
  }
  cpu(place: number): number {
    return this.#words[at(place) + CPU];
  }
  retries(place: number): number {
    return this.#words[at(place) + RETRIES];
  }

  /** The place in the queue of the caller with that ticket, or NONE. */
  placeOf(ticket: number): number {
    for (let place = 0; place < this.length; place++) {
      if (this.ticket(place) === ticket) return place;
    }
    return NONE;
  }

  /** Queues a caller. @returns its ticket, the smallest positive number that no other has */
  append(order: number, type: number, node: number, cpu: number, retries: number): number {
    let ticket = 1;
    while (this.placeOf(ticket) !== NONE) ticket++;
    this.#words.set([ticket, order, type, node, cpu, retries], at(this.length));
    this.#words[0]++;
    return ticket;
  }

  /** One attempt fewer. */
  countRetry(place: number): void {
    this.#words[at(place) + RETRIES]--;
  }

  remove(place: number): void {
    this.#words.copyWithin(at(place), at(place + 1));
    this.#words[0]--;
    this.#words.fill(0, at(this.length), at(this.length + 1));
  }

  /** The queue as plain data. */
  list(): Waiter[] {
    const waiters: Waiter[] = [];
    for (let place = 0; place < this.length; place++) {
      waiters.push({
        ticket: this.ticket(place),
        order: this.order(place),
        migratetype: MIGRATETYPES[this.type(place)],
        node: this.node(place),
        cpu: this.cpu(place),
        retries: this.retries(place),
      });
    }
    return waiters;
  }
}

/** Where the record of a place begins: behind the length. */
function at(place: number): number {
  return 1 + place * WAITER_WORDS;
}
