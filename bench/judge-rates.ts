/**
 * What judging costs, one measurement at a time. Rates are of CPU time; a rate over all scopes is the mean of theirs,
 * so that no scope counts more because it is slow.
 */
import { Monitor } from "../api/monitor.ts";
import { createImpl } from "../impl/guest.ts";
import type { Action, Event, Guest } from "../model/alphabet/index.ts";
import { createModel } from "../model/guest.ts";
import { drive, xorshift } from "../properties/drivers/campaign.ts";
import { SCOPES, type Scope } from "../properties/drivers/scopes.ts";
import { Contract } from "../properties/judges/contract.ts";
import { Worlds } from "../properties/subjects.ts";

export const MEASURES = ["alone", "lockstep", "contract", "monitor", "model", "impl"] as const;
export type Measure = (typeof MEASURES)[number];

/** Steps of one run before it is healed. */
const RUN = 500;
const SEED = 1;

/** A run as it was: what the guest was asked, and what happened. */
interface Recorded {
  readonly scope: Scope;
  readonly actions: readonly Action[];
  readonly events: readonly Event[];
}

/** How much is done in one turn, and how fast. @returns steps, actions or events a second */
export function rate(measure: Measure, design: string, amount: number): () => number {
  switch (measure) {
    case "alone":
      return judged(new Worlds({ design, system: "impl" }, false), amount);
    case "lockstep":
      return judged(new Worlds({ design, system: "impl" }, true), amount);
    case "contract":
      return heard(record(design, amount), ({ geometry }) => new Contract(geometry));
    case "monitor":
      return heard(record(design, amount), ({ geometry }) => monitor(new Monitor(geometry)));
    case "model":
      return guests(record(design, amount), ({ geometry, settings }) => createModel(design, geometry, settings));
    case "impl":
      return guests(record(design, amount), ({ geometry, settings }) => createImpl(design, geometry, settings));
  }
}

/** Drawn steps with every judge. */
function judged(worlds: Worlds, steps: number): () => number {
  const choose = xorshift(SEED);
  const runs = Math.ceil(steps / SCOPES.length / RUN);
  const one = (scope: Scope): number => {
    let taken = 0;
    const seconds = cpuSeconds(() => {
      for (let run = 0; run < runs; run++) {
        const { steps, violation } = drive(worlds, scope, choose, RUN);
        if (violation !== undefined) throw new Error(`${scope.name}: ${violation.property}: ${violation.explanation}`);
        taken += steps;
      }
    });
    return taken / seconds;
  };
  return () => mean(SCOPES.map(one));
}

/** Runs as they were, so that what is measured below is not the drawing. */
function record(design: string, steps: number): Recorded[] {
  const worlds = new Worlds({ design, system: "impl" }, false);
  const choose = xorshift(SEED);
  return Array.from({ length: Math.ceil(steps / RUN) }, (_, run) => {
    const scope = SCOPES[run % SCOPES.length];
    const actions: Action[] = [];
    const events: Event[] = [];
    drive(worlds, scope, choose, RUN, (world) => {
      if (world.action !== undefined) actions.push(world.action);
      events.push(...world.events);
    });
    return { scope, actions, events };
  });
}

/** Who hears events and knows nothing of guests. */
interface Listener {
  readonly reset: () => void;
  readonly event: (event: Event) => unknown;
}

function monitor(monitor: Monitor): Listener {
  return { reset: () => monitor.reset(), event: (event) => monitor.see(event) };
}

/** Recorded events, and one who hears them: nobody else. */
function heard(runs: readonly Recorded[], create: (scope: Scope) => Listener): () => number {
  const listeners = new Map(SCOPES.map((scope) => [scope, create(scope)]));
  const judged = runs.map(({ scope, events }) => ({ listener: listeners.get(scope) ?? create(scope), events }));
  const amount = runs.reduce((sum, { events }) => sum + events.length, 0);
  const turn = (): void => {
    for (const { listener, events } of judged) {
      listener.reset();
      for (const event of events) listener.event(event);
    }
  };
  return () => amount / cpuSeconds(turn);
}

/** Recorded actions, performed by a guest that nobody judges. */
function guests(runs: readonly Recorded[], create: (scope: Scope) => Guest): () => number {
  const amount = runs.reduce((sum, { actions }) => sum + actions.length, 0);
  return () => {
    const ready = runs.map(({ scope, actions }) => ({ guest: create(scope), actions }));
    const seconds = cpuSeconds(() => {
      for (const { guest, actions } of ready) for (const action of actions) guest.perform(action);
    });
    return amount / seconds;
  };
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
