/**
 * Every failure that is on record: a row each, with its file in test/counterexamples/. The designs that fail are
 * findings; each must be found again, unaided, and its story fits in a few steps.
 */
import type { Failure } from "./failure.ts";

const IF_CLAIMED = { words: "if it claimed completeness", claims: ["completeness"] } as const;

/** By design, in the order in which they are shown. */
export const FAILURES: readonly Failure[] = [
  {
    id: "page-reporting-kernel-fake-oom",
    design: "page-reporting",
    variant: "",
    property: "fake-oom",
    what: "The kernel's slow path gives up while blocks are held: the watermark is tested as they are taken, not after.",
    source: "duyck-line.md E.5",
    only: { words: "under the kernel's slow path", settings: { slowPath: "kernel" } },
  },
  {
    id: "page-reporting-G18-whole-putback",
    design: "page-reporting",
    variant: "",
    property: "free-lists",
    what: "A held block that spans two pageblocks comes back whole to the list of the first, while one is isolated.",
    source: "duyck-line.md G-18",
    only: { words: "with blocks put back whole, as Linux does", settings: { putback: "whole" } },
  },
  {
    id: "page-reporting-L4-watermark",
    design: "page-reporting",
    variant: "",
    property: "completeness",
    what: "A block that the watermark refuses is not asked for again.",
    source: "duyck-line.md E.5 L4",
    only: IF_CLAIMED,
  },
  {
    id: "page-reporting-L4-refused",
    design: "page-reporting",
    variant: "",
    property: "completeness",
    what: "A request that the host refuses is not sent again.",
    source: "duyck-line.md E.5 L4",
    only: IF_CLAIMED,
  },
  {
    id: "page-reporting-L3-unisolated",
    design: "page-reporting",
    variant: "",
    property: "completeness",
    what: "A block that comes back when offlining is given up asks for no pass.",
    source: "duyck-line.md E.5 L3",
    only: IF_CLAIMED,
  },
  {
    id: "page-reporting-L3-onlined",
    design: "page-reporting",
    variant: "",
    property: "completeness",
    what: "Memory that is added asks for no pass.",
    source: "duyck-line.md E.5 L3",
    only: IF_CLAIMED,
  },
  {
    id: "page-reporting-L5-cached",
    design: "page-reporting",
    variant: "",
    property: "completeness",
    what: "A large block on a per-CPU list is free, and no pass sees it.",
    source: "duyck-line.md E.5 L5",
    only: IF_CLAIMED,
  },
];
