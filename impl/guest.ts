/**
 * The optimized guest: the same behaviour as the model's, in typed arrays over one buffer.
 *
 * `createImpl` puts the parts together, the lists at the bottom, the reporter on top. Each part is a class whose methods are
 * the decisions of `duyck-line.md`; they are reached as `guest.buddy`, `guest.allocator` and so on, and a fault is planted by
 * replacing one method of one instance. Nothing here knows of faults.
 */
import type { Action, Event, Geometry, Guest, Settings, View, ZoneGeometry } from "../model/alphabet/index.ts";
import { Allocator } from "./alloc.ts";
import { Buddy } from "./buddy.ts";
import { Compaction } from "./compaction.ts";
import { designOf, roomOf } from "./designs/index.ts";
import { Fallback } from "./fallback.ts";
import { Hotplug, HotplugState } from "./hotplug.ts";
import { Isolation } from "./isolation.ts";
import { Log } from "./log.ts";
import { Machine } from "./machine.ts";
import { MemoryFailure } from "./memory-failure.ts";
import { Pcp, pcpListsOf } from "./pcp.ts";
import type { Reporter } from "./reporter.ts";
import { reporterWords } from "./reporter.ts";
import { Runs } from "./runs.ts";
import { Shape } from "./shape.ts";
import { SlowPath } from "./slow-path.ts";
import { State } from "./state.ts";
import { ImplView } from "./view.ts";
import { Waiters } from "./waiters.ts";
import { Watermark } from "./watermark.ts";

export class ImplGuest implements Guest {
  readonly design: string;
  readonly shape: Shape;
  readonly state: State;
  readonly runs: Runs;
  readonly watermark: Watermark;
  readonly buddy: Buddy;
  readonly fallback: Fallback;
  readonly pcp: Pcp;
  readonly allocator: Allocator;
  readonly waiting: Waiters;
  readonly slowPath: SlowPath;
  readonly compaction: Compaction;
  readonly memoryFailure: MemoryFailure;
  readonly isolation: Isolation;
  readonly hotplug: Hotplug;
  readonly reporter: Reporter;
  readonly machine: Machine;
  readonly #view: View;

  /** @throws InputError where there is no such design or variant, or no guest could run in this geometry */
  constructor(id: string, geometry: Geometry, settings: Settings) {
    const design = designOf(id, settings.variant);
    this.design = id;
    const shape = new Shape(geometry);
    const pcpLists = shape.zones * settings.cpus * pcpListsOf(settings, shape.pageblockOrder);
    const room = roomOf(design, shape, settings);
    const state = new State(shape, settings, pcpLists, reporterWords(room));
    const log = new Log(shape);
    const runs = new Runs(state);
    this.shape = shape;
    this.state = state;
    this.runs = runs;

    this.watermark = new Watermark(shape, state);
    const listensFrom = design.listensFrom?.(shape, settings) ?? shape.reportOrder;
    this.buddy = new Buddy(shape, state, this.watermark, runs, settings.putback, listensFrom);
    this.fallback = new Fallback(shape, state, this.buddy);
    this.pcp = new Pcp(shape, state, settings, this.buddy, this.fallback, new HotplugState(state));
    this.allocator = new Allocator(shape, state, settings, this.watermark, this.buddy, this.fallback, this.pcp);
    this.#boot();

    const { buddy, watermark, allocator } = this;
    const parts = { shape, state, settings, buddy, runs, allocator, watermark, log, room };
    this.reporter = design.create(parts);
    this.buddy.hooks = this.reporter;

    this.waiting = new Waiters(state);
    this.slowPath = new SlowPath(shape, settings, this.allocator, this.reporter, this.waiting, log);
    this.compaction = new Compaction(shape, this.buddy, this.allocator, this.reporter, log);
    this.memoryFailure = new MemoryFailure(shape, state, this.buddy, this.allocator, log);
    this.isolation = new Isolation(shape, state, this.buddy);
    this.hotplug = new Hotplug(shape, state, settings, buddy, this.pcp, this.isolation, this.reporter, log);
    this.machine = new Machine({
      shape,
      cpus: settings.cpus,
      allocator: this.allocator,
      pcp: this.pcp,
      slowPath: this.slowPath,
      retries: settings.slowPath === "kernel",
      waiting: this.waiting,
      compaction: this.compaction,
      memoryFailure: this.memoryFailure,
      hotplug: this.hotplug,
      reporter: this.reporter,
      log,
    });
    const seen = { ...parts, pcp: this.pcp, waiting: this.waiting, hotplug: this.hotplug, reporter: this.reporter };
    this.#view = new ImplView(seen);
  }

  enabled(): readonly Action[] {
    return this.machine.enabled();
  }

  perform(action: Action): readonly Event[] {
    return this.machine.perform(action);
  }

  view(): View {
    return this.#view;
  }

  snapshot(): Uint8Array {
    return this.state.snapshot();
  }

  restore(snapshot: Uint8Array): void {
    this.state.restore(snapshot);
  }

  /** Every present page is free, in the largest blocks that holes allow. Nobody is notified. */
  #boot(): void {
    this.shape.geometry.zones.forEach((zone, index) => {
      for (const [start, end] of presentRanges(zone)) {
        const first = this.shape.first[index] + start;
        this.buddy.boot(index, first, first + (end - start));
        this.state.present[index] += end - start;
      }
    });
  }
}

/** The pages between the holes, as offsets into the zone: from, up to but not including. */
function presentRanges(zone: ZoneGeometry): [number, number][] {
  const ranges: [number, number][] = [];
  let from = 0;
  for (const hole of zone.holes) {
    if (hole.start - zone.start > from) ranges.push([from, hole.start - zone.start]);
    from = hole.start - zone.start + hole.pages;
  }
  if (from < zone.pages) ranges.push([from, zone.pages]);
  return ranges;
}

/**
 * A fresh guest.
 *
 * @param design its id in the registry; the variant is chosen by the settings
 * @throws InputError where there is no such design, or no guest could run in this geometry
 */
export function createImpl(design: string, geometry: Geometry, settings: Settings): ImplGuest {
  return new ImplGuest(design, geometry, settings);
}
