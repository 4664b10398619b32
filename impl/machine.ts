/**
 * Actions to their parts: what a guest can be asked to do, and what its own actors may do now.
 *
 * Every action is total: what is not possible now changes nothing and yields no events.
 */
import type { Action, AllocAction, Event, FreeAction, ZoneIndex } from "../model/alphabet/index.ts";
import { NONE } from "../model/alphabet/index.ts";
import type { Allocator } from "./alloc.ts";
import type { Compaction } from "./compaction.ts";
import type { Hotplug } from "./hotplug.ts";
import type { Log } from "./log.ts";
import type { MemoryFailure } from "./memory-failure.ts";
import type { Pcp } from "./pcp.ts";
import type { Reporter } from "./reporter.ts";
import type { Shape } from "./shape.ts";
import type { SlowPath } from "./slow-path.ts";
import { MAX_WAITERS } from "./state.ts";
import type { Waiters } from "./waiters.ts";

/** Who does what. */
export interface Actors {
  readonly shape: Shape;
  readonly cpus: number;
  readonly allocator: Allocator;
  readonly pcp: Pcp;
  readonly slowPath: SlowPath;
  /** Present in the `kernel` slow path, where a waiter acts by itself. */
  readonly retries: boolean;
  readonly waiting: Waiters;
  readonly compaction: Compaction;
  readonly memoryFailure: MemoryFailure;
  readonly hotplug: Hotplug;
  readonly reporter: Reporter;
  readonly log: Log;
}

const WORK: Action = { do: "work" };
const TICK: Action = { do: "tick" };
const HOTPLUG: Action = { do: "hotplug" };
const NOTHING: readonly Event[] = Object.freeze([]);
/** By ticket: at most as many are in use as there may be waiters. */
const RETRIES: readonly Action[] = Array.from({ length: MAX_WAITERS + 1 }, (_, ticket) => ({ do: "retry", ticket }));

export class Machine {
  readonly #actors: Actors;
  readonly #enabled: Action[] = [];
  /** By CPU. */
  readonly #proceeds: readonly Action[];

  constructor(actors: Actors) {
    this.#actors = actors;
    this.#proceeds = Array.from({ length: actors.cpus }, (_, cpu) => ({ do: "proceed", cpu }));
  }

  /** What the guest's own actors may do now. The list is used again by the next call. */
  enabled(): readonly Action[] {
    const { reporter, waiting, hotplug, retries, cpus } = this.#actors;
    const enabled = this.#enabled;
    // Popping keeps the array's storage; setting the length to 0 would give it back at every step.
    while (enabled.length > 0) enabled.pop();
    if (reporter.isStopped) return enabled;
    if (reporter.canWork()) enabled.push(WORK);
    for (let cpu = 0; reporter.runsOnCpus && cpu < cpus; cpu++) {
      if (reporter.canProceed(cpu)) enabled.push(this.#proceeds[cpu]);
    }
    if (reporter.timer > 0) enabled.push(TICK);
    for (let place = 0; retries && place < waiting.length; place++) enabled.push(RETRIES[waiting.ticket(place)]);
    if (hotplug.isUnderWay()) enabled.push(HOTPLUG);
    return enabled;
  }

  /**
   * Takes one action. Whoever waited for what came back in it looks again at its end, and once more if that made
   * the design give up more. A guest that has stopped does nothing any more.
   *
   * @returns what happened, in order, in a list that is used again by the next call
   */
  perform(action: Action): readonly Event[] {
    const { log, reporter, slowPath } = this.#actors;
    if (reporter.isStopped) return NOTHING;
    log.clear();
    reporter.cpu = 0;
    this.#dispatch(action);
    const acted = log.events.length;
    while (reporter.takeReleased() && !reporter.isStopped) slowPath.wake();
    // "Nothing is left to do" is told when those who were woken have what they slept for.
    if (log.events.length > acted) log.idleLast();
    return log.events;
  }

  alloc(action: AllocAction): void {
    if (this.runsOn(action.cpu)) this.#actors.slowPath.alloc(action);
  }

  /** Only a whole allocation can be freed. */
  free({ pfn, order, cpu }: FreeAction): void {
    const { shape, allocator, log } = this.#actors;
    const block = shape.indexOf(pfn);
    if (block === NONE || !allocator.isAllocated(block, order) || !this.runsOn(cpu)) return;
    log.push({ event: "free", pfn, order });
    allocator.release(block, order, cpu);
  }

  drain(zone: ZoneIndex, cpu: number): void {
    if (zone !== NONE && this.runsOn(cpu)) this.#actors.pcp.drain(zone, cpu);
  }

  proceed(cpu: number): void {
    const { reporter } = this.#actors;
    if (cpu >= this.#actors.cpus || !reporter.canProceed(cpu)) return;
    reporter.cpu = cpu;
    reporter.proceed(cpu);
  }

  /** An action begins on a CPU. @returns false where there is none of that number, or it is inside the reporter */
  runsOn(cpu: number): boolean {
    const { reporter } = this.#actors;
    if (cpu >= this.#actors.cpus || reporter.busy(cpu)) return false;
    reporter.cpu = cpu;
    return true;
  }

  #dispatch(action: Action): void {
    const { shape, slowPath, compaction, memoryFailure, hotplug, reporter } = this.#actors;
    switch (action.do) {
      case "alloc":
        return this.alloc(action);
      case "free":
        return this.free(action);
      case "work":
        return reporter.work();
      case "proceed":
        return this.proceed(action.cpu);
      case "tick":
        return reporter.tick();
      case "ack":
        return reporter.ack(action.request, action.ok);
      case "retry":
        return slowPath.retry(action.ticket);
      case "drain":
        return this.drain(shape.zoneNamed(action.zone), action.cpu);
      case "compact": {
        const zone = shape.zoneNamed(action.zone);
        return zone === NONE ? undefined : compaction.compact(zone, action.order, action.at, action.end);
      }
      case "scan": {
        const zone = shape.zoneNamed(action.zone);
        return zone === NONE ? undefined : compaction.scan(zone);
      }
      case "offline":
        return hotplug.offline(action);
      case "online":
        return hotplug.online(action);
      case "hotplug":
        return hotplug.step();
      case "abort":
        return hotplug.abort();
      case "memory-failure": {
        const page = shape.indexOf(action.pfn);
        return page === NONE ? undefined : memoryFailure.strike(page);
      }
      case "set-order":
        return reporter.setOrder(action.order);
      case "pressure":
        return reporter.pressure(action.pages);
      case "balloon":
        return reporter.balloon(action.pages);
      case "hint":
        return reporter.hint(action.command);
      case "register":
        return reporter.register();
      case "unregister":
        return reporter.unregister();
      case "freeze":
        return reporter.freeze();
      case "thaw":
        return reporter.thaw();
    }
  }
}
