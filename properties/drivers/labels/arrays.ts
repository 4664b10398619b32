/** What designs meet that run on the CPUs: hypercalls inside a free, arrays filled by frees, locks that others spin for. */
import { amount, events, happened, label, only, stages, when, type Label } from "./label.ts";

export const ARRAY_LABELS: readonly Label[] = [
  label({
    name: "hypercall inside the merge loop",
    meant: only("sync-hypercall"),
    before: (_, step) => when(step.do === "free" || step.do === "drain"),
    met: (world) => happened(world, "submit") && stages(world).includes("inside"),
  }),
  label({
    name: "merged on after its hypercall",
    meant: only("sync-hypercall"),
    before: (_, step) => when(step.do === "proceed"),
    met: (world) => events(world, "release").some(({ pfn, order }) => world.view().orderAt(pfn) !== order),
  }),
  label({
    name: "two CPUs in the hypercall",
    meant: only("sync-hypercall"),
    before: (_, step) => when(step.do === "free" || step.do === "drain"),
    met: (world) => world.view().stalled() > 1,
  }),
  label({
    name: "allocation spins for the lock",
    meant: only("array-seqlock"),
    before: (world, step) => when(step.do === "alloc" && amount(world, "writer") >= 0),
    met: (world) => happened(world, "alloc-waits"),
  }),
  label({
    name: "two CPUs want the lock",
    meant: only("array-seqlock"),
    before: (_, step) => when(step.do === "free"),
    met: (world) => stages(world).includes("lock"),
  }),
  label({
    name: "call in the middle of an entry",
    meant: only("array-seqlock"),
    before: (_, step) => when(step.do === "proceed"),
    met: (world) => {
      const { at } = world.view().reporter();
      if (!happened(world, "submit") || !Array.isArray(at)) return false;
      return stages(world).some((stage, cpu) => stage === "call" && at[2 * cpu + 1] > 0);
    },
  }),
  label({
    name: "a CPU's array filled up",
    meant: only("array-percpu"),
    before: (world, step) => when(step.do === "free" && world.view().resting()),
    met: (world) => !world.view().resting(),
  }),
  label({
    name: "a free was not noted: the array is in use",
    meant: only("array-percpu:v8"),
    before: (world, step) => (step.do === "free" && stages(world)[step.cpu] !== "" ? amount(world, "pfns") : undefined),
    met: (world, noted) => amount(world, "pfns") === noted,
  }),
  label({
    name: "a block of an array was gone when it was looked for",
    meant: only("array-percpu"),
    before: (world, step) => when(step.do === "proceed" && ["", "isolate"].includes(stages(world)[step.cpu] ?? "")),
    met: (world) => !happened(world, "isolate"),
  }),
];
