/**
 * A system amid everyone else and its judge: the one place where a step is taken, as a World is for guests of ours. It has no view
 * into the system: what happened is what the system says.
 */
import {
  pagesOf,
  spannedPages,
  type Event,
  type Geometry,
  type Step,
  type WireAction,
} from "../../model/alphabet/index.ts";
import { Moments } from "../../properties/drivers/explore/transitions/moments.ts";
import type { StepTaker } from "../../properties/drivers/run.ts";
import type { Scope } from "../../properties/drivers/scopes.ts";
import { Contract } from "../../properties/judges/contract.ts";
import type { Violation } from "../../properties/judges/properties.ts";
import { mayBeComplete } from "../put-to-the-test.ts";
import { AdapterFault, shown } from "./adapter-fault.ts";
import type { Heard } from "./conformance.ts";
import { Everyone } from "./everyone.ts";
import { Fit } from "./fit.ts";
import type { Ready, System } from "./system.ts";
import type { Watch } from "./watch.ts";

const IDLE: Event = { event: "idle" };
const WORK: Step = { do: "work" };

export class Trial implements StepTaker {
  readonly cut = false;
  readonly scope: Scope;
  readonly everyone: Everyone;
  /** The steps that healing took. */
  readonly healing: Step[] = [];
  /** What the system said of itself. */
  ready: Ready;
  /** Actions sent. */
  sent = 0;
  readonly #system: System;
  readonly #contract: Contract;
  readonly #moments: Moments;
  readonly #fit = new Fit();
  readonly #watch: Watch | undefined;
  readonly #isComplete: boolean;
  /** All events of the run, and the step of each. */
  readonly #events: Event[] = [];
  readonly #steps: number[] = [];

  /** @param ready what the system said when it was started for this */
  constructor(system: System, scope: Scope, ready: Ready, watch?: Watch) {
    const claims = ready.claims ?? [];
    const { geometry } = scope;
    this.scope = scope;
    this.ready = ready;
    this.everyone = new Everyone(geometry);
    this.#system = system;
    this.#contract = new Contract(geometry, { claims, unit: "step" });
    this.#moments = new Moments(geometry);
    this.#watch = watch;
    this.#isComplete = mayBeComplete(geometry, claims);
    this.#begin();
  }

  /** The system was started anew for this, and says the same of itself: all begins anew here, too. */
  again(ready: Ready): void {
    this.ready = ready;
    this.everyone.reset();
    this.healing.length = 0;
    this.sent = 0;
    this.#contract.reset();
    this.#fit.reset();
    this.#events.length = 0;
    this.#steps.length = 0;
    this.#begin();
  }

  #begin(): void {
    const { everyone } = this;
    this.#watch?.begins({
      contract: this.#contract,
      everyone,
      moments: this.#moments,
      mayBeComplete: this.#isComplete,
    });
  }

  /** Everything that was heard so far, the event that broke a property last. */
  heard(): Heard[] {
    return this.#events.map((event, at) => ({ at: this.#steps[at], event }));
  }

  /**
   * Takes one step, and asks the contract about all that comes of it. A step that is not possible now, or that the system does
   * not list, sends nothing.
   * @throws AdapterFault where the answer does not fit
   */
  perform(step: Step, index: number): Violation | undefined {
    const action = this.everyone.action(step);
    if (action === undefined || !this.#does(action.do)) return undefined;
    return this.#take(action, index);
  }

  /**
   * Users rest, the host takes back what it asked for and answers everything, the worker works: until it is idle.
   * @param index the number of steps taken so far
   * @throws AdapterFault where an answer does not fit
   */
  heal(index: number): Violation | "at rest" {
    this.healing.length = 0;
    const bound = restBound(this.scope.geometry);
    for (let taken = 0; taken < bound; taken++) {
      const step = this.#nextHealing();
      this.healing.push(step);
      const before = this.#events.length;
      const violation = this.perform(step, index + taken);
      if (violation !== undefined) return violation;
      if (step.do === "work" && this.#isAtRest(before)) {
        this.#watch?.rested();
        return this.#contract.end() ?? "at rest";
      }
    }
    const explanation =
      `users rest and the host answers everything, but after ${bound} more actions the reporter still is not idle: ` +
      "it takes, submits or releases pages again and again";
    return { property: "rest", explanation };
  }

  #nextHealing(): Step {
    const { everyone } = this;
    if (!everyone.registered && this.#does("register")) return { do: "register" };
    if (everyone.balloonTarget !== 0) return { do: "balloon", pages: 0 };
    if (everyone.hinting !== "done") return { do: "hint", command: "done" };
    const [open] = everyone.requests;
    return open === undefined ? WORK : { do: "ack", request: open.nth, ok: true };
  }

  #does(name: WireAction["do"]): boolean {
    return this.ready.does.includes(name);
  }

  /** Did the worker do nothing more? @param before how many events there were before it was asked */
  #isAtRest(before: number): boolean {
    if (this.everyone.requests.length > 0) return false;
    return this.#events.length === before || this.#events.at(-1)?.event === "idle";
  }

  #take(action: WireAction, index: number): Violation | undefined {
    const dropped = action.do === "ack" && action.ok ? this.#drops(action.request, index) : undefined;
    if (dropped !== undefined) return dropped;
    const answer = this.#ask(action);
    this.#fit.check(action, answer, this.everyone.registered);
    for (let at = 0; at < answer.length; at++) {
      const event = answer[at];
      const isUnasked = event.event === "ack" && (at > 0 || action.do !== "ack");
      const violation = isUnasked ? this.#unasked(event, index) : this.#hear(event, index);
      if (violation !== undefined) return violation;
    }
    if (action.do === "work" && answer.length === 0 && this.#meansIdle()) return this.#hear(IDLE, index);
    return undefined;
  }

  /**
   * Does a worker without events have nothing to do? While the host asks for pages, by a balloon or by hints, the worker may
   * wait for the host: what is held then is what was asked for.
   */
  #meansIdle(): boolean {
    const { registered, requests, balloonTarget, hinting } = this.everyone;
    return registered && requests.length === 0 && balloonTarget === 0 && hinting === "done";
  }

  /** The host drops what a request names, before it acks it. */
  #drops(request: number, index: number): Violation | undefined {
    const open = this.everyone.requests.find((one) => one.request === request);
    for (const { pfn, order } of open?.ranges ?? []) {
      const violation = this.#hear({ event: "discard", request, pfn, order }, index);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  #ask(action: WireAction): readonly Event[] {
    this.#watch?.action(action);
    this.everyone.asked(action);
    this.sent++;
    try {
      return this.#system.perform(action);
    } catch (error) {
      throw faultOf(error, action);
    }
  }

  #hear(event: Event, index: number): Violation | undefined {
    this.#watch?.event(event);
    this.#events.push(event);
    this.#steps.push(index);
    const violation = this.#contract.event(event, index);
    this.#watch?.judged(event);
    this.everyone.heard(event, index);
    return violation;
  }

  /** The contract would take it where the request is open; but it is the host who answers, and he did not. */
  #unasked(event: Extract<Event, { event: "ack" }>, index: number): Violation {
    this.#events.push(event);
    this.#steps.push(index);
    const explanation = `the system says that request ${event.request} was acked, but the host did not answer it now: only an "ack" action acks a request`;
    return { property: "host-window", explanation };
  }
}

/** A system in this process may throw: as if a program had ended. */
export function faultOf(error: unknown, sent: unknown): AdapterFault {
  if (error instanceof AdapterFault) return error;
  const message = error instanceof Error ? error.message : String(error);
  const rule = "Ending early, a hang, a half line, … is a fault of the adapter";
  return new AdapterFault({ problem: `the system threw: ${message}`, rule, sent: shown(sent) }, undefined, error);
}

/**
 * Actions after which a reporter must be idle, once users rest. Each block of the report order is reported and answered; what
 * merges may come back unmarked and is reported once more, and so on up to the largest block: that makes four for each. Twice
 * that, as a worker may answer `work` and have more to do; and some for what the host takes back first.
 */
export function restBound(geometry: Geometry): number {
  return 50 + 8 * Math.ceil(spannedPages(geometry) / pagesOf(geometry.reportOrder));
}
