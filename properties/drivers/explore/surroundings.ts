/**
 * Those around a guest, beside an implementation as well as beside a model: the environment, and the judges of every
 * other driver. What they remember is part of a state, as cells. What a step did is judged after each move; where it led
 * is judged once, when the state is entered.
 *
 * Most moves touch little of what they remember, and the events tell what: only that is written, and only that is
 * taken back.
 */
import type { Event, Guest } from "../../../model/alphabet/index.ts";
import { Contract } from "../../judges/contract.ts";
import { Invariants } from "../../judges/invariants.ts";
import { died } from "../../judges/invariants/alive.ts";
import { Wakeups } from "../../judges/liveness.ts";
import type { Violation } from "../../judges/properties.ts";
import { stalledCaller } from "../../judges/stall.ts";
import type { Traits } from "../../judges/traits.ts";
import { Environment } from "../environment.ts";
import { EnvironmentCells, type PageCells, type RequestRoom } from "./environment-cells.ts";
import type { Move } from "./moves.ts";
import type { Plan } from "./plans.ts";

// What a move may touch.
/** The blocks that users have. */
const BLOCKS = 1 << 0;
/** The open requests. */
const REQUESTS = 1 << 1;
/** Who has which page, as far as events tell. */
const PAGES = 1 << 2;
/** Who sleeps, and whether a device is there. */
const SLEEPERS = 1 << 3;
/** What administrator and host want. */
const WISHES = 1 << 4;
const ALL = BLOCKS | REQUESTS | PAGES | SLEEPERS | WISHES;

function touchedBy(event: Event): number {
  switch (event.event) {
    case "alloc":
      return event.ticket === undefined ? BLOCKS | PAGES : BLOCKS | PAGES | SLEEPERS;
    case "free":
      return BLOCKS | PAGES;
    case "isolate":
    case "release":
      return PAGES;
    case "submit":
    case "ack":
      return PAGES | REQUESTS;
    case "discard":
      return BLOCKS | REQUESTS;
    case "alloc-failed":
      return event.ticket === undefined ? 0 : SLEEPERS;
    case "alloc-waits":
    case "registered":
    case "unregistered":
      return SLEEPERS;
    case "offline":
    case "online":
      return ALL;
    case "write":
    case "idle":
      return 0;
  }
}

export class Surroundings {
  readonly environment: Environment;
  /** How many cells they have. */
  readonly length: number;
  readonly #guest: Guest;
  readonly #cells: EnvironmentCells;
  readonly #contract: Contract;
  readonly #invariants: Invariants;
  readonly #wakeups: Wakeups;
  readonly #reports: boolean;
  /** Where the cells of the parts begin; what wakeups remember is the first. */
  readonly #environmentAt = 1;
  readonly #contractAt: number;
  readonly #invariantsAt: number;
  #touched = 0;

  /** @param room how many requests the guest may have open */
  constructor(guest: Guest, plan: Plan, traits: Traits, room: RequestRoom) {
    const { geometry, settings } = plan.scope;
    const claims = new Set(traits.claims);
    const inPlace = traits.takes === "in-place";
    this.#guest = guest;
    this.#reports = guest.design !== "none";
    this.environment = new Environment(geometry, settings, traits.hears.includes("hint"));
    this.#cells = new EnvironmentCells(this.environment, geometry, room);
    const unseen = inPlace ? ["isolate", "release"] : [];
    this.#contract = new Contract(geometry, { claims: [...claims], unseen, inPlace });
    this.#invariants = new Invariants(guest.view(), traits, claims);
    this.#wakeups = new Wakeups(guest.view(), claims.has("wakeup"));
    this.#contractAt = this.#environmentAt + this.#cells.length;
    this.#invariantsAt = this.#contractAt + this.#contract.cells.length;
    this.length = this.#invariantsAt + this.#invariants.cells;
  }

  /** Which of the cells from `at` on say something of pages. */
  pageCells(at: number): PageCells {
    const { rows, ranges } = this.#cells.pageCells(at + this.#environmentAt);
    const zones = this.#guest.view().geometry.zones.length;
    const marks = this.#invariants.cells > zones ? [at + this.#invariantsAt + zones] : [];
    return { rows: [...rows, at + this.#contractAt, ...marks], ranges };
  }

  /** Writes all that they know into cells. */
  save(cells: Int32Array, at: number): void {
    this.#save(cells, at, ALL);
  }

  /** Goes on from a state of the guest, and from what was written there. */
  load(cells: Int32Array, at: number): void {
    const environmentAt = at + this.#environmentAt;
    const contractAt = at + this.#contractAt;
    const { requests } = this.environment;
    this.#wakeups.resume(cells[at] === 1);
    this.#cells.loadBlocks(cells, environmentAt);
    this.#cells.loadRequests(cells, environmentAt);
    this.#cells.loadWishes(cells, environmentAt);
    this.#contract.cells.loadRequests(requests);
    this.#contract.cells.loadSleepers(cells, contractAt);
    this.#contract.cells.loadPages(cells, contractAt);
    this.#contract.cells.keep();
    this.#invariants.load(cells, at + this.#invariantsAt, requests);
    this.#touched = 0;
  }

  /**
   * Writes what the latest move has touched; the other cells must be as they were when the state was loaded.
   * @returns false where nothing is other than it was then
   */
  saveTouched(cells: Int32Array, at: number): boolean {
    const owed = cells[at];
    this.#save(cells, at, this.#touched);
    return this.#touched !== 0 || cells[at] !== owed;
  }

  /** Back to what was loaded last. The guest is there already. @param cells as they were then */
  undo(cells: Int32Array, at: number): void {
    const touched = this.#touched;
    const environmentAt = at + this.#environmentAt;
    this.#wakeups.resume(cells[at] === 1);
    if (touched === 0) return;
    this.#touched = 0;
    if ((touched & BLOCKS) !== 0) this.#cells.undoBlocks();
    if ((touched & REQUESTS) !== 0) {
      this.#cells.undoRequests(cells, environmentAt);
      this.#contract.cells.undoRequests();
    }
    if ((touched & WISHES) !== 0) this.#cells.loadWishes(cells, environmentAt);
    if ((touched & SLEEPERS) !== 0) this.#contract.cells.loadSleepers(cells, at + this.#contractAt);
    if ((touched & PAGES) === 0) return;
    this.#contract.cells.undoPages();
    this.#invariants.load(cells, at + this.#invariantsAt, this.environment.requests);
  }

  /** Judges what a move did. */
  judgeStep(move: Move, events: readonly Event[]): Violation | undefined {
    this.#touched = wishedBy(move);
    for (const event of events) {
      this.#touched |= touchedBy(event);
      const violation = this.#contract.event(event) ?? this.environment.observe(event, 0);
      if (violation !== undefined) return violation;
    }
    const violation =
      this.#invariants.checkStep(events) ??
      (this.#invariants.hasWrongMark() ? this.judgeState() : undefined) ??
      stalledCaller(this.#guest.view(), events);
    return violation ?? (this.#reports ? this.#wakeups.check(events) : undefined);
  }

  /** Judges where the guest is. */
  judgeState(): Violation | undefined {
    return died(this.#guest.view()) ?? this.#invariants.checkState();
  }

  #save(cells: Int32Array, at: number, parts: number): void {
    const environmentAt = at + this.#environmentAt;
    const contractAt = at + this.#contractAt;
    cells[at] = this.#wakeups.owes ? 1 : 0;
    if ((parts & BLOCKS) !== 0) this.#cells.saveBlocks(cells, environmentAt);
    if ((parts & REQUESTS) !== 0) this.#cells.saveRequests(cells, environmentAt);
    if ((parts & WISHES) !== 0) this.#cells.saveWishes(cells, environmentAt);
    if ((parts & PAGES) !== 0) {
      this.#contract.cells.savePages(cells, contractAt);
      this.#invariants.save(cells, at + this.#invariantsAt);
    }
    if ((parts & SLEEPERS) !== 0) this.#contract.cells.saveSleepers(cells, contractAt);
  }
}

/** What a move touches although no event tells of it. */
function wishedBy(move: Move): number {
  switch (move.do) {
    case "lose":
    case "discard":
      return REQUESTS;
    case "balloon":
    case "hint":
      return WISHES;
    default:
      return 0;
  }
}
