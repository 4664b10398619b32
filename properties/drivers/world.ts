/**
 * A guest amid its environment and its judges: the one place where a step is taken. Random runs, replays and the
 * shrinker all drive a world; none of them knows which guest is inside.
 */
import {
  type Action,
  type AckAction,
  type Event,
  type Guest,
  type Step,
  type View,
} from "../../model/alphabet/index.ts";
import { Contract } from "../judges/contract.ts";
import { Invariants } from "../judges/invariants.ts";
import { Wakeups, leftBehind, restBound } from "../judges/liveness.ts";
import { Lockstep } from "../judges/lockstep.ts";
import type { PropertyId, Violation } from "../judges/properties.ts";
import type { Environment } from "./environment.ts";
import type { Scope } from "./scopes.ts";

/** What stands beside the guest under test. */
export interface Company {
  readonly guest: Guest;
  readonly environment: Environment;
  /** A second guest that must do the same; absent: no lockstep. */
  readonly twin?: Guest;
  /** Properties claimed beyond the contract's own. */
  readonly claims?: readonly string[];
  /** Properties whose violations are passed over: would anyone else have seen it? Default: none. */
  readonly ignored?: ReadonlySet<PropertyId>;
  /** Puts the guests back to where they were made; absent: that can't be done. */
  readonly restart?: () => void;
}

/** How a healed run ended. */
export type Healed = "at rest" | "a request was lost" | Violation;

/** Nothing happened, as far as events tell. */
const NOTHING: readonly Event[] = [];

export class World {
  readonly scope: Scope;
  readonly guest: Guest;
  readonly environment: Environment;
  /** What the latest step led to. */
  events: readonly Event[] = [];
  /** What the guest was asked in the latest step; undefined where the host alone acted or nothing was possible. */
  action: Action | undefined;
  /** The steps that the latest healing took. */
  readonly healing: Step[] = [];
  readonly #twin: Guest | undefined;
  /** False for the guest without a reporter: it owes nobody a pass. */
  readonly #reports: boolean;
  readonly #contract: Contract;
  readonly #invariants: Invariants;
  readonly #wakeups: Wakeups;
  readonly #lockstep: Lockstep;
  readonly #ignored: ReadonlySet<PropertyId>;
  readonly #restart: (() => void) | undefined;
  /** True once a violation of the contract was passed over: it knows nothing more, and is asked no more. */
  #contractIsSilent = false;

  constructor(scope: Scope, company: Company) {
    this.scope = scope;
    this.guest = company.guest;
    this.environment = company.environment;
    this.#twin = company.twin;
    this.#reports = company.guest.design !== "none";
    this.#contract = new Contract(scope.geometry, { claims: company.claims ?? [] });
    this.#ignored = company.ignored ?? new Set();
    this.#restart = company.restart;
    const view = this.guest.view();
    this.#invariants = new Invariants(view);
    this.#wakeups = new Wakeups(view);
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
    this.events = [];
    this.action = undefined;
    return true;
  }

  /**
   * Takes one step and asks every judge. A step that is not possible now changes nothing.
   * @param index the number of the step in its run, from 0: who asked for a block is known by it
   * @returns the first broken property, in the order contract, memory, invariants, liveness, lockstep
   */
  perform(step: Step, index: number): Violation | undefined {
    this.action = undefined;
    this.events = NOTHING;
    if (step.do === "lose") {
      this.environment.lose(step.request);
      return undefined;
    }
    if (step.do === "discard") {
      const event = this.environment.discard(step.request);
      if (event === undefined) return undefined;
      this.events = [event];
      return this.#judgeEvents(index);
    }
    const action = this.environment.action(step);
    if (action === undefined) return undefined;
    this.action = action;
    this.events = this.guest.perform(action);
    this.#followRetries(step, action, index);
    return this.#judgeEvents(step.do === "retry" ? step.of : index) ?? this.#judgeState(action);
  }

  /**
   * Lets the users rest and everyone else finish: the guest is thawed, offlining is given up, the host discards and
   * answers all it has, the worker and the clock run, waiting callers try again.
   * @param index the number of steps taken so far
   */
  heal(index: number): Healed {
    this.healing.length = 0;
    const ill = this.#settle(index);
    if (ill !== undefined) return ill;
    if (!this.#reports) return "at rest";
    // A device that comes new is owed a pass over everything.
    for (const step of [{ do: "unregister" }, { do: "register" }] as const) {
      const violation = this.#heals(step, index);
      if (violation !== undefined) return violation;
    }
    return this.#settle(index) ?? this.#kept(leftBehind(this.view())) ?? "at rest";
  }

  #settle(index: number): Healed | undefined {
    const bound = restBound(this.scope.geometry);
    for (let taken = 0; taken <= bound; taken++) {
      if (this.environment.requests.some((request) => request.lost)) return "a request was lost";
      const step = this.#nextHealing();
      if (step === undefined) return this.#atRest();
      const violation = this.#heals(step, index);
      if (violation !== undefined) return violation;
    }
    // Where that is passed over, nothing more can be asked of it: no pass has an end.
    const restless = `users rest and the host answers everything, but after ${bound} steps the guest still has something to do`;
    return (
      this.#kept({ property: "rest", explanation: `${restless}: ${JSON.stringify(this.view().reporter())}` }) ??
      "at rest"
    );
  }

  #heals(step: Step, index: number): Violation | undefined {
    this.healing.push(step);
    return this.perform(step, index);
  }

  #nextHealing(): Step | undefined {
    const view = this.view();
    if (view.frozen()) return { do: "thaw" };
    const hotplug = view.hotplug();
    if (hotplug?.kind === "offline" && hotplug.phase !== "remove" && hotplug.phase !== "undo") return { do: "abort" };
    const [request] = this.environment.requests;
    if (request !== undefined) {
      if (this.environment.mayDiscard(request)) return { do: "discard", request: request.request };
      const ack: AckAction = { do: "ack", request: request.request, ok: true };
      return ack;
    }
    // Callers try again last: what is held comes back first.
    const enabled = this.guest.enabled();
    const next = enabled.find((action) => action.do !== "retry") ?? enabled[0];
    if (next?.do === "retry") return { do: "retry", of: this.environment.askedBy(next.ticket) };
    return next?.do === "free" ? undefined : next;
  }

  #atRest(): Violation | undefined {
    const restless = this.#kept(this.#restless());
    if (restless !== undefined || this.#contractIsSilent) return restless;
    // A registered worker that has nothing to do is idle, as one that answers `work` with no events (`wire.md`).
    const idle = this.#reports && this.view().registered() ? this.#contract.event({ event: "idle" }) : undefined;
    return this.#heard(idle ?? this.#contract.end());
  }

  #restless(): Violation | undefined {
    const view = this.view();
    const held = view.held();
    if (held.length > 0) {
      return {
        property: "rest",
        explanation: `everyone rests, but the reporter still holds the blocks at ${held.join(", ")}`,
      };
    }
    const [waiter] = view.waiters();
    if (waiter === undefined) return undefined;
    return {
      property: "rest",
      explanation: `everyone rests, but the caller with ticket ${waiter.ticket} still waits for a block of order ${waiter.order}`,
    };
  }

  #followRetries(step: Step, action: Action, index: number): void {
    if (action.do === "alloc" && this.events.length === 0) this.environment.noteRetrying(this.view(), index);
    if (step.do === "retry" && action.do === "retry" && this.events.length > 0)
      this.environment.noteDone(action.ticket);
  }

  #judgeEvents(of: number): Violation | undefined {
    for (const event of this.events) {
      const heard = this.#contractIsSilent ? undefined : this.#heard(this.#contract.event(event));
      const violation = heard ?? this.#kept(this.environment.observe(event, of));
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  #judgeState(action: Action): Violation | undefined {
    const view = this.view();
    const violation =
      this.#kept(this.#invariants.check(action, this.events)) ??
      (this.#reports ? this.#kept(this.#wakeups.check(this.events)) : undefined);
    if (this.#twin === undefined) return violation;
    const expected = { events: this.#twin.perform(action), view: this.#twin.view() };
    return violation ?? this.#lockstep.compare(expected, { events: this.events, view });
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
