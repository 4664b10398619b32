/**
 * Labels: situations that a campaign must have met before its green means anything. A run that reaches too few of
 * them fails (DESIGN.md, "Random schedules").
 */
import { MIGRATETYPES, NONE, pagesOf, zoneOf, type Pfn, type Step, type View } from "../../model/alphabet/index.ts";
import type { World } from "./world.ts";

interface Label<Token> {
  readonly name: string;
  /** The designs that can meet it. */
  readonly designs: readonly string[];
  /** Before a step: what must be remembered to recognise the situation, or undefined where it can't come now. */
  before(world: World, step: Step): Token | undefined;
  /** After the step: was it met? */
  met(world: World, remembered: Token, step: Step): boolean;
}

type AnyLabel = Pick<Label<never>, "name" | "designs"> & {
  /** Looks at the world before a step; answers a question to ask after it. */
  watch(world: World, step: Step): (() => boolean) | undefined;
};

function label<Token>(one: Label<Token>): AnyLabel {
  return {
    name: one.name,
    designs: one.designs,
    watch: (world, step) => {
      const remembered = one.before(world, step);
      return remembered === undefined ? undefined : () => one.met(world, remembered, step);
    },
  };
}

const ALL = ["none", "reported-boundary", "page-reporting"];
const REPORTERS = ["reported-boundary", "page-reporting"];
const BOUNDARY = ["reported-boundary"];
const UPSTREAM = ["page-reporting"];

/** True as a token: nothing needs to be remembered. */
function when(condition: boolean): true | undefined {
  return condition ? true : undefined;
}

function phase(view: View): string {
  return String(view.reporter().phase ?? "rest");
}

function buddy(pfn: Pfn, order: number): Pfn {
  const size = pagesOf(order);
  return (pfn / size) % 2 === 0 ? pfn + size : pfn - size;
}

/** The pfn and order of the block that a `free` step is about. */
function freed(world: World, step: Step): { pfn: Pfn; order: number } | undefined {
  return step.do === "free" ? world.environment.live.find((block) => block.of === step.of) : undefined;
}

function heldBuddy(world: World, step: Step): boolean {
  const block = freed(world, step);
  return block !== undefined && world.view().owner(buddy(block.pfn, block.order)) === "held";
}

function reportedHeads(view: View): { pfn: Pfn; order: number }[] {
  const heads: { pfn: Pfn; order: number }[] = [];
  for (let zone = 0; zone < view.geometry.zones.length; zone++) {
    for (let order = view.geometry.reportOrder; order <= view.geometry.maxOrder; order++) {
      for (const type of MIGRATETYPES) {
        for (let at = view.firstFree(zone, order, type); at !== NONE; at = view.nextFree(at)) {
          if (view.reported(at)) heads.push({ pfn: at, order });
        }
      }
    }
  }
  return heads;
}

function boundaries(view: View): Pfn[] {
  const found: Pfn[] = [];
  for (let zone = 0; zone < view.geometry.zones.length; zone++) {
    for (let order = view.geometry.reportOrder; order <= view.geometry.maxOrder; order++) {
      for (const type of MIGRATETYPES) {
        const boundary = view.boundary?.(zone, order, type);
        if (boundary !== undefined && boundary !== NONE) found.push(boundary);
      }
    }
  }
  return found;
}

function happened(world: World, name: string): boolean {
  return world.events.some((event) => event.event === name);
}

function total(view: View, count: (zone: number) => number): number {
  return view.geometry.zones.reduce((sum, _, zone) => sum + count(zone), 0);
}

export const LABELS: readonly AnyLabel[] = [
  label({
    name: "merged on return",
    designs: REPORTERS,
    before: (_, step) => when(step.do === "work"),
    met: (world) =>
      world.events.some(
        (event) => event.event === "release" && !event.reported && world.view().orderAt(event.pfn) !== event.order,
      ),
  }),
  label({
    name: "free while the buddy is held, not yet submitted",
    designs: REPORTERS,
    before: (world, step) => when(world.environment.requests.length === 0 && heldBuddy(world, step)),
    met: (world) => happened(world, "free"),
  }),
  label({
    name: "free between submit and ack of the buddy",
    designs: REPORTERS,
    before: (world, step) => when(world.environment.requests.length > 0 && heldBuddy(world, step)),
    met: (world) => happened(world, "free"),
  }),
  label({
    name: "boundary block removed by alloc",
    designs: BOUNDARY,
    before: (world, step) => (step.do === "alloc" ? boundaries(world.view()) : undefined),
    met: (world, before) => before.some((pfn) => world.view().owner(pfn) !== "free"),
  }),
  label({
    name: "compaction rotated during a pass",
    designs: REPORTERS,
    before: (world, step) => when(step.do === "compact" && phase(world.view()) !== "rest"),
    met: () => true,
  }),
  label({
    name: "pageblock isolated while its block is held",
    designs: REPORTERS,
    before: (_, step) => when(step.do === "hotplug"),
    met: (world) =>
      world
        .view()
        .held()
        .some((pfn) => world.view().pageblock(pfn) === "isolate"),
  }),
  label({
    name: "offline while in flight",
    designs: REPORTERS,
    before: (world, step) => when(step.do === "hotplug" && world.environment.requests.length > 0),
    met: (world) => {
      const operation = world.view().hotplug();
      if (operation?.kind !== "offline") return false;
      const end = operation.start + operation.pages;
      return world.environment.requests.some(({ ranges }) =>
        ranges.some(({ pfn }) => pfn >= operation.start && pfn < end),
      );
    },
  }),
  label({
    name: "ack refused",
    designs: UPSTREAM,
    before: (_, step) => when(step.do === "ack" && !step.ok),
    met: (world) => happened(world, "ack"),
  }),
  label({
    name: "ack refused after a partial discard",
    designs: UPSTREAM,
    before: (world, step) =>
      when(
        step.do === "ack" &&
          !step.ok &&
          world.environment.requests.some((one) => one.discarded > 0 && one.discarded < one.ranges.length),
      ),
    met: (world) => happened(world, "ack"),
  }),
  label({
    name: "leftover batch",
    designs: REPORTERS,
    before: (_, step) => when(step.do === "work"),
    met: (world) =>
      world.events.some((event) => event.event === "submit" && event.ranges.length < world.scope.geometry.capacity),
  }),
  label({
    name: "full batch",
    designs: REPORTERS,
    before: (_, step) => when(step.do === "work"),
    met: (world) =>
      world.events.some((event) => event.event === "submit" && event.ranges.length === world.scope.geometry.capacity),
  }),
  label({
    name: "budget exhausted",
    designs: UPSTREAM,
    before: (world, step) => when(step.do === "work" && world.view().reporter().status === "active"),
    met: (world) => world.view().reporter().status === "requested",
  }),
  label({
    name: "zone skipped for its watermark",
    designs: UPSTREAM,
    before: (world, step) => when(step.do === "work" && phase(world.view()) === "zone"),
    met: (world) => phase(world.view()) !== "list",
  }),
  label({
    name: "caller waits for held pages",
    designs: REPORTERS,
    before: (_, step) => when(step.do === "alloc"),
    met: (world) => happened(world, "alloc-waits"),
  }),
  label({
    name: "caller woken by a release",
    designs: REPORTERS,
    before: (_, step) => when(step.do === "work"),
    met: (world) => happened(world, "alloc"),
  }),
  label({
    name: "caller told would-block",
    designs: REPORTERS,
    before: (_, step) => when(step.do === "alloc"),
    met: (world) => world.events.some((event) => event.event === "alloc-failed" && event.reason === "would-block"),
  }),
  label({
    name: "out of memory",
    designs: ALL,
    before: (_, step) => when(step.do === "alloc"),
    met: (world) => world.events.some((event) => event.event === "alloc-failed" && event.reason === "no-memory"),
  }),
  label({
    name: "pageblock stolen",
    designs: ALL,
    before: (world, step) =>
      step.do === "alloc" && step.migratetype !== "movable"
        ? world.scope.geometry.zones.map((zone) => pageblocks(world.view(), zone.start, zone.pages))
        : undefined,
    met: (world, before) => {
      const now = world.scope.geometry.zones.map((zone) => pageblocks(world.view(), zone.start, zone.pages));
      return happened(world, "alloc") && now.join() !== before.join();
    },
  }),
  label({
    name: "highatomic reserve made",
    designs: ALL,
    before: (world, step) =>
      step.do === "alloc" ? total(world.view(), (zone) => world.view().reservedHighatomic(zone)) : undefined,
    met: (world, before) => total(world.view(), (zone) => world.view().reservedHighatomic(zone)) > before,
  }),
  label({
    name: "highatomic reserve given up",
    designs: ALL,
    before: (world, step) =>
      step.do === "alloc" ? total(world.view(), (zone) => world.view().reservedHighatomic(zone)) : undefined,
    met: (world, before) => total(world.view(), (zone) => world.view().reservedHighatomic(zone)) < before,
  }),
  label({
    name: "free kept on a CPU's list",
    designs: ALL,
    before: (world, step) => freed(world, step)?.pfn,
    met: (world, pfn) => world.view().owner(pfn) === "cached",
  }),
  label({
    name: "free gave back a batch of a CPU's list",
    designs: ALL,
    before: (world, step) => {
      const block = freed(world, step);
      const { pcp } = world.scope.settings;
      if (block === undefined || block.order > pcp.maxOrder) return undefined;
      return { pages: pagesOf(block.order), free: total(world.view(), (zone) => world.view().freePages(zone)) };
    },
    met: (world, before) => total(world.view(), (zone) => world.view().freePages(zone)) > before.free + before.pages,
  }),
  label({
    name: "section offlined",
    designs: ALL,
    before: (_, step) => when(step.do === "hotplug"),
    met: (world) => happened(world, "offline"),
  }),
  label({
    name: "section onlined",
    designs: ALL,
    before: (_, step) => when(step.do === "online"),
    met: (world) => happened(world, "online"),
  }),
  label({
    name: "offlining given up",
    designs: ALL,
    before: (world, step) => when(step.do === "abort" && world.view().hotplug() !== undefined),
    met: () => true,
  }),
  label({
    name: "spanning block split by isolation",
    designs: ALL,
    before: (world, step) =>
      step.do === "hotplug" && world.scope.geometry.maxOrder > world.scope.geometry.pageblockOrder
        ? total(world.view(), (zone) => world.view().freeBlocks(zone, world.scope.geometry.maxOrder))
        : undefined,
    met: (world, before) =>
      !happened(world, "offline") &&
      total(world.view(), (zone) => world.view().freeBlocks(zone, world.scope.geometry.maxOrder)) < before,
  }),
  label({
    name: "unregistered during a pass",
    designs: REPORTERS,
    before: (world, step) => when(step.do === "unregister" && phase(world.view()) !== "rest"),
    met: (world) => !happened(world, "unregistered"),
  }),
  label({
    name: "order changed during a pass",
    designs: UPSTREAM,
    before: (world, step) =>
      step.do === "set-order" && phase(world.view()) !== "rest" ? world.view().reportOrder() : undefined,
    met: (world, before) => world.view().reportOrder() !== before,
  }),
  label({
    name: "frozen while a pass is due",
    designs: REPORTERS,
    before: (world, step) => when(step.do === "freeze" && !world.view().resting()),
    met: (world) => world.view().frozen(),
  }),
  label({ name: "request lost", designs: REPORTERS, before: (_, step) => when(step.do === "lose"), met: () => true }),
  label({
    name: "memory failure in a reported block",
    designs: REPORTERS,
    before: (world, step) => (step.do === "memory-failure" ? reportedHeads(world.view()) : undefined),
    met: (world, before) =>
      world.events.some(
        (event) =>
          event.event === "alloc" &&
          before.some(({ pfn, order }) => event.pfn >= pfn && event.pfn < pfn + pagesOf(order)),
      ),
  }),
  label({
    name: "reported block split by alloc",
    designs: REPORTERS,
    before: (world, step) => (step.do === "alloc" ? reportedHeads(world.view()) : undefined),
    met: (world, before) =>
      world.events.some(
        (event) => event.event === "alloc" && before.some(({ pfn, order }) => event.pfn === pfn && event.order < order),
      ),
  }),
  label({
    name: "scanner took a block",
    designs: ALL,
    before: (_, step) => when(step.do === "scan"),
    met: (world) => happened(world, "alloc"),
  }),
  label({
    name: "pages of two zones reported",
    designs: REPORTERS,
    before: (_, step) => when(step.do === "work"),
    met: (world) =>
      world.events.some(
        (event) => event.event === "release" && event.reported && zoneOf(world.scope.geometry, event.pfn) > 0,
      ),
  }),
];

function pageblocks(view: View, start: Pfn, pages: number): string {
  const types: string[] = [];
  for (let pfn = start; pfn < start + pages; pfn += pagesOf(view.geometry.pageblockOrder))
    types.push(view.pageblock(pfn));
  return types.join();
}

/** Counts which labels a campaign has met; a label that is met is not looked for again. */
export class LabelWatch {
  readonly met = new Set<string>();
  readonly wanted: readonly string[];
  readonly #open: AnyLabel[];
  readonly #asked: { readonly label: AnyLabel; readonly met: () => boolean }[] = [];

  constructor(design: string) {
    this.#open = LABELS.filter((one) => one.designs.includes(design));
    this.wanted = this.#open.map((one) => one.name);
  }

  before(world: World, step: Step): void {
    this.#asked.length = 0;
    for (const one of this.#open) {
      const met = one.watch(world, step);
      if (met !== undefined) this.#asked.push({ label: one, met });
    }
  }

  after(): void {
    for (const { label: one, met } of this.#asked) {
      if (!met()) continue;
      this.met.add(one.name);
      this.#open.splice(this.#open.indexOf(one), 1);
    }
  }

  /** Labels that were never met. */
  missing(): string[] {
    return this.wanted.filter((name) => !this.met.has(name));
  }
}
