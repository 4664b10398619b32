/**
 * A guest of the project's own, from its boot on, behind the coarse actions of the live protocol (`wire.md`).
 *
 * A guest takes one critical section at a time; here its own actors go on until they wait for the host. What the protocol
 * knows and a guest does not is played by the driver of the host's device, as a kernel module would:
 *
 * - Whoever takes a device away is told so at once, while the guest may still be in the middle of a pass. Requests that it
 *   makes until it has left wait in the driver's queue for the device to come again. Then it is registered anew.
 * - Where the design's interface has no refusals (`report()` returns nothing) and its marks say that the host has dropped
 *   pages, the driver sends a refused request again.
 * - A caller that may not sleep does not spin on a reporter's lock: it is told to try again.
 * - Pages that stay on their free lists while the host has them are told as isolated with the request and released with the
 *   answer: in between they are meant to be out of reach.
 *
 * Actors that only go round to where they were are stopped there: a worker that spins until the host has answered, or a pass
 * that never finds the end of its work. The protocol can't tell the second from having nothing to do.
 */
import type {
  Action,
  AckEvent,
  AllocAction,
  Event,
  FreeAction,
  Guest,
  OfflineAction,
  OnlineAction,
  SubmitEvent,
  WireAction,
} from "../../../model/alphabet/index.ts";
import { NONE } from "../../../model/alphabet/index.ts";
import { Recurrence } from "../../../properties/drivers/recurrence.ts";
import type { Traits } from "../../../properties/judges/traits.ts";

/** Over all attempts that a caller ever makes. */
const MOST_RETRIES = 1000;

/** A circle may take pages and give them back. */
const WHATEVER: readonly Event[] = [];

export class LiveGuest {
  readonly #guest: Guest;
  readonly #traits: Traits;
  /** What is told of the action under way. */
  #told: Event[] = [];
  /** Requests with the host. */
  readonly #open = new Map<number, SubmitEvent>();
  /** Requests that the guest made and that wait for a device. */
  readonly #queued: SubmitEvent[] = [];
  /** Is the device away, as far as was told? */
  #away = false;
  /** Has the guest left its device? */
  #left = false;

  /** @param guest at its boot */
  constructor(guest: Guest, traits: Traits) {
    this.#guest = guest;
    this.#traits = traits;
  }

  /**
   * What happened, in order, the action's own event first.
   * @throws Error where the guest has stopped for good, or nobody can go on
   */
  perform(action: WireAction): readonly Event[] {
    this.#told = [];
    this.#take(action);
    this.#comeBack();
    const why = this.#guest.view().stopped();
    if (why !== "") throw new Error(`the guest has stopped: ${why}`);
    return this.#told;
  }

  #take(action: WireAction): void {
    switch (action.do) {
      case "alloc":
        return this.#alloc(action);
      case "free":
        return this.#onSomeCpu(action);
      case "work":
        return this.#run();
      case "ack":
        return this.#ack(action.request, action.ok);
      case "compact":
        return this.#compact(action.zone);
      case "offline":
      case "online":
        return this.#hotplug(action);
      case "unregister":
        return this.#unregister();
      case "register":
        return this.#register();
      case "pressure":
      case "balloon":
      case "hint":
        this.#ask(action);
    }
  }

  // ---- users ----

  #alloc(action: AllocAction): void {
    if (!action.wait && this.#spins()) {
      const { order, migratetype } = action;
      this.#told.push({ event: "alloc-failed", order, migratetype, reason: "would-block" });
      return;
    }
    this.#onSomeCpu(action);
    this.#retry();
  }

  /** Would a caller spin? One CPU has the reporter's lock. */
  #spins(): boolean {
    const { writer } = this.#guest.view().reporter();
    return typeof writer === "number" && writer !== NONE;
  }

  /** On the CPU that is named, or the next that is not inside the reporter. */
  #onSomeCpu(action: AllocAction | FreeAction): void {
    const view = this.#guest.view();
    const { cpus } = view.settings;
    const waiting = view.waiters().length;
    for (let next = 0; next < cpus; next++) {
      const events = this.#ask({ ...action, cpu: (action.cpu + next) % cpus });
      if (events > 0 || view.waiters().length > waiting) return;
    }
    throw new Error(`all ${cpus} CPUs are inside the reporter: users can't go on`);
  }

  /** In the kernel's slow path a caller tries again at once, and nobody sees it wait. */
  #retry(): void {
    const view = this.#guest.view();
    if (view.settings.slowPath !== "kernel") return;
    for (let tried = 0; ; tried++) {
      const [caller] = view.waiters();
      if (caller === undefined) return;
      if (tried === MOST_RETRIES) throw new Error(`the caller with ticket ${caller.ticket} tries again for ever`);
      this.#ask({ do: "retry", ticket: caller.ticket });
    }
  }

  // ---- the guest's own actors ----

  /** Until all wait for the host, have nothing to do, or go round in a circle: nobody else moves meanwhile. */
  #run(): void {
    const circle = new Recurrence(this.#guest.view());
    while (!circle.found) {
      const next = this.#guest.enabled().find(({ do: name }) => name !== "retry");
      if (next === undefined) return;
      this.#ask(next);
      this.#comeBack();
      circle.follow(WHATEVER);
    }
  }

  // ---- the administrator ----

  /** Each movable list is cut behind its first entry, which becomes the last. */
  #compact(zone: string): void {
    for (let order = this.#guest.view().geometry.maxOrder; order >= 0; order--) {
      this.#ask({ do: "compact", zone, order, at: 1, end: "head" });
    }
  }

  /** To its end; where it has to wait for something it is given up, and what was isolated comes back. */
  #hotplug(action: OfflineAction | OnlineAction): void {
    const view = this.#guest.view();
    this.#ask(action);
    for (let before = view.hotplug(); before !== undefined;) {
      this.#ask({ do: "hotplug" });
      const now = view.hotplug();
      if (now?.phase === before.phase && now.done === before.done) this.#ask({ do: "abort" });
      before = view.hotplug();
    }
    // CPU caches that were drained on the way may have led to a request for other pages.
    const own = this.#told.findIndex(({ event }) => event === action.do);
    if (own > 0) this.#told.unshift(...this.#told.splice(own, 1));
  }

  // ---- the driver of the host's device ----

  #unregister(): void {
    if (this.#away) return;
    this.#away = true;
    this.#told.push({ event: "unregistered" });
    this.#ask({ do: "unregister" });
  }

  #register(): void {
    if (!this.#away) return;
    this.#away = false;
    this.#told.push({ event: "registered" });
    for (const request of this.#queued.splice(0)) {
      if (this.#isHeld(request)) this.#send(request);
      else this.#withdraw(request);
    }
  }

  /** A guest that waits for no answer may have taken its pages back meanwhile. Pages that stay in place are never held. */
  #isHeld({ ranges }: SubmitEvent): boolean {
    const held = this.#guest.view().held();
    return this.#traits.takes === "in-place" || ranges.every(({ pfn }) => held.includes(pfn));
  }

  /** The host never saw it. */
  #withdraw({ request }: SubmitEvent): void {
    for (const event of this.#guest.perform({ do: "ack", request, ok: false })) {
      if (event.event !== "ack") this.#tell(event);
    }
  }

  /** A guest that has left one device finds the next. */
  #comeBack(): void {
    if (this.#left && !this.#away) this.#ask({ do: "register" });
  }

  #ack(request: number, ok: boolean): void {
    const sent = this.#open.get(request);
    if (ok || sent === undefined || this.#traits.hearsRefusals || this.#traits.marks === "never") {
      this.#ask({ do: "ack", request, ok });
      this.#run();
      return;
    }
    this.#open.delete(request);
    this.#told.push({ event: "ack", request, ok });
    this.#submit(sent);
  }

  #submit(request: SubmitEvent): void {
    // A guest that has left its device and makes requests is wrong, and nobody keeps that back.
    if (this.#away && !this.#left) this.#queued.push(request);
    else this.#send(request);
  }

  #send(request: SubmitEvent): void {
    this.#open.set(request.request, request);
    if (this.#traits.takes === "in-place") {
      for (const range of request.ranges) this.#told.push({ event: "isolate", ...range });
    }
    this.#told.push(request);
  }

  #answered(ack: AckEvent): void {
    const ranges = this.#open.get(ack.request)?.ranges ?? [];
    this.#open.delete(ack.request);
    this.#told.push(ack);
    if (this.#traits.takes !== "in-place") return;
    for (const range of ranges) this.#told.push({ event: "release", ...range, reported: false });
  }

  /** Asks the guest, and tells what happened. @returns how many events there were */
  #ask(action: Action): number {
    const events = this.#guest.perform(action);
    for (const event of events) this.#tell(event);
    return events.length;
  }

  #tell(event: Event): void {
    switch (event.event) {
      case "submit":
        return this.#submit(event);
      case "ack":
        return this.#answered(event);
      case "unregistered":
        this.#left = true;
        return;
      case "registered":
        this.#left = false;
        return;
      default:
        this.#told.push(event);
    }
  }
}
