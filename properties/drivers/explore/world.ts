/**
 * A guest amid its surroundings, as an explorer needs it: it can be put into any state, takes one move, tells where that
 * has led, and goes back.
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
import type { RequestRoom } from "./environment-cells.ts";
import type { Move } from "./moves.ts";
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
  readonly #kept: Uint8Array;
  readonly #loaded: Int32Array;

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
    this.cells.scatter(cells);
    this.#kept.set(this.#bytes);
    this.around.load(cells, this.cells.length);
    return this.around.judgeState();
  }

  /** Makes one move. @returns what is wrong with it */
  take(move: Move): Violation | undefined {
    this.events = this.#act(move);
    return this.around.judgeStep(move, this.events);
  }

  #act(move: Move): readonly Event[] {
    if (isAction(move)) {
      this.environment.noteAsked(move);
      return this.guest.perform(move);
    }
    if (move.do === "lose") {
      this.environment.host(move);
      return NOTHING;
    }
    const event = this.environment.discard(move.request, 0);
    return event === undefined ? NOTHING : [event];
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
    this.#bytes.set(this.#kept);
    this.around.undo(this.#loaded, this.cells.length);
  }
}

/** True for what the guest is asked; the rest the host does alone. */
export function isAction(move: Move): move is Action {
  return move.do !== "discard" && move.do !== "lose";
}
