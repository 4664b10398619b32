/**
 * The latest events of a source that can't be read twice, and what the contract knew before them: enough to explain a
 * violation, in memory that does not grow with the source.
 */
import type { Geometry } from "../model/alphabet/index.ts";
import { Contract, type ContractOptions } from "../properties/judges/contract.ts";
import type { Heard } from "../properties/rejection/index.ts";

/** Events in each of the two halves: between one and two of them are kept. */
const HALF = 10_000;
/** Events behind the violation that are heard. */
const READ_ON = 10_000;

export class Window {
  /** The contract right before the first event that is kept. */
  readonly from: Contract;
  /** Events that were not kept. */
  forgotten = 0;
  #older: Heard[] = [];
  #newer: Heard[] = [];
  /** Once these come, what came before them stays. */
  readonly #after: Heard[] = [];

  constructor(geometry: Geometry, options: ContractOptions) {
    this.from = new Contract(geometry, options);
  }

  /** The events that are kept, oldest first. */
  get heard(): readonly Heard[] {
    return [...this.#older, ...this.#newer, ...this.#after];
  }

  /** An event behind the violation. @returns false where those that were heard are enough */
  hearOn(heard: Heard): boolean {
    this.#after.push(heard);
    return this.#after.length < READ_ON;
  }

  hear(heard: Heard): void {
    if (this.#newer.length === HALF) {
      for (const { event, at } of this.#older) this.from.event(event, at);
      this.forgotten += this.#older.length;
      this.#older = this.#newer;
      this.#newer = [];
    }
    this.#newer.push(heard);
  }
}
