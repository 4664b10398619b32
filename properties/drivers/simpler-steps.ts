/** Who takes a step, and how to say a step more simply: what the shrinker tries, simplest first. */
import { type Step } from "../../model/alphabet/index.ts";
import type { Scope } from "./scopes.ts";

export type Actor = "user" | "worker" | "host" | "admin" | "clock";

export function actorOf(step: Step): Actor {
  switch (step.do) {
    case "alloc":
    case "free":
    case "retry":
      return "user";
    case "work":
    case "proceed":
      return "worker";
    case "ack":
    case "discard":
    case "lose":
    case "assign":
    case "unassign":
    case "squeeze":
    case "migrate":
    case "balloon":
    case "hint":
      return "host";
    case "tick":
      return "clock";
    default:
      return "admin";
  }
}

/** Simpler steps that might do as well; every one is strictly simpler, so that shrinking ends. */
export function simplerSteps(step: Step, scope: Scope): Step[] {
  switch (step.do) {
    case "alloc":
      return [
        ...(step.migratetype === "movable" ? [] : [{ ...step, migratetype: "movable" as const }]),
        ...(step.node === scope.geometry.zones[0].node ? [] : [{ ...step, node: scope.geometry.zones[0].node }]),
        ...(step.cpu === 0 ? [] : [{ ...step, cpu: 0 }]),
        ...(step.wait ? [{ ...step, wait: false }] : []),
        ...(step.order === 0
          ? []
          : [
              { ...step, order: 0 },
              { ...step, order: step.order - 1 },
            ]),
      ];
    case "free":
    case "proceed":
      return step.cpu === 0 ? [] : [{ ...step, cpu: 0 }];
    case "ack":
      return [
        ...(step.ok ? [] : [{ ...step, ok: true }]),
        ...(step.request <= 1 ? [] : [{ ...step, request: step.request - 1 }]),
      ];
    case "compact":
      return [
        ...(step.end === "head" ? [] : [{ ...step, end: "head" as const, at: 1 }]),
        ...(step.at <= 1
          ? []
          : [
              { ...step, at: 1 },
              { ...step, at: step.at - 1 },
            ]),
        ...(step.zone === scope.geometry.zones[0].name ? [] : [{ ...step, zone: scope.geometry.zones[0].name }]),
      ];
    case "memory-failure": {
      const lowest = scope.geometry.zones[0].start;
      return step.pfn <= lowest
        ? []
        : [lowest, step.pfn - 4, step.pfn - 1].filter((pfn) => pfn >= lowest).map((pfn) => ({ ...step, pfn }));
    }
    case "offline":
    case "online":
      return step.start - step.pages < scope.geometry.zones[0].start
        ? []
        : [{ ...step, start: step.start - step.pages }];
    case "pressure":
    case "squeeze":
      return step.pages <= 1 ? [] : [1, step.pages >> 1, step.pages - 1].map((pages) => ({ ...step, pages }));
    case "balloon":
      return step.pages === 0 ? [] : [0, step.pages >> 1, step.pages - 1].map((pages) => ({ ...step, pages }));
    case "set-order":
      return step.order <= scope.geometry.reportOrder ? [] : [{ ...step, order: step.order - 1 }];
    default:
      return [];
  }
}
