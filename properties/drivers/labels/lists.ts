/** What designs meet whose news is on the free lists, in marks or in a bitmap beside them. */
import { NONE, pagesOf, type Step } from "../../../model/alphabet/index.ts";
import type { World } from "../world.ts";
import {
  amount,
  boundaries,
  covers,
  events,
  freed,
  happened,
  label,
  only,
  reportedBlocks,
  reporterActs,
  when,
  type Label,
} from "./label.ts";

/** How many bits are set, where a free is about to set some. */
function bitsBefore(world: World, step: Step): number | undefined {
  return step.do === "free" ? amount(world, "bits") : undefined;
}

export const LIST_LABELS: readonly Label[] = [
  label({
    name: "tail insert guarded while the zone is worked on",
    meant: only("reported-boundary", "bubble"),
    before: (world, step) => (amount(world, "active") >= 0 ? freed(world, step) : undefined),
    met: (world, block) => {
      const next = world.view().nextFree(block.pfn);
      return next !== NONE && boundaries(world.view()).some(({ pfn }) => pfn === next);
    },
  }),
  label({
    name: "block taken from an isolate list",
    meant: only("bubble", "bitmap"),
    before: (_, step) => when(reporterActs(step)),
    met: (world) => events(world, "isolate").some(({ pfn }) => world.view().pageblock(pfn) === "isolate"),
  }),
  label({
    name: "treated halves merged into a treated block",
    meant: only("treated-buddy"),
    before: (_, step) => when(step.do === "work"),
    met: (world) => {
      const marked = reportedBlocks(world.view());
      return events(world, "release").some(({ pfn, order }) =>
        marked.some((block) => block.order > order && covers(block, pfn)),
      );
    },
  }),
  label({
    name: "parts of a treated block inherited its mark",
    meant: only("treated-buddy"),
    before: (world, step) => (step.do === "alloc" ? reportedBlocks(world.view()) : undefined),
    met: (world, before) => {
      const now = reportedBlocks(world.view());
      return events(world, "alloc").some(({ pfn }) => {
        const split = before.find((block) => covers(block, pfn));
        return split !== undefined && now.some((part) => covers(split, part.pfn) && part.order < split.order);
      });
    },
  }),
  label({
    name: "a pass began inside a free",
    meant: only("treated-buddy"),
    before: (_, step) => when(step.do === "free"),
    met: (world) => happened(world, "isolate"),
  }),
  label({
    name: "bit set while scanning",
    meant: only("bitmap"),
    before: (world, step) => (world.view().passing() ? bitsBefore(world, step) : undefined),
    met: (world, before) => amount(world, "bits") > before,
  }),
  label({
    name: "bits set while a request is open",
    meant: only("get-put-hints"),
    before: (world, step) => (world.environment.requests.length > 0 ? bitsBefore(world, step) : undefined),
    met: (world, before) => amount(world, "bits") > before,
  }),
  label({
    name: "chosen block still free when it is put back",
    meant: only("get-put-hints:as-written", "get-put-hints:migration"),
    before: (world, step) => {
      const { phase, chosen } = world.view().reporter();
      return step.do === "work" && phase === "wait" && Array.isArray(chosen) ? [...chosen] : undefined;
    },
    met: (world, chosen: readonly number[]) => chosen.some((pfn) => world.view().owner(pfn) === "free"),
  }),
  label({
    name: "some largest blocks left alone",
    meant: only("incremental-array"),
    before: (world, step) => when(step.do === "work" && world.view().reporter().phase === "take"),
    met: (world) => {
      const { geometry } = world.scope;
      const left = geometry.zones.some((_, zone) => world.view().freeBlocks(zone, geometry.maxOrder) > 0);
      return left && !happened(world, "isolate");
    },
  }),
  label({
    name: "what came back was split for a caller at once",
    meant: only("incremental-array:put-back"),
    before: (_, step) => when(step.do === "work"),
    met: (world) => events(world, "alloc").some(({ order }) => pagesOf(order) < pagesOf(world.scope.geometry.maxOrder)),
  }),
];
