/** Steps and events in words, the same in every story. */
import type { Action, Event, Pages, Step, WireAction } from "../../../model/alphabet/index.ts";
import { range } from "../../judges/invariants/explain.ts";

/** A step, or an action of a guest, in words. */
export function sayStep(step: Step | Action | WireAction): string {
  const special = sayOthers(step);
  if (special !== undefined) return special;
  const { do: name, ...details } = step;
  const said = Object.entries(details)
    .filter(
      ([key, value]) =>
        !(key === "cpu" && value === 0) && !(key === "node" && value === 0) && value !== false && value !== "movable",
    )
    .map(([key, value]) =>
      value === true
        ? key === "wait"
          ? "may sleep"
          : key
        : key === "migratetype" || key === "zone"
          ? String(value)
          : `${key} ${value}`,
    );
  if (step.do === "ack" && !step.ok) said.push("refused");
  return [name, ...said].join(" ");
}

/** What the host, the CPUs and the system do, in words. */
function sayOthers(step: Step | Action | WireAction): string | undefined {
  switch (step.do) {
    case "compact":
      // The live protocol's says nothing but the zone: as a step it has the place at which no list is cut.
      return "at" in step && (step.at > 0 || step.end === "tail") ? undefined : `compact ${step.zone}`;
    case "proceed":
      return `CPU ${step.cpu} goes on`;
    case "pressure":
      return `memory is tight, by ${amount(step.pages)}`;
    case "balloon":
      return `balloon to ${amount(step.pages)}`;
    case "hint":
      return `hints: ${step.command}`;
    case "assign":
      return "assign a device";
    case "unassign":
      return "take the device away";
    case "squeeze":
      return `needs ${amount(step.pages)} back`;
    case "migrate":
      return `migration: ${step.phase}`;
    default:
      return undefined;
  }
}

function amount(pages: Pages): string {
  return `${pages} page${pages === 1 ? "" : "s"}`;
}

/** An event in words. */
export function sayEvent(event: Event): string {
  switch (event.event) {
    case "submit":
      return `submit ${event.request}: ${event.ranges.map((block) => range(block.pfn, block.order)).join(" ")}`;
    case "release":
      return `release ${range(event.pfn, event.order)}${event.reported ? " as reported" : ""}`;
    case "ack":
      return `ack ${event.request}${event.ok ? "" : " refused"}`;
    case "alloc-failed":
      return `alloc-failed order ${event.order}: ${event.reason ?? "no-memory"}`;
    case "alloc-waits":
      return `the caller of order ${event.order} waits, ticket ${event.ticket}`;
    case "offline":
    case "online":
      return `${event.event} ${event.start}-${event.start + event.pages - 1}`;
    case "registered":
    case "unregistered":
    case "idle":
      return event.event;
    default:
      return `${event.event} ${range(event.pfn, event.order)}`;
  }
}
