/** Healing: users rest and everyone else finishes. Which step comes next, until none is left. */
import type { Action, AckAction, Guest, Step } from "../../model/alphabet/index.ts";
import type { Environment } from "./environment.ts";

/**
 * First what was done to the guest is undone: it is thawed, offlining is given up, the assigned device goes, the balloon
 * is let out and hinting is done with. Then the host answers all it has and a migration ends; worker, CPUs, clock and
 * hotplug act; at last callers try again, for what is held comes back first.
 */
export function nextHealing(guest: Guest, environment: Environment): Step | undefined {
  const view = guest.view();
  if (view.frozen()) return { do: "thaw" };
  const hotplug = view.hotplug();
  if (hotplug?.kind === "offline" && hotplug.phase !== "remove" && hotplug.phase !== "undo") return { do: "abort" };
  if (environment.assigned) return { do: "unassign" };
  if (environment.balloonTarget !== 0) return { do: "balloon", pages: 0 };
  if (environment.hinting !== "done") return { do: "hint", command: "done" };
  const [request] = environment.requests;
  if (request !== undefined) {
    if (environment.mayDiscard(request)) return { do: "discard", request: request.request };
    const ack: AckAction = { do: "ack", request: request.request, ok: true };
    return ack;
  }
  if (environment.migration?.underWay === true) return { do: "migrate", phase: "end" };
  return own(guest.enabled(), environment);
}

/** What the guest's own actors do next. */
function own(enabled: readonly Action[], environment: Environment): Step | undefined {
  const next = enabled.find((action) => action.do !== "retry") ?? enabled[0];
  if (next?.do === "retry") return { do: "retry", of: environment.askedBy(next.ticket) };
  return next?.do === "free" ? undefined : next;
}
