/**
 * A guest amid its environment and its judges: the one place where a step is taken. Random runs, replays and the
 * shrinker all drive a world; none of them knows which guest is inside.
 */
import type { Action, Event, Guest, HostStep, Step, View } from "../../model/alphabet/index.ts";
import { Contract, type ContractOptions } from "../judges/contract.ts";
import { Invariants } from "../judges/invariants.ts";
import { died } from "../judges/invariants/alive.ts";
import { Wakeups, leftBehind, restBound } from "../judges/liveness.ts";
import { Lockstep } from "../judges/lockstep.ts";
import { Missed } from "../judges/missed.ts";
import type { PropertyId, Violation } from "../judges/properties.ts";
import { stalledCaller } from "../judges/stall.ts";
import type { Traits } from "../judges/traits.ts";
import type { Environment } from "./environment.ts";
import { nextHealing } from "./healing.ts";
import { Recurrence } from "./recurrence.ts";
import type { Scope } from "./scopes.ts";

/** Which violations do not count. */
export interface Lenience {
  /** Properties whose violations are passed over, and the run goes on: would anyone else have seen it? Default: none. */
  readonly ignored?: ReadonlySet<PropertyId>;
  /** Violations that are known already: a run ends there, unjudged from then on. Default: none. */
  readonly known?: (violation: Violation) => boolean;
}

/** What stands beside the guest under test. */
export interface Company extends Lenience {
  readonly guest: Guest;
  readonly environment: Environment;
  readonly traits: Traits;
  /** A second guest that must do the same; absent: no lockstep. */
  readonly twin?: Guest;
  /** Properties claimed beyond the contract's own; absent: none. */
  readonly claims?: readonly string[];
  /** Puts the guests back to where they were made; absent: that can't be done. */
  readonly restart?: () => void;
}

/** How a healed run ended. */
export type Healed = "at rest" | "a request was lost" | "cut short" | Violation;

/** Nothing happened, as far as events tell. */
const NOTHING: readonly Event[] = [];

export class World {
  readonly scope: Scope;
  readonly guest: Guest;
  readonly environment: Environment;
  readonly traits: Traits;
  /** By what the events are judged. */
  readonly contractOptions: ContractOptions;
  /** What the latest step led to. */
  events: readonly Event[] = [];
  /** What the guest was asked in the latest step; undefined where the host alone acted or nothing was possible. */
  action: Action | undefined;
  /** True once a violation that is known already was met: the run is to end here, and nothing more can be said of it. */
  cut = false;
  /** The steps that the latest healing took. */
  readonly healing: Step[] = [];
  readonly #twin: Guest | undefined;
  /** False for the guest without a reporter: it owes nobody a pass. */
  readonly #reports: boolean;
  readonly #claims: ReadonlySet<string>;
  readonly #contract: Contract;
  readonly #invariants: Invariants;
  readonly #wakeups: Wakeups;
  /** Undefined where it is not claimed, or can't be broken. */
  readonly #missed: Missed | undefined;
  readonly #lockstep: Lockstep;
  readonly #ignored: ReadonlySet<PropertyId>;
  readonly #known: ((violation: Violation) => boolean) | undefined;
  readonly #restart: (() => void) | undefined;
  /** The number of the step that is taken; those of healing are numbered on from the others. */
  #now = 0;
  /** True once a violation of the contract was passed over: it knows nothing more, and is asked no more. */
  #contractIsSilent = false;

  constructor(scope: Scope, company: Company) {
    const { guest, environment, traits } = company;
    this.scope = scope;
    this.guest = guest;
    this.environment = environment;
    this.traits = traits;
    this.#twin = company.twin;
    this.#reports = guest.design !== "none";
    this.#claims = new Set(company.claims);
    this.contractOptions = {
      claims: [...this.#claims],
      unseen: traits.takes === "in-place" ? ["isolate", "release"] : [],
      inPlace: traits.takes === "in-place",
      unit: "step",
    };
    this.#contract = new Contract(scope.geometry, this.contractOptions);
    // Hints that serve a migration promise nothing: the host drops no page for them.
    const migrates = environment.migration === undefined ? [] : (["exclusion", "host-window"] as const);
    this.#ignored = new Set([...(company.ignored ?? []), ...migrates]);
    this.#known = company.known;
    this.#restart = company.restart;
    const view = guest.view();
    this.#invariants = new Invariants(view, traits, this.#claims);
    this.#wakeups = new Wakeups(view, this.#claims.has("wakeup"));
    this.#missed =
      traits.keepsBooks && this.#claims.has("missed") ? new Missed(view, this.#claims.has("watermark")) : undefined;
    this.#lockstep = new Lockstep(view);
  }

  view(): View {
    return this.guest.view();
  }

  /** Begins anew, as if just entered: far cheaper than that. @returns false where it can't be done */
  restart(): boolean {
    if (this.#restart === undefined) return false;
    this.#restart();
    this.environment.reset();
    this.#contract.reset();
    this.#contractIsSilent = false;
    this.#invariants.reset();
    this.#wakeups.reset();
    this.#missed?.reset();
    this.events = [];
    this.action = undefined;
    this.cut = false;
    return true;
  }

  /**
   * Takes one step and asks every judge. A step that is not possible now changes nothing.
   * @param index the number of the step in its run, from 0: who asked for a block is known by it
   * @returns the first broken property, in the order contract, memory, invariants, liveness, lockstep; undefined too
   *   where it is known already (see `cut`)
   */
  perform(step: Step, index: number): Violation | undefined {
    this.#now = index;
    const violation = this.#take(step, index);
    return violation === undefined || this.#isNew(violation) ? violation : undefined;
  }

  /**
   * Lets the users rest and everyone else finish (healing.ts), once as it is and once more with a device that comes new.
   * @param index the number of steps taken so far
   */
  heal(index: number): Healed {
    this.healing.length = 0;
    const healed = this.#heal(index);
    return typeof healed === "string" || this.#isNew(healed) ? healed : "cut short";
  }

  /** False where the violation is known already: the run ends here. */
  #isNew(violation: Violation): boolean {
    if (this.#known?.(violation) === true) this.cut = true;
    return !this.cut;
  }

  #heal(index: number): Healed {
    const ill = this.#settle(index);
    if (ill !== undefined) return ill;
    if (!this.#reports || this.view().stopped() !== "") return "at rest";
    // A device that comes new is owed a pass over everything.
    for (const step of [{ do: "unregister" }, { do: "register" }] as const) {
      const violation = this.#heals(step, index);
      if (violation !== undefined) return violation;
    }
    const settled = this.#settle(index);
    if (settled !== undefined || !this.#claims.has("progress")) return settled ?? "at rest";
    return this.#kept(leftBehind(this.view())) ?? "at rest";
  }

  #settle(index: number): Healed | undefined {
    const bound = restBound(this.scope);
    const recurrence = new Recurrence(this.view());
    let taken = 0;
    for (; taken <= bound && !recurrence.found; taken++) {
      if (this.environment.requests.some((request) => request.lost)) return "a request was lost";
      // Nobody heals a guest that stopped for good.
      if (this.view().stopped() !== "") return "at rest";
      const step = nextHealing(this.guest, this.environment);
      if (step === undefined) return this.#atRest();
      const violation = this.#heals(step, index);
      if (violation !== undefined) return violation;
      recurrence.follow(this.events);
    }
    const restless = recurrence.found ? "goes round in a circle" : `still has something to do after ${taken} steps`;
    const explanation = `users rest and the host answers everything, but the guest ${restless}: ${this.#reporter()}`;
    // Where that is passed over, nothing more can be asked of it: no pass has an end.
    return this.#kept({ property: "rest", explanation }) ?? "at rest";
  }

  /** What the reporter knows of itself, for people. */
  #reporter(): string {
    return Object.entries(this.view().reporter())
      .map(([key, value]) => `${key} ${Array.isArray(value) ? `[${value.join(" ")}]` : String(value)}`)
      .join(", ");
  }

  #heals(step: Step, index: number): Violation | undefined {
    this.#now = index + this.healing.push(step) - 1;
    return this.#take(step, index);
  }

  #take(step: Step, index: number): Violation | undefined {
    this.action = undefined;
    this.events = NOTHING;
    const action = this.environment.action(step);
    if (action === undefined) return isHosts(step) ? this.#hostActs(step, index) : undefined;
    this.action = action;
    this.events = this.guest.perform(action);
    const violation = this.#judgeEvents(this.#noteAsked(step, action, index));
    this.environment.noteRounds(this.view());
    return violation ?? this.#judgeState(action);
  }

  #hostActs(step: HostStep, index: number): Violation | undefined {
    if (step.do !== "discard") return this.#kept(this.environment.host(step));
    const event = this.environment.discard(step.request, index);
    if (event === undefined) return undefined;
    this.events = [event];
    return this.#judgeEvents(index);
  }

  #atRest(): Violation | undefined {
    // Nothing can be asked of a guest that stopped for good.
    if (this.view().stopped() !== "") return undefined;
    const restless = this.#kept(this.#restless());
    if (restless !== undefined || this.#contractIsSilent) return restless;
    // A registered worker that has nothing to do is idle, as one that answers `work` with no events (`wire.md`).
    const idle =
      this.#reports && this.view().registered() ? this.#contract.event({ event: "idle" }, this.#now) : undefined;
    return this.#heard(idle ?? this.#contract.end());
  }

  #restless(): Violation | undefined {
    const view = this.view();
    const rests = (but: string): Violation => ({ property: "rest", explanation: `everyone rests, but ${but}` });
    const held = view.held();
    if (held.length > 0) return rests(`the reporter still holds the blocks at ${held.join(", ")}`);
    const [waiter] = view.waiters();
    if (waiter !== undefined)
      return rests(`the caller with ticket ${waiter.ticket} still waits for a block of order ${waiter.order}`);
    const stalled = view.stalled();
    return stalled === 0 ? undefined : rests(`${stalled} CPUs still can't go on because of the reporter`);
  }

  /**
   * The environment takes note of what was asked. What an action does is read as rarely as may be in a step: there are
   * too many shapes of actions for that to be cheap.
   * @returns the step that asked for what came of it
   */
  #noteAsked(step: Step, action: Action, index: number): number {
    switch (action.do) {
      case "alloc":
        if (this.events.length === 0) this.environment.noteRetrying(this.view(), index);
        return index;
      case "retry":
        if (this.events.length > 0) this.environment.noteDone(action.ticket);
        return step.do === "retry" ? step.of : index;
      case "balloon":
      case "hint":
        this.environment.noteAsked(action);
        return index;
      default:
        return index;
    }
  }

  #judgeEvents(of: number): Violation | undefined {
    for (const event of this.events) {
      const heard = this.#contractIsSilent ? undefined : this.#heard(this.#contract.event(event, this.#now));
      const violation = heard ?? this.#kept(this.environment.observe(event, of));
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  #judgeState(action: Action): Violation | undefined {
    const view = this.view();
    const dead = died(view);
    const violation = dead === undefined ? this.#judgeLiving(action) : this.#kept(dead);
    if (this.#twin === undefined) return violation;
    const expected = { events: this.#twin.perform(action), view: this.#twin.view() };
    return violation ?? this.#kept(this.#lockstep.compare(expected, { events: this.events, view }));
  }

  #judgeLiving(action: Action): Violation | undefined {
    const broken =
      this.#kept(this.#invariants.check(this.events)) ?? this.#kept(stalledCaller(this.view(), this.events));
    if (broken !== undefined || !this.#reports) return broken;
    return this.#kept(this.#wakeups.check(this.events)) ?? this.#kept(this.#missed?.check(action, this.events));
  }

  /** What the contract says, unless that is to be passed over: then it knows nothing more. */
  #heard(violation: Violation | undefined): Violation | undefined {
    const kept = this.#kept(violation);
    if (kept !== violation) this.#contractIsSilent = true;
    return kept;
  }

  /** The violation, unless it is to be passed over. */
  #kept(violation: Violation | undefined): Violation | undefined {
    return violation === undefined || this.#ignored.has(violation.property) ? undefined : violation;
  }
}

function isHosts(step: Step): step is HostStep {
  switch (step.do) {
    case "discard":
    case "lose":
    case "assign":
    case "unassign":
    case "squeeze":
    case "migrate":
      return true;
    default:
      return false;
  }
}
