/**
 * All candidates at once over one reading of the events: each has a contract of its own, from its first change on, and is
 * dropped with its first violation. So their memory is that of the candidates, however many events there are.
 */
import type { Event } from "../../model/alphabet/index.ts";
import { InputError } from "../../model/alphabet/index.ts";
import type { Contract } from "../judges/contract.ts";
import type { Violation } from "../judges/properties.ts";
import type { Change, Heard, Reach, Repair } from "./rejection.ts";
import type { Candidate } from "./repairs/index.ts";

/** Events behind the violation after which a change is taken to hold on. */
export const FURTHEST = 1_000_000;

/** Where a changed list broke, or what of it can't be judged. */
interface Failure {
  /** The place in the list as it was heard; half before it for what was put in there. */
  readonly place: number;
  readonly at: number;
  readonly violation: Pick<Violation, "explanation"> & Partial<Violation>;
}

/** A candidate that was found legal. */
export interface Legal {
  readonly candidate: Candidate;
  readonly repair: Repair;
  /** How far it goes: a place, or beyond all. */
  readonly reached: number;
}

/** Who goes furthest first, then who assumes least. */
export function nearestFirst(one: Legal, other: Legal): number {
  // Two that go beyond all go equally far.
  const further = one.reached === other.reached ? 0 : other.reached - one.reached;
  return further || one.candidate.weight - other.candidate.weight;
}

export class Trials {
  readonly #origin: Contract;
  readonly #runners: readonly Runner[];
  readonly #broke: number;
  /** The place of the next event. */
  #next = 0;
  #at = 0;
  #ended = false;

  /**
   * @param origin what is known before the first event; it is used up
   * @param broke the place of the event that breaks the rule as things are
   */
  constructor(origin: Contract, candidates: readonly Candidate[], broke: number) {
    this.#origin = origin;
    this.#runners = candidates.map((candidate) => new Runner(candidate, broke));
    this.#broke = broke;
  }

  /** The next event. @returns false where no candidate is left */
  hear({ at, event }: Heard): boolean {
    const place = this.#next++;
    this.#at = at;
    let living = place <= this.#broke;
    for (const runner of this.#runners) {
      runner.hear(place, at, event, this.#origin);
      living ||= runner.isAlive;
    }
    if (place < this.#broke) this.#origin.event(event, at);
    return living && place < this.#broke + FURTHEST;
  }

  /** All were heard. @param whole true where nothing comes after them, so that their end is judged */
  end(whole: boolean): void {
    this.#ended = true;
    for (const runner of this.#runners) runner.end(this.#next, this.#at, this.#origin, whole);
  }

  /** Those that are legal, in the order in which they were given. */
  legal(): Legal[] {
    const follow = Math.max(0, this.#next - this.#broke - 1);
    return this.#runners
      .filter((runner) => runner.isLegal && (this.#ended || !runner.isAlive))
      .map(({ candidate, failure, reached }) => ({
        candidate,
        reached,
        repair: {
          text: candidate.text,
          changes: candidate.changes,
          reach: reach(failure, this.#broke, follow),
        },
      }));
  }
}

function reach(failure: Failure | undefined, broke: number, follow: number): Reach {
  if (failure === undefined) return { holds: follow, follow };
  const { property, explanation } = failure.violation;
  const holds = Math.min(follow, Math.max(0, Math.ceil(failure.place) - broke - 1));
  const breaks = { at: failure.at, ...(property === undefined ? {} : { property }), explanation };
  return { holds, follow, breaks };
}

class Runner {
  readonly candidate: Candidate;
  failure: Failure | undefined;
  readonly #first: number;
  /** The change is legal where nothing breaks up to here. */
  readonly #last: number;
  readonly #inserted = new Map<number, Event[]>();
  readonly #instead = new Map<number, Event | undefined>();
  #contract: Contract | undefined;

  constructor(candidate: Candidate, broke: number) {
    this.candidate = candidate;
    const places = candidate.changes.map(placesOf);
    this.#first = Math.min(...places.map(({ first }) => first));
    this.#last = Math.max(broke, ...places.map(({ last }) => last));
    for (const change of candidate.changes) this.#plan(change);
  }

  get isAlive(): boolean {
    return this.failure === undefined;
  }

  get isLegal(): boolean {
    return this.failure === undefined || this.failure.place > this.#last;
  }

  /** How far it came: a place, or beyond all. */
  get reached(): number {
    return this.failure?.place ?? Number.POSITIVE_INFINITY;
  }

  /** @param origin knows what came before this place, where the first change is still to come */
  hear(place: number, at: number, event: Event, origin: Contract): void {
    if (place < this.#first || this.failure !== undefined) return;
    this.#contract ??= origin.fork();
    this.#judgeInserted(place, at);
    const heard = this.#instead.has(place) ? this.#instead.get(place) : event;
    if (heard !== undefined) this.#judge(place, at, (contract) => contract.event(heard, at));
    if (this.failure !== undefined) this.#contract = undefined;
  }

  end(place: number, at: number, origin: Contract, whole: boolean): void {
    if (this.failure !== undefined) return;
    this.#contract ??= origin.fork();
    this.#judgeInserted(place, at);
    if (whole) this.#judge(place, at, (contract) => contract.end());
    this.#contract = undefined;
  }

  #judgeInserted(place: number, at: number): void {
    for (const event of this.#inserted.get(place) ?? []) {
      this.#judge(place - 0.5, at, (contract) => contract.event(event, at));
    }
  }

  /** What only a recorder can get wrong makes no list legal either. */
  #judge(place: number, at: number, judge: (contract: Contract) => Violation | undefined): void {
    if (this.#contract === undefined || this.failure !== undefined) return;
    try {
      const violation = judge(this.#contract);
      if (violation !== undefined) this.failure = { place, at, violation };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.failure = { place, at, violation: { explanation: error.message } };
    }
  }

  #plan(change: Change): void {
    if (change.do === "insert" || change.do === "move") {
      const events = this.#inserted.get(change.before);
      if (events === undefined) this.#inserted.set(change.before, [change.event]);
      else events.push(change.event);
    }
    if (change.do === "drop" || change.do === "move") this.#instead.set(change.index, undefined);
    if (change.do === "replace") this.#instead.set(change.index, change.event);
  }
}

function placesOf(change: Change): { first: number; last: number } {
  switch (change.do) {
    case "insert":
      return { first: change.before, last: change.before };
    case "move":
      return { first: Math.min(change.index, change.before), last: Math.max(change.index, change.before - 0.5) };
    default:
      return { first: change.index, last: change.index };
  }
}
