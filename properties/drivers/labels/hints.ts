/** What designs meet that do as the host says: balloons and hints; and what the host does with either. */
import {
  amount,
  but,
  events,
  happened,
  label,
  only,
  phase,
  reporterActs,
  reporters,
  when,
  type Label,
} from "./label.ts";

const INFLATING: ReadonlySet<string> = new Set(["inflate", "send", "wait"]);

export const HINT_LABELS: readonly Label[] = [
  label({
    name: "out of puff",
    meant: only("balloon"),
    before: (world, step) => when(step.do === "work" && phase(world) === "inflate"),
    met: (world) => world.view().reporter().puff === true || (phase(world) === "rest" && amount(world, "timer") > 0),
  }),
  label({
    name: "target lowered while inflating",
    meant: only("balloon"),
    before: (world, step) =>
      step.do === "balloon" && INFLATING.has(phase(world)) ? amount(world, "target") : undefined,
    met: (world, before) => amount(world, "target") < before,
  }),
  label({
    name: "deflated for a caller out of memory",
    meant: only("balloon:oom"),
    before: (world, step) => when(step.do === "alloc" && amount(world, "wanted") === 0),
    met: (world) => amount(world, "wanted") > 0,
  }),
  label({
    name: "deflated by the shrinker",
    meant: only("balloon:shrinker"),
    before: (world, step) => when(step.do === "pressure" && amount(world, "wanted") === 0),
    met: (world) => amount(world, "wanted") > 0,
  }),
  label({
    name: "shrinker took a block in flight",
    meant: only("free-page-hint:plain"),
    before: (_, step) => when(step.do === "pressure"),
    met: (world) =>
      events(world, "release").some(({ pfn }) =>
        world.environment.requests.some(({ ranges }) => ranges.some((range) => range.pfn === pfn)),
      ),
  }),
  label({
    name: "shrinker took a parked block",
    meant: only("free-page-hint", "incremental-array:parked"),
    before: (_, step) => when(step.do === "pressure"),
    met: (world) => happened(world, "release"),
  }),
  label({
    name: "ring full",
    meant: only("free-page-hint:plain"),
    before: (world, step) => when(step.do === "work" && phase(world) === "kick"),
    met: (world) => happened(world, "release"),
  }),
  label({
    name: "stopped and started again",
    meant: ({ hears }) => hears.includes("hint"),
    before: (world, step) =>
      when(step.do === "hint" && step.command === "start" && world.environment.hinting === "stop"),
    met: () => true,
  }),
  label({
    name: "done released parked blocks",
    meant: only("free-page-hint", "incremental-array:parked"),
    before: (world, step) => when(reporterActs(step) && phase(world) === "release"),
    met: (world) => happened(world, "release"),
  }),
  label({
    name: "hint applied in a migration",
    meant: ({ hears }) => hears.includes("hint"),
    before: (world, step) => when(step.do === "discard" && world.environment.migration?.roundIsOpen === true),
    met: () => true,
  }),
  label({
    name: "a device was assigned while a request was open",
    meant: reporters,
    before: (world, step) => when(step.do === "assign" && world.environment.requests.length > 0),
    met: (world) => world.environment.assigned,
  }),
  label({
    name: "the host took back what it had dropped lazily",
    // Most runs of array-seqlock end before, at a caller who spins.
    meant: but(reporters, "array-seqlock"),
    before: (world, step) => (step.do === "squeeze" ? world.environment.takenBack : undefined),
    met: (world, before) => world.environment.takenBack > before,
  }),
];
