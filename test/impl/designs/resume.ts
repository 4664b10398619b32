/** A design whose whole state is in the buffer goes on from a snapshot as if nothing had happened. */
import { expect } from "vitest";
import type { ImplGuest } from "../../../impl/guest.ts";
import type { Action } from "../../../model/alphabet/index.ts";

/** The next thing to happen, where the guest's own actors and a host that answers at once are all there is. */
export function nextOf(guest: ImplGuest): Action | undefined {
  const { reporter } = guest;
  for (let place = 0; place < reporter.openRequests; place++) {
    const request = reporter.requestAt(place);
    if (reporter.answerTo(request) === "none") return { do: "ack", request, ok: true };
  }
  return guest.enabled()[0];
}

/** Lets everything under way come to its end. @returns the events of each step */
export function finish(guest: ImplGuest, before: () => void = () => undefined): string[] {
  const told: string[] = [];
  for (let next = nextOf(guest); next !== undefined; next = nextOf(guest)) {
    if (told.length === 10_000) throw new Error("nothing has come to its end after 10,000 steps");
    before();
    told.push(JSON.stringify(guest.perform(next)));
  }
  return told;
}

/**
 * From each state on the way another guest comes to the same end with the same events.
 *
 * @param fresh a new guest of the same kind
 * @param guest with something under way
 * @returns how many states there were
 */
export function expectToResume(fresh: () => ImplGuest, guest: ImplGuest): number {
  const states: Uint8Array[] = [];
  const told = finish(guest, () => states.push(guest.snapshot()));
  const end = guest.snapshot();
  states.forEach((state, at) => {
    const other = fresh();
    other.restore(state);
    expect(finish(other)).toEqual(told.slice(at));
    expect(other.snapshot()).toEqual(end);
    expect(other.view().reporter()).toEqual(guest.view().reporter());
  });
  return states.length;
}
