/**
 * A guest amid its surroundings, as an explorer needs it: it can be put into any state, takes one move, tells where that
 * has led, and goes back. States are cells, or, where there are millions of them, keys.
 */
import type { Action, Event } from "../../../model/alphabet/index.ts";
import { GuestCells } from "../../../impl/cells.ts";
import { designOf, roomOf } from "../../../impl/designs/index.ts";
import { createImpl, type ImplGuest } from "../../../impl/guest.ts";
import { plantedOf } from "../../faults/index.ts";
import type { Violation } from "../../judges/properties.ts";
import type { Traits } from "../../judges/traits.ts";
import { traitsOf, type Subject } from "../../subjects.ts";
import type { Environment } from "../environment.ts";
import { directKeys, type DirectKeys } from "./states/direct.ts";
import type { RequestRoom } from "./environment-cells.ts";
import type { Move } from "./moves.ts";
import type { Packing } from "./states/packing.ts";
import type { Plan } from "./plans.ts";
import { Surroundings } from "./surroundings.ts";

const NOTHING: readonly Event[] = [];

export class ExploredWorld {
  readonly guest: ImplGuest;
  readonly traits: Traits;
  readonly room: RequestRoom;
  readonly around: Surroundings;
  /** The guest's part of the cells; that of its surroundings comes behind. */
  readonly cells: GuestCells;
  /** Of a state. */
  readonly length: number;
  /** What the latest move led to. */
  events: readonly Event[] = NOTHING;
  readonly #bytes: Uint8Array;
  /** Of the state that was entered; with keys, of any that fits the packing. */
  readonly #kept: Uint8Array;
  /** The surroundings' cells, behind the guest's: of the state that was entered, and of the one that a move led to. */
  readonly #loaded: Int32Array;
  readonly #now: Int32Array;
  #keys: DirectKeys | undefined;
  /** The key of the state that was entered, where it was entered by its key. */
  #key: Int32Array | undefined;
  /** The latest move is known to have changed nothing of the guest but what the key tells. */
  #isPlain = false;
  /** The surroundings' cells are those that it led to. */
  #isMoved = false;

  /** @throws InputError where there is no such design, variant or fault, or no guest could run in this geometry */
  constructor(plan: Plan, subject: Pick<Subject, "design" | "fault">) {
    const { geometry, settings } = plan.scope;
    this.traits = traitsOf(subject.design, settings.variant);
    this.guest = createImpl(subject.design, geometry, settings);
    const { requests, ranges } = roomOf(designOf(subject.design, settings.variant), this.guest.shape, settings);
    this.room = { requests, ranges };
    this.around = new Surroundings(this.guest, plan, this.traits, this.room);
    this.cells = new GuestCells(this.guest, plan.menu.callers);
    this.#bytes = new Uint8Array(this.guest.state.buffer);
    this.#kept = this.#bytes.slice();
    this.length = this.cells.length + this.around.length;
    this.#loaded = new Int32Array(this.length);
    this.#now = new Int32Array(this.length);
    if (subject.fault !== undefined) {
      plantedOf(subject.fault).plant({ guest: this.guest, environment: this.around.environment });
    }
  }

  get environment(): Environment {
    return this.around.environment;
  }

  /** Goes to a state. @returns what is wrong with it */
  enter(cells: Int32Array): Violation | undefined {
    this.#loaded.set(cells);
    this.#now.set(cells);
    this.#key = undefined;
    this.cells.scatter(cells);
    this.#kept.set(this.#bytes);
    this.#isMoved = false;
    return this.#entered();
  }

  /**
   * From here on states may be entered and written as keys of this packing.
   * @param cells of any state that fits it
   */
  useKeys(packing: Packing, cells: Int32Array): void {
    this.enter(cells);
    this.#keys = directKeys(packing, this.cells);
  }

  /** Goes to the state with this key, which must stay as it is until the next one is entered. @returns what is wrong with it */
  enterKey(key: Int32Array): Violation | undefined {
    this.#toKey(key);
    this.#keys?.unpackAround(key, 0, this.#loaded);
    this.#keys?.unpackAround(key, 0, this.#now);
    this.#key = key;
    this.#isMoved = false;
    return this.#entered();
  }

  /** Takes the guest to a key. What does not vary stands there since `useKeys`: from whatever moved it, the guest came back. */
  #toKey(key: Int32Array): void {
    this.#keys?.unpackGuest(key, 0);
    this.cells.forgetRuns();
  }

  #entered(): Violation | undefined {
    this.around.load(this.#loaded, this.cells.length);
    return this.around.judgeState();
  }

  /** Makes one move. @returns what is wrong with it */
  take(move: Move): Violation | undefined {
    this.events = this.#act(move);
    return this.around.judgeStep(move, this.events);
  }

  #act(move: Move): readonly Event[] {
    switch (move.do) {
      case "lose":
        this.environment.host(move);
        return NOTHING;
      case "discard": {
        const event = this.environment.discard(move.request, 0);
        return event === undefined ? NOTHING : [event];
      }
      case "balloon":
      case "hint":
        this.environment.noteAsked(move);
        return this.guest.perform(move);
      default:
        return this.guest.perform(move);
    }
  }

  /**
   * Writes the key of the state that the latest move led to.
   * @returns 0, or another number where it does not fit the packing
   */
  pack(keys: Int32Array, at: number): number {
    const key = this.#key;
    if (this.#keys === undefined || key === undefined) throw new RangeError("the state was not entered by its key");
    let bad = this.#keys.packGuest(keys, at);
    this.#isMoved = this.around.saveTouched(this.#now, this.cells.length);
    if (this.#isMoved) bad |= this.#keys.packAround(this.#now, keys, at);
    else {
      const { around } = this.#keys;
      for (let word = 0; word < around.length; word++) keys[at + word] |= key[word] & around[word];
    }
    this.#isPlain = bad === 0;
    return bad;
  }

  /** Reads the state that the latest move led to. */
  gather(cells: Int32Array): void {
    const loaded = this.#loaded;
    this.cells.gather(cells);
    for (let cell = this.cells.length; cell < loaded.length; cell++) cells[cell] = loaded[cell];
    this.around.saveTouched(cells, this.cells.length);
  }

  /** The state in which the guest begins. */
  start(): Int32Array {
    const cells = new Int32Array(this.length);
    this.cells.gather(cells);
    this.around.save(cells, this.cells.length);
    return cells;
  }

  /** Back to the state that was entered last. */
  back(): void {
    // Where all that the key does not tell was found to be as it was, only the rest is written, which is a fraction.
    if (!this.#isPlain) this.#bytes.set(this.#kept);
    this.#isPlain = false;
    if (this.#key !== undefined) this.#toKey(this.#key);
    this.around.undo(this.#loaded, this.cells.length);
    if (!this.#isMoved) return;
    for (let cell = this.cells.length; cell < this.length; cell++) this.#now[cell] = this.#loaded[cell];
    this.#isMoved = false;
  }
}

/** True for what the guest is asked; the rest the host does alone. */
export function isAction(move: Move): move is Action {
  return move.do !== "discard" && move.do !== "lose";
}
