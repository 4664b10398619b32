/**
 * The machine: one action in, the next state and what could be observed out.
 *
 * Each action is one critical section under the zone lock, or one step outside it. Actions are total: what is not
 * possible now changes nothing and yields no events.
 */
import { produce } from "immer";
import { match, P } from "ts-pattern";
import type { AckAction, Action, AllocAction, DrainAction } from "./alphabet/action.ts";
import type { Event } from "./alphabet/event.ts";
import type { ZoneIndex } from "./alphabet/units.ts";
import { alloc, free, retry, wake } from "./alloc.ts";
import { compact, scan } from "./compaction.ts";
import { abort, hotplug, offline, online } from "./hotplug.ts";
import { memoryFailure } from "./memory-failure.ts";
import { drainCache } from "./pcp.ts";
import type { State, Turn } from "./state.ts";

export interface Step {
  readonly state: State;
  /** What happened, in order: the action's own event first. */
  readonly events: readonly Event[];
}

/** Takes one action. The given state stays as it is. */
export function step(state: State, action: Action): Step {
  const events: Event[] = [];
  const next = produce(state, (draft) => {
    const turn: Turn = { ...state.setup, state: draft, zones: [...draft.zones], events };
    act(turn, action);
    if (turn.settings.slowPath === "waits" && events.some(({ event }) => event === "release")) {
      wake(turn);
    }
  });
  return { state: next, events };
}

/**
 * What the guest's own actors may do now: its worker, the clock, callers that try again, the hotplug operation.
 * What users, host and administrator may do, the environment knows.
 */
export function enabled({ setup, reporter, waiters, hotplug: op }: State): readonly Action[] {
  const retries = setup.settings.slowPath === "kernel" ? waiters : [];
  return [
    ...(setup.design.canWork(reporter) ? [{ do: "work" } as const] : []),
    ...(reporter.timer > 0 ? [{ do: "tick" } as const] : []),
    ...retries.map(({ ticket }) => ({ do: "retry", ticket }) as const),
    ...(op === undefined ? [] : [{ do: "hotplug" } as const]),
  ];
}

function act(turn: Turn, action: Action): void {
  const { design, state } = turn;
  const { reporter } = state;
  match(action)
    .with({ do: "alloc" }, (it) => mayAsk(turn, it) && alloc(turn, it))
    .with({ do: "free" }, (it) => hasCpu(turn, it.cpu) && free(turn, it))
    .with({ do: "retry" }, (it) => retry(turn, it))
    .with({ do: "drain" }, (it) => inZone(turn, it.zone, (z) => drain(turn, z, it)))
    .with({ do: "work" }, () => design.canWork(reporter) && design.work(turn, reporter))
    .with({ do: "tick" }, () => tick(turn))
    .with({ do: "ack" }, (it) => ack(turn, it))
    .with({ do: "compact" }, (it) => inZone(turn, it.zone, (z) => compact(turn, z, it)))
    .with({ do: "scan" }, (it) => inZone(turn, it.zone, (z) => scan(turn, z)))
    .with({ do: "offline" }, (it) => offline(turn, it))
    .with({ do: "online" }, (it) => online(turn, it))
    .with({ do: "hotplug" }, () => hotplug(turn))
    .with({ do: "abort" }, () => abort(turn))
    .with({ do: "memory-failure" }, (it) => memoryFailure(turn, it.pfn))
    .with({ do: "set-order" }, (it) => design.setOrder?.(turn, reporter, it.order))
    .with({ do: "unregister" }, () => design.unregister(turn, reporter))
    .with({ do: "register" }, () => design.register(turn, reporter))
    .with({ do: P.union("freeze", "thaw") }, (it) => suspend(turn, it.do === "freeze"))
    .exhaustive();
}

/** Only where the zone has a place in the geometry. */
function inZone(turn: Turn, name: string, then: (z: ZoneIndex) => void): void {
  const z = turn.geometry.zones.findIndex((zone) => zone.name === name);
  if (z >= 0) {
    then(z);
  }
}

/** Nobody asks for pages of the types that only the allocator itself gives out. */
function mayAsk(turn: Turn, { migratetype, cpu }: AllocAction): boolean {
  return migratetype !== "cma" && migratetype !== "isolate" && hasCpu(turn, cpu);
}

function hasCpu(turn: Turn, cpu: number): boolean {
  return cpu < turn.settings.cpus;
}

function drain(turn: Turn, z: ZoneIndex, { cpu }: DrainAction): void {
  if (hasCpu(turn, cpu)) {
    drainCache(turn, z, cpu);
  }
}

function tick(turn: Turn): void {
  if (turn.state.reporter.timer > 0) {
    turn.state.reporter.timer--;
  }
}

/** The host's answer is only noted; the worker acts on it in its own next step. */
function ack({ state, design, events }: Turn, { request, ok }: AckAction): void {
  const { reporter } = state;
  if (request === 0 || reporter.request !== request || reporter.answer !== "none") {
    return;
  }
  reporter.answer = ok || !design.hearsRefusals ? "ok" : "refused";
  events.push({ event: "ack", request, ok });
}

/** The worker is frozen between passes, never inside one. */
function suspend({ state }: Turn, freeze: boolean): void {
  const { reporter } = state;
  if (reporter.frozen !== freeze && (!freeze || reporter.phase === "rest")) {
    reporter.frozen = freeze;
  }
}
