/** What the page allocator meets, with a reporter or without. */
import { pagesOf, type Pfn, type View } from "../../../model/alphabet/index.ts";
import { everyone, events, freed, happened, label, total, when, type Label } from "./label.ts";

export const ALLOCATOR_LABELS: readonly Label[] = [
  label({
    name: "out of memory",
    meant: everyone,
    before: (_, step) => when(step.do === "alloc"),
    met: (world) => events(world, "alloc-failed").some(({ reason }) => reason === "no-memory"),
  }),
  label({
    name: "pageblock stolen",
    meant: everyone,
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
    meant: everyone,
    before: (world, step) =>
      step.do === "alloc" ? total(world.view(), (zone) => world.view().reservedHighatomic(zone)) : undefined,
    met: (world, before) => total(world.view(), (zone) => world.view().reservedHighatomic(zone)) > before,
  }),
  label({
    name: "highatomic reserve given up",
    meant: everyone,
    before: (world, step) =>
      step.do === "alloc" ? total(world.view(), (zone) => world.view().reservedHighatomic(zone)) : undefined,
    met: (world, before) => total(world.view(), (zone) => world.view().reservedHighatomic(zone)) < before,
  }),
  label({
    name: "free kept on a CPU's list",
    meant: everyone,
    before: (world, step) => freed(world, step)?.pfn,
    met: (world, pfn) => world.view().owner(pfn) === "cached",
  }),
  label({
    name: "free gave back a batch of a CPU's list",
    meant: everyone,
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
    meant: everyone,
    before: (_, step) => when(step.do === "hotplug"),
    met: (world) => happened(world, "offline"),
  }),
  label({
    name: "section onlined",
    meant: everyone,
    before: (_, step) => when(step.do === "online"),
    met: (world) => happened(world, "online"),
  }),
  label({
    name: "offlining given up",
    meant: everyone,
    before: (world, step) => when(step.do === "abort" && world.view().hotplug() !== undefined),
    met: () => true,
  }),
  label({
    name: "spanning block split by isolation",
    meant: everyone,
    before: (world, step) =>
      step.do === "hotplug" && world.scope.geometry.maxOrder > world.scope.geometry.pageblockOrder
        ? total(world.view(), (zone) => world.view().freeBlocks(zone, world.scope.geometry.maxOrder))
        : undefined,
    met: (world, before) =>
      !happened(world, "offline") &&
      total(world.view(), (zone) => world.view().freeBlocks(zone, world.scope.geometry.maxOrder)) < before,
  }),
  label({
    name: "scanner took a block",
    meant: everyone,
    before: (_, step) => when(step.do === "scan"),
    met: (world) => happened(world, "alloc"),
  }),
];

function pageblocks(view: View, start: Pfn, pages: number): string {
  const types: string[] = [];
  for (let pfn = start; pfn < start + pages; pfn += pagesOf(view.geometry.pageblockOrder))
    types.push(view.pageblock(pfn));
  return types.join();
}
