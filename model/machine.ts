/**
 * The machine: one action in, the next state and what could be observed out.
 *
 * Each action is one critical section under the zone lock, or one step outside it. Actions are total: what is not
 * possible now changes nothing and yields no events.
 */
import { produce } from "immer";
import { match, P } from "ts-pattern";
import type { AckAction, Action, AllocAction, DrainAction, ProceedAction } from "./alphabet/action.ts";
import type { Event } from "./alphabet/event.ts";
import type { ZoneIndex } from "./alphabet/units.ts";
import { alloc, retry, wake } from "./alloc.ts";
import { compact, scan } from "./compaction.ts";
import { free } from "./free.ts";
import { abort, hotplug, offline, online } from "./hotplug.ts";
import { memoryFailure } from "./memory-failure.ts";
import { drainCache } from "./pcp.ts";
import type { State, Turn } from "./state.ts";

export interface Step {
  readonly state: State;
  /** What happened, in order: the action's own event first. */
  readonly events: readonly Event[];
}

/** Takes one action. The given state stays as it is. A guest that has stopped takes none. */
export function step(state: State, action: Action): Step {
  const events: Event[] = [];
  if (state.stopped !== "") {
    return { state, events };
  }
  const next = produce(state, (draft) => {
    const bell = { rung: false };
    const turn: Turn = {
      ...state.setup,
      state: draft,
      zones: [...draft.zones],
      events,
      cpu: cpuOf(state, action),
      wakes: () => {
        bell.rung = true;
      },
    };
    act(turn, action);
    if (turn.settings.slowPath === "waits") {
      wakeAll(turn, bell);
      idleLast(events);
    }
  });
  return { state: next, events };
}

/** "Nothing is left to do" is told when those who were woken have what they slept for. */
function idleLast(events: Event[]): void {
  const at = events.findIndex(({ event }) => event === "idle");
  if (at >= 0) {
    events.push(...events.splice(at, 1));
  }
}

/** Waiters look again where blocks came back or the design rings; and again, where such a round brings more. */
function wakeAll(turn: Turn, bell: { rung: boolean }): void {
  let seen = 0;
  while (turn.state.stopped === "" && (bell.rung || turn.events.slice(seen).some(({ event }) => event === "release"))) {
    bell.rung = false;
    seen = turn.events.length;
    wake(turn);
  }
}

/** The CPU on which the action runs; 0 for what runs on no CPU in particular. */
function cpuOf({ hotplug: op }: State, action: Action): number {
  if ("cpu" in action) {
    return action.cpu;
  }
  return action.do === "hotplug" && op?.phase === "drain" ? op.done : 0;
}

/**
 * What the guest's own actors may do now: its worker, what runs on its CPUs, the clock, callers that try again, the hotplug operation.
 * What users, host and administrator may do, the environment knows.
 */
export function enabled({ setup, reporter, waiters, hotplug: op, stopped }: State): readonly Action[] {
  const { design, settings } = setup;
  if (stopped !== "") {
    return [];
  }
  const cpus = Array.from({ length: settings.cpus }, (_, cpu) => cpu);
  const proceeding = cpus.filter((cpu) => design.canProceed?.(reporter, cpu));
  const retries = settings.slowPath === "kernel" ? waiters : [];
  return [
    ...(design.canWork(reporter) ? [{ do: "work" } as const] : []),
    ...proceeding.map((cpu) => ({ do: "proceed", cpu }) as const),
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
    .with({ do: "free" }, (it) => hasCpu(turn, it.cpu) && !isBusy(turn, it.cpu) && free(turn, it))
    .with({ do: "retry" }, (it) => retry(turn, it))
    .with({ do: "drain" }, (it) => inZone(turn, it.zone, (z) => drain(turn, z, it)))
    .with({ do: "work" }, () => design.canWork(reporter) && design.work(turn, reporter))
    .with({ do: "proceed" }, (it) => proceed(turn, it))
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
    .with({ do: "pressure" }, (it) => design.pressure?.(turn, reporter, it.pages))
    .with({ do: "balloon" }, (it) => design.balloon?.(turn, reporter, it.pages))
    .with({ do: "hint" }, (it) => design.hint?.(turn, reporter, it.command))
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
  return migratetype !== "cma" && migratetype !== "isolate" && hasCpu(turn, cpu) && !isBusy(turn, cpu);
}

function hasCpu(turn: Turn, cpu: number): boolean {
  return cpu < turn.settings.cpus;
}

/** The CPU is inside the reporter: nothing else runs on it. */
function isBusy({ design, state }: Turn, cpu: number): boolean {
  return design.busy?.(state.reporter, cpu) ?? false;
}

function proceed(turn: Turn, { cpu }: ProceedAction): void {
  const { design, state } = turn;
  if (hasCpu(turn, cpu) && design.canProceed?.(state.reporter, cpu)) {
    design.proceed?.(turn, state.reporter, cpu);
  }
}

function drain(turn: Turn, z: ZoneIndex, { cpu }: DrainAction): void {
  if (hasCpu(turn, cpu) && !isBusy(turn, cpu)) {
    drainCache(turn, z, cpu);
  }
}

function tick(turn: Turn): void {
  if (turn.state.reporter.timer > 0) {
    turn.state.reporter.timer--;
  }
}

/** The host's answer is noted; a worker acts on it in its own next step. */
function ack(turn: Turn, { request, ok }: AckAction): void {
  const { design, state, events } = turn;
  const open = state.reporter.requests.find(({ number }) => number === request);
  if (open?.answer !== "none") {
    return;
  }
  open.answer = ok || !design.hearsRefusals ? "ok" : "refused";
  events.push({ event: "ack", request, ok });
  design.acked?.(turn, state.reporter, request);
}

/** The worker is frozen between passes, never inside one. */
function suspend({ state }: Turn, freeze: boolean): void {
  const { reporter } = state;
  if (reporter.frozen !== freeze && (!freeze || reporter.phase === "rest")) {
    reporter.frozen = freeze;
  }
}
