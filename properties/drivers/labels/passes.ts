/** What a reporter meets between taking blocks and giving them back, whichever it is. */
import { pagesOf, zoneOf, type Block, type Pfn, type Step } from "../../../model/alphabet/index.ts";
import type { Traits } from "../../judges/traits.ts";
import type { World } from "../world.ts";
import {
  boundaries,
  but,
  covers,
  events,
  freed,
  happened,
  label,
  only,
  phase,
  reportedBlocks,
  reporterActs,
  reporters,
  when,
  type Label,
} from "./label.ts";

/** It has blocks that nobody else can have meanwhile. */
const holds = (traits: Traits): boolean => reporters(traits) && traits.takes !== "in-place";
/** What it holds may find its buddy free when it comes back: it is not always of the largest order. */
const merges = but(holds, "free-page-hint", "incremental-array");
/** It works in passes, during which it is not at rest. */
const passes = but(reporters, "array-percpu:v8");
/** A caller may have to wait for what it holds, or for its lock. */
const keepsWaiting = (traits: Traits): boolean =>
  (holds(traits) && traits.callersWait) || only("array-seqlock", "balloon:oom")(traits);
const marks = (traits: Traits): boolean => reporters(traits) && traits.marks !== "never";
const bounded = only("reported-boundary", "bubble", "treated-buddy");

function heldBuddy(world: World, step: Step): boolean {
  const block = freed(world, step);
  return block !== undefined && world.view().owner(buddy(block)) === "held";
}

function buddy({ pfn, order }: Block): Pfn {
  const size = pagesOf(order);
  return (pfn / size) % 2 === 0 ? pfn + size : pfn - size;
}

export const PASS_LABELS: readonly Label[] = [
  label({
    name: "merged on return",
    meant: merges,
    before: (_, step) => when(reporterActs(step)),
    met: (world) =>
      events(world, "release").some(({ pfn, order, reported }) => !reported && world.view().orderAt(pfn) !== order),
  }),
  label({
    name: "free while the buddy is held, not yet submitted",
    meant: but(holds, "sync-hypercall"),
    before: (world, step) => when(world.environment.requests.length === 0 && heldBuddy(world, step)),
    met: (world) => happened(world, "free"),
  }),
  label({
    name: "free between submit and ack of the buddy",
    meant: holds,
    before: (world, step) => when(world.environment.requests.length > 0 && heldBuddy(world, step)),
    met: (world) => happened(world, "free"),
  }),
  label({
    name: "boundary block removed by alloc",
    meant: bounded,
    before: (world, step) => (step.do === "alloc" ? boundaries(world.view()) : undefined),
    met: (world, before) => before.some(({ pfn }) => world.view().owner(pfn) !== "free"),
  }),
  label({
    name: "compaction rotated during a pass",
    meant: passes,
    before: (world, step) => when(step.do === "compact" && world.view().passing()),
    met: () => true,
  }),
  label({
    name: "pageblock isolated while its block is held",
    meant: holds,
    before: (_, step) => when(step.do === "hotplug"),
    met: (world) =>
      world
        .view()
        .held()
        .some((pfn) => world.view().pageblock(pfn) === "isolate"),
  }),
  label({
    name: "offline while in flight",
    meant: reporters,
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
    meant: ({ hearsRefusals }) => hearsRefusals,
    before: (_, step) => when(step.do === "ack" && !step.ok),
    met: (world) => happened(world, "ack"),
  }),
  label({
    name: "ack refused after a partial discard",
    meant: ({ hearsRefusals }) => hearsRefusals,
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
    meant: but(reporters, "sync-hypercall", "free-page-hint"),
    before: (_, step) => when(reporterActs(step)),
    met: (world) => events(world, "submit").some(({ ranges }) => ranges.length < world.scope.geometry.capacity),
  }),
  label({
    name: "full batch",
    meant: but(reporters, "sync-hypercall", "free-page-hint"),
    before: (_, step) => when(reporterActs(step)),
    met: (world) => events(world, "submit").some(({ ranges }) => ranges.length === world.scope.geometry.capacity),
  }),
  label({
    name: "budget exhausted",
    meant: only("page-reporting"),
    before: (world, step) => when(step.do === "work" && world.view().reporter().status === "active"),
    met: (world) => world.view().reporter().status === "requested",
  }),
  label({
    name: "zone skipped for its watermark",
    meant: only("page-reporting"),
    before: (world, step) => when(step.do === "work" && phase(world) === "zone"),
    met: (world) => phase(world) !== "list",
  }),
  label({
    name: "caller waits for held pages",
    meant: keepsWaiting,
    before: (_, step) => when(step.do === "alloc"),
    met: (world) => happened(world, "alloc-waits"),
  }),
  label({
    name: "caller woken by a release",
    meant: keepsWaiting,
    before: (_, step) => when(reporterActs(step)),
    met: (world) => happened(world, "alloc"),
  }),
  label({
    name: "caller told would-block",
    meant: but(keepsWaiting, "array-seqlock"),
    before: (_, step) => when(step.do === "alloc"),
    met: (world) => events(world, "alloc-failed").some(({ reason }) => reason === "would-block"),
  }),
  label({
    name: "unregistered during a pass",
    meant: but(passes, "array-percpu:v9"),
    before: (world, step) => when(step.do === "unregister" && world.view().passing()),
    met: (world) => !happened(world, "unregistered"),
  }),
  label({
    name: "order changed during a pass",
    meant: ({ changesOrder }) => changesOrder,
    before: (world, step) =>
      step.do === "set-order" && world.view().passing() ? world.view().reportOrder() : undefined,
    met: (world, before) => world.view().reportOrder() !== before,
  }),
  label({
    name: "frozen while a pass is due",
    meant: but(reporters, "sync-hypercall", "get-put-hints", "array-seqlock", "array-percpu:v8", "treated-buddy"),
    before: (world, step) => when(step.do === "freeze" && !world.view().resting()),
    met: (world) => world.view().frozen(),
  }),
  label({ name: "request lost", meant: reporters, before: (_, step) => when(step.do === "lose"), met: () => true }),
  label({
    name: "memory failure in a reported block",
    meant: marks,
    before: (world, step) => (step.do === "memory-failure" ? reportedBlocks(world.view()) : undefined),
    met: (world, before) =>
      world.events.some((event) => event.event === "alloc" && before.some((block) => covers(block, event.pfn))),
  }),
  label({
    name: "reported block split by alloc",
    meant: marks,
    before: (world, step) => (step.do === "alloc" ? reportedBlocks(world.view()) : undefined),
    met: (world, before) =>
      world.events.some(
        (event) => event.event === "alloc" && before.some(({ pfn, order }) => event.pfn === pfn && event.order < order),
      ),
  }),
  label({
    name: "pages of two zones reported",
    meant: reporters,
    before: (world, step) =>
      step.do === "ack" ? world.environment.requests.find(({ request }) => request === step.request) : undefined,
    met: (world, { ranges }) =>
      happened(world, "ack") && ranges.some(({ pfn }) => zoneOf(world.scope.geometry, pfn) > 0),
  }),
];
