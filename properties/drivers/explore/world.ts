/**
 * A guest amid its environment and its judges, as an explorer needs them: it can be put into any state, takes one move,
 * tells where that has led, and goes back. The judges are those of every other driver; what a step did is judged after
 * each move, where it led is judged once, when the state is entered.
 */
import type { Action, Event, Guest } from "../../../model/alphabet/index.ts";
import { GuestCells } from "../../../impl/cells.ts";
import { designOf, roomOf } from "../../../impl/designs/index.ts";
import { createImpl, type ImplGuest } from "../../../impl/guest.ts";
import { plantedOf } from "../../faults/index.ts";
import { Contract } from "../../judges/contract.ts";
import { Invariants } from "../../judges/invariants.ts";
import { died } from "../../judges/invariants/alive.ts";
import { Wakeups } from "../../judges/liveness.ts";
import type { Violation } from "../../judges/properties.ts";
import { stalledCaller } from "../../judges/stall.ts";
import type { Traits } from "../../judges/traits.ts";
import { Environment, type RequestRoom } from "../environment.ts";
import { traitsOf, type Subject } from "../../subjects.ts";
import type { Move } from "./moves.ts";
import type { Plan } from "./plans.ts";

const NOTHING: readonly Event[] = [];

/** The judges of a guest and all that is around it: the same beside an implementation and beside a model. */
export class Surroundings {
  readonly environment: Environment;
  /** So many cells does `save` write. */
  readonly cells: number;
  readonly #guest: Guest;
  readonly #room: RequestRoom;
  readonly #contract: Contract;
  readonly #invariants: Invariants;
  readonly #wakeups: Wakeups;
  readonly #reports: boolean;

  /** @param room how many requests the guest may have open */
  constructor(guest: Guest, plan: Plan, traits: Traits, room: RequestRoom) {
    const { geometry, settings } = plan.scope;
    const claims = new Set(traits.claims);
    const inPlace = traits.takes === "in-place";
    this.#guest = guest;
    this.#room = room;
    this.#reports = guest.design !== "none";
    this.environment = new Environment(geometry, settings, traits.hears.includes("hint"));
    this.#contract = new Contract(geometry, {
      claims: [...claims],
      unseen: inPlace ? ["isolate", "release"] : [],
      inPlace,
    });
    this.#invariants = new Invariants(guest.view(), traits, claims);
    this.#wakeups = new Wakeups(guest.view(), claims.has("wakeup"));
    this.cells = 1 + this.environment.cells(room) + this.#contract.cells + this.#invariants.cells;
  }

  /** Writes all that they know into cells. */
  save(cells: Int32Array, at: number): void {
    cells[at++] = this.#wakeups.owes ? 1 : 0;
    this.environment.save(cells, at, this.#room);
    at += this.environment.cells(this.#room);
    this.#contract.save(cells, at);
    this.#invariants.save(cells, at + this.#contract.cells);
  }

  /** Goes on from a state of the guest, and from what was written there. */
  load(cells: Int32Array, at: number): void {
    this.#wakeups.resume(cells[at++] === 1);
    this.environment.load(cells, at, this.#room);
    at += this.environment.cells(this.#room);
    this.#contract.load(cells, at, this.environment.requests);
    this.#invariants.load(cells, at + this.#contract.cells, this.environment.requests);
    this.#contract.keep();
  }

  /** Back to what was loaded last, whatever has happened since. The guest is there already. */
  undo(cells: Int32Array, at: number): void {
    this.#wakeups.resume(cells[at++] === 1);
    this.environment.load(cells, at, this.#room);
    at += this.environment.cells(this.#room);
    this.#contract.undo(cells, at, this.environment.requests);
    this.#invariants.load(cells, at + this.#contract.cells, this.environment.requests);
  }

  /** Judges what a step did. */
  judgeStep(events: readonly Event[]): Violation | undefined {
    for (const event of events) {
      const violation = this.#contract.event(event) ?? this.environment.observe(event, 0);
      if (violation !== undefined) return violation;
    }
    const view = this.#guest.view();
    const violation = this.#invariants.checkStep(events) ?? stalledCaller(view, events);
    return violation ?? (this.#reports ? this.#wakeups.check(events) : undefined);
  }

  /** Judges where the guest is. */
  judgeState(): Violation | undefined {
    return died(this.#guest.view()) ?? this.#invariants.checkState();
  }
}

export class ExploredWorld {
  readonly guest: ImplGuest;
  readonly traits: Traits;
  readonly room: RequestRoom;
  readonly around: Surroundings;
  /** Of a state. */
  readonly length: number;
  /** What the latest move led to. */
  events: readonly Event[] = NOTHING;
  readonly #cells: GuestCells;
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
    this.#cells = new GuestCells(this.guest, plan.menu.callers);
    this.#bytes = new Uint8Array(this.guest.state.buffer);
    this.#kept = this.#bytes.slice();
    this.length = this.#cells.length + this.around.cells;
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
    this.#cells.scatter(cells);
    this.#kept.set(this.#bytes);
    this.around.load(cells, this.#cells.length);
    return this.around.judgeState();
  }

  /** Makes one move. @returns what is wrong with it */
  take(move: Move): Violation | undefined {
    if (move.do === "discard") {
      const event = this.environment.discard(move.request, 0);
      this.events = event === undefined ? NOTHING : [event];
    } else if (move.do === "lose") {
      this.events = NOTHING;
      return this.environment.host(move);
    } else {
      this.events = this.guest.perform(move);
      this.environment.noteAsked(move);
    }
    return this.around.judgeStep(this.events);
  }

  /** Reads the state that the latest move led to. */
  gather(cells: Int32Array): void {
    this.#cells.gather(cells);
    this.around.save(cells, this.#cells.length);
  }

  /** Back to the state that was entered last. */
  back(): void {
    this.#bytes.set(this.#kept);
    this.around.undo(this.#loaded, this.#cells.length);
  }
}

/** True for what a guest is asked. */
export function isAction(move: Move): move is Action {
  return move.do !== "discard" && move.do !== "lose";
}
