/**
 * Who does what: the first part of a label. Each kind says which part of the situation may matter to it, so that a
 * label says no more than it must: what a worker stands at means nothing to the administrator.
 */
import type { Action, HostStep } from "../../../../model/alphabet/index.ts";

/** Parts of a situation, as bits (situation.ts). */
export const PHASE = 1;
export const HELD = 2;
export const OPEN = 4;
export const DEVICE = 8;
export const HOTPLUG = 16;
export const SLEEPERS = 32;

export interface Kind {
  /** `user: free`. */
  readonly name: string;
  /** Bits of what may matter. */
  readonly matters: number;
}

const AROUND = PHASE | HELD | OPEN;

function kind(name: string, matters: number): Kind {
  return { name, matters };
}

/** By number: what stands in a label. */
export const KINDS: readonly Kind[] = [
  kind("user: alloc", AROUND),
  kind("user: free", AROUND | SLEEPERS),
  kind("user: retry", HELD | OPEN),
  kind("cpu: drain", HELD | OPEN),
  kind("cpu: proceed", AROUND | SLEEPERS),
  kind("worker: work", AROUND | DEVICE | SLEEPERS),
  kind("clock: tick", PHASE | DEVICE),
  kind("host: ack", AROUND),
  kind("host: refuse", AROUND),
  kind("host: discard", HELD | OPEN),
  kind("host: lose", HELD | OPEN),
  kind("host: assign", OPEN),
  kind("host: unassign", OPEN),
  kind("host: squeeze", OPEN),
  kind("host: migrate", PHASE | OPEN),
  kind("host: unregister", AROUND | DEVICE),
  kind("host: register", AROUND | DEVICE),
  kind("host: balloon", AROUND),
  kind("host: hint start", AROUND | DEVICE),
  kind("host: hint stop", AROUND | DEVICE),
  kind("host: hint done", AROUND | DEVICE),
  kind("administrator: freeze", PHASE | DEVICE),
  kind("administrator: thaw", PHASE | DEVICE),
  kind("administrator: compact", AROUND),
  kind("administrator: scan", AROUND),
  kind("administrator: offline", HOTPLUG | HELD | OPEN),
  kind("administrator: online", HOTPLUG | HELD | OPEN),
  kind("administrator: hotplug", HOTPLUG | HELD | OPEN),
  kind("administrator: abort", HOTPLUG),
  kind("administrator: set-order", AROUND),
  kind("administrator: pressure", AROUND),
  kind("hardware: memory-failure", AROUND),
];

const NUMBERS = new Map(KINDS.map(({ name }, number) => [name.slice(name.indexOf(" ") + 1), number]));

/** The number of a step's kind in KINDS. */
export function kindOf(action: Action | HostStep): number {
  switch (action.do) {
    case "ack":
      return number(action.ok ? "ack" : "refuse");
    case "hint":
      return number(HINTS[action.command]);
    default:
      return number(action.do);
  }
}

const HINTS = { start: "hint start", stop: "hint stop", done: "hint done" } as const;

function number(name: string): number {
  return NUMBERS.get(name) ?? unknown(name);
}

function unknown(name: string): never {
  throw new RangeError(`a step ${JSON.stringify(name)} has no label: give it a row in transitions/kinds.ts`);
}
